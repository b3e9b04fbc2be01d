"""The annotations of big files of ground truth, kept beside the columns of predictions."""

from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from engine.core.dataset import GroundTruths
from engine.formats.parts.column_cache import CacheEntry, ColumnCache, Columns, are_boxes

KIND: Final = "truth-2"  # the number is that of the rules of reading
COLUMNS: Final = ("image", "class_", "box", "area", "crowd")

Annotations: TypeAlias = tuple[GroundTruths, tuple[str, ...]]


def entry_of(cache: ColumnCache, content: bytes) -> Path | None:
    """Where the annotations of a file with this content are kept; None if it is too small."""
    return cache.of_content(KIND, content) if len(content) >= cache.worth_keeping else None


def find_annotations(cache: ColumnCache, entry: Path) -> CacheEntry | None:
    """What is kept there; its text is the file but for the annotations."""
    kept = cache.find(entry)
    return kept if kept and set(kept.columns) - {"id"} == set(COLUMNS) else None


def kept_annotations(kept: CacheEntry, images: int, classes: int) -> Annotations | None:
    """The annotations of an entry, if they fit these numbers of images and classes."""
    if not are_boxes(kept.columns, images, classes):
        return None
    columns = kept.columns
    truths = GroundTruths(
        columns["image"],
        columns["class_"],
        columns["box"],
        columns["area"],
        columns["crowd"].astype(np.bool_),
        columns.get("id"),
    )
    return truths, kept.notes


def keep_annotations(cache: ColumnCache, entry: Path, outline: str, found: Annotations) -> None:
    """Keep what was read, beside the file without its annotations."""
    truths, notes = found
    columns: Columns = {name: getattr(truths, name) for name in COLUMNS[:-1]}
    columns["crowd"] = truths.crowd.astype(np.intp)
    if truths.id is not None:
        columns["id"] = truths.id
    cache.keep(entry, CacheEntry(columns, notes, outline))
