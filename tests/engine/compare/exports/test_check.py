"""Exports checked on images without labels: models, files of predictions, and what is wrong."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from engine.batch.inputs import InputError
from engine.compare.exports.check import (
    ExportCheck,
    ExportInputs,
    NoBoxesError,
    checking,
)
from engine.compare.exports.closeness import closeness
from engine.compare.exports.unlabelled import (
    PredictionFile,
    answers_in_file,
    answers_of_model,
    listed_images,
)
from engine.compare.sides import CompareInputs
from engine.core.dataset import Images, Predictions
from engine.core.errors import DataError
from engine.opening import Inputs, Stage
from engine.probing.running import Trying
from engine.scoring.model.coco_names import COCO_NAMES
from engine.scoring.run.runner import Progress, score
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import Store
from tests.probing import labelled, particular_model

DEMO = Path(__file__).parents[4] / "demo_data"
RIGHT = {"color": "BGR", "resize": "letterbox-topleft", "scale": 1.0}


@pytest.fixture
def folder(tmp_path):
    """Eight images, red or blue, with a black part, and a model fed as it should be."""
    labelled(tmp_path / "data")
    for path in (tmp_path / "data" / "images").iterdir():
        picture = Image.open(path)
        picture.paste((0, 0, 0), (0, 0, int(path.stem) + 1, 8))
        picture.save(path)
    side(tmp_path, "a")
    return tmp_path


def side(folder, name, names=("bolt", "nut"), extra="", **fed):
    """A copy of the model with a card that feeds it so."""
    model = particular_model(folder / f"{name}.onnx")
    lines = [f"{key} = {json.dumps(value)}" for key, value in {**RIGHT, **fed}.items()]
    card = ["[input]", *lines, "mean = [0.0, 0.0, 0.0]", "std = [1.0, 1.0, 1.0]"]
    if names:
        card += ["[classes]", f"names = {json.dumps(list(names))}"]
    model.with_suffix(".card.toml").write_text("\n".join([*card, extra]))
    return model


def events(a, b, *images, confidence=None, folder=None, **common):
    here = (folder or a.parent) / "store.sqlite"
    inputs = Inputs(Path(), provider="cpu", store=here, **common)
    paths = tuple(map(str, images)) or (str((folder or a.parent) / "data" / "images"),)
    yield from checking(ExportInputs(CompareInputs(a, b, inputs), paths, confidence))


def checked(a, b, *images, **options) -> ExportCheck:
    *_, last = events(a, b, *images, **options)
    assert isinstance(last, ExportCheck)
    return last


def results(folder, name, rows) -> Path:
    path = folder / name
    path.write_text(json.dumps(rows))
    return path


@pytest.fixture
def own_results(folder):
    """What the model itself says, as COCO results."""
    scorer = open_scorer(folder / "a.onnx", provider="cpu")
    images, store = listed_images([str(folder / "data" / "images")]), Store(folder / "own.sqlite")
    for _ in score(scorer, images, store):
        pass
    found = answers_of_model(scorer, images, store, scorer.class_names, True).found
    stems = [int(Path(name).stem) for name in images.name]
    return [
        {"image_id": stems[image], "category_id": class_ + 1, "bbox": box, "score": score_}
        for image, class_, score_, box in zip(
            found.image.tolist(),
            found.class_.tolist(),
            found.confidence.tolist(),
            found.box.tolist(),
            strict=True,
        )
    ]


def test_the_same_file_twice_is_the_same_model_and_said(folder):
    model = folder / "a.onnx"
    check = checked(model, model)
    assert (check.agreement.verdict, check.fails) == ("same", False)
    assert check.agreement.measured.boxes_a == 8
    assert check.warnings[0] == "A and B are the same file (a.onnx): nothing can differ."


def test_a_copy_is_the_same_model(folder):
    check = checked(folder / "a.onnx", side(folder, "b"))
    assert (check.agreement.verdict, check.warnings) == ("same", ())
    assert check.names == ("a.onnx", "b.onnx")


@pytest.mark.parametrize(
    ("fed", "words"),
    [
        ({"scale": 1 / 255}, "when fed 0 to 255, not 0 to 1"),
        ({"resize": "stretch"}, "when resized by letterbox-topleft, not stretch"),
        ({"color": "RGB", "resize": "stretch"}, "when fed BGR and resized by letterbox-topleft"),
        ({"scale": 0.01}, "when fed 0 to 255 ("),  # which no choice stands for
    ],
)
def test_another_preprocessing_of_b_is_found_and_named(folder, fed, words):
    told = list(events(folder / "a.onnx", side(folder, "b", **fed)))
    check = told[-1]
    assert (check.agreement.verdict, check.fails) == ("preprocessing", True)
    assert check.agreement.reason.startswith("B agrees with A to 1.0000 when ")
    assert words in check.agreement.reason
    stages = [event.words for event in told if isinstance(event, Stage)]
    assert stages[0] == "Listing images"
    assert stages[-1] == "Trying ways to feed b.onnx on 8 images"
    assert any(isinstance(event, Progress) for event in told)
    assert isinstance(told[-2], Trying)


def test_a_model_is_tried_where_b_is_a_file(folder, own_results):
    wrong = side(folder, "wrong", resize="stretch")
    check = checked(wrong, results(folder, "framework.json", own_results))
    assert check.agreement.verdict == "preprocessing"
    assert check.agreement.reason.startswith("A agrees with B to 1.0000 when resized by")


@pytest.mark.parametrize("swapped", [False, True])
def test_predictions_of_the_model_itself_are_the_same_model(folder, own_results, swapped):
    pair = [folder / "a.onnx", results(folder, "framework.json", own_results)]
    check = checked(*(pair[::-1] if swapped else pair))
    assert check.agreement.verdict == "same"
    assert check.counted.source == "default"


def test_two_files_of_predictions_are_compared_where_one_names_its_classes(folder, own_results):
    named = [
        row | {"category_name": ("bolt", "nut")[row["category_id"] - 1]} for row in own_results
    ]
    a = results(folder, "a.json", named)
    b = results(folder, "b.json", named[1:])
    check = checked(a, b)
    assert check.classes == ("bolt", "nut")
    assert (check.agreement.measured.boxes_a, check.agreement.measured.boxes_b) == (8, 7)
    bare = [results(folder, name, own_results) for name in ("c.json", "d.json")]
    with pytest.raises(DataError, match="names no classes, and neither does"):
        checked(*bare)


def test_ids_that_count_from_0_are_read_as_the_boxes_show(folder, own_results):
    from_0 = [row | {"category_id": row["category_id"] - 1} for row in own_results]
    check = checked(folder / "a.onnx", results(folder, "b.json", from_0))
    assert check.agreement.verdict == "same"
    assert any("count the classes from 0" in said for said in check.warnings)


def test_the_boxes_of_the_model_tell_that_ids_count_from_0_where_no_0_does(folder, own_results):
    nuts = [row | {"category_id": 1} for row in own_results if row["category_id"] == 2]
    check = checked(folder / "a.onnx", results(folder, "b.json", nuts))
    assert check.agreement.measured.agreed == 4


def test_the_boxes_of_the_other_side_tell_whether_ids_are_those_of_coco(tmp_path):
    images = Images(("1.jpg", "2.jpg"), (None, None), np.zeros((2, 2), np.intp))
    beside = Predictions(
        np.array([0, 1]), np.array([79, 40]), np.array([0.9, 0.8]), np.array([[0, 0, 9, 9.0]] * 2)
    )
    rows = [
        {"image_id": 1, "category_id": 90, "bbox": [0, 0, 9, 9], "score": 0.9},
        {"image_id": 2, "category_id": 46, "bbox": [0, 0, 9, 9], "score": 0.8},
    ]
    by_id = PredictionFile(results(tmp_path, "coco.json", rows), "detect")
    found = answers_in_file(by_id, images, COCO_NAMES, beside).found
    assert found.class_.tolist() == [79, 40]
    rows[0]["category_id"], rows[1]["category_id"] = 80, 41
    counted = PredictionFile(results(tmp_path, "counted.json", rows), "detect")
    assert answers_in_file(counted, images, COCO_NAMES, beside).found.class_.tolist() == [79, 40]


def test_other_classes_of_a_file_are_found(folder, own_results):
    rows = ["image,class,score,x1,y1,x2,y2"]
    for row in own_results:
        left, top, width, height = row["bbox"]
        corners = f"{left},{top},{left + width},{top + height}"
        name = ("", "nut", "bolt")[row["category_id"]]
        rows.append(f"{row['image_id']}.png,{name},{row['score']},{corners}")
    table = folder / "b.csv"
    table.write_text("\n".join(rows))
    check = checked(folder / "a.onnx", table)
    assert check.agreement.verdict == "other"
    assert "bolt of A is nut of B, nut of A is bolt of B" in check.agreement.reason


def test_a_file_that_was_cut_is_compared_from_where_it_begins(folder, own_results):
    rows = sorted(own_results, key=lambda row: row["score"])
    floor = rows[3]["score"]
    kept = [row for row in rows if row["score"] >= floor]
    check = checked(folder / "a.onnx", results(folder, "b.json", kept))
    assert (check.agreement.verdict, check.counted.source) == ("same", "file")
    assert check.counted.confidence == floor
    assert any("so boxes count from there" in said for said in check.warnings)


def test_boxes_count_from_the_saved_point_of_either_model(folder):
    b = side(folder, "b", extra="[operating_point]\nconfidence = 0.3")
    check = checked(folder / "a.onnx", b)
    assert (check.counted.confidence, check.counted.source) == (0.3, "saved")
    given = checked(folder / "a.onnx", b, confidence=0.4)
    assert (given.counted.confidence, given.counted.source) == (0.4, "given")


def test_a_saved_point_of_classes_holds_for_these(folder):
    own = "[operating_point]\nconfidence = 0.3\n[operating_point.classes]\nnut = 1.0"
    check = checked(folder / "a.onnx", side(folder, "b", extra=own))
    assert check.agreement.measured.boxes_a == 4  # the bolts
    assert check.counted.of_class == {"nut": 1.0}


def test_a_point_saved_for_another_model_is_not_used_and_told(folder):
    b = side(folder, "b", extra=f'[operating_point]\nconfidence = 0.9\nsha256 = "{"0" * 64}"')
    check = checked(folder / "a.onnx", b)
    assert check.counted.source == "default"
    assert "The operating point saved for b.onnx is not used" in check.warnings[0]


def test_images_that_cannot_be_read_are_left_out_on_both_sides(folder):
    (folder / "data" / "images" / "0.png").write_bytes(b"no image")
    check = checked(folder / "a.onnx", side(folder, "b"))
    assert len(check.images) == 7
    assert check.agreement.verdict == "same"
    assert "1 image of 8 left out on both sides" in check.warnings[0]
    assert "0.png" in check.warnings[0]


def test_not_one_image_that_can_be_read_is_an_error(folder):
    for path in (folder / "data" / "images").iterdir():
        path.write_bytes(b"no image")
    with pytest.raises(DataError, match="not one of 8 images could be scored by both"):
        checked(folder / "a.onnx", side(folder, "b"))


def test_no_images_are_an_error(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="there is no image in this folder"):
        checked(folder / "a.onnx", side(folder, "b"), tmp_path / "empty")


def test_no_box_on_either_side_is_an_error_that_says_what_to_do(folder):
    with pytest.raises(NoBoxesError, match=r"has a box from confidence .* on in 8 images: give a"):
        checked(side(folder, "b", scale=0.001), side(folder, "c", scale=0.002))


def test_a_side_without_boxes_is_fed_otherwise(folder):
    check = checked(folder / "a.onnx", side(folder, "b", scale=0.001))
    assert check.agreement.verdict == "preprocessing"


def test_two_tasks_are_refused(folder):
    classifier = particular_model(folder / "c.onnx", classifies=True)
    with pytest.raises(DataError, match=r"is a classifier, and a\.onnx is a detector"):
        checked(folder / "a.onnx", classifier)
    table = folder / "p.csv"
    table.write_text("image,bolt,nut\n0.png,.5,.5\n")
    with pytest.raises(DataError, match="holds predictions of a classifier, and"):
        checked(folder / "a.onnx", table)


def test_two_tasks_of_one_name_are_told_apart_by_their_folders(folder):
    (folder / "new").mkdir()
    classifier = particular_model(folder / "new" / "a.onnx", classifies=True)
    with pytest.raises(DataError, match=rf"is a classifier, and {folder.name}/a\.onnx is a det"):
        checked(folder / "a.onnx", classifier)


def test_images_that_one_table_has_no_answer_for_are_left_out_on_both_sides(folder):
    rows = [f"{i}.png,.9,.1\n" for i in range(4)]
    for name, kept in (("p", rows[:3]), ("q", rows[1:]), ("r", rows[:1])):
        (folder / f"{name}.csv").write_text("".join(("image,bolt,nut\n", *kept)))
    images = [folder / "data" / "images" / f"{i}.png" for i in range(4)]
    check = checked(folder / "p.csv", folder / "q.csv", *images)
    assert [Path(name).name for name in check.images.name] == ["1.png", "2.png"]
    assert check.agreement.measured.images.tolist() == [0, 1]
    assert [said.split(":")[0] for said in check.warnings] == [
        "p.csv has no answer for 1 of 4 images, left out on both sides",
        "q.csv has no answer for 1 of 4 images, left out on both sides",
    ]
    with pytest.raises(DataError, match=r"r\.csv: has an answer for none of the images that q\."):
        checked(folder / "q.csv", folder / "r.csv", *images)


def test_no_class_in_common_is_refused_and_some_are_left_out(folder):
    with pytest.raises(DataError, match=r"none of its classes .*cat, dog.* is a class of a\.onnx"):
        checked(folder / "a.onnx", side(folder, "b", names=("cat", "dog")))
    check = checked(folder / "a.onnx", side(folder, "c", names=("bolt", "dog")))
    assert check.agreement.verdict == "same"
    assert check.agreement.measured.boxes_a == 4
    assert check.warnings == (
        "1 class of a.onnx left out, which c.onnx lacks: nut.",
        "1 class of c.onnx left out, which a.onnx lacks: dog.",
    )


def test_classes_that_one_side_names_are_those_of_a_model_that_names_none(folder):
    check = checked(side(folder, "b", names=()), folder / "a.onnx")
    assert check.classes == ("bolt", "nut")
    assert check.agreement.verdict == "same"
    assert any("b.onnx: names none of its classes" in said for said in check.warnings)


def test_a_file_that_is_not_there_is_told(folder):
    with pytest.raises(DataError, match="there is no such file: name a model, or predictions"):
        checked(folder / "a.onnx", folder / "none.json")


def test_nothing_comes_after_a_cancellation(folder):
    inputs = CompareInputs(
        folder / "a.onnx",
        side(folder, "b", color="RGB"),
        Inputs(Path(), provider="cpu", store=folder / "s.sqlite"),
    )
    images = (str(folder / "data" / "images"),)
    told = list(checking(ExportInputs(inputs, images), cancelled=lambda: True))
    assert not any(isinstance(event, ExportCheck) for event in told)


@pytest.fixture
def some(tmp_path):
    """Images of the demo, a few of each class."""

    def of(task: str, every: int) -> list[Path]:
        return sorted((DEMO / task / "images").rglob("*.jpg"))[::every]

    return of


@pytest.mark.parametrize(("task", "every"), [("detection", 75), ("classification", 12)])
def test_the_demo_in_8_bits_is_the_demo_but_for_rounding(tmp_path, some, task, every):
    model = DEMO / task / "model.onnx"
    check = checked(model, model.with_name("model_int8.onnx"), *some(task, every), folder=tmp_path)
    assert check.agreement.verdict == "rounding"
    assert check.agreement.reason == "B computes in 8 bits"
    assert check.agreement.measured.share > 0.9


@pytest.mark.filterwarnings("ignore")
def test_a_copy_in_float16_leaves_nothing_to_explain(tmp_path, some):
    float16 = pytest.importorskip("onnxruntime.transformers.float16")
    model = DEMO / "classification" / "model.onnx"
    half = float16.convert_float_to_float16(onnx.load(model), keep_io_types=True)
    onnx.save(half, tmp_path / "half.onnx")
    check = checked(model, tmp_path / "half.onnx", *some("classification", 12), folder=tmp_path)
    assert check.agreement.verdict in ("same", "rounding")
    assert not check.agreement.worth_trying
    assert 0 < check.agreement.measured.largest_difference < 0.005


def test_two_float_models_must_agree_as_float_does(folder):
    """A gap that would be rounding in 8 bits is another model where neither computes so."""
    check = checked(folder / "a.onnx", side(folder, "b", scale=1.01))
    assert closeness(check.agreement.measured) == "rounding"
    assert check.agreement.verdict != "rounding"


@pytest.mark.parametrize(("task", "every"), [("detection", 75), ("classification", 12)])
def test_the_demo_that_is_fed_bgr_is_told_from_rounding(tmp_path, some, task, every):
    model = DEMO / task / "model.onnx"
    copy = Path(shutil.copy(model, tmp_path / "copy.onnx"))
    copy.with_suffix(".card.toml").write_text('[input]\ncolor = "BGR"\n')
    check = checked(model, copy, *some(task, every), folder=tmp_path)
    assert check.agreement.verdict == "preprocessing"
    assert "when fed RGB, not BGR" in check.agreement.reason


def test_probabilities_from_a_file_are_compared_with_those_of_the_model(tmp_path, some):
    model, images = DEMO / "classification" / "model.onnx", some("classification", 12)
    check = checked(model, model, *images, folder=tmp_path)
    names = check.classes
    found = answers_of_model(
        open_scorer(model, provider="cpu"),
        check.images,
        Store(tmp_path / "store.sqlite"),
        names,
        True,
    ).found
    npz = tmp_path / "framework.npz"
    order = np.arange(len(names))[::-1]  # which the names tell
    np.savez(
        npz,
        image=np.array(check.images.name),
        classes=np.array(names)[order],
        probabilities=found.value[:, order],
    )
    again = checked(npz, model, *images, folder=tmp_path)
    assert again.agreement.verdict == "same"
    assert len(again.images) == len(images)
