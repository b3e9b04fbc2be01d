import ast
import io
import re
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from PIL import Image

from demo_data.make.crops import INPUT_SIDE, SIDES, Crop, crops, fitted
from demo_data.make.parts import CLASSES
from demo_data.make.render_crops import LOOK_ALIKES, SHARE_OF_LABEL_ERRORS, label_errors
from engine.images.pixels import UNKNOWN_SIZE
from engine.scoring.card import InputCard
from engine.scoring.run.resize import place
from engine.scoring.run.scorer import open_scorer

FOLDER = Path(__file__).parents[2] / "demo_data" / "classification"
README = FOLDER.parent / "README.md"
PATHS = sorted(FOLDER.glob("images/*/*.jpg"))
TRUTH = np.array([CLASSES.index(path.parent.name) for path in PATHS])
SHIPPED_SEED = 3

# A line of the README's table: | `washer/0153_06.jpg` | gear | 1.000 | 1 |
LISTED = re.findall(r"^\| `(\w+)/(\d{4}_\d{2}\.jpg)` \| (\w+) \|", README.read_text("utf-8"), re.M)


@pytest.fixture(scope="module")
def model() -> onnx.ModelProto:
    return onnx.load(FOLDER / "model.onnx")


@pytest.fixture(scope="module")
def preparation() -> InputCard:
    """What the app does to an image, told by nothing but the model's metadata."""
    card = open_scorer(FOLDER / "model.onnx", provider="cpu").card
    assert (card.task, card.provenance.confidence) == ("classify", "certain")
    assert card.classes.names == CLASSES
    return card.input


@pytest.fixture(scope="module")
def probabilities(preparation: InputCard) -> NDArray[np.float32]:
    """The model's answers to the images as the app prepares them, [N, C]."""
    batch = np.empty((len(PATHS), 3, INPUT_SIDE, INPUT_SIDE), np.float32)
    for path, slot in zip(PATHS, batch, strict=True):
        place(path, UNKNOWN_SIZE, preparation, slot)
    session = onnxruntime.InferenceSession(
        FOLDER / "model.onnx", providers=["CPUExecutionProvider"]
    )
    (answers,) = session.run(["output0"], {"images": batch})
    return answers


def crop_named(name: str) -> Crop:
    """The crop of this file, cut from its scene again."""
    return next(crop for crop in crops(SHIPPED_SEED, int(name[:4])) if crop.name == name)


def test_the_files_are_few_and_small() -> None:
    assert 300 <= len(PATHS) <= 600
    assert sum(path.stat().st_size for path in PATHS) < 3_000_000
    assert (FOLDER / "model.onnx").stat().st_size < 600_000
    assert {path.parent.name for path in PATHS} == set(CLASSES)


def test_the_images_differ_in_size_and_in_shape() -> None:
    sizes = set()
    for path in PATHS:
        with Image.open(path) as image:
            sizes.add(image.size)
    sides = [side for size in sizes for side in size]
    assert len(sizes) > 100
    assert SIDES[0] <= min(sides) < max(sides) <= SIDES[1]
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)


def test_some_classes_have_many_more_images_than_others() -> None:
    counts = np.bincount(TRUTH)
    assert counts.max() > 2 * counts.min() > 20


def test_the_model_says_all_that_is_needed_to_run_it(model: onnx.ModelProto) -> None:
    said = {entry.key: entry.value for entry in model.metadata_props}
    assert said["task"] == "classify"
    assert ast.literal_eval(said["names"]) == dict(enumerate(CLASSES))
    assert ast.literal_eval(said["imgsz"]) == [INPUT_SIDE, INPUT_SIDE]
    assert said["author"] == "The Offdiag authors"
    assert [entry.version for entry in model.opset_import if not entry.domain] == [17]
    (images,), (answers,) = model.graph.input, model.graph.output
    assert images.name == "images"
    lengths = [axis.dim_param or axis.dim_value for axis in images.type.tensor_type.shape.dim]
    assert lengths == ["batch", 3, INPUT_SIDE, INPUT_SIDE]
    lengths = [axis.dim_param or axis.dim_value for axis in answers.type.tensor_type.shape.dim]
    assert lengths == ["batch", len(CLASSES)]


def test_the_app_prepares_each_image_as_the_training_did(preparation: InputCard) -> None:
    slot = np.empty((3, INPUT_SIDE, INPUT_SIDE), np.float32)
    for path in PATHS:
        place(path, UNKNOWN_SIZE, preparation, slot)
        with Image.open(path) as image:
            pixels = fitted(image).transpose(2, 0, 1)
        np.testing.assert_allclose(slot * 255, pixels, atol=1e-3, err_msg=str(path))


def test_the_answers_are_probabilities(probabilities: NDArray[np.float32]) -> None:
    assert probabilities.shape == (len(PATHS), len(CLASSES))
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_model_is_right_often_but_not_always(probabilities: NDArray[np.float32]) -> None:
    top = probabilities.argmax(axis=1)
    assert 0.7 < (top == TRUTH).mean() < 0.9
    recall = [(top[label == TRUTH] == label).mean() for label in range(len(CLASSES))]
    assert 0.4 < min(recall) < max(recall) < 1


def test_it_confuses_what_looks_alike(probabilities: NDArray[np.float32]) -> None:
    alike = np.zeros((len(CLASSES), len(CLASSES)), bool)
    for names in LOOK_ALIKES:
        group = [CLASSES.index(name) for name in names]
        alike[np.ix_(group, group)] = True
    top = probabilities.argmax(axis=1)
    wrong = top != TRUTH
    by_chance = (alike.sum() - len(CLASSES)) / (alike.size - len(CLASSES))
    assert alike[TRUTH[wrong], top[wrong]].mean() > 1.5 * by_chance


def test_it_is_too_sure_of_itself_but_not_absurdly(probabilities: NDArray[np.float32]) -> None:
    confidence = probabilities.max(axis=1)
    accuracy = (probabilities.argmax(axis=1) == TRUTH).mean()
    assert 0.02 < confidence.mean() - accuracy < 0.15


@pytest.mark.parametrize(("folder", "name", "shown"), LISTED)
def test_a_listed_label_error_lies_in_a_wrong_folder(folder: str, name: str, shown: str) -> None:
    again = crop_named(name)
    assert CLASSES[again.label] == shown != folder
    with (
        Image.open(FOLDER / "images" / folder / name) as shipped,
        Image.open(io.BytesIO(again.jpeg)) as rendered,
    ):
        assert shipped.size == rendered.size
        difference = np.asarray(shipped, np.float32) - np.asarray(rendered, np.float32)
    assert np.abs(difference).mean() < 10  # versions of Pillow and NumPy


def test_two_in_a_hundred_labels_are_wrong_and_all_of_them_are_listed() -> None:
    assert len(LISTED) == round(SHARE_OF_LABEL_ERRORS * len(PATHS))
    by_name = sorted(PATHS, key=lambda path: path.name)
    shown = {name: label for _, name, label in LISTED}
    labels = [CLASSES.index(shown.get(path.name, path.parent.name)) for path in by_name]
    wrong = label_errors(labels, SHIPPED_SEED)
    assert {by_name[row].name: folder for row, folder in wrong.items()} == {
        name: folder for folder, name, _ in LISTED
    }


def test_the_other_images_of_those_scenes_lie_in_the_right_folder() -> None:
    listed = {name for _, name, _ in LISTED}
    folders = {path.name: path.parent.name for path in PATHS}
    for index in {int(name[:4]) for name in listed}:
        for crop in crops(SHIPPED_SEED, index):
            if crop.name not in listed:
                assert folders[crop.name] == CLASSES[crop.label], crop.name


def test_the_model_contradicts_most_wrong_labels(probabilities: NDArray[np.float32]) -> None:
    """Ranked by its doubt of the label: half of the errors in the first twentieth."""
    names = [path.name for path in PATHS]
    rows = [names.index(name) for _, name, _ in LISTED]
    doubt = probabilities.max(axis=1) - probabilities[np.arange(len(PATHS)), TRUTH]
    place_of = np.argsort(np.argsort(-doubt, kind="stable"))
    assert (place_of[rows] < len(PATHS) / 20).mean() >= 0.5
