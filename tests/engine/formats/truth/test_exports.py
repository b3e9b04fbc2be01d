"""What tools export in folders of parts, in several subsets, with lists, and by other rules."""

import shutil

import numpy as np
import pytest
from PIL import Image

from engine.core.dataset import ClassificationDataset
from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from engine.opening import Inputs, opening
from tests.engine.formats.dialects import DIALECTS, SCENE, pictures, rows_of, table, voc, voc_xml
from tests.engine.formats.making import COCO_IMAGES, RESULT, TRUTH, results, truth

WITHOUT_PARTS = ("data.yaml", "YOLO folder", "VOC", "Cartucho")  # they say their parts themselves


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - set(WITHOUT_PARTS)))
def test_a_folder_with_parts_is_read_as_its_valid_part_and_not_as_classes(tmp_path, dialect):
    for part in ("train", "valid", "test"):
        DIALECTS[dialect][1](tmp_path / part, SCENE)
    read = read_dataset(tmp_path)
    assert rows_of(read) == rows_of(read_dataset(tmp_path / "valid"))
    assert read.warnings == ()
    shutil.rmtree(tmp_path / "valid")
    assert f"{tmp_path.name} has no valid: its test is read" in read_dataset(tmp_path).warnings


def test_coco_in_parts_as_roboflow_exports_it_has_boxes(tmp_path):
    for part in ("train", "valid", "test"):
        (tmp_path / part).mkdir()
        truth(tmp_path / part, TRUTH).rename(tmp_path / part / "_annotations.coco.json")
        Image.new("RGB", (100, 80)).save(tmp_path / part / "a.jpg")
    dataset = read_dataset(tmp_path)
    assert dataset.classes == ("bolt", "nut")
    assert dataset.source == tmp_path / "valid" / "_annotations.coco.json"


def one_hot(folder, *rows):
    for part in ("train", "valid"):
        pictures(folder / part)
        table(folder / part / "_classes.csv", [["filename", " cat", " dog"], *rows])
    return folder


def test_a_table_of_ones_is_the_class_of_each_image(tmp_path):
    rows = [["000.png", 0, 1], ["001.png", 1, 0], ["002.png", 0, 0]]
    dataset = read_dataset(one_hot(tmp_path, *rows))
    assert isinstance(dataset, ClassificationDataset)
    assert (dataset.classes, dataset.label.tolist()) == (("cat", "dog"), [1, 0])
    assert dataset.warnings == ("_classes.csv: 1 row without an image or a class: left out",)


def test_a_table_with_several_ones_is_refused_for_that_reason(tmp_path):
    with pytest.raises(DataError, match=r"1 image of 2 with several classes, as 001\.png with cat"):
        read_dataset(one_hot(tmp_path, ["000.png", 0, 1], ["001.png", 1, 1]))


def test_subsets_of_cvat_may_have_images_of_one_name(tmp_path):
    box = '<box label="a" xtl="{0}" ytl="1" xbr="{0}9" ybr="9"/>'
    images = "".join(
        f'<image id="{n}" name="{name}" subset="{subset}" width="99" height="99">'
        + box.format(n + 1)
        + "</image>"
        for n, (name, subset) in enumerate([("1.jpg", "val"), ("1.jpg", "train"), ("2.jpg", "val")])
    )
    for subset, colour in (("train", "red"), ("val", "blue")):
        (tmp_path / "images" / subset).mkdir(parents=True)
        Image.new("RGB", (9, 9), colour).save(tmp_path / "images" / subset / "1.jpg")
    (tmp_path / "annotations.xml").write_text(f"<annotations>{images}</annotations>")
    dataset = read_dataset(tmp_path / "annotations.xml", split="all")
    assert dataset.images.name == ("val/1.jpg", "train/1.jpg", "2.jpg")
    assert dataset.ground_truths.image.tolist() == [0, 1, 2]
    assert [path and path.parent.name for path in dataset.images.path] == ["val", "train", None]
    assert dataset.warnings == ()


def listed(folder, *lines):
    voc(folder, SCENE)
    (folder / "ImageSets" / "Main").mkdir(parents=True)
    (folder / "ImageSets" / "Main" / "val.txt").write_text("\n".join(lines))
    return folder


def test_a_list_of_voc_that_names_no_file_is_the_reason_that_is_given(tmp_path):
    with pytest.raises(DataError, match=r"val\.txt: names none of the 3 XML files in Annotations"):
        read_dataset(listed(tmp_path / "v", "9", "8"))


def test_a_list_of_voc_may_have_suffixes_folders_and_marks(tmp_path):
    folder = listed(tmp_path / "v", "JPEGImages/000.png", "001 -1", "my cat.jpg")
    (folder / "Annotations" / "my cat.xml").write_text(voc_xml(SCENE, 2))
    assert read_dataset(folder).images.name == ("000.png", "001.png", "002.png")


def lvis(folder):
    images = [{**i, "neg_category_ids": [], "not_exhaustive_category_ids": []} for i in COCO_IMAGES]
    return truth(folder, TRUTH, images=images)


def test_ground_truth_of_lvis_is_scored_as_coco_only_if_one_says_so(tmp_path):
    inputs = {"data": lvis(tmp_path), "predictions": results(tmp_path, RESULT)}
    with pytest.raises(DataError, match=r"ground truth of LVIS.*--as-coco scores it so"):
        list(opening(Inputs(**inputs)))
    *_, opened = opening(Inputs(**inputs, as_coco=True))
    assert opened.warnings[0].startswith("ground truth of LVIS, scored as COCO")


def test_images_of_lvis_have_the_name_at_the_end_of_their_address(tmp_path):
    image = {"id": 9, "coco_url": "http://images.cocodataset.org/val2017/000000000009.jpg"}
    dataset = read_dataset(truth(tmp_path, images=[image]))
    assert dataset.images.name == ("val2017/000000000009.jpg",)


def texts(folder, *files):
    folder.mkdir()
    for number, lines in enumerate(files):
        (folder / f"{number:03d}.txt").write_text("\n".join(lines))
    return folder


def test_named_boxes_with_width_and_height_are_told_from_corners_by_their_images(tmp_path):
    pictures(tmp_path / "images")
    lines = ["bolt 60 50 30 20", "hex nut 5 5 90 70 difficult"]
    dataset = read_dataset(texts(tmp_path / "groundtruths", lines, []))
    assert rows_of(dataset) == [(0, "bolt", 60, 50, 90, 70), (0, "hex nut", 5, 5, 95, 75)]
    assert len(dataset.images) == 2
    assert dataset.ground_truths.difficult.tolist() == [False, True]


def test_named_boxes_in_parts_are_about_their_centre(tmp_path):
    pictures(tmp_path / "images")
    dataset = read_dataset(texts(tmp_path / "gt", ["bolt .5 .5 .5 .5"]), tmp_path / "images")
    assert rows_of(dataset) == [(0, "bolt", 25, 20, 75, 60)]


def test_a_line_that_is_no_named_box_is_named(tmp_path):
    with pytest.raises(DataError, match=r"000\.txt:2: expected 'class left top right bottom'"):
        read_dataset(texts(tmp_path / "gt", ["bolt 1 2 3 4", "bolt 1 2 3"]))


def test_a_row_of_retinanet_that_is_broken_is_named_by_its_line(tmp_path):
    path = table(tmp_path / "r.csv", [["a.jpg", 1, 2, 9, 9, "cat"], ["a.jpg", 1, "x", 9, 9, "cat"]])
    with pytest.raises(DataError, match=r"r\.csv:2: column 'y1' has 'x'"):
        read_dataset(path)


@pytest.mark.parametrize("column", ["image_name", "image_id", "file", "filepath"])
def test_a_column_of_images_may_have_any_usual_name(tmp_path, column):
    head, row = [column, "class", "x1", "y1", "x2", "y2"], ["a.jpg", "cat", 1, 2, 9, 9]
    dataset = read_dataset(table(tmp_path / "t.csv", [head, row]))
    assert dataset.images.name == ("a.jpg",)
    found, _ = read_predictions(table(tmp_path / "p.csv", [[*head, "score"], [*row, 0.5]]), dataset)
    assert len(found) == 1


def test_a_column_of_whole_numbers_that_are_all_ids_has_ids(tmp_path):
    images = [{"id": i + 1, "file_name": f"{i}.jpg"} for i in range(3)]
    dataset = read_dataset(truth(tmp_path, TRUTH, images=images))
    head, box = ["image_id", "class", "x1", "y1", "x2", "y2", "score"], ["bolt", 1, 2, 9, 9]

    def read(*ids):
        rows = [[id_, *box, n / 8] for n, id_ in enumerate(ids)]
        found, notes = read_predictions(table(tmp_path / "p.csv", [head, *rows]), dataset)
        return found.image.tolist(), notes

    assert read(3, 1) == (
        [2, 0],
        ("p.csv: images are numbers: they are the ids of the ground truth",),
    )
    assert "ids and names of image files: taken for ids" in read(1, 2)[1][0]
    assert read(0, 2) == ([0, 2], ())  # 0 is no id, so these are names


def test_two_images_with_one_label_file_are_said(tmp_path):
    (tmp_path / "labels").mkdir()
    (tmp_path / "images").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("0 .5 .5 .2 .2")
    for suffix in ("png", "jpg"):
        Image.new("RGB", (9, 9)).save(tmp_path / "images" / f"a.{suffix}")
    notes = read_dataset(tmp_path).warnings
    assert any("a.jpg and a.png share the label file labels/a.txt" in note for note in notes)


def test_the_columns_of_text_predictions_must_hold_a_confidence(tmp_path):
    dataset = read_dataset(DIALECTS["box table"][1](tmp_path / "t", SCENE))
    for lines, problem in (
        (["0 .5 .5 .2 .2 95.5"], r"neither the second nor the last column \(95\.5\)"),
        (["0 95 10 20 30 40"], r"neither the second nor the last column \(40\)"),
        (["0 .5 .5 .2 .2 3", "0 .4 .4 .2 .2 4"], r"\(3, 4\) is no confidence.*id of a track"),
    ):
        (tmp_path / "p").mkdir(exist_ok=True)
        (tmp_path / "p" / "000.txt").write_text("\n".join(lines))
        with pytest.raises(DataError, match=problem):
            read_predictions(tmp_path / "p", dataset)


def test_of_files_of_one_name_the_one_in_the_folder_of_the_name_is_found(tmp_path):
    for part in ("a", "b"):
        pictures(tmp_path / "deep" / part)
    images = [{"id": n, "file_name": f"x/{part}/000.png"} for n, part in enumerate("ba")]
    dataset = read_dataset(truth(tmp_path, images=images), tmp_path)
    assert [path.parent.name for path in dataset.images.path] == ["b", "a"]
    assert np.array_equal(dataset.images.size, np.zeros((2, 2)))
