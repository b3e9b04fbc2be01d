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
class _Runs:
    """Rows of the table of _Drawn for each of J IoUs, one IoU behind the other.

    Each IoU's rows are cut into runs of K = STEPS, filled up in the last one. Laid out flat,
    the first rows of all runs stand together, then their second rows.
    """

    rows: Indices  # [K, R]
    begins: Indices  # [J] the first run of each IoU

    @classmethod
    def of(cls, rows: Sequence[Indices], filler: int | None = None) -> Self:
        """filler stands behind the last row of each IoU; None repeats that row, or is 0."""
        runs = [max(-(-len(row) // STEPS), 1) for row in rows]
        filled = [
            np.append(row, np.full(number * STEPS - len(row), _last(row, filler)))
            for row, number in zip(rows, runs, strict=True)
        ]
        by_run = np.concatenate(filled).reshape(-1, STEPS)
        return cls(np.ascontiguousarray(by_run.T), np.cumsum([0, *runs[:-1]]))

    @cached_property
    def iou(self) -> Indices:
        """[R] the number of its IoU."""
        return np.searchsorted(self.begins, np.arange(self.rows.shape[1]), side="right") - 1

    @property
    def ends(self) -> Indices:
        """[J] the last run of each IoU."""
        return np.append(self.begins[1:], self.rows.shape[1]) - 1

    def places(self, number: Indices, iou: Indices) -> Indices:
        """Where rows of that number of an IoU stand, laid out flat."""
        begins = number % STEPS * self.rows.shape[1] + self.begins.take(iou)
        places: Indices = begins + number // STEPS
        return places

    def added_up(self, values: Floats) -> Floats:
        """The sums down to each row of its IoU, in place of values [K, R, S]."""
        for step in range(1, len(values)):
            values[step] += values[step - 1]
        before = np.zeros_like(values[-1])
        np.cumsum(values[-1, :-1], axis=0, out=before[1:])
        before -= before.take(self.begins, axis=0).take(self.iou, axis=0)
        values += before
        return values

    def highest_beyond(self, values: Floats) -> Floats:
        """The highest from each row of its IoU on, in place of values [K, R, S] from 0 to 1."""
        for step in range(len(values) - 2, -1, -1):
            np.maximum(values[step], values[step + 1], out=values[step])
        # Each IoU is lifted above all behind it, so that these do not reach into it.
        lifted = 2.0 * (len(self.begins) - self.iou)[:, None]
        highest = np.maximum.accumulate((values[0] + lifted)[::-1], axis=0)[::-1]
        beyond = (highest[1:] - lifted[:-1]).astype(values.dtype)
        np.maximum(values[:, :-1], beyond, out=values[:, :-1])
        return values

    def steps(self, values: Floats) -> Floats:
        """By how much each row exceeds the one before of its IoU, in place of values [K, R, S]."""
        before = values[-1].copy()
        before[self.ends] = 0
        for step in range(len(values) - 1, 0, -1):
            values[step] -= values[step - 1]
        values[0, 1:] -= before[:-1]
        return values


@dataclass(frozen=True, eq=False)
class _ClassRows:
    """A class in one range of areas.

    The number of predictions down to a hit is that of those in range, which no match changes,
    corrected at the hits, as in FoundInScope.
    """

    truths: Indices  # [T] images of the ground truths that count
    in_range: _Runs  # predictions in range behind one row of nothing, alike for all IoUs
    right: _Runs  # true positives
    until: Indices  # [K, R] of each of them the place in in_range
    corrected: _Runs  # behind one row of nothing, hits that count out of range or not in range
    corrected_until: Indices  # [K, R] the place in corrected; [0] where nothing is corrected
    first: Indices  # [J, f] true positives that are the most confident of class and image
    later: Indices  # [J, f] those that are not among the ten most confident

    def averages(self, drawn: _Drawn) -> _Averages:
        """Average precision and recall in each drawing."""
        truths = drawn.rows(drawn.single, self.truths, "right").sum(axis=0, dtype=np.float64)
        rows = sum(each.rows.size for each in (self.in_range, self.right, self.corrected))
        is_large = rows * drawn.most >= LARGEST or truths.max(initial=0) >= MOST_TRUTHS
        table = drawn.double if is_large else drawn.single
        first, later = (
            drawn.rows(table, rows, "right").sum(axis=1) for rows in (self.first, self.later)
        )
        seen = self.in_range.added_up(drawn.rows(table, self.in_range.rows, "sums"))
        counted = drawn.rows(_laid_flat(seen), self.until, "counted")
        if self.corrected_until.size:
            more = self.corrected.added_up(drawn.rows(table, self.corrected.rows, "sums"))
            counted += drawn.rows(_laid_flat(more), self.corrected_until, "right")
        right = self.right.added_up(drawn.rows(table, self.right.rows, "right"))
        found = right[-1, self.right.ends]
        # Where nothing counts nothing is right.
        precision = np.divide(right, np.maximum(counted, 1, out=counted), out=counted)
        best = self.right.highest_beyond(precision)
        reads = self.right.steps(_recalls_reached(right, truths))
        ap = np.add.reduceat(np.einsum("krs,krs->rs", best, reads), self.right.begins, axis=0)
        ap += best[0, self.right.begins]  # at recall 0 the highest of all is read
        ap /= len(RECALLS)
        ap[:, truths == 0] = np.nan
        return _Averages(
            ap.mean(axis=0, dtype=np.float64),
            ap[0],
            ap[5],
            ratio(first.mean(axis=0), truths),
            ratio((found - later).mean(axis=0), truths),
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
    in_range = _Runs.of([np.append(nothing, seen[:last])], nothing)
    right = _Runs.of([each.right for each in hits], nothing)
    until = _Runs.of([each.until for each in hits])
    corrected = _Runs.of([np.append(nothing, each.corrected) for each in hits], nothing)
    corrected_until = _Runs.of([each.corrected_until for each in hits]).rows
    changes = any(len(each.corrected) for each in hits)
    few = scope.range == AREA_RANGES[0]  # what only the first confident ones find is asked there
    first, tenth = MAX_DETECTIONS[:2]
    return _ClassRows(
        truths,
        in_range,
        right,
        in_range.places(until.rows, np.zeros_like(right.iou)),
        corrected,
        corrected.places(corrected_until, right.iou) if changes else right.iou[:0],
        _padded([each.right[few & (each.rank < first)] for each in hits], nothing),
        _padded([each.right[few & (each.rank >= tenth)] for each in hits], nothing),
    )


def _last(row: Indices, filler: int | None) -> int:
    if filler is not None:
        return filler
    return int(row[-1]) if len(row) else 0


def _padded(rows: Sequence[Indices], filler: int) -> Indices:
    """[J, length] rows one below the other, and behind each the filler."""
    padded = np.full((len(rows), max(map(len, rows))), filler)
    for line, row in zip(padded, rows, strict=True):
        line[: len(row)] = row
    return padded


def _recalls_reached(right: Floats, truths: Ratios) -> Floats:
    """At how many recalls above 0 so many true positives of truths [S] may be read.

    right [..., S] is overwritten. Where a recall would be reached exactly, it is: rounding
    takes away less than is added. Only the recalls that pycocotools rounds up are not.
    """
    meets = np.outer(truths, ROUNDED_UP) % INTERVALS == 0
    meeting = np.flatnonzero(meets.any(axis=1) & (truths > 0))
    exact = _exact_reads(right[..., meeting].astype(np.intp), truths[meeting].astype(np.intp))
    added = 4 * np.finfo(right.dtype).eps
    right *= ((1 + added) * INTERVALS / np.maximum(truths, 1)).astype(right.dtype)
    np.floor(right, out=right)
    right[..., meeting] = exact
    return right


def _laid_flat(sums: Floats) -> Floats:
    return sums.reshape(-1, sums.shape[-1])


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
