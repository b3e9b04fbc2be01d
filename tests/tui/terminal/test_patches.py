"""What differs between two pictures is found whole, and not much beside it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw

from tests.tui.terminal.kitty_terminal import KittyTerminal
from tui.terminal import kitty
from tui.terminal.patches import Cost, difference, in_cells, rectangles

GRIDS = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=40))
COSTS = st.builds(Cost, st.integers(0, 500), st.integers(0, 5))


@given(GRIDS, COSTS)
def test_every_difference_lies_in_a_rectangle_and_every_rectangle_in_the_picture(grid, cost):
    held = np.zeros_like(grid)
    for left, top, width, height in rectangles(grid, cost):
        assert min(left, top) >= 0
        assert min(width, height) > 0
        assert left + width <= grid.shape[1]
        assert top + height <= grid.shape[0]
        held[top : top + height, left : left + width] = True
    assert not (grid & ~held).any()
    assert held.any() == grid.any()


@given(GRIDS, COSTS)
def test_what_is_sent_costs_no_more_than_one_rectangle_around_all(grid, cost):
    found = rectangles(grid, cost)
    if found:
        rows, columns = np.nonzero(grid)
        around = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
        area = sum(width * height for _, _, width, height in found)
        assert len(found) * cost.each + area * cost.area <= cost.each + around * cost.area


def test_the_outline_of_a_box_is_its_four_sides():
    before = Image.new("RGB", (100, 80), "gray")
    now = before.copy()
    ImageDraw.Draw(now).rectangle((10, 20, 70, 60), outline="red", width=2)
    assert sorted(rectangles(difference(before, now), Cost(10, 1))) == [
        (10, 20, 61, 2),
        (10, 22, 2, 37),
        (10, 59, 61, 2),
        (69, 22, 2, 37),
    ]


def test_what_lies_near_is_sent_as_one():
    grid = np.zeros((9, 9), np.bool_)
    grid[2, 2] = grid[2, 4] = True
    assert rectangles(grid, Cost(10, 1)) == [(2, 2, 3, 1)]
    assert len(rectangles(grid, Cost(0.5, 1))) == 2


def test_a_cell_differs_where_one_of_its_pixels_does():
    before = Image.new("P", (40, 40))
    now = before.copy()
    now.putpixel((39, 20), 3)
    now.putpalette([0] * 9 + [9, 9, 9])
    assert np.argwhere(in_cells(difference(before, now), 4, 2)).tolist() == [[1, 3]]


@settings(max_examples=40)
@given(st.integers(0, 999), st.integers(0, 300))
def test_an_image_edited_by_the_parts_that_differ_is_the_other_one(seed, changes):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 4, (30, 40), np.uint8)
    other = pixels.copy()
    other[rng.integers(0, 30, changes), rng.integers(0, 40, changes)] = 3
    palette = [0, 0, 0, 255, 0, 0, 0, 255, 0, 9, 9, 255]
    before, now = Image.fromarray(pixels, "P"), Image.fromarray(other, "P")
    for image in (before, now):
        image.putpalette(palette)
    terminal = KittyTerminal()
    terminal.read("".join(kitty.upload(before, 7, 4, 2, tmux=False)))
    parts = rectangles(difference(before, now), Cost(80, 1))
    terminal.read("".join(kitty.edits(now, parts, 7, tmux=False)))
    assert terminal.images[7].tobytes() == now.convert("RGB").tobytes()


def test_a_large_part_goes_in_chunks_that_say_what_they_belong_to():
    rng = np.random.default_rng(1)
    noise = Image.fromarray(rng.integers(0, 255, (60, 80, 3), np.uint8), "RGB")
    terminal = KittyTerminal()
    terminal.read("".join(kitty.upload(Image.new("RGB", (80, 60)), 7, 4, 2, tmux=False)))
    pieces = kitty.edits(noise, [(0, 0, 80, 60)], 7, tmux=False)
    assert sum(piece.count("\x1b_Ga=f,q=2,m=") for piece in pieces) >= 3
    terminal.read("".join(pieces))
    assert terminal.images[7].tobytes() == noise.tobytes()
