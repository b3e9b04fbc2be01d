"""Ground truth that holds what it should not: what is counted, and the sentence people read."""

import math

import numpy as np
import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset
from tests.engine.formats.making import (
    NEGATIVE,
    RESULT,
    TRUTH,
    ap_of,
    as_array,
    opened,
    pycocotools_stats,
    summary_of,
    truth,
)


def test_an_annotation_with_id_0_can_be_found_and_the_difference_is_told(tmp_path):
    dataset, found, _ = opened(tmp_path, [{**TRUTH, "id": 0}], [RESULT])
    assert ap_of(dataset, found) == 1
    assert dataset.warnings == (
        "the annotation with id 0 is counted like any other: "
        "pycocotools takes a match with it for none, so its figures may be lower",
    )
    assert pycocotools_stats(tmp_path)[0] == 0


def test_annotations_that_share_an_id_are_all_kept(tmp_path):
    other = {**TRUTH, "bbox": [40, 40, 9, 9]}
    third, fourth = {**TRUTH, "id": 6, "bbox": [1, 1, 9, 9]}, {**other, "bbox": [50, 40, 9, 9]}
    dataset, _, _ = opened(tmp_path, [TRUTH, other, third, fourth], [])
    assert len(dataset.ground_truths) == 4
    assert dataset.warnings == (
        "2 annotations with the id of an earlier one: all are kept, "
        "where pycocotools counts the last of them in place of each",
    )


def test_ids_in_any_order_that_differ_are_no_matter(tmp_path):
    ids = (9, 3, "x", "y", 2**60, 2**60 + 1)
    rows = [{**TRUTH, "id": id_, "bbox": [0, 0, 9, n + 1]} for n, id_ in enumerate(ids)]
    assert opened(tmp_path, rows, [])[0].warnings == ()


def test_without_ground_truth_the_figures_are_undefined(tmp_path):
    dataset, found, warnings = opened(tmp_path, [], [RESULT])
    none = "truth.json has no object to find: recall and average precision are undefined"
    assert (dataset.warnings, warnings) == ((none,), ())
    assert np.isnan(as_array(summary_of(dataset, found))).all()


def test_categories_that_nothing_uses_stay_undefined_and_are_no_warning(tmp_path):
    dataset, found, warnings = opened(tmp_path, [TRUTH], [RESULT])
    assert (dataset.warnings, warnings) == ((), ())
    assert dataset.classes == ("bolt", "nut")
    assert ap_of(dataset, found) == 1


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"iscrowd": "no"}, r"got `str` at annotations\[1\]\.iscrowd"),
        ({"area": []}, r"got `array` at annotations\[1\]\.area"),
        ({"image_id": None}, r"got `null` at annotations\[1\]\.image_id"),
    ],
)
def test_an_annotation_of_the_wrong_kind_is_named(tmp_path, changes, place):
    with pytest.raises(DataError, match=place):
        read_dataset(truth(tmp_path, TRUTH, {**TRUTH, **changes}))


def test_an_image_or_a_category_of_the_wrong_kind_is_named(tmp_path):
    with pytest.raises(DataError, match=r"got `null` at images\[0\]\.id"):
        read_dataset(truth(tmp_path, images=[{"id": None}]))
    with pytest.raises(DataError, match=r"got `str` at categories\[1\]\.id"):
        read_dataset(truth(tmp_path, categories=[{"id": 1}, {"id": "2"}]))
    with pytest.raises(DataError, match=r"category id 1\.5 is not a whole number"):
        read_dataset(truth(tmp_path, categories=[{"id": 1.5}]))


def test_an_annotation_of_negative_size_cannot_be_found_as_in_pycocotools(tmp_path):
    annotations = [TRUTH, *({**TRUTH, "id": 6 + i, "bbox": box} for i, box in enumerate(NEGATIVE))]
    rows = [RESULT, *({**RESULT, "bbox": box} for box in NEGATIVE)]
    dataset, found, _ = opened(tmp_path, annotations, rows)
    assert dataset.warnings == (
        "3 annotations with a negative width or height, which nothing can match: "
        "a box is [left, top, width, height], not two corners",
    )
    np.testing.assert_array_equal(as_array(summary_of(dataset, found)), pycocotools_stats(tmp_path))


def test_annotations_without_area_or_crowd_are_filled_in_and_said(tmp_path):
    bare = {name: TRUTH[name] for name in ("id", "image_id", "category_id", "bbox")}
    dataset, found, _ = opened(tmp_path, [bare], [RESULT])
    assert dataset.ground_truths.area.tolist() == [81]
    assert ap_of(dataset, found) == 1
    assert dataset.warnings == (
        "1 annotation without an area: width times height is taken",
        "1 annotation without iscrowd: taken for single objects",
    )


def test_ignore_without_iscrowd_counts_and_is_said(tmp_path):
    annotations = [{**TRUTH, "ignore": 1}, {**TRUTH, "id": 6, "ignore": 1, "iscrowd": 1}]
    dataset, found, _ = opened(tmp_path, annotations, [])
    assert dataset.warnings == (
        "1 annotation marked ignore but not iscrowd: counted, as in pycocotools",
    )
    assert dataset.ground_truths.crowd.tolist() == [False, True]
    assert ap_of(dataset, found) == 0


def test_a_truth_with_nan_in_it_is_read_all_the_same(tmp_path):
    rows = [{**TRUTH, "area": math.nan}, {**TRUTH, "id": 6, "bbox": [0, 0, math.nan, 1]}]
    dataset, _, _ = opened(tmp_path, rows, [])
    assert dataset.ground_truths.area.tolist() == [81]
    assert dataset.warnings == (
        "1 annotation without a box of four finite numbers: left out",
        "1 annotation without an area: width times height is taken",
    )


def test_segmentations_and_other_fields_are_passed_over(tmp_path):
    extra = {"segmentation": [[0, 0, 9, 0, 9, 9]], "attributes": [{"a": 1}, {"b": "}, {"}]}
    rows = [{**TRUTH, "id": id_, "bbox": [0, 0, 9, id_], **extra} for id_ in (1, 2, 3)]
    dataset, found, warnings = opened(
        tmp_path, rows, [{**RESULT, **extra, "score": s / 4} for s in (1, 2, 3)]
    )
    assert (len(dataset.ground_truths), len(found)) == (3, 3)
    assert (dataset.warnings, warnings) == ((), ())
