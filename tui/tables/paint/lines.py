"""The lines of a table of metrics, one Strip each."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.util.words import DASH, change, number, share
from tui.drawing.names import cut, left
from tui.drawing.runs import Piece, merged, thumb
from tui.tables.paint.layout import HEADING
from tui.tables.paint.scene import ALL_ROW, TableScene
from tui.tables.paint.view import TableColumn
from tui.tables.paint.words import SO_FAR

EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
FEW: Final = "!"


@dataclass(frozen=True)
class TableInk:
    """The styles of all there is."""

    blank: Style
    number: Style
    quiet: Style  # a dash, nothing
    bar: Style
    name: Style
    all: Style  # the row of all
    never: Style  # the name of a class without ground truth
    few: Style  # the mark of few objects
    corner: Style
    group: Style
    heading: Style
    crosshair: Style  # name and heading of the cursor's row and column
    rule: Style
    thumb: Style
    cursor: Style
    better: Style  # what is so for certain
    worse: Style
    heat: tuple[Style, ...] = ()  # [16] for ratios from 0 to 1

    @cached_property
    def cursor_bar(self) -> Style:
        """A bar under the cursor keeps its colour."""
        return self.cursor + Style(color=self.bar.color)


PARTS: Final = tuple(
    part for part in TableInk.__dataclass_fields__ if part not in ("blank", "heat")
)
"""Those that a style sheet sets."""


def paint(scene: TableScene, ink: TableInk, y: int) -> Strip:
    """The line at height y."""
    layout = scene.layout
    position = scene.position_at(y)
    if y == 0:
        pieces = groups(scene, ink)
    elif y == HEADING - 1:
        pieces = headings(scene, ink)
    elif y == layout.rule_y:
        pieces = rule(scene, ink)
    elif y == layout.all_y + 1 and layout.interval:
        pieces = intervals(scene, ink)
    elif position is not None:
        pieces = cells(scene, ink, position, y)
    elif y == layout.rule_y + 1:
        pieces = [(f" No {scene.view.noun[0]} has this in its name", ink.corner)]
    else:
        pieces = []
    return merged(pieces).adjust_cell_length(layout.width, ink.blank)


def note(text: str, ink: TableInk, width: int) -> Strip:
    """Words in the middle of a line, where there is no table."""
    return Strip([Segment(cut(text, width).center(width), ink.corner)])


def corner(scene: TableScene) -> tuple[str, str]:
    """What stands above the names: how many there are, or what they are filtered by."""
    total, noun = len(scene.view.classes), scene.view.noun
    if not scene.wanted and not scene.typing:
        return number(total, *noun), noun[0]
    caret = "▏" if scene.typing else ""
    return f"/{scene.wanted}{caret}", f"{len(scene.rows):,} of {total:,}"


def corner_piece(scene: TableScene, ink: TableInk, line: int) -> list[Piece]:
    """A line of the corner; of what is typed the end is in sight."""
    text, room = corner(scene)[line], scene.layout.gutter - 1
    filtering = line == 0 and (scene.wanted or scene.typing)
    if filtering and len(text) > room:
        text = "/…" + text[len(text) - room + 2 :]
    style = ink.crosshair if filtering else ink.corner
    return [(" ", ink.corner), (left(text, room), style), ("│", ink.rule)]


def groups(scene: TableScene, ink: TableInk) -> list[Piece]:
    """What columns are about, over a thin line as long as there are such columns."""
    layout, first = scene.layout, scene.first[1]
    pieces = corner_piece(scene, ink, 0)
    in_sight = [(layout.columns[index], index) for index in scene.columns]
    for group, run in groupby(in_sight, lambda one: one[0].group):
        inside = list(run)
        start, _ = layout.span(first, inside[0][1])
        last, width = layout.span(first, inside[-1][1])
        gap, short = layout.gaps[inside[0][1]], inside[0][0].short
        room = last + width - start - gap
        text = group if len(group) <= room else cut(short or group, room)
        line = f" {'─' * (room - len(text) - 1)}" if room - len(text) > 1 else ""
        pieces += [
            (" " * gap, ink.blank),
            (text, ink.corner),
            (line.ljust(room - len(text)), ink.group),
        ]
    return pieces


def headings(scene: TableScene, ink: TableInk) -> list[Piece]:
    """The names of the columns, an arrow before that which the rows are sorted by."""
    pieces = corner_piece(scene, ink, 1)
    order = scene.order
    for index in scene.columns:
        column, width = scene.layout.columns[index], scene.layout.widths[index]
        arrow = ("▼" if order.descending else "▲") if column == order.column else ""
        style = ink.crosshair if index == scene.cursor[1] else ink.heading
        room = scene.layout.contents[index]
        heading = arrow + column.heading
        text = heading.ljust(room) if column.kind == "words" else heading.rjust(room)
        pieces += [(" " * (width - len(text)), ink.heading), (text, style)]
    return pieces


def cells(scene: TableScene, ink: TableInk, position: int, y: int) -> list[Piece]:
    """The name of a row, then its numbers."""
    row = scene.row(position)
    pieces = name(scene, ink, position, row)
    pieces.append(side(scene, ink, y))
    index = 0 if position == ALL_ROW else position - scene.first[0] + 1
    standing = scene.cursor[1] if position == scene.cursor[0] else -1
    bold = ink.all if position == ALL_ROW else ink.number
    missing = scene.view.marks[row] in ("never", "none")
    for column, value in zip(scene.columns, scene.numbers[index].tolist(), strict=True):
        what, room = scene.layout.columns[column], scene.layout.contents[column]
        gap = " " * scene.layout.gaps[column]
        if what.kind == "words":
            words = left(scene.view.words(row, what, room), room)
            told = ink.quiet if scene.view.provisional(row, what) else ink.name
            told = judged(scene, ink, row, what) or told
            pieces += [(gap, ink.blank), (words, ink.cursor if column == standing else told)]
            continue
        heated = what in scene.layout.heated
        bar_room = 0 if heated else scene.layout.bar
        bar, text = cell_text(what, value, bar_room, room, missing and column == 0)
        if column == standing:
            pieces += [(gap, ink.blank), (bar, ink.cursor_bar), (text, ink.cursor)]
            continue
        if heated and ink.heat and value == value:
            tone = ink.heat[math.ceil(min(max(value, 0.0), 1.0) * (len(ink.heat) - 1))]
            pieces += [(gap, ink.blank), (text, tone)]
            continue
        style = ink.quiet if value != value or value == 0 else bold
        style = judged(scene, ink, row, what) or style
        # A blank may have any style that has no background of its own: fewer bytes.
        if bar.strip():
            pieces += [(gap + bar, ink.bar), (text, style)]
        else:
            pieces.append((gap + bar + text, style))
    return pieces


def judged(scene: TableScene, ink: TableInk, row: int, column: TableColumn) -> Style | None:
    """How a difference is written that is certain."""
    return {"better": ink.better, "worse": ink.worse}.get(scene.view.verdict(row, column))


def name(scene: TableScene, ink: TableInk, position: int, row: int) -> list[Piece]:
    """A name, and a mark where there are few objects."""
    mark = scene.view.marks[row]
    style = ink.name
    if position == ALL_ROW:
        style = ink.all
    elif mark in ("never", "none"):
        style = ink.never
    if position == scene.cursor[0]:
        style = ink.crosshair
    text = " " + left(scene.view.name(row), scene.layout.gutter - 3) + " "
    if mark != "few":
        return [(text + " ", style)]
    return [(text, style), (FEW, style if style is ink.crosshair else ink.few)]


@lru_cache(8192)
def cell_text(
    column: TableColumn, value: float, bar: int, room: int, missing: bool
) -> tuple[str, str]:
    """The bar and the number of a cell, together exactly this wide."""
    if column.kind == "count":
        return "", ("none" if missing else f"{value:,.0f}").rjust(room)
    if column.kind == "number":
        return "", share(value, 3).rjust(room)
    if column.kind == "change":
        return "", change(value).rjust(room)
    drawn = bar_text(value, bar) if bar else ""
    return drawn, ratio_text(value).rjust(room - bar)


def ratio_text(value: float) -> str:
    """To the nearest of three digits, in four cells: two digits from .9995 on."""
    text = share(value, 3)
    return "1.00" if text == "1.000" else text


def bar_text(value: float, cells: int) -> str:
    """A bar of this many cells in steps of an eighth; what is not nothing is seen."""
    if not value > 0:
        return " " * cells
    eighths = max(round(min(value, 1.0) * cells * 8), 1)
    full, part = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[part] if part else "")).ljust(cells)


def intervals(scene: TableScene, ink: TableInk) -> list[Piece]:
    """The 95 % intervals of the row of all."""
    label = "95 % interval" if scene.view.intervals else ""
    pieces = [(" " + left(label, scene.layout.gutter - 1), ink.corner), ("│", ink.rule)]
    row = scene.view.everything
    for index in scene.columns:
        column = scene.layout.columns[index]
        found, moves = scene.view.interval(row, column), scene.view.provisional(row, column)
        ends = f"{share(found.low, 3)}{DASH}{share(found.high, 3)}" if found else ""
        text = SO_FAR + ends if ends and moves else ends
        style = ink.quiet if moves else ink.corner
        pieces.append((text.rjust(scene.layout.widths[index]), style))
    return pieces


def side(scene: TableScene, ink: TableInk, y: int) -> Piece:
    """One cell of the rule beside the names: it is the vertical scroll bar too."""
    rows, line = scene.layout.rows, y - scene.layout.rule_y - 1
    if line >= 0 and scene.seen < len(scene.rows):
        start, stop = thumb(scene.first[0], scene.seen, len(scene.rows), rows)
        if start <= line < stop:
            return ("┃", ink.thumb)
    return ("│", ink.rule)


def rule(scene: TableScene, ink: TableInk) -> list[Piece]:
    """The rule above the rows: it is the horizontal scroll bar too."""
    layout = scene.layout
    length = max(layout.right - layout.left, 0)
    pieces = [(" ", ink.blank), ("─" * (layout.gutter - 1) + "┼", ink.rule)]
    if layout.last_first == 0:
        return [*pieces, ("─" * length, ink.rule)]
    start, stop = thumb(scene.first[1], len(scene.columns), len(layout.columns), length)
    if scene.first[1] == layout.last_first:
        start, stop = length - (stop - start), length
    return [
        *pieces,
        ("─" * start, ink.rule),
        ("━" * (stop - start), ink.thumb),
        ("─" * (length - stop), ink.rule),
    ]
