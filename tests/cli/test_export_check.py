"""compare without labels, as a user runs it: documents, gates, exit codes, wrong input."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_command import inside as inside  # a fixture
from tests.probing import labelled, particular_model

CARD = """
[input]
color = "BGR"
resize = "letterbox-topleft"
scale = 1.0
[classes]
names = ["bolt", "nut"]
"""
KEYS = {"task", "images", "a", "b", "agreement", "warnings"}
AGREEMENT = {
    *("boxes_a", "boxes_b", "agreed", "crossed", "share", "verdict", "reason", "by_image"),
    *("largest_score_difference", "median_score_difference"),
    *("largest_iou_loss", "median_iou_loss"),
}
DEMO = Path(__file__).parents[2] / "demo_data" / "classification"


@pytest.fixture
def folder(tmp_path):
    """A model, a copy that is stretched, and eight images."""
    labelled(tmp_path / "data")
    shutil.move(tmp_path / "data" / "images", tmp_path / "shots")
    for name, resize in (("a", "letterbox-topleft"), ("b", "stretch")):
        particular_model(tmp_path / f"{name}.onnx")
        card = CARD.replace("letterbox-topleft", resize)
        (tmp_path / f"{name}.card.toml").write_text(card)
    return tmp_path


def test_json_has_the_keys_that_others_rely_on(folder, inside):
    done = inside("compare", "a.onnx", "b.onnx", "shots", "--format", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told.keys() == KEYS
    assert (told["task"], told["images"]) == ("detection", 8)
    point = {"confidence": 0.25, "source": "default"}
    assert told["a"] == {"name": "a.onnx", "operating_point": point}
    assert told["b"] == {"name": "b.onnx", "operating_point": point}
    assert told["agreement"].keys() == AGREEMENT
    assert told["agreement"]["verdict"] == "preprocessing"
    assert "when resized by letterbox-topleft, not stretch" in told["agreement"]["reason"]
    first = told["agreement"]["by_image"][0]
    assert first["image"].startswith("shots/")
    assert first.keys() == {"image", "boxes_a", "boxes_b", "agreed", "largest_score_difference"}


def test_json_of_classifiers_has_the_top_class_and_probabilities(tmp_path, inside):
    images = sorted((DEMO / "images").rglob("*.jpg"))[::50]
    pair = DEMO / "model.onnx", DEMO / "model_int8.onnx"
    done = inside("compare", *pair, *images, "--format", "json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (told["task"], told["images"]) == ("classification", len(images))
    assert told["agreement"]["images"] == len(images)
    assert {"agreed", "share", "verdict", "reason"} < told["agreement"].keys()
    assert told["agreement"]["largest_probability_difference"] > 0
    assert told["agreement"]["by_image"][0].keys() == {
        *("image", "a", "b", "largest_probability_difference"),
    }


def test_text_and_markdown_say_the_verdict(folder, inside):
    text = inside("compare", "a.onnx", "b.onnx", "shots", cwd=folder).stdout
    assert "A a.onnx · B b.onnx on 8 images without labels · boxes from confidence .250" in text
    assert "\nAnother preprocessing: B agrees with A to 1.0000 when resized by" in text
    assert "Images that differ most:" in text
    markdown = inside("compare", "a.onnx", "b.onnx", "shots", "--format", "md", cwd=folder).stdout
    assert markdown.startswith("### b.onnx against a.onnx\n")
    assert "**Another preprocessing: B agrees with A to 1.0000" in markdown
    assert "| image | boxes A | boxes B | agreed | largest difference of score |" in markdown


def test_out_takes_the_document(folder, inside):
    done = inside("compare", "a.onnx", "a.onnx", "shots", "--out", "said.txt", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    said = (folder / "said.txt").read_text()
    assert "The same model: all 8 boxes of A and 8 of B agree." in said
    assert "A and B are the same file (a.onnx): nothing can differ." in said


def test_the_gate_fails_for_another_preprocessing_and_not_for_the_same_model(folder, inside):
    gate = ("shots", "--fail-on", "other")
    failed = inside("compare", "a.onnx", "b.onnx", *gate, cwd=folder)
    assert failed.returncode == 1
    assert failed.stderr.startswith("offdiag: Another preprocessing: B agrees with A")
    assert inside("compare", "a.onnx", "a.onnx", *gate, cwd=folder).returncode == 0
    assert inside("compare", "a.onnx", "b.onnx", "shots", cwd=folder).returncode == 0


def test_images_may_be_named_with_images(folder, inside):
    done = inside("compare", "a.onnx", "a.onnx", "--images", "shots", cwd=folder)
    assert "on 8 images without labels" in done.stdout


def test_the_confidence_may_be_given(folder, inside):
    named = ("compare", "a.onnx", "a.onnx", "shots", "--confidence")
    assert "from confidence .400 on (given)" in inside(*named, ".4", cwd=folder).stdout
    assert "from confidence .250 on" in inside(*named, "saved", cwd=folder).stdout


def test_with_labels_one_file_with_two_cards_is_no_other_model(folder, inside):
    named = ("a.onnx", "a.onnx", "--card-b", "b.card.toml", "--data", "data/truth.json")
    images = ("--images", "shots", "--samples", "0", "--format", "json")
    told = json.loads(inside("compare", *named, *images, cwd=folder).stdout)["agreement"]
    assert (told["verdict"], told["boxes_a"]) == ("preprocessing", 8)
    assert told["reason"] == "B is the file of A, fed as another card says"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name the ground truth with --data, or images without labels"),
        (("shots", "--confidence", "optimal"), "--confidence optimal needs labels"),
        (("shots", "--fail-on", "worse"), "--fail-on worse needs labels"),
        (("none",), "none: there is no such file or folder"),
    ],
)
def test_wrong_input_is_a_sentence_and_exits_with_2(folder, inside, arguments, said):
    done = inside("compare", "a.onnx", "b.onnx", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
