"""The neighbourhood of a class: it and those it is confused with, as a small matrix."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.outcomes import Selection
from engine.util.visible import clean
from engine.util.words import number
from tui.grids.paint.layout import fit
from tui.grids.paint.view import MatrixView

MOST: Final = 30  # partners; further ones are confused with it now and then


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """A class and its worst partners, as many as fit without scrolling."""

    class_: int
    shown: Indices  # the class, then its partners, the worst first
    partners: int  # how many there are on show in the whole matrix

    def title(self, view: MatrixView) -> tuple[str, ...]:
        """Whose it is, and what it leaves out, the most important first."""
        seen, left_out = len(self.shown) - 1, len(view.names) - len(self.shown)
        partners = number(self.partners, "class", "classes")
        if seen < self.partners:
            partners = f"the {seen} worst of {partners}"
        return (
            f"Neighbourhood of {clean(view.names[self.class_])}",
            f"{partners} it is confused with" if seen else "confused with no other class",
            f"{number(left_out, 'class', 'classes')} left out",
            "counts and shares are of all",
        )


def neighbourhood(view: MatrixView, class_: int, width: int, height: int) -> Neighbourhood:
    """The class and its partners among those the view shows, all in sight in so much room."""
    partners = view.matrix.partners(class_)
    partners = partners[np.isin(partners, view.shown)]
    near = np.append(class_, partners[:MOST])
    least = min(len(near), 2)
    for count in range(len(near), least, -1):
        layout = fit(replace(view, shown=near[:count]), width, height)
        if layout is not None and layout.columns == layout.rows == count:
            return Neighbourhood(class_, near[:count], len(partners))
    return Neighbourhood(class_, near[:least], len(partners))


def middle_of(cell: Selection) -> int | None:
    """The class whose neighbourhood a cell lies in: its ground truth's, or without one the other.

    None where there is neither.
    """
    for class_ in (cell.truth, cell.predicted):
        if class_ is not None and class_ != NOTHING:
            return class_
    return None
