"""COCO results, `[{image_id, category_id, bbox, score}]`, as predictions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import msgspec
import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.ids import AS_TEXT, Id, IdIndex, refuse_fused
from engine.formats.parts.json_rows import (
    Four,
    NamedRows,
    NotInPiecesError,
    RowError,
    RowReader,
    RowTable,
    counted,
    numbers,
)
from engine.formats.parts.segmentations import boxes_or_outlines
from engine.formats.parts.sniff import cannot_be_read, read_json, refuse_impostors
from engine.formats.predictions.prediction_rows import BoxesInFile, Sieve
from engine.formats.predictions.result_categories import NamedCategories, counted_otherwise
from engine.formats.predictions.result_images import ResultImages
from engine.util.progress import OnBytes, unwatched
from engine.util.words import number

LOOKS_LIKE = "COCO results, a JSON list of {image_id, category_id, bbox, score}"


class _Sound(msgspec.Struct, gc=False):
    image_id: float
    category_id: float
    score: float
    bbox: Four


class ResultRow(msgspec.Struct, gc=False):
    """All that a row may hold."""

    image_id: Id
    category_id: Id
    bbox: list[float | None] | None = None
    score: float | None = None
    file_name: str | None = None
    segmentation: Any = None


Found: TypeAlias = tuple[Predictions, tuple[str, ...]]
BY_ID: Final = NamedCategories()
READER: Final = RowReader(_Sound, ResultRow, "file_name")


@dataclass
class _Reading:
    """Where the ground truth has its images and categories, and what was seen so far."""

    path: Path
    images: ResultImages
    categories: IdIndex
    sieve: Sieve
    class_of: Indices  # [C] of each category
    outlines: int = 0  # boxes that are those of a segmentation

    @classmethod
    def of(
        cls,
        path: Path,
        dataset: DetectionDataset,
        strict: bool,
        named: NamedCategories,
    ) -> Self:
        """With ids of their own the categories are where these are."""
        categories = IdIndex(named.ids or dataset.category_ids)
        class_of = named.place if named.ids else np.arange(len(dataset.classes))
        sieve = Sieve.of(dataset, strict=strict)
        return cls(path, ResultImages.of(dataset), categories, sieve, class_of)

    def _classes(self, categories: Indices) -> Indices:
        return np.append(self.class_of, NOTHING)[categories]  # NOTHING means the last

    def of_table(self, table: RowTable, names: Sequence[str | None] = ()) -> BoxesInFile:
        image_id, category_id = numbers(table, "image_id"), numbers(table, "category_id")
        return BoxesInFile(
            image_id,
            self.images.of_numbers(image_id, names),
            category_id,
            self._classes(self.categories.of_numbers(category_id)),
            numbers(table, "score"),
            numbers(table, "bbox"),
        )

    def of_rows(self, rows: Sequence[ResultRow]) -> BoxesInFile:
        image_id, category_id = [r.image_id for r in rows], [r.category_id for r in rows]
        refuse_fused(self.path, (*image_id, *category_id))
        score = np.array([row.score for row in rows], float)
        box, made = boxes_or_outlines([r.bbox for r in rows], [r.segmentation for r in rows])
        self.outlines += made
        image = self.images.of_rows(image_id, [row.file_name for row in rows])
        class_ = self._classes(self.categories.of(category_id))
        unscored = np.array([row.score is None for row in rows], np.bool_)
        return BoxesInFile(image_id, image, category_id, class_, score, box, unscored)

    def of_batch(self, batch: RowTable | NamedRows | list[ResultRow]) -> BoxesInFile:
        if isinstance(batch, list):
            return self.of_rows(batch)
        if isinstance(batch, NamedRows):
            return self.of_table(batch.table, batch.names)
        return self.of_table(batch)

    def notes(self) -> Iterator[str]:
        """How images, categories and boxes were found."""
        yield from self.images.notes()
        if self.categories.across:
            yield f"category {AS_TEXT}"
        if self.outlines:
            yield (
                f"{number(self.outlines, 'prediction')} without a bbox: the box around the "
                "segmentation is taken"
            )


def read_results(
    path: Path,
    dataset: DetectionDataset,
    strict: bool = False,
    seen: OnBytes = unwatched,
    *,
    named: NamedCategories = BY_ID,
    ids_found: bool = False,
    counted: bool = False,
) -> Found:
    """Results in file order, and what had to be left out or looks wrong, in words.

    Where the dataset itself has no ids, categories count its classes from 1, as newer
    versions of Ultralytics write them, or from 0, as older ones do, if a 0 is among them, unless
    the objects plainly show the other way. Where it has ids they are these, unless the objects
    plainly show that they count its classes. strict keeps results whose score is NaN or
    infinite, as pycocotools does. An image_id may also be the name of its file, the number that
    this name is, or count from another number, which is found out; a file_name beside it decides.
    named are categories that are known by their names; ids_found and counted: the ids of images,
    of categories, are as they were found out to be.
    """
    reading = _Reading.of(path, dataset, strict, named)
    try:
        parts = [reading.sieve.kept(found) for found in _in_pieces(path, reading, seen)]
    except NotInPiecesError:
        reading = _Reading.of(path, dataset, strict, named)
        rows: list[ResultRow] = read_json(path, list[ResultRow], LOOKS_LIKE, "results")
        parts = [reading.sieve.kept(reading.of_rows(rows))]
    kept = Predictions.join(parts)

    def read_again(dataset: DetectionDataset, ids_found: bool, counted: bool) -> Found:
        return read_results(
            path,
            dataset,
            strict,
            seen,
            named=named,
            ids_found=ids_found,
            counted=counted,
        )

    if not ids_found and (others := reading.images.other_ids(kept)) is not None:
        kept, notes = read_again(replace(dataset, image_ids=others.ids), True, counted)
        return kept, (others.sentence, *notes)
    unknown = reading.sieve.unknown_categories
    if not (named.ids or counted) and (way := counted_otherwise(dataset, kept, unknown)):
        kept, notes = read_again(replace(dataset, category_ids=way.ids), ids_found, True)
        if dataset.ids_are_ours:
            return kept, (notes[0] + way.why, *notes[1:])
        return kept, (way.sentence + way.why, *notes)
    reading.sieve.refuse(path, dataset, dataset.image_ids, reading.images.guess)
    notes = (*named.notes, *reading.sieve.notes(kept, dataset), *reading.notes())
    if dataset.ids_are_ours and not named.ids:
        first = dataset.category_ids[0]
        said = f"category ids count the classes from {first}, so {first} is {dataset.classes[0]}"
        notes = (said, *notes)
    return kept, notes


def _in_pieces(path: Path, reading: _Reading, seen: OnBytes) -> Iterator[BoxesInFile]:
    try:
        with path.open("rb") as file:
            refuse_impostors(path, file.read(200), LOOKS_LIKE)
            file.seek(0)
            for batch in READER.batches(counted(file.read, seen), ("image_id", "category_id")):
                yield reading.of_batch(batch)
    except OSError as error:
        raise cannot_be_read(path, error) from None
    except RowError as error:
        problem = str(error).replace(" at [", " at results[")
        raise DataError(path, f"expected {LOOKS_LIKE}; {problem}") from None
