"""YOLO-FastestV2 beside a loop after its authors' sample for ncnn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.heads.reading import card_of, in_order, read

OF_COCO = [12.64, 19.39, 37.88, 51.48, 55.71, 138.31, 126.91, 78.23, 131.57, 214.55, 279.92, 258.87]


def reference(outputs, height, anchors, least):
    found = []
    for index, grid in enumerate(outputs):
        rows, columns, _ = grid.shape
        stride = height / rows
        for y in range(rows):
            for x in range(columns):
                for b in range(3):
                    cell = grid[y, x]
                    for class_, share in enumerate(cell[15:]):
                        score = share * cell[12 + b]
                        if score < least:
                            continue
                        middle_x = (cell[b * 4] * 2 - 0.5 + x) * stride
                        middle_y = (cell[b * 4 + 1] * 2 - 0.5 + y) * stride
                        width = (cell[b * 4 + 2] * 2) ** 2 * anchors[index * 6 + b * 2]
                        tall = (cell[b * 4 + 3] * 2) ** 2 * anchors[index * 6 + b * 2 + 1]
                        found.append(
                            (
                                middle_x - width / 2,
                                middle_y - tall / 2,
                                middle_x + width / 2,
                                middle_y + tall / 2,
                                score,
                                class_,
                            )
                        )
    return in_order(found)


@given(st.integers(1, 4), st.integers(0, 99), st.booleans())
def test_boxes_are_those_of_its_authors_loop(classes, seed, own):
    values = np.random.default_rng(seed)
    outputs = [values.random((64 // stride, 96 // stride, 15 + classes)) for stride in (16, 32)]
    anchors = tuple(values.uniform(5, 90, 12)) if own else ()
    card = card_of("yolo-fastestv2", (64, 96), anchors=anchors)
    found = read("yolo-fastestv2", tuple(outputs), card, 0.3)
    assert found == pytest.approx(reference(outputs, 64, anchors or OF_COCO, 0.3))
