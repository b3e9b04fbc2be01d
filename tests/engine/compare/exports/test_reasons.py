"""Why boxes disagree: each fault that exports have is made, found, and told from rounding."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare.exports.closeness import IN_8_BITS, IN_FLOAT, closeness, explains
from engine.compare.exports.eight_bits import limits_of
from engine.compare.exports.reasons import BoxSides, coarse_scores, explained, renamed_classes
from engine.compare.exports.verdicts import agreement
from engine.core.arrays import NOTHING
from engine.core.dataset import Predictions
from tests.engine.compare.exports.rounded import rounded, scene
from tests.making import NAMES

DEMO = Path(__file__).parents[4] / "demo_data" / "classification"
FROM = np.full(4, 0.25)


def sides(a: Predictions, b: Predictions, least: np.ndarray = FROM) -> BoxSides:
    return BoxSides(NAMES, 1 + int(a.image.max()), a, b, least, least)


def reason(a: Predictions, b: Predictions) -> str:
    found = agreement(sides(a, b))
    assert found.verdict == "other"
    return found.reason


def test_equal_boxes_are_the_same_model():
    found = agreement(sides(scene(), scene()))
    assert (found.verdict, found.reason) == ("same", "")
    assert found.sentence.startswith("The same model: all ")
    assert not found.worth_trying


@pytest.mark.parametrize("by", [0.002, 0.01])
def test_a_little_noise_is_rounding(by):
    a = scene()
    found = agreement(sides(a, rounded(a, np.random.default_rng(1), by)))
    assert (found.verdict, found.reason) == ("rounding", "")
    assert "but for rounding" in found.sentence


def test_another_model_has_no_reason():
    found = agreement(sides(scene(), scene(seed=5)))
    assert (found.verdict, found.reason) == ("other", "")
    assert found.sentence.startswith("Another model: ")
    assert found.worth_trying


@settings(max_examples=15)
@given(st.permutations(range(4)), st.integers(0, 99))
def test_any_order_of_classes_is_found(order, seed):
    a = scene(seed)
    b = rounded(replace(a, class_=np.array(order)[a.class_]), np.random.default_rng(seed))
    found = explained(sides(a, b))
    if list(order) == [0, 1, 2, 3]:
        assert found is None
        return
    assert "the classes of B are in another order" in found.words
    assert closeness(found.without) == "rounding"


def test_two_swapped_classes_are_named_and_a_shift_is_told_as_one():
    a = scene()
    swap, next_ = np.array([1, 0, 2, 3]), np.array([1, 2, 3, 0])
    said = reason(a, replace(a, class_=swap[a.class_]))
    assert "bolt of A is nut of B, nut of A is bolt of B" in said
    some = a.where(a.class_ < 3)
    assert "each is 1 after that of A" in reason(some, replace(some, class_=next_[some.class_]))


def test_a_threshold_of_a_class_goes_with_the_class():
    a = scene()
    b = replace(a, class_=np.array([1, 0, 2, 3])[a.class_])
    found = explained(
        BoxSides(NAMES, 30, a, b, np.array([0.9, 0.1, 0.5, 0.5]), np.array([0.1, 0.9, 0.5, 0.5]))
    )
    assert found.without.share == 1


def test_what_nobody_calls_otherwise_keeps_its_class():
    assert renamed_classes(np.array([1, 0, NOTHING, NOTHING])).tolist() == [1, 0, 2, 3]
    # Class 1 of A is 2 of B; nothing is known of 0 and 2 of A, so 2 of A can only be 1 of B.
    assert renamed_classes(np.array([NOTHING, 2, NOTHING])).tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    ("map_", "words"),
    [
        (lambda box: box * 0.65, "are A's times .65 across and .65 down"),
        (lambda box: box * (0.5, 2, 0.5, 2), "are A's times .5 across and 2 down"),
        (
            lambda box: box + np.array([40, -12.5, 0, 0]),
            "moved 40.0 pixels to the right and 12.5 pixels up",
        ),
        (
            lambda box: box * 0.5 + np.array([3, 0, 0, 0]),
            "A's times .5 across and .5 down and are moved 3.0 pixels to the right",
        ),
        (
            lambda box: np.hstack([box[:, :2] + box[:, 2:] / 2, box[:, 2:]]),
            "begin in the middle of A's",
        ),
        (
            lambda box: np.hstack([box[:, :2] - box[:, 2:] / 2, box[:, 2:]]),
            "begin half their size before A's",
        ),
        (lambda box: box * (1, 1, 1.5, 1.5), "are 1.5 times as wide, 1.5 times as high as A's"),
    ],
)
def test_boxes_that_moved_by_a_rule_are_found(map_, words):
    a = scene()
    b = rounded(replace(a, box=map_(a.box)), np.random.default_rng(0), 0.0001)
    assert words in reason(a, b)


def test_boxes_in_the_space_of_another_size_in_each_image_are_found():
    a = scene()
    factor = np.random.default_rng(2).uniform(0.3, 0.9, 30)[a.image]
    said = reason(a, replace(a, box=a.box * factor[:, None]))
    assert "times another factor in each image, from .3" in said
    assert "output.box_space" in said


@pytest.mark.parametrize("swapped", [False, True])
def test_a_lost_suppression_is_found_on_either_side(swapped):
    a = scene()
    again = replace(a, confidence=a.confidence * 0.98, box=a.box + np.array([1, 1, 0, 0]))
    b = Predictions.join([a, again, replace(again, box=a.box + np.array([0, 2, 1, 0]))])
    said = reason(b, a) if swapped else reason(a, b)
    assert said.startswith(f"{'A' if swapped else 'B'} has lost its suppression")


@pytest.mark.parametrize("swapped", [False, True])
def test_a_floor_of_scores_is_found_on_either_side(swapped):
    a = scene()
    b = a.where(a.confidence >= 0.5)
    said = reason(b, a) if swapped else reason(a, b)
    name, lowest = "A" if swapped else "B", b.confidence.min()
    assert said == f"{name} holds no box below a score of {lowest:.3f}".replace("0.", ".")


def test_scores_that_take_few_values_are_told():
    a = scene()
    b = replace(a, confidence=np.where(a.confidence > 0.4, 0.75, 0.0))
    found = agreement(sides(a, b))
    assert found.verdict == "other"
    assert "the scores of B take only 1 value" in found.reason
    assert coarse_scores(sides(a, a)) == ""


def test_a_reason_must_explain_what_is_apart():
    a, b = scene(), scene(seed=3)
    swap = np.array([1, 0, 2, 3])
    mixed = Predictions.join([replace(a, class_=swap[a.class_]), replace(b, image=b.image)])
    found = agreement(sides(a, mixed))
    assert "another order" not in found.reason


def test_nothing_is_found_where_neither_side_has_a_box():
    none = Predictions.none()
    found = agreement(BoxSides(NAMES, 3, none, none, FROM, FROM))
    assert found.verdict == "other"
    assert "neither side has a box" in found.reason


def test_one_side_without_boxes_is_another_model():
    a = scene()
    found = agreement(sides(a, Predictions.none()))
    assert (found.verdict, found.measured.share) == ("other", 0)
    assert found.worth_trying


def test_what_does_not_halve_the_gap_explains_nothing():
    a = scene()
    near = sides(a, rounded(a, np.random.default_rng(1), 0.01)).agreement
    assert not explains(near, near)
    assert explains(near, sides(a, a).agreement)


def test_what_is_rounding_in_8_bits_is_more_than_that_in_float():
    a = scene()
    pair = sides(a, rounded(a, np.random.default_rng(1), 0.015))
    assert agreement(pair, IN_8_BITS).verdict == "rounding"
    assert agreement(pair, IN_FLOAT).verdict == "other"


def test_limits_follow_from_the_operators_of_both_models():
    model = DEMO / "model.onnx"
    assert limits_of(model, model) is IN_FLOAT
    assert limits_of(model, DEMO / "model_int8.onnx") is IN_8_BITS
    assert limits_of(model, None) is IN_8_BITS
