"""The annotations of COCO ground truth: one box each, and what to say of odd ones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Boxes, Indices, Scores
from engine.core.dataset import GroundTruths
from engine.core.errors import DataError
from engine.formats.parts.boxes import NO_BOX, NO_PIXELS, repeated, stands_twice, unusable
from engine.formats.parts.ids import AS_TEXT, Id, IdIndex, refuse_fused
from engine.formats.parts.json_rows import (
    EXACT,
    Four,
    NamedRows,
    NotInPiecesError,
    Read,
    RowError,
    RowReader,
    RowTable,
    counted,
    numbers,
)
from engine.formats.parts.segmentations import boxes_or_outlines
from engine.formats.parts.sniff import decode_json
from engine.util.progress import OnBytes, unwatched
from engine.util.words import number

IDS: Final = ("image_id", "category_id", "id")
NO_ID: Final = np.iinfo(np.int64).min

UNKNOWN_IMAGE = "of images that are not listed"
UNKNOWN_CATEGORY = "of categories that are not listed"
LEFT_OUT: Final = (UNKNOWN_IMAGE, UNKNOWN_CATEGORY, NO_BOX, NO_PIXELS)  # the first that applies

# What is kept and looks wrong, by what it is counted under; in the order in which it is told.
ODD: Final = {
    "outlines": "without a bbox: the box around the segmentation is taken",
    "no area": "without an area: width times height is taken",
    "no crowd": "without iscrowd: taken for single objects",
    "ignore": "marked ignore but not iscrowd: counted, as in pycocotools",
    "negative": "with a negative width or height, which nothing can match: a box is "
    "[left, top, width, height], not two corners",
    "flat": "with a box of no area, which nothing can match",
}
Flag = bool | int | float


class _Sound(msgspec.Struct, gc=False):
    image_id: float
    category_id: float
    bbox: Four
    area: float = np.nan
    iscrowd: float = np.nan
    ignore: float = 0.0
    id: float = np.nan


class Annotation(msgspec.Struct, gc=False):
    """All that a row may hold."""

    image_id: Id
    category_id: Id
    bbox: list[float | None] | None = None
    area: float | None = None
    iscrowd: Flag | None = None
    ignore: Flag | None = None
    id: Id | None = None
    segmentation: Any = None


READER: Final = RowReader(_Sound, Annotation)


@dataclass(frozen=True, eq=False)
class _Columns:
    """Annotations as they stand in the file; NaN for what is missing."""

    image: Indices
    class_: Indices
    box: Boxes
    area: Scores
    crowd: Scores
    ignore: Scores
    id: NDArray[np.int64]  # a number for each distinct id, or NO_ID


@dataclass
class _Reading:
    """Where images and categories stand, and what was seen so far."""

    path: Path
    images: IdIndex
    categories: IdIndex
    seen: Counter[str] = field(default_factory=Counter)
    ids: list[NDArray[np.int64]] = field(default_factory=list)

    def of_table(self, table: RowTable) -> _Columns:
        id_ = numbers(table, "id")
        return _Columns(
            self.images.of_numbers(numbers(table, "image_id")),
            self.categories.of_numbers(numbers(table, "category_id")),
            numbers(table, "bbox"),
            numbers(table, "area"),
            numbers(table, "iscrowd"),
            numbers(table, "ignore"),
            np.where(np.isnan(id_), NO_ID, np.nan_to_num(id_).astype(np.int64)),
        )

    def of_rows(self, rows: Sequence[Annotation]) -> _Columns:
        refuse_fused(self.path, (id_ for row in rows for id_ in (row.image_id, row.category_id)))
        box, made = boxes_or_outlines([r.bbox for r in rows], [r.segmentation for r in rows])
        self.seen["outlines"] += made
        return _Columns(
            self.images.of([row.image_id for row in rows]),
            self.categories.of([row.category_id for row in rows]),
            box,
            np.array([row.area for row in rows], float),
            np.array([row.iscrowd for row in rows], float),
            np.array([row.ignore or 0 for row in rows], float),
            np.array([_id_number(row.id) for row in rows], np.int64),
        )

    def kept(self, found: _Columns) -> GroundTruths:
        """Those that can be used; the others are counted."""
        no_box, no_pixels = unusable(found.box)
        kept = np.ones(len(found.image), np.bool_)
        every = (found.image < 0, found.class_ < 0, no_box, no_pixels)
        for reason, bad in zip(LEFT_OUT, every, strict=True):
            self.seen[reason] += int((bad & kept).sum())
            kept &= ~bad
        rows = np.flatnonzero(kept)
        box, area, crowd = found.box[rows], found.area[rows], found.crowd[rows]
        width, height = box[:, 2], box[:, 3]
        negative = (width < 0) | (height < 0)
        self.ids.append(found.id[rows])
        self.seen["total"] += len(rows)
        self.seen["ignore"] += int(((found.ignore[rows] != 0) & ~(crowd > 0)).sum())
        self.seen["no area"] += int((~np.isfinite(area)).sum())
        self.seen["no crowd"] += int(np.isnan(crowd).sum())
        self.seen["negative"] += int(negative.sum())
        self.seen["flat"] += int((((width == 0) | (height == 0)) & ~negative).sum())
        area = np.where(np.isfinite(area), area, width * height)
        is_crowd = (crowd != 0) & ~np.isnan(crowd)
        return GroundTruths(
            found.image[rows], found.class_[rows], box, area, is_crowd, found.id[rows]
        )


def _id_number(id_: Id | None) -> int:
    if id_ is None:
        return NO_ID
    return int(id_) if not isinstance(id_, str) and -EXACT < id_ < EXACT else hash(id_)


def read_annotations(
    path: Path,
    rows: msgspec.Raw | list[Annotation],
    images: IdIndex,
    categories: IdIndex,
    expected: str,
    seen: OnBytes = unwatched,
) -> tuple[GroundTruths, tuple[str, ...]]:
    """Boxes in file order, and what had to be left out or looks wrong, in words."""
    reading = _Reading(path, images, categories)
    try:
        parts = [reading.kept(found) for found in _columns(reading, rows, seen)]
    except RowError as error:
        problem = str(error).replace(" at [", " at annotations[")
        raise DataError(path, f"expected {expected}; {problem}") from None
    except NotInPiecesError:
        reading = _Reading(path, images, categories)
        whole = decode_json(path, rows, list[Annotation], expected, "annotations")
        parts = [reading.kept(reading.of_rows(whole))]
    found = _joined(parts)
    return found, tuple(_notes(reading, found))


def _columns(
    reading: _Reading, rows: msgspec.Raw | list[Annotation], seen: OnBytes
) -> Iterator[_Columns]:
    if isinstance(rows, list):
        yield reading.of_rows(rows)
        return
    for batch in READER.batches(counted(_read(memoryview(rows)), seen), IDS):
        if isinstance(batch, list):
            yield reading.of_rows(batch)
        else:
            yield reading.of_table(batch.table if isinstance(batch, NamedRows) else batch)


def _read(text: memoryview) -> Read:
    place = 0

    def read(size: int) -> bytes:
        nonlocal place
        part = bytes(text[place : place + size])
        place += size
        return part

    return read


def _joined(parts: Sequence[GroundTruths]) -> GroundTruths:
    if not parts:
        none = np.zeros(0)
        index = none.astype(np.intp)
        return GroundTruths(index, index, none.reshape(-1, 4), none, none.astype(np.bool_))
    image, class_, box, area, crowd, ids = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("image", "class_", "box", "area", "crowd", "id")
    )
    return GroundTruths(image, class_, box, area, crowd, None if (ids == NO_ID).any() else ids)


def _notes(reading: _Reading, found: GroundTruths) -> Iterator[str]:
    seen = reading.seen

    def some(name: str) -> str:
        return number(seen[name], "annotation")

    for reason in LEFT_OUT:
        if seen[reason]:
            yield f"{some(reason)} {reason}: left out"
    kind = np.where(found.crowd, -1 - found.class_, found.class_)  # a crowd repeats no object
    yield from stands_twice(len(repeated(found.image, kind, found.box)))
    for what, index in (("image", reading.images), ("category", reading.categories)):
        if index.across:
            yield f"{what} {AS_TEXT}"
    for what, words in ODD.items():
        if seen[what]:
            yield f"{some(what)} {words}"
    ids = np.concatenate([*reading.ids, np.zeros(0, np.int64)])
    ids = ids[ids != NO_ID]
    if (ids == 0).any():
        yield (
            "the annotation with id 0 is counted like any other: "
            "pycocotools takes a match with it for none, so its figures may be lower"
        )
    rising = bool((ids[1:] > ids[:-1]).all())
    if not rising and (again := len(ids) - len(np.unique(ids))):
        yield (
            f"{number(again, 'annotation')} with the id of an earlier one: all are kept, "
            "where pycocotools counts the last of them in place of each"
        )
