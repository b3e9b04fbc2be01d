"""What a detector found in an image nobody labelled: the list, and the boxes on the picture."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from rich.cells import set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.cards.operating_point import Thresholds
from engine.core.assessment import Box
from engine.images.drawing import TAG_COLOURS, Rgb, colour_of
from engine.util.words import told_apart
from tui.drawing.lists import below_words, head_words, numbers_width
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
    def counts(self) -> bool:
        """Whether either answer has it at its threshold."""
        return self.kept or self.other_kept

    @property
    def drawn_box(self) -> Box | None:
        """Where the object is, in whichever answer."""
        return self.box or self.other_box


@dataclass(frozen=True)
class FoundList:
    """The detections of one image: those that count, then the others, by falling confidence."""

    lines: tuple[FoundLine, ...] = ()
    threshold: float = 0.0
    own: bool = False  # each class has a threshold of its own instead
    compared: str = ""  # heading of the other answer's confidences; nothing without one

    @classmethod
    def of(cls, lines: Iterable[FoundLine], thresholds: Thresholds, compared: str = "") -> Self:
        """Of an image's detections by falling confidence."""
        own = bool((thresholds.of_class != thresholds.confidence).any())
        ordered = tuple(sorted(lines, key=lambda line: not line.counts))
        return cls(ordered, thresholds.confidence, own, compared)

    @cached_property
    def cut(self) -> int | None:
        """The first line that does not count."""
        return next((i for i, line in enumerate(self.lines) if not line.counts), None)

    @property
    def below(self) -> str:
        """What the rule says above the lines that do not count."""
        cut = self.cut
        if cut is None:
            return ""
        nearest, count = self.lines[cut].confidence, len(self.lines) - cut
        return below_words(self.threshold, nearest, count, own=self.own)

    @property
    def is_empty(self) -> bool:
        """Whether the model detects nothing here, and did not before."""
        return not any(line.counts or line.note == "lost" for line in self.lines)

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
    dotted: bool = False  # below the threshold
    focused: bool = False
    dimmed: bool = False  # another box is in focus
    tag: str = BELOW  # of no ground truth: nothing here is right or wrong

    @property
    def colour(self) -> Rgb:
        """Bright, always the same for a class; less so while another is in focus; grey below."""
        if self.dotted:
            return TAG_COLOURS["below"]
        by = DIMMED if self.dimmed else 1.0
        red, green, blue = (round(part * by) for part in colour_of(self.class_))
        return red, green, blue

    @property
    def double(self) -> bool:
        """Never: the other answer's boxes are dashed."""
        return False

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
        label = f"{line.name} {told_apart(value, shown.threshold, digits=2)}"
        label += " lost" if lost else "" if kept else f" {BELOW}"
        dimmed = focus is not None and not focused
        dotted = not (kept or lost)
        marks.append(FoundMark(box, line.class_, label, lost, dotted, focused, dimmed))
    return tuple(reversed(marks))


def found_heading(shown: FoundList, at: int | None, width: int, style: Style) -> Strip:
    """The names of the columns, and which line of how many is in focus."""
    if not shown.lines:
        return Strip.blank(width, style)
    lead = f" {'#':>{numbers_width(len(shown.lines))}}  "
    room = _name_width(lead, shown.compared, width)
    name, other = head_words("class", at, len(shown.lines), room), shown.compared
    return Strip([Segment(_columns(lead, name, "conf", other, "pixels", width), style)], width)


def found_line(
    shown: FoundList, index: int, width: int, style: Style, dim: Style, focused: bool
) -> Strip:
    """One detection; one that does not count stands back, and has no box in a colour."""
    line = shown.lines[index]
    box = line.drawn_box
    size = "" if box is None else f"{round(box[2])}{CROSS}{round(box[3])}"
    lead = (POINTER if focused else " ") + f"{index + 1:>{numbers_width(len(shown.lines))}} "
    name = f"{line.name} ({line.note})" if line.note else line.name
    other = told_apart(line.other, shown.threshold) if shown.compared else ""
    text = _columns(
        lead + " ", name, told_apart(line.confidence, shown.threshold), other, size, width
    )
    base = style if focused or line.counts else dim
    square = base + Style(color=Color.from_rgb(*colour_of(line.class_)))
    start = len(lead)
    return Strip(
        [
            Segment(text[:start], base),
            Segment(SQUARE if line.counts else " ", base if focused else square),
            Segment(set_cell_size(text[start + 1 :], max(width - start - 1, 0)), base),
        ],
        width,
    )


def _columns(lead: str, name: str, conf: str, other: str, size: str, width: int) -> str:
    numbers = f"{conf:>{NUMBERS}}" + (f"{other:>{NUMBERS + 1}}" if other else "")
    room = _name_width(lead, other, width)
    return set_cell_size(f"{lead} {left(name, room)}{numbers}{size:>{SIZE}} ", width)


def _name_width(lead: str, other: str, width: int) -> int:
    """Cells for the class."""
    numbers = NUMBERS + (NUMBERS + 1 if other else 0)
    return max(width - len(lead) - numbers - SIZE - 2, 2)
