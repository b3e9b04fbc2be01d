"""Predictions as a folder of text files, one an image: five numbers behind each class.

Ultralytics writes `class x y width height confidence`, in parts of the image and from
the centre; the tools that follow Padilla (github.com/rafaelpadilla/Object-Detection-Metrics)
`class confidence` and then a box in pixels or in parts. What the columns are is decided by
the data (see txt_columns) and told.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.arrays import Boxes, Indices
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.boxes_in_parts import PARTS_TO
from engine.formats.parts.class_evidence import found_objects, plainly
from engine.formats.parts.class_matching import match_classes
from engine.formats.parts.file_places import files_of
from engine.formats.parts.image_names import ImageNames
from engine.formats.parts.image_sizes import refuse_unknown_sizes, with_sizes
from engine.formats.parts.text_files import is_number, read_text, shown
from engine.formats.parts.yolo_layouts import NAME_FILES
from engine.formats.predictions.prediction_rows import BoxesInFile, Sieve
from engine.formats.predictions.txt_columns import (
    TxtColumns,
    fitting_ways,
    may_be_tracks,
    why_no_confidence,
)
from engine.util.words import number

PREDICTIONS_LOOK_LIKE = "a folder of YOLO text files, 'class x y width height confidence' a line"
EXPECTED: Final = "expected 'class x y width height confidence' or 'class confidence' and a box"


@dataclass
class _Rows:
    """Lines of all files, in the order of the files' names."""

    file: list[int] = field(default_factory=list)
    class_: list[str] = field(default_factory=list)
    numbers: list[list[float]] = field(default_factory=list)  # five each
    tracks: int = 0  # lines that end with the id of a track, which is left out


def recognises_predictions(path: Path) -> bool:
    """Whether a folder, or the labels/ in it, holds text files, or is an empty labels/."""
    return path.is_dir() and (bool(_files(path)) or _nothing_found(path))


def read_predictions(
    path: Path, dataset: DetectionDataset, synonyms: bool = True
) -> tuple[Predictions, tuple[str, ...]]:
    """Predictions by file and line, what the columns were taken for, and what was left out.

    A file is matched with an image by its name without the suffix. A class that is a number is
    an index, whatever the names of the classes are. Raises DataError with
    file and line of what is no prediction, and where sizes of images are needed and unknown.
    """
    files = _files(path)
    if not files and _nothing_found(path):
        return Predictions.none(), ()
    if not files:
        raise DataError(path, f"there are no text files in it; expected {PREDICTIONS_LOOK_LIKE}")
    names = [file.relative_to(path).as_posix() for file in files]
    image_of_file = ImageNames(dataset.images.name).find_all([name[:-4] for name in names])
    _refuse_several(path, dataset, names, image_of_file)
    rows = _read_files(files, frozenset(dataset.classes))
    if not rows.file:
        return Predictions.none(), ()
    file_index = np.array(rows.file, np.intp)
    image = image_of_file.take(file_index)
    numbers = np.array(rows.numbers, np.float64).reshape(-1, 5)
    size, unknown = _sizes(dataset, image)
    if problem := why_no_confidence(numbers):
        raise DataError(path, problem)
    ways = fitting_ways(numbers, size, dataset.text_form)
    columns = _on_objects(dataset, image, numbers, size, ways)
    notes = [columns.sentence]
    if dataset.text_form == columns.shape and not columns.parts:
        notes = [f"{columns.words}, as in the ground truth"]
    if columns.confidence_last and columns.parts and (doubt := may_be_tracks(numbers[:, 4])):
        notes.insert(0, doubt)
    if rows.tracks:
        notes.append(f"{number(rows.tracks, 'line')} with the id of a track behind the confidence")
    if columns.parts:
        refuse_unknown_sizes(path, dataset.images.name, unknown, len(np.unique(image[image >= 0])))
        if unknown:
            few = dataset.images.name[next(iter(unknown))]
            lost = int(np.isin(image, list(unknown)).sum())
            notes.append(f"{number(lost, 'prediction')} on images of unknown size, as {few}")
    score, box = columns.confidence(numbers), columns.boxes(numbers, size)
    matched = match_classes(
        path,
        rows.class_,
        dataset,
        synonyms=synonyms,
        only_indices=True,
        seen=lambda: found_objects(dataset, image, score, box),
    )
    sieve = Sieve.of(dataset, "is that what the columns are?", called="image")
    found = BoxesInFile(
        [names[index] for index in rows.file],
        image,
        rows.class_,
        matched.of(rows.class_),
        score,
        box,
    )
    kept = sieve.kept(found)
    sieve.refuse(path, dataset, dataset.images.name)
    every = (*matched.evidence, *sieve.notes(kept, dataset), *notes, *matched.notes)
    return kept, tuple(f"{path.name}: {note}" for note in every)


def _refuse_several(
    path: Path, dataset: DetectionDataset, names: Sequence[str], image: Indices
) -> None:
    """Raise DataError where an image has several files, as two runs in one folder have."""
    first: dict[int, str] = {}
    for name, place in zip(names, image.tolist(), strict=True):
        if place >= 0 and (other := first.setdefault(place, name)) != name:
            raise DataError(
                path,
                f"{other} and {name} are both predictions for {dataset.images.name[place]}: name "
                "the folder of one run",
            )


def boxes_in_text(path: Path, names: Sequence[str], size: Indices) -> tuple[Boxes, Boxes] | None:
    """The numbers [N, 5] of such a folder, and [N, 2] the sizes of their images, NaN if unknown.

    size is [I, 2] of the images of these names. None for what cannot be read as such.
    """
    try:
        files = _files(path)
        rows = _read_files(files, frozenset())
    except DataError:
        return None
    numbers = np.array(rows.numbers, np.float64).reshape(-1, 5)
    if not len(numbers) or why_no_confidence(numbers):
        return None
    found = ImageNames(names).find_all([file.stem for file in files])
    known = np.vstack([np.where(size > 0, size.astype(np.float64), np.nan), [np.nan, np.nan]])
    image = found.take(np.array(rows.file, np.intp))
    return numbers, known.take(np.where(image >= 0, image, len(known) - 1), axis=0)


def _on_objects(
    dataset: DetectionDataset,
    image: Indices,
    numbers: Boxes,
    size: Boxes,
    ways: Sequence[TxtColumns],
) -> TxtColumns:
    """The first way, unless by another plainly more boxes lie on an object."""
    if len(ways) == 1:
        return ways[0]
    counts = [
        len(found_objects(dataset, image, way.confidence(numbers), way.boxes(numbers, size)).row)
        for way in ways
    ]
    best = int(np.argmax(counts))
    best = best if plainly(counts[best], counts[0]) else 0
    others = max(count for at, count in enumerate(counts) if at != best)
    return replace(ways[best], sure=plainly(counts[best], others))


def _nothing_found(path: Path) -> bool:
    """Whether this is a folder of labels without a single one, as a run leaves it."""
    folder = path / "labels" if (path / "labels").is_dir() else path
    return folder.name == "labels" and not any(folder.iterdir())


def _files(path: Path) -> list[Path]:
    """The text files of a folder, or of labels/ in it, without those that name classes."""
    if not path.is_dir():
        return []
    folder = path / "labels" if (path / "labels").is_dir() else path
    every = files_of(folder, ".txt", below=True)
    return [file for file in every if file.name.lower() not in NAME_FILES]


def _read_files(files: Sequence[Path], known: Container[str]) -> _Rows:
    rows = _Rows()
    for index, file in enumerate(files):
        _read_file(file, index, rows, known)
    return rows


def _read_file(path: Path, index: int, rows: _Rows, known: Container[str]) -> None:
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        parts = text.split()
        if not parts:
            continue
        if _ends_with_track(parts):
            parts.pop()
            rows.tracks += 1
        try:
            numbers = [float(part) for part in parts[-5:]]
        except ValueError:
            raise DataError(path, f"{EXPECTED}, got {shown(text)}", line=line) from None
        named = len(parts) > 6 and not is_number(parts[0])
        if len(parts) != 6 and not named:
            raise DataError(path, _wrong_length(text, len(parts)), line=line)
        rows.file.append(index)
        rows.class_.append(_class_of(parts[:-5], known))
        rows.numbers.append(numbers)


def _ends_with_track(parts: Sequence[str]) -> bool:
    """Whether a line is `class x y width height confidence track`, as Ultralytics writes it."""
    if len(parts) < 7:
        return False
    try:
        *box, confidence, track = map(float, parts[-6:])
    except ValueError:
        return False
    are_parts = all(0 <= part <= PARTS_TO for part in box)
    return are_parts and 0 <= confidence <= 1 and track >= 0 and track.is_integer()


def _class_of(parts: Sequence[str], known: Container[str]) -> str:
    """A name, which may have spaces, or a number: 3 for 3.0 as well, but not for a class 3e0."""
    name = " ".join(parts)
    if is_number(name) and not name.isdecimal() and name not in known:
        value = float(name)
        return str(int(value)) if value.is_integer() else name
    return name


def _wrong_length(text: str, count: int) -> str:
    if count == 5:
        return (
            f"{EXPECTED}, got {shown(text)}: without a confidence it is ground truth. "
            "Ultralytics writes confidences with save_conf=True"
        )
    return f"{EXPECTED}, got {shown(text)}"


def _sizes(dataset: DetectionDataset, image: Indices) -> tuple[Boxes, dict[int, str]]:
    """[N, 2] width and height of the image of each row, NaN where unknown, and why it is."""
    pictures, unknown = with_sizes(dataset.images, image[image >= 0])
    size = pictures.size.astype(np.float64)
    size[(size <= 0).any(axis=1)] = np.nan
    size = np.vstack([size, [np.nan, np.nan]])
    return size.take(np.where(image >= 0, image, len(size) - 1), axis=0), unknown
