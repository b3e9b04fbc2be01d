"""Images of two classifiers: laws, and a set worked by hand."""

import numpy as np
from hypothesis import given, settings

from engine.compare.answers import compared_answers
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import NOTHING
from tests.engine.compare.making import classification_pairs
from tests.making import confidences
from tests.making_classes import classification

BOLT, NUT, WASHER = range(3)


@settings(max_examples=60)
@given(classification_pairs(), confidences, confidences)
def test_every_image_is_what_a_loop_says(pair, at_a, at_b):
    a, b = pair
    made = compared_answers(a.answers, at_a, b.answers, at_b)
    told = []
    for image in range(len(a.images)):
        rows = [int(each.row_of_image[image]) for each in pair]
        if NOTHING in rows:
            continue
        truth = int(a.dataset.label[image])
        sides = []
        for each, row, threshold in zip(pair, rows, (at_a, at_b), strict=True):
            value = [float(v) for v in each.probabilities.value[row]]
            top = value.index(max(value))
            given_ = value[top] >= threshold
            why = NOTHING
            if not (given_ and top == truth):
                withheld = Why.BELOW_THRESHOLD if top == truth else Why.MISSED
                why = Why.WRONG_CLASS if given_ else withheld
            sides.append((top if given_ else NOTHING, why))
        (class_a, why_a), (class_b, why_b) = sides
        status = ObjectStatus(
            {(1, 1): 0, (0, 1): 1, (1, 0): 2, (0, 0): 3}[why_a == NOTHING, why_b == NOTHING]
        )
        told.append((image, truth, status, class_a, class_b, why_a, why_b))
    columns = made.image, made.truth, made.status, made.predicted_a, made.predicted_b
    seen = zip(*(each.tolist() for each in (*columns, made.why_a, made.why_b)), strict=True)
    assert list(seen) == told


@settings(max_examples=60)
@given(classification_pairs(), confidences, confidences)
def test_swapping_the_sides_exchanges_fixed_and_broken(pair, at_a, at_b):
    a, b = pair
    one = compared_answers(a.answers, at_a, b.answers, at_b)
    other = compared_answers(b.answers, at_b, a.answers, at_a)
    assert one.count(ObjectStatus.FIXED) == other.count(ObjectStatus.BROKEN)
    assert one.count(ObjectStatus.BROKEN) == other.count(ObjectStatus.FIXED)
    ours = set(zip(one.changed.was, one.changed.is_, one.changed.fixed, strict=True))
    theirs = set(zip(other.changed.is_, other.changed.was, other.changed.broken, strict=True))
    assert ours == theirs
    same = compared_answers(a.answers, at_a, a.answers, at_a)
    assert same.count(ObjectStatus.FIXED) == same.count(ObjectStatus.BROKEN) == 0
    assert not len(same.changed.was)


@settings(max_examples=60)
@given(classification_pairs(), confidences)
def test_totals_are_those_of_single_reports_where_both_answer_all(pair, at):
    a, b = pair
    made = compared_answers(a.answers, at, b.answers, at)
    assert sum(made.count(status) for status in ObjectStatus) == len(made)
    if len(made) == len(a.probabilities) == len(b.probabilities):
        both, fixed, broken, _ = (made.count(status) for status in ObjectStatus)
        assert both + broken == a.answers.scorecard(at).true_positives
        assert both + fixed == b.answers.scorecard(at).true_positives


def test_what_changed_is_counted_by_the_classes_before_and_after():
    label = [BOLT, BOLT, NUT, WASHER]
    a = classification(label, [[0.9, 0.1, 0], [0.8, 0.2, 0], [0.6, 0.4, 0], [0, 0, 0.3]])
    b = classification(label, [[0.1, 0.9, 0], [0.2, 0.8, 0], [0.1, 0.9, 0], [0, 0, 0.9]])
    made = compared_answers(a.answers, 0.5, b.answers, 0.5)
    assert made.status.tolist() == [2, 2, 1, 1]
    changed = made.changed
    assert changed.was.tolist() == [BOLT, NOTHING]
    assert changed.is_.tolist() == [NUT, WASHER]
    assert changed.images.tolist() == [3, 1]
    assert changed.fixed.tolist() == [1, 1]
    assert changed.broken.tolist() == [2, 0]
    assert made.whys(ObjectStatus.FIXED)[Why.BELOW_THRESHOLD] == 1
    assert made.whys(ObjectStatus.BROKEN)[Why.WRONG_CLASS] == 2
    assert np.array_equal(made.of_class(ObjectStatus.BROKEN, 3), [2, 0, 0])
