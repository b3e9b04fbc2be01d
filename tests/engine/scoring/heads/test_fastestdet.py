"""FastestDet beside a loop after its authors' example for onnxruntime."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.heads.reading import card_of, in_order, read


def reference(output, least):
    cells = output.transpose(1, 2, 0)
    rows, columns, _ = cells.shape
    found = []
    for y in range(rows):
        for x in range(columns):
            cell = cells[y][x]
            score = cell[0] ** 0.6 * cell[5:].max() ** 0.4
            if score >= least:
                width, height = (1 / (1 + math.exp(-value)) for value in cell[3:5])
                middle_x = (x + 2 / (1 + math.exp(-2 * cell[1])) - 1) / columns
                middle_y = (y + 2 / (1 + math.exp(-2 * cell[2])) - 1) / rows
                found.append(
                    (
                        middle_x - width / 2,
                        middle_y - height / 2,
                        middle_x + width / 2,
                        middle_y + height / 2,
                        score,
                        int(cell[5:].argmax()),
                    )
                )
    return in_order(found)


@given(st.integers(1, 6), st.integers(0, 99))
def test_boxes_are_those_of_its_authors_loop(classes, seed):
    values = np.random.default_rng(seed)
    output = values.normal(size=(5 + classes, 4, 7))
    output[0] = values.random((4, 7))
    shares = values.random((classes, 4, 7))
    output[5:] = shares / shares.sum(axis=0)
    found = read("fastestdet", (output,), card_of("fastestdet", (64, 112)), 0.3)
    assert found == pytest.approx(reference(output, 0.3))
