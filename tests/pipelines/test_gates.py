"""What a person may write as a gate, and what is answered to the rest."""

import pytest

from helmetbelt.detector.errors import HelmetbeltError
from helmetbelt.pipelines.gates import GateError, LineGate, Toward, WholeGate, ZoneGate, parse_gate


@pytest.mark.parametrize(
    ("spec", "gate"),
    [
        ("default", WholeGate()),
        ("line:0.1,0.5,0.9,0.5", LineGate((0.1, 0.5), (0.9, 0.5), Toward.BOTH, False)),
        ("line:0,0,1,1,left", LineGate((0, 0), (1, 1), Toward.LEFT, False)),
        (" line: 0, 860, 1250, 860, down ", LineGate((0, 860), (1250, 860), Toward.DOWN, True)),
        ("zone:0,0,1,0,1,1", ZoneGate(((0, 0), (1, 0), (1, 1)), False)),
        ("zone:0,0,640,0,640,1,0,1", ZoneGate(((0, 0), (640, 0), (640, 1), (0, 1)), True)),
    ],
)
def test_gates_that_can_be_read(spec: str, gate: object) -> None:
    """Shares of the picture, or pixels as soon as one value is above 1."""
    assert parse_gate(spec) == gate


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "expected 'default'"),
        ("lane:0,0,1,1", "expected 'default'"),
        ("line", "x1,y1,x2,y2"),
        ("line:0,0,1", "pairs of x,y"),
        ("line:0,0,1,x", "x1,y1,x2,y2"),
        ("line:0,0,1,nan", "pairs of x,y"),
        ("line:-1,0,1,0", "at or above 0"),
        ("line:0,0,0,0", "two different ends"),
        ("line:0,0,1,0,1,1", "two different ends"),
        ("line:0,0.5,1,0.5,left", "cannot be crossed going left"),
        ("line:0.5,0,0.5,1,down", "cannot be crossed going down"),
        ("zone:0,0,1,1", "three corners"),
        ("default:1", "expected 'default'"),
    ],
)
def test_the_rest_is_refused_with_what_was_expected(spec: str, said: str) -> None:
    """And with what was written."""
    with pytest.raises(GateError, match=said) as caught:
        parse_gate(spec)
    assert repr(spec) in str(caught.value)
    assert isinstance(caught.value, HelmetbeltError)
    assert isinstance(caught.value, ValueError)
