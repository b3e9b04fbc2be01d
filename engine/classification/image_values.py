"""What each image's probabilities say of its label, in passes over blocks of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.core.arrays import Indices, Mask, Scores
from engine.util.blocks import FloatBlock, blocks, in_turns, runs


@dataclass(frozen=True, eq=False)
class ImageValues:
    """Numbers of images, worked out when they are asked for.

    Rows need not sum to 1: nothing here divides by their sum, as nothing in scikit-learn does.
    """

    value: FloatBlock  # [N, C]
    truth: Indices  # [N] the class that people gave

    @cached_property
    def of_truth(self) -> FloatBlock:
        """[N] the probability of the label, in the type of the file."""
        rows: FloatBlock = self.value[np.arange(len(self.truth)), self.truth]
        return rows

    @cached_property
    def loss(self) -> Scores:
        """[N] -ln of the probability of the label, kept within eps and 1 - eps.

        eps is that of the type of the file, as in scikit-learn 1.9: a 0 at the label costs
        6.9 in float16, 15.9 in float32 and 36.0 in float64.
        """
        of_truth = self.of_truth
        eps = np.finfo(of_truth.dtype).eps
        kept = np.clip(of_truth, eps, 1 - eps).astype(np.float64)
        loss: Scores = -np.log(kept)
        return loss

    @property
    def brier(self) -> Scores:
        """[N] squared distance of the probabilities from the label, summed over the classes.

        Brier, Verification of forecasts expressed in terms of probability (1950); halved for
        fewer than three classes, as scikit-learn's brier_score_loss does.
        """
        return self._distances[0] * (0.5 if self.value.shape[1] < 3 else 1.0)

    @property
    def class_brier(self) -> Scores:
        """[C] mean squared distance of each class's probability from 0 or 1; NaN of no image."""
        images = len(self.value)
        return self._distances[1] / images if images else np.full(self.value.shape[1], np.nan)

    @cached_property
    def _distances(self) -> tuple[Scores, Scores]:
        """Squared distances from 0, or 1 at the label: [N] of each row, [C] of each column."""
        of_rows, of_columns = np.zeros(len(self.value)), np.zeros(self.value.shape[1])

        def work(run: list[slice]) -> Scores:
            sums = np.zeros_like(of_columns)
            for rows in run:
                block, truth = self._wide(rows, np.float64), self.truth[rows, None]
                distance = 1 - np.take_along_axis(block, truth, axis=1)
                np.put_along_axis(block, truth, distance, axis=1)
                np.einsum("nc,nc->n", block, block, out=of_rows[rows])
                sums += np.einsum("nc,nc->c", block, block)
            return sums

        for sums in in_turns(work, runs(self._blocks)):
            of_columns += sums
        return of_rows, of_columns

    @cached_property
    def runner_up(self) -> Scores:
        """[N] the second highest probability; NaN with one class."""
        return self._highest_without(lambda rows, block: block.argmax(axis=1)[:, None])

    @cached_property
    def best_other(self) -> Scores:
        """[N] the highest probability of a class that is not the label; NaN with one class."""
        return self._highest_without(lambda rows, block: self.truth[rows, None])

    def _highest_without(self, left_out: Callable[[slice, FloatBlock], Indices]) -> Scores:
        """[N] the highest probability but for one class of each row of a block, [rows, 1]."""
        highest = np.full(len(self.value), np.nan)
        if self.value.shape[1] < 2:
            return highest

        def work(rows: slice) -> None:
            block = self._wide(rows, np.float32)
            np.put_along_axis(block, left_out(rows, block), -np.inf, axis=1)
            highest[rows] = block.max(axis=1)

        in_turns(work, self._blocks)
        return highest

    def in_top(self, k: int) -> Mask:
        """[N] whether the label is among the k most probable classes.

        Of equal probabilities the later class comes first, as in scikit-learn's
        top_k_accuracy_score, though its argmax, like ours, takes the earlier one.
        """
        inside = np.zeros(len(self.value), np.bool_)

        def work(rows: slice) -> None:
            block, own = self.value[rows], self.of_truth[rows, None]
            if block.dtype == np.float16:  # NumPy compares halves one at a time
                block, own = block.astype(np.float32), own.astype(np.float32)
            here = np.count_nonzero(block >= own, axis=1) <= k
            for row in np.flatnonzero(~here):
                values, limit = block[row], own[row]
                later = values[self.truth[rows.start + row] + 1 :] == limit
                here[row] = np.count_nonzero(values > limit) + np.count_nonzero(later) < k
            inside[rows] = here

        in_turns(work, self._blocks)
        return inside

    @property
    def _blocks(self) -> list[slice]:
        return blocks(*self.value.shape)

    def _wide(self, rows: slice, least: type[np.float32] | type[np.float64]) -> FloatBlock:
        """A copy of some rows, in a type of at least this width."""
        return self.value[rows].astype(np.promote_types(self.value.dtype, least))
