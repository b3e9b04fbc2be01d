"""COCO results, `[{image_id, category_id, bbox, score}]`, as predictions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import msgspec
import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.core.similar_names import found_names
from engine.formats.parts.class_evidence import found_objects, plainly
from engine.formats.parts.class_matching import said_twice
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
from engine.formats.predictions.result_images import ResultImages
from engine.util.progress import OnBytes, unwatched
from engine.util.words import number

LOOKS_LIKE = "COCO results, a JSON list of {image_id, category_id, bbox, score}"


class _Run(msgspec.Struct):
    """What the run file of `offdiag score` tells of the output it lies beside."""

    format: str
    classes: list[str]
    ids: str | None = None  # a digest where its ids are those of a data set


class _NamedCategory(msgspec.Struct, gc=False):
    category_id: int
    category_name: str


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


NAMED_WITHIN: Final = 2**12  # bytes of a file, within which the first rows stand
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
        own: Sequence[str],
        places: Indices,
    ) -> Self:
        """With names of their own, at places of the dataset, the categories count those from 1."""
        categories = IdIndex(dataset.category_ids)
        class_of = np.arange(len(dataset.classes))
        if own:
            categories = IdIndex(range(1, len(own) + 1))
            class_of = places
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
    synonyms: bool = True,
    *,
    own: Sequence[str] = (),
    ids_in_names: bool = False,
) -> tuple[Predictions, tuple[str, ...]]:
    """Results in file order, and what had to be left out or looks wrong, in words.

    Where the dataset itself has no ids, categories count its classes from 1, as newer
    versions of Ultralytics write them, or from 0, as older ones do, if a 0 is among them, unless
    the objects plainly show the other way. So they do where the ids of the dataset are 1 to C.
    strict keeps results whose score is NaN or infinite, as pycocotools does. An image_id may
    also be the name of its file, or ids_in_names the number that this name is, which is
    found out; a file_name beside it decides. Categories of `offdiag score` are matched by
    name: own are its classes, as scored_classes finds them.
    """
    named = found_names(own, dataset.classes, synonyms)
    if named.ambiguous:
        raise DataError(path, said_twice(dataset, named.ambiguous[0]))
    reading = _Reading.of(path, dataset, strict, own, named.place)
    try:
        parts = [reading.sieve.kept(found) for found in _in_pieces(path, reading, seen)]
    except NotInPiecesError:
        reading = _Reading.of(path, dataset, strict, own, named.place)
        rows: list[ResultRow] = read_json(path, list[ResultRow], LOOKS_LIKE, "results")
        parts = [reading.sieve.kept(reading.of_rows(rows))]
    kept = Predictions.join(parts)
    if not ids_in_names and (in_names := reading.images.ids_in_names(kept)) is not None:
        again = replace(dataset, image_ids=in_names.ids)
        kept, notes = read_results(path, again, strict, seen, synonyms, own=own, ids_in_names=True)
        return kept, (in_names.sentence, *notes)
    if not own and dataset.category_ids == tuple(range(1, len(dataset.classes) + 1)):
        why = _why_from_0(dataset, kept, 0 in reading.sieve.unknown_categories)
        if why is not None:
            from_0 = replace(dataset, category_ids=tuple(range(len(dataset.classes))))
            kept, notes = read_results(
                path, from_0, strict, seen, synonyms, ids_in_names=ids_in_names
            )
            if dataset.ids_are_ours:
                return kept, (notes[0] + why, *notes[1:])
            said = f"category ids count from 0, not from 1 as in {dataset.source.name}, so 0 is "
            return kept, (f"{said}{dataset.classes[0]}{why}", *notes)
    reading.sieve.refuse(path, dataset, dataset.image_ids)
    notes = (*reading.sieve.notes(kept, dataset), *reading.notes())
    if own:
        said = "category ids count the classes of the model that scored, which are known by name"
        notes = (said, *([named.sentence] if named.sentence else []), *notes)
    elif dataset.ids_are_ours:
        first = dataset.category_ids[0]
        said = f"category ids count the classes from {first}, so {first} is {dataset.classes[0]}"
        notes = (said, *notes)
    return kept, notes


def _why_from_0(dataset: DetectionDataset, found: Predictions, has_0: bool) -> str | None:
    """What to add where ids that were read as counting from 1 count from 0; None for from 1.

    A single stray row can have a 0, and a model may never have found the first class, so the
    objects have the last word where they are plain. Where the ids are those of the dataset
    nothing else speaks against them.
    """
    objects = found_objects(dataset, found.image, found.confidence, found.box)
    class_ = found.class_[objects.row]
    from_1, from_0 = (int((objects.class_ == class_ + more).sum()) for more in (0, 1))
    if has_0 and dataset.ids_are_ours:
        return None if plainly(from_1, from_0) else ""
    if not plainly(from_0, from_1):
        return None
    return (
        f": {from_0:,} of {len(class_):,} boxes that lie on an object have its class so, "
        f"{from_1:,} counted from 1"
    )


def run_file(path: Path) -> Path:
    """Where `offdiag score` tells how it made an output."""
    return path.with_name(f"{path.name}.run.json")


def scored_classes(path: Path) -> tuple[str, ...]:
    """The classes of the model that `offdiag score` made these results with, or none.

    Its rows name their categories, which count the model's classes from 1; older ones leave
    that to the file beside them.
    """
    try:
        with path.open("rb") as file:
            named = b'"category_name"' in file.read(NAMED_WITHIN)
        if named:
            rows = msgspec.json.decode(path.read_bytes(), type=list[_NamedCategory])
            names = {row.category_id: row.category_name for row in rows}
            if names and min(names) > 0:
                every = range(1, max(names) + 1)
                return tuple(names.get(id_, f"category {id_}") for id_ in every)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        pass
    try:
        run = msgspec.json.decode(run_file(path).read_bytes(), type=_Run)
    except (OSError, msgspec.MsgspecError):
        return ()
    return tuple(run.classes) if run.format == "coco" and run.ids is None else ()


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
