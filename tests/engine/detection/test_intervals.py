import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.dataset import GroundTruths
from engine.core.intervals import Interval
from engine.detection.coco.average_precision import average_precision
from engine.detection.coco.hits import CocoHits
from engine.detection.coco.params import IOUS
from engine.detection.curves import curve, ranking
from engine.detection.detection import Detection
from engine.detection.intervals import bootstrap
from engine.detection.resampling import Resampling
from tests.making import confidences, dataset, detection, detections, ious

NAMES = ("ap", "ap50", "precision", "recall", "f1", "optimum", "false_alarms_per_image")


def copied(made: Detection, weight: np.ndarray) -> Detection:
    """The images drawn, written down one by one."""
    drawn = np.repeat(np.arange(len(weight)), weight)
    truths, found = made.dataset.ground_truths, made.predictions

    def rows(image):
        there = [np.flatnonzero(image == one) for one in drawn]
        at = [np.full(len(part), copy) for copy, part in enumerate(there)]
        empty = [np.zeros(0, np.intp)]
        return np.concatenate(there + empty), np.concatenate(at + empty)

    (t, t_image), (n, n_image) = rows(truths.image), rows(found.image)
    copies = GroundTruths(t_image, truths.class_[t], truths.box[t], truths.area[t], truths.crowd[t])
    predictions = found.where(n)
    object.__setattr__(predictions, "image", n_image)
    return Detection(dataset(copies, len(drawn), made.classes), predictions)


@given(detections(ties=False), ious, confidences, st.data())
@settings(max_examples=100, deadline=None)
def test_a_sample_is_what_its_copied_images_show(made, iou, confidence, data):
    images = len(made.images)
    weight = np.array(data.draw(st.lists(st.integers(0, 3), min_size=images, max_size=images)))
    if not weight.sum():
        return
    found = Resampling.of(made, made.at_iou(iou), confidence).sample(weight)
    other = copied(made, weight)
    at_iou = other.at_iou(iou)
    card, truths = at_iou.scorecard(confidence), other.dataset.ground_truths
    coco = average_precision(truths, other.predictions, len(other.classes)).summary
    shown = (coco.AP, coco.AP50, card.precision, card.recall, card.f1)
    assert found[:5] == pytest.approx(shown, abs=1e-12, nan_ok=True)
    alarms = int(at_iou.matrix(confidence).counts[-1].sum())
    assert found.false_alarms_per_image == alarms / len(other.images)
    if curve(ranking(at_iou, None)).true_positives.any():
        assert found.optimum == at_iou.optimum.confidence
    else:
        assert np.isnan(found.optimum)


@given(detections())
@settings(deadline=None)
def test_images_drawn_once_each_have_the_curves_of_the_dataset(made):
    evaluations = [made.at_iou(iou) for iou in IOUS.tolist()]
    hits = CocoHits.of(*evaluations)
    once = hits.precisions(np.ones(len(made.images), np.int64))
    assert np.array_equal(once, hits.precisions(), equal_nan=True)


def test_equal_confidences_in_other_images_share_the_threshold_of_a_sample():
    box, far = (0, 0, 10, 10), (50, 50, 10, 10)
    wrong = [(1, 0, confidence, far) for confidence in (0.6, 0.4, 0.4)]
    found = [(0, 0, 0.6, box), *wrong, (1, 0, 0.3, box)]
    made = detection([(0, 0, box), (1, 0, box)], found, images=2)
    resampling = Resampling.of(made, made.at_iou(0.5), 0.5)
    # F1 is 4 / 7 at .3, and at .6 only 2 / 4: the wrong one counts there as well.
    assert resampling.sample(np.array([1, 1])).optimum == 0.3
    assert resampling.sample(np.array([2, 0])).optimum == 0.6


def scene(images: int, seed: int = 3) -> Detection:
    random = np.random.default_rng(seed)
    truths = [(i, k % 2, (20 * k, 0, 10, 10)) for i in range(images) for k in range(3)]
    found = [
        (i, k, float(random.random()), (box[0] + random.choice([0, 2, 9]), *box[1:]))
        for i, k, box in truths
    ]
    return detection(truths, found, images=images)


def last(made, **options):
    *_, intervals = bootstrap(made, made.at_iou(0.5), 0.4, **options)
    return intervals


def test_one_image_has_no_width():
    intervals = last(scene(1), samples=30)
    for name in NAMES:
        interval = getattr(intervals, name)
        assert interval.low == interval.high


def test_intervals_hold_the_number_and_narrow_with_more_images():
    made, more = scene(30), scene(480)
    few, many = last(made), last(more)
    card = made.at_iou(0.5).scorecard(0.4)
    for name in ("precision", "recall", "f1"):
        assert getattr(few, name).low < getattr(card, name) < getattr(few, name).high
    for name in NAMES[:5]:
        wide, narrow = getattr(few, name), getattr(many, name)
        assert narrow.high - narrow.low < 0.5 * (wide.high - wide.low)


def test_the_width_is_that_of_theory_where_theory_has_one():
    # One object an image, half of them found: recall is binomial over images.
    made = detection(
        [(i, 0, (0, 0, 10, 10)) for i in range(400)],
        [(i, 0, 0.9, (0, 0, 10, 10)) for i in range(200)],
        images=400,
    )
    recall = last(made, samples=1000).recall
    assert recall.high - recall.low == pytest.approx(2 * 1.96 * 0.5 / 20, rel=0.1)


def test_a_seed_repeats_and_another_differs():
    made = scene(12)
    one, again, other = last(made, seed=1), last(made, seed=1), last(made, seed=2)
    assert one == again
    assert one.recall != other.recall or one.ap != other.ap


def test_intervals_come_early_and_are_refined():
    made = scene(5)
    samples = [i.samples for i in bootstrap(made, made.at_iou(0.5), 0.4, samples=50)]
    assert samples == [20, 40, 50]


def test_a_cancelled_bootstrap_stops():
    made = scene(5)
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 40

    seen = list(bootstrap(made, made.at_iou(0.5), 0.4, cancelled=cancelled))
    assert [intervals.samples for intervals in seen] == [20]
    assert len(asked) == 41
    assert not list(bootstrap(made, made.at_iou(0.5), 0.4, cancelled=lambda: True))


def test_without_images_or_truth_nothing_is_claimed():
    nothing = detection([], [], images=0)
    assert not list(bootstrap(nothing, nothing.at_iou(0.5), 0.5))
    intervals = last(detection([], [(0, 0, 0.9, (0, 0, 5, 5))]), samples=3)
    assert np.isnan([intervals.ap.low, intervals.recall.high, intervals.optimum.low]).all()
    assert intervals.precision == Interval(0, 0)
