"""Passages and violations a page at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders_records import DRIVER, PILLION, RIDER, START, passage, person, picture, riders, session, source

from helmetbelt.pipelines.passages import Direction, Item, Role, Status, Vehicle
from helmetbelt.records.facts import EvidenceKind, EvidenceRecord
from helmetbelt.records.paging import PassagesQuestion
from helmetbelt.records.period import Period
from helmetbelt.records.store import Store
from helmetbelt.records.stored import ViolationKey

W, N, U = Status.WORN, Status.NOT_WORN, Status.UNKNOWN
ID = "00" * 16
EVIDENCE = EvidenceRecord(bytes(16), EvidenceKind.FULL_VIEW, 0.0, "a.jpg", "0" * 64, 1280, 720)


def test_a_passage_comes_back_as_it_went_in(store: Store) -> None:
    """With its moments, boxes in whole pixels, and persons by seat."""
    went = passage(7, person(N, PILLION), person(W, RIDER))
    handle = store.begin_session(session())
    store.save(handle, [went])
    (row,) = store.passages(PassagesQuestion())
    came = row.passage
    assert (came.id, came.session_id, came.camera) == (handle.passage_id(went), handle.id, "cam-1")
    assert (came.vehicle, came.direction, came.track) == (Vehicle.TWO_WHEELER, Direction.TOWARD, 7)
    for kept, moment in ((came.first, went.first), (came.gate, went.gate), (came.last, went.last)):
        assert (kept.frame, kept.seconds, kept.at) == (moment.frame, moment.seconds, moment.taken_at)
    assert (came.gate.xyxy, came.best.xyxy) == (went.gate.xyxy, went.best.xyxy)
    assert row.observations == (went.observations[1], went.observations[0])


def test_pages_cover_everything_once_newest_first(store: Store) -> None:
    """Rows that arrive while somebody turns pages neither repeat nor hide one."""
    handle = store.begin_session(session())
    store.save(handle, riders([W] * 7))
    tracks: list[int] = []
    page = store.passages(PassagesQuestion(), limit=3)
    while page:
        tracks += [row.passage.track for row in page]
        store.save(handle, [passage(100 + len(tracks), person(W))])
        page = store.passages(PassagesQuestion(), page[-1].passage.id, limit=3)
    assert tracks == [7, 6, 5, 4, 3, 2, 1]


@pytest.fixture
def mixed(store: Store) -> Store:
    """Three two-wheelers of one camera, a car of another."""
    handle = store.begin_session(session())
    crowd = (person(N, RIDER), person(N, PILLION), replace(person(N, PILLION), seat=2))
    store.save(handle, [passage(1, person(W)), passage(2, *crowd), passage(3, person(U))])
    other = store.begin_session(session("cam-2", source("cars.mp4")))
    store.save(other, [passage(4, person(N, DRIVER), camera="cam-2", vehicle=Vehicle.CAR)])
    return store


@pytest.mark.parametrize(
    ("question", "tracks"),
    [
        pytest.param(PassagesQuestion(), [4, 3, 2, 1], id="all"),
        pytest.param(PassagesQuestion(cameras=("cam-1",)), [3, 2, 1], id="camera"),
        pytest.param(PassagesQuestion(vehicles=(Vehicle.CAR,)), [4], id="vehicle"),
        pytest.param(PassagesQuestion(statuses=(W, U)), [3, 1], id="statuses"),
        pytest.param(PassagesQuestion(roles=(Role.PILLION,)), [2], id="role"),
        pytest.param(PassagesQuestion(roles=(Role.PILLION,), statuses=(W,)), [], id="of-the-same-person"),
        pytest.param(PassagesQuestion(items=(Item.SEATBELT,)), [4], id="item"),
        pytest.param(
            PassagesQuestion(Period(START + timedelta(seconds=2), START + timedelta(seconds=4))), [3, 2],
            id="period",
        ),
    ],
)  # fmt: skip
def test_filters(mixed: Store, question: PassagesQuestion, tracks: list[int]) -> None:
    """Conditions on persons are about one and the same person."""
    assert [row.passage.track for row in mixed.passages(question)] == tracks


def test_violations_are_persons(mixed: Store) -> None:
    """Three bare heads on one machine are three violations."""
    rows = mixed.violations(PassagesQuestion())
    assert [(row.passage.track, row.key.seat, row.observation.role) for row in rows] == [
        (4, 0, Role.DRIVER), (2, 2, Role.PILLION), (2, 1, Role.PILLION), (2, 0, Role.RIDER),
    ]  # fmt: skip


def test_violation_pages_cover_everything_once(mixed: Store) -> None:
    """A page may end between two persons of one machine."""
    keys: list[ViolationKey] = []
    page = mixed.violations(PassagesQuestion(), limit=2)
    while page:
        keys += [row.key for row in page]
        page = mixed.violations(PassagesQuestion(), ViolationKey.parse(str(keys[-1])), limit=2)
    assert len(keys) == len(set(keys)) == 4


def test_violations_of_a_question(mixed: Store) -> None:
    """The same filters as of passages."""
    rows = mixed.violations(PassagesQuestion(cameras=("cam-1",), roles=(Role.PILLION,)))
    assert [row.key.seat for row in rows] == [2, 1]


def test_evidence_belongs_to_its_passage_and_is_kept_once(store: Store) -> None:
    """A second run with the same picture changes nothing."""
    handle = store.begin_session(session())
    one, other = riders([N, N])
    close = replace(picture(handle, one, "a/close.jpg"), kind=EvidenceKind.CLOSE_UP)
    store.save(handle, [one, other], [close, picture(handle, one)])
    before = store.version()
    store.save(handle, [one, other], [close, picture(handle, one)])
    assert store.version() == before
    second, first = store.violations(PassagesQuestion())
    assert second.evidence == ()
    assert [shown.path for shown in first.evidence] == ["a/full.jpg", "a/close.jpg"]
    assert store.evidence(first.evidence[0].id) == first.evidence[0]
    assert store.evidence(bytes(16)) is None


def test_evidence_of_an_ignored_passage_is_ignored(store: Store) -> None:
    """A complete session takes no pictures of passages that it doesn't hold."""
    handle = store.begin_session(session())
    store.complete_session(handle)
    (late,) = riders([N])
    assert store.save(handle, [late], [picture(handle, late)]).ignored == 1
    assert store.violations(PassagesQuestion()) == ()


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.jpg", "a/../../x.jpg", "a\\..\\x.jpg", ""])
def test_an_evidence_path_stays_below_its_folder(path: str) -> None:
    """Whatever a row says, it cannot name a file elsewhere."""
    with pytest.raises(ValueError, match="below the evidence folder"):
        replace(EVIDENCE, path=path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "00" * 16,
        "00" * 16 + "-0-hat",
        "00" * 16 + "--1-helmet",
        "00-0-helmet",
        "00" * 16 + "-٣-helmet",
    ],
)
def test_what_is_no_violation_key_is_refused(text: str) -> None:
    """A cursor that somebody made up is an error, not the first page."""
    with pytest.raises(ValueError, match=r"expected PASSAGE-SEAT-ITEM|is not a valid Item"):
        ViolationKey.parse(text)
