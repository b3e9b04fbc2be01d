import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.goals import GOALS, Goal, GoalError, optimum
from engine.core.thresholds import MATCHINGS
from tests.making import detection, detections, ious

BOX, FAR = (0, 0, 10, 10), (50, 50, 10, 10)
goals = st.one_of(
    st.sampled_from(GOALS),
    st.builds(Goal, st.just("recall at precision"), st.sampled_from([0.0, 0.25, 0.5, 1.0])),
    st.builds(Goal, st.just("false positives per image"), st.sampled_from([0.0, 0.5, 2.0])),
)
BETA = {"f0.5": 0.5, "f1": 1, "f2": 2}


def measured(goal: Goal, right: int, wrong: int, truths: int, images: int) -> float:
    """NaN where the limit is not kept or nothing can be measured: the plain definitions."""
    precision = right / (right + wrong) if right + wrong else np.nan
    if goal.kind == "precision":
        return precision
    if goal.kind in BETA:
        square = BETA[goal.kind] ** 2
        return (1 + square) * right / (square * truths + right + wrong)
    if goal.kind == "recall at precision" and not precision >= goal.limit:
        return np.nan
    if goal.kind == "false positives per image" and wrong > goal.limit * images:
        return np.nan
    return right / truths


def best_of_all(candidates, count, goal, truths, images):
    """Every threshold tried, from the highest on: only a better value displaces it."""
    best = (np.nan, np.nan)
    for threshold in candidates:
        value = measured(goal, *count(threshold), truths, images)
        if value == value and not value <= best[1]:
            best = (threshold, value)
    return best


@given(detections(), ious, goals, st.sampled_from(MATCHINGS))
@settings(max_examples=150, deadline=None)
def test_the_optimum_is_that_of_a_search_over_all_scores(made, iou, goal, rule):
    at_iou = made.at_iou(iou, rule)
    truths, images = int(made.truths_of_class.sum()), len(made.images)
    if not truths:
        return
    scores = set(made.predictions.confidence.tolist())
    if rule == "iou" and scores:
        scores |= {0.0}

    def count(threshold):
        card = at_iou.scorecard(threshold)
        return card.true_positives, card.false_positives

    found = optimum(at_iou, goal, images)
    expected = best_of_all(sorted(scores, reverse=True), count, goal, truths, images)
    assert np.array_equal((found.confidence, found.value), expected, equal_nan=True)


@given(detections(), ious, st.sampled_from(MATCHINGS))
def test_the_optimum_of_f1_is_the_one_that_the_slider_knows(made, iou, rule):
    at_iou = made.at_iou(iou, rule)
    found, known = optimum(at_iou, Goal("f1"), len(made.images)), at_iou.optimum
    pair = (found.confidence, found.value)
    assert np.array_equal(pair, (known.confidence, known.value), equal_nan=True)


def test_an_optimum_at_1_and_one_at_0():
    made = detection([(0, 0, BOX)], [(0, 0, 1.0, BOX), (0, 0, 0.5, FAR)])
    found = optimum(made.at_iou(0.5), Goal("f1"), 1)
    assert (found.confidence, found.value) == (1.0, 1.0)
    made = detection([(0, 0, BOX), (0, 0, FAR)], [(0, 0, 0.5, BOX), (0, 0, 0.0, FAR)])
    found = optimum(made.at_iou(0.5), Goal("f1"), 1)
    assert (found.confidence, found.value) == (0.0, 1.0)


def test_of_equal_values_the_higher_threshold_is_taken():
    made = detection([(0, 0, BOX)], [(0, 0, 0.9, BOX), (0, 0, 0.4, FAR)])
    assert optimum(made.at_iou(0.5), Goal("recall"), 1).confidence == 0.9


def test_a_limit_that_nothing_keeps_has_no_optimum():
    made = detection([(0, 0, BOX)], [(0, 0, 0.9, FAR)])
    for goal in (Goal("recall at precision", 0.5), Goal("false positives per image", 0.5)):
        found = optimum(made.at_iou(0.5), goal, 1)
        assert np.isnan([found.confidence, found.value, *found.flat]).all()


def test_without_ground_truth_or_predictions_the_value_is_undefined():
    no_truth = optimum(detection([], [(0, 0, 0.7, BOX)]).at_iou(0.5), Goal("f2"), 1)
    assert no_truth.confidence == 0.7
    assert np.isnan(no_truth.value)
    nothing = optimum(detection([(0, 0, BOX)], []).at_iou(0.5), Goal("f1"), 1)
    assert np.isnan([nothing.confidence, nothing.value]).all()


def test_the_flat_region_ends_where_the_value_falls_by_more_than_a_hundredth():
    boxes = [(20.0 * k, 0, 10, 10) for k in range(200)]
    truths = [(0, 0, box) for box in boxes]
    scores = np.linspace(0.99, 0.5, 200)
    found = [(0, 0, float(s), box) for s, box in zip(scores, boxes, strict=True)]
    best = optimum(detection(truths, found).at_iou(0.5), Goal("recall"), 1)
    assert best.confidence == 0.5
    assert best.flat == (0.5, scores[197])  # 198 of 200 are 99 %


@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_a_goal_reads_what_it_writes(goal):
    assert Goal.parse(goal.spec) == goal
    assert len({goal.words for goal in GOALS}) == len(GOALS)


def test_goals_are_typed_in_several_ways():
    assert Goal.parse("F.5") == Goal("f0.5")
    assert Goal.parse("recall@precision=0.90") == Goal("recall at precision", 0.9)
    assert Goal.parse("recall@fp-per-image=2").words == (
        "highest recall with at most 2 false positives an image"
    )
    assert Goal("f1") == Goal("f1", float("nan"))
    assert Goal("recall at precision", 0.9) != Goal("recall at precision", 0.8)


@pytest.mark.parametrize(
    "text", ["", "f3", "recall@precision", "recall@precision=2", "f1=.5", "recall@precision=x"]
)
def test_an_unknown_goal_is_refused_with_the_known_ones(text):
    with pytest.raises(GoalError, match="recall@precision="):
        Goal.parse(text)
