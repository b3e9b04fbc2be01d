"""Datasets that tell of their parts: one is read, never several without a word."""

import json

import pytest
from PIL import Image

from engine.core.errors import DataError
from engine.formats import read_dataset
from tests.engine.formats.dialects import table

PARTS = {"a.png": "train", "b.png": "val", "c.png": "train", "d.png": "test"}


def of_boxes(folder, column="split"):
    head = ["image", "class", "x1", "y1", "x2", "y2", column]
    rows = [[name, "nut", 0, 0, 9, 9, part] for name, part in PARTS.items()]
    return table(folder / "boxes.csv", [head, *rows])


def of_tensorflow(folder):
    head = ["filename", "width", "height", "class", "xmin", "ymin", "xmax", "ymax", "subset"]
    rows = [[name, 20, 20, "nut", 0, 0, 9, 9, part] for name, part in PARTS.items()]
    return table(folder / "boxes.csv", [head, *rows])


def of_dataiku(folder):
    boxes = json.dumps([{"bbox": [0, 0, 9, 9], "category": "nut"}])
    rows = [[name, boxes, part] for name, part in PARTS.items()]
    return table(folder / "boxes.csv", [["path", "boxes", "Set"], *rows])


def of_labels(folder):
    rows = [[name, "nut" if name == "a.png" else "bolt", part] for name, part in PARTS.items()]
    return table(folder / "labels.csv", [["image", "class", "SPLIT"], *rows])


def of_cvat(folder):
    images = (
        f'<image id="{n}" name="{name}" subset="{part}" width="20" height="20">'
        '<box label="nut" xtl="0" ytl="0" xbr="9" ybr="9"/></image>'
        for n, (name, part) in enumerate(PARTS.items())
    )
    text = f"<annotations>{''.join(images)}</annotations>"
    (path := folder / "annotations.xml").write_text(text)
    return path


def of_yolo(folder):
    for name, part in PARTS.items():
        for place in ("images", "labels"):
            (folder / place / part).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20)).save(folder / "images" / part / name)
        (folder / "labels" / part / name).with_suffix(".txt").write_text("0 .5 .5 .2 .2")
    (folder / "classes.txt").write_text("nut")
    return folder


COUNTED = {
    "box table": of_boxes,
    "TensorFlow": of_tensorflow,
    "Dataiku": of_dataiku,
    "labels": of_labels,
    "CVAT": of_cvat,
    "YOLO": of_yolo,
}


def names(dataset):
    return [name.rpartition("/")[2] for name in dataset.images.name]


@pytest.mark.parametrize("kind", COUNTED)
def test_the_validation_part_is_read_and_the_others_are_said_with_their_counts(tmp_path, kind):
    path = COUNTED[kind](tmp_path)
    dataset = read_dataset(path)
    assert names(dataset) == ["b.png"]
    said = dataset.warnings[0]
    assert said.startswith(f"{path.name} has ")
    assert all(f"{part} {count}" in said for part, count in (("train", 2), ("val", 1), ("test", 1)))
    assert said.endswith(": val is read; --split chooses")


@pytest.mark.parametrize("kind", COUNTED)
def test_the_part_that_is_named_is_read_or_all_and_no_other_is(tmp_path, kind):
    path = COUNTED[kind](tmp_path)
    for part, found in (("train", ["a.png", "c.png"]), ("all", sorted(PARTS))):
        dataset = read_dataset(path, split=part)
        assert sorted(names(dataset)) == found
        assert not any("--split" in warning for warning in dataset.warnings)
    with pytest.raises(DataError, match=r"has no part vla, which --split names: its parts are"):
        read_dataset(path, split="vla")


def test_parts_of_other_names_are_all_read_and_said(tmp_path):
    path = of_boxes(tmp_path)
    path.write_text(path.read_text().replace("train", "north").replace("test", "south"))
    path.write_text(path.read_text().replace("val", "west"))
    dataset = read_dataset(path)
    assert names(dataset) == sorted(PARTS)
    assert dataset.warnings[0].endswith("(north 2, west 1, south 1): all are read; --split chooses")


def test_one_part_alone_needs_no_word(tmp_path):
    path = of_boxes(tmp_path)
    for part in ("train", "test"):
        path.write_text(path.read_text().replace(part, "val"))
    assert read_dataset(path).warnings == ()


def test_a_line_that_is_left_out_is_named_as_it_stands_in_the_file(tmp_path):
    path = of_boxes(tmp_path)
    path.write_text(f"{path.read_text().strip()}\n,nut,0,0,9,9,val\n")
    assert "1 box without an image (line 6): left out" in read_dataset(path).warnings


def test_the_splits_of_yaml_voc_and_folders_are_chosen_by_their_names(tmp_path):
    of_yolo(tmp_path)
    (tmp_path / "classes.txt").unlink()
    says = "train: images/train\nval: images/val\nnames: [nut]\n"
    (tmp_path / "data.yaml").write_text(says)
    assert names(read_dataset(tmp_path, split="train")) == ["a.png", "c.png"]
    with pytest.raises(DataError, match=r"no part test, .*: its parts are val, train"):
        read_dataset(tmp_path, split="test")
    folders = tmp_path / "images"
    for part in ("train", "val"):
        for kind in ("nut", "bolt"):
            (folders / part / kind).mkdir()
            Image.new("RGB", (9, 9)).save(folders / part / kind / f"{part}.png")
    assert set(names(read_dataset(folders, split="train"))) == {"train.png"}
    with pytest.raises(DataError, match=r"no part test, .*: its parts are val, train"):
        read_dataset(folders, split="test")
    sets = tmp_path / "voc" / "ImageSets" / "Main"
    sets.mkdir(parents=True)
    (tmp_path / "voc" / "Annotations").mkdir()
    for name, part in (("a", "train"), ("b", "val")):
        (sets / f"{part}.txt").write_text(name)
        text = (
            f"<annotation><filename>{name}.png</filename><object><name>nut</name><bndbox>"
            "<xmin>0</xmin><ymin>0</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>"
            "</annotation>"
        )
        (tmp_path / "voc" / "Annotations" / f"{name}.xml").write_text(text)
    assert names(read_dataset(tmp_path / "voc", split="train")) == ["a.png"]
    with pytest.raises(DataError, match=r"no part test, .*: its parts are train, val"):
        read_dataset(tmp_path / "voc", split="test")


def test_a_dataset_without_parts_has_none_to_choose(tmp_path):
    content = {"images": [], "annotations": [], "categories": [{"id": 1, "name": "nut"}]}
    (path := tmp_path / "truth.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match="no part val, which --split names: it tells of no parts"):
        read_dataset(path, split="val")
