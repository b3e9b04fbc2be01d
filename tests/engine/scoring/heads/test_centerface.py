"""CenterFace beside a loop after its authors' centerface.py."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.heads.reading import card_of, in_order, read


def reference(heat, scale, offset, size, least):
    faces = []
    for y, x in zip(*np.where(heat[0] >= least), strict=True):
        tall, wide = math.exp(scale[0, y, x]) * 4, math.exp(scale[1, y, x]) * 4
        left = max(0, (x + offset[1, y, x] + 0.5) * 4 - wide / 2)
        top = max(0, (y + offset[0, y, x] + 0.5) * 4 - tall / 2)
        left, top = min(left, size[1]), min(top, size[0])
        right, bottom = min(left + wide, size[1]), min(top + tall, size[0])
        faces.append((left, top, right, bottom, heat[0, y, x], 0))
    return in_order(faces)


@given(st.integers(0, 99))
def test_faces_are_those_of_its_authors_loop(seed):
    values = np.random.default_rng(seed)
    size = (32, 64)
    heat = values.random((1, 8, 16))
    scale, offset = values.normal(1, 1, (2, 8, 16)), values.random((2, 8, 16))
    points = values.random((10, 8, 16))
    card = card_of("centerface", size)
    wanted = reference(heat, scale, offset, size, 0.7)
    assert read("centerface", (heat, scale, offset, points), card, 0.7) == pytest.approx(wanted)
    assert read("centerface", (heat, scale, offset), card, 0.7) == pytest.approx(wanted)
