"""Predictions that are not COCO results: columns, images and classes found by the data."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from engine.formats.predictions.txt_columns import fitting_ways
from tests.engine.formats.dialects import SCENE, box_table, table, voc

REAL = Path(__file__).resolve().parents[5] / "shared" / "real" / "voc100"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the photos are not part of the package")
ROWS = ((0, 0.91, 10, 20, 30, 60), (2, 0.35, 50, 30, 99, 80))  # on image 0, 100 by 80


@pytest.fixture
def truth(tmp_path):
    return read_dataset(box_table(tmp_path / "truth", SCENE))  # bolt, hex nut, washer


def centre(box, width=100, height=80):
    x1, y1, x2, y2 = box
    across, down = (x1 + x2) / 2 / width, (y1 + y2) / 2 / height
    return f"{across} {down} {(x2 - x1) / width} {(y2 - y1) / height}"


WAYS = {
    "last": lambda c, s, *box: f"{c} {centre(box)} {s}",
    "second": lambda c, s, *box: f"{c} {s} {centre(box)}",
    "corner": lambda c, s, *box: f"{c} {s} {box[0]} {box[1]} {box[2] - box[0]} {box[3] - box[1]}",
    "corners": lambda c, s, *box: f"{c} {s} {' '.join(map(str, box))}",
    "corners, last": lambda c, s, *box: f"{c} {' '.join(map(str, box))} {s}",
}


def texts(folder, lines, image="000"):
    folder.mkdir(exist_ok=True)
    (folder / f"{image}.txt").write_text("\n".join(lines))
    return folder


@pytest.mark.parametrize("way", WAYS)
def test_the_columns_are_found_by_the_boxes_that_fit_their_images(tmp_path, truth, way):
    found, notes = read_predictions(texts(tmp_path / "p", [WAYS[way](*row) for row in ROWS]), truth)
    assert found.confidence.tolist() == [0.91, 0.35]
    assert found.class_.tolist() == [0, 2]
    assert found.box == pytest.approx(np.array([[10, 20, 20, 40], [50, 30, 49, 50]]))
    assert f"confidence {'last' if 'last' in way else 'second'}" in notes[0]
    assert ("in pixels" in notes[0]) == ("corner" in way)
    assert "so 0 is bolt" in notes[1]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from(["centre", "corner", "corners"]))
def test_many_boxes_within_their_images_are_read_as_they_were_written(seed, last, shape):
    rng = np.random.default_rng(seed)
    size = np.array([[640.0, 480.0]]).repeat(60, axis=0)
    side = rng.uniform(0.05, 0.9, (60, 2))
    low = rng.uniform(0, 1 - side)
    parts = shape == "centre"
    scale = 1 if parts else size
    box = {
        "centre": np.hstack([low + side / 2, side]),
        "corner": np.hstack([low * scale, side * scale]),
        "corners": np.hstack([low * scale, (low + side) * scale]),
    }[shape]
    score = rng.uniform(0, 1, (60, 1))
    found = fitting_ways(np.hstack([box, score] if last else [score, box]), size)[0]
    assert (found.confidence_last, found.shape, found.parts) == (last, shape, parts)


def test_a_name_may_have_spaces_and_files_may_lie_in_labels(tmp_path, truth):
    (tmp_path / "run").mkdir()
    texts(
        tmp_path / "run" / "labels",
        [f"Hex Nut {s} {centre((10, 20, 30, 60))}" for s in (0.5, 0.6, 0.7)],
    )
    found, notes = read_predictions(tmp_path / "run", truth)
    assert found.class_.tolist() == [1, 1, 1]
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("0 .5 .5 .1 .1", "000.txt:2: expected.*without a confidence it is ground truth"),
        ("0 .5 .5 .1", "000.txt:2: expected.*got '0 .5 .5 .1'"),
        ("0 .5 .5 .1 x .9", "000.txt:2: expected"),
        ("0 .5 .5 .1 .1 .9 7 7", "000.txt:2: expected"),
    ],
)
def test_a_line_that_is_no_prediction_is_named(tmp_path, truth, line, problem):
    with pytest.raises(DataError, match=problem):
        read_predictions(texts(tmp_path / "p", [WAYS["last"](*ROWS[0]), line]), truth)


def test_numbers_are_named_by_the_nearest_file_of_names(tmp_path, truth):
    folder = texts(tmp_path / "p", [WAYS["last"](*row) for row in ROWS])
    (tmp_path / "classes.txt").write_text("washer\nnothing\nBOLT\n")
    found, notes = read_predictions(folder, truth)
    assert found.class_.tolist() == [2, 0]
    assert notes[1] == "p: its classes are numbers, named by classes.txt"
    (folder / "classes.txt").write_text("x\ny\nz\n")
    found, notes = read_predictions(folder, truth)
    assert found.class_.tolist() == [0, 2]
    assert "which has as many, so they are taken in order: x is bolt" in notes[1]
    (folder / "classes.txt").write_text("x\ny\n")
    with pytest.raises(DataError, match=r"none of its classes \(x, y, ...\) is a class of"):
        read_predictions(folder, truth)


def test_parts_of_an_image_need_its_size_and_pixels_do_not(tmp_path, truth):
    for file in (tmp_path / "truth").glob("*.png"):
        file.unlink()
    truth = read_dataset(tmp_path / "truth" / "boxes.csv")
    pixels = texts(tmp_path / "pixels", [WAYS["corners"](*row) for row in ROWS])
    found, notes = read_predictions(pixels, truth)
    assert found.box.tolist() == [[10, 20, 20, 40], [50, 30, 49, 50]]
    assert notes[0].endswith("confidence second; other ways to read them fit as well")
    parts = texts(tmp_path / "parts", [WAYS["last"](*row) for row in ROWS])
    with pytest.raises(DataError, match=r"the size of 000\.png is not known"):
        read_predictions(parts, truth)


def test_a_file_name_that_two_images_share_is_told_apart_by_its_folder(tmp_path):
    rows = [["image", "class", "x1", "y1", "x2", "y2"]]
    rows += [[f"{folder}/1.png", "a", 0, 0, 9, 9] for folder in ("left", "right")]
    truth = read_dataset(table(tmp_path / "t.csv", rows))
    line = "a 0.5 0 0 9 9"
    texts(tmp_path / "p", [])
    texts(tmp_path / "p" / "right", [line], "1")
    assert read_predictions(tmp_path / "p", truth)[0].image.tolist() == [1]
    table(tmp_path / "p.csv", [[*rows[0], "score"], ["1.png", *rows[1][1:], 1], [*rows[1], 1]])
    found, notes = read_predictions(tmp_path / "p.csv", truth)
    assert found.image.tolist() == [0]
    assert notes[0] == (
        "p.csv: 1 prediction for a name that several images have (left/1.png and right/1.png share "
        "the name 1.png: give it with its folder, as the images have it): left out"
    )


def test_predictions_for_other_images_are_refused(tmp_path, truth):
    with pytest.raises(DataError, match=r'it says image "900.txt", where boxes.csv has "000.png"'):
        read_predictions(texts(tmp_path / "p", [WAYS["last"](*ROWS[0])], "900"), truth)


def test_a_table_of_predictions_is_read_and_its_odd_rows_counted(tmp_path, truth):
    head = ["image", "class", "x1", "y1", "x2", "y2", "score"]
    row = ["000", "bolt", 1, 2, 5, 8, 0.5]
    rows = [
        row,
        ["002.png", "", "", "", "", "", ""],
        ["", *row[1:]],
        [*row[:6], ""],
        [*row[:6], 0.4],
    ]
    rows += [["000", "gear", *row[2:]]]
    found, notes = read_predictions(table(tmp_path / "p.csv", [head, *rows]), truth)
    assert found.box.tolist() == [[1, 2, 4, 6]] * 2
    assert notes == (
        'p.csv: 1 prediction for images that the ground truth does not list (""): left out',
        'p.csv: 1 prediction of categories that the ground truth does not list ("gear"): left out',
        "p.csv: 1 prediction whose score is not a finite number: left out",
    )
    with pytest.raises(DataError, match="has no column score"):
        read_predictions(table(tmp_path / "p.csv", [head[:6], row[:6]]), truth)


def test_a_coco_file_with_scores_is_matched_by_its_own_names(tmp_path):
    truth = read_dataset(voc(tmp_path / "voc", SCENE))
    says = {
        "images": [{"id": 77, "file_name": "images/001.png"}],
        "categories": [{"id": 0, "name": "washer"}, {"id": 5, "name": "bolt"}],
        "annotations": [{"image_id": 77, "category_id": 5, "bbox": [1, 2, 3, 4], "score": 0.5}],
    }
    (path := tmp_path / "p.json").write_text(json.dumps(says))
    found, notes = read_predictions(path, truth)
    assert (found.image.tolist(), found.class_.tolist()) == ([1], [0])
    assert notes == ()


def test_results_for_a_dataset_without_ids_count_its_classes_from_1_or_from_0(tmp_path, truth):
    def read(*categories):
        rows = [
            {"image_id": 1, "category_id": category, "bbox": [1, 2, 3, 4], "score": 0.5}
            for category in categories
        ]
        (path := tmp_path / "p.json").write_text(json.dumps(rows))
        found, notes = read_predictions(path, truth)
        return found.class_.tolist(), notes

    assert read(1, 3) == ([0, 2], ("p.json: category ids count the classes from 1, so 1 is bolt",))
    assert read(2, 0) == ([2, 0], ("p.json: category ids count the classes from 0, so 0 is bolt",))
    classes, notes = read(0, 3)  # which cannot be both
    assert classes == [0]
    assert "of categories that the ground truth does not list (3)" in notes[1]


def test_what_holds_no_predictions_lists_what_was_looked_for(tmp_path, truth):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"Looked for: .*COCO results.*YOLO text files.*Dataiku"):
        read_predictions(tmp_path / "empty", truth)


@real
@pytest.mark.parametrize("folder", ["abs_xywh", "abs_xyx2y2", "rel_xywh"])
def test_the_dialects_of_real_detections_give_the_same(folder):
    truth = read_dataset(
        REAL / "gts" / "coco_format_v1" / "instances_default.json", REAL / "images"
    )
    known, _ = read_predictions(REAL / "dets" / "coco_format" / "coco_dets.json", truth)
    found, notes = read_predictions(REAL / "dets" / folder, truth)
    assert len(known) == len(found) == 452
    order, known_order = (np.lexsort((*p.box.T.round(), p.class_, p.image)) for p in (found, known))
    for name in ("image", "class_"):
        assert np.array_equal(getattr(found, name)[order], getattr(known, name)[known_order])
    assert found.confidence[order] == pytest.approx(known.confidence[known_order], abs=1e-6)
    assert found.box[order] == pytest.approx(known.box[known_order], abs=0.001)
    assert "confidence second" in notes[0]
    assert notes[1] == f"{folder}: its classes are numbers, named by voc.names"


@pytest.mark.parametrize(("last", "kinds"), [("0 1", "0 or 1"), ("0 0", "0"), ("1 1", "1")])
def test_a_last_column_of_nothing_but_0_and_1_may_be_ids_of_tracks_and_that_is_said(
    tmp_path, truth, last, kinds
):
    lines = [f"0 .5 .5 .2 .2 {each}" for each in last.split()]
    (folder := tmp_path / "found").mkdir()
    (folder / "000.txt").write_text("\n".join(lines))
    notes = read_predictions(folder, truth)[1]
    said = f"every confidence is {kinds}: if the last column is the id of a track, none is"
    assert any(said in note for note in notes)


@pytest.mark.parametrize(
    ("last", "ways"), [("87 93", "of a track.*in percent, divide it by 100"), ("1 487", "track")]
)
def test_whole_numbers_in_the_last_column_are_refused_with_what_they_may_be(
    tmp_path, truth, last, ways
):
    lines = [f"0 .5 .5 .2 .2 {each}" for each in last.split()]
    (folder := tmp_path / "found").mkdir()
    (folder / "000.txt").write_text("\n".join(lines))
    with pytest.raises(DataError, match=ways) as refused:
        read_predictions(folder, truth)
    assert ("percent" in str(refused.value)) == ("percent" in ways)


def scored(folder, truth, ids, names):
    """A whole COCO file with scores: a box of each category at the place of its object."""
    (path := folder / "scored.json").write_text(
        json.dumps(
            {
                "images": [{"id": 8, "file_name": "a.jpg"}],
                "categories": [
                    {"id": id_, "name": name} for id_, name in zip(ids, names, strict=True)
                ],
                "annotations": [
                    {"image_id": 8, "category_id": id_, "bbox": [20 * n, 0, 9, 9], "score": 0.5}
                    for n, id_ in enumerate(ids)
                ],
            }
        )
    )
    return read_predictions(path, truth)


def test_categories_of_one_name_in_a_coco_file_with_scores_are_told_apart_by_ids(tmp_path):
    kinds = [{"id": 3, "name": "nut"}, {"id": 5, "name": "nut"}, {"id": 7, "name": "bolt"}]
    content = {"images": [{"id": 1, "file_name": "a.jpg"}], "categories": kinds, "annotations": []}
    (path := tmp_path / "gt.json").write_text(json.dumps(content))
    truth = read_dataset(path)
    found, notes = scored(tmp_path, truth, (5, 3, 9), ("nut", "nut", "bolt"))
    assert (found.class_.tolist(), notes) == ([1, 0, 2], ())
    with pytest.raises(DataError, match=r"two categories are called nut .*the ids that they have"):
        scored(tmp_path, truth, (1, 2, 9), ("nut", "nut", "bolt"))
    with pytest.raises(DataError, match="category id 9 stands more than once"):
        scored(tmp_path, truth, (9, 9), ("nut", "bolt"))


@pytest.mark.parametrize("place", ["labels", "run/labels"])
def test_a_folder_of_labels_without_one_says_that_nothing_was_found(tmp_path, truth, place):
    (tmp_path / place).mkdir(parents=True)
    for folder in {tmp_path / place, tmp_path / place.split("/")[0]}:
        found, notes = read_predictions(folder, truth)
        assert len(found) == 0
        assert notes == (f"{folder.name} holds no prediction: nothing was found in any image",)


def test_an_empty_table_is_said_to_be_empty(tmp_path, truth):
    (path := tmp_path / "found.csv").write_text("")
    with pytest.raises(DataError, match=r"found\.csv: the file is empty"):
        read_predictions(path, truth)


def read_beside(folder, rows, classes=("nut",)):
    """What is said of rows beside six objects at places of their own, classes in turn."""
    boxes = [(20 * n, 10 * n, 15, 9) for n in range(6)]
    images = [{"id": n + 1, "file_name": f"{'abcdef'[n]}.jpg"} for n in range(6)]
    kinds = [{"id": n, "name": name} for n, name in enumerate(classes)]
    objects = [
        {**row, "id": n, "category_id": n % len(classes), "area": 135, "iscrowd": 0}
        for n, row in enumerate({"image_id": n + 1, "bbox": box} for n, box in enumerate(boxes))
    ]
    content = {"images": images, "annotations": objects, "categories": kinds}
    (path := folder / "truth.json").write_text(json.dumps(content))
    given = [
        {"score": 0.5, **rows(n, *box), "category_id": rows(n, *box).get("category_id", 0)}
        for n, box in enumerate(boxes)
    ]
    (folder / "found.json").write_text(json.dumps(given))
    return read_predictions(folder / "found.json", read_dataset(path))[1]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (lambda x, y, w, h: (x, y, x + w, y + h), "were written as two corners"),
        (lambda x, y, w, h: (x + w / 2, y + h / 2, w, h), "were written as centre x, centre y"),
        (lambda x, y, w, h: (x, y, w, h), ""),
    ],
)
def test_boxes_that_lie_on_objects_only_if_they_were_written_otherwise_are_said(
    tmp_path, written, words
):
    notes = read_beside(tmp_path, lambda n, *box: {"image_id": n + 1, "bbox": written(*box)})
    assert (f"would if they {words}" in notes[0]) if words else notes == ()


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (-1, "image ids count from 0, where those of truth.json count from 1: 0 is a.jpg"),
        (1, "5 would in the image before"),
    ],
)
def test_boxes_that_lie_on_the_objects_of_the_next_image_are_said(tmp_path, shift, words):
    notes = read_beside(tmp_path, lambda n, *box: {"image_id": n + 1 + shift, "bbox": box})
    assert words in notes[0]


def test_classes_that_lie_on_the_objects_of_others_are_said(tmp_path):
    def row(n, *box):
        return {"image_id": n + 1, "bbox": box, "category_id": 1 - n % 2}

    notes = read_beside(tmp_path, row, ("nut", "bolt"))
    assert notes == (
        "found.json: 0 of 6 boxes that lie on an object have its class, but 6 would if nut was "
        "bolt, bolt was nut: are the classes in another order?",
    )
    assert read_beside(tmp_path, lambda n, *b: row(n, *b) | {"category_id": 0}, ("a", "b")) == ()


def test_two_runs_in_one_folder_are_refused(tmp_path, truth):
    for run in ("exp", "exp2"):
        (folder := tmp_path / "runs" / run / "labels").mkdir(parents=True)
        (folder / "000.txt").write_text("0 .5 .5 .2 .2 .9")
    with pytest.raises(DataError, match=r"exp/labels/000\.txt and exp2/labels/000\.txt are both"):
        read_predictions(tmp_path / "runs", truth)
    assert len(read_predictions(tmp_path / "runs" / "exp", truth)[0]) == 1
