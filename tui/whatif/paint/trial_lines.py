"""The images that were scored on the go, a line each: name, what was found, milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.util.words import DASH, share
from tui.drawing.file_names import cut_left
from tui.drawing.names import clean, cut

FAILED: Final = "\N{BALLOT X}"
MILLISECONDS: Final = 6  # cells: a blank, then 1,234
NAME: Final = 0.42  # of the line, at most


@dataclass(frozen=True)
class TrialRow:
    """One image."""

    name: str
    words: str = ""  # why there is no answer
    tops: tuple[tuple[str, float], ...] = ()  # the first of what was found: name, confidence
    count: int = 0  # of all that was found
    lead: str = ""  # before them
    milliseconds: float | None = None
    failed: bool = False


@dataclass(frozen=True)
class TrialStyles:
    """A style for each part."""

    name: Style
    words: Style
    failed: Style


def trial_line(row: TrialRow, index: int, width: int, styles: TrialStyles) -> Strip:
    """Number, name, words, milliseconds."""
    number = f"{index + 1:>4,} "
    room = max(int(width * NAME) - len(number), 6)
    name = set_cell_size(cut_left(row.name, room), min(cell_len(row.name), room))
    spent = "" if row.milliseconds is None else f"{row.milliseconds:,.0f}"
    left = max(width - len(number) - cell_len(name) - 2 - MILLISECONDS, 0)
    if row.failed:
        left += MILLISECONDS
    words = f"{FAILED} {row.words}" if row.failed else _found(row, left)
    words = cut(words, left)
    ink = styles.failed if row.failed else styles.words
    segments = [
        Segment(number, styles.words),
        Segment(name + "  ", styles.name),
        Segment(set_cell_size(words, left), ink),
    ]
    if not row.failed:
        segments.append(Segment(f"{spent:>{MILLISECONDS}}", styles.words))
    return Strip(segments).adjust_cell_length(width, styles.words)


def _found(row: TrialRow, room: int) -> str:
    return row.lead + tops(row.tops, row.count, room - len(row.lead))


def tops(pairs: Sequence[tuple[str, float]], count: int, room: int) -> str:
    """`car .91  person .40  +3`: as many as fit, of count in all; a dash for none."""
    words = ""
    for shown, (name, confidence) in enumerate(pairs):
        part = f"{clean(name)} {share(confidence)}"
        longer = f"{words}  {part}" if words else part
        rest = f"  +{count - shown - 1}" if count > shown + 1 else ""
        if words and cell_len(longer + rest) > room:
            return f"{words}  +{count - shown}"
        words = longer
    hidden = count - len(pairs)
    return (f"{words}  +{hidden}" if hidden > 0 else words) or DASH
