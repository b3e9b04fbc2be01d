"""What a matrix shows, and the part of it that is in sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Mask, Ratios
from engine.core.matrix import ConfusionMatrix
from engine.core.rates import ratio
from engine.plots.heat import Tones, change_tones, count_tones, share_tones

Mode = Literal["counts", "row %", "column %"]
MODES: Final[tuple[Mode, ...]] = ("counts", "row %", "column %")


@dataclass(frozen=True, eq=False)
class MatrixView:
    """A matrix, the classes of it to show, and what its cells say.

    Rows and columns stand in the order of `shown`, then comes the end row of
    predictions of no object and the end column of objects not detected. A
    classifier has neither: then their names are None.
    """

    names: Sequence[str]  # [C]
    matrix: ConfusionMatrix
    shown: Indices  # [S] classes in the order in which they stand
    mode: Mode = "counts"
    order: str = ""  # how the classes are ordered, in words for the corner
    row_end: str | None = "Not an object"
    column_end: str | None = "Not detected"
    signed: bool = False  # counts are those of one matrix less those of another

    @cached_property
    def classes(self) -> int:
        """S, the number of classes on show. It is also the position of the end row and column."""
        return len(self.shown)

    @cached_property
    def rows(self) -> int:
        """S, or one more with an end row."""
        return self.classes + (self.row_end is not None)

    @cached_property
    def columns(self) -> int:
        """S, or one more with an end column."""
        return self.classes + (self.column_end is not None)

    @cached_property
    def class_at(self) -> Indices:
        """[S + 1] the class at each position, and NOTHING at the end."""
        return np.append(self.shown, NOTHING)

    @cached_property
    def shown_names(self) -> tuple[str, ...]:
        """[S] in the order in which they stand."""
        return tuple(self.names[index] for index in self.shown.tolist())

    @property
    def notes(self) -> str:
        """What is not as usual, in words for the corner."""
        return " · ".join(filter(None, ["" if self.mode == "counts" else self.mode, self.order]))

    def row_name(self, row: int) -> str:
        """What stands left of a row."""
        return self.shown_names[row] if row < self.classes else self.row_end or ""

    def column_name(self, column: int) -> str:
        """What stands above a column."""
        return self.shown_names[column] if column < self.classes else self.column_end or ""

    def position(self, class_: int, has_end: bool) -> int | None:
        """Where a class stands, NOTHING at the end; None for one that is not on show."""
        if class_ == NOTHING:
            return self.classes if has_end else None
        found = np.flatnonzero(self.shown == class_)
        return int(found[0]) if len(found) else None

    @cached_property
    def most_correct(self) -> int:
        """The largest count of right answers, of classes that are not on show too."""
        return int(np.abs(np.diagonal(self.matrix.counts)).max(initial=0))

    @cached_property
    def most_wrong(self) -> int:
        """The largest count of errors, likewise."""
        return int(np.abs(self.matrix.errors.count).max(initial=0))

    @cached_property
    def confusions(self) -> Indices:
        """[K, 2] positions of the cells of two different classes, most frequent first.

        Of differences all cells that differ, the largest first.
        """
        if self.signed:
            at = self.class_at
            size = np.abs(self.matrix.counts[np.ix_(at, at)]).ravel()
            order = np.argsort(-size, kind="stable")[: np.count_nonzero(size)]
            return np.stack(np.divmod(order, len(at)), axis=1)
        place = np.full(len(self.names), NOTHING, dtype=np.intp)
        place[self.shown] = np.arange(self.classes)
        cells = place[self.matrix.confusions()]
        on_show: Indices = cells[(cells != NOTHING).all(axis=1)]
        return on_show

    @cached_property
    def at_ends(self) -> Indices:
        """[K, 2] positions of the cells of the end row and column that count anything.

        The largest first, as objects that were not detected and false alarms.
        """
        inside = np.arange(self.classes)
        end = np.full_like(inside, self.classes)
        sides = [np.empty((0, 2), np.intp)]
        if self.column_end is not None:
            sides.append(np.stack((inside, end), axis=1))
        if self.row_end is not None:
            sides.append(np.stack((end, inside), axis=1))
        cells: Indices = np.concatenate(sides)
        size = np.abs(self.matrix.counts[tuple(self.class_at[cells].T)])
        return cells[np.argsort(-size, kind="stable")[: np.count_nonzero(size)]]


@dataclass(frozen=True, eq=False)
class Block:
    """The cells in sight: R rows and K columns, the end row and column among them."""

    counts: Counts  # [R, K]
    shares: Ratios  # [R, K] of the column in the mode "column %", else of the row
    tones: Tones  # [R, K]

    def changed_since(self, other: "Block") -> Mask:
        """[R, K] which cells look different."""
        same_share = (self.shares == other.shares) | np.isnan(self.shares) & np.isnan(other.shares)
        changed: Mask = (self.counts != other.counts) | ~same_share | (self.tones != other.tones)
        return changed


def block(view: MatrixView, rows: Indices, columns: Indices, with_shares: bool) -> Block:
    """The cells at these positions. Shares cost a sum, so they are had only where they show."""
    truth, predicted = view.class_at[rows], view.class_at[columns]
    counts = view.matrix.counts[np.ix_(truth, predicted)]
    correct = truth[:, None] == predicted[None, :]
    if view.mode == "column %":
        shares = ratio(counts, view.matrix.counts[:, predicted].sum(axis=0)[None, :])
    elif with_shares or view.mode == "row %":
        shares = ratio(counts, view.matrix.counts[truth].sum(axis=1)[:, None])
    else:
        shares = np.zeros(counts.shape)
    if view.signed:
        painted = change_tones(counts, correct, max(view.most_correct, view.most_wrong))
    elif view.mode == "counts":
        painted = count_tones(counts, correct, view.most_correct, view.most_wrong)
    else:
        painted = share_tones(shares, correct)
    return Block(counts, shares, painted)
