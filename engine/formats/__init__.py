"""Readers of datasets and predictions: one module a format, tried in order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from engine.core.dataset import Dataset, DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.column_cache import ColumnCache
from engine.formats.parts.file_places import VALIDATION, no_part, split_folders
from engine.formats.parts.tables import is_table, open_table
from engine.formats.predictions import txt_predictions
from engine.formats.truth import (
    box_table,
    class_folders,
    coco,
    createml,
    cvat,
    dataiku,
    label_tables,
    labelme,
    one_hot_table,
    open_images,
    pixel_text,
    retinanet_csv,
    several_labels,
    tensorflow_csv,
    voc,
    yolo,
)
from engine.util.progress import OnBytes, unwatched
from engine.util.words import listed


class Reader(Protocol):
    """What a module of this package offers; the type that it returns is the task."""

    LOOKS_LIKE: str

    def recognises(self, path: Path) -> bool: ...
    def read_dataset(self, path: Path, images: Path | None) -> Dataset: ...


class ReaderOfParts(Protocol):
    """A reader of datasets that tell of their parts, of which a person may name one."""

    def read_dataset(self, path: Path, images: Path | None, split: str | None) -> Dataset: ...


class PredictionReader(Protocol):
    """What a module of this package offers that reads predictions."""

    PREDICTIONS_LOOK_LIKE: str

    def recognises_predictions(self, path: Path) -> bool: ...
    def read_predictions(
        self, path: Path, dataset: DetectionDataset, synonyms: bool = True
    ) -> tuple[Predictions, tuple[str, ...]]: ...


USERS_CACHE = ColumnCache()
READERS: Mapping[str, Reader] = {
    "createml": createml,
    "coco": coco,
    "pixel-text": pixel_text,
    "yolo": yolo,
    "voc": voc,
    "cvat": cvat,
    "labelme": labelme,
    "open-images": open_images,
    "tensorflow-csv": tensorflow_csv,
    "retinanet-csv": retinanet_csv,
    "box-table": box_table,
    "dataiku": dataiku,
    "class-folders": class_folders,
    "label-table": label_tables,
    "one-hot-table": one_hot_table,
}
"""By their names on the command line; the first that recognises a file reads it."""
READERS_OF_PARTS: Mapping[str, ReaderOfParts] = {
    "yolo": yolo,
    "voc": voc,
    "cvat": cvat,
    "open-images": open_images,
    "tensorflow-csv": tensorflow_csv,
    "box-table": box_table,
    "dataiku": dataiku,
    "class-folders": class_folders,
    "label-table": label_tables,
    "one-hot-table": one_hot_table,
}
"""Those whose datasets may tell of parts."""
PREDICTION_READERS: Sequence[PredictionReader] = (txt_predictions, box_table, dataiku)
"""Those of predictions, besides COCO's, which any other file is taken for."""
FILES: Final = frozenset((".json", ".csv", ".tsv", ".parquet", ".pq", ".xml"))
"""The suffixes of files that hold all there is; a folder with one of them stands for it."""


def read_dataset(
    path: Path,
    images: Path | None = None,
    data_format: str | None = None,
    seen: OnBytes = unwatched,
    cache: ColumnCache | None = USERS_CACHE,
    predictions: Path | None = None,
    split: str | None = None,
) -> Dataset:
    """The ground truth in a file; image files are looked for under images, else beside it.

    A folder that no format knows stands for its part called val, test or train, as Roboflow
    exports them, else for the one table, JSON or XML file in it. Raises DataError when the
    file is not there, or no format (or not the one that data_format names) can read it. seen
    is told of the bytes of a long file, while it is read; what it raises stops that. The
    annotations of a big file are kept in the cache. predictions are those that will be read
    beside it, which may tell how it is to be read. split is the part to read, such as test,
    where a dataset tells of its parts.
    """
    if not path.exists():
        raise DataError(path, "there is no such file or folder")
    if images is not None and not images.is_dir():
        raise DataError(images, "there is no such folder of images")
    if data_format is not None:
        return _read(data_format, path, images, seen, cache, predictions, split)
    for name, reader in READERS.items():
        if reader.recognises(path):
            return _read(name, path, images, seen, cache, predictions, split)
    if (part := _part_to_read(path, split)) is not None:
        dataset = read_dataset(part, images, None, seen, cache, predictions)
        unusual = part.name.lower() not in VALIDATION and split is None
        notes = (f"{path.name} has no valid: its {part.name} is read",) if unusual else ()
        return replace(dataset, warnings=(*notes, *dataset.warnings))
    if (only := _only_file(path)) is not None:
        return read_dataset(only, images, None, seen, cache, predictions, split)
    _refuse_no_table(path)
    several_labels.refuse_table(path)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        several_labels.refuse_json(path)
    if box_table.recognises_predictions(path):
        return box_table.read_dataset(path, images)  # which says what speaks against it
    looked_for = "; ".join(reader.LOOKS_LIKE for reader in READERS.values())
    raise DataError(path, f"no known ground truth in it. Looked for: {looked_for}")


def _part_to_read(path: Path, split: str | None) -> Path | None:
    """The first part of a dataset, such as valid, in a folder that is none by itself.

    Or the part that is named; DataError where others are there.
    """
    parts = split_folders(path)
    if split is not None and parts and split not in (part.name for part in parts):
        raise no_part(path, split, [part.name for part in parts])
    for part in parts:
        if split is not None and part.name != split:
            continue
        if any(reader.recognises(part) for reader in READERS.values()) or any(
            file.suffix.lower() in FILES for file in part.iterdir()
        ):
            return part
    return None


def _only_file(folder: Path) -> Path | None:
    """The one file in a folder that may be meant; DataError where there are several."""
    if not folder.is_dir():
        return None
    files = sorted(
        each
        for each in folder.iterdir()
        if each.suffix.lower() in FILES and not each.name.startswith(".") and each.is_file()
    )
    if len(files) > 1:
        names = [each.name for each in files]
        raise DataError(folder, f"is a folder: name one of the files in it: {listed(names)}")
    return files[0] if files else None


def _read(
    name: str,
    path: Path,
    images: Path | None,
    seen: OnBytes,
    cache: ColumnCache | None,
    predictions: Path | None,
    split: str | None,
) -> Dataset:
    """COCO's files alone grow so long that one wants to know how far it is, and to keep it."""
    dataset: Dataset
    if name in READERS_OF_PARTS:
        dataset = READERS_OF_PARTS[name].read_dataset(path, images, split)
    elif split is not None:
        raise no_part(path, split, ())
    elif name == "coco":
        dataset = coco.read_dataset(path, images, seen, cache)
    elif name == "pixel-text":
        dataset = pixel_text.read_dataset(path, images, predictions)
    else:
        dataset = READERS[name].read_dataset(path, images)
    if isinstance(dataset, DetectionDataset) and dataset.ground_truths.crowd.all():
        empty = f"{path.name} has no object to find: recall and average precision are undefined"
        return replace(dataset, warnings=(empty, *dataset.warnings))
    return dataset


def _refuse_no_table(path: Path) -> None:
    """Raise DataError where a file is called as a table is, and is none."""
    if is_table(path):
        open_table(path)


def read_predictions(
    path: Path,
    dataset: DetectionDataset,
    cache: ColumnCache | None = USERS_CACHE,
    strict_coco: bool = False,
    seen: OnBytes = unwatched,
    synonyms: bool = True,
) -> tuple[Predictions, tuple[str, ...]]:
    """Predictions from a file, and sentences about those that had to be left out.

    The columns of a big file are kept in the cache, None for nowhere. strict_coco keeps
    COCO results whose score is NaN or infinite, as pycocotools does. seen as for read_dataset.
    With synonyms a class may have another well-known name than in the dataset.
    """
    found, notes = _predictions(path, dataset, cache, strict_coco, seen, synonyms)
    if not len(found):
        notes = (f"{path.name} holds no prediction: nothing was found in any image", *notes)
    return found, notes


def _predictions(
    path: Path,
    dataset: DetectionDataset,
    cache: ColumnCache | None,
    strict_coco: bool,
    seen: OnBytes,
    synonyms: bool,
) -> tuple[Predictions, tuple[str, ...]]:
    if not path.exists():
        raise DataError(path, "there is no such file of predictions")
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        raise DataError(
            path, "is JSON Lines, which is not read: score into .json, .csv or .parquet"
        )
    for reader in PREDICTION_READERS:
        if reader.recognises_predictions(path):
            return reader.read_predictions(path, dataset, synonyms)
    if path.is_file() and not is_table(path):
        return coco.read_predictions(path, dataset, cache, strict_coco, seen, synonyms)
    if (only := _only_file(path)) is not None:
        return _predictions(only, dataset, cache, strict_coco, seen, synonyms)
    _refuse_no_table(path)
    every = (coco.PREDICTIONS_LOOK_LIKE, *(r.PREDICTIONS_LOOK_LIKE for r in PREDICTION_READERS))
    raise DataError(path, f"no known predictions in it. Looked for: {'; '.join(every)}")
