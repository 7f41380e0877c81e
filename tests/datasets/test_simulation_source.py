"""A simulated scene is a source like any other: an address, a digest, frames in order."""

from datetime import UTC, datetime

import numpy as np
import pytest

from helmetbelt.datasets.simulation import open_simulation
from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.frames import ClockProvenance

SMALL = "sim://junction?seed=7&seconds=2&size=320x180&start=2026-03-02T08:00:00Z"


def digest(query: str) -> str:
    """The digest of an address."""
    return open_simulation(f"sim://{query}", "cam").info.digest


def test_the_source_says_what_it_is() -> None:
    """Nobody can take its rates for real ones."""
    info = open_simulation(SMALL, "cam").info
    assert info.simulated
    assert info.clock is ClockProvenance.SIMULATED
    assert (info.width, info.height, info.fps, info.duration_s) == (320, 180, 25.0, 2.0)
    assert info.started_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_start_with_another_offset_is_kept_in_utc() -> None:
    """Local time with its zone is understood, plus sign and all."""
    for written in ("2026-03-02T08:00:00+08:00", "2026-03-02T08:00:00%2B08:00"):
        info = open_simulation(f"sim://quiet?start={written}", "cam").info
        assert info.started_at == datetime(2026, 3, 2, 0, tzinfo=UTC)
        assert info.started_at.tzinfo is UTC


def test_frames_are_thinned_evenly_and_carry_their_time() -> None:
    """At five a second every fifth frame is drawn, under its own number and time."""
    frames = list(open_simulation(SMALL, "cam").frames(5))
    assert [f.index for f in frames] == list(range(0, 50, 5))
    assert [f.seconds for f in frames] == [k / 5 for k in range(10)]
    assert {f.camera for f in frames} == {"cam"}
    assert frames[-1].taken_at == datetime(2026, 3, 2, 8, 0, 1, 800_000, tzinfo=UTC)


def test_thinned_frames_are_those_of_the_full_rate() -> None:
    """The picture of a second does not depend on the frame rate of the reader."""
    every = {f.index: f.image for f in open_simulation(SMALL, "cam").frames(25)}
    assert len(every) == 50
    for frame in open_simulation(SMALL, "cam").frames(2):
        assert np.array_equal(frame.image, every[frame.index])


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("junction?seed=7&seconds=60", True),
        ("junction?seconds=60&seed=7&start=2027-01-01T00:00:00Z", True),
        ("junction", True),
        ("junction?seed=8", False),
        ("junction?seconds=61", False),
        ("junction?size=640x360", False),
        ("dusk", False),
    ],
)
def test_the_digest_names_the_pictures(query: str, same: bool) -> None:
    """The same pictures have the same digest, whenever they are said to be taken."""
    assert (digest(query) == digest("junction?seed=7&seconds=60&size=1280x720")) is same


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file://junction", "expected an address like sim://junction"),
        ("sim://moon", "no scene 'moon'; there are dense, dusk, junction, night, quiet"),
        ("sim://", "no scene ''"),
        ("sim://junction/north", "no scene 'junction/north'"),
        ("sim://junction?speed=3", "unknown key 'speed'; there are seconds, seed, size, start"),
        ("sim://junction?seed=1&seed=2", "seed is given twice"),
        ("sim://junction?seed=-1", "expected a whole number from 0"),
        ("sim://junction?seed=", "expected a whole number from 0"),
        ("sim://junction?seconds=0", "expected a number above 0"),
        ("sim://junction?seconds=nan", "expected a number above 0"),
        ("sim://junction?seconds=1e9", "at most 86400"),
        ("sim://junction?start=2026-03-02T08:00:00", "expected a time with its zone"),
        ("sim://junction?start=noon", "expected a time with its zone"),
        ("sim://junction?size=1280", "expected even numbers from 160 to 3840"),
        ("sim://junction?size=641x360", "expected even numbers"),
        ("sim://junction?size=64000x36000", "expected even numbers"),
        ("sim://[junction", "expected an address like"),
    ],
)
def test_a_wrong_address_says_what_was_expected(url: str, expected: str) -> None:
    """Each refusal names the address and what would have been right."""
    with pytest.raises(SourceError) as refusal:
        open_simulation(url, "cam")
    assert expected in str(refusal.value)
    assert url in str(refusal.value)
