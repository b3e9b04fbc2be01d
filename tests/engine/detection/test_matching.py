from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.dataset import GroundTruths, Predictions
from engine.core.matrix import count
from engine.core.thresholds import MATCHINGS
from engine.detection.boxes import LOWEST_IOU, Pairs, overlapping
from engine.detection.detection import Detection
from engine.detection.matching import in_order_of_preference, match
from tests.engine.detection import oracle
from tests.making import confidences, detection, detections, ious

rules = st.sampled_from(MATCHINGS)


@given(detections(), ious, confidences, rules)
@settings(max_examples=150)
def test_the_table_at_a_threshold_equals_filter_first_then_match(made, iou, threshold, rule):
    table = made.at_iou(iou, rule).outcomes(threshold)
    rows = zip(table.truth, table.predicted, table.prediction, table.ground_truth, strict=True)
    expected = oracle.outcomes(made, iou, threshold, rule)
    assert sorted(tuple(map(int, row)) for row in rows) == expected


@given(detections(), ious, confidences, rules)
@settings(max_examples=150)
def test_the_matrix_of_the_prefix_is_the_count_of_the_table(made, iou, threshold, rule):
    at_iou = made.at_iou(iou, rule)
    matrix, table = at_iou.matrix(threshold), at_iou.outcomes(threshold)
    counted = sum(oracle.enough(c, threshold, rule) for c in made.predictions.confidence)
    assert np.array_equal(matrix.counts, count(table, len(made.classes)).counts)
    assert matrix.ignored == counted - int((table.prediction != NOTHING).sum())


@given(detections(), ious, confidences, rules)
def test_rows_sum_to_ground_truths_and_columns_to_counted_predictions(made, iou, threshold, rule):
    matrix = made.at_iou(iou, rule).matrix(threshold)
    assert matrix.ground_truths.tolist() == made.truths_of_class.tolist()
    found = made.predictions
    counts = [oracle.enough(confidence, threshold, rule) for confidence in found.confidence]
    predictions = np.bincount(found.class_[np.array(counts, bool)], minlength=len(made.classes))
    assert (matrix.predictions <= predictions).all()
    assert matrix.predictions.sum() + matrix.ignored == predictions.sum()
    assert matrix.counts[-1, -1] == 0


@given(detections(), ious, confidences, rules)
def test_the_diagonal_is_the_true_positives_of_the_scorecard(made, iou, threshold, rule):
    at_iou = made.at_iou(iou, rule)
    matrix, card = at_iou.matrix(threshold), at_iou.scorecard(threshold)
    assert card.true_positives == matrix.true_positives.sum()
    assert card.false_positives == (matrix.predictions - matrix.true_positives).sum()
    assert card.not_detected == (matrix.ground_truths - matrix.true_positives).sum()


@given(detections(ties=False), ious, confidences, rules, st.randoms(use_true_random=False))
def test_the_order_of_images_and_of_files_changes_nothing(made, iou, threshold, rule, random):
    images = list(range(len(made.images)))
    random.shuffle(images)
    renumbered = np.array(images, np.intp)
    order = list(range(len(made.predictions)))
    random.shuffle(order)
    moved = made.predictions.where(np.array(order, np.intp))
    truths = made.dataset.ground_truths
    other = detection(
        [
            (int(renumbered[truths.image[t]]), int(truths.class_[t]), tuple(truths.box[t]))
            for t in range(len(truths))
        ],
        [
            (int(renumbered[image]), int(class_), float(confidence), tuple(box))
            for image, class_, confidence, box in zip(
                moved.image, moved.class_, moved.confidence, moved.box, strict=True
            )
        ],
        images=len(images),
        classes=made.classes,
        crowds=tuple(np.flatnonzero(truths.crowd)),
    )
    before, after = (one.at_iou(iou, rule).matrix(threshold) for one in (made, other))
    assert np.array_equal(before.counts, after.counts)
    assert before.ignored == after.ignored


@given(detections(), ious, confidences, rules, st.randoms(use_true_random=False))
def test_renaming_the_classes_permutes_the_matrix(made, iou, threshold, rule, random):
    new = list(range(len(made.classes)))
    random.shuffle(new)
    number = np.array(new, np.intp)
    truths, found = made.dataset.ground_truths, made.predictions
    renamed = Detection(
        made.dataset.__class__(
            made.dataset.source,
            made.classes,
            made.images,
            GroundTruths(
                truths.image, number[truths.class_], truths.box, truths.area, truths.crowd
            ),
        ),
        Predictions(found.image, number[found.class_], found.confidence, found.box),
    )
    lines = np.append(number, len(new))
    before = made.at_iou(iou, rule).matrix(threshold).counts
    after = renamed.at_iou(iou, rule).matrix(threshold).counts
    assert np.array_equal(before, after[np.ix_(lines, lines)])


@given(detections(crowds=False), st.floats(0, 1, exclude_max=True), rules)
def test_a_perfect_model_is_diagonal(made, threshold, rule):
    truths = made.dataset.ground_truths
    if rule != "class-first":  # a box drawn twice, of two classes, is anybody's guess
        rows = np.column_stack((truths.image, truths.box))
        _, first = np.unique(rows, axis=0, return_index=True)
        truths = GroundTruths(
            *(column[first] for column in vars(truths).values() if column is not None)
        )
    sure = Predictions(truths.image, truths.class_, np.ones(len(truths)), truths.box)
    perfect = Detection(replace(made.dataset, ground_truths=truths), sure)
    matrix = perfect.at_iou(1.0, rule).matrix(threshold)
    assert np.array_equal(matrix.counts, np.diag(np.append(perfect.truths_of_class, 0)))


@given(detections(), ious, rules)
@settings(max_examples=150)
def test_the_optimum_is_the_best_f1_of_all_thresholds_and_the_higher_on_a_tie(made, iou, rule):
    at_iou = made.at_iou(iou, rule)
    scores = sorted(set(made.predictions.confidence.tolist()), reverse=True)
    if rule == "iou" and scores and scores[-1] > 0:
        scores.append(0.0)  # none of the scores lets the lowest take part: it must be exceeded
    values = [at_iou.scorecard(score).f1 for score in scores]
    best = at_iou.optimum
    if not scores or np.isnan(values).any() or not made.truths_of_class.sum():
        assert np.isnan(best.value)
    else:
        assert best.value == max(values)
        assert best.confidence == scores[values.index(max(values))]


@given(detections())
def test_the_quick_look_lets_no_overlapping_pair_slip(made):
    found, truths = made.predictions, made.dataset.ground_truths
    pairs = overlapping(found, truths)
    seen = {
        (int(p), int(t)): float(v)
        for p, t, v in zip(pairs.prediction, pairs.ground_truth, pairs.iou, strict=True)
    }
    expected = {}
    for p in range(len(found)):
        for t in range(len(truths)):
            value = oracle.iou(tuple(found.box[p]), tuple(truths.box[t]), bool(truths.crowd[t]))
            if found.image[p] == truths.image[t] and value >= LOWEST_IOU:
                expected[p, t] = value
    assert seen == expected


@given(st.floats(1e3, 1e6), st.integers(0, 2**32 - 1))
def test_small_boxes_far_from_the_origin_are_not_lost_to_rounding(far, seed):
    rng = np.random.default_rng(seed)
    box = np.hstack([far + rng.uniform(0, 2, (30, 2)), rng.uniform(0.5, 3, (30, 2))])
    zero = np.zeros(30, np.intp)
    truths = GroundTruths(zero, zero, box[::-1].copy(), np.ones(30), np.zeros(30, np.bool_))
    pairs = overlapping(Predictions(zero, zero, np.ones(30), box), truths)
    expected = sum(
        oracle.iou(tuple(a), tuple(b), False) >= LOWEST_IOU for a in box for b in truths.box
    )
    assert len(pairs) == expected


@given(detections(), st.floats(0, 1))
def test_raising_the_threshold_removes_pairs_and_never_changes_one(made, threshold):
    truths = len(made.dataset.ground_truths)
    pairs = in_order_of_preference(overlapping(made.ranked, made.dataset.ground_truths))
    n = made.at_iou(0.5).counted(threshold)
    fewer = pairs.where(np.flatnonzero(pairs.prediction < n))
    before = pairs.where(match(pairs, truths))
    before = before.where(np.flatnonzero(before.prediction < n))
    after = fewer.where(match(fewer, truths))
    assert before.prediction.tolist() == after.prediction.tolist()
    assert before.ground_truth.tolist() == after.ground_truth.tolist()


def test_of_equal_overlaps_the_later_ground_truth_is_taken():
    pairs = Pairs(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.5, 0.5, 0.9]))
    ordered = in_order_of_preference(pairs)
    assert ordered.ground_truth.tolist() == [1, 0, 1]
    assert ordered.where(match(ordered, 2)).ground_truth.tolist() == [1]


def test_a_right_answer_is_never_stolen_by_a_wrong_one():
    """The nut is more confident and lies better, and still the bolt gets its bolt."""
    made = detection(
        [(0, 0, (0, 0, 10, 10))], [(0, 1, 0.9, (0, 0, 10, 10)), (0, 0, 0.8, (0, 0, 10, 9))]
    )
    at_iou = made.at_iou(0.5)
    assert at_iou.matrix(0.5).counts[0, 0] == 1
    assert at_iou.matrix(0.5).counts[NOTHING, 1] == 1
    # Above the bolt's confidence the nut is the only one there: a confusion.
    assert at_iou.matrix(0.85).counts[0, 1] == 1
    assert at_iou.matrix(0.85).counts[NOTHING].sum() == 0


def test_a_prediction_on_a_crowd_of_its_class_is_ignored_and_one_of_another_class_is_not():
    crowd = (0, 0, (0.0, 0.0, 100.0, 100.0))
    made = detection(
        [crowd], [(0, 0, 0.9, (10, 10, 5, 5)), (0, 1, 0.8, (30, 30, 5, 5))], crowds=(0,)
    )
    matrix = made.at_iou(0.5).matrix(0.0)
    assert matrix.ignored == 1
    assert matrix.counts[NOTHING].tolist() == [0, 1, 0, 0, 0]
    assert matrix.ground_truths.sum() == 0
