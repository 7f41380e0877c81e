"""Identifiers sort by time and depend on everything that they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmetbelt.records.ids import first_id_at, ms_of_id, parse_id, time_ordered_id

times = st.integers(0, 2**48 - 1)


@given(times, times)
def test_they_sort_by_time(one: int, other: int) -> None:
    """An earlier thing has a smaller id, and a range of time is a range of ids."""
    first, second = time_ordered_id(one, "a"), time_ordered_id(other, "b")
    if one < other:
        assert first < first_id_at(other) <= second
    assert ms_of_id(first) == one
    assert len(first) == 16


def test_the_same_thing_has_the_same_id() -> None:
    """Recorded again, it comes out the same, in every process and version."""
    identifier = time_ordered_id(1_760_000_000_000, "passage", b"\x01", 7)
    assert identifier.hex() == "0199c82cc000" + "24feddd67c5bb3bef0b1"


@pytest.mark.parametrize("parts", [("a", "bc"), ("abc",), ("ab", "c", ""), ("ab", "d"), ("c", "ab")])
def test_another_thing_has_another_id(parts: tuple[str, ...]) -> None:
    """Where one part ends and the next begins matters, and so does their order."""
    assert time_ordered_id(0, *parts) != time_ordered_id(0, "ab", "c")


@pytest.mark.parametrize("ms", [-1, 2**48])
def test_a_time_outside_the_range_is_refused(ms: int) -> None:
    """Before 1970 the bytes would not sort."""
    with pytest.raises(ValueError, match="between 1970 and 10889"):
        time_ordered_id(ms, "a")


def test_an_id_is_read_back() -> None:
    """Hexadecimal is how people see it."""
    assert parse_id("00ff" * 8) == bytes.fromhex("00ff" * 8)


@pytest.mark.parametrize("text", ["", "00ff", "0 " * 16 + "00" * 8, "zz" * 16, "00ff" * 8 + "\n", "00" * 17])
def test_what_is_no_id_is_refused(text: str) -> None:
    """Only 32 hexadecimal digits are one."""
    with pytest.raises(ValueError, match="32 hexadecimal digits"):
        parse_id(text)
