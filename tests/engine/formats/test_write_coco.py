"""COCO written from any dataset: what is read again is what was there."""

import json

import numpy as np
from hypothesis import given

from engine.formats import read_dataset, read_predictions, write_coco
from engine.formats.write_coco import keeps_image_ids, results_json, truth_json
from tests.engine.formats.dialects import SCENE, box_table, table, voc_xml
from tests.engine.formats.making import TRUTH, truth
from tests.making import detections

COLUMNS = ("image", "class_", "box", "area", "crowd")


def again(folder, dataset, name="again.json"):
    (path := folder / name).write_bytes(truth_json(dataset))
    return read_dataset(path)


@given(detections())
def test_what_is_written_is_read_again_to_the_last_bit(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("coco")
    dataset = again(folder, drawn.dataset)
    for name in COLUMNS:
        column = getattr(dataset.ground_truths, name)
        assert np.array_equal(column, getattr(drawn.dataset.ground_truths, name))
    assert dataset.classes == drawn.dataset.classes
    assert dataset.images.name == drawn.dataset.images.name
    assert np.array_equal(dataset.images.size, drawn.dataset.images.size)
    (results := folder / "results.json").write_bytes(results_json(drawn.dataset, drawn.predictions))
    for reader in (dataset, drawn.dataset):
        found, _ = read_predictions(results, reader)
        for name in ("image", "class_", "confidence", "box"):
            assert np.array_equal(getattr(found, name), getattr(drawn.predictions, name))


def test_ids_of_coco_stay_and_what_else_it_says_of_images_too(tmp_path):
    images = [{"id": 40, "file_name": "a.jpg", "weather": "rain"}, {"id": 7, "file_name": "b.jpg"}]
    dataset = read_dataset(truth(tmp_path, {**TRUTH, "image_id": 40}, images=images))
    written = again(tmp_path, dataset)
    assert written.image_ids == (40, 7)
    assert written.category_ids == (3, 7)
    assert written.images.tags == dataset.images.tags
    assert written.images.size.tolist() == [[0, 0], [0, 0]]


def test_images_without_a_number_for_a_name_are_numbered(tmp_path):
    rows = [["image", "class", "x1", "y1", "x2", "y2"]]
    rows += [[name, "a", 0, 0, 9, 9] for name in ("left.png", "12.png")]
    dataset = read_dataset(table(tmp_path / "t.csv", rows))
    assert dataset.image_ids == ("left", 12)
    assert not keeps_image_ids(dataset)
    assert again(tmp_path, dataset).image_ids == (1, 2)
    assert keeps_image_ids(read_dataset(box_table(tmp_path / "t", SCENE)))


def test_difficult_boxes_are_written_as_crowds(tmp_path):
    (tmp_path / "000.xml").write_text(voc_xml(SCENE, 0, "<difficult>1</difficult>"))
    dataset = read_dataset(tmp_path)
    written = json.loads(truth_json(dataset))["annotations"]
    assert [(row["iscrowd"], row["difficult"]) for row in written] == [(1, 1)] * 2
    assert again(tmp_path, dataset).ground_truths.crowd.all()


def test_rows_are_written_in_pieces_that_join(tmp_path, monkeypatch):
    dataset = read_dataset(box_table(tmp_path / "t", SCENE))
    whole = truth_json(dataset)
    for size in (1, 2, 3, 4):
        monkeypatch.setattr(write_coco, "TOGETHER", size)
        assert truth_json(dataset) == whole
