"""A matrix that does not fit as a map: two blocks of cells one above the other in each cell."""

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from engine.core.overview import Overview, overview
from engine.plots.heat import STEPS, WRONG, Tones, share_tones, tones
from tui.drawing.heat import glyph
from tui.drawing.names import left
from tui.drawing.runs import Piece, merged, stretches
from tui.grids.paint.lines import MatrixInk
from tui.grids.paint.scene import MatrixCell
from tui.grids.paint.view import MatrixView

CURSOR: Final = 2 * STEPS  # codes after those of the tones
FRAMED: Final = CURSOR + 1  # without errors, in the part of the matrix that is in sight
NO_BLOCK: Final = CURSOR + 2
CODES: Final = CURSOR + 3

UPPER: Final = "▀"
NARROWEST: Final = 6  # columns of blocks; fewer say nothing
ShadeCodes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class MapScene:
    """An overview, the part of it that is in sight elsewhere, and a cursor on a block."""

    view: MatrixView
    far: Overview
    gutter: int  # for the name of the first class of a line's blocks; 0 without names
    plain: bool
    frame: Region  # blocks, of rows in y
    cursor: MatrixCell

    @classmethod
    def of(cls, view: MatrixView, width: int, height: int, gutter: int, plain: bool) -> Self | None:
        """The view in so much room, below and right of a rule; None where that is too little."""
        columns, rows = width - gutter - 1, (height - 1) * (1 if plain else 2)
        if columns < NARROWEST or rows < 2 or not view.classes:
            return None
        far = overview(view.matrix, view.shown, rows, columns)
        return cls(view, far, gutter, plain, Region(), (0, 0))

    def marked(self, window: Region, cell: MatrixCell) -> Self:
        """With these positions in sight elsewhere, and the cursor on the block of a cell."""
        top, start = self.far.block_of(window.y, window.x)
        bottom, end = self.far.block_of(window.bottom - 1, window.right - 1)
        frame = Region(start, top, end - start + 1, bottom - top + 1) if window else Region()
        return replace(self, frame=frame, cursor=self.far.block_of(*cell))

    @property
    def lines(self) -> int:
        """How many lines the blocks take."""
        return -(-self.far.shape[0] // self.in_line)

    @property
    def in_line(self) -> int:
        """Rows of blocks in a line: without colour a glyph can say only one."""
        return 1 if self.plain else 2

    def codes(self) -> ShadeCodes:
        """[lines, K] what each cell of the terminal shows: a number for what it is made of."""
        blocks = block_tones(self.far, self.plain).astype(np.intp)
        within = blocks[self.frame.y : self.frame.bottom, self.frame.x : self.frame.right]
        within[within == WRONG] = FRAMED
        blocks[self.cursor] = CURSOR
        if self.plain:
            return blocks
        if len(blocks) % 2:
            blocks = np.vstack((blocks, np.full((1, blocks.shape[1]), NO_BLOCK)))
        return blocks[::2] * CODES + blocks[1::2]

    def block_at(self, x: int, y: int) -> MatrixCell | None:
        """The block drawn in a cell, the upper one of two; None beside them."""
        block = (y - 1) * self.in_line, x - self.gutter - 1
        inside = 0 <= block[0] < self.far.shape[0] and 0 <= block[1] < self.far.shape[1]
        return block if inside else None


def block_tones(far: Overview, plain: bool) -> Tones:
    """[R, K] a tone for each block: errors by the worst of them, the diagonal by its recall.

    Step 0 is a block without anything. On the diagonal the last step is left to blocks without
    an error; without hue a shade there says how bad its errors are, as everywhere.
    """
    if plain:
        return share_tones(far.heat, far.diagonal)
    painted = share_tones(far.heat, np.zeros_like(far.diagonal))
    steps = tones(np.nan_to_num(far.recall), far.diagonal)
    flawed = np.clip(steps, 1, STEPS - 2)
    right: Tones = np.where(far.errors > 0, flawed, steps)
    return np.where(far.diagonal, right, painted).astype(np.uint8)


@dataclass(frozen=True)
class MapInk:
    """The styles of a matrix, and those of two blocks in a cell as they are needed."""

    ink: MatrixInk
    framed: Style  # a background for what is in sight elsewhere
    made: dict[int, Style] = field(default_factory=dict)

    def blocks(self, code: int) -> Style:
        """The style of a cell with one block above another: a memory only."""
        if code not in self.made:
            upper, lower = (self._ground(part).bgcolor for part in divmod(code, CODES))
            self.made[code] = Style(color=upper, bgcolor=lower)
        return self.made[code]

    def _ground(self, code: int) -> Style:
        others = {CURSOR: self.ink.cursor, FRAMED: self.framed, NO_BLOCK: self.ink.blank}
        return others[code] if code in others else self.ink.palette.styles[code]


def paint(scene: MapScene, codes: ShadeCodes, map_ink: MapInk, y: int) -> Strip:
    """A line of the map: above and left of the blocks, rules whose thick part is in sight."""
    ink = map_ink.ink
    if y == 0:
        return merged(top_rule(scene, ink))
    if y > len(codes):
        return Strip([])
    first, last = (y - 1) * scene.in_line, y * scene.in_line - 1
    seen = first < scene.frame.bottom and last >= scene.frame.y
    pieces: list[Piece] = []
    if scene.gutter:
        pieces.append(row_name(scene, ink, first, last))
    pieces.append(("┃", ink.thumb) if seen else ("│", ink.rule))
    for code, cells in groupby(codes[y - 1].tolist()):
        count = len(list(cells))
        if scene.plain:
            pieces.append(plain_block(code, count, ink))
        else:
            upper, lower = divmod(code, CODES)
            pieces.append(((" " if upper == lower else UPPER) * count, map_ink.blocks(code)))
    return merged(pieces)


def top_rule(scene: MapScene, ink: MatrixInk) -> list[Piece]:
    """The rule above the blocks; what the axes are where there is room."""
    width, frame = scene.far.shape[1], scene.frame
    axes = left(" truth ↓  predicted →", scene.gutter)
    return [
        (axes, ink.corner),
        (" " + "─" * frame.x, ink.rule),
        ("━" * frame.width, ink.thumb),
        ("─" * (width - frame.right), ink.rule),
    ]


def row_name(scene: MapScene, ink: MatrixInk, first: int, last: int) -> Piece:
    """The first class of a line's blocks; that of the cursor's block where the cursor is."""
    here = first <= scene.cursor[0] <= last
    block = scene.cursor[0] if here else first
    name = scene.view.row_name(int(scene.far.row_starts[block]))
    return " " + left(name, scene.gutter - 2) + " ", ink.crosshair if here else ink.name


def plain_block(code: int, count: int, ink: MatrixInk) -> Piece:
    """Blocks in shades; the diagonal is underlined and drawn where it has no error."""
    if code == CURSOR:
        return "X" * count, ink.crosshair
    if code in (FRAMED, WRONG):
        return ("·" if code == FRAMED else " ") * count, ink.corner
    return ("\\" if code == 0 else glyph(code)) * count, ink.palette.styles[code]


def changed_cells(scene: MapScene, before: ShadeCodes, after: ShadeCodes) -> list[Region]:
    """The cells of the terminal that look different, near ones of a line in one region."""
    return [
        Region(scene.gutter + 1 + first, 1 + line, last - first + 1, 1)
        for line, changed in enumerate(before != after)
        for first, last in stretches(changed)
    ]


def changed_rules(before: MapScene, after: MapScene) -> list[Region]:
    """Where the rules and names beside the blocks look different."""
    gutter, old, new = after.gutter, before.frame, after.frame
    across = np.zeros(after.far.shape[1] + 1, np.bool_)
    down = np.zeros(after.lines + 1, np.bool_)
    named = np.zeros(after.lines + 1, np.bool_)
    for frame in (old, new):
        across[frame.x : frame.right] ^= True
        down[frame.y // after.in_line : -(-frame.bottom // after.in_line)] ^= True
    if gutter and before.cursor != after.cursor:
        named[[scene.cursor[0] // scene.in_line for scene in (before, after)]] = True
    return [
        *(Region(gutter + 1 + a, 0, b - a + 1, 1) for a, b in stretches(across)),
        *(Region(gutter, 1 + a, 1, b - a + 1) for a, b in stretches(down)),
        *(Region(0, 1 + line, gutter, 1) for line in np.flatnonzero(named).tolist()),
    ]
