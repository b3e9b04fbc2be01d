"""The rules of matching worked by hand, and the sentences that must hold under each."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.assessment import cells_changed
from engine.core.thresholds import MATCHINGS
from tests.engine.detection.oracle import enough
from tests.making import confidences, detection, detections, ious

BOLT, NUT, WASHER, _ = range(4)
CROWDED_OUT = detection(
    [(0, BOLT, (0, 0, 10, 10)), (0, NUT, (0, 0, 10, 7))],
    [
        (0, BOLT, 0.9, (0, 0, 10, 9)),
        (0, NUT, 0.8, (0, 0, 10, 9.5)),
        (0, WASHER, 0.7, (0, 0, 10, 9)),
    ],
)


def cells(made, rule, confidence=0.5, iou=0.5):
    counts = made.at_iou(iou, rule).matrix(confidence).counts
    return {(int(t), int(p)): int(counts[t, p]) for t, p in np.argwhere(counts)}


def test_three_predictions_for_two_objects_under_each_rule():
    end = 4
    # Each class finds its own; the washer is left.
    assert cells(CROWDED_OUT, "class-first") == {(BOLT, BOLT): 1, (NUT, NUT): 1, (end, WASHER): 1}
    # In order of confidence: the bolt takes the bolt, the nut what is left.
    assert cells(CROWDED_OUT, "agnostic") == {(BOLT, BOLT): 1, (NUT, NUT): 1, (end, WASHER): 1}
    # All three overlap the bolt most; the nut has it, and the others get nothing instead.
    assert cells(CROWDED_OUT, "iou") == {
        (BOLT, NUT): 1,
        (NUT, end): 1,
        (end, BOLT): 1,
        (end, WASHER): 1,
    }


def test_with_agnostic_a_confident_wrong_answer_takes_the_object_of_the_right_one():
    made = detection(
        [(0, BOLT, (0, 0, 10, 10))],
        [(0, NUT, 0.9, (0, 0, 10, 8)), (0, BOLT, 0.8, (0, 0, 10, 10))],
    )
    assert cells(made, "agnostic") == {(BOLT, NUT): 1, (4, BOLT): 1}
    assert cells(made, "class-first") == {(BOLT, BOLT): 1, (4, NUT): 1}


def test_with_iou_a_pair_ends_when_a_less_confident_prediction_overlaps_more():
    made = detection(
        [(0, BOLT, (0, 0, 10, 10))],
        [(0, BOLT, 0.9, (0, 0, 10, 8)), (0, NUT, 0.6, (0, 0, 10, 9))],
    )
    assert cells(made, "iou", 0.7) == {(BOLT, BOLT): 1}
    assert cells(made, "iou", 0.5) == {(BOLT, NUT): 1, (4, BOLT): 1}
    at_iou = made.at_iou(0.5, "iou")
    assert (at_iou.scorecard(0.7).true_positives, at_iou.scorecard(0.5).true_positives) == (1, 0)
    assert (at_iou.optimum.confidence, at_iou.optimum.value) == (0.6, 1)


def test_with_supervision_who_loses_its_object_takes_the_next_best():
    made = detection(
        [(0, BOLT, (0, 0, 10, 10)), (0, BOLT, (0, 0, 10, 7))],
        [(0, BOLT, 0.9, (0, 0, 10, 8.6)), (0, BOLT, 0.6, (0, 0, 10, 9))],
    )
    at_iou = made.at_iou(0.5, "supervision")
    assert at_iou.outcomes(0.7).ground_truth.tolist() == [0, 1]
    both = at_iou.outcomes(0.5)
    assert list(zip(both.prediction.tolist(), both.ground_truth.tolist(), strict=True)) == [
        (0, 1),
        (1, 0),
    ]
    assert [at_iou.scorecard(c).true_positives for c in (0.7, 0.5)] == [1, 2]


def test_with_supervision_what_its_class_does_not_want_goes_to_the_highest_iou_of_the_others():
    made = detection(
        [(0, BOLT, (0, 0, 10, 10))],
        [
            (0, NUT, 0.9, (0, 0, 10, 8)),
            (0, WASHER, 0.8, (0, 0, 10, 9)),
            (0, BOLT, 0.6, (0, 0, 10, 6)),
        ],
    )
    assert cells(made, "supervision", 0.85) == {(BOLT, NUT): 1}
    assert cells(made, "supervision", 0.7) == {(BOLT, WASHER): 1, (4, NUT): 1}
    assert cells(made, "supervision", 0.5) == {(BOLT, BOLT): 1, (4, NUT): 1, (4, WASHER): 1}


def test_with_iou_the_more_confident_of_equal_overlaps_keeps_the_object():
    box = (0, 0, 10, 8)
    made = detection([(0, BOLT, (0, 0, 10, 10))], [(0, NUT, 0.6, box), (0, BOLT, 0.9, box)])
    assert cells(made, "iou") == {(BOLT, BOLT): 1, (4, NUT): 1}


@pytest.mark.parametrize(
    ("rule", "counts"), [("class-first", 1), ("agnostic", 1), ("iou", 0), ("supervision", 1)]
)
def test_only_iou_wants_its_thresholds_exceeded(rule, counts):
    made = detection([(0, BOLT, (0, 0, 10, 10))], [(0, BOLT, 0.5, (0, 0, 10, 5))])
    assert made.at_iou(0.4, rule).scorecard(0.5).true_positives == counts
    assert made.at_iou(0.5, rule).scorecard(0.4).true_positives == counts
    assert made.at_iou(0.4, rule).scorecard(0.4).true_positives == 1
    # The optimum lets the prediction take part: at its confidence, or as low as it takes.
    best = made.at_iou(0.4, rule).optimum
    assert (best.confidence, best.value) == (0.5 * counts, 1)


def test_what_loses_its_object_on_a_crowd_of_its_class_is_ignored_from_then_on():
    made = detection(
        [(0, BOLT, (0, 0, 10, 10)), (0, NUT, (0, 0, 50, 50))],
        [(0, NUT, 0.9, (0, 0, 10, 8)), (0, BOLT, 0.6, (0, 0, 10, 9))],
        crowds=(1,),
    )
    at_iou = made.at_iou(0.5, "iou")
    before, after = (at_iou.matrix(confidence) for confidence in (0.7, 0.5))
    assert (before.counts[BOLT, NUT], before.ignored) == (1, 0)
    assert (after.counts[BOLT, BOLT], after.ignored, after.counts[NOTHING].sum()) == (1, 1, 0)
    assert at_iou.outcomes(0.7).prediction.tolist() == [0]
    assert at_iou.outcomes(0.5).prediction.tolist() == [1]
    assert [at_iou.scorecard(c).false_positives for c in (0.7, 0.5)] == [1, 0]
    assert [row.tag for row in at_iou.detail(0, 0.7)] == ["FP", "FN", "crowd", "below"]
    assert [row.tag for row in at_iou.detail(0, 0.5)] == ["ignored", "TP", "crowd"]
    assert at_iou.detail(0, 0.7)[0].why.startswith("False positive: what it matches, at IoU .80")


def test_with_iou_a_prediction_of_confidence_0_never_counts():
    made = detection([(0, BOLT, (0, 0, 10, 10))], [(0, BOLT, 0.0, (0, 0, 10, 10))])
    assert cells(made, "iou", 0.0) == {(BOLT, 4): 1}
    best = made.at_iou(0.5, "iou").optimum
    assert (best.confidence, best.value) == (0, 0)


@pytest.mark.parametrize("rule", MATCHINGS)
def test_of_two_objects_in_the_same_place_the_one_that_is_taken_is_named(rule):
    box = (0, 0, 10, 10)
    made = detection([(0, BOLT, box), (0, NUT, box)], [(0, NUT, 0.9, box), (0, NUT, 0.8, box)])
    row = made.at_iou(0.5, rule).detail(0, 0.5)[1]
    if rule == "iou":
        assert row.why.startswith("False positive, a duplicate: the nut it overlaps most, at IoU")
    else:
        assert row.why == "False positive: what it matches, at IoU 1.00, is a bolt."


def test_a_change_of_rule_is_counted_in_cells():
    first, agnostic, iou, _ = (CROWDED_OUT.at_iou(0.5, rule).matrix(0.5) for rule in MATCHINGS)
    assert cells_changed(first, agnostic) == 0
    assert cells_changed(first, iou) == 5


def test_an_evaluation_knows_its_rule():
    assert [CROWDED_OUT.at_iou(0.5, rule).matching for rule in MATCHINGS] == list(MATCHINGS)
    assert CROWDED_OUT.at_iou(0.5).matching == "class-first"


def test_the_sentences_name_the_winner_and_what_it_won_by():
    rows = CROWDED_OUT.at_iou(0.5, "iou").detail(0, 0.7)
    assert [row.why for row in rows] == [
        "False positive: the bolt it overlaps most, at IoU .90, is matched with prediction 2, "
        "a nut at IoU .95.",
        "False positive: what it matches, at IoU .95, is a bolt.",
        "Not detected as bolt: prediction 2, a nut, covers it at IoU .95.",
        "Not detected: the best of all predictions, a bolt of confidence .90, reaches IoU .78 "
        "but overlaps another ground truth at least as much.",
        "Does not count: its confidence must be above the threshold .700.",
    ]


@pytest.mark.parametrize("rule", MATCHINGS)
def test_an_object_not_detected_says_what_became_of_the_best_prediction(rule):
    made = detection(
        [
            (0, BOLT, (0, 0, 10, 10)),
            (0, BOLT, (0, 0, 10, 7)),
            (0, NUT, (60, 60, 10, 10)),
            (0, WASHER, (50, 50, 40, 40)),
        ],
        [(0, BOLT, 0.9, (0, 0, 10, 9)), (0, WASHER, 0.8, (60, 60, 10, 9))],
        crowds=(3,),
    )
    why = [row.why for row in made.at_iou(0.5, rule).detail(0, 0.5) if row.tag == "FN"]
    best = "Not detected: the best of all predictions, a"
    assert why[0] == (
        f"{best} bolt of confidence .90, reaches IoU .78 but is matched with another ground truth."
    )
    if rule in ("class-first", "supervision"):  # the others let the washer have the nut
        nut = "washer of confidence .80, reaches IoU .90 but lies on a crowd of its class."
        assert why[1] == f"{best} {nut}"
    else:
        assert why[1].startswith("Not detected as nut: prediction 2, a washer, covers it")


@given(detections(), ious, confidences, st.sampled_from(MATCHINGS))
@settings(max_examples=100)
def test_the_list_of_an_image_agrees_with_the_matrix_and_its_sentences_hold(
    made, iou, threshold, rule
):
    at_iou = made.at_iou(iou, rule)
    table, needed = at_iou.outcomes(threshold), min(iou, 1 - 1e-10)
    held = dict(zip(table.prediction.tolist(), table.ground_truth.tolist(), strict=True))
    tags = []
    for image in range(len(made.images)):
        rows = at_iou.detail(image, threshold)
        tags += [row.tag for row in rows]
        for row in rows:
            if row.tag == "FP" and row.ground_truth != NOTHING:
                assert ("is closest" in row.why) == (not enough(row.iou, needed, rule))
            if winner := re.search(r"matched with prediction (\d+)", row.why):
                other = rows[int(winner[1]) - 1]
                assert held[other.prediction] == row.ground_truth
                assert held[row.prediction] == NOTHING
                assert rule != "iou" or other.iou >= row.iou
            if row.tag == "TP":
                assert ("more than" in row.why) == (rule == "iou")
            if "must be above" in row.why:
                assert (rule, row.confidence) == ("iou", threshold)
            if "reaches IoU" in row.why and row.tag == "FN":
                assert row.ground_truth in table.ground_truth[table.prediction == NOTHING]
    card, matrix = at_iou.scorecard(threshold), at_iou.matrix(threshold)
    assert tags.count("TP") == card.true_positives
    assert tags.count("FP") == card.false_positives
    assert tags.count("FN") == card.not_detected
    assert tags.count("ignored") == matrix.ignored
