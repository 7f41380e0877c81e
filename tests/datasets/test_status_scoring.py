"""The judge's answers about labelled persons."""

from dataclasses import replace

import numpy as np
import pytest
from builders_scoring import RULES, crowd, person

from helmetbelt.datasets.judging import Judged, Verdict, inside_envelope, judged, named
from helmetbelt.datasets.status_scoring import confusion, score_statuses
from helmetbelt.detector.card import Thresholds
from helmetbelt.pipelines.judge import judge_helmet


def test_verdicts_are_those_of_the_judge() -> None:
    """A sure helmet, a sure bare head, an unsure one, one too small to judge, and one not seen."""
    persons = [person(True, True), person(False, False), person(True, True, 0.6), person(True, None)]
    persons.append(person(True, True, height_px=9))
    expected = [Verdict.WORN, Verdict.NOT_WORN, Verdict.UNKNOWN, Verdict.UNSEEN, Verdict.UNKNOWN]
    assert judged(persons, RULES).verdict.tolist() == expected


def test_thresholds_of_statistics_alone_decide() -> None:
    """Moving the evidence threshold moves no verdict; moving that of worn does."""
    persons = [person(False, False, score) for score in (0.6, 0.75, 0.9, 0.99)]
    usual = judged(persons, RULES).verdict.tolist()
    assert judged(persons, replace(RULES, evidence_not_worn=0.3)).verdict.tolist() == usual
    assert judged(persons, replace(RULES, thresholds=Thresholds(0.8, 0.05))).verdict.tolist() != usual
    assert judge_helmet(0, (), 0, RULES).worn == 0.5


def test_a_model_without_a_judge_answers_by_name() -> None:
    """However unsure it is."""
    persons = [person(True, True, 0.3), person(False, True, 0.3), person(False, False), person(False, None)]
    assert named(persons).verdict.tolist() == [Verdict.WORN, Verdict.WORN, Verdict.NOT_WORN, Verdict.UNSEEN]


def test_the_table_of_answers_and_its_shares() -> None:
    """Six helmets and four bare heads, one found where nobody is drawn."""
    seen = {(True, True): 4, (True, False): 1, (True, None): 1, (False, False): 2, (False, True): 1}
    judgements = judged([*crowd(seen), person(False, False, 0.6), person(None, True)], RULES)
    table = confusion(judgements)
    assert (table.helmet, table.bare, table.nobody) == ((4, 1, 0, 1), (1, 2, 1, 0), (1, 0, 0, 0))
    value = {row.what: row.figure.value for row in score_statuses(judgements) if row.part == "all"}
    assert value["status right, of the decided"] == 6 / 8
    assert value["worn called worn, of the decided"] == 4 / 5
    assert value["not worn called not worn, of the decided"] == pytest.approx(2 / 3)
    assert value["unknown or not seen"] == 2 / 10
    assert value["unknown, of the seen"] == 1 / 9


def test_the_envelope_goes_by_the_labels() -> None:
    """A head drawn smaller is nobody's failure."""
    persons = [person(True, None, height_px=9.9), person(True, None, height_px=10)]
    assert [p.height_px for p in inside_envelope(persons, 10)] == [10]


def test_one_verdict_for_each_person() -> None:
    """Anything else is said with both numbers."""
    with pytest.raises(ValueError, match=r"verdict \(2,\): expected \(1,\)"):
        Judged.of([person(True, True)], np.zeros(2, np.int64))
