"""Lines of error types, without an app."""

from dataclasses import replace

import numpy as np
import pytest
from rich.style import Style

from engine.core.outcomes import Selection
from engine.core.thresholds import OperatingPoint
from engine.detection.error_types.error_types import error_types, growing_error_types
from engine.detection.error_types.names import ERROR_TYPES
from engine.util.words import change, share
from tests.making import detection
from tests.opening import confused
from tui.drawing.sentences import selection_words, short_selection
from tui.drawing.terms import BOXES
from tui.metrics.paint.error_types import (
    ErrorTypesView,
    error_explanation,
    error_facts,
    error_heading,
    error_line,
    error_types_csv,
    error_words,
)

POINT = OperatingPoint(0.5, 0.55, "class-first")
PLAIN, BAR = Style(), Style(bold=True)


def view_of(made=None, point=POINT) -> ErrorTypesView:
    errors = error_types((made or confused()).at_iou(point.iou))
    counted = errors.typed.reaching(point.confidence)
    return ErrorTypesView(errors, errors.typed.counts(counted), point)


def bars(view: ErrorTypesView, index: int, width: int = 120) -> list[float]:
    """Cells of each bar, eighths as such."""
    segments = error_line(view, index, width, PLAIN, BAR)
    drawn = [segment.text.rstrip() for segment in segments if segment.style is BAR]
    return [len(bar) - (1 - " ▏▎▍▌▋▊▉█".index(bar[-1]) / 8 if bar else 0) for bar in drawn]


def test_the_longest_bar_of_each_column_is_the_largest_number():
    view = view_of()
    classification, missed = bars(view, 0), bars(view, 5)
    assert classification[0] == missed[0] == 23  # 3 of each
    assert classification[2] == 23
    assert missed[2] == 0
    background = bars(view, 4)
    assert background[0] == pytest.approx(23 / 3, abs=1 / 16)


@pytest.mark.parametrize("width", [20, 40, 78, 120, 200])
def test_lines_and_the_heading_are_no_wider_than_the_room(width):
    view = view_of()
    assert len(error_heading(width)) <= width
    assert error_facts(view, width).cell_len <= width
    for index in range(len(ERROR_TYPES)):
        assert all(text.cell_len <= width for text in error_words(view, index, width, 30))
        if width >= 60:
            line = error_line(view, index, width, PLAIN, BAR)
            assert sum(segment.cell_length for segment in line) <= width


@pytest.mark.parametrize("height", [6, 8, 12, 40])
def test_the_type_itself_is_said_before_what_holds_for_all(height):
    lines = [text.plain for text in error_words(view_of(), 0, 78, height)]
    assert lines[0] == "Classification: 3 from .550 on, 3 at all confidences"
    assert len(lines) <= height
    assert ("vernier" in " ".join(lines)) == (height == 40)


def test_what_is_not_worked_out_yet_is_a_dash_and_no_bar():
    first = next(growing_error_types(confused().at_iou(0.5)))
    view = replace(view_of(), errors=first)
    assert error_line(view, 0, 120, PLAIN, BAR)[5].text.strip() == "\N{EN DASH}"
    assert bars(view, 0)[2] == 0
    assert "gives back" not in " ".join(text.plain for text in error_words(view, 0, 78, 5))
    assert error_types_csv(view).splitlines()[1].startswith("classification,3,3,,0.5,0.1,")


def test_without_any_error_there_is_no_bar():
    view = view_of(detection([(0, 0, (0, 0, 9, 9))], [(0, 0, 0.9, (0, 0, 9, 9))]))
    assert np.allclose([bars(view, index) for index in range(6)], 0)


def test_the_confidence_is_said_as_the_rule_takes_it():
    view = view_of()
    assert view.reaches == "from .550 on"
    assert replace(view, point=replace(POINT, matching="iou")).reaches == "above .550"
    own = replace(view, point=replace(POINT, per_class=True))
    assert own.reaches == "at the confidences of the classes"


def test_an_explanation_has_the_average_precision_before_and_after():
    """Of three bolts one is found, at the end; with two classes corrected all are. No nut is."""
    told = error_explanation(view_of(), 0)
    assert told.title == "Classification errors"
    before = (34 / 101 + 0 + 1) / 3
    assert told.filled == f".667 - {share(before, 3)} = {change(2 / 3 - before)}"
    assert "IoU .50" in told.made_at


def test_a_selection_names_its_error():
    classes = ("bolt", "nut")
    assert selection_words(classes, Selection(0, None, "both"), BOXES) == (
        "Ground truth: bolt · Predicted: any class · Error: both"
    )
    assert short_selection(classes, Selection(0, None, "both"), BOXES) == "bolt → any class, both"
    assert "Error" not in selection_words(classes, Selection(0), BOXES)
