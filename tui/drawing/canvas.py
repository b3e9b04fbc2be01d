"""A canvas of braille dots, two across and four down in each cell, with letters among them.

A cell has one colour and belongs to one line: who is drawn later takes it whole, dots
and letters, so that lines which cross stay lines and grids end where curves begin.
Dots are counted from the top left corner, as cells are.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from engine.core.arrays import Indices

ACROSS: Final = 2
DOWN: Final = 4
"""Dots of a cell."""

_BITS: Final = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint32)
_BRAILLE: Final = 0x2800
_BLANK: Final = ord(" ")
_COVERED: Final = 0xFFFFFFFF  # by the letter on its left, which is two cells wide

LetterCodes = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class LetterGrid:
    """What a canvas shows: a letter for each cell, and which of the styles it has."""

    letters: LetterCodes  # [H, W] code points
    style: Indices  # [H, W]
    styles: tuple[Style, ...]

    @cached_property
    def strips(self) -> tuple[Strip, ...]:
        """A strip for each line, of as few segments as the eye can tell apart."""
        _, ground = np.unique([str(style.bgcolor) for style in self.styles], return_inverse=True)
        calm = np.array([not style.reverse for style in self.styles], np.bool_)
        blank = (self.letters == _BLANK) & calm[self.style]
        # A blank in the colour of what is left of it needs no change of colour of its own.
        place = np.where(blank, 0, np.arange(self.style.shape[1]))
        source = np.maximum.accumulate(place, axis=1)
        left = np.take_along_axis(self.style, source, axis=1)
        same = blank & calm[left] & (ground[left] == ground[self.style])
        style = np.where(same, left, self.style)
        return tuple(map(self._strip, self.letters, style))

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says, without styles."""
        return tuple(_words(line) for line in self.letters)

    def changed_since(self, before: "LetterGrid") -> list[Region]:
        """For each line that looks different, from its first such cell to its last."""
        if self.letters.shape != before.letters.shape:
            height, width = self.letters.shape
            return [Region(0, 0, width, height)]
        place = {style: index for index, style in enumerate(self.styles)}
        after, earlier = (
            np.array([place.get(style, -1) for style in raster.styles], np.intp)[raster.style]
            for raster in (self, before)
        )
        changed = (self.letters != before.letters) | (after != earlier)
        rows = np.flatnonzero(changed.any(axis=1))
        first = changed[rows].argmax(axis=1).tolist()
        end = (changed.shape[1] - changed[rows, ::-1].argmax(axis=1)).tolist()
        return [
            Region(left, y, right - left, 1)
            for y, left, right in zip(rows.tolist(), first, end, strict=True)
        ]

    def _strip(self, letters: LetterCodes, style: Indices) -> Strip:
        begins = np.flatnonzero(np.append(True, style[1:] != style[:-1])[: len(style)])
        bounds = [*begins.tolist(), len(style)]
        words = _words(letters)
        whole = len(words) == len(letters)  # no letter is two cells wide
        segments = [
            Segment(words[left:right] if whole else _words(letters[left:right]), self.styles[index])
            for (left, right), index in zip(pairwise(bounds), style[begins].tolist(), strict=True)
        ]
        return Strip(segments, len(style))


class PlotCanvas:
    """Takes lines, areas, shades and words; `raster` is how it looks."""

    def __init__(self, width: int, height: int, base: Style) -> None:
        self.width, self.height = width, height
        self.dots = np.zeros((height * DOWN, width * ACROSS), np.bool_)
        self.letters = np.full((height, width), _BLANK, np.uint32)
        self.ink = np.zeros((height, width), np.intp)
        self.ground = np.zeros((height, width), np.intp)
        self._inks: dict[Style, int] = {base: 0}

    def draw(self, x: Indices, y: Indices, style: Style) -> None:
        """Dots [N]. Those beyond the canvas are left out."""
        on = (x >= 0) & (x < self.width * ACROSS) & (y >= 0) & (y < self.height * DOWN)
        x, y = x[on], y[on]
        cells = np.zeros((self.height, self.width), np.bool_)
        cells[y // DOWN, x // ACROSS] = True
        ink = self._ink(style)
        taken = cells & (self.ink != ink)
        rows, columns = np.nonzero(taken)
        if len(rows):
            self._cells[rows, :, columns] = False
        self.letters[cells] = _BLANK
        self.ink[cells] = ink
        self.dots[y, x] = True

    def area(self, x: Indices, top: Indices, bottom: int, style: Style, every: int = 1) -> None:
        """Columns of dots [N] from their tops down to the bottom, or one dot of so many."""
        columns, rows = np.meshgrid(x, np.arange(bottom + 1))
        inside = (rows >= top) & (rows % every == 0) & (columns % every == 0)
        self.draw(columns[inside], rows[inside], style)

    def shade(self, cells: Region, style: Style) -> None:
        """The background of these cells; what is drawn on them stays."""
        self.ground[cells.y : cells.bottom, cells.x : cells.right] = self._ink(style)

    def blank(self, cells: Region) -> None:
        """Nothing but the background on these cells."""
        rows, columns = slice(cells.y, cells.bottom), slice(cells.x, cells.right)
        self.letters[rows, columns], self.ink[rows, columns] = _BLANK, 0
        self._cells[rows, :, columns] = False

    def fill(self, cells: Region, letter: str, style: Style) -> None:
        """The same letter in all these cells."""
        self.blank(cells)
        rows, columns = slice(cells.y, cells.bottom), slice(cells.x, cells.right)
        self.letters[rows, columns], self.ink[rows, columns] = ord(letter), self._ink(style)

    def text(self, x: int, y: int, words: str, style: Style) -> None:
        """Words from a cell on, cut at the right edge."""
        ink = self._ink(style)
        if words.isascii() and x >= 0 and 0 <= y < self.height:
            room = words[: max(self.width - x, 0)]
            cells = slice(x, x + len(room))
            self.letters[y, cells] = np.frombuffer(room.encode(), np.uint8)
            self.ink[y, cells] = ink
            self._cells[y, :, cells] = False
            return
        for letter in words:
            wide = cell_len(letter)
            if not 0 <= y < self.height or not wide or x < 0 or x + wide > self.width:
                x += wide
                continue
            self.letters[y, x : x + wide] = _COVERED
            self.letters[y, x] = ord(letter)
            self.ink[y, x : x + wide] = ink
            self._cells[y, :, x : x + wide] = False
            x += wide

    @property
    def _cells(self) -> NDArray[np.bool_]:
        """[H, 4, W, 2] the same dots by their cells."""
        return self.dots.reshape(self.height, DOWN, self.width, ACROSS)

    def _ink(self, style: Style) -> int:
        return self._inks.setdefault(style, len(self._inks))

    def raster(self) -> LetterGrid:
        """How it looks now."""
        bits = np.einsum("hdwa,da->hw", self._cells.astype(np.uint32), _BITS)
        inks = list(self._inks)
        calm = np.array([ink.bgcolor == inks[0].bgcolor and not ink.reverse for ink in inks])
        blank = (self.letters == _BLANK) & (bits == 0) & calm[self.ink]
        letters = np.where(bits > 0, _BRAILLE + bits, self.letters).astype(np.uint32)
        ink = np.where(blank, 0, self.ink)
        pairs, style = np.unique(ink * len(inks) + self.ground, return_inverse=True)
        parts = (divmod(pair, len(inks)) for pair in pairs.tolist())
        styles = (
            inks[line] + Style(bgcolor=inks[ground].bgcolor) if ground else inks[line]
            for line, ground in parts
        )
        return LetterGrid(letters, style.reshape(ink.shape), tuple(styles))


def path(x: Indices, y: Indices) -> tuple[Indices, Indices]:
    """All dots of a line through these, each next to the one before.

    Between two of them the line goes one way only: where the given dots never rise,
    the dots between them never rise either.
    """
    moved = np.append(True, (x[1:] != x[:-1]) | (y[1:] != y[:-1]))[: len(x)]
    x, y = x[moved], y[moved]
    if len(x) < 2:
        return x, y
    across, down = np.diff(x), np.diff(y)
    steps = np.maximum(np.abs(across), np.abs(down))
    start = np.cumsum(steps) - steps
    part = (np.arange(int(steps.sum())) - np.repeat(start, steps)) / np.repeat(steps, steps)
    between_x = np.repeat(x[:-1], steps) + np.rint(part * np.repeat(across, steps)).astype(np.intp)
    between_y = np.repeat(y[:-1], steps) + np.rint(part * np.repeat(down, steps)).astype(np.intp)
    return np.append(between_x, x[-1]), np.append(between_y, y[-1])


def every_other(x: Indices, y: Indices, pattern: tuple[int, int]) -> tuple[Indices, Indices]:
    """Dots of a path, some drawn and some left out by turns."""
    drawn, left_out = pattern
    if not left_out:
        return x, y
    kept = np.arange(len(x)) % (drawn + left_out) < drawn
    return x[kept], y[kept]


def _words(letters: LetterCodes) -> str:
    return str(letters[letters != _COVERED].astype("<u4").tobytes(), "utf-32-le")
