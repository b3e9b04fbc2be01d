"""From files to an assessment: what is left out, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import DataError
from engine.opening import Inputs, Opened, opening
from engine.report.reporting import reported

DEMO = Path(__file__).resolve().parents[2] / "demo_data"
MODEL, IMAGES = DEMO / "detection" / "model.onnx", DEMO / "detection" / "images"
EVERY, THERE = 6, (0, 2, 5)


def opened(inputs: Inputs) -> Opened:
    *_, last = opening(inputs)
    assert isinstance(last, Opened)
    return last


def only(truth: dict, images: list[int]) -> dict:
    kept = [truth["images"][image] for image in images]
    ids = {image["id"] for image in kept}
    shown = [each for each in truth["annotations"] if each["image_id"] in ids]
    return truth | {"images": kept, "annotations": shown}


@pytest.fixture
def data(tmp_path: Path) -> Inputs:
    """Six labelled images, three of which are there."""
    truth = only(json.loads((DEMO / "detection" / "truth.json").read_text()), list(range(EVERY)))
    (tmp_path / "every.json").write_text(json.dumps(truth))
    (tmp_path / "there.json").write_text(json.dumps(only(truth, list(THERE))))
    folder = tmp_path / "images"
    folder.mkdir()
    for image in THERE:
        name = truth["images"][image]["file_name"]
        (folder / name).symlink_to(IMAGES / name)
    files = {"model": MODEL, "images": folder, "provider": "cpu"}
    return Inputs(tmp_path / "every.json", store=tmp_path / "store", **files)


def test_images_that_are_missing_are_left_out_on_both_sides(data):
    part, whole = opened(replace(data, data=data.data.with_name("there.json"))), opened(data)
    ours, theirs = (reported(each, 0.5, 0.4, with_intervals=False) for each in (whole, part))
    told, expected = ours.values(), theirs.values()
    assert told["left_out"] == {"images": 3, "classes": []}
    assert expected["left_out"] == {"images": 0, "classes": []}
    for name in ("images", "ground_truths", "predictions", "coco", "per_class", "matrix"):
        assert told[name] == expected[name], name
    assert "3 images (3 of 6 left out)" in ours.text().splitlines()[0]
    assert "left out" not in theirs.text().splitlines()[0]
    assert told["warnings"][0] == (
        "3 of 6 images could not be scored (3 no such file) and are left out, with all that is in "
        "them: name their folder with --images."
    )
    assert whole.assessment.images.path == part.assessment.images.path
    assert len(whole.failures) == 3


def test_images_that_are_missing_count_where_that_is_asked_for(data):
    counted = opened(replace(data, missing="count"))
    told = reported(counted, 0.5, 0.4, with_intervals=False).values()
    left = reported(opened(data), 0.5, 0.4, with_intervals=False).values()
    assert told["images"] == EVERY
    assert told["left_out"]["images"] == 0
    assert told["ground_truths"] > left["ground_truths"]
    assert told["predictions"] == left["predictions"]
    assert told["coco"]["AP"] < left["coco"]["AP"]
    assert "as --missing count wants it" in told["warnings"][0]


def test_an_image_that_cannot_be_read_is_left_out_too(data):
    name = json.loads(data.data.read_text())["images"][1]["file_name"]
    assert data.images is not None
    (data.images / name).write_text("dear reader")
    told = opened(data)
    assert told.left_out.words == "3 of 6 left out"
    assert (name, "not an image that Pillow knows") in told.failures


def test_without_a_single_image_there_is_no_number(data, tmp_path):
    (tmp_path / "empty").mkdir()
    problem = r"not one of its 6 images could be scored \(6 no such file\)"
    with pytest.raises(DataError, match=problem):
        opened(replace(data, images=tmp_path / "empty"))


def test_a_model_without_a_class_of_the_data_is_refused(data):
    truth = json.loads(data.data.read_text())
    truth["categories"] = [each | {"name": f"x{each['id']}"} for each in truth["categories"]]
    data.data.write_text(json.dumps(truth))
    with pytest.raises(DataError, match=r"none of its classes .* is a class of model\.onnx"):
        opened(data)


def test_a_classifier_leaves_out_what_it_could_not_see_and_has_nothing_to_count(tmp_path):
    shown = sorted((DEMO / "classification" / "images").glob("*/*"))
    for path in (shown[0], shown[-1]):
        folder = tmp_path / "val" / path.parent.name
        folder.mkdir(parents=True)
        (folder / path.name).symlink_to(path)
    (folder / "broken.jpg").write_text("dear reader")
    files = {"model": DEMO / "classification" / "model.onnx", "provider": "cpu"}
    inputs = Inputs(tmp_path / "val", store=tmp_path / "store", **files)
    made = opened(inputs)
    told = reported(made, 0.5, None, with_intervals=False)
    assert told.values()["left_out"]["images"] == 1
    assert "(1 of 3 left out)" in told.text().splitlines()[0]
    assert np.sum(told.values()["matrix"]["counts"]) == 2
    with pytest.raises(DataError, match="--missing count is for detectors"):
        opened(replace(inputs, missing="count"))
