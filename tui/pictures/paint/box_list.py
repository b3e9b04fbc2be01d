"""The list of an image's boxes, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rich.cells import set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.core.arrays import NOTHING
from engine.core.assessment import DetailRow
from engine.images.drawing import TAG_COLOURS
from engine.util.words import DASH, share, told_apart
from tui.drawing.lists import CutRows, below_words, head_words, numbers_width
from tui.drawing.names import left
from tui.drawing.title_line import CROSS

POINTER: Final = "\u25b8"
TAGS: Final = {"below": DASH, "ignored": "ign", "crowd": "crd"}
NARROWEST: Final = 39  # cells that the columns need with 8 left for the class


@dataclass(frozen=True)
class BoxList:
    """What the list shows."""

    rows: tuple[DetailRow, ...] = ()
    classes: tuple[str, ...] = ()
    confidence: float = 0.0  # the threshold
    own: bool = False  # each class has a threshold of its own instead

    @cached_property
    def cut(self) -> int | None:
        """The first row below the threshold: those come last."""
        return next((i for i, row in enumerate(self.rows) if row.tag == "below"), None)

    @property
    def cut_rows(self) -> CutRows:
        """The rows as lines."""
        return CutRows(len(self.rows), self.cut)

    @property
    def below(self) -> str:
        """What the line says above the rows below the threshold."""
        cut = self.cut
        if cut is None:
            return ""
        nearest, count = self.rows[cut].confidence, len(self.rows) - cut
        return below_words(self.confidence, nearest, count, own=self.own)


def class_name(classes: Sequence[str], class_: int) -> str:
    """The name of a class, a dash for none."""
    return classes[class_] if 0 <= class_ < len(classes) else DASH


def partner_row(rows: Sequence[DetailRow], index: int) -> int | None:
    """The other row about the same ground truth: the truth itself first, then who found it.

    A true positive stands for its ground truth too, so there is no other row to name.
    """
    row = rows[index]
    if row.ground_truth == NOTHING or row.tag == "TP":
        return None
    others = [
        number
        for number, other in enumerate(rows)
        if number != index and other.ground_truth == row.ground_truth
    ]
    order = {"FN": 0, "crowd": 0, "TP": 1, "FP": 2}
    return min(others, key=lambda number: order.get(rows[number].tag, 3), default=None)


def same_row(rows: tuple[DetailRow, ...], before: DetailRow | None) -> int | None:
    """The row about the same box as before."""
    if before is None:
        return None
    for index, row in enumerate(rows):
        same_prediction = row.prediction == before.prediction
        if same_prediction and (not row.is_truth or row.ground_truth == before.ground_truth):
            return index
    return None


def heading(shown: BoxList, focus: int | None, width: int, style: Style) -> Strip:
    """The names of the columns, and which box of how many is in focus."""
    number = f" {'#':>{numbers_width(len(shown.rows))}}"
    name = head_words("class", focus, len(shown.rows), _class_width(number, width))
    text = _columns(number, "tag", name, "conf", "IoU", f"{'px':>9}", "with", width)
    return Strip([Segment(text, style)], width)


def box_line(
    shown: BoxList, index: int, width: int, style: Style, dim: Style, focused: bool
) -> Strip:
    """One box; one below the threshold stands back."""
    row = shown.rows[index]
    below = row.tag == "below"
    partner = partner_row(shown.rows, index)
    size = f"{round(row.box[2])}{CROSS}{round(row.box[3])}"
    number = (POINTER if focused else " ") + f"{index + 1:>{numbers_width(len(shown.rows))}}"
    text = _columns(
        number,
        TAGS.get(row.tag, row.tag),
        class_name(shown.classes, row.class_),
        told_apart(row.confidence, shown.confidence),
        share(row.iou),
        f"{size:>9}",
        DASH if partner is None else str(partner + 1),
        width,
    )
    base = style if focused or not below else dim
    tagged = base + Style(color=Color.from_rgb(*TAG_COLOURS[row.tag]), bold=True)
    tagged = base if focused else tagged
    start = len(number) + 1
    return Strip(
        [
            Segment(text[:start], base),
            Segment(text[start : start + 3], tagged),
            Segment(text[start + 3 :], base),
        ],
        width,
    )


def _columns(
    number: str, tag: str, name: str, conf: str, iou: str, size: str, partner: str, width: int
) -> str:
    room = _class_width(number, width)
    text = f"{number} {left(tag, 3)} {left(name, room)} {conf:>5} {iou:>4} {size}"
    text += f" {partner:>4} " if width >= NARROWEST else ""
    return set_cell_size(text, width)


def _class_width(number: str, width: int) -> int:
    """Cells for the class."""
    fixed = len(number) + 1 + 3 + 1 + 1 + 5 + 1 + 4 + 1 + 9 + (6 if width >= NARROWEST else 0)
    return max(width - fixed, 1)
