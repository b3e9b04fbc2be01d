"""The line of a slider: ├━━━━━●──◆───┤ 0.35."""

from dataclasses import dataclass
from math import floor
from typing import Final

from rich.style import Style
from rich.text import Text

NUMBER: Final = 6
"""Cells for the number: five digits, and a blank or the caret."""

ROUNDING: Final = 1e-9
"""Steps are decimal, floats are not: .29 is 28.999999999999996 steps of .01."""

MARKS: Final = {(True, False): "◆", (False, True): "◇", (True, True): "◈", (False, False): ""}
"""Whether the optimum is there, whether what is saved is."""


@dataclass(frozen=True)
class TrackStyles:
    """A style for each part."""

    label: Style
    filled: Style
    knob: Style
    empty: Style
    mark: Style  # the optimum and what is saved, where the knob is elsewhere
    value: Style
    hint: Style
    complaint: Style


@dataclass(frozen=True)
class Scale:
    """The range that a track shows."""

    low: float
    high: float

    def cell(self, value: float, width: int) -> int:
        """The cell, of this many, that stands for a value."""
        part = (value - self.low) / (self.high - self.low)
        return round(min(max(part, 0.0), 1.0) * (width - 1))

    def value(self, cell: int, width: int) -> float:
        """The value that a cell stands for."""
        return self.low + (self.high - self.low) * min(max(cell / max(width - 1, 1), 0), 1)


@dataclass(frozen=True)
class TypedNumber:
    """A number that is being typed, and what was wrong with it."""

    typed: str
    complaint: str = ""


def track_span(label: str, hint: str, width: int) -> tuple[int, int]:
    """Where the track starts and ends in a slider of this width."""
    left = len(label) + 1
    return left, max(width - 1 - NUMBER - len(hint) - bool(hint), left + 3)


def slider_line(
    label: str, hint: str, line: Text, number: str | TypedNumber, styles: TrackStyles
) -> Text:
    """Label, track and number, flush right; a complaint takes the place of the track."""
    text = Text(label, styles.label, end="", no_wrap=True).append(" ", styles.hint)
    if isinstance(number, TypedNumber) and number.complaint:
        width = len(line.plain)
        text.append(f"{number.complaint:<{width}.{width}}", styles.complaint)
    else:
        text.append_text(line)
    if isinstance(number, TypedNumber):
        words = f"{number.typed}▏".ljust(NUMBER)
    else:
        words = number.rjust(NUMBER)
    return text.append(f" {words}", styles.value).append(f" {hint}" if hint else "", styles.hint)


def track(
    scale: Scale,
    value: float,
    optimum: float | None,
    width: int,
    styles: TrackStyles,
    saved: float | None = None,
) -> Text:
    """A knob on a line between two posts, and two values that are the knob when it is there.

    ◆ marks the optimum, ◇ what is saved, ◈ both where they share a cell.
    """
    inner = max(width - 2, 1)
    knob = scale.cell(value, inner)
    text = Text("├", styles.empty, end="")
    best, kept = (None if mark is None else scale.cell(mark, inner) for mark in (optimum, saved))
    marks = {cell: MARKS[cell == best, cell == kept] for cell in (best, kept) if cell is not None}
    marks[knob] = MARKS[is_at(value, optimum), is_at(value, saved)] or "●"
    start = 0
    for cell, mark in sorted(marks.items()):  # one piece between two marks: fewer bytes
        line, style = ("━", styles.filled) if cell <= knob else ("─", styles.empty)
        text.append(line * (cell - start), style)
        text.append(mark, styles.knob if cell == knob else styles.mark)
        start = cell + 1
    return text.append("─" * (inner - start) + "┤", styles.empty)


def is_at(value: float, mark: float | None) -> bool:
    """Whether a value is a mark, to the last digit."""
    return mark is not None and abs(value - mark) < ROUNDING


def next_multiple(value: float, step: float) -> float:
    """The nearest multiple of the step above the value, or below it for a negative step."""
    size, sign = abs(step), 1 if step > 0 else -1
    return round(sign * (floor(sign * value / size + ROUNDING) + 1) * size, 10)
