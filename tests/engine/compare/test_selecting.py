"""Rows of two sides: every object and alarm once, and cells that add up to the delta matrix."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare.comparison import Comparison, compared
from engine.compare.points import SidePoint
from engine.compare.selecting import ALARMS, STATUSES, ChangeSelection, selected_rows
from engine.compare.sides import Side, Sides
from engine.compare.status import Why
from engine.core.arrays import NOTHING
from engine.core.outcomes import Selection
from engine.core.thresholds import OperatingPoint
from engine.opening import Inputs, LeftOut
from tests.engine.compare.making import classification_pairs, detection_pairs
from tests.opening import opened


def comparison(a, b, at_a: float = 0.3, at_b: float = 0.5) -> Comparison:
    sides = [
        Side(name, opened(made, inputs=Inputs(Path("t.json"), predictions=Path(name))), made)
        for name, made in (("a.json", a), ("b.json", b))
    ]
    both = Sides(*sides, LeftOut(), (), (), same=False)
    points = (SidePoint(OperatingPoint(0.5, at), "given") for at in (at_a, at_b))
    return compared(both, *points)


def answer_the_same_images(pair) -> bool:
    """As those of two files do once they are on the images of both."""
    a, b = pair
    return set(a.probabilities.image.tolist()) == set(b.probabilities.image.tolist())


pairs = detection_pairs() | classification_pairs().filter(answer_the_same_images)


@given(pairs)
def test_each_object_and_each_alarm_is_of_one_kind(pair):
    made = comparison(*pair)
    every = sum(len(selected_rows(made, ChangeSelection(kind))) for kind in (*STATUSES, *ALARMS))
    alarms = len(made.objects.alarms) if made.is_detection else 0
    assert every == len(made.objects) + alarms


@given(pairs, st.data())
def test_the_rows_of_a_cell_make_its_difference(pair, data):
    made = comparison(*pair)
    classes = len(made.sides.classes)
    cell = Selection(
        data.draw(st.integers(NOTHING, classes - 1)), data.draw(st.integers(NOTHING, classes - 1))
    )
    rows = selected_rows(made, ChangeSelection("moved", cell=cell))
    gained = int((rows.predicted_b == cell.predicted).sum())
    lost = int((rows.predicted_a == cell.predicted).sum())
    if (cell.truth, cell.predicted) == (NOTHING, NOTHING):
        assert not len(rows)
    else:
        assert gained - lost == made.delta[cell.truth, cell.predicted]


@given(pairs)
def test_classes_and_reasons_part_the_rows_of_a_kind(pair):
    made = comparison(*pair)
    for kind in (*STATUSES, *ALARMS):
        chosen = ChangeSelection(kind)
        every = len(selected_rows(made, chosen))
        of_classes = (replace(chosen, class_=each) for each in range(len(made.sides.classes)))
        assert sum(len(selected_rows(made, each)) for each in of_classes) == every
        if kind in ("fixed", "broken", "both wrong"):
            for_reasons = (replace(chosen, why=why) for why in Why)
            assert sum(len(selected_rows(made, each)) for each in for_reasons) == every


@given(pairs)
def test_swapping_turns_fixed_into_broken(pair):
    a, b = pair
    one, other = comparison(a, b), comparison(b, a, 0.5, 0.3)
    for kind, turned in (("fixed", "broken"), ("new", "gone"), ("both wrong", "both wrong")):
        rows, back = (
            selected_rows(made, ChangeSelection(each), "image", descending=False)
            for made, each in ((one, kind), (other, turned))
        )
        assert np.array_equal(np.sort(rows.image), np.sort(back.image))
        assert np.array_equal(rows.ground_truth, back.ground_truth)


@given(pairs)
def test_rows_stand_by_the_higher_confidence_or_as_images_do(pair):
    made = comparison(*pair)
    rows = selected_rows(made, ChangeSelection("both right"))
    highest = np.fmax(rows.confidence_a, rows.confidence_b)
    assert (np.diff(highest) <= 0).all()
    rows = selected_rows(made, ChangeSelection("both right"), "image", descending=False)
    assert (np.diff(rows.image) >= 0).all()


def test_a_selection_without_rows_is_empty():
    from tests.opening import confused

    made = comparison(confused(), confused(), 0.5, 0.5)
    assert not len(selected_rows(made, ChangeSelection("changed")))
    with pytest.raises(KeyError):
        selected_rows(made, ChangeSelection("unheard of"))  # type: ignore[arg-type]
