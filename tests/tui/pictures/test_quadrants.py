"""Pictures made of characters: the right colours at the right place, for few bytes."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from rich.color import ColorSystem
from rich.style import Style

from engine.images.cropping import cut
from engine.images.pixels import DecodedImage
from tests.tui.pictures.test_cell_colours import LEVELS, rgb_of
from tui.pictures.paint.cell_canvas import CellCanvas
from tui.pictures.paint.cell_colours import NONE
from tui.pictures.paint.cell_rows import rows_of
from tui.pictures.paint.crops import DecodedImages, in_few_pixels
from tui.pictures.paint.drawing import Area, Subject, sketch
from tui.pictures.paint.quadrants import (
    BYTE,
    CHANGE_BYTES,
    COLOUR_BYTES,
    GLYPH_BYTES,
    HALVES,
    QUADRANTS,
    in_two_colours,
)
from tui.terminal.ansi import ansi
from tui.terminal.capabilities import Graphics

PHOTO = Path("demo_data/detection/images/0000.jpg")
INKED = dict(zip(QUADRANTS.glyphs, product((0, 1), repeat=4), strict=True))  # from low right
cube_colour = st.tuples(*[st.sampled_from(LEVELS)] * 3)
pictures = st.tuples(st.integers(1, 4), st.integers(1, 7)).flatmap(
    lambda size: arrays(np.uint8, (2 * size[0], 2 * size[1], 3))
)


def seen(cells, truecolor):
    """[2R, 2C, 3] the pixels that the cells show."""
    rows, columns = cells.glyph.shape
    pixels = np.zeros((2 * rows, 2 * columns, 3), np.float32)
    for y, x in np.ndindex(rows, columns):
        inked = INKED[cells.glyph[y, x]][::-1]
        for place, ink in enumerate(inked):
            number = (cells.ink if ink else cells.paper)[y, x]
            at = 2 * y + place // 2, 2 * x + place % 2
            pixels[at] = rgb_of(int(number), truecolor)
    return pixels


def errors(cells, pixels, truecolor):
    """[R, C] squared error of each cell."""
    squares = (seen(cells, truecolor) - pixels) ** 2
    return squares.reshape(len(pixels) // 2, 2, -1, 2, 3).sum(axis=(1, 3, 4))


def written(pixels, truecolor, shapes=QUADRANTS):
    cells = in_two_colours(pixels, truecolor, shapes)
    return [
        ansi(row, ColorSystem.TRUECOLOR) for row in rows_of(CellCanvas.of(pixels), cells, truecolor)
    ]


def photo(columns, rows):
    with Image.open(PHOTO) as image:
        return np.asarray(
            image.convert("RGB").resize((2 * columns, 2 * rows), Image.Resampling.BOX)
        )


@given(st.data(), st.integers(1, 4), st.integers(1, 6))
def test_two_colours_in_each_cell_are_shown_as_they_are(data, rows, columns):
    pixels = np.zeros((2 * rows, 2 * columns, 3), np.uint8)
    for y, x in np.ndindex(rows, columns):
        two = data.draw(st.tuples(cube_colour, cube_colour))
        which = data.draw(st.lists(st.sampled_from(two), min_size=4, max_size=4))
        pixels[2 * y : 2 * y + 2, 2 * x : 2 * x + 2] = np.reshape(which, (2, 2, 3))
    for truecolor in (False, True):
        cells = in_two_colours(pixels, truecolor)
        assert abs(seen(cells, truecolor) - pixels).max() <= (2 if truecolor else 0)


@given(pictures, st.booleans())
def test_no_cell_is_worse_than_its_best_by_more_than_the_bytes_are_worth(pixels, truecolor):
    worst = BYTE[truecolor] * (GLYPH_BYTES + CHANGE_BYTES + 2 * COLOUR_BYTES[truecolor])
    found = errors(in_two_colours(pixels, truecolor), pixels, truecolor)
    for y, x in np.ndindex(found.shape):
        cell = pixels[2 * y : 2 * y + 2, 2 * x : 2 * x + 2]
        alone = errors(in_two_colours(np.ascontiguousarray(cell), truecolor), cell, truecolor)
        assert found[y, x] <= alone[0, 0] + worst + 1


@given(pictures, st.booleans())
def test_the_console_of_linux_gets_halves_and_nothing_else(pixels, truecolor):
    cells = in_two_colours(pixels, truecolor, HALVES)
    assert set(cells.glyph.flat) <= set(" ▀▄█")
    both_sides = pixels.copy()
    both_sides[:, 1::2] = both_sides[:, 0::2]
    of_quadrants = in_two_colours(both_sides, truecolor)
    assert set(of_quadrants.glyph.flat) <= set(" ▀▄█")


def test_the_eight_ways_to_part_a_cell_each_have_their_glyph():
    black, white = (0, 0, 0), (255, 255, 255)
    for inked in product((False, True), repeat=4):
        pixels = np.array([white if ink else black for ink in inked], np.uint8).reshape(2, 2, 3)
        assert np.array_equal(seen(in_two_colours(pixels, False), False), pixels)


def test_a_plain_picture_is_spaces_of_one_colour():
    plain = np.full((4, 20, 3), (215, 95, 0), np.uint8)
    assert written(plain, truecolor=False) == ["\x1b[48;5;166m" + " " * 10 + "\x1b[0m"] * 2


def test_only_the_colour_that_changes_is_written():
    black, red, blue = (0, 0, 0), (255, 0, 0), (0, 0, 255)
    halves = [(black, red), (black, blue), (black, blue)]
    pixels = np.array([[upper, upper, lower, lower] for upper, lower in halves], np.uint8)
    pixels = pixels.reshape(3, 2, 2, 3).transpose(1, 0, 2, 3).reshape(2, 6, 3)
    (row,) = written(pixels, truecolor=False)
    assert row.count("48;5") + row.count("38;5") == 3
    assert len(row) == len("\x1b[38;5;196;48;5;16m▄\x1b[38;5;21m▄▄\x1b[0m")


@pytest.mark.parametrize("truecolor", [False, True])
@pytest.mark.parametrize("shapes", [QUADRANTS, HALVES])
def test_what_no_eye_sees_is_not_worth_a_byte(truecolor, shapes):
    noise = np.random.default_rng(0).integers(-1, 2, (4, 60, 3))
    plain = (np.array((135, 95, 215)) + noise).astype(np.uint8)
    for row in written(plain, truecolor, shapes):
        assert row.count("\x1b[") == 2
    upper = np.repeat([[[255, 0, 0]], [[0, 0, 255]]], 60, axis=1).astype(np.uint8)
    cells = in_two_colours(upper, truecolor, shapes)
    assert np.array_equal(seen(cells, truecolor), upper)
    assert len(written(upper, truecolor, shapes)[0]) < 80


@pytest.mark.parametrize("truecolor", [False, True])
def test_quadrants_are_nearer_to_the_photo_than_halves_for_no_more_bytes(truecolor):
    pixels = photo(60, 25)
    bytes_of, error = [], []
    for shapes in (HALVES, QUADRANTS):
        bytes_of.append(sum(len(row.encode()) for row in written(pixels, truecolor, shapes)))
        cells = in_two_colours(pixels, truecolor, shapes)
        error.append(errors(cells, pixels, truecolor).sum())
    assert error[1] < 0.8 * error[0]
    assert bytes_of[1] < 1.1 * bytes_of[0]
    assert bytes_of[1] < (25_000 if truecolor else 15_000)


def test_a_label_over_the_picture_keeps_its_colours_and_the_picture_its_own():
    pixels = photo(12, 4)
    canvas = CellCanvas.of(pixels)
    canvas.put(3, 1, "│", (255, 165, 40))
    cells = in_two_colours(pixels, True)
    row = [
        (character, segment.style)
        for segment in rows_of(canvas, cells, True)[1]
        for character in segment.text
    ]
    character, style = row[3]
    assert character == "│"
    assert style.color.triplet == (255, 166, 40)
    assert sum(style.bgcolor.triplet) < 3 * canvas.behind[1, 3].mean()
    assert [each[0] for x, each in enumerate(row) if x != 3] == [
        glyph for x, glyph in enumerate(cells.glyph[1]) if x != 3
    ]
    assert NONE not in (cells.ink.min(), cells.paper.min())


@pytest.mark.parametrize(
    ("quadrants", "glyphs"), [(True, QUADRANTS.glyphs), (False, HALVES.glyphs)]
)
def test_a_sketch_has_the_glyphs_that_the_font_has(quadrants, glyphs):
    area = Area(40, 16, Graphics(quadrants=quadrants), ColorSystem.EIGHT_BIT, Style())
    lines = sketch(Subject(PHOTO), area, DecodedImages(1 << 24)).lines
    written = {character for line in lines for segment in line for character in segment.text}
    assert written <= set(glyphs)
    assert written > {" ", "▀", "▄"}


def test_an_edge_is_seen_in_few_pixels_and_what_is_plain_stays_plain():
    pixels = np.full((60, 60, 3), 100, np.uint8)
    pixels[:, 31:] = 160
    image = DecodedImage(Image.fromarray(pixels), (60, 60), turnable=False)
    few = np.asarray(in_few_pixels(image, (0, 0, 60, 60), (12, 12))).astype(int)
    blurred = np.asarray(cut(image, (0, 0, 60, 60), (12, 12), smooth=False)).astype(int)
    assert few[6, 7, 0] - few[6, 5, 0] > blurred[6, 7, 0] - blurred[6, 5, 0]
    assert (few[:, :4] == 100).all()
    assert (few[:, 9:] == 160).all()
