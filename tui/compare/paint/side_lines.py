"""The boxes of an image on both sides, line by line."""

from dataclasses import dataclass
from math import nan
from typing import Final

from rich.cells import set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.core.arrays import NOTHING
from engine.core.assessment import Box
from engine.images.drawing import TAG_COLOURS
from engine.util.words import share
from tui.compare.paint.side_boxes import SideBox, Whose
from tui.drawing.names import left
from tui.pictures.paint.box_list import class_name
from tui.pictures.paint.boxes import SHORT_TAGS

POINTER: Final = "\u25b8"
FIXED: Final = 2 + 3 + 1 + 1 + 5 + 1 + 4 + 1 + 11  # cells of all but the class


@dataclass(frozen=True)
class SideLine:
    """One box: whose it is, and what became of it."""

    whose: Whose
    class_: int
    box: Box
    why: str  # one sentence
    confidence: float = nan
    iou: float = nan
    tag: str = ""  # both right, broken, ... of a ground truth; TP, FP, ... of a prediction
    row: int = NOTHING  # among the ground truths, or the predictions of its side
    object: int = NOTHING  # row of the ground truth that it is, or that it explains

    def is_about(self, other: "SideLine") -> bool:
        """Whether both are about one object."""
        return self is other or self.object == other.object != NOTHING


def drawn_box(line: SideLine, classes: tuple[str, ...]) -> SideBox:
    """What is drawn of a line."""
    number = "" if line.whose == "truth" else f" {share(line.confidence)}"
    name = class_name(classes, line.class_)
    return SideBox(line.whose, line.box, f"{name}{number}", line.tag != "below")


def heading(width: int, style: Style) -> Strip:
    """The names of the columns."""
    return Strip([Segment(_columns("  ", "of", "class", "conf", "IoU", "", width), style)], width)


def side_line(
    line: SideLine, classes: tuple[str, ...], width: int, style: Style, dim: Style, focused: bool
) -> Strip:
    """One box, its letter in the colour of its lines."""
    text = _columns(
        POINTER + " " if focused else "  ",
        SHORT_TAGS.get(line.whose, line.whose),
        class_name(classes, line.class_),
        "" if line.whose == "truth" else share(line.confidence, 3),
        "" if line.whose == "truth" else share(line.iou),
        line.tag,
        width,
    )
    base = dim if line.tag == "below" and not focused else style
    own = base + Style(bold=True)
    if line.whose != "truth":  # whose colour is that of a light background
        own += Style(color=Color.from_rgb(*TAG_COLOURS[line.whose]))
    return Strip(
        [
            Segment(text[:2], base),
            Segment(text[2:5], base if focused else own),
            Segment(text[5:], base),
        ],
        width,
    )


def _columns(mark: str, whose: str, name: str, conf: str, iou: str, tag: str, width: int) -> str:
    room = max(width - FIXED, 1)
    text = f"{mark}{left(whose, 3)} {left(name, room)} {conf:>5} {iou:>4} {left(tag, 11)}"
    return set_cell_size(text, width)
