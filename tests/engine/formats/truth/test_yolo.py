"""YOLO labels: layouts, odd lines, and what cannot be known without the images."""

import numpy as np
import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset
from tests.engine.formats.dialects import NAMES, SCENE, pictures, rows_of, yolo_folder, yolo_labels

HALF = "0 .5 .5 .5 .5\n"  # of image 0, 100 by 80: from 25, 20 to 75, 60


@pytest.fixture
def folder(tmp_path):
    yolo_folder(tmp_path, SCENE)
    for file in (tmp_path / "labels").iterdir():
        file.write_text("")
    return tmp_path


def label(folder, text, image="000"):
    (folder / "labels" / f"{image}.txt").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (HALF + "1 .5 .5\n", 2, "expected 'class x y width height', got '1 .5 .5'"),
        ("bolt .5 .5 .5 .5", 1, "got 'bolt .5 .5 .5 .5'"),
        ("0.5 .5 .5 .5 .5", 1, "got '0.5 .5 .5 .5 .5'"),
        ("\n\n0 .5 .5 .5 .5 .9", 3, "with a confidence these are predictions"),
    ],
)
def test_a_line_that_is_no_box_is_named_with_its_file_and_line(folder, text, line, problem):
    with pytest.raises(DataError) as error:
        read_dataset(label(folder, text))
    assert f"labels/000.txt:{line}: " in str(error.value)
    assert problem in str(error.value)


def test_outlines_become_the_box_around_them_and_that_is_said_once(folder):
    outline = "2 .1 .2 .5 .2 .3 .6\n"
    dataset = read_dataset(label(folder, outline + HALF + outline.replace(".5", ".6")))
    assert rows_of(dataset)[1:] == [(0, "washer", 10, 16, right, 48) for right in (50, 60)]
    assert dataset.warnings == ("2 outlines (labels/000.txt:1): the box around each is taken",)


def test_key_points_behind_a_box_are_left_where_the_dataset_has_some(folder):
    label(folder, "0 .5 .5 .5 .5 .1 .1 2 .2 .2 2\n")
    says = "val: images\nkpt_shape: [2, 3]\nnames:\n  0: bolt\n  2: washer\n"
    (folder / "data.yaml").write_text(says)
    dataset = read_dataset(folder)
    assert rows_of(dataset) == [(0, "bolt", 25, 20, 75, 60)]
    assert dataset.classes == ("bolt", "1", "washer")


def test_classes_that_are_not_listed_and_boxes_off_the_image_are_left_out_and_counted(folder):
    text = (
        HALF
        + HALF.replace(".5", ".4")
        + HALF.replace(".5", ".3")
        + "3 .5 .5 .1 .1\n-1 .5 .5 .1 .1\n0 1.2 .5 .1 .1\n0 .5 .5 0 .1\n"
    )
    dataset = read_dataset(label(folder, text))
    assert len(dataset.ground_truths) == 3
    assert dataset.warnings == (
        "2 boxes of a class that is none of 0 to 2, as the names list them; the first is 3 at "
        "labels/000.txt:4: left out",
        "1 box not in parts of the image, from 0 to 1 (labels/000.txt:6): left out",
        "1 box whose right or lower edge is not beyond the left or upper one "
        "(labels/000.txt:7): left out",
    )


def test_labels_in_pixels_are_refused(folder):
    with pytest.raises(DataError, match=r"2 of 2 boxes are not in parts.*not in pixels"):
        read_dataset(label(folder, "0 50 40 20 20\n0 30 30 9 9\n"))


def test_without_any_names_classes_go_by_their_numbers_and_that_is_said(folder):
    (folder / "classes.txt").unlink()
    dataset = read_dataset(label(folder, "2 .5 .5 .1 .1"))
    assert dataset.classes == ("0", "1", "2")
    assert "go by their numbers" in dataset.warnings[0]


def test_images_of_unknown_size_are_left_out_unless_they_are_most(folder):
    for image in ("000", "001", "002"):
        label(folder, HALF, image)
    (folder / "images" / "001.png").write_bytes(b"no image")
    dataset = read_dataset(folder)
    assert dataset.images.name == ("000.png", "002.png")
    assert rows_of(dataset) == [(0, "bolt", 25, 20, 75, 60), (2, "bolt", 12.5, 10, 37.5, 30)]
    assert "1 image of unknown size, as 001.png (the file not an image" in dataset.warnings[0]
    (folder / "images" / "002.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"the size of 001.png is not known.*with --images"):
        read_dataset(folder)


def test_labels_without_images_need_images_from_elsewhere(tmp_path):
    yolo_labels(tmp_path / "data" / "labels", SCENE)
    (tmp_path / "data" / "classes.txt").write_text("\n".join(NAMES))
    with pytest.raises(DataError, match="its file was not found"):
        read_dataset(tmp_path / "data")


def test_a_yaml_with_a_list_file_and_the_path_of_another_machine_is_found(tmp_path):
    pictures(tmp_path / "images")
    yolo_labels(tmp_path / "labels", SCENE)
    (tmp_path / "val.txt").write_text("./images/000.png\n/home/ann/set/images/001.png\n")
    (tmp_path / "set.yaml").write_text("path: /home/ann/set\ntest: val.txt\nnames: [a, b, c]\n")
    dataset = read_dataset(tmp_path / "set.yaml")
    assert dataset.images.name == ("000.png", "001.png")
    assert (dataset.images.size == np.array([[100, 80], [64, 64]])).all()
    assert len(dataset.ground_truths) == 4
    assert dataset.warnings == ("set.yaml has no val: its test is read",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("val: images\nnames: [a, b", "data.yaml:2: broken YAML"),
        ("val: images\n", "it has no names"),
        ("val: images\nnames: [a, '']", "class 1 has an empty name"),
        ("val: images\nnames: {a: 0}", "the numbers of classes"),
        ("val: images\nnc: 3\nnames: [a]", "nc is 3, but names lists 1"),
        ("names: [a]", "it names no images"),
        ("val: images\nnames: [[a]]", "expected a name for each class, found a list"),
        ("val: {a: b}\nnames: [a]", "val: expected a folder, a list of images"),
        ("val: nowhere\nnames: [a]", "val: there is no nowhere"),
        ("!!python/object/apply:os.getcwd []", "broken YAML"),
        ("val: images\nnames: {1: a, 0: b, 1: c}", "data.yaml:2: the key 1 stands twice"),
        ("val: images\nnames:\n  '1': a\n  1: c\n", "data.yaml:4: the key 1 stands twice"),
        ("val: images\nnames: [a]\nval: other", "data.yaml:3: the key val stands twice"),
        ("val: images\nnames: [a]\nmore: {a: {b: 1, b: 2}}", "the key b stands twice"),
    ],
)
def test_a_yaml_that_does_not_say_enough_is_refused(folder, text, problem):
    (folder / "data.yaml").write_text(text)
    with pytest.raises(DataError) as error:
        read_dataset(folder)
    assert problem in str(error.value)


def test_a_dataset_without_a_single_label_file_is_no_dataset_without_objects(tmp_path):
    pictures(tmp_path / "images")
    (tmp_path / "data.yaml").write_text("val: images\nnames: [a]")
    with pytest.raises(
        DataError, match=r"none of its 3 images has a label file: looked for .*000\.txt"
    ):
        read_dataset(tmp_path)


def test_an_empty_line_among_the_names_is_refused_and_a_name_of_two_classes_said(tmp_path):
    pictures(tmp_path / "images")
    yolo_labels(tmp_path / "labels", SCENE)
    names = tmp_path / "classes.txt"
    names.write_text("bolt\n\nnut\n\n")
    with pytest.raises(DataError, match=r"classes\.txt:2: this line is empty"):
        read_dataset(tmp_path)
    names.write_text("bolt\nnut\nbolt\n\n")
    dataset = read_dataset(tmp_path)
    assert dataset.classes == ("bolt", "nut", "bolt")
    said = "several classes are called bolt (0, 2): their numbers tell them apart"
    assert dataset.warnings == (said,)
