"""Four pixels a cell: which quarters are ink, and the two colours.

For each row the cells are chosen from left to right. A cell may keep the colours of the one
before, change one of them or both, with any of the shapes; it takes the choice with the least
sum of squared error and of what its bytes are worth. This is the usual trade of rate against
distortion: min D + lambda R.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.pictures.paint.cell_colours import Numbers, Pixels, nearest

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class QuadrantShapes:
    """The glyphs to choose from, the last one the opposite of the first and so on."""

    glyphs: str
    numbers: (
        slice | list[int]
    )  # bits where ink is: upper left, upper right, lower left, lower right

    @property
    def sizes(self) -> Floats:
        """[K] quarters with ink."""
        return np.array([number.bit_count() for number in range(16)], np.float32)[self.numbers]


QUADRANTS: Final = QuadrantShapes(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█", slice(16))
HALVES: Final = QuadrantShapes(" ▀▄█", [0, 3, 12, 15])  # what the console of Linux has

# By truecolor: the squared error, summed over the channels of four pixels, that a byte may
# save. Looked at on photos: more of it draws steps into a clear sky, where there are none yet.
BYTE: Final = {False: 30.0, True: 6.0}
GLYPH_BYTES: Final = 3.0  # a space has one
COLOUR_BYTES: Final = {False: 7.5, True: 13.0}  # of `38;5;123` or `38;2;12;123;12`
CHANGE_BYTES: Final = 3.0  # around them: escape, bracket, m
NEVER: Final = 1e9  # a colour that no cell wants to keep


@dataclass(frozen=True, eq=False)
class QuadrantCells:
    """A picture in cells, as it is written."""

    glyph: NDArray[np.object_]  # [R, C]
    ink: Numbers  # [R, C] number of the colour
    paper: Numbers  # [R, C]


def in_one_colour(pixels: Pixels, truecolor: bool) -> QuadrantCells:
    """[2R, 2C, 3] pixels to [R, C] spaces, for terminals that are sent nothing but ASCII."""
    rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
    parts = pixels.reshape(rows, 2, columns, 2, 3).astype(np.float32)
    mean: Floats = parts.mean((1, 3))
    paper = nearest(np.moveaxis(mean, -1, 0), truecolor)[0]
    return QuadrantCells(np.full((rows, columns), " ", object), paper, paper)


def in_two_colours(
    pixels: Pixels, truecolor: bool, shapes: QuadrantShapes = QUADRANTS
) -> QuadrantCells:
    """[2R, 2C, 3] pixels to [R, C] cells."""
    rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
    count = len(shapes.glyphs)
    cells = pixels.reshape(rows, 2, columns, 2, 3).transpose(1, 3, 4, 2, 0)
    parts = cells.reshape(4, 3, columns, rows).astype(np.float32)
    sums = _summed(parts, shapes)  # [K, 3, C, R]
    squares = _summed((parts * parts).sum(1), shapes)  # [K, C, R]
    size = shapes.sizes
    byte = BYTE[truecolor]
    glyph_cost = byte * np.where(size == 0, np.float32(1), GLYPH_BYTES)
    per_shape = size[:, None, None]
    means = np.divide(sums, np.maximum(per_shape, 1)[:, None], dtype=np.float32)
    number, mean = nearest(means.swapaxes(0, 1), truecolor)
    square = (mean * mean).sum(0)
    # The squared error of pixels p in the colour q is sum p^2 - 2 q sum p + n q^2.
    alone = squares - 2 * (mean * sums.swapaxes(0, 1)).sum(0) + per_shape * square
    alone = np.ascontiguousarray(alone.transpose(1, 2, 0))  # [C, R, K] in the shape's own colour
    other = alone[:, :, ::-1]
    # For any other colour it is a product of what is known of the pixels in each shape,
    # [C, R, 6, K], and of the colour, [6].
    known = np.empty((columns, rows, 6, count), np.float32)
    known[:, :, :3] = sums.transpose(2, 3, 1, 0)
    known[:, :, 3] = size
    known[:, :, 4] = squares.transpose(1, 2, 0)
    known[:, :, 5] = glyph_cost
    own = np.ones((columns, rows, count, 5), np.float32)  # [C, R, K, 5] the colour of each
    own[..., :3] = (-2 * mean).transpose(2, 3, 1, 0)
    own[..., 3] = square.transpose(1, 2, 0)

    one = byte * (CHANGE_BYTES + COLOUR_BYTES[truecolor])
    two = one + byte * COLOUR_BYTES[truecolor]
    costs = np.empty((columns, rows, 4, count), np.float32)  # keep both, ink, paper, none
    costs[:, :, 1] = other + one
    costs[:, :, 2] = alone + (one + glyph_cost)
    costs[:, :, 3] = alone + other + (np.where((size == 0) | (size == 4), one, two) + glyph_cost)
    chosen = _chosen(known, own, costs)

    shape, change = chosen & (count - 1), chosen // count
    new_ink = (change >= 2) & (size[shape] > 0)
    new_paper = (change % 2 == 1) & (size[shape] < 4)
    ink = np.take_along_axis(number, shape[None], 0)[0]
    paper = np.take_along_axis(number, count - 1 - shape[None], 0)[0]
    glyphs = np.array(list(shapes.glyphs), object)
    return QuadrantCells(glyphs[shape.T], _kept(ink, new_ink).T, _kept(paper, new_paper).T)


def _summed(parts: Floats, shapes: QuadrantShapes) -> Floats:
    """[4, ...] values of the pixels to [K, ...] their sums in each shape."""
    sums = np.zeros((1, *parts.shape[1:]), np.float32)
    for part in parts:  # of the shapes without the pixel, then with it
        sums = np.concatenate((sums, sums + part))
    return sums[shapes.numbers]


def _chosen(known: Floats, own: Floats, costs: Floats) -> NDArray[np.intp]:
    """[C, R] index of the cheapest way for each cell, among 4 K: what to keep, then the shape."""
    columns, rows, _, count = known.shape
    ways = np.arange(4 * count)
    shape, change = ways & (count - 1), ways // count
    takes_ink = ((change >= 2) & (shape > 0))[:, None]
    takes_paper = ((change % 2 == 1) & (shape < count - 1))[:, None]
    opposite = count - 1 - shape
    row = np.arange(rows)
    colours = np.zeros((rows, 2, 6), np.float32)  # ink, paper
    colours[:, :, 3], colours[:, :, 4], colours[:, 0, 5] = NEVER, 1, 1
    ink, paper = colours[:, 0], colours[:, 1]
    error = np.empty((rows, 2, count), np.float32)
    of_ink, of_paper = error[:, 0], error[:, 1, ::-1]
    chosen = np.empty((columns, rows), np.intp)
    for column in range(columns):
        np.matmul(colours, known[column], out=error)
        cost = costs[column]
        np.add(of_ink, of_paper, out=cost[:, 0])
        cost[:, 1] += of_ink
        cost[:, 2] += of_paper
        best = cost.reshape(rows, -1).argmin(1, out=chosen[column])
        np.copyto(ink[:, :5], own[column, row, shape[best]], where=takes_ink[best])
        np.copyto(paper[:, :5], own[column, row, opposite[best]], where=takes_paper[best])
    return chosen


def _kept(numbers: Numbers, new: NDArray[np.bool_]) -> Numbers:
    """[C, R] each the last new one at or before it; before the first new one, the first cell's."""
    since = np.where(new, np.arange(len(new))[:, None], 0)
    kept: Numbers = np.take_along_axis(numbers, np.maximum.accumulate(since), 0)
    return kept
