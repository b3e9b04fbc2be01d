"""An object, an image or a false alarm of two sides, as the feed shows it."""

from dataclasses import dataclass
from functools import reduce
from math import isnan
from pathlib import Path
from typing import Final

from rich.cells import cell_len

from engine.core.assessment import Box
from engine.images.cropping import union
from engine.images.pixels import UNKNOWN_SIZE
from engine.util.words import share
from tui.compare.paint.side_boxes import SideBox, side_marks
from tui.drawing.names import cut
from tui.drawing.names import left as padded
from tui.pictures.paint.drawing import Subject
from tui.pictures.paint.previews import Verdict

DOT: Final = " \N{MIDDLE DOT} "
ARROW: Final = " \N{RIGHTWARDS ARROW} "


@dataclass(frozen=True)
class ComparedPreview:
    """One row of two sides; the boxes are none for images of classifiers."""

    image: int
    name: str
    path: Path | None
    truth: str  # the class that people gave; what there is instead for a false alarm
    a: str  # what A says: its class, or why it has none
    b: str
    confidence_a: float  # NaN without a prediction
    confidence_b: float
    why: str  # why the side that is wrong is wrong; nothing where none is
    verdict: Verdict  # right where B is the better one, wrong where A is
    boxes: tuple[SideBox, ...] = ()
    size: tuple[int, int] = UNKNOWN_SIZE

    @property
    def subject(self) -> Subject:
        """The boxes and a little of what is around them; without boxes the whole image."""
        found = [box.box for box in self.boxes]
        around: Box | None = reduce(union, found) if found else None
        marks = side_marks(self.boxes, labelled=False)
        return Subject(
            self.path, around, marks=marks, labels=False, facts=self.name, size=self.size
        )

    def captions(self, width: int) -> tuple[str, str]:
        """What A and B say; then the truth, why, and the file."""
        sign = {"right": "+ ", "wrong": "\N{MINUS SIGN} ", "": ""}[self.verdict]
        numbers = _number(self.confidence_a), _number(self.confidence_b)
        a, b = self.a, self.b
        room = width - sum(map(cell_len, (sign, ARROW, *numbers)))
        if cell_len(a) + cell_len(b) > room:
            half = max(room // 2, 1)
            a = cut(a, max(half, room - cell_len(b)))
            b = cut(b, max(room - cell_len(a), 1))
        a, b = f"{a}{numbers[0]}", f"{b}{numbers[1]}"
        facts = DOT.join(filter(None, (self.truth, self.why, Path(self.name).name)))
        return padded(f"{sign}{a}{ARROW}{b}", width), padded(facts, width)


def _number(confidence: float) -> str:
    return "" if isnan(confidence) else f" {share(confidence)}"
