"""NanoDet beside a loop after its authors' demo for ncnn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.heads.reading import card_of, in_order, read


def reference(output, size, strides, bins, middle, least):
    classes = output.shape[1] - 4 * bins
    found, row = [], 0
    for stride in strides:
        for y in range(math.ceil(size[0] / stride)):
            for x in range(math.ceil(size[1] / stride)):
                cell = output[row]
                row += 1
                class_ = int(cell[:classes].argmax())
                if cell[class_] < least:
                    continue
                sides = []
                for side in range(4):
                    powers = [
                        math.exp(value)
                        for value in cell[classes + side * bins : classes + (side + 1) * bins]
                    ]
                    mean = sum(at * power for at, power in enumerate(powers)) / sum(powers)
                    sides.append(mean * stride)
                center = (x + middle) * stride, (y + middle) * stride
                found.append(
                    (
                        center[0] - sides[0],
                        center[1] - sides[1],
                        center[0] + sides[2],
                        center[1] + sides[3],
                        cell[class_],
                        class_,
                    )
                )
    assert row == len(output)
    return in_order(found)


@given(st.sampled_from([8, 11]), st.booleans(), st.integers(0, 50))
def test_boxes_are_those_of_its_authors_loop(bins, plus, seed):
    values = np.random.default_rng(seed)
    size = (100, 64)  # a side that the coarser strides do not divide
    strides = (8, 16, 32, 64) if plus else (8, 16, 32)
    cells = sum(math.ceil(size[0] / stride) * math.ceil(size[1] / stride) for stride in strides)
    output = values.normal(size=(cells, 3 + 4 * bins))
    output[:, :3] = values.random((cells, 3))
    found = read("nanodet", (output,), card_of("nanodet", size, bins=bins), 0.8)
    middle = 0 if plus else 0.5
    assert found == pytest.approx(reference(output, size, strides, bins, middle, 0.8))
