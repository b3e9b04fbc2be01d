"""Boxes from 0 to 1, which are no pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from engine.formats.parts.boxes_in_parts import BoxesInParts, are_parts
from tests.engine.formats.making import RESULT, TRUTH, opened, truth

PART = [0.05, 0.05, 0.2, 0.25]


@given(arrays(np.float64, st.tuples(st.integers(0, 6), st.just(4)), elements=st.floats(-3, 3)))
def test_in_pieces_as_at_once(box):
    seen = BoxesInParts()
    for piece in np.array_split(box, 3):
        seen.look_at(piece)
    assert seen.found == are_parts(box)


def test_one_box_in_pixels_or_whole_numbers_alone_are_no_parts():
    assert are_parts(np.array([PART, [0, 0, 1, 1]]))
    assert not are_parts(np.array([PART, [0, 0, 2, 1]]))
    assert not are_parts(np.array([[0.0, 0, 1, 1]]))
    assert not are_parts(np.zeros((0, 4)))


def test_predictions_in_parts_are_refused(tmp_path):
    with pytest.raises(DataError, match="parts of the image, from 0 to 1, where pixels are"):
        opened(tmp_path, [TRUTH], [{**RESULT, "bbox": PART}])
    table = tmp_path / "p.csv"
    table.write_text("image,class,x1,y1,x2,y2,score\n1.jpg,bolt,.1,.1,.5,.5,.9\n")
    with pytest.raises(DataError, match="parts of the image"):
        read_predictions(table, opened(tmp_path, [TRUTH], [])[0])


def test_ground_truth_in_parts_is_refused(tmp_path):
    with pytest.raises(DataError, match="parts of the image"):
        read_dataset(truth(tmp_path, {**TRUTH, "bbox": PART}))
    table = tmp_path / "t.csv"
    table.write_text("image,class,x1,y1,x2,y2\n1.jpg,bolt,.1,.1,.5,.5\n")
    with pytest.raises(DataError, match="parts of the image"):
        read_dataset(table)
