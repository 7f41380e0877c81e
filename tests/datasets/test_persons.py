"""Which found head is whose."""

from builders_scoring import answer, found, picture

from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.persons import persons_of

ONE, OTHER, NOBODY = (100.0, 100.0, 130.0, 135.0), (200.0, 100.0, 230.0, 135.0), (400.0, 100.0, 430.0, 135.0)


def test_each_drawn_head_has_the_nearest_found_one() -> None:
    """One is found under the wrong name, one isn't found, and one is found where nobody is drawn."""
    labels = picture((Label.HELMET, ONE), (Label.BARE, OTHER))
    persons = persons_of([answer(labels, found((1, 0.8, ONE), (0, 0.7, NOBODY)))])
    assert [(p.truth, p.head and p.head.helmet) for p in persons] == [(True, False), (False, None), (None, True)]
    assert [p.height_px for p in persons] == [35, 35, 35]


def test_one_found_head_is_one_person() -> None:
    """Of two drawn heads that overlap, the nearer one has it."""
    beside = (110.0, 100.0, 140.0, 135.0)
    persons = persons_of([answer(picture((Label.BARE, beside), (Label.BARE, ONE)), found((1, 0.8, ONE)))])
    assert [p.head is not None for p in persons] == [False, True]


def test_what_a_source_leaves_unsaid_is_nobody() -> None:
    """Where only helmets are drawn, a drawn bare head is no truth, and a found head without label no person."""
    labels = picture((Label.HELMET, ONE), (Label.BARE, OTHER), labelled=frozenset({Label.HELMET}))
    persons = persons_of([answer(labels, found((0, 0.8, ONE), (1, 0.7, OTHER)))])
    assert [(p.truth, p.both_said) for p in persons] == [(True, False)]
