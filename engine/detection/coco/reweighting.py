"""COCO's summary, had each image been there any number of times: many drawings at once.

CocoHits answers for one drawing, with whole curves. Here the drawings lie side by side in
memory, so that each step down the ranking is one addition for all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Counts, Indices, Ratios
from engine.core.rates import ratio
from engine.core.sorting import stable_order
from engine.detection.coco.average_precision import Ranked
from engine.detection.coco.curves import FoundInScope
from engine.detection.coco.params import AREA_RANGES, IOUS, MAX_DETECTIONS, RECALLS

Floats: TypeAlias = NDArray[np.floating[Any]]
"""[..., S] a number for each of S drawings: float32, or float64 for very large classes."""

STEPS: Final = 16
"""Rows in a run. Runs are added up row after row, all runs of a class at once."""

INTERVALS: Final = len(RECALLS) - 1
ROUNDED_UP: Final = np.flatnonzero(np.arange(len(RECALLS)) / INTERVALS < RECALLS)
"""The k whose recall pycocotools writes with a last bit too many: exactly k / 100 misses it."""

LARGEST: Final = 2**24
"""float32 holds every whole number up to here."""

MOST_TRUTHS: Final = 2**14
"""Of a class in a drawing: up to here float32 tells every recall from the nearest k / 100."""


@dataclass(frozen=True, eq=False)
class DrawnSummaries:
    """What S drawings of the images show; NaN where no ground truth was drawn."""

    summary: Ratios  # [S, 12] in the order of CocoSummary
    ap: Ratios  # [S, C] mean over the ten IoUs


@dataclass(frozen=True, eq=False)
class Reweighting:
    """A ranking matched once in all ranges of areas, to be weighed anew by each drawing."""

    scopes: tuple[tuple["_ClassRows", ...], ...]  # of each of AREA_RANGES the C classes

    @classmethod
    def of(cls, ranked: Ranked, images: int) -> Self:
        """Matched at COCO's ten IoUs."""
        found = ranked.found_in(AREA_RANGES, IOUS)
        return cls(tuple(_classes(in_scope, images) for in_scope in found))

    def drawn(
        self, weights: Counts, cancelled: Callable[[], bool] = lambda: False
    ) -> DrawnSummaries | None:
        """With each image there as often as weights [S, I] say; None if it was cancelled.

        cancelled is asked before each class. What is worked out in float32 is off by less
        than 1e-5.
        """
        drawn, averages = _Drawn(weights), []
        for classes in self.scopes:
            of_classes = []
            for rows in classes:
                if cancelled():
                    return None
                of_classes.append(rows.averages(drawn))
            averages.append(_Averages(*map(np.array, zip(*of_classes, strict=True))))
        every, small, medium, large = averages
        summary = (
            every.ap,
            every.ap50,
            every.ap75,
            *(of_size.ap for of_size in (small, medium, large)),
            every.recall_of_first,
            every.recall_of_tenth,
            every.recall,
            *(of_size.recall for of_size in (small, medium, large)),
        )
        return DrawnSummaries(np.stack([*map(_defined_mean, summary)], axis=1), every.ap.T)


class _Averages(NamedTuple):
    """Of a class, [S], or of all, [C, S]; NaN without ground truth."""

    ap: Ratios
    ap50: Ratios
    ap75: Ratios
    recall_of_first: Ratios
    recall_of_tenth: Ratios
    recall: Ratios


class _Drawn:
    """How often each image was drawn, as a table in which rows of images are looked up."""

    def __init__(self, weights: Counts) -> None:
        self.weights = weights  # [S, I]
        self.most = int(weights.max(initial=0))
        self._memory: dict[tuple[str, np.dtype[Any]], Floats] = {}

    @cached_property
    def single(self) -> Floats:
        """[2 I + 1, S] each image, each image to be taken away again, and nothing."""
        return self._table(np.float32)

    @cached_property
    def double(self) -> Floats:
        """The same for numbers that float32 does not hold."""
        return self._table(np.float64)

    def rows(self, table: Floats, rows: Indices, purpose: str) -> Floats:
        """[..., S] rows [...] of a table, or of sums, until the next are asked for that purpose.

        Fresh memory costs more than all the sums, so the same is used for all classes.
        """
        shape = (*rows.shape, table.shape[1])
        size, key = int(np.prod(shape)), (purpose, table.dtype)
        if key not in self._memory or len(self._memory[key]) < size:
            self._memory[key] = np.empty(size, table.dtype)
        into: Floats = self._memory[key][:size].reshape(shape)
        return table.take(rows, axis=0, out=into, mode="clip")

    def _table(self, dtype: type[np.floating[Any]]) -> Floats:
        images = self.weights.T.astype(dtype, order="C")  # a row in one piece
        return np.concatenate((images, -images, np.zeros((1, images.shape[1]), dtype)))


@dataclass(frozen=True, eq=False)
class _ClassRows:
    """A class in one range of areas, as rows of the table of _Drawn.

    Rows stand in runs of K = STEPS: the first axis says which row of its run, the last which
    run. The number of predictions down to a hit is that of those in range, which no match
    changes, corrected at the hits, as in FoundInScope.
    """

    truths: Indices  # [T] ground truths that count
    in_range: Indices  # [K, n] predictions in range, behind one row of nothing
    right: Indices  # [K, J, h] true positives
    until: Indices  # [K, J, h] the place in in_range, laid out flat, down to each of them
    corrected: Indices  # [K, J, g] hits that count out of range, or do not in it, behind nothing
    corrected_until: Indices  # [K, J, h] the place in corrected, laid out flat, likewise
    first: Indices  # [J, f] true positives that are the most confident of class and image
    tenth: Indices  # [J, f] those among the ten most confident

    def averages(self, drawn: _Drawn) -> _Averages:
        """Average precision and recall in each drawing."""
        truths = drawn.rows(drawn.single, self.truths, "right").sum(axis=0, dtype=np.float64)
        is_large = self.in_range.size * drawn.most >= LARGEST
        if is_large or truths.max(initial=0) >= MOST_TRUTHS:
            table, nearly = drawn.double, 1e-9
        else:
            table, nearly = drawn.single, 3e-5
        first, tenth = (
            drawn.rows(table, rows, "right").sum(axis=1) for rows in (self.first, self.tenth)
        )
        seen = _added_up(drawn.rows(table, self.in_range, "sums"))
        counted = drawn.rows(seen, self.until, "counted")
        if self.corrected.size:
            more = _added_up(drawn.rows(table, self.corrected, "sums"))
            counted += drawn.rows(more, self.corrected_until, "right")
        right = drawn.rows(table, self.right, "right")
        _added_up(right)
        found = right[-1, :, -1].copy()
        # Where nothing counts nothing is right.
        precision = np.divide(right, np.maximum(counted, 1, out=counted), out=counted)
        best, reads = _highest_beyond(precision), _reads(right, truths, nearly)
        # At recall 0 the highest of all is read.
        ap = (np.einsum("kjhs,kjhs->js", best, reads) + best[0, :, 0]) / len(RECALLS)
        ap[:, truths == 0] = np.nan
        return _Averages(
            ap.mean(axis=0, dtype=np.float64),
            ap[0],
            ap[5],
            ratio(first.mean(axis=0), truths),
            ratio(tenth.mean(axis=0), truths),
            ratio(found.mean(axis=0), truths),
        )


class _Hits(NamedTuple):
    """Of a class at one IoU: those that are right, and those that correct the count."""

    right: Indices  # [h] images
    until: Indices  # [h] predictions in range down to each
    corrected: Indices  # [g] rows of the table of _Drawn
    corrected_until: Indices  # [h] how many of them stand down to each right one
    rank: Indices  # [h] how many of the class in the same image are more confident

    @classmethod
    def of(cls, found: FoundInScope, iou: int, class_: int, images: int) -> Self:
        scope, segment = found.scope, iou * found.scope.ranking.classes + class_
        rows = slice(*np.searchsorted(found.segment, (segment, segment + 1)))
        hit, is_right = found.hit[rows], found.right[rows]
        place = scope.candidates.place.take(hit)
        image = scope.ranking.image.take(place)
        gained = is_right.astype(np.int8) - scope.in_range.take(place)
        right, corrected = np.flatnonzero(is_right), np.flatnonzero(gained)
        return cls(
            image.take(right),
            scope.in_range_until.take(hit.take(right)).astype(np.intp),
            image.take(corrected) + images * (gained.take(corrected) < 0),
            np.searchsorted(corrected, right, side="right"),
            scope.candidates.rank.take(hit.take(right)),
        )


def _classes(found: FoundInScope, images: int) -> tuple[_ClassRows, ...]:
    """The rows of each class in one range of areas."""
    scope = found.scope
    truths = np.flatnonzero(~scope.ignored)
    truths = truths.take(stable_order(scope.ground_truths.class_.take(truths)))
    image = scope.ground_truths.image.take(truths)
    of_class = np.split(image, np.cumsum(scope.truths_of_class[:-1]))
    return tuple(
        _of_class(found, class_, of_class[class_], images)
        for class_ in range(scope.ranking.classes)
    )


def _of_class(found: FoundInScope, class_: int, truths: Indices, images: int) -> _ClassRows:
    scope, nothing = found.scope, 2 * images
    hits = [_Hits.of(found, iou, class_, images) for iou in range(found.ious)]
    places = np.arange(*scope.ranking.class_begins[class_ : class_ + 2])
    seen = scope.ranking.image.take(places[scope.in_range[places]])
    last = max(int(each.until.max(initial=0)) for each in hits)
    in_range = _in_runs([np.append(nothing, seen[:last])], nothing)[:, 0]
    corrected = _in_runs([np.append(nothing, each.corrected) for each in hits], nothing)
    until = _in_runs([each.until for each in hits])
    corrected_until = _in_runs([each.corrected_until for each in hits])
    # Laid out flat, the first rows of all runs stand together, then their second rows.
    line = corrected_until % STEPS * found.ious + np.arange(found.ious)[:, None]
    few = MAX_DETECTIONS[:2] if scope.range == AREA_RANGES[0] else (0, 0)
    return _ClassRows(
        truths,
        in_range,
        _in_runs([each.right for each in hits], nothing),
        until % STEPS * in_range.shape[-1] + until // STEPS,
        corrected if any(len(each.corrected) for each in hits) else corrected[..., :0],
        line * corrected.shape[-1] + corrected_until // STEPS,
        *(_padded([each.right[each.rank < most] for each in hits], nothing) for most in few),
    )


def _in_runs(rows: Sequence[Indices], filler: int | None = None) -> Indices:
    """[K, J, runs] rows of different lengths, each cut into runs of K; filled up as _padded."""
    runs = max(-(-max(map(len, rows)) // STEPS), 1)
    padded = _padded(rows, filler, runs * STEPS).reshape(len(rows), runs, STEPS)
    return np.ascontiguousarray(padded.transpose(2, 0, 1))


def _padded(rows: Sequence[Indices], filler: int | None, length: int | None = None) -> Indices:
    """[J, length] rows one below the other, behind each the filler; None repeats its last."""
    width = max(map(len, rows)) if length is None else length
    padded = np.full((len(rows), width), filler or 0)
    for line, row in zip(padded, rows, strict=True):
        line[: len(row)] = row
        if filler is None and len(row):
            line[len(row) :] = row[-1]
    return padded


def _added_up(rows: Floats) -> Floats:
    """The sums down to each row, in place of rows [K, ..., runs, S]; laid out flat, [..., S]."""
    for step in range(1, len(rows)):
        rows[step] += rows[step - 1]
    rows[..., 1:, :] += np.cumsum(rows[-1, ..., :-1, :], axis=-2)
    return rows.reshape(-1, rows.shape[-1])


def _highest_beyond(values: Floats) -> Floats:
    """The same [K, J, runs, S] with the highest from each row on in its place."""
    for step in range(len(values) - 2, -1, -1):
        np.maximum(values[step], values[step + 1], out=values[step])
    beyond = np.maximum.accumulate(values[0, :, :0:-1], axis=1)[:, ::-1]
    np.maximum(values[:, :, :-1], beyond, out=values[:, :, :-1])
    return values


def _reads(right: Floats, truths: Ratios, nearly: float) -> Floats:
    """At how many recalls above 0 each true positive is the first to reach them.

    right [K, J, runs, S] says how many there are down to each, and is overwritten; truths [S].
    """
    meets = np.outer(truths, ROUNDED_UP) % INTERVALS == 0
    meeting = np.flatnonzero(meets.any(axis=1) & (truths > 0))
    exact = _exact_reads(right[..., meeting].astype(np.intp), truths[meeting].astype(np.intp))
    right *= (INTERVALS / np.maximum(truths, 1)).astype(right.dtype)
    right += right.dtype.type(nearly)
    np.floor(right, out=right)
    right[..., meeting] = exact
    last = right[-1].copy()
    for step in range(len(right) - 1, 0, -1):
        right[step] -= right[step - 1]
    right[0, :, 1:] -= last[:, :-1]
    return right


def _exact_reads(right: Indices, truths: Indices) -> Indices:
    """How many recalls above 0 right [..., S] of truths [S] reach, compared as in pycocotools."""
    most, drawings = int(truths.max(initial=0)) + 1, len(truths)
    reads = np.zeros((most, drawings), np.intp)
    for drawing, total in enumerate(truths.tolist()):
        recalls = np.arange(total + 1) / total
        reads[: total + 1, drawing] = np.searchsorted(RECALLS[1:], recalls, side="right")
    return reads.ravel().take(right * drawings + np.arange(drawings))


def _defined_mean(of_classes: Ratios) -> Ratios:
    """[S] the mean of the classes [C, S] that are not NaN."""
    defined = ~np.isnan(of_classes)
    return ratio(of_classes.sum(axis=0, where=defined), defined.sum(axis=0))
