"""The lines of a matrix, one Strip each."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.plots.heat import STEPS, WRONG
from tui.drawing.heat import Palette, glyph
from tui.drawing.names import cut, elided, left, stack
from tui.drawing.runs import Piece, merged, thumb
from tui.grids.paint.layout import AXES, PERCENT, SHARE, Says, text_width
from tui.grids.paint.scene import MatrixScene
from tui.grids.paint.view import Mode

CHIPS: Final = (3, 6, 9, 12, 15)  # steps that stand for a ramp in the legend
COUNTED: Final = "few to many"
LEGEND: Final[dict[Says | Mode, tuple[str, ...]]] = {
    "count": (COUNTED,),
    "change": ("difference of the counts", "difference"),
    "both": (f"{COUNTED}; count and % of the row", COUNTED),
    "both in two lines": (f"{COUNTED}; below the count: % of the row", COUNTED),
    "row %": ("% of the row",),
    "column %": ("% of the column",),
}
"""What the shades stand for and what a cell says, at length and in less room."""


@dataclass(frozen=True)
class MatrixInk:
    """The styles of all that is not a cell, and the palette of the cells."""

    blank: Style
    name: Style
    end_name: Style
    crosshair: Style  # names of the cursor's row and column
    corner: Style
    rule: Style
    thumb: Style  # of the rule that tells which part is in sight
    cursor: Style
    palette: Palette


def paint(scene: MatrixScene, ink: MatrixInk, y: int, width: int) -> Strip:
    """The line at height y, exactly this wide."""
    layout = scene.layout
    slot = layout.row_slot(y)
    if slot == -1:
        pieces = heading(scene, ink, y)
    elif slot is not None:
        pieces = cells(scene, ink, slot, y - layout.row_span(slot)[0])
    elif y == layout.rule_y and layout.row_rule:
        pieces = rule_between_rows(scene, ink)
    elif y == layout.height - 1 and layout.legend:
        pieces = legend(scene, ink, width)
    else:
        pieces = []
    return merged(pieces).adjust_cell_length(width, ink.blank)


def note(text: str, ink: MatrixInk, width: int) -> Strip:
    """A line of words in place of a matrix."""
    return Strip([Segment(cut(text, width).center(width), ink.corner)])


def heading(scene: MatrixScene, ink: MatrixInk, line: int) -> list[Piece]:
    """What the axes are, then the names of the columns."""
    layout, view = scene.layout, scene.view
    in_one_line = layout.gutter > AXES + 1 and layout.turns == 1
    axes = ["truth ↓  predicted →"] if in_one_line else ["predicted →", "truth ↓"]
    corner = [*[""] * layout.heading, view.notes, *axes][-layout.heading :][line]
    if layout.turns > 1:
        pieces = turned_names(scene, ink, line, " " + cut(corner, layout.gutter - 2))
    else:
        pieces = [(" " + left(corner, layout.gutter - 1), ink.corner)]
        pieces += [stacked_name(scene, ink, slot, line) for slot in range(layout.columns)]
    pieces.append((" " * layout.column_rule, ink.blank))
    if layout.end:
        pieces.append(stacked_name(scene, ink, layout.columns, line))
    return pieces


def name_style(scene: MatrixScene, ink: MatrixInk, column: int) -> Style:
    """Of the name of a column."""
    if column == scene.cursor[1]:
        return ink.crosshair
    return ink.end_name if column == scene.view.classes else ink.name


def stacked_name(scene: MatrixScene, ink: MatrixInk, slot: int, line: int) -> Piece:
    """A line of a column's name, as wide as its cells."""
    column, (_, width) = scene.column_at(slot), scene.layout.column_span(slot)
    room = text_width(width)
    text = stack(scene.view.column_name(column), room, scene.layout.heading)[line]
    return " " + text + " " * (width - room - 1), name_style(scene, ink, column)


def turned_names(scene: MatrixScene, ink: MatrixInk, line: int, corner: str) -> list[Piece]:
    """The corner and every so manieth name: each ends where its column does."""
    layout = scene.layout
    pieces, x = [(corner, ink.corner)], cell_len(corner)
    turn = layout.heading - 1 - line
    for slot in range(turn, layout.columns, layout.turns) if turn < layout.turns else ():
        column, (start, _, width, _) = scene.column_at(slot), layout.name_span(slot)
        end = start + width
        name = scene.turned_names[column]
        if cell_len(name) > end - x - 1:  # the corner stands there
            name = elided(name, end - x - 1, (end - x - 2) // 2)
        pieces.append((" " * (end - x - cell_len(name)), ink.blank))
        pieces.append((name, name_style(scene, ink, column)))
        x = end
    pieces.append((" " * (layout.rule_x - x), ink.blank))
    return pieces


def cells(scene: MatrixScene, ink: MatrixInk, slot: int, line: int) -> list[Piece]:
    """The name of a row, then its cells; rows may be several lines high."""
    layout, view = scene.layout, scene.view
    row, (_, height) = scene.row_at(slot), layout.row_span(slot)
    middle = (height - 1) // 2
    name = scene.row_names[row] if line == middle else ""
    style = ink.end_name if row == view.classes else ink.name
    if row == scene.cursor[0]:
        style = ink.crosshair
    pieces = [(" " + left(name, layout.gutter - 2) + " ", style)]

    counts, shares = scene.block.counts[slot].tolist(), scene.block.shares[slot].tolist()
    tones = scene.block.tones[slot].tolist()
    styles, plain = ink.palette.styles, ink.palette.plain
    cursor = scene.column_slot(scene.cursor[1]) if row == scene.cursor[0] else -1
    cell, says = layout.cell, layout.says
    for column, (count, share, tone) in enumerate(zip(counts, shares, tones, strict=True)):
        if column == layout.columns:
            cell = layout.end
            pieces += rule_piece(scene, ink, slot, line)
            if row == view.classes:  # no object that was not detected: there is no such thing
                return pieces
        text = cell_text(says, count, share, cell, line - middle)
        if plain and tone % STEPS:
            text = shaded(text, glyph(tone))
        pieces.append((text, ink.cursor if column == cursor else styles[tone]))
    if layout.column_rule and not layout.end:
        pieces += rule_piece(scene, ink, slot, line)
    return pieces


@lru_cache(8192)
def cell_text(says: Says, count: int, share: float, cell: int, line: int) -> str:
    """A line of a cell: line 0 holds the count, line 1 a share that found no room beside it."""
    room, text = text_width(cell), ""
    if line == 0 and says == "share":
        text = share_text(share)
    elif line == 0 and says == "both" and count:
        text = f"{count} {share_text(share):>{SHARE - 2}}%"
    elif line == 0 and says == "change":
        text = change_text(count, room)
    elif line == 0:
        text = count_text(count, room)
    elif line == 1 and says == "both in two lines" and count:
        text = f"{share_text(share)}%" if room > PERCENT else share_text(share)
    return text.rjust(room + 1).ljust(cell)


def shaded(text: str, shade: str) -> str:
    """The text with a shade in the last blank before it, if there is one."""
    blanks = len(text) - len(text.lstrip())
    return text[: blanks - 1] + shade + text[blanks:] if 0 < blanks < len(text) else text


def count_text(count: int, room: int) -> str:
    """All digits where they fit, else thousands, millions: cut down, never rounded up."""
    if count == 0:
        return "·"
    text = str(count)
    for unit in ("k", "M", "G", "T"):
        if len(text) <= room:
            break
        count //= 1000
        text = f"{count}{unit}"
    return text


def change_text(change: int, room: int) -> str:
    """A difference of counts with its sign."""
    if change == 0:
        return "·"
    return ("+" if change > 0 else "-") + count_text(abs(change), room - 1)


def share_text(share: float) -> str:
    """Percent with one decimal, cut down and never rounded up to everything.

    Only nothing is ·, and only everything is 100.
    """
    percent = share * 100
    if math.isnan(percent):  # a row without ground truths has no shares
        return "–"  # noqa: RUF001
    if percent == 0:
        return "·"
    if percent < 0.05:
        return "<0.1"
    return "100" if percent == 100 else f"{min(percent, 99.9):.1f}"


def legend(scene: MatrixScene, ink: MatrixInk, width: int) -> list[Piece]:
    """What blue and orange stand for, and what a cell says beside its count."""
    view, styles, plain = scene.view, ink.palette.styles, ink.palette.plain
    pieces: list[Piece] = [(" ", ink.blank)]
    answers = ("better", "worse") if view.signed else ("right", "wrong")
    for answer, first in zip(answers, (0, WRONG), strict=True):
        for step in CHIPS:
            tone = first + step
            pieces.append((glyph(tone) if plain else " ", styles[tone]))
        pieces.append((f" {answer}   ", ink.corner))
    room = width - sum(len(text) for text, _ in pieces)
    words = LEGEND[view.mode if view.mode != "counts" else scene.layout.says]
    pieces.append((next((each for each in words if len(each) <= room), ""), ink.corner))
    return pieces


def rule_piece(scene: MatrixScene, ink: MatrixInk, slot: int, line: int) -> list[Piece]:
    """One cell of the rule left of the end column: it is the vertical scroll bar too."""
    layout = scene.layout
    if not layout.column_rule:
        return []
    rows, lines = scene.view.classes, layout.rows * layout.row
    if slot == layout.rows or layout.rows >= rows:
        return [("│", ink.rule)]
    start, stop = thumb(scene.first_row, layout.rows, rows, lines)
    if start <= slot * layout.row + line < stop:
        return [("┃", ink.thumb)]
    return [("│", ink.rule)]


def rule_between_rows(scene: MatrixScene, ink: MatrixInk) -> list[Piece]:
    """The rule above the end row: it is the horizontal scroll bar too."""
    layout = scene.layout
    length = layout.columns * layout.cell
    pieces = [(" ", ink.blank), ("─" * (layout.gutter - 1), ink.rule)]
    if layout.columns < scene.view.classes:
        start, stop = thumb(scene.first_column, layout.columns, scene.view.classes, length)
        pieces += [("─" * start, ink.rule), ("━" * (stop - start), ink.thumb)]
        pieces.append(("─" * (length - stop), ink.rule))
    else:
        pieces.append(("─" * length, ink.rule))
    joint = "┼" if layout.end else "┘"
    pieces.append((joint * layout.column_rule + "─" * layout.end, ink.rule))
    return pieces
