"""SCRFD beside a loop after InsightFace's scrfd.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.heads.reading import card_of, in_order, read


def reference(outputs, size, least):
    grids, anchors, strides = {
        6: (3, 2, (8, 16, 32)),
        9: (3, 2, (8, 16, 32)),
        10: (5, 1, (8, 16, 32, 64, 128)),
        15: (5, 1, (8, 16, 32, 64, 128)),
    }[len(outputs)]
    faces = []
    for index, stride in enumerate(strides):
        scores, boxes = outputs[index], outputs[index + grids] * stride
        row = 0
        for y in range(size[0] // stride):
            for x in range(size[1] // stride):
                for _ in range(anchors):
                    if scores[row, 0] >= least:
                        left, top, right, bottom = boxes[row]
                        faces.append(
                            (
                                x * stride - left,
                                y * stride - top,
                                x * stride + right,
                                y * stride + bottom,
                                scores[row, 0],
                                0,
                            )
                        )
                    row += 1
    return in_order(faces)


@given(st.sampled_from([6, 9, 10, 15]), st.integers(0, 99))
def test_faces_are_those_of_its_authors_loop(count, seed):
    values = np.random.default_rng(seed)
    size = (128, 256)
    grids, anchors = (3, 2) if count < 10 else (5, 1)
    rows = [(128 >> level) * (256 >> level) * anchors for level in range(3, 3 + grids)]
    outputs = [
        values.random((number, width)) for width in (1, 4, 10)[: count // grids] for number in rows
    ]
    found = read("scrfd", tuple(outputs), card_of("scrfd", size), 0.8)
    assert len(found) > 100
    assert found == pytest.approx(reference(outputs, size, 0.8))
