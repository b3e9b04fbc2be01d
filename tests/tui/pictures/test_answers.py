"""What the feed and the detail write of a classifier's image."""

from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from engine.core.arrays import NOTHING
from engine.util.words import DASH
from tests.making_classes import classification, classifications
from tui.image.paint.probability_lines import BarStyles, ProbabilityList, bar_line, name_width
from tui.image.paint.probability_words import verdict_words
from tui.pictures.paint.answers import AnswerItem

STYLES = BarStyles(*(Style() for _ in range(5)))


def item(verdict, predicted="nut", confidence=0.9128, margin=nan):
    return AnswerItem(0, "a/0.jpg", None, "bolt", predicted, confidence, verdict, margin)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (item("right", "bolt"), ("✓ bolt .913", "0.jpg")),
        (item("wrong"), ("✗ nut .913", "truth: bolt · 0.jpg")),
        (item("", confidence=0.3), ("– nut .300 no answer", "truth: bolt · 0.jpg")),  # noqa: RUF001
        (item("wrong", margin=0.25), ("✗ nut .913", "truth: bolt · margin .250 ·…")),
    ],
)
def test_captions_say_the_class_and_its_probability_and_the_truth_where_it_is_another(
    shown, expected
):
    assert tuple(line.rstrip() for line in shown.captions(29)) == expected


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=40), st.integers(8, 60))
def test_captions_fill_their_width_and_keep_the_probability(name, width):
    first, second = item("wrong", name).captions(width)
    assert " .913" in first
    assert [cell_len(line) for line in (first, second)] == [width, width]


def lines_of(made, image=0, confidence=0.0, width=60):
    detail = made.answers.detail(image, confidence)
    shown = ProbabilityList.of(detail, made.classes, confidence)
    names = name_width(shown, width)
    return [bar_line(shown, line, width, names, STYLES).text for line in range(len(shown))]


def test_bars_are_sorted_and_mark_the_truth_and_the_answer():
    lines = lines_of(classification([0], [[0.25, 0.5, 0.25]]))
    assert [line.split()[1] for line in lines] == ["nut", "bolt", "washer"]
    for line, end in zip(lines, ("answer", "truth", ".250"), strict=True):
        assert line.rstrip().endswith(end)
    assert abs(lines[0].count("█") - 2 * lines[1].count("█")) <= 1
    (right,) = (line for line in lines_of(classification([1], [[0.25, 0.75]])) if "nut" in line)
    assert right.rstrip().endswith("✓ truth")


def test_below_the_threshold_the_answer_is_withheld_and_a_line_shows_why():
    lines = lines_of(classification([0], [[0.25, 0.5, 0.25]]), confidence=0.75)
    assert "answer" not in "".join(lines)
    assert lines[0].rstrip().endswith("withheld")
    assert all(line.count("┊") == 1 for line in lines)
    at = lines[0].index("┊")
    assert lines[0].index("█") < at
    assert all(line.index("┊") == at for line in lines)


@settings(max_examples=30)
@given(classifications(), st.integers(40, 200), st.sampled_from([0.0, 0.5, 1.0]))
def test_every_line_has_the_width_it_was_given_and_the_truth_is_marked_once(made, width, threshold):
    for image in made.probabilities.image.tolist()[:3]:
        lines = lines_of(made, image, threshold, width)
        assert {len(line) for line in lines} == {width}
        assert sum("truth" in line for line in lines) == 1


def test_the_verdict_says_margin_and_rank_and_an_image_without_prediction_says_so():
    made = classification([0, 1], [[0.25, 0.5, 0.25]], image=[0])
    said = verdict_words(made.answers.detail(0, 0.0), made.classes).plain
    assert said.startswith("Wrong: nut comes first at .500")
    assert said.endswith("Margin .250 over bolt · truth 2 of 3")
    assert made.answers.detail(1, 0.0).predicted == NOTHING
    assert "no prediction" in verdict_words(made.answers.detail(1, 0.0), made.classes).plain


def test_one_class_has_a_bar_and_no_margin():
    made = classification([0], np.ones((1, 1)))
    (line,) = lines_of(made)
    assert line.rstrip().endswith("1.000 ✓ truth")
    said = verdict_words(made.answers.detail(0, 0.0), made.classes).plain
    assert said.endswith(f"Margin {DASH} · truth 1 of 1")
