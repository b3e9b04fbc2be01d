"""Boxes of two sides on one picture: ground truth dashed, A solid, B double."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from engine.core.assessment import Box
from tui.pictures.paint.boxes import Mark, OutcomeMark

Whose = Literal["truth", "A", "B"]
WHOSE: Final[tuple[Whose, ...]] = ("truth", "A", "B")


@dataclass(frozen=True)
class SideBox:
    """A box, whose it is, and what is written beside it."""

    whose: Whose
    box: Box
    label: str = ""
    kept: bool = True  # it reaches the threshold of its side; a ground truth always does


def side_marks(
    boxes: Iterable[SideBox], *, labelled: bool = True, focus: int | None = None
) -> tuple[Mark, ...]:
    """What is drawn; while a box is in focus the others stand back."""
    return tuple(
        OutcomeMark(
            each.box,
            each.whose,
            each.label if labelled else "",
            dashed=each.whose == "truth",
            focused=index == focus,
            dimmed=focus is not None and index != focus,
        )
        for index, each in enumerate(boxes)
    )
