"""Hours of a training for its card."""

from pathlib import Path

import pytest

from helmetbelt.datasets.training_log import training_hours


@pytest.mark.parametrize(
    ("times", "hours"),
    [
        pytest.param([600, 1200, 1800], 0.5, id="in one go"),
        pytest.param([600, 1200, 500, 1500, 900], 1.0, id="interrupted twice"),
    ],
)
def test_what_each_process_took_is_added(tmp_path: Path, times: list[int], hours: float) -> None:
    """The log's clock begins anew after an interruption."""
    rows = "".join(f"{epoch}, {time}, 0.5\n" for epoch, time in enumerate(times, 1))
    (tmp_path / "results.csv").write_text("epoch, time, loss\n" + rows)
    assert training_hours(tmp_path / "weights" / "best.pt") == {"hours": hours}


def test_no_log_is_no_claim(tmp_path: Path) -> None:
    """Weights from elsewhere have no hours."""
    assert training_hours(tmp_path / "weights" / "best.pt") == {}
