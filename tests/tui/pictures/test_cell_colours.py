"""The colours of cells: the nearest of the palette, written where they change."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.pictures.paint.cell_colours import nearest, numbers_of
from tui.terminal.ansi import ansi

LEVELS = (0, 95, 135, 175, 215, 255)
PALETTE = {
    **{16 + n: rgb for n, rgb in enumerate(product(LEVELS, repeat=3))},
    **{232 + n: (8 + 10 * n,) * 3 for n in range(24)},
}


colour = st.tuples(*[st.integers(0, 255)] * 3)


def rgb_of(number, truecolor):
    if truecolor:
        return number >> 16, number >> 8 & 255, number & 255
    return PALETTE[number]


@given(colour)
def test_no_colour_of_the_palette_is_nearer_than_the_one_that_is_taken(rgb):
    number = int(numbers_of(np.array(rgb, np.uint8), truecolor=False))
    distance = {
        n: np.subtract(rgb, other) @ np.subtract(rgb, other) for n, other in PALETTE.items()
    }
    assert distance[number] == min(distance.values())
    assert nearest(np.array(rgb, np.float32), False)[1].tolist() == list(PALETTE[number])


@given(colour)
def test_a_colour_that_was_taken_stays_what_it_is(rgb):
    for truecolor in (False, True):
        number, value = nearest(np.array(rgb, np.float32), truecolor)
        assert nearest(value, truecolor)[0] == number
        assert tuple(value) == rgb_of(int(number), truecolor)
        assert abs(value - rgb).max() <= 2 or not truecolor


styles = st.builds(
    Style,
    color=st.none() | st.sampled_from(("red", "#010203", "color(200)")),
    bgcolor=st.none() | st.sampled_from(("blue", "#040506", "color(99)")),
    bold=st.none() | st.booleans(),
    underline=st.none() | st.booleans(),
)


def interpreted(text):
    """Each character with what is selected when it is written."""
    first, *parts = text.split("\x1b[")
    state, cells = {}, [(word, {}) for word in first]
    for part in parts:
        codes, _, words = part.partition("m")
        numbers = [int(code) for code in codes.split(";") if code]
        while numbers:
            code = numbers.pop(0)
            if code in (38, 48):
                length = 4 if numbers[0] == 2 else 2
                state[code // 10], numbers = (code, *numbers[:length]), numbers[length:]
            elif code == 0:
                state = {}
            elif code in (39, 49):
                state.pop(code // 10, None)
            elif 30 <= code < 50:
                state[code // 10] = (code,)
            else:
                state[("on", code)] = True
        cells += [(word, dict(state)) for word in words]
    return cells, state


@given(st.lists(st.tuples(st.text("ab ", min_size=1, max_size=3), styles), max_size=8))
def test_what_is_written_looks_as_its_segments_one_by_one(segments):
    made = [Segment(text, style) for text, style in segments]
    whole, end = interpreted(ansi(made, ColorSystem.TRUECOLOR))
    alone = [
        cell
        for text, style in segments
        for cell in interpreted(
            f"\x1b[{Strip.render_ansi(style, ColorSystem.TRUECOLOR)}m{text}\x1b[0m"
        )[0]
    ]
    assert whole == alone
    assert end == {}
