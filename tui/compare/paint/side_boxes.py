"""Boxes of two sides on one picture: ground truth dashed, A solid, B double."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from engine.core.assessment import Box
from engine.images.drawing import TAG_COLOURS
from tui.pictures.paint.boxes import DIMMED, SHORT_TAGS, Mark, Rgb

Whose = Literal["truth", "A", "B"]
WHOSE: Final[tuple[Whose, ...]] = ("truth", "A", "B")


@dataclass(frozen=True)
class SideBox:
    """A box, whose it is, and what is written beside it."""

    whose: Whose
    box: Box
    label: str = ""
    kept: bool = True  # it reaches the threshold of its side; a ground truth always does


@dataclass(frozen=True)
class SideMark:
    """A box in the lines and the colour of whom it is of."""

    box: Box
    tag: Whose
    label: str = ""
    dotted: bool = False  # below the threshold of its side
    focused: bool = False
    dimmed: bool = False  # another box is in focus

    @property
    def dashed(self) -> bool:
        """Whether people drew it."""
        return self.tag == "truth"

    @property
    def double(self) -> bool:
        """Whether B did."""
        return self.tag == "B"

    @property
    def colour(self) -> Rgb:
        """Of whom it is, less bright while another box is in focus."""
        red, green, blue = TAG_COLOURS[self.tag]
        by = DIMMED if self.dimmed else 1.0
        return round(red * by), round(green * by), round(blue * by)

    @property
    def hatched(self) -> bool:
        """Never: what is left out is no box of anybody."""
        return False

    @property
    def short(self) -> str:
        """The letter."""
        return SHORT_TAGS.get(self.tag, self.tag)

    @property
    def text(self) -> str:
        """What the label says."""
        return f"{self.short} {self.label}".rstrip()


def side_marks(
    boxes: Iterable[SideBox],
    *,
    labelled: bool = True,
    focus: int | None = None,
    beside: Container[int] = (),
) -> tuple[Mark, ...]:
    """What is drawn, from below: A's one line leaves an inner one of B in sight, and dashes both.

    While a box is in focus the others stand back, but for those beside it: of the same object.
    """
    placed = sorted(enumerate(boxes), key=lambda at: WHOSE.index(at[1].whose), reverse=True)
    return tuple(
        SideMark(
            each.box,
            each.whose,
            each.label if labelled else "",
            dotted=not each.kept,
            focused=index == focus,
            dimmed=focus is not None and index != focus and index not in beside,
        )
        for index, each in placed
    )
