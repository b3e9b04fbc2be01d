"""COCO results, `[{image_id, category_id, bbox, score}]`, as predictions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import msgspec
import numpy as np

from engine.arrays import Boxes, Indices, Mask, Scores
from engine.dataset import DetectionDataset, Predictions
from engine.errors import DataError
from engine.formats.boxes import NO_BOX, NO_PIXELS, fours, unusable
from engine.formats.ids import EXAMPLES, Id, IdIndex, Ids, examples
from engine.formats.json_rows import (
    Four,
    NotInPiecesError,
    RowError,
    RowReader,
    Table,
    numbers,
)
from engine.formats.sniff import cannot_be_read, read_json, refuse_impostors
from engine.words import number

LOOKS_LIKE = "COCO results, a JSON list of {image_id, category_id, bbox, score}"

UNKNOWN_IMAGE = "for images that the ground truth does not list"
UNKNOWN_CATEGORY = "of categories that the ground truth does not list"
NO_SCORE = "whose score is not a finite number"
LEFT_OUT: Final = (
    UNKNOWN_IMAGE,
    UNKNOWN_CATEGORY,
    NO_SCORE,
    NO_BOX,
    NO_PIXELS,
)  # the first that applies


class _Sound(msgspec.Struct, gc=False):
    image_id: float
    category_id: float
    score: float
    bbox: Four


class _Result(msgspec.Struct, gc=False):
    image_id: Id
    category_id: Id
    bbox: list[float | None] | None = None
    score: float | None = None


READER: Final = RowReader(_Sound, _Result)


@dataclass(frozen=True, eq=False)
class _Columns:
    """Results as they stand in the file; NaN for what is missing."""

    image_id: Ids
    image: Indices
    category_id: Ids
    class_: Indices
    score: Scores
    box: Boxes


@dataclass
class _Reading:
    """What is known of the ground truth, and what was seen of the results so far."""

    images: IdIndex
    categories: IdIndex
    furthest: Boxes  # [2, I] right and bottom from where on a box is far beyond its image
    total: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unknown_images: list[Id] = field(default_factory=list)
    unknown_categories: list[Id] = field(default_factory=list)
    outside: int = 0  # scores not from 0 to 1
    negative: int = 0  # boxes with a negative width or height
    flat: int = 0  # boxes whose width or height is 0
    beyond: int = 0  # boxes that end far beyond their image

    @classmethod
    def of(cls, dataset: DetectionDataset) -> Self:
        size = dataset.images.size.T.astype(float)
        furthest = np.where(size > 0, size * 1.1 + 1, np.inf)
        return cls(IdIndex(dataset.image_ids), IdIndex(dataset.category_ids), furthest)

    def of_table(self, table: Table) -> _Columns:
        image_id, category_id = numbers(table, "image_id"), numbers(table, "category_id")
        return _Columns(
            image_id,
            self.images.of_numbers(image_id),
            category_id,
            self.categories.of_numbers(category_id),
            numbers(table, "score"),
            numbers(table, "bbox"),
        )

    def of_rows(self, rows: Sequence[_Result]) -> _Columns:
        image_id, category_id = [r.image_id for r in rows], [r.category_id for r in rows]
        score = np.array([row.score for row in rows], float)
        box = fours([row.bbox for row in rows])
        image, class_ = self.images.of(image_id), self.categories.of(category_id)
        return _Columns(image_id, image, category_id, class_, score, box)

    def kept(self, found: _Columns) -> Predictions:
        """Those that can be used; the others are counted."""
        self.total += len(found.image)
        no_image, no_category = found.image < 0, found.class_ < 0
        _remember(self.unknown_images, found.image_id, no_image)
        _remember(self.unknown_categories, found.category_id, no_category)
        no_score, (no_box, no_pixels) = ~np.isfinite(found.score), unusable(found.box)
        kept = np.ones(len(found.image), np.bool_)
        every = (no_image, no_category, no_score, no_box, no_pixels)
        for reason, bad in zip(LEFT_OUT, every, strict=True):
            if count := int((bad & kept).sum()):
                self.left_out[reason] += count
                kept &= ~bad
        rows = Predictions(found.image, found.class_, found.score, found.box)
        rows = rows if kept.all() else rows.where(kept)
        self._look_at(rows)
        return rows

    def _look_at(self, rows: Predictions) -> None:
        self.outside += int(((rows.confidence < 0) | (rows.confidence > 1)).sum())
        left, top, width, height = rows.box.T
        negative = (width < 0) | (height < 0)
        self.negative += int(negative.sum())
        self.flat += int((((width == 0) | (height == 0)) & ~negative).sum())
        right, bottom = self.furthest
        far = (left + width > right.take(rows.image)) | (top + height > bottom.take(rows.image))
        self.beyond += int(far.sum())


def _remember(known: list[Id], ids: Ids, which: Mask) -> None:
    """The first few ids that are marked, each once."""
    if len(known) < EXAMPLES and which.any():
        marked = (ids[int(row)] for row in np.flatnonzero(which))
        known[:] = list(dict.fromkeys((*known, *marked)))[:EXAMPLES]


def read_results(path: Path, dataset: DetectionDataset) -> tuple[Predictions, tuple[str, ...]]:
    """Results in file order, and what had to be left out or looks wrong, in words."""
    reading = _Reading.of(dataset)
    try:
        parts = [reading.kept(found) for found in _in_pieces(path, reading)]
    except NotInPiecesError:
        reading = _Reading.of(dataset)
        rows: list[_Result] = read_json(path, list[_Result], LOOKS_LIKE, "results")
        parts = [reading.kept(reading.of_rows(rows))]
    _refuse_other_images(path, dataset, reading)
    return Predictions.join(parts), tuple(_notes(reading))


def _in_pieces(path: Path, reading: _Reading) -> Iterator[_Columns]:
    try:
        with path.open("rb") as file:
            refuse_impostors(path, file.read(200), LOOKS_LIKE)
            file.seek(0)
            for batch in READER.batches(file.read, ("image_id", "category_id")):
                yield reading.of_rows(batch) if isinstance(batch, list) else reading.of_table(batch)
    except OSError as error:
        raise cannot_be_read(path, error) from None
    except RowError as error:
        problem = str(error).replace(" at [", " at results[")
        raise DataError(path, f"expected {LOOKS_LIKE}; {problem}") from None


def _refuse_other_images(path: Path, dataset: DetectionDataset, reading: _Reading) -> None:
    unknown = reading.left_out[UNKNOWN_IMAGE]
    if 2 * unknown > reading.total:
        seen, known = examples(reading.unknown_images), examples(dataset.image_ids)
        raise DataError(
            path,
            f"{unknown:,} of {number(reading.total, 'prediction')} are {UNKNOWN_IMAGE}: they say "
            f"image_id {seen}, where {dataset.source.name} has {known or 'no images'}. "
            "Were they made for another dataset?",
        )


def _notes(reading: _Reading) -> Iterator[str]:
    instances = {UNKNOWN_IMAGE: reading.unknown_images}
    instances[UNKNOWN_CATEGORY] = reading.unknown_categories
    for reason in LEFT_OUT:
        if count := reading.left_out[reason]:
            which = f" ({examples(instances[reason])})" if reason in instances else ""
            yield f"{number(count, 'prediction')} {reason}{which}: left out"
    if reading.outside:
        yield f"{number(reading.outside, 'score')} outside 0 to 1"
    if reading.negative:
        yield (
            f"{number(reading.negative, 'prediction')} with a negative width or height, which can "
            "match nothing: a box is [left, top, width, height], not two corners"
        )
    if reading.flat:
        yield f"{number(reading.flat, 'prediction')} with a box of no area, which can match nothing"
    kept = reading.total - reading.left_out.total()
    if 2 * reading.beyond > kept:
        yield (
            f"{reading.beyond:,} of {number(kept, 'box', 'boxes')} end far beyond their image: "
            "a box is [left, top, width, height], not two corners"
        )
