import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.dataset import GroundTruths, Predictions
from engine.detection.coco import ranking as coco_ranking
from engine.detection.coco.average_precision import (
    Ranked,
    average_precision,
    rank_of_ids,
)
from engine.detection.coco.curves import truths_needed
from engine.detection.coco.params import IOUS, RECALLS
from engine.detection.coco.summary import AveragePrecision
from tests.benchmarks.coco_shaped import SIZES, Made, make, write
from tests.parity.coco_arrays import CocoArrays, coco_arrays
from tests.parity.coco_scenes import scenes
from tests.parity.pycocotools_reference import as_coco_writes, pycocotools_says

WITH_SLOW = "OFFDIAG_SLOW_TESTS" in os.environ


def arrays_of(made: Made) -> CocoArrays:
    return coco_arrays(made, rank_of_ids(made.image_ids.tolist()))


def summary_of(made: Made) -> AveragePrecision:
    ranks = rank_of_ids(made.image_ids.tolist())
    return average_precision(made.ground_truths, made.predictions, len(made.category_ids), ranks)


def mean_ap(made: Made) -> float:
    return summary_of(made).summary.AP


def assert_equals_pycocotools(made: Made) -> None:
    expected = pycocotools_says(made)
    arrays, values = arrays_of(made), summary_of(made)
    assert np.array_equal(as_coco_writes(arrays.precision), expected.precision)
    assert np.array_equal(as_coco_writes(arrays.recall), expected.recall)
    assert as_coco_writes(np.array(values.summary)).tolist() == expected.stats.tolist()
    # The short way to the summary ends in the very same numbers as the whole arrays.
    part = arrays.average_precision
    assert np.array_equal(values.precision, part.precision, equal_nan=True)
    assert np.array_equal(values.recall, part.recall, equal_nan=True)
    assert np.array_equal(values.recall_of_few, part.recall_of_few, equal_nan=True)


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_any_little_dataset_equals_pycocotools_to_the_last_bit(made):
    assert_equals_pycocotools(made)


def test_a_dataset_shaped_like_coco_equals_pycocotools_to_the_last_bit():
    assert_equals_pycocotools(make(SIZES["XS"]))


@pytest.mark.slow
@pytest.mark.skipif(not WITH_SLOW, reason="pycocotools takes 40 s: set OFFDIAG_SLOW_TESTS")
def test_a_dataset_of_the_size_of_coco_equals_pycocotools_to_the_last_bit():
    assert_equals_pycocotools(make(SIZES["S"]))


@pytest.mark.slow
@pytest.mark.skipif(not WITH_SLOW, reason="makes 60 MB of JSON: set OFFDIAG_SLOW_TESTS")
def test_the_summary_of_half_a_million_predictions_equals_that_of_hotcoco(tmp_path, capfd):
    hotcoco = pytest.importorskip("hotcoco")
    made = make(SIZES["M"])
    truth_file, results_file = write(made, tmp_path)
    truth = hotcoco.COCO(str(truth_file))
    evaluation = hotcoco.COCOeval(truth, truth.load_res(str(results_file)), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert np.allclose(summary_of(made).summary, evaluation.stats, rtol=0, atol=1e-12)


@given(scenes(), st.sampled_from([0.1, 0.25, 0.5, 0.55, 0.8, 0.95, 1.0]))
@settings(max_examples=60, deadline=None)
def test_average_precision_at_any_one_iou_is_pycocotools_asked_for_that_iou(made, iou):
    classes = len(made.category_ids)
    ranks = rank_of_ids(made.image_ids.tolist())
    at_iou = Ranked.of(made.ground_truths, made.predictions, classes, ranks).at_iou(iou)
    expected = pycocotools_says(made, [iou]).precision[0, :, :, 0, -1]
    assert np.allclose(as_coco_writes(at_iou), expected.mean(axis=0), rtol=0, atol=1e-12)


def test_searching_for_groups_finds_the_same_as_looking_them_up(monkeypatch):
    """More images times classes than memory has room for."""
    made = make(SIZES["XS"])
    looked_up = arrays_of(made)
    monkeypatch.setattr(coco_ranking, "LARGEST_TABLE", 0)
    searched = arrays_of(made)
    assert np.array_equal(looked_up.precision, searched.precision, equal_nan=True)


@given(scenes())
@settings(deadline=None)
def test_the_table_of_classes_is_the_mean_over_recalls(made):
    values = summary_of(made)
    expected = values.precision[0].mean(axis=1).T
    assert np.array_equal(values.ap_by_iou, expected, equal_nan=True)
    assert np.allclose(values.ap, expected.mean(axis=1), equal_nan=True)
    if not np.isnan(values.ap).all():
        assert np.nanmean(values.ap) == pytest.approx(values.summary.AP, abs=1e-12)
    else:
        assert np.isnan(values.summary.AP)


@given(st.integers(1, 5000))
def test_a_recall_is_reached_by_the_first_rounded_quotient_that_is_not_below_it(truths):
    quotients = np.arange(1, truths + 1) / truths
    expected = np.searchsorted(quotients, RECALLS, side="left") + 1
    assert truths_needed(np.array([truths]))[0].tolist() == expected.tolist()


def test_an_iou_of_one_allows_for_rounding_as_pycocotools_does():
    made = scene([(0, 0, (0.1, 0.2, 0.3, 0.3))], [(0, 0, 0.9, (0.1, 0.2, 0.3, 0.3 * (1 - 1e-12)))])
    assert Ranked.of(made.ground_truths, made.predictions, 1).at_iou(1.0) == pytest.approx(1.0)


def test_the_hundred_and_first_prediction_of_a_class_in_an_image_counts_nowhere():
    wrong = [(0, 0, 0.9, (500, 500, 10, 10))] * 100
    right = (0, 0, 0.1, (0, 0, 10, 10))
    made = scene([(0, 0, (0, 0, 10, 10))], [*wrong, right])
    assert_equals_pycocotools(made)
    assert summary_of(made).summary.AR100 == 0
    made = scene([(0, 0, (0, 0, 10, 10))], [*wrong[:99], right])
    assert summary_of(made).summary.AR100 == 1


def test_of_equal_scores_the_image_with_the_lower_id_comes_first_whatever_the_file_says():
    truth, found = (
        [(0, 0, (0, 0, 10, 10))],
        [(0, 0, 0.5, (0, 0, 10, 10)), (1, 0, 0.5, (0, 0, 9, 9))],
    )
    for ids, ap in (([1, 2], 1.0), ([2, 1], 0.5)):
        made = scene(truth, found, image_ids=ids)
        assert_equals_pycocotools(made)
        assert mean_ap(made) == pytest.approx(ap)


def test_string_ids_are_ranked_as_strings():
    assert rank_of_ids(["10", "9", "a"]).tolist() == [0, 1, 2]
    assert rank_of_ids([10, 9]).tolist() == [1, 0]


def test_without_predictions_what_is_defined_is_zero():
    """pycocotools stops with an IndexError."""
    made = scene([(0, 0, (0, 0, 10, 10))], [], classes=2)
    values = summary_of(made)
    assert values.ap.tolist() == pytest.approx([0, np.nan], nan_ok=True)
    assert values.summary.AP == 0
    assert values.summary.AR100 == 0
    assert np.isnan(values.summary.APl)
    assert not np.nansum(arrays_of(made).precision)


def test_without_ground_truth_everything_is_undefined():
    """pycocotools says -1."""
    made = scene([], [(0, 0, 0.9, (0, 0, 10, 10))])
    assert_equals_pycocotools(made)
    assert np.isnan(summary_of(made).summary).all()


def test_with_nothing_at_all_everything_is_undefined():
    made = scene([], [])
    assert np.isnan(summary_of(made).summary).all()
    assert np.isnan(arrays_of(made).recall).all()


def test_a_class_without_ground_truth_does_not_pull_the_mean_down():
    truth = [(0, 0, (0, 0, 10, 10))]
    made = scene(truth, [(0, 0, 0.9, (0, 0, 10, 10)), (0, 1, 0.9, (0, 0, 10, 10))], classes=2)
    assert_equals_pycocotools(made)
    assert mean_ap(made) == pytest.approx(1.0)


def test_a_crowd_takes_any_number_of_predictions_and_none_of_them_is_an_error():
    crowd, box = (0, 0, (0, 0, 100, 100)), (0, 0, (200, 200, 40, 40))
    on_crowd = [(0, 0, 0.9, (10 * i, 10, 20, 20)) for i in range(5)]
    made = scene([crowd, box], [*on_crowd, (0, 0, 0.1, (200, 200, 40, 40))], crowds=[0])
    assert_equals_pycocotools(made)
    assert mean_ap(made) == pytest.approx(1.0)


def test_the_ten_ious_are_those_of_pycocotools():
    assert IOUS.tolist() == np.linspace(0.5, 0.95, 10).tolist()


def scene(truths, found, *, classes=1, crowds=(), image_ids=(1, 2)) -> Made:
    """From rows (image, class, box) and (image, class, confidence, box)."""
    box = np.array([row[2] for row in truths], float).reshape(-1, 4)
    ground_truths = GroundTruths(
        np.array([row[0] for row in truths], np.intp),
        np.array([row[1] for row in truths], np.intp),
        box,
        box[:, 2] * box[:, 3],
        np.isin(np.arange(len(truths)), crowds),
    )
    predictions = Predictions(
        np.array([row[0] for row in found], np.intp),
        np.array([row[1] for row in found], np.intp),
        np.array([row[2] for row in found], float),
        np.array([row[3] for row in found], float).reshape(-1, 4),
    )
    return Made(
        ground_truths,
        predictions,
        np.array(image_ids),
        np.full((len(image_ids), 2), 100),
        np.arange(1, classes + 1),
    )
