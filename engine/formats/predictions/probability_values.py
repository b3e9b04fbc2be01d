"""The numbers of a classifier looked at before they count: probabilities, or logits made so."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Mask
from engine.core.errors import DataError
from engine.util.blocks import FloatBlock, blocks, in_turns
from engine.util.words import number

ABOUT_ONE: Final = 1e-3  # how far a row's sum, or a single probability, may be beyond 1
ROUNDING: Final = 1e-6  # below 0: what a float32 sum leaves behind
PERCENT: Final = 100
HALF: Final = 0.5  # what two classes that exclude each other cannot both have more than
BEYOND_ROUNDING: Final = 1e-2  # of two numbers written with few digits
OFTEN: Final = 0.1  # share of the rows; classes trained by themselves seldom have two
OFFER: Final = "are they logits? Then add --logits"


def softmax(logits: FloatBlock) -> NDArray[np.float64]:
    """[N, C] probabilities of logits in float64, which tells those near 1 apart.

    exp(x - max) / sum, which no logit can overflow. -inf is a probability of 0; a row with
    NaN, with inf or of nothing but -inf is NaN. float64 logits are overwritten.

    A probability is 1 to the last bit where the highest logit leads by 17 in float32 and by
    37 in float64: beyond that images are in no order, however far their logits are apart.
    """
    in_place = logits.dtype == np.float64 and logits.flags.writeable
    probabilities: NDArray[np.float64] = np.asarray(
        logits if in_place else np.empty(logits.shape), np.float64
    )

    def of_rows(rows: slice) -> None:
        with np.errstate(invalid="ignore"):
            raised = logits[rows].astype(np.float64)
            raised -= raised.max(axis=1, keepdims=True, initial=-np.inf)
            np.exp(raised, out=raised)
            raised /= raised.sum(axis=1, keepdims=True)
        probabilities[rows] = raised

    in_turns(of_rows, blocks(*logits.shape))
    return probabilities


def checked(
    path: Path, value: FloatBlock, name_of: Callable[[int], str], *, logits: bool
) -> tuple[FloatBlock, Mask, tuple[str, ...]]:
    """Probabilities [N, C], which rows can be used [N], and what is wrong with the others.

    Unusable is a row with NaN, with an infinite number (of logits -inf is fine), or with a
    negative probability. Rounding a hair beyond 0 or 1 is cut off. Raises DataError for
    probabilities above 1, and when more than half of the rows are unusable.
    """
    if logits:
        _refuse_probabilities(path, value)
        value = softmax(value)
    lowest, highest, total = _extremes(value)
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(total)
        above = finite & (highest > 1 + ABOUT_ONE)
        below = finite & (lowest < -ROUNDING)
    if above.any():
        row = int(above.argmax())
        raise DataError(
            path,
            f"{number(int(above.sum()), 'row')} with a probability above 1, such as "
            f"{highest[row]:.6g} for {name_of(row)!r}: {_offer(lowest, total)}",
        )
    _refuse_several(path, value, total, name_of)
    kept = finite & ~below
    what = "number that is not finite" if not logits else "logit that is not finite"
    notes = [
        f"{number(int(bad.sum()), 'row')} with a {words} ({name_of(int(bad.argmax()))!r}): left out"
        for bad, words in ((~finite, what), (below, "negative probability"))
        if bad.any()
    ]
    if 2 * int(kept.sum()) < len(kept):
        offer = f"; {OFFER}" if below.any() else ""
        raise DataError(path, f"more than half cannot be used: {'; '.join(notes)}{offer}")
    off = kept & ~(np.abs(total - 1) <= ABOUT_ONE)
    if off.any():
        row = int(off.argmax())
        notes.append(
            f"{number(int(off.sum()), 'row')} whose probabilities do not sum to 1 "
            f"({name_of(row)!r}: {total[row]:.4g}): taken as they are"
        )
    if kept.any() and (highest[kept].max() > 1 or lowest[kept].min() < 0):
        np.clip(value, 0, 1, out=value)
    return value, kept, tuple(notes)


def _refuse_several(
    path: Path, value: FloatBlock, total: NDArray[Any], name_of: Callable[[int], str]
) -> None:
    """Raise DataError where many rows are sure of two classes, as a multi-label model's are."""
    with np.errstate(invalid="ignore"):
        high = total > 1 + BEYOND_ROUNDING
    if value.shape[1] < 2 or int(high.sum()) < max(OFTEN * len(value), 1):
        return

    def of_rows(rows: slice) -> Sequence[NDArray[Any]]:
        two = np.partition(value[rows], -2, axis=1)[:, -2:]
        return [(two.min(axis=1) >= HALF) & (two.sum(axis=1) > 1 + BEYOND_ROUNDING) & high[rows]]

    several = np.concatenate([part for (part,) in in_turns(of_rows, blocks(*value.shape))])
    count = int(several.sum())
    if count < max(OFTEN * len(value), 1):
        return
    row = int(several.argmax())
    second, first = np.sort(value[row])[-2:]
    raise DataError(
        path,
        f"{number(count, 'row')} of {len(value):,} with half or more for each of several classes, "
        f"such as {first:.4g} and {second:.4g} for {name_of(row)!r}: those of a multi-label model "
        "are not assessed; where one class is right for each image, divide each row by its sum",
    )


def _refuse_probabilities(path: Path, value: FloatBlock) -> None:
    """Raise DataError for logits that are probabilities: a softmax of these is another model's."""
    lowest, _, total = _extremes(value)
    if len(value) and (lowest >= 0).all() and (np.abs(total - 1) <= ABOUT_ONE).all():
        raise DataError(
            path, "its numbers are probabilities already, each row sums to 1: leave --logits out"
        )


def _offer(lowest: NDArray[Any], total: NDArray[Any]) -> str:
    """What numbers above 1 may be."""
    percent = (lowest >= 0).all() and (np.abs(total / PERCENT - 1) <= ABOUT_ONE).all()
    return "are they in percent? Then divide them by 100" if percent else OFFER


def _extremes(value: FloatBlock) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """[N] the lowest, the highest and the sum of each row; the sum of a bad row is not finite."""
    wide = np.result_type(value.dtype, np.float32)

    def of_rows(rows: slice) -> Sequence[NDArray[Any]]:
        block = value[rows]
        with np.errstate(invalid="ignore", over="ignore"):
            return block.min(axis=1), block.max(axis=1), block.sum(axis=1, dtype=wide)

    parts = in_turns(of_rows, blocks(*value.shape))
    if not parts:
        none = np.zeros(0, wide)
        return none, none, none
    lowest, highest, total = (np.concatenate(column) for column in zip(*parts, strict=True))
    return lowest, highest, total
