"""Readers of datasets and predictions: one module a format, tried in order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from engine.dataset import DetectionDataset, Predictions
from engine.errors import DataError
from engine.formats import coco
from engine.formats.column_cache import ColumnCache


class Reader(Protocol):
    """What a module of this package offers."""

    LOOKS_LIKE: str

    def recognises(self, path: Path) -> bool: ...
    def read_dataset(self, path: Path, images: Path | None) -> DetectionDataset: ...


USERS_CACHE = ColumnCache()
READERS: Mapping[str, Reader] = {"coco": coco}


def read_dataset(
    path: Path, images: Path | None = None, data_format: str | None = None
) -> DetectionDataset:
    """The ground truth in a file; image files are looked for under images, else beside it.

    Raises DataError when the file is not there, or no format (or not the one that
    data_format names) can read it.
    """
    if not path.exists():
        raise DataError(path, "there is no such file or folder")
    if images is not None and not images.is_dir():
        raise DataError(images, "there is no such folder of images")
    if data_format is not None:
        return READERS[data_format].read_dataset(path, images)
    for reader in READERS.values():
        if reader.recognises(path):
            return reader.read_dataset(path, images)
    looked_for = "; ".join(reader.LOOKS_LIKE for reader in READERS.values())
    raise DataError(path, f"no known ground truth in it. Looked for: {looked_for}")


def read_predictions(
    path: Path, dataset: DetectionDataset, cache: ColumnCache | None = USERS_CACHE
) -> tuple[Predictions, tuple[str, ...]]:
    """Predictions from a file, and sentences about those that had to be left out.

    The columns of a big file are kept in the cache, None for nowhere.
    """
    if not path.exists():
        raise DataError(path, "there is no such file of predictions")
    return coco.read_predictions(path, dataset, cache)
