"""Small inputs whose classes were once misread, as people of the field reported them.

`../shared/cases` holds the same inputs; here they are written out, and those are read where
they lie.
"""

import json
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
from PIL import Image

from engine.core.errors import DataError, ModelError
from engine.formats import read_dataset, read_predictions
from engine.opening import Inputs, Opened, opening
from engine.probing.probe import probing
from tests.engine.scoring.making import constant_answer_model, ultralytics_metadata, yolo_answer

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
shared = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not part of the package")
AS_TEXT = sorted(str(index) for index in range(12))
MIDDLE = ".5 .5 .2 .2"


def opened(data: Path, predictions: Path | None = None, **others: object) -> Opened:
    *_, last = opening(Inputs(data, predictions=predictions, **others))
    assert isinstance(last, Opened)
    return last


def counted(last: Opened) -> tuple[int, int]:
    """How many predictions have the class of the one object of their image, and how many not."""
    detection = last.assessment
    truths, found = detection.dataset.ground_truths, detection.predictions
    class_ = {int(image): int(c) for image, c in zip(truths.image, truths.class_, strict=True)}
    hits = sum(class_[int(i)] == int(c) for i, c in zip(found.image, found.class_, strict=True))
    return hits, len(found) - hits


def yolo(folder: Path, names: str, classes: range) -> Path:
    """One image for each class, with one object in its middle."""
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for class_ in classes:
        Image.new("RGB", (100, 80)).save(folder / "images" / f"im{class_}.png")
        (folder / "labels" / f"im{class_}.txt").write_text(f"{class_} {MIDDLE}\n")
    (folder / "data.yaml").write_text(f"path: .\nval: images\nnames: {names}\n")
    return folder / "data.yaml"


@pytest.fixture
def digits(tmp_path):
    """Classes 0, 1, 10, 11, 2, ... in the order of text."""
    return yolo(tmp_path / "digits", json.dumps(AS_TEXT), range(12))


def predicted(folder: Path, *more: str) -> Path:
    folder.mkdir()
    for class_ in range(12):
        (folder / f"im{class_}.txt").write_text(f"{class_} {MIDDLE} .9\n")
    (folder / "im0.txt").write_text("\n".join([f"0 {MIDDLE} .9", *more]))
    return folder


@pytest.mark.parametrize("beside", [True, False])
def test_the_class_of_yolo_text_is_an_index_whatever_the_names(tmp_path, digits, beside):
    folder = digits.parent / "pred" if beside else tmp_path / "far" / "from" / "any" / "pred"
    folder.parent.mkdir(parents=True, exist_ok=True)
    assert counted(opened(digits, predicted(folder))) == (12, 0)


@pytest.mark.parametrize("stray", ["12", "3", "dog"])
def test_one_stray_line_does_not_flip_the_reading_of_a_file(digits, stray):
    folder = predicted(digits.parent / "pred", f"{stray} .1 .1 .1 .1 .3")
    assert counted(opened(digits, folder))[0] == 12


def boxes(folder: Path, classes: list[str]) -> Path:
    rows = [f"im{row}.png,{class_},40,32,60,48,.9" for row, class_ in enumerate(classes)]
    (path := folder / "p.csv").write_text("\n".join(["image,class,x1,y1,x2,y2,score", *rows]))
    return path


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ([str(index) for index in range(12)], "read as indices from 0 and not as names"),
        (AS_TEXT, "read as names and not as indices from 0"),
    ],
)
def test_numbers_of_a_table_are_read_as_the_objects_show_and_that_is_said(digits, classes, said):
    last = opened(digits, boxes(digits.parent, classes))
    assert counted(last) == (12, 0)
    assert said in last.warnings[0]


def test_plain_words_of_yaml_stay_text_as_they_are_written(tmp_path):
    data = yolo(tmp_path / "set", "[no, on, 1e3, 12:30, null, 0x1F, 2001-01-01]", range(7))
    dataset = read_dataset(data)
    assert dataset.classes == ("no", "on", "1e3", "12:30", "null", "0x1F", "2001-01-01")
    assert dataset.warnings == ()
    (data.parent / "data.yaml").write_text("val: images\nnames:\n  0: yes\n  1: 1_000\n  3: ~\n")
    assert read_dataset(data).classes == ("yes", "1_000", "2", "~")
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "im1.txt").write_text(f"1e3 {MIDDLE} .9\n")
    found, _ = read_predictions(folder, read_dataset(yolo(tmp_path / "s2", "[a, 1e3]", range(2))))
    assert found.class_.tolist() == [1]


def coco(folder: Path, *categories: dict[str, object], of: tuple[int, ...]) -> Path:
    says = {
        "images": [{"id": 0, "width": 100, "height": 100, "file_name": "a.jpg"}],
        "categories": categories,
        "annotations": [
            {"id": 1 + row, "image_id": 0, "category_id": id_, "bbox": [50 * row, 0, 20, 20]}
            for row, id_ in enumerate(of)
        ],
    }
    (path := folder / "gt.json").write_text(json.dumps(says))
    return path


PARTS = {"id": 0, "name": "parts", "supercategory": "none"}
A, B = ({"id": id_, "name": name, "supercategory": "parts"} for id_, name in ((1, "a"), (2, "b")))


def test_an_empty_heading_of_all_categories_is_no_class(tmp_path):
    dataset = read_dataset(coco(tmp_path, PARTS, A, B, of=(1, 2)))
    assert (dataset.classes, dataset.category_ids) == (("a", "b"), (1, 2))
    assert dataset.ground_truths.class_.tolist() == [0, 1]
    assert dataset.warnings[0].startswith("gt.json: category 0 (parts) is only the heading")
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.txt").write_text("0 .1 .1 .2 .2 .9\n1 .6 .1 .2 .2 .8\n")
    found, _ = read_predictions(tmp_path / "p", dataset)
    assert found.class_.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("categories", "of"),
    [
        ((PARTS, A, B), (0, 1)),  # it has a box
        ((PARTS, A, {**B, "supercategory": "others"}), (1, 2)),  # not the heading of all
        ((PARTS,), (0,)),
        (({**PARTS, "supercategory": "things"}, A, B), (1, 2)),  # a class of a heading of its own
    ],
)
def test_a_category_that_may_be_a_class_stays_one(tmp_path, categories, of):
    assert "parts" in read_dataset(coco(tmp_path, *categories, of=of)).classes


def test_two_categories_of_one_name_are_told_and_a_name_for_them_is_refused(tmp_path):
    two = ({"id": id_, "name": "person"} for id_ in (1, 2))
    dataset = read_dataset(coco(tmp_path, *two, of=(1, 2)))
    said = "gt.json: two categories are called person (1, 2): their ids tell them apart"
    assert dataset.warnings[0] == said
    table = boxes(tmp_path, ["person"])
    with pytest.raises(DataError, match=r"p.csv: two categories are called person \(1, 2\)"):
        read_predictions(table, dataset)
    rows = [{"image_id": 0, "category_id": id_, "bbox": [0, 0, 9, 9], "score": 1} for id_ in (2, 1)]
    (path := tmp_path / "p.json").write_text(json.dumps(rows))
    assert read_predictions(path, dataset)[0].class_.tolist() == [1, 0]


def test_ids_that_are_ours_count_from_0_where_the_objects_plainly_show_it(tmp_path):
    data = yolo(tmp_path / "set", "[a, b, c, d, e, f]", range(6))

    def read(first, of):
        rows = [
            {"image_id": f"im{c}", "category_id": c + first, "bbox": [40, 32, 20, 16], "score": 0.9}
            for c in of
        ]
        (path := tmp_path / "p.json").write_text(json.dumps(rows))
        found, notes = read_predictions(path, read_dataset(data))
        return found.class_.tolist(), notes[0]

    classes, note = read(0, range(1, 6))  # the first class is never found
    assert classes == [1, 2, 3, 4, 5]
    assert "from 0, so 0 is a: 5 of 5 boxes that lie on an object" in note
    classes, note = read(1, [0, 1, 2, 3, 4, -1])  # one stray 0 among ids from 1
    assert (classes, "from 1, so 1 is a" in note) == ([0, 1, 2, 3, 4], True)


def modelled(folder: Path, own: tuple[str, ...], classes: tuple[str, ...]) -> Inputs:
    """A model that finds its first class in the one image of a dataset, whose first it is."""
    Image.new("RGB", (64, 64)).save(folder / "a.png")
    categories = [{"id": 1 + row, "name": name} for row, name in enumerate(classes)]
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [24, 28, 16, 8], "area": 128}
    images = [{"id": 1, "file_name": "a.png", "width": 64, "height": 64}]
    says = {"images": images, "categories": categories, "annotations": [box]}
    (data := folder / "gt.json").write_text(json.dumps(says))
    answer = yolo_answer([(32, 32, 16, 8, 0.9, *[0.0] * (len(own) - 1))])
    model = constant_answer_model(folder / "m.onnx", answer, metadata=ultralytics_metadata(own))
    return Inputs(data, model, provider="cpu", store=folder / "store")


def test_a_model_of_synonyms_is_right_and_of_none_where_they_are_kept_apart(tmp_path):
    inputs = modelled(tmp_path, ("sofa", "nut"), ("couch", "nut"))
    *_, last = opening(inputs)
    assert counted(last) == (1, 0)
    assert any("sofa is couch (--no-synonyms" in warning for warning in last.warnings)
    *_, last = opening(replace(inputs, synonyms=False))
    assert counted(last) == (0, 0)
    assert any("it cannot find couch" in warning for warning in last.warnings)
    with pytest.raises(DataError, match="labelled with a class that the model knows"):
        list(probing(replace(inputs, synonyms=False), 1, every=True))
    chosen = next(
        event.words for event in probing(inputs, 1, every=True) if "Trying" in event.words
    )
    assert chosen.endswith("on 1 images")


def test_a_doubled_name_of_a_model_is_refused_where_the_data_has_it(tmp_path):
    inputs = modelled(tmp_path, ("crane", "cat", "crane"), ("crane", "cat"))
    for go in (opening, lambda inputs: probing(inputs, 1, every=True)):
        with pytest.raises(ModelError, match=r"m\.onnx: crane: several classes of the model"):
            list(go(inputs))
    *_, last = opening(modelled(tmp_path, ("crane", "cat", "crane"), ("crane", "cat", "crane")))
    assert counted(last) == (1, 0)


@shared
def test_the_shared_cases_have_their_expected_values():
    digits = CASES / "01_digit_names"
    for predictions in ("pred", "pred_index.csv"):
        assert counted(opened(digits / "data.yaml", digits / predictions)) == (12, 0)
    words = CASES / "07_yaml_words"
    last = opened(words / "data.yaml", words / "pred.csv")
    assert last.assessment.classes == ("no", "on", "1e3", "12:30")
    assert counted(last) == (4, 0)
    same = CASES / "05_same_names"
    with pytest.raises(DataError, match=r"two categories are called person \(1, 2\)"):
        opened(same / "gt.json", same / "pred.csv")
    parts = CASES / "24_roboflow"
    last = opened(parts / "_annotations.coco.json", parts / "pred_rf")
    assert last.assessment.predictions.class_.tolist() == [0, 1]


@shared
def test_a_model_of_numbers_is_named_by_its_file_or_card_and_nameless_without(tmp_path):
    case = CASES / "16_digit_model"

    def right(model, said=""):
        if said:
            model.with_suffix(".card.toml").write_text(said)
        store = tmp_path / "store"
        last = opened(case / "sorted_val", model=model, provider="cpu", store=store)
        made = last.assessment
        orders = [warning for warning in last.warnings if "in the order of the dataset" in warning]
        return int((made.top.class_ == made.dataset.label).sum()), orders

    assert right(case / "sorted.onnx") == (12, [])
    model = onnx.load(case / "sorted.onnx")
    del model.metadata_props[:]
    onnx.save(model, bare := tmp_path / "bare.onnx")
    card = 'task = "classify"\n[input]\nresize = "shortest-crop"\n[output]\ndecoder = "classify"\n'
    count, orders = right(bare, card)
    assert count == 12
    assert "sorted as text (0, 1, 10, 11, 2 and 7 more), not sorted as numbers" in orders[0]
    assert right(bare, f"{card}[classes]\nnames = {json.dumps(AS_TEXT)}\n") == (12, [])
    as_numbers = json.dumps(sorted(AS_TEXT, key=int))
    assert right(bare, f"{card}[classes]\nnames = {as_numbers}\n") == (2, [])
