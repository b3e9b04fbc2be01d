"""A picture as Sixel shows what the picture shows."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tui.terminal import sixel


def read(written: str) -> np.ndarray:
    """[H, W, 3] what a terminal paints, in percent."""
    wide, tall = map(int, re.search(r'"1;1;(\d+);(\d+)', written).groups())
    seen = np.full((-(-tall // 6) * 6, wide, 3), -1)
    body = written[written.index('"') :].removesuffix("\x1b\\")
    colours, ink, x, y = {}, 0, 0, 0
    tokens = r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])"
    for number, red, green, blue, count, many, one, move in re.findall(tokens, body):
        if number:
            ink = int(number)
            if red:
                colours[ink] = int(red), int(green), int(blue)
        elif move:
            x, y = 0, y + 6 * (move == "-")
        else:
            last = x + int(count or 1)
            for row in range(6):
                if ord(many or one) - 63 >> row & 1:
                    seen[y + row, x:last] = colours[ink]
            x = last
    return seen[:tall]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.integers(1, 40), st.integers(1, 20), st.integers(1, 6))
def test_each_pixel_has_its_colour_whatever_is_painted_first(seed, width, height, colours):
    random = np.random.default_rng(seed)
    places = np.minimum(random.geometric(0.6, (height, width)) - 1, colours - 1)
    image = Image.fromarray(places.astype(np.uint8), "P")
    palette = random.integers(0, 256, (colours, 3))
    image.putpalette(palette.ravel().tolist())
    wanted = palette[places] * 100 / 255
    assert np.abs(read(sixel.encode(image)) - wanted).max() <= 1
