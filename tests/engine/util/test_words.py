import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.util.words import DASH, change, iou_threshold, threshold, told_apart

VALUES = st.floats(0, 1)


@given(VALUES, VALUES)
def test_two_thresholds_that_differ_never_look_alike(one, other):
    if abs(one - other) > 1e-6:
        assert threshold(one, other) != threshold(other, one)


@given(VALUES)
def test_a_threshold_is_written_with_three_digits_and_more_only_to_tell_it_apart(value):
    text = threshold(value)
    assert float(text) == pytest.approx(value, abs=0.0005)
    if 0.0005 < value < 0.9995:
        assert len(text) == 4
    if 1e-6 < value < 1 - 1e-6:
        assert text not in (".000", "1.000"), "it is neither nothing nor everything"


def test_digits_come_where_they_are_needed():
    assert [threshold(each) for each in (0.4871, 0.5, 0, 1, 1 - 2e-16, 0.0001)] == [
        ".487", ".500", ".000", "1.000", "1.000", ".0001",
    ]  # fmt: skip
    assert threshold(0.4871, 0.487) == ".4871"
    assert threshold(0.487, 0.4871) == ".4870"
    assert told_apart(0.0001, 0.487) == ".000"


def test_an_iou_has_two_digits_where_they_say_it():
    assert [iou_threshold(each) for each in (0.5, 0.55, 0.475, 1.0)] == [
        ".50",
        ".55",
        ".475",
        "1.00",
    ]


def test_a_difference_has_its_sign_unless_there_is_none():
    told = [change(value) for value in (0.0214, -0.3, 0.0, -1.25, float("nan"))]
    assert told == ["+.021", "-.300", ".000", "-1.250", DASH]
