"""Results that hold what they should not: what is counted, and the sentence people read."""

import json
import math

import numpy as np
import pytest

from engine.core.errors import DataError
from engine.detection.detection import Detection
from engine.formats import read_dataset, read_predictions
from tests.engine.formats.making import (
    CATEGORIES,
    COCO_IMAGES,
    NEGATIVE,
    RESULT,
    TRUTH,
    ap_of,
    as_array,
    opened,
    pycocotools_stats,
    results,
    summary_of,
    truth,
)


def test_empty_results_are_a_result(tmp_path):
    dataset, found, warnings = opened(tmp_path, [TRUTH], [])
    assert warnings == ("results.json holds no prediction: nothing was found in any image",)
    assert ap_of(dataset, found) == 0
    matrix = Detection(dataset, found).at_iou(0.5).matrix(0.5)
    assert matrix.counts.sum() == 1
    assert matrix.counts[0, -1] == 1  # not detected


def test_results_for_other_images_are_counted_shown_and_left_out(tmp_path):
    dataset, found, warnings = opened(tmp_path, [TRUTH], [RESULT, {**RESULT, "image_id": 139}])
    assert warnings == (
        "results.json: 1 prediction for images that the ground truth does not list (139): left out",
    )
    assert ap_of(dataset, found) == 1


def test_results_mostly_for_other_images_are_an_error_that_says_what_was_seen(tmp_path):
    rows = [RESULT, *({**RESULT, "image_id": id_} for id_ in (139, 285, 139, 632, 724))]
    sentence = (
        r"results\.json: 5 of 6 predictions are for images that the ground truth does not list: "
        r"they say image_id 139, 285, 632, where truth\.json has 1, 2\. "
        r"Were they made for another dataset, or another part of it\?"
    )
    with pytest.raises(DataError, match=sentence):
        opened(tmp_path, [TRUTH], rows)


def test_ids_that_are_text_in_one_file_and_numbers_in_the_other_are_the_same_and_said(tmp_path):
    _, found, warnings = opened(tmp_path, [TRUTH], [{**RESULT, "image_id": "2"}])
    assert found.image.tolist() == [1]
    assert warnings == (
        'results.json: image ids are text in one place and numbers in the other: "1" is taken '
        "for 1",
    )
    images = [{**image, "id": str(image["id"])} for image in COCO_IMAGES]
    dataset, found, warnings = opened(tmp_path, [TRUTH], [RESULT], images=images)
    assert (dataset.ground_truths.image.tolist(), found.image.tolist()) == ([0], [0])
    assert "image ids are text in one place" in dataset.warnings[0]
    with pytest.raises(DataError, match=r'it says image_id "9", where truth\.json has 1, 2'):
        opened(tmp_path, [TRUTH], [{**RESULT, "image_id": "9"}])


def test_an_image_may_be_called_by_the_name_of_its_file(tmp_path):
    rows = [{**RESULT, "image_id": name} for name in ("val/1.jpg", "2.jpg", "no.jpg")]
    _, found, warnings = opened(tmp_path, [TRUTH], rows)
    assert found.image.tolist() == [0, 1]
    assert "1 prediction for images that the ground truth does not list" in warnings[0]


def test_json_lines_are_told_to_be_no_results(tmp_path):
    dataset = opened(tmp_path, [TRUTH], [])[0]
    (path := tmp_path / "o.jsonl").write_text("{}")
    with pytest.raises(DataError, match="is JSON Lines, which is not read"):
        read_predictions(path, dataset)


def test_results_of_other_categories_are_counted_shown_and_left_out(tmp_path):
    rows = [{**RESULT, "category_id": id_} for id_ in (3, 0, 90, 0)]
    _, found, warnings = opened(tmp_path, [TRUTH], rows)
    assert len(found) == 1
    assert warnings == (
        "results.json: 3 predictions of categories that the ground truth does not list (0, 90): "
        "left out",
    )


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf, None])
def test_a_score_that_is_no_finite_number_costs_its_row_alone(tmp_path, score):
    dataset, found, warnings = opened(tmp_path, [TRUTH], [{**RESULT, "score": score}, RESULT])
    assert warnings == ("results.json: 1 prediction whose score is not a finite number: left out",)
    assert ap_of(dataset, found) == 1


def test_a_score_beyond_all_numbers_is_named(tmp_path):
    path = results(tmp_path, RESULT, {**RESULT, "score": 2})
    path.write_text(path.read_text().replace('"score": 2', '"score": 1e999'))
    with pytest.raises(DataError, match=r"Number out of range at results\[1\]\.score"):
        read_predictions(path, read_dataset(truth(tmp_path)))


def test_scores_outside_0_to_1_are_kept_and_said(tmp_path):
    rows = [{**RESULT, "score": score} for score in (0, 1, 1.5, -0.5)]
    _, found, warnings = opened(tmp_path, [TRUTH], rows)
    assert len(found) == 4
    assert warnings == ("results.json: 2 scores outside 0 to 1",)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"score": "0.5"}, r"`float \| null`, got `str` at results\[1\]\.score"),
        ({"score": True}, r"got `bool` at results\[1\]\.score"),
        ({"image_id": True}, r"got `bool` at results\[1\]\.image_id"),
        ({"category_id": None}, r"got `null` at results\[1\]\.category_id"),
        ({"bbox": "0 0 1 1"}, r"got `str` at results\[1\]\.bbox"),
        ({"bbox": [0, 0, "1", 1]}, r"got `str` at results\[1\]\.bbox\[2\]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_that_names_the_row(tmp_path, changes, place):
    with pytest.raises(DataError, match=place):
        opened(tmp_path, [TRUTH], [RESULT, {**RESULT, **changes}])


def test_whole_numbers_written_as_floats_are_the_same_ids(tmp_path):
    images = [{"id": 1.0, "file_name": "a.jpg"}, {"id": 2}]
    row = {**TRUTH, "image_id": 2.0, "category_id": 3.0}
    categories = [{**category, "id": float(category["id"])} for category in CATEGORIES]
    dataset, found, _ = opened(
        tmp_path, [row], [{**RESULT, "image_id": 2.0}], images=images, categories=categories
    )
    assert dataset.image_ids == (1, 2)
    assert all(type(id_) is int for id_ in (*dataset.image_ids, *dataset.category_ids))
    assert dataset.images.name == ("a.jpg", "2")
    assert found.image.tolist() == dataset.ground_truths.image.tolist() == [1]


def test_ids_of_text_and_ids_beyond_float64_are_told_apart(tmp_path):
    images = [{"id": id_} for id_ in ("a", 2**53, 2**53 + 1, 10**30)]
    ids = (2**53 + 1, 10**30, "a", 2**53, 10**30)
    rows = [{**RESULT, "image_id": id_, "score": n / 8} for n, id_ in enumerate(ids)]
    _, found, warnings = opened(tmp_path, [], rows, images=images)
    assert found.image.tolist() == [2, 3, 0, 1, 3]
    assert warnings == ()


@pytest.mark.parametrize("box", NEGATIVE, ids=str)
def test_a_prediction_of_negative_size_is_a_false_positive_as_in_pycocotools(tmp_path, box):
    dataset, found, warnings = opened(
        tmp_path,
        [TRUTH, {**TRUTH, "id": 6, "bbox": [20, 20, 9, 9]}],
        [{**RESULT, "bbox": box, "score": 0.9}, RESULT],
    )
    assert warnings == (
        "results.json: 1 prediction with a negative width or height, which can match nothing: "
        "a box is [left, top, width, height], not two corners",
    )
    np.testing.assert_array_equal(as_array(summary_of(dataset, found)), pycocotools_stats(tmp_path))
    assert Detection(dataset, found).at_iou(0.5).matrix(0.5).counts[-1].sum() == 1


def test_boxes_without_area_match_nothing_and_are_counted(tmp_path):
    flat = [5, 5, 0, 9]
    dataset, found, warnings = opened(
        tmp_path, [TRUTH, {**TRUTH, "id": 6, "bbox": flat}], [RESULT, {**RESULT, "bbox": flat}]
    )
    assert dataset.warnings == ("1 annotation with a box of no area, which nothing can match",)
    assert warnings == (
        "results.json: 1 prediction with a box of no area, which can match nothing",
    )
    np.testing.assert_array_equal(as_array(summary_of(dataset, found)), pycocotools_stats(tmp_path))


def test_corners_given_for_sizes_reach_beyond_most_images_and_are_suspected(tmp_path):
    corners = {**RESULT, "bbox": [60, 50, 90, 75]}  # an image of 100 x 80
    _, found, warnings = opened(tmp_path, [TRUTH], [corners, {**corners, "score": 0.4}, RESULT])
    assert len(found) == 3
    assert warnings == (
        "results.json: 2 of 3 boxes end far beyond their image: "
        "a box is [left, top, width, height], not two corners",
    )


def test_a_few_boxes_beyond_their_image_are_usual(tmp_path):
    beyond = {**RESULT, "bbox": [60, 50, 90, 75]}
    assert opened(tmp_path, [TRUTH], [beyond, RESULT])[2] == ()


def test_equal_scores_keep_the_order_of_the_file(tmp_path):
    wrong = {**RESULT, "bbox": [50, 50, 9, 9]}
    for rows, ap in (([wrong, RESULT], 0.5), ([RESULT, wrong], 1)):
        dataset, found, _ = opened(tmp_path, [TRUTH], rows)
        assert ap_of(dataset, found) == ap


def test_white_space_around_and_within_is_no_matter(tmp_path):
    path = results(tmp_path)
    path.write_text(" \n" + json.dumps([RESULT], indent=4) + "\n\n")
    assert len(read_predictions(path, read_dataset(truth(tmp_path)))[0]) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bbox": None}, "without a box of four finite numbers"),
        ({"score": None}, "whose score is not a finite number"),
        ({"category_id": 99}, r"of categories that the ground truth does not list \(99\)"),
    ],
)
def test_results_of_which_none_can_be_used_are_refused(tmp_path, change, reason):
    with pytest.raises(DataError, match=f"none of its 2 predictions can be used: 2 {reason}"):
        opened(tmp_path, [TRUTH], [{**RESULT, **change}] * 2)
    assert len(opened(tmp_path, [TRUTH], [{**RESULT, **change}, RESULT])[1]) == 1
