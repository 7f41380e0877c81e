"""The written results: numbers for programs, a page for people."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders_passages import BEGAN, NOT_WORN, UNKNOWN, WORN, closed, passage

from helmetbelt.api.evaluations import Counted, Evaluation, Settings, Speed
from helmetbelt.api.report_page import duration_text, percent, report_html
from helmetbelt.api.reports import write_joint_summary, write_results
from helmetbelt.api.summary import COLUMNS, as_json, harmless, observations_csv, summary_of, summary_of_all
from helmetbelt.api.timeline import HEIGHT, STEPS_S, WIDTH, nice_top, step_for, timeline
from helmetbelt.pipelines.evidence import EvidenceFolder
from helmetbelt.pipelines.frames import ClockProvenance, SourceInfo
from helmetbelt.pipelines.output import OutputError
from helmetbelt.pipelines.passages import Item, Passage, Vehicle

CHINA = timezone(timedelta(hours=8))
TRAFFIC = (
    passage(1, WORN),
    passage(2, WORN, NOT_WORN),
    passage(3, NOT_WORN),
    passage(4, UNKNOWN),
    passage(5, UNKNOWN, vehicle=Vehicle.CAR),
)


def source(
    clock: ClockProvenance = ClockProvenance.FILE_NAME, *, simulated: bool = False, name: str = "street.mp4"
) -> SourceInfo:
    """What is known of a minute of video."""
    return SourceInfo(name, "ab" * 32, 1280, 720, 25.0, 60.0, BEGAN, clock, simulated)


def evaluation(
    passages: Sequence[Passage] = TRAFFIC, info: SourceInfo | None = None, broken: str | None = None, site: str = "Gate"
) -> Evaluation:
    """A finished evaluation."""
    return Evaluation(
        source=info or source(),
        settings=Settings("gate-1", site, "default", 10.0, CHINA, "Asia/Shanghai", {"road": "12" * 32}, "0.1.0"),
        session="0b" * 16,
        counted=[Counted(f"{i:032x}", one) for i, one in enumerate(passages)],
        speed=Speed(600, 12.0, 3.0, 9.0),
        seconds=60.0,
        broken=broken,
    )


def with_evidence(folder: Path, site: str = "Gate") -> Evaluation:
    """One violation with its pictures written into a folder."""
    noise = np.random.default_rng(1).integers(0, 256, (100, 120, 3), np.uint8)
    made = closed(passage(7, NOT_WORN), [noise, noise])
    pictures = EvidenceFolder(folder, source()).write("0a" * 16, made)
    plain = evaluation([], site=site)
    return Evaluation(
        plain.source,
        plain.settings,
        plain.session,
        [Counted("0a" * 16, made.passage, pictures)],
        plain.speed,
        60.0,
        None,
    )


class Page(HTMLParser):
    """What a page refers to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags = list[str]()
        self.addresses = list[str]()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects the tag and every address in it."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]

    def handle_data(self, data: str) -> None:
        """Collects the text."""
        self.text += data


def test_summary_has_exactly_the_promised_numbers() -> None:
    """Every key is there, also those of belts and of nobody."""
    content = summary_of(evaluation())
    assert content["video"] == "street.mp4"
    assert content["duration_s"] == 60.0
    assert content["passages"] == {"two_wheeler": 4, "car": 1}
    assert content["observations"] == {
        "helmet": {
            "rider": {"worn": 2, "not_worn": 1, "unknown": 1},
            "pillion": {"worn": 0, "not_worn": 1, "unknown": 0},
        },
        "seatbelt": {
            "driver": {"worn": 0, "not_worn": 0, "unknown": 1},
            "front_passenger": {"worn": 0, "not_worn": 0, "unknown": 0},
        },
    }
    assert content["model"] == {"road": "12" * 32}
    assert content["speed"]["frames"] == 600
    assert content["speed"]["wall_s"] == 12.0


@pytest.mark.parametrize("passages", [(), TRAFFIC], ids=["nobody", "traffic"])
def test_keys_do_not_depend_on_what_was_seen(passages: Sequence[Passage]) -> None:
    """A program can rely on them; and what is not known is null, never NaN."""

    def keys(value: object) -> object:
        return {k: keys(v) for k, v in value.items()} if isinstance(value, dict) else None

    assert keys(summary_of(evaluation(passages))) == keys(summary_of(evaluation()))
    assert "NaN" not in as_json(summary_of(evaluation(passages))).decode()


def test_passages_reconcile_with_statuses() -> None:
    """Riders are as many as two-wheelers, whatever the answer."""
    content = summary_of(evaluation())
    assert sum(content["observations"]["helmet"]["rider"].values()) == content["passages"]["two_wheeler"]
    assert sum(content["observations"]["seatbelt"]["driver"].values()) == content["passages"]["car"]


@pytest.mark.parametrize(
    ("info", "flag"),
    [
        (source(ClockProvenance.FILE_TIME), "CLOCK_UNTRUSTED"),
        (source(ClockProvenance.SIMULATED, simulated=True), "SIMULATED"),
    ],
)
def test_what_the_numbers_rest_on_is_flagged(info: SourceInfo, flag: str) -> None:
    """An untrusted clock and a drawn street; a usual video has neither."""
    assert flag in summary_of(evaluation(info=info))["rates"]["helmet"]["all"]["flags"]
    assert flag not in summary_of(evaluation())["rates"]["helmet"]["all"]["flags"]


def test_several_videos_are_summed() -> None:
    """With each of them inside; two sessions are no single cluster."""
    joint = summary_of_all([evaluation(), evaluation(TRAFFIC[:1], source(name="b.mp4"), broken="cut off")])
    assert joint["passages"] == {"two_wheeler": 5, "car": 1}
    assert joint["duration_s"] == 120.0
    assert [one["video"] for one in joint["videos"]] == ["street.mp4", "b.mp4"]
    assert joint["complete"] is False
    assert "SINGLE_CLUSTER" not in joint["rates"]["helmet"]["all"]["flags"]


def rows(of: Evaluation) -> list[dict[str, str]]:
    """The rows of the table."""
    return list(csv.DictReader(io.StringIO(observations_csv(of).decode())))


def test_each_person_is_a_row() -> None:
    """In the promised columns, the vehicle's box at its clearest moment."""
    table = rows(evaluation())
    assert tuple(table[0]) == COLUMNS
    assert len(table) == 6
    assert table[2] == {
        "passage_id": f"{1:032x}", "first_s": "1.000", "last_s": "3.000", "gate_s": "2.000", "vehicle": "two_wheeler",
        "role": "pillion", "item": "helmet", "status": "not_worn", "reason": "", "confidence": "0.9000", "frame": "20",
        "x1": "10.0", "y1": "8.0", "x2": "40.0", "y2": "60.0",
    }  # fmt: skip
    assert (table[4]["status"], table[4]["reason"]) == ("unknown", "too_small")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"),
        ("0a", "0a"), ("worn", "worn"), ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    """A spreadsheet must not run what a file name says."""
    assert harmless(text) == cell


def test_page_needs_nothing_from_outside(tmp_path: Path) -> None:
    """No script, no link, no font, no picture but those inside."""
    page = Page(report_html(with_evidence(tmp_path), tmp_path))
    assert {"script", "link", "iframe", "object", "form"} & set(page.tags) == set()
    assert len(page.addresses) == 3
    assert all(address.startswith("data:image/jpeg;base64,") for address in page.addresses)
    html = report_html(with_evidence(tmp_path), tmp_path)
    assert not re.search(r"url\(|@import|https?://", html)


def test_every_percentage_has_its_interval_and_numbers() -> None:
    """Two of four persons: 15 to 85 %, one in five unknown."""
    text = re.sub(r"\s+", " ", Page(report_html(evaluation(), Path())).text)
    assert "50.0 % 15.0 – 85.0 % (95 % interval), 2 of 4 persons; 1 unknown (20.0 %)" in text
    assert "nobody could be decided" in text


def test_page_is_in_both_languages_and_explains_its_flags() -> None:
    """English with the field's Chinese beside it."""
    html = report_html(evaluation(), Path())
    for word in (
        "佩戴率",
        "两轮车",
        "无法判定",
        "LOW_N",
        "Fewer than 30 persons",
        "有效样本少于 30 人",
        "read from the file name",
    ):
        assert word in html


def test_page_says_when_it_is_incomplete_or_simulated() -> None:
    """At the top, before any number."""
    incomplete = report_html(evaluation(broken="ended after 3.2 s of 60.0 s"), Path())
    assert incomplete.index("ended after 3.2 s of 60.0 s") < incomplete.index("In short")
    drawn = report_html(evaluation(info=source(ClockProvenance.SIMULATED, simulated=True)), Path())
    assert drawn.index("Simulated video") < drawn.index("In short")
    plain = report_html(evaluation(), Path())
    assert "Incomplete evaluation" not in plain
    assert "Simulated video" not in plain


def test_names_cannot_bring_markup_into_the_page(tmp_path: Path) -> None:
    """A site called like a script is shown as text."""
    html = report_html(with_evidence(tmp_path, site="<script>alert(1)</script>"), tmp_path)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_empty_street_is_a_page_too() -> None:
    """Nobody passed: dashes, no division by zero."""
    text = Page(report_html(evaluation([]), Path())).text
    assert "No picture is kept" in text
    assert not re.search(r"\bnan\b", text.lower())


def test_large_galleries_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the page says that there is more."""
    monkeypatch.setattr("helmetbelt.api.report_page.MOST_EMBEDDED_BYTES", 1000)
    html = report_html(with_evidence(tmp_path), tmp_path)
    assert "1 more in the folder" in html
    assert "data:image" not in html


def test_doubtful_violations_are_told_without_a_picture() -> None:
    """Sure enough for statistics, not for an accusation."""
    assert re.search(
        r"2 more\s+vehicles counted with somebody not wearing have no picture", report_html(evaluation(), Path())
    )


def test_results_are_written_whole(tmp_path: Path) -> None:
    """Three files, and none half-written."""
    write_results(with_evidence(tmp_path / "evidence"), tmp_path / "out", tmp_path / "evidence")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["observations.csv", "report.html", "summary.json"]
    content: dict[str, Any] = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert content["passages"]["two_wheeler"] == 1


def test_lost_evidence_is_an_output_error(tmp_path: Path) -> None:
    """Somebody deleted a picture in the meantime."""
    lost = with_evidence(tmp_path)
    (tmp_path / ("0a" * 16) / "close_up.jpg").unlink()
    with pytest.raises(OutputError, match="cannot be read"):
        write_results(lost, tmp_path / "out", tmp_path)


def test_joint_summary_of_nothing(tmp_path: Path) -> None:
    """None of several videos could be read."""
    write_joint_summary([], tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text())["passages"] == {"two_wheeler": 0, "car": 0}


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (percent, None, "–"), (percent, 0.0, "0 %"), (percent, 1.0, "100 %"), (percent, 2 / 3, "66.7 %"),
        (duration_text, 7.26, "7.3 s"), (duration_text, 61.0, "1 min 01 s"), (duration_text, 7322.0, "2 h 02 min"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(write: Callable[[float | None], str], value: float | None, text: str) -> None:
    """Not more digits than they deserve."""
    assert write(value) == text


def test_belts_have_a_timeline_where_a_car_passed(tmp_path: Path) -> None:
    """And none on a street of two-wheelers."""
    riders = [p for p in TRAFFIC if p.vehicle is Vehicle.TWO_WHEELER]
    pages = [report_html(evaluation(traffic), tmp_path) for traffic in (TRAFFIC, riders)]
    assert [page.count("persons by time and answer") for page in pages] == [2, 1]
    assert "Seatbelt: persons by time" in pages[0]


def test_timeline_puts_persons_where_they_passed() -> None:
    """A minute in columns of two seconds, in local time, stacked from worn to unknown."""
    drawn = timeline(TRAFFIC, Item.HELMET, BEGAN, 60.0, CHINA)
    assert drawn.step_s == 2
    assert [(b.status, b.title) for b in drawn.bars] == [
        (WORN, "08:15:00  worn: 1"),
        (WORN, "08:15:02  worn: 1"),
        (NOT_WORN, "08:15:02  not worn: 2"),
        (UNKNOWN, "08:15:04  unknown: 1"),
    ]
    low, high = drawn.bars[1], drawn.bars[2]
    assert low.y == pytest.approx(high.y + high.height)
    assert drawn.times[0].text == "08:15:00"
    assert all(0 <= b.x <= WIDTH and 0 <= b.y <= HEIGHT for b in drawn.bars)


@pytest.mark.parametrize(("seconds", "step"), [(0.5, 1), (48, 1), (49, 2), (3600, 120), (86_400, 1800), (10**6, 20834)])
def test_columns_stay_few(seconds: float, step: int) -> None:
    """However long the video is."""
    assert step_for(seconds) == step


@pytest.mark.parametrize(("highest", "top"), [(0, 4), (4, 4), (5, 6), (13, 16), (20, 20), (21, 30), (1000, 1000)])
def test_axis_ends_at_a_round_number(highest: int, top: int) -> None:
    """At or above the highest column."""
    assert nice_top(highest) == top


def test_steps_are_usual_lengths() -> None:
    """Rising, so that the first that fits is the shortest."""
    assert list(STEPS_S) == sorted(STEPS_S)
