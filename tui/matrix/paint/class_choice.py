"""Which classes a matrix shows: those that a person chose, or of many those that occur."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from engine.core.arrays import Indices, Mask
from engine.core.matrix import ConfusionMatrix
from engine.util.words import number

MANY: Final = 80
"""Of more classes than that, those that nothing is counted of are left out."""


@dataclass(frozen=True, eq=False)
class ClassChoice:
    """The classes on show, in the dataset's order."""

    met: Mask  # [C] of which something was counted, or that a person went to
    chosen: Mask | None = None  # [C] by a person; None leaves it to what occurs

    @classmethod
    def of(cls, classes: int) -> Self:
        """Nobody chose, and nothing is counted yet."""
        return cls(np.zeros(classes, np.bool_))

    @property
    def mask(self) -> Mask:
        """[C] which classes are on show."""
        if self.chosen is not None:
            return self.chosen
        few = len(self.met) <= MANY or not self.met.any()
        return np.ones_like(self.met) if few else self.met

    @property
    def shown(self) -> Indices:
        """[S] the classes on show."""
        return np.flatnonzero(self.mask)

    @property
    def hidden(self) -> int:
        """How many are not."""
        return int(np.count_nonzero(~self.mask))

    @property
    def leaves_out(self) -> bool:
        """Whether classes are hidden that nobody chose to hide."""
        return self.chosen is None and bool(self.hidden)

    def meeting(self, matrix: ConfusionMatrix) -> Self:
        """With what occurs in a matrix.

        What occurred before stays: rows must not come and go under a slider that is moved.
        """
        occurs = (matrix.ground_truths + matrix.predictions) > 0
        return self if self.met[occurs].all() else replace(self, met=self.met | occurs)

    def adding(self, class_: int) -> Self:
        """With a class that a person goes to."""
        one = np.zeros_like(self.met)
        one[class_] = True
        if self.chosen is None:
            return replace(self, met=self.met | one)
        return replace(self, chosen=self.chosen | one)

    def choosing(self, classes: tuple[int, ...]) -> Self:
        """With exactly these."""
        return replace(self, chosen=np.isin(np.arange(len(self.met)), classes))

    def turned(self) -> Self:
        """All classes instead of those that occur; or those that occur again."""
        every = np.ones_like(self.met) if self.chosen is None else None
        return replace(self, chosen=every)

    @property
    def can_turn(self) -> bool:
        """Whether that would make a difference."""
        other = self.turned()
        return not np.array_equal(self.mask, other.mask)

    @property
    def note(self) -> str:
        """For the matrix's corner: what a person chose."""
        hidden = 0 if self.leaves_out else self.hidden
        return f"{number(hidden, 'class', 'classes')} hidden" if hidden else ""

    @property
    def title(self) -> tuple[str, ...]:
        """What is hidden that nobody chose to hide, and the key that shows it."""
        if not self.leaves_out:
            return ()
        hidden = number(self.hidden, "class", "classes")
        return f"{hidden} without ground truth or predictions hidden", "u shows them"
