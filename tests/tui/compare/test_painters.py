"""What the tab paints from values: intervals, totals, classes, words and captions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from engine.compare.differences import ClassDifferences, ComparedNumbers, Difference
from engine.compare.selecting import ChangeSelection
from engine.compare.status import Why
from engine.core.arrays import NOTHING
from engine.core.goals import GOALS
from engine.core.outcomes import Selection
from engine.core.ranked import Curve
from engine.core.thresholds import OperatingPoint
from engine.util.words import DASH
from tests.engine.compare.test_selecting import comparison
from tests.opening import BOLT, NUT
from tests.tui.compare.comparing import two_detectors
from tui.compare.paint.class_changes import CHANGED, F1_CHANGE, MOST_CERTAIN_FIRST, P
from tui.compare.paint.class_changes import ClassChangesView as Classes
from tui.compare.paint.count_lines import count_line, count_lines
from tui.compare.paint.csv import comparison_csv
from tui.compare.paint.delta import delta_view
from tui.compare.paint.interval_bar import POINT, ZERO, interval_bar
from tui.compare.paint.pr_plot import TwoCurveStyles, pr_plot
from tui.compare.paint.previews import ComparedPreview
from tui.compare.paint.side_boxes import SideBox, side_marks
from tui.compare.paint.totals import CHANGE, INTERVAL, VERDICT, TotalsView
from tui.compare.paint.words import counted_words, delta_words, point_words, selection_words
from tui.drawing.terms import BOXES
from tui.grids.paint.view import block
from tui.tables.paint.view import rows

CERTAIN = Difference("AP", 0.5, 0.4, -0.15, -0.05, certain=True)
UNCLEAR = Difference("precision", 0.5, 0.51, -0.02, 0.04)
LOSS = Difference("log_loss", 0.9, 0.7, -0.3, -0.1, certain=True)


def numbers(*metrics: Difference, whole: bool = True, samples: int = 1000) -> ComparedNumbers:
    return ComparedNumbers(metrics, (), np.nan, samples, whole)


def of_class(class_: int, delta: float, p: float, certain: bool) -> ClassDifferences:
    each = Difference("f1", 0.5, 0.5 + delta, certain=certain)
    return ClassDifferences(class_, replace(each, name="AP"), each, each, p, certain)


# The interval as a line


def test_a_bar_has_zero_in_the_middle_and_the_difference_where_it_lies():
    assert interval_bar(-1, 0.5, -0.5, 1, 9) == "├─◆─┼─┤··"
    assert interval_bar(np.nan, np.nan, 0.5, 1, 9) == "····│·◆··"
    assert interval_bar(0.5, 0.9, 0.7, 1, 6) == ""


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.integers(7, 60))
def test_a_bar_is_as_wide_as_it_may_be_and_shows_its_difference(delta, below, above, width):
    bar = interval_bar(delta - below, delta + above, delta, 2.0, width)
    assert width - 1 <= len(bar) <= width
    assert bar.count(POINT) == 1
    side = bar.index(POINT) - len(bar) // 2
    assert side * delta >= 0 or abs(delta) < 2 / len(bar)
    if below == above == 0 and side:
        assert bar[len(bar) // 2] == ZERO


# Totals


def test_what_is_certain_is_judged_and_what_is_not_is_unclear():
    view = TotalsView.of(numbers(CERTAIN, UNCLEAR, LOSS))
    assert [view.verdict(row, CHANGE) for row in range(3)] == ["worse", "", "better"]
    assert [view.words(row, VERDICT).split()[-1] for row in range(3)] == [
        "worse",
        "unclear",
        "better",
    ]
    assert view.words(0, INTERVAL) == "-.150 to -.050"


def test_what_may_still_change_has_a_tilde_and_no_judgement():
    view = TotalsView.of(numbers(CERTAIN, whole=False, samples=100))
    assert view.provisional(0, INTERVAL)
    assert view.words(0, INTERVAL) == "~-.150 to -.050"
    assert view.verdict(0, CHANGE) == ""
    assert view.words(0, VERDICT).endswith("~worse")


def test_without_resamples_nothing_is_said_of_certainty():
    view = TotalsView.of(numbers(CERTAIN, samples=0, whole=False))
    assert view.words(0, INTERVAL) == view.words(0, VERDICT) == ""


def test_totals_that_people_ask_for_stand_first():
    names = ("APs", "recall", "AP", "precision", "f1")
    view = TotalsView.of(numbers(*(replace(CERTAIN, name=name) for name in names)))
    assert view.classes == ("AP", "F1", "precision", "recall", "APs")


def test_better_and_worse_totals_are_counted():
    assert counted_words(numbers(CERTAIN, UNCLEAR, LOSS)) == (
        "B: 1 better and 1 worse for certain, of 3 totals"
    )


# Classes


def test_classes_that_changed_for_certain_stand_first_then_those_that_changed_most():
    made = ComparedNumbers(
        (),
        (
            of_class(0, 0.3, 0.2, False),
            of_class(1, -0.1, 0.0001, True),
            of_class(2, -0.4, 0.3, False),
            of_class(3, np.nan, np.nan, False),
        ),
        np.nan,
        1000,
        True,
    )
    view = Classes(("a", "b", "c", "d"), made, *(np.array([30, 30, 5, 0]) for _ in range(3)))
    assert rows(view, MOST_CERTAIN_FIRST).tolist() == [1, 2, 0, 3]
    assert view.words(1, CHANGED) == "worse"
    assert [view.words(row, P) for row in range(4)] == [".200", "<.001", ".300", DASH]
    assert [view.verdict(row, F1_CHANGE) for row in range(4)] == ["", "worse", "", ""]
    assert view.marks == ("", "", "few", "none", "")


# The delta matrix


def test_better_cells_are_blue_and_worse_ones_orange():
    view = delta_view(comparison(*two_detectors(), 0.5, 0.5))
    made = block(view, np.arange(view.rows), np.arange(view.columns), with_shares=False)
    for row, truth in enumerate(view.class_at.tolist()):
        for column, seen in enumerate(view.class_at.tolist()):
            change = int(made.counts[row, column])
            if change:
                right = truth == seen != NOTHING
                assert (made.tones[row, column] < 16) == ((change > 0) == right)
    assert (made.counts != 0).sum() == len(view.confusions)


def test_a_cell_says_both_counts_and_whether_that_is_better():
    made = comparison(*two_detectors(), 0.5, 0.5)
    assert delta_words(made, Selection(BOLT, NUT), BOXES) == (
        "bolt → nut: 0 in A, 1 in B (+1), worse"
    )
    assert delta_words(made, Selection(BOLT, BOLT), BOXES) == "bolt → bolt: 1 in A and in B"
    assert delta_words(made, Selection(BOLT, NOTHING), BOXES).endswith("(-1), better")


# Words and lines


def test_where_both_stand_is_said_in_the_room_there_is():
    made = comparison(*two_detectors(), 0.5, 0.5)
    full = point_words(made, GOALS[0], "sliders move both", 120)
    assert full == (
        "A a.json conf .500 · B b.json conf .500 · IoU .50 · class-first · sliders move both"
    )
    short = point_words(made, GOALS[0], "sliders move both", 60)
    assert short == "A conf .500 · B conf .500 · sliders move both"


def test_the_feed_says_what_it_is_of():
    made = comparison(*two_detectors(), 0.5, 0.5)
    chosen = ChangeSelection("broken", NUT, Why.MISSED)
    assert selection_words(chosen, made, BOXES) == (
        "Broken: A is right, B is wrong · class nut · missed"
    )
    cell = ChangeSelection("moved", cell=Selection(NOTHING, BOLT))
    assert selection_words(cell, made, BOXES) == "Changed in not an object → bolt"
    column = ChangeSelection("moved", cell=Selection(predicted=BOLT))
    assert selection_words(column, made, BOXES) == "Changed in the column bolt"


def test_counts_add_up_and_say_why():
    made = comparison(*two_detectors(), 0.5, 0.5)
    lines = count_lines(made)
    assert sum(line.count for line in lines[:4]) == 5
    assert {line.kind: line.why for line in lines}["broken"] == "wrong class 1"
    first, rest = count_line(lines[0], lines, 60)
    assert len(first + rest) == 60
    assert first.split() == ["broken", "1"]


@pytest.mark.parametrize("width", [12, 20, 30, 60])
def test_captions_are_exactly_as_wide_and_keep_the_confidences(width):
    item = ComparedPreview(
        0, "a/b.jpg", None, "bracket", "bracket", "not detected", 0.5, np.nan, "missed", "wrong"
    )
    first, second = item.captions(width)
    assert len(first) == len(second) == width
    assert first.startswith("\N{MINUS SIGN} ")
    if width >= 20:
        assert ".50" in first


def test_lines_tell_truth_a_and_b_apart_without_colour():
    boxes = [SideBox(whose, (0, 0, 9, 9), "x") for whose in ("truth", "A", "B")]
    marks = {mark.tag: mark for mark in side_marks(boxes)}
    styles = {tag: (mark.dashed, mark.dotted, mark.double) for tag, mark in marks.items()}
    assert len(set(styles.values())) == 3
    assert marks["A"].text == "A x"
    assert side_marks([replace(boxes[1], kept=False)])[0].dotted


def test_the_file_has_a_line_for_each_number_and_nothing_for_what_is_undefined():
    made = replace(numbers(CERTAIN, UNCLEAR), per_class=(of_class(0, np.nan, np.nan, False),))
    lines = comparison_csv(("bolt",), made).splitlines()
    assert len(lines) == 1 + 2 + 3
    assert lines[1] == ",AP,0.5,0.4,-0.1,-0.15,-0.05,,yes"
    assert lines[-1] == "bolt,F1,0.5,,,,,,no"


# Both curves


def test_both_stand_on_their_curves_in_one_plot():
    a, b = two_detectors()
    curves = [each.judged(OperatingPoint(0.5, 0.0)).points for each in (a, b)]
    styles = TwoCurveStyles(Style(), Style(dim=True), Style(color="blue"), Style(color="yellow"))
    raster = pr_plot(*curves, (0.5, 0.65), 40, 12, styles)
    words = "\n".join(line[5:] for line in raster.lines[1:])
    assert words.count("A") == words.count("B") == 1
    assert raster.lines[-1].strip() == "recall"
    assert pr_plot(*curves, (0.5, 0.65), 20, 12, styles) is None
    nowhere = pr_plot(*curves, (1.0, 0.65), 40, 12, styles)
    assert "A" not in "".join(line[5:] for line in nowhere.lines[1:])


def flat(precision: int) -> Curve:
    """One right of so many at every recall."""
    right = np.arange(1, 51)
    return Curve.of(np.linspace(1, 0, 50), right, right * precision, 50)


@pytest.mark.parametrize(("a", "b", "ahead"), [(1, 4, "blue"), (4, 1, "yellow")])
def test_what_lies_between_both_curves_has_the_colour_of_the_one_above(a, b, ahead):
    styles = TwoCurveStyles(Style(), Style(dim=True), Style(color="blue"), Style(color="yellow"))
    raster = pr_plot(flat(a), flat(b), (2.0, 2.0), 60, 30, styles)
    middle = raster.styles[raster.style[14, 40]]
    assert middle.color.name == ahead
    assert raster.lines[14][40] != " "
    same = pr_plot(flat(a), flat(a), (2.0, 2.0), 60, 30, styles)
    assert same.styles[same.style[14, 40]].color is None  # the grid at most
