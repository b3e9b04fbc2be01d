import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.dataset import GroundTruths
from engine.detection.coco import reweighting
from engine.detection.coco.average_precision import Ranked, average_precision, rank_of_ids
from engine.detection.coco.reweighting import DrawnSummaries, Reweighting
from tests.benchmarks.coco_shaped import Made
from tests.making import detection
from tests.parity.coco_scenes import scenes


def reweighted(made: Made, weights: np.ndarray) -> DrawnSummaries:
    rank = rank_of_ids(made.image_ids.tolist())
    classes = len(made.category_ids)
    ranked = Ranked.of(made.ground_truths, made.predictions, classes, rank)
    drawn = Reweighting.of(ranked, len(made.image_ids)).drawn(np.asarray(weights))
    assert drawn is not None
    return drawn


def copied(made: Made, weight: np.ndarray) -> tuple[GroundTruths, object]:
    """The images drawn, written down one by one."""
    copies = np.repeat(np.arange(len(weight)), weight)

    def rows(image):
        there = [np.flatnonzero(image == copy) for copy in copies]
        number = np.repeat(np.arange(len(copies)), [len(part) for part in there])
        return np.concatenate([*there, np.zeros(0, np.intp)]), number

    truths, found = made.ground_truths, made.predictions
    (t, of_truth), (n, of_found) = rows(truths.image), rows(found.image)
    truths, found = truths.where(t), found.where(n)
    object.__setattr__(truths, "image", of_truth)
    object.__setattr__(found, "image", of_found)
    return truths, found


def without_ties(made: Made) -> Made:
    found = made.predictions
    order = np.argsort(found.confidence, kind="stable")
    distinct = np.empty(len(order))
    distinct[order] = np.linspace(0.1, 0.9, len(order))
    object.__setattr__(found, "confidence", distinct)
    return made


def weights_of(data, images: int, drawings: int) -> np.ndarray:
    rows = st.lists(st.integers(0, 4), min_size=images, max_size=images)
    return np.array(data.draw(st.lists(rows, min_size=drawings, max_size=drawings)))


@pytest.mark.slow
@pytest.mark.parametrize("large", [False, True])
@given(scenes(), st.data())
@settings(max_examples=40, deadline=None)
def test_each_drawing_has_the_summary_of_its_copied_images(large, made, data):
    made, classes = without_ties(made), len(made.category_ids)
    weights = weights_of(data, len(made.image_ids), 3)
    with pytest.MonkeyPatch.context() as patched:
        if large:
            patched.setattr(reweighting, "LARGEST", 0)
        drawn = reweighted(made, weights)
    tolerance = 1e-12 if large else 1e-6
    for row, weight in enumerate(weights):
        shown = average_precision(*copied(made, weight), classes)
        summary = pytest.approx(shown.summary, abs=tolerance, nan_ok=True)
        assert tuple(drawn.summary[row]) == summary
        assert drawn.ap[row] == pytest.approx(shown.ap, abs=tolerance, nan_ok=True)


@given(scenes())
@settings(max_examples=40, deadline=None)
def test_images_drawn_once_each_have_the_summary_of_the_dataset_ties_included(made):
    rank = rank_of_ids(made.image_ids.tolist())
    shown = average_precision(made.ground_truths, made.predictions, len(made.category_ids), rank)
    drawn = reweighted(made, np.ones((1, len(made.image_ids)), np.int64))
    assert tuple(drawn.summary[0]) == pytest.approx(shown.summary, abs=1e-6, nan_ok=True)


def test_recalls_are_reached_as_pycocotools_rounds_them():
    # 7 of 100 is less than its 0.07, and 11 of 20 less than its 0.55; 3 of 4 is its 0.75.
    for total in (1, 4, 20, 25, 50, 77, 100, 300, 9_999, 16_383):
        for dtype in (np.float32, np.float64):
            right = np.arange(total + 1, dtype=dtype)[:, None]
            reached = reweighting._recalls_reached(right, np.array([float(total)]))
            recalls = np.arange(total + 1) / total
            expected = np.searchsorted(reweighting.RECALLS[1:], recalls, "right")
            assert reached.ravel().tolist() == expected.tolist()


def test_a_class_longer_than_a_run_keeps_its_order():
    # Right and wrong in turn, 70 of each: precision falls from 1 towards a half.
    box, far = (0, 0, 10, 10), (50, 50, 10, 10)
    truths = [(image, 0, box) for image in range(70)]
    found = [
        (image, 0, 1 - image / 100 - (0.001 if wrong else 0), far if wrong else box)
        for image in range(70)
        for wrong in (False, True)
    ]
    made = detection(truths, found, images=70, classes=("bolt",))
    ranked = Ranked.of(made.dataset.ground_truths, made.predictions, 1)
    drawn = Reweighting.of(ranked, 70).drawn(np.ones((2, 70), np.int64))
    coco = average_precision(made.dataset.ground_truths, made.predictions, 1)
    assert drawn.ap[:, 0] == pytest.approx([coco.ap[0]] * 2, abs=1e-6)


def test_nothing_drawn_is_undefined_and_nothing_found_is_0():
    made = detection([(0, 0, (0, 0, 9, 9))], [], images=2, classes=("bolt", "nut"))
    ranked = Ranked.of(made.dataset.ground_truths, made.predictions, 2)
    drawn = Reweighting.of(ranked, 2).drawn(np.array([[2, 0], [0, 2]]))
    assert drawn.ap[0, 0] == 0
    assert np.isnan(drawn.ap[0, 1])
    assert np.isnan(drawn.ap[1]).all()
    assert drawn.summary[0, 0] == 0
    assert np.isnan(drawn.summary[1]).all()


def test_it_stops_between_two_classes_when_it_is_cancelled():
    made = detection([(0, 0, (0, 0, 9, 9))], [], classes=("bolt", "nut"))
    ranked = Ranked.of(made.dataset.ground_truths, made.predictions, 2)
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 3

    assert Reweighting.of(ranked, 1).drawn(np.array([[1]]), cancelled) is None
    assert len(asked) == 4
