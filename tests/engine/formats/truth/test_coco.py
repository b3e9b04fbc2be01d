import json
from pathlib import Path

import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions

IMAGES = [
    {"id": 1, "file_name": "a.jpg", "width": 10, "height": 8},
    {"id": 2, "file_name": "b.jpg"},
]
CATEGORIES = [{"id": 7, "name": "nut"}, {"id": 3, "name": "bolt"}]


def truth(folder: Path, annotations: list[dict], **changes: object) -> Path:
    path = folder / "truth.json"
    content = {"images": IMAGES, "categories": CATEGORIES, "annotations": annotations, **changes}
    path.write_text(json.dumps(content))
    return path


def results(folder: Path, rows: object) -> Path:
    path = folder / "results.json"
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
    return path


def test_classes_stand_in_the_order_of_their_ids_and_gaps_are_fine(tmp_path):
    path = truth(tmp_path, [{"image_id": 2, "category_id": 7, "bbox": [1, 2, 3, 4]}])
    dataset = read_dataset(path)
    assert dataset.classes == ("bolt", "nut")
    assert dataset.ground_truths.class_.tolist() == [1]
    assert dataset.ground_truths.image.tolist() == [1]
    assert dataset.ground_truths.box.tolist() == [[1, 2, 3, 4]]


def test_without_area_or_iscrowd_the_box_is_the_area_and_nothing_is_a_crowd(tmp_path):
    rows = [
        {"id": 0, "image_id": 1, "category_id": 3, "bbox": [0, 0, 3, 4]},
        {"id": 1, "image_id": 1, "category_id": 3, "bbox": [0, 0, 3, 4], "area": 5, "iscrowd": 1},
    ]
    truths = read_dataset(truth(tmp_path, rows)).ground_truths
    assert truths.area.tolist() == [12, 5]
    assert truths.crowd.tolist() == [False, True]


def test_image_ids_may_be_text_and_images_may_be_empty(tmp_path):
    images = [{"id": "a", "file_name": "x/a.jpg"}, {"id": "b", "file_name": "b.jpg"}]
    row = {"image_id": "a", "category_id": 3, "bbox": [0, 0, 1, 1]}
    dataset = read_dataset(truth(tmp_path, [row], images=images))
    assert dataset.image_ids == ("a", "b")
    assert dataset.ground_truths.image.tolist() == [0]


def test_annotations_that_cannot_be_used_are_counted_and_said(tmp_path):
    rows = [
        {"image_id": 99, "category_id": 3, "bbox": [0, 0, 1, 1]},
        {"image_id": 1, "category_id": 99, "bbox": [0, 0, 1, 1]},
        {"image_id": 1, "category_id": 3, "bbox": []},
        {"image_id": 1, "category_id": 3},
        {"image_id": 1, "category_id": 3, "bbox": [0, 0, 1e10, 1]},
        {"image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "area": 1, "iscrowd": 0},
    ]
    dataset = read_dataset(truth(tmp_path, rows))
    assert len(dataset.ground_truths) == 1
    assert dataset.warnings == (
        "1 annotation of images that are not listed: left out",
        "1 annotation of categories that are not listed: left out",
        "2 annotations without a box of four finite numbers: left out",
        "1 annotation with a box over 1,000,000,000 pixels wide, high or away: left out",
    )


def test_images_are_found_by_name_by_last_part_and_anywhere_below(tmp_path):
    folder = tmp_path / "pictures"
    (folder / "deep" / "er").mkdir(parents=True)
    for name in ("a.jpg", "deep/er/c.jpg"):
        (folder / name).touch()
    images = [{"id": i, "file_name": n} for i, n in enumerate(["a.jpg", "val/a.jpg", "c.jpg", "d"])]
    found = read_dataset(truth(tmp_path, [], images=images), folder).images
    assert found.path == (folder / "a.jpg", folder / "a.jpg", folder / "deep/er/c.jpg", None)
    assert found.missing == 1


def test_what_else_is_said_of_an_image_becomes_its_tags(tmp_path):
    images = [{"id": 1, "file_name": "a.jpg", "light": "dim", "license": 3}, {"id": 2}]
    dataset = read_dataset(truth(tmp_path, [], images=images))
    assert dataset.images.tags == ({"light": "dim"}, {})
    row = {"image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "area": float("nan")}
    assert read_dataset(truth(tmp_path, [row], images=images)).images.tags == dataset.images.tags


def test_results_that_cannot_be_used_are_left_out_counted_and_said(tmp_path):
    dataset = read_dataset(truth(tmp_path, []))
    row = {"image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 0.5}
    rows = [
        *[{**row, "score": score} for score in (0.5, 0.25, 0.75)],
        {**row, "image_id": 9},
        {**row, "image_id": "8"},
        {**row, "category_id": 9},
        {**row, "score": float("nan")},
        {**row, "score": float("-inf")},
        {**row, "score": None},
        {**row, "bbox": [0, 0, float("inf"), 1]},
        {**row, "bbox": [0, 0, 1]},
        {**row, "bbox": [0, 0, 1, 1e12]},
    ]
    found, warnings = read_predictions(results(tmp_path, rows), dataset)
    assert found.confidence.tolist() == [0.5, 0.25, 0.75]
    assert warnings == (
        'results.json: 2 predictions for images that the ground truth does not list (9, "8"): '
        "left out",
        "results.json: 1 prediction of categories that the ground truth does not list (9): "
        "left out",
        "results.json: 3 predictions whose score is not a finite number: left out",
        "results.json: 2 predictions without a box of four finite numbers: left out",
        "results.json: 1 prediction with a box over 1,000,000,000 pixels wide, high or away: "
        "left out",
    )


def test_no_results_at_all_are_fine(tmp_path):
    found, warnings = read_predictions(results(tmp_path, []), read_dataset(truth(tmp_path, [])))
    assert len(found) == 0
    assert found.box.shape == (0, 4)
    assert warnings == ("results.json holds no prediction: nothing was found in any image",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", r"this is a list, as results are; .* --predictions"),
        ("<!doctype html>", r"a web page or XML"),
        ("version https://git-lfs.github.com/spec/v1\n", r"Git LFS pointer.*git lfs pull"),
        ("", r"the file is empty"),
        ('{"images": [{"id": 1}], "annotations": [{', r":1: broken JSON at column 42: .*cut off"),
        ('{"images": []}', r"missing required field `categories`"),
        ('{"images": [], "categories": []}', r"it lists no categories"),
        (
            '{"images":[],"categories":[{"id":1}],"annotations":[{"image_id":1}]}',
            r"missing required field `category_id` at annotations\[0\]",
        ),
    ],
    ids=["results", "html", "lfs", "empty", "truncated", "fields", "no categories", "annotation"],
)
def test_a_wrong_ground_truth_file_is_one_sentence_with_a_place(tmp_path, content, sentence):
    path = tmp_path / "truth.json"
    path.write_text(content)
    with pytest.raises(DataError, match=sentence) as caught:
        read_dataset(path)
    assert str(path) in str(caught.value)


def test_a_ground_truth_given_as_results_is_told_where_it_belongs(tmp_path):
    path = truth(tmp_path, [])
    with pytest.raises(DataError, match="Give ground truth with --data"):
        read_predictions(path, read_dataset(path))


def test_an_id_that_stands_twice_keeps_the_first_and_says_so(tmp_path):
    images = [{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}]
    dataset = read_dataset(truth(tmp_path, [], images=images))
    assert dataset.images.name == ("a.jpg",)
    said = "truth.json: image id 1 stands more than once: the first is taken"
    assert said in dataset.warnings


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.json: there is no such file"):
        read_dataset(tmp_path / "nowhere.json")
    with pytest.raises(DataError, match="no such folder of images"):
        read_dataset(truth(tmp_path, []), tmp_path / "nowhere")
    (empty := tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"Looked for: .*COCO ground truth"):
        read_dataset(empty)


@pytest.mark.parametrize(("id_", "own", "dropped"), [(0, "none", 1), (1, "none", 0), (0, "a", 0)])
def test_only_a_category_0_without_a_heading_of_its_own_is_a_heading(tmp_path, id_, own, dropped):
    kinds = [{"id": id_, "name": "a", "supercategory": own}]
    kinds += [{"id": n, "name": name, "supercategory": "a"} for n, name in ((2, "b"), (3, "c"))]
    content = {"images": [], "annotations": [], "categories": kinds}
    (path := tmp_path / "truth.json").write_text(json.dumps(content))
    assert read_dataset(path).classes == ("a", "b", "c")[dropped:]
