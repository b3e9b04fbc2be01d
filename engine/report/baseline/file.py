"""The file of a baseline: JSON, packed by gzip; the same report gives the same bytes."""

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, assert_never

import msgspec
import numpy as np

from engine.classification.given_answers import GivenAnswers
from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.compare.image_counts import ImageCounts
from engine.core.arrays import NOTHING, Ratios
from engine.core.errors import DataError
from engine.core.thresholds import Matching, OperatingPoint
from engine.detection.coco.summary import CocoSummary
from engine.report.baseline.kept import (
    Baseline,
    BaselineOrigin,
    ClassificationBaseline,
    DetectionBaseline,
)
from engine.util.words import json_number

LAYOUT: Final = 1
"""Raised where the file changes, or where the same predictions are counted otherwise."""
MAGIC: Final = b"\x1f\x8b"  # of gzip
MOST: Final = 2**30  # bytes once unpacked
ANEW: Final = "make it anew with `offdiag report --write-baseline`"

Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class _Sketch(msgspec.Struct):
    """What tells a baseline, of any layout, from other files."""

    offdiag_baseline: int


class _Kept(msgspec.Struct, tag_field="task", forbid_unknown_fields=True):
    offdiag_baseline: int
    offdiag: str  # version
    answers: str
    model: str
    predictions: str
    data: str
    ground_truth: str
    source: str
    goal: str
    confidence: Share | None
    classes: list[str]
    images: list[str]
    average_precision: list[float | None]  # of classes
    numbers: dict[str, float | None]  # that are not worked out of what follows


class _Counted(_Kept, tag="detection"):
    iou: Share
    matching: Matching
    strict_coco: bool
    rows: list[Count]  # of each image, below
    class_: list[Count] = msgspec.field(name="class")
    true_positives: list[Count]
    predicted: list[Count]
    ground_truths: list[Count]


class _Answered(_Kept, tag="classification"):
    truth: list[Count]  # of each image that has a prediction
    answer: list[Annotated[int, msgspec.Meta(ge=-1, le=2**31 - 1)]]  # likewise; -1 for none
    without: list[Count]  # images without a prediction


def packed(baseline: Baseline, version: str) -> bytes:
    """The content of a file, written by this version of Offdiag."""
    kept: _Kept
    match baseline:
        case DetectionBaseline():
            kept = _of_counts(baseline, version)
        case ClassificationBaseline():
            kept = _of_answers(baseline, version)
        case _:
            assert_never(baseline)
    return gzip.compress(msgspec.json.encode(kept), mtime=0)


def read_baseline(path: Path) -> Baseline:
    """What a file keeps. Raises DataError for one that is none, is damaged or of another layout."""
    content = _unpacked(path)
    try:
        layout = msgspec.json.decode(content, type=_Sketch).offdiag_baseline
    except msgspec.MsgspecError:
        raise _foreign(path) from None
    if layout != LAYOUT:
        newer = layout > LAYOUT
        raise DataError(
            path,
            f"was written by {'a newer' if newer else 'an earlier'} version of offdiag (layout "
            f"{layout}, this one reads {LAYOUT}): {'update offdiag, or ' if newer else ''}{ANEW}",
        )
    try:
        kept = msgspec.json.decode(content, type=_Counted | _Answered)
        return _counted(kept) if isinstance(kept, _Counted) else _answered(kept)
    except (msgspec.MsgspecError, _DamagedError) as error:
        raise DataError(path, f"is a damaged baseline ({error}): {ANEW}") from None


def _unpacked(path: Path) -> bytes:
    if path.is_dir():
        raise DataError(path, "is a folder: name the file of a baseline")
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise _foreign(path)
        with gzip.open(path) as packed_:
            content = packed_.read(MOST + 1)
    except FileNotFoundError:
        raise DataError(
            path, "there is no such baseline: `offdiag report --write-baseline` makes one"
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataError(path, f"is cut off or damaged: {ANEW}") from None
    except OSError as error:
        raise DataError(path, f"cannot be read ({error.strerror})") from None
    if len(content) > MOST:
        raise _foreign(path)
    return content


def _foreign(path: Path) -> DataError:
    return DataError(path, "is no baseline: `offdiag report --write-baseline` makes one")


class _DamagedError(Exception):
    """What does not fit together."""


def _of_counts(baseline: DetectionBaseline, version: str) -> _Counted:
    counts = baseline.counts
    order = np.lexsort((counts.class_, counts.image))
    return _Counted(
        **_common(baseline.origin, version),
        confidence=json_number(baseline.point.confidence),
        average_precision=_numbers(baseline.average_precision),
        numbers={name: json_number(value) for name, value in baseline.coco.items()},
        iou=baseline.point.iou,
        matching=baseline.point.matching,
        strict_coco=baseline.strict_coco,
        rows=np.bincount(counts.image, minlength=counts.images).tolist(),
        class_=counts.class_.take(order).tolist(),
        true_positives=counts.true_positives.take(order).tolist(),
        predicted=counts.predictions.take(order).tolist(),
        ground_truths=counts.ground_truths.take(order).tolist(),
    )


def _of_answers(baseline: ClassificationBaseline, version: str) -> _Answered:
    return _Answered(
        **_common(baseline.origin, version),
        confidence=json_number(baseline.confidence),
        average_precision=_numbers(baseline.average_precision),
        numbers={name: json_number(value) for name, value in baseline.headline.items()},
        truth=baseline.given.truth.tolist(),
        answer=baseline.given.answer.tolist(),
        without=np.flatnonzero(~baseline.there).tolist(),
    )


def _common(origin: BaselineOrigin, version: str) -> dict[str, Any]:
    return {
        "offdiag_baseline": LAYOUT,
        "offdiag": version,
        "answers": origin.answers,
        "model": origin.model,
        "predictions": origin.predictions,
        "data": origin.data,
        "ground_truth": origin.ground_truth,
        "source": origin.source,
        "goal": origin.goal,
        "classes": list(origin.classes),
        "images": list(origin.images),
    }


def _counted(kept: _Counted) -> DetectionBaseline:
    images, classes = len(kept.images), len(kept.classes)
    rows, class_, right, predicted, truths = (
        np.array(column, np.int64)
        for column in (
            kept.rows,
            kept.class_,
            kept.true_positives,
            kept.predicted,
            kept.ground_truths,
        )
    )
    _check(len(rows) == images, "not as many images as rows of images")
    lengths = {len(column) for column in (class_, right, predicted, truths)}
    _check(lengths == {int(rows.sum())}, "columns of different lengths")
    image = np.repeat(np.arange(images), rows)
    _check(class_.max(initial=-1) < classes, "a class that it does not name")
    distinct = np.unique(image * max(classes, 1) + class_)
    _check(len(distinct) == len(class_), "a class twice in an image")
    _check((right <= np.minimum(predicted, truths)).all(), "more right than there are")
    _check_numbers(kept, CocoSummary._fields)
    counts = ImageCounts(image, class_, right, predicted, truths, images, classes)
    as_they_are = np.arange(images), np.arange(classes)
    return DetectionBaseline(
        _origin(kept),
        OperatingPoint(kept.iou, _number(kept.confidence), kept.matching),
        kept.strict_coco,
        counts.renumbered(*as_they_are),
        {name: _number(value) for name, value in kept.numbers.items()},
        _ratios(kept.average_precision),
    )


def _answered(kept: _Answered) -> ClassificationBaseline:
    images, classes = len(kept.images), len(kept.classes)
    truth, answer = (np.array(column, np.intp) for column in (kept.truth, kept.answer))
    without = np.array(kept.without, np.intp)
    _check(without.max(initial=-1) < images, "an image that it does not name")
    there = np.ones(images, np.bool_)
    there[without] = False
    _check(len(truth) == len(answer) == there.sum(), "not as many answers as images")
    highest = max(truth.max(initial=-1), answer.max(initial=NOTHING))
    _check(highest < classes, "a class that it does not name")
    _check_numbers(kept, HEADLINE_METRICS)
    return ClassificationBaseline(
        _origin(kept),
        _number(kept.confidence),
        there,
        GivenAnswers(truth, answer, classes),
        {name: _number(value) for name, value in kept.numbers.items()},
        _ratios(kept.average_precision),
    )


def _origin(kept: _Kept) -> BaselineOrigin:
    return BaselineOrigin(
        answers=kept.answers,
        model=kept.model,
        predictions=kept.predictions,
        data=kept.data,
        ground_truth=kept.ground_truth,
        classes=tuple(kept.classes),
        images=tuple(kept.images),
        source=kept.source,
        goal=kept.goal,
    )


def _check(holds: bool | np.bool_, problem: str) -> None:
    if not holds:
        raise _DamagedError(problem)


def _check_numbers(kept: _Kept, names: Sequence[str] | Any) -> None:
    _check(kept.numbers.keys() == {*names}, "not the numbers of a report")
    _check(len(kept.average_precision) == len(kept.classes), "not as many numbers as classes")


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _ratios(values: Sequence[float | None]) -> Ratios:
    return np.array([_number(value) for value in values], np.float64)


def _numbers(values: Ratios) -> list[float | None]:
    return [json_number(value) for value in values.tolist()]
