"""Ground truth and predictions as text files of one tool, whose columns both tell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.formats import read_dataset, read_predictions
from engine.opening import Inputs, Opened, opening
from tests.engine.formats.making import ap_of

SIDE = 100


def pair(folder, truth, found, size=(SIDE, SIDE)):
    """Boxes of one image as they stand in the files; size None: there are no pixels."""
    for name in ("ground-truth", "detection-results", "images-optional"):
        (folder / name).mkdir(parents=True)
    if size:
        Image.new("RGB", size).save(folder / "images-optional" / "a.png")
    lines = [" ".join(["dog", *map(str, box)]) for box in truth]
    (folder / "ground-truth" / "a.txt").write_text("\n".join(lines))
    lines = [" ".join(["dog", ".9", *map(str, box)]) for box in found]
    (folder / "detection-results" / "a.txt").write_text("\n".join(lines))
    return folder


def read(folder):
    predictions = folder / "detection-results"
    dataset = read_dataset(folder, predictions=predictions)
    found, notes = read_predictions(predictions, dataset)
    return dataset, found, (*dataset.warnings, *notes)


OPEN = [[5, 5, 30, 40]]  # with right and bottom or with width and height
CORNERS, SIDES = [[60, 60, 90, 95]], [[60, 60, 30, 35]]  # the other way they lie outside, or turned


@pytest.mark.parametrize("size", [(SIDE, SIDE), None])
@pytest.mark.parametrize(
    ("truth", "found", "words"),
    [
        (OPEN, OPEN, "left, top, right, bottom"),
        (OPEN + CORNERS, OPEN, "left, top, right, bottom"),
        (OPEN, OPEN + CORNERS, "left, top, right, bottom"),
        (OPEN, OPEN + SIDES, "left, top, width, height"),
        (OPEN + SIDES, OPEN, "left, top, width, height"),
    ],
)
def test_columns_are_the_same_in_both_where_one_leaves_it_open(tmp_path, truth, found, words, size):
    dataset, predictions, notes = read(pair(tmp_path, truth, found, size))
    boxes = dataset.ground_truths.box.tolist()
    assert boxes[0] == ([5, 5, 25, 35] if "right" in words else [5, 5, 30, 40])
    assert predictions.box.tolist()[0] == boxes[0]
    told = [note for note in notes if f"columns taken as {words}, in pixels" in note]
    assert len(told) == 2
    assert "confidence second, as in the ground truth" in told[1]


def test_columns_that_no_way_reads_in_both_are_read_each_by_itself(tmp_path):
    dataset, found, notes = read(pair(tmp_path, CORNERS, SIDES))
    assert dataset.ground_truths.box.tolist() == found.box.tolist() == [[60, 60, 30, 35]]
    assert ap_of(dataset, found) == 1
    assert notes == (
        "detection-results: columns taken as left, top, width, height, in pixels, confidence "
        "second; other ways to read them fit as well",
    )


def test_the_command_reads_both_together(tmp_path):
    folder = pair(tmp_path, OPEN, OPEN + SIDES)
    *_, last = opening(Inputs(folder, predictions=folder / "detection-results"))
    assert isinstance(last, Opened)
    assert last.assessment.dataset.ground_truths.box.tolist() == [[5, 5, 30, 40]]


boxes = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(5, 60), st.integers(5, 60))


@settings(max_examples=25, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=4), st.booleans())
def test_predictions_that_are_the_ground_truth_are_all_right(tmp_path_factory, drawn, corners):
    """However they are written, and whatever they are taken for."""
    inside = [(x, y, min(w, SIDE - x), min(h, SIDE - y)) for x, y, w, h in dict.fromkeys(drawn)]
    written = [(x, y, x + w, y + h) if corners else (x, y, w, h) for x, y, w, h in inside]
    written = list(dict.fromkeys(written))
    dataset, found, _ = read(pair(tmp_path_factory.mktemp("pair"), written, written))
    truths = dataset.ground_truths.box
    for box in truths:
        assert (found.box == box).all(axis=1).any()
    assert np.array_equal(found.box, truths) or len(found) > len(truths)


def test_where_columns_are_open_the_objects_of_any_ground_truth_tell(tmp_path):
    names = [f"{n}.png" for n in range(4)]
    lines = []
    (folder := tmp_path / "found").mkdir()
    for n, name in enumerate(names):
        Image.new("RGB", (SIDE, SIDE)).save(tmp_path / name)
        corners = (20 + n, 20 + n, 40 + n, 40 + n)
        lines.append(",".join(map(str, (name, "dog", *corners))))
        (folder / f"{n}.txt").write_text(" ".join(map(str, ("dog .9", *corners))))
    head = "image,class,x1,y1,x2,y2"
    (tmp_path / "truth.csv").write_text("\n".join([head, *lines]))
    dataset = read_dataset(tmp_path / "truth.csv")
    found, _ = read_predictions(folder, dataset)
    assert np.array_equal(found.box, dataset.ground_truths.box)
