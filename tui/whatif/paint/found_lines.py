"""What a detector found in an image nobody labelled: the list, and the boxes on the picture."""

import math
from dataclasses import dataclass
from typing import Final

from rich.cells import set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.core.assessment import Box
from engine.images.drawing import Rgb, colour_of
from engine.util.words import share, told_apart
from tui.drawing.names import left
from tui.drawing.title_line import CROSS
from tui.pictures.paint.boxes import DIMMED, Mark

NONE_FOUND: Final = "Model did not detect any objects for this image"
POINTER: Final = "\u25b8"
SQUARE: Final = "\u25a0"
BELOW: Final = "below"
SIZE: Final = 10  # cells
NUMBERS: Final = 5


@dataclass(frozen=True)
class FoundLine:
    """One detection; beside another answer also what that says of the same object."""

    name: str
    class_: int
    confidence: float  # NaN where only the other answer has it
    kept: bool  # it reaches the threshold
    box: Box | None
    other: float = math.nan
    other_kept: bool = False
    other_box: Box | None = None
    note: str = ""  # new, lost, or another class before

    @property
    def drawn_box(self) -> Box | None:
        """Where the object is, in whichever answer."""
        return self.box or self.other_box


@dataclass(frozen=True)
class FoundList:
    """The detections of one image, the most confident first."""

    lines: tuple[FoundLine, ...] = ()
    threshold: float = 0.0  # in words; classes may have their own
    compared: str = ""  # heading of the other answer's confidences; nothing without one

    @property
    def kept(self) -> int:
        """How many reach the threshold."""
        return sum(line.kept for line in self.lines)


@dataclass(frozen=True)
class FoundMark:
    """A box in the colour of its class: what was found where nothing is labelled."""

    box: Box
    class_: int
    label: str  # class and confidence
    dashed: bool = False
    focused: bool = False
    dimmed: bool = False  # another box is in focus
    tag: str = BELOW  # of no ground truth: nothing here is right or wrong

    @property
    def colour(self) -> Rgb:
        """Bright, always the same for a class; less so while another box is in focus."""
        by = DIMMED if self.dimmed else 1.0
        red, green, blue = (round(part * by) for part in colour_of(self.class_))
        return red, green, blue

    @property
    def hatched(self) -> bool:
        """Never: no ground truth, no region that is left out."""
        return False

    @property
    def short(self) -> str:
        """What is written where there is little room."""
        return self.label.rpartition(" ")[2]

    @property
    def text(self) -> str:
        """What the label says."""
        return self.label


def found_marks(shown: FoundList, focus: int | None, *, other: bool = False) -> tuple[Mark, ...]:
    """The boxes of one of the two answers; what is below the threshold only while in focus.

    What the other answer alone counts is dashed on the first picture when it is called
    lost: there it was.
    """
    marks = []
    for index, line in enumerate(shown.lines):
        focused = index == focus
        box, kept = (line.other_box, line.other_kept) if other else (line.box, line.kept)
        value, lost = (line.other if other else line.confidence), False
        if box is None or (line.note == "lost" and not other and not kept):
            box, kept, value = line.other_box, line.other_kept, line.other
            lost = line.note == "lost" and not other
            if not lost:
                continue
        if box is None or not (kept or focused):
            continue
        label = f"{line.name} {share(value)}" + (" lost" if lost else "")
        dimmed = focus is not None and not focused
        marks.append(FoundMark(box, line.class_, label, lost, focused, dimmed))
    return tuple(reversed(marks))


def found_heading(shown: FoundList, width: int, style: Style) -> Strip:
    """The names of the columns."""
    other = shown.compared
    return Strip(
        [Segment(_columns("  #  ", "class", "conf", other, "pixels", width), style)], width
    )


def found_line(
    shown: FoundList, index: int, width: int, style: Style, dim: Style, focused: bool
) -> Strip:
    """One detection; what is below the threshold stands back."""
    line = shown.lines[index]
    box = line.drawn_box
    size = "" if box is None else f"{round(box[2])}{CROSS}{round(box[3])}"
    lead = (POINTER if focused else " ") + f"{index + 1:>2} "
    name = f"{line.name} ({line.note})" if line.note else line.name
    other = told_apart(line.other, shown.threshold) if shown.compared else ""
    text = _columns(
        lead + " ", name, told_apart(line.confidence, shown.threshold), other, size, width
    )
    counts = line.kept or line.other_kept
    base = style if focused or counts else dim
    if not counts and not shown.compared:
        text = set_cell_size(text, max(width - SIZE, 0)) + f"{BELOW:>{SIZE - 1}} "
    square = base + Style(color=Color.from_rgb(*colour_of(line.class_)))
    start = len(lead)
    return Strip(
        [
            Segment(text[:start], base),
            Segment(SQUARE if counts else " ", base if focused else square),
            Segment(set_cell_size(text[start + 1 :], max(width - start - 1, 0)), base),
        ],
        width,
    )


def _columns(lead: str, name: str, conf: str, other: str, size: str, width: int) -> str:
    numbers = f"{conf:>{NUMBERS}}" + (f"{other:>{NUMBERS + 1}}" if other else "")
    room = max(width - len(lead) - len(numbers) - SIZE - 1, 3)
    return set_cell_size(f"{lead} {left(name, room - 1)}{numbers}{size:>{SIZE}} ", width)
