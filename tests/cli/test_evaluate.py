"""`helmetbelt evaluate` from the video file to the written results, with real tiny clips and real tiny models."""

import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import av
import pytest
from builders_evaluate import helmetbelt, observations, started, stored, summary
from builders_street import BARE, HELMET, RIDER_PX, THREE, Rider, write_street, write_street_models

TWENTY_ONE = [Rider(0.2 + 3.2 * i, BARE if i % 3 else HELMET) for i in range(21)]
"""Seven helmets and fourteen bare heads in 70 seconds."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A road model and a head model that understand the tiny street."""
    return write_street_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One helmet and two bare heads, 08:15 in China by the file's name."""
    return write_street(tmp_path_factory.mktemp("videos") / "gate_20260302_081500.mp4")


@pytest.fixture(scope="module")
def long_street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be killed in the middle."""
    path = tmp_path_factory.mktemp("videos") / "long_20260302_081500.mp4"
    return write_street(path, TWENTY_ONE, seconds=70)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory, models: Path, street: Path) -> Path:
    """The folder of one finished evaluation."""
    out = tmp_path_factory.mktemp("evaluated")
    process = started("evaluate", street, "--out", out, "--models", models)
    said, complaint = process.communicate()
    assert process.returncode == 0, complaint
    assert "33.3%" in said
    return out


def test_every_rider_is_counted_once_and_judged(evaluated: Path) -> None:
    """Three passages, one helmet, two bare heads, nobody else."""
    content = summary(evaluated)
    assert content["passages"] == {"two_wheeler": 3, "car": 0}
    nobody = {"worn": 0, "not_worn": 0, "unknown": 0}
    assert content["observations"] == {
        "helmet": {"rider": {"worn": 1, "not_worn": 2, "unknown": 0}, "pillion": nobody},
        "seatbelt": {"driver": nobody, "front_passenger": nobody},
    }


def test_summary_says_what_it_rests_on(evaluated: Path, street: Path) -> None:
    """Video, time and its source, models, speed, session; and that it is complete."""
    content = summary(evaluated)
    assert content["video"] == street.name
    assert content["duration_s"] == pytest.approx(10, abs=0.1)
    assert content["started_at"] == "2026-03-02T00:15:00+00:00"
    assert (content["clock"], content["time_zone"]) == ("file_name", "Asia/Shanghai")
    assert set(content["model"]) == {"road", "heads"}
    assert content["speed"]["frames"] == 100
    assert content["speed"]["wall_s"] > content["speed"]["inference_s"] > 0
    assert (content["complete"], content["broken"], content["gate"]) == (True, None, "default")
    assert content["camera"] == "gate_20260302_081500"


def test_rates_carry_interval_numbers_and_flags(evaluated: Path) -> None:
    """Never a bare percentage: one of three is 6 to 79 %."""
    rate = summary(evaluated)["rates"]["helmet"]["rider"]
    assert rate["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert rate["interval"] == pytest.approx([0.0615, 0.7923], abs=1e-3)
    assert (rate["unit"], rate["unknown_share"]) == ("person", 0.0)
    assert {"LOW_N", "HIGH_SE", "UNCALIBRATED", "SINGLE_CLUSTER"} == set(rate["flags"])
    assert summary(evaluated)["rates"]["seatbelt"]["driver"]["value"] is None


def test_each_person_is_a_row_with_the_vehicle_where_it_was(evaluated: Path) -> None:
    """The box at the named frame is the rider's in the video."""
    rows = observations(evaluated)
    assert [r["status"] for r in rows] == ["worn", "not_worn", "not_worn"]
    for row, rider in zip(rows, THREE, strict=True):
        left = (int(row["frame"]) / 10 - rider.enters_s) * rider.speed - RIDER_PX[0]
        box = [float(row[side]) for side in ("x1", "y1", "x2", "y2")]
        assert box == pytest.approx([left, rider.top, left + RIDER_PX[0], rider.top + RIDER_PX[1]], abs=8)
        assert float(row["first_s"]) < float(row["gate_s"]) < float(row["last_s"])
        assert (row["vehicle"], row["role"], row["item"], row["reason"]) == ("two_wheeler", "rider", "helmet", "")


def test_bare_heads_leave_evidence_and_helmets_do_not(evaluated: Path) -> None:
    """Two folders, named as in the table."""
    bare = [r["passage_id"] for r in observations(evaluated) if r["status"] == "not_worn"]
    assert sorted(p.name for p in (evaluated / "evidence").iterdir()) == sorted(bare)
    for name in bare:
        files = {p.name for p in (evaluated / "evidence" / name).iterdir()}
        assert files == {"full_1.jpg", "full_2.jpg", "close_up.jpg", "manifest.json"}


def test_annotated_video_has_every_analysed_frame(evaluated: Path) -> None:
    """With the times of the street, and the last one again with the whole count."""
    with av.open(str(evaluated / "annotated.mp4")) as file:
        times = [frame.time or 0.0 for frame in file.decode(video=0)]
    assert len(times) == 101
    assert times[:4] == pytest.approx([0.0, 0.1, 0.2, 0.3], abs=0.002)


def test_doing_it_again_changes_nothing(
    capsys: pytest.CaptureFixture[str], evaluated: Path, models: Path, street: Path, tmp_path: Path
) -> None:
    """Neither in the store nor in the results, and it says so."""
    out = tmp_path / "again"
    shutil.copytree(evaluated, out)
    before = stored(out / "helmetbelt.db")
    said = helmetbelt(capsys, "evaluate", street, "--out", out, "--models", models, "--no-video")
    assert said.code == 0
    assert "Already recorded" in said.out
    assert "nothing changed" in said.out
    assert stored(out / "helmetbelt.db") == before
    assert len(before) == 3
    assert (out / "observations.csv").read_bytes() == (evaluated / "observations.csv").read_bytes()


def test_copy_without_any_clock_is_not_counted_twice(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """Only its time stamp tells when it was recorded, and a copy has another."""
    first, copy = tmp_path / "street.mp4", tmp_path / "street2.mp4"
    for path in (first, copy):
        path.write_bytes(street.read_bytes())
    arguments = ("--out", tmp_path / "out", "--models", models, "--no-video", "--camera", "gate-1")
    assert "3 passages" in helmetbelt(capsys, "evaluate", first, *arguments).out
    assert "Already recorded" in helmetbelt(capsys, "evaluate", copy, *arguments).out
    assert "CLOCK_UNTRUSTED" in summary(tmp_path / "out")["rates"]["helmet"]["rider"]["flags"]


@pytest.mark.parametrize(
    ("option", "passages"),
    [
        (("--gate", "line:0.5,0,0.5,1,right"), 3),
        (("--gate", "line:0.5,0,0.5,1,left"), 0),
        (("--gate", "line:0,0.9,1,0.9"), 0),
        (("--gate", "zone:300,100,380,100,380,250,300,250"), 3),
        (("--fps", "5"), 3),
        (("--every", "0.2"), 3),
        (("--fps", "25"), 3),
    ],
    ids=lambda o: " ".join(o) if isinstance(o, tuple) else str(o),
)
def test_gates_and_rates_of_frames(
    capsys: pytest.CaptureFixture[str],
    models: Path,
    street: Path,
    tmp_path: Path,
    option: tuple[str, str],
    passages: int,
) -> None:
    """A gate chooses what is counted; the number of frames looked at does not."""
    said = helmetbelt(capsys, "evaluate", street, "--out", tmp_path, "--models", models, "--no-video", *option)
    assert said.code == 0
    assert summary(tmp_path)["passages"]["two_wheeler"] == passages
    assert not (tmp_path / "annotated.mp4").exists()


def test_operator_says_when_where_and_which_camera(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """And all of it stands in the results."""
    said = helmetbelt(
        capsys, "evaluate", street, "--out", tmp_path, "--models", models, "--no-video", "--keep-originals",
        "--start", "2026-03-01T09:00:00", "--time-zone", "Asia/Tokyo", "--camera", "gate-7", "--site", "School <gate>",
    )  # fmt: skip
    assert said.code == 0
    content = summary(tmp_path)
    assert (content["started_at"], content["clock"]) == ("2026-03-01T00:00:00+00:00", "operator")
    assert (content["camera"], content["site"]) == ("gate-7", "School <gate>")
    assert "School &lt;gate&gt;" in (tmp_path / "report.html").read_text("utf-8")
    assert len(list((tmp_path / "evidence" / "originals").iterdir())) == 2


def test_simulation_is_evaluated_by_its_address(
    capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path
) -> None:
    """Without a file; its digest is that of its description, and its rates are flagged."""
    said = helmetbelt(
        capsys,
        "evaluate",
        "sim://quiet?seed=3&seconds=2",
        "--out",
        tmp_path,
        "--models",
        models,
        "--no-video",
        "--fps",
        2,
    )
    assert said.code == 0
    content = summary(tmp_path)
    assert (content["simulated"], content["clock"], content["camera"]) == (True, "simulated", "quiet")
    assert content["speed"]["frames"] == 4
    assert helmetbelt(capsys, "evaluate", "sim://nowhere", "--out", tmp_path, "--models", models).code == 2


def test_folder_is_its_videos_with_a_joint_summary(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """One folder of results each; one that is no video does not stop the others, but is told."""
    folder = tmp_path / "day"
    folder.mkdir()
    write_street(folder / "a_20260302_081500.mp4", THREE[:1], seconds=4)
    write_street(folder / "b_20260302_083000.mp4", [Rider(0.2, BARE)], seconds=4)
    (folder / "notes.txt").write_text("not a video")
    out = tmp_path / "out"
    said = helmetbelt(capsys, "evaluate", folder, tmp_path / "gone.mp4", "--out", out, "--models", models, "--no-video")
    assert said.code == 1
    assert "no such file" in said.err
    joint = summary(out)
    assert joint["video"] == ["a_20260302_081500.mp4", "b_20260302_083000.mp4"]
    assert joint["passages"]["two_wheeler"] == 2
    assert joint["observations"]["helmet"]["rider"] == {"worn": 1, "not_worn": 1, "unknown": 0}
    assert "SINGLE_CLUSTER" not in joint["rates"]["helmet"]["rider"]["flags"]
    assert summary(out / "a_20260302_081500")["passages"]["two_wheeler"] == 1
    assert len(stored(out / "helmetbelt.db")) == 2
    assert len(list((out / "evidence").iterdir())) == 1


def test_store_elsewhere_gets_its_evidence_too(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """So that what serves this store finds the pictures beside it."""
    database = tmp_path / "station" / "all.db"
    helmetbelt(
        capsys, "evaluate", street, "--out", tmp_path / "out", "--store", database, "--models", models, "--no-video"
    )
    assert len(stored(database)) == 3
    assert not (tmp_path / "out" / "helmetbelt.db").exists()
    own, beside = (
        sorted(p.name for p in folder.iterdir())
        for folder in (tmp_path / "out" / "evidence", database.parent / "evidence")
    )
    assert own == beside
    assert len(own) == 2


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, models: Path, long_street: Path) -> Path:
    """The folder of the long street's evaluation in one go."""
    out = tmp_path_factory.mktemp("undisturbed")
    process = started("evaluate", long_street, "--out", out, "--models", models, "--no-video")
    _, complaint = process.communicate()
    assert process.returncode == 0, complaint
    return out


def wait_until_stored(process: "subprocess.Popen[str]", database: Path, passages: int) -> None:
    """Returns once so many passages are stored, while the process still works."""
    while process.poll() is None:
        if database.exists() and len(stored(database)) >= passages:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    raise AssertionError(f"ended too early: {process.communicate()}")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=["kill -9", "Ctrl-C", "kill"])
def test_broken_off_and_again_from_the_start(
    capsys: pytest.CaptureFixture[str],
    models: Path,
    long_street: Path,
    undisturbed: Path,
    tmp_path: Path,
    end: signal.Signals,
) -> None:
    """Nothing stored is lost, nothing is counted twice, and the end is as if nothing had happened."""
    out = tmp_path / "out"
    arguments = ("evaluate", long_street, "--out", out, "--models", models)
    process = started(*arguments)
    wait_until_stored(process, out / "helmetbelt.db", 3)
    process.send_signal(end)
    process.communicate()
    assert process.returncode == (130 if end is signal.SIGINT else -end)
    before = stored(out / "helmetbelt.db")
    assert 3 <= len(before) < 21
    assert not (out / "summary.json").exists()
    assert not (out / "annotated.mp4").exists()
    said = helmetbelt(capsys, *arguments)
    assert said.code == 0
    assert f"{len(before)} passages were there already, {21 - len(before)} are new" in said.out
    after = stored(out / "helmetbelt.db")
    assert [row for row in after if row in before] == before
    assert after == stored(undisturbed / "helmetbelt.db")
    assert len(after) == 21
    assert summary(out)["observations"]["helmet"]["rider"] == {"worn": 7, "not_worn": 14, "unknown": 0}
    assert len(list((out / "evidence").iterdir())) == 14
