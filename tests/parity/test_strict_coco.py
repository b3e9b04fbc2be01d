"""Strict, we repeat what pycocotools does wrong, to the last bit; otherwise we do it right."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.dataset import DetectionDataset, GroundTruths, Images, Predictions
from engine.detection.coco.average_precision import (
    Ranked,
    average_precision,
    rank_of_ids,
)
from engine.detection.coco.hits import CocoHits, coco_ranked
from engine.detection.coco.params import IOUS
from engine.detection.coco.reweighting import Reweighting
from engine.detection.curves import class_average_precision
from engine.detection.detection import Detection
from tests.benchmarks.coco_shaped import SIZES, Made, ground_truth_document, make
from tests.parity import pycocotools_reference
from tests.parity.coco_arrays import CocoArrays, coco_arrays
from tests.parity.coco_scenes import scenes
from tests.parity.pycocotools_reference import Reference, as_coco_writes, pycocotools_says

BOX = (0, 0, 10, 10)


@st.composite
def odd_scenes(draw: st.DrawFn) -> Made:
    """Scenes with an annotation of id 0, and perhaps with all else that pycocotools accepts."""
    made = draw(scenes())
    truths, found = made.ground_truths, made.predictions
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ids = rng.permutation(len(truths)) - draw(st.sampled_from([0, 0, 3]))
    if draw(st.booleans()):  # ids that stand more than once, in several images and classes
        ids = rng.choice(np.append(ids[: len(ids) // 2 + 1], 0), len(ids))
    if len(ids):
        ids[rng.integers(len(ids))] = 0
    truths = replace(truths, id=ids)
    if draw(st.booleans()):
        odd = rng.choice([np.nan, np.inf, -np.inf], len(found))
        there = rng.random(len(found)) < 0.3
        found = replace(found, confidence=np.where(there, odd, found.confidence))
    if draw(st.booleans()):
        truths = replace(truths, box=_without_pixels(rng, truths.box))
        found = replace(found, box=_without_pixels(rng, found.box))
    if draw(st.booleans()):
        odd = rng.choice([np.nan, np.inf, 0, -1], len(truths))
        truths = replace(truths, area=np.where(rng.random(len(truths)) < 0.2, odd, truths.area))
    return replace(made, ground_truths=truths, predictions=found)


def _without_pixels(rng: np.random.Generator, box: np.ndarray) -> np.ndarray:
    """Some boxes with a width or height of 0 or less."""
    factor = np.ones_like(box)
    factor[:, 2:] = rng.choice([1, 0, -1], (len(box), 2), p=[0.8, 0.1, 0.1])
    return box * factor


def pycocotools_says_of_ids(made: Made, ious: list[float] | None = None) -> Reference:
    document = ground_truth_document(made)
    for annotation, id_ in zip(
        document["annotations"], made.ground_truths.id.tolist(), strict=True
    ):
        annotation["id"] = id_
    with patch.object(pycocotools_reference, "ground_truth_document", lambda _: document):
        return pycocotools_says(made, ious)


def arrays_of(made: Made, *, strict: bool) -> CocoArrays:
    return coco_arrays(made, rank_of_ids(made.image_ids.tolist()), strict=strict)


def assert_equals_pycocotools(made: Made) -> None:
    expected, arrays = pycocotools_says_of_ids(made), arrays_of(made, strict=True)
    assert np.array_equal(as_coco_writes(arrays.precision), expected.precision)
    assert np.array_equal(as_coco_writes(arrays.recall), expected.recall)
    ranks, classes = rank_of_ids(made.image_ids.tolist()), len(made.category_ids)
    values = average_precision(made.ground_truths, made.predictions, classes, ranks, strict=True)
    assert as_coco_writes(np.array(values.summary)).tolist() == expected.stats.tolist()


@pytest.mark.slow
@given(odd_scenes())
@settings(max_examples=80, deadline=None)
def test_any_odd_dataset_equals_pycocotools_to_the_last_bit(made):
    assert_equals_pycocotools(made)


@given(odd_scenes(), st.sampled_from([0.1, 0.5, 0.8, 1.0]))
@settings(max_examples=60, deadline=None)
def test_strict_at_any_one_iou_is_pycocotools_asked_for_that_iou(made, iou):
    ranks, classes = rank_of_ids(made.image_ids.tolist()), len(made.category_ids)
    ranked = Ranked.of(made.ground_truths, made.predictions, classes, ranks, strict=True)
    expected = pycocotools_says_of_ids(made, [iou]).precision[0, :, :, 0, -1]
    assert np.allclose(
        as_coco_writes(ranked.at_iou(iou)), expected.mean(axis=0), rtol=0, atol=1e-12
    )


@pytest.mark.slow
def test_a_dataset_shaped_like_coco_with_ids_from_0_equals_pycocotools_to_the_last_bit():
    made = make(SIZES["XS"])
    ids = np.arange(len(made.ground_truths))
    assert_equals_pycocotools(with_ids(made, ids))
    assert_equals_pycocotools(with_ids(made, ids // 2))


@pytest.mark.slow
@given(scenes(), st.booleans())
@settings(deadline=None)
def test_not_strict_ids_change_nothing(made, from_zero):
    """With id 0 and with an id that stands twice: the same as without ids."""
    ids = np.arange(len(made.ground_truths)) // (1 if from_zero else 2)
    assert_same(arrays_of(with_ids(made, ids), strict=False), arrays_of(made, strict=False))


@pytest.mark.slow
@given(scenes())
@settings(deadline=None)
def test_strict_changes_nothing_where_ids_are_distinct_and_not_0_or_not_known(made):
    expected = arrays_of(made, strict=False)
    ids = np.arange(len(made.ground_truths)) + 1
    assert_same(arrays_of(with_ids(made, ids), strict=True), expected)
    assert_same(arrays_of(made, strict=True), expected)


def test_who_takes_id_0_is_a_false_positive_and_nobody_else_can_have_it():
    made = scene([BOX, (50, 0, 10, 10)], [(0.9, BOX), (0.8, BOX), (0.7, (50, 0, 10, 10))], [0, 1])
    assert_equals_pycocotools(made)
    assert mean_ap(made, strict=True) == pytest.approx(51 / 101 / 3)
    assert mean_ap(made, strict=False) == pytest.approx(51 / 101 + 50 / 101 * 2 / 3)


def test_an_annotation_with_id_0_is_found_as_any_other():
    made = scene([BOX], [(0.9, BOX)], [0])
    assert_equals_pycocotools(made)
    assert mean_ap(made, strict=True) == 0
    assert mean_ap(made, strict=False) == pytest.approx(1)


def test_whoever_takes_an_ignored_object_with_id_0_is_no_error():
    made = scene([BOX, (50, 0, 10, 10)], [(0.9, BOX), (0.8, (50, 0, 10, 10))], [0, 1], crowds=[0])
    assert_equals_pycocotools(made)
    assert mean_ap(made, strict=True) == pytest.approx(1)


def test_of_an_id_that_stands_twice_pycocotools_has_the_last_in_place_of_both():
    made = scene([BOX, (50, 0, 10, 10)], [(0.9, BOX), (0.8, (50, 0, 10, 10))], [7, 7])
    assert_equals_pycocotools(made)
    assert mean_ap(made, strict=True) == pytest.approx(51 / 101 / 2)  # the table's .2525
    assert mean_ap(made, strict=False) == pytest.approx(1)


def test_the_copies_of_an_annotation_stand_in_the_order_of_the_images_that_ask_for_it():
    """So the first prediction, which overlaps both boxes alike, takes the first box's copy."""
    boxes = [(0, 0, 9, 9), (0, 0, 10, 10), (4, 0, 10, 10)]
    found = [(0.9, (2, 0, 10, 10)), (0.8, (5, 0, 10, 10))]
    made = scene(boxes, found, [5, 5, 6], images=[1, 0, 0])
    assert_equals_pycocotools(made)
    at_half = Ranked.of(made.ground_truths, made.predictions, 1, strict=True).at_iou(0.5)
    assert at_half == pytest.approx(67 / 101)


def test_confidences_that_are_no_numbers_are_ranked_last():
    made = scene([BOX], [(np.nan, (50, 0, 10, 10)), (-np.inf, BOX)], [1])
    assert_equals_pycocotools(made)
    assert mean_ap(made, strict=True) == pytest.approx(1)


def assert_same(arrays: CocoArrays, expected: CocoArrays) -> None:
    assert np.array_equal(arrays.precision, expected.precision, equal_nan=True)
    assert np.array_equal(arrays.recall, expected.recall, equal_nan=True)


def with_ids(made: Made, ids: np.ndarray) -> Made:
    return replace(made, ground_truths=replace(made.ground_truths, id=ids))


def mean_ap(made: Made, *, strict: bool) -> float:
    return arrays_of(made, strict=strict).average_precision.summary.AP


def scene(truths, found, ids, *, crowds=(), images=None) -> Made:
    """One class, from boxes and from (confidence, box); predictions are in the first image."""
    box, found_box = np.array(truths, float), np.array([row[1] for row in found], float)
    none, found_none = np.zeros(len(box), np.intp), np.zeros(len(found), np.intp)
    image = none if images is None else np.array(images)
    crowd = np.isin(np.arange(len(box)), crowds)
    return Made(
        GroundTruths(image, none, box, box[:, 2] * box[:, 3], crowd, np.array(ids)),
        Predictions(found_none, found_none, np.array([row[0] for row in found]), found_box),
        image_ids=np.array([1, 2]),
        image_sizes=np.array([[100, 100]] * 2),
        category_ids=np.array([1]),
    )


def as_detection(made: Made, *, strict: bool) -> Detection:
    size = np.full((len(made.image_ids), 2), 1000, np.intp)
    names = tuple(map(str, made.image_ids.tolist()))
    dataset = DetectionDataset(
        Path("truth.json"),
        tuple(map(str, made.category_ids.tolist())),
        Images(names, (None,) * len(names), size),
        made.ground_truths,
        tuple(made.image_ids.tolist()),
        tuple(made.category_ids.tolist()),
    )
    return Detection(dataset, made.predictions, strict)


@given(odd_scenes())
@settings(max_examples=60)
@pytest.mark.slow
def test_curves_and_intervals_copy_pycocotools_too(made):
    detection, arrays = as_detection(made, strict=True), arrays_of(made, strict=True)
    hits = CocoHits.of(*(detection.at_iou(iou) for iou in IOUS.tolist()))
    expected = arrays.precision[..., 0, -1].transpose(0, 2, 1)
    assert np.array_equal(hits.precisions(), expected, equal_nan=True)
    once = np.ones(len(detection.images), np.int64)
    assert np.array_equal(hits.precisions(once), expected, equal_nan=True)
    drawn = Reweighting.of(coco_ranked(detection), len(once)).drawn(once[None])
    ap = np.ascontiguousarray(arrays.precision[..., 0, -1]).mean(axis=(0, 1))
    assert drawn.ap[0] == pytest.approx(ap, abs=1e-6, nan_ok=True)
    at_75 = class_average_precision(detection.at_iou(0.75))
    assert np.array_equal(at_75, np.ascontiguousarray(expected[5]).mean(axis=1), equal_nan=True)


def test_a_mean_curve_is_as_wrong_as_pycocotools_only_if_it_is_asked_for():
    made = scene([BOX], [(0.9, BOX)], [0])
    right, copied = (
        class_average_precision(as_detection(made, strict=strict).at_iou(0.5))[0]
        for strict in (False, True)
    )
    assert (right, copied) == (pytest.approx(1), 0)
