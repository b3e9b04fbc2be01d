"""The boxes of segmentations, against pycocotools."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.formats.parts.segmentations import box_around, boxes_or_outlines

masks = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 1)
)


@given(masks)
def test_the_box_of_runs_is_that_of_pycocotools_packed_or_plain(pixels):
    coco = pytest.importorskip("pycocotools.mask")
    packed = coco.encode(np.asfortranarray(pixels))
    flat = pixels.ravel(order="F")
    change = np.flatnonzero(np.diff(flat, prepend=0))
    plain = np.diff(np.concatenate([[0], change, [len(flat)]])).tolist()
    expected = coco.toBbox(packed).tolist() if pixels.any() else None
    for counts in (packed["counts"].decode(), plain):
        found = box_around({"size": list(pixels.shape), "counts": counts})
        assert (found and list(found)) == expected


def test_the_box_of_polygons_is_around_all_of_their_corners():
    assert box_around([[1, 2, 9, 2, 9, 8], [-1, 5, 3, 4, 2, 11]]) == (-1, 2, 10, 9)


@pytest.mark.parametrize(
    "odd",
    [[], [[]], [[1, 2, 3]], ["x"], {}, {"size": [0, 0], "counts": [1, 2]}, 7]
    + [{"size": [4, 4], "counts": c} for c in ("\u00e9", [3, -2], [16], None, "x")],
    ids=str,
)
def test_what_is_no_segmentation_has_no_box(odd):
    assert box_around(odd) is None


def test_a_box_that_is_given_is_taken():
    box, made = boxes_or_outlines([[1, 2, 3, 4], None, []], [[[0, 0, 9, 9]]] * 2 + [None])
    assert np.array_equal(box, [[1, 2, 3, 4], [0, 0, 9, 9], [np.nan] * 4], equal_nan=True)
    assert made == 1
