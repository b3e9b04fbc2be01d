"""The images that were scored on the go, a line each: name, what was found, milliseconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.util.visible import clean
from engine.util.words import DASH, share
from tui.drawing.file_names import cut_left
from tui.drawing.names import cut, left

FAILED: Final = "\N{BALLOT X}"
SPENT: Final = "model ms"
MILLISECONDS: Final = 6  # cells: a blank, then 1,234; the heading reaches over what is before
NAME: Final = 0.42  # of the line: a longer name takes what the words leave
SHORTEST: Final = 8  # cells of a name
REASON: Final = 16  # cells of why an image has no answer, before a name takes them
BETWEEN: Final = 2


@dataclass(frozen=True)
class TrialRow:
    """One image."""

    name: str
    words: str = ""  # why there is no answer
    tops: tuple[tuple[str, float], ...] = ()  # the first of what was found: name, confidence
    count: int = 0  # of all that was found
    lead: str = ""  # before them
    milliseconds: float | None = None  # in the model, without decoding and what comes after
    failed: bool = False


@dataclass(frozen=True)
class TrialStyles:
    """A style for each part."""

    name: Style
    words: Style
    failed: Style


@dataclass(frozen=True)
class TrialColumns:
    """How many cells each column has."""

    number: int
    name: int
    found: int

    @classmethod
    def of(cls, total: int, rows: Iterable[TrialRow], width: int) -> "TrialColumns":
        """For as many images, of which these are in sight: no name is cut where there is room."""
        number = max(len(f"{total:,}"), 3) + 1
        room = max(width - number - BETWEEN - MILLISECONDS, 0)
        longest = words = 0
        for row in rows:
            longest = max(longest, cell_len(row.name))
            words = max(words, REASON if row.failed else cell_len(_found(row, 0)))
        most = max(room - words, int(width * NAME) - number, SHORTEST)
        name = min(max(longest, SHORTEST), most, room)
        return cls(number, name, room - name)


def trial_heading(columns: TrialColumns, width: int, style: Style) -> Strip:
    """The names of the columns: the milliseconds are those of the model alone."""
    lead = f"{'#':>{columns.number - 1}} {left('file', columns.name)}{' ' * BETWEEN}"
    room = max(width - len(lead) - len(SPENT), 0)
    return Strip([Segment(set_cell_size(lead + left("found", room) + SPENT, width), style)], width)


def trial_line(
    row: TrialRow, index: int, columns: TrialColumns, width: int, styles: TrialStyles
) -> Strip:
    """Number, name, words, milliseconds."""
    number = f"{index + 1:>{columns.number - 1},} "
    name = set_cell_size(cut_left(row.name, columns.name), columns.name)
    spent = "" if row.milliseconds is None else f"{row.milliseconds:,.0f}"
    room = columns.found + MILLISECONDS * row.failed
    words = f"{FAILED} {row.words}" if row.failed else _found(row, room)
    ink = styles.failed if row.failed else styles.words
    segments = [
        Segment(number, styles.words),
        Segment(name + " " * BETWEEN, styles.name),
        Segment(set_cell_size(cut(words, room), room), ink),
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
