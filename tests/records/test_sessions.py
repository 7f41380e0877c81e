"""Sessions: begun once, found again, and the same footage counted once."""

from datetime import timedelta

import pytest
from builders_records import START, passage, person, riders, session, source

from helmetbelt.pipelines.passages import Passage, Status
from helmetbelt.records.counting import CountsQuestion
from helmetbelt.records.errors import StoreError
from helmetbelt.records.facts import Begun, Camera, CameraKind, Saved, SessionHandle, SessionRecord
from helmetbelt.records.store import Store


def total(store: Store) -> int:
    """Persons in all counts."""
    return sum(row.worn + row.not_worn + row.unknown for row in store.counts(CountsQuestion()))


def run(store: Store, record: SessionRecord, statuses: list[Status]) -> SessionHandle:
    """A session from begin to end."""
    handle = store.begin_session(record)
    store.save(handle, riders(statuses, camera=record.camera.id))
    store.complete_session(handle)
    return handle


def test_a_session_is_new_then_resumed_then_complete(store: Store) -> None:
    """The store says what it knew of a session when it is begun again."""
    first = store.begin_session(session())
    again = store.begin_session(session())
    assert (first.begun, again.begun, again.id) == (Begun.NEW, Begun.RESUMED, first.id)
    assert store.complete_session(again)
    assert store.begin_session(session()).begun is Begun.COMPLETE


def test_evaluating_twice_changes_nothing_and_says_so(store: Store) -> None:
    """The second run of the same footage, models and settings leaves the version as it was."""
    run(store, session(), [Status.WORN] * 3 + [Status.NOT_WORN])
    before, rows = store.version(), total(store)
    handle = store.begin_session(session())
    saved = store.save(handle, riders([Status.WORN] * 3 + [Status.NOT_WORN]))
    assert (handle.begun, saved) == (Begun.COMPLETE, Saved(new=0, known=4, ignored=0))
    assert not store.complete_session(handle)
    assert (store.version(), total(store)) == (before, rows)


def test_an_interrupted_session_goes_on_where_it_was(store: Store) -> None:
    """What was saved before the break is known, the rest is new."""
    handle = store.begin_session(session())
    store.save(handle, riders([Status.WORN] * 2))
    assert store.save(handle, riders([Status.WORN] * 5)) == Saved(new=3, known=2, ignored=0)
    assert total(store) == 5


def test_a_complete_session_takes_nothing_more(store: Store) -> None:
    """A run that sees something else in the same footage cannot change what was published."""
    handle = run(store, session(), [Status.WORN] * 2)
    assert store.save(handle, riders([Status.WORN] * 3)) == Saved(new=0, known=2, ignored=1)
    assert total(store) == 2


def test_a_track_passes_once_even_at_another_time(store: Store) -> None:
    """A track whose gate moment came out differently in a second run is not counted again."""
    handle = store.begin_session(session())
    store.save(handle, [passage(1, person(Status.WORN))])
    again = store.save(handle, [passage(1, person(Status.WORN), gate_s=1.04)])
    assert (again, total(store)) == (Saved(new=0, known=1, ignored=0), 1)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(session(model="b"), id="another-model"),
        pytest.param(session(camera="cam-2"), id="another-camera-name"),
        pytest.param(session(of=source(started_at=START + timedelta(hours=1))), id="another-start-time"),
    ],
)
def test_the_same_footage_counts_once(store: Store, other: SessionRecord) -> None:
    """A newer complete session takes the place of the earlier one; until then the earlier one counts."""
    run(store, session(), [Status.WORN] * 4)
    handle = store.begin_session(other)
    store.save(handle, riders([Status.NOT_WORN] * 3, camera=other.camera.id))
    assert (handle.begun, handle.counts, total(store)) == (Begun.NEW, False, 4)
    assert store.complete_session(handle)
    assert total(store) == 3
    assert {one.id: one.counts for one in store.sessions()} == {session().id: False, other.id: True}


def test_the_session_completed_last_counts(store: Store) -> None:
    """Going back to the first model is one more evaluation, which finds everything there."""
    run(store, session(), [Status.WORN] * 4)
    run(store, session(model="b"), [Status.WORN] * 3)
    run(store, session(), [Status.WORN] * 4)
    assert total(store) == 4


def test_a_broken_off_session_does_not_count_beside_another(store: Store) -> None:
    """Two unfinished sessions of one footage: only the first counts."""
    first, second = store.begin_session(session()), store.begin_session(session(model="b"))
    store.save(first, riders([Status.WORN]))
    store.save(second, riders([Status.WORN] * 2))
    assert (first.counts, second.counts, total(store)) == (True, False, 1)


def test_other_footage_adds_up(store: Store) -> None:
    """Two videos of one camera both count."""
    run(store, session(), [Status.WORN] * 2)
    run(store, session(of=source("other.mp4")), [Status.WORN] * 3)
    assert total(store) == 5


def test_what_was_given_is_told_again(store: Store) -> None:
    """A session comes back as it went in, with the number of its passages."""
    run(store, session(), [Status.WORN] * 2)
    (info,) = store.sessions()
    assert (info.id, info.camera, info.source, info.models) == (
        session().id, "cam-1", "junction.mp4", {"road": "a"},
    )  # fmt: skip
    assert (info.started_at, info.clock, info.duration_s, info.passages) == (START, "operator", 60.0, 2)
    assert (info.complete, info.counts, info.simulated) == (True, True, False)


def test_a_camera_keeps_what_is_not_said_again(store: Store) -> None:
    """A later session may say more about its camera, and saying nothing forgets nothing."""
    store.begin_session(session(site="East Gate"))
    store.begin_session(session(of=source("b.mp4")))
    details = Camera("cam-1", name="Patrol 7", kind=CameraKind.PATROL_CAR)
    store.begin_session(SessionRecord(details, source("c.mp4"), {}, "config", "0.1.0"))
    (camera,) = store.cameras()
    assert (camera.name, camera.site, camera.kind) == ("Patrol 7", "East Gate", CameraKind.PATROL_CAR)
    assert camera.sessions == 3


def test_an_unknown_session_is_refused(store: Store) -> None:
    """A session is begun before anything is saved in it."""
    stranger = SessionHandle(session().id, "cam-1", Begun.NEW, True)
    with pytest.raises(StoreError, match="begin it first"):
        store.save(stranger, riders([Status.WORN]))
    with pytest.raises(StoreError, match="begin it first"):
        store.complete_session(stranger)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        pytest.param(passage(9, person(Status.WORN), camera="cam-2"), "camera cam-2", id="camera"),
        pytest.param(passage(9, person(Status.WORN), person(Status.WORN)), "two observations", id="seat"),
        pytest.param(passage(9, person(Status.WORN, confidence=float("nan"))), "confidence", id="nan"),
    ],
)  # fmt: skip
def test_a_batch_with_a_broken_passage_is_refused_whole(store: Store, broken: Passage, why: str) -> None:
    """All or nothing: the good passages beside it are not saved either."""
    handle = store.begin_session(session())
    with pytest.raises(ValueError, match=why):
        store.save(handle, [*riders([Status.WORN]), broken])
    assert total(store) == 0


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    """Nothing new, nothing known."""
    handle = store.begin_session(session())
    before = store.version()
    assert store.save(handle, []) == Saved(0, 0, 0)
    assert store.version() == before
