"""Text files of named boxes, one an image, as the two best-known scripts for mAP read them.

Cartucho (github.com/Cartucho/mAP) has `class left top right bottom [difficult]`; Padilla
(github.com/rafaelpadilla/Object-Detection-Metrics) that or `class left top width height`,
in pixels, or from the centre in parts of the image. Which it is is decided by the boxes
that lie within their images.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.dataset import DetectionDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.boxes_in_parts import PARTS_TO
from engine.formats.parts.file_places import files_of
from engine.formats.parts.gathering import Oddities, drawn_boxes, in_order, made_dataset
from engine.formats.parts.image_files import find_images_by_stem, is_image_name
from engine.formats.parts.image_sizes import refuse_unknown_sizes, with_sizes
from engine.formats.parts.text_files import is_number, read_text, shown
from engine.formats.parts.yolo_layouts import NAME_FILES
from engine.formats.predictions.txt_columns import decide_boxes, decide_together
from engine.formats.predictions.txt_predictions import boxes_in_text

LOOKS_LIKE = "text files of named boxes, 'class left top right bottom' or with width and height"
FOLDERS: Final = ("ground-truth", "groundtruths", "ground_truth", "groundtruth")
PICTURES: Final = ("images-optional", "images", "JPEGImages")
EXPECTED: Final = "expected 'class left top right bottom' or 'class left top width height'"
DIFFICULT: Final = "difficult"


@dataclass
class _Rows:
    """Lines of all files, in the order of the files' names."""

    file: list[int] = field(default_factory=list)
    class_: list[str] = field(default_factory=list)
    numbers: list[list[float]] = field(default_factory=list)  # four each
    difficult: list[bool] = field(default_factory=list)
    place: list[str] = field(default_factory=list)


def recognises(path: Path) -> bool:
    """Whether the first line in a folder's text files is a box of a class with a name.

    Of a class with a number it must be in pixels and have no image beside it: what has
    is YOLO.
    """
    for file in _files(path):
        try:
            lines = [line for line in read_text(file).splitlines() if line.strip()]
        except DataError:
            return False
        if not lines:
            continue
        row = _row(lines[0])
        if row is None:
            return False
        class_, numbers, _ = row
        if not class_.isdecimal():
            return True
        beside = any(is_image_name(other.name) for other in file.parent.glob(f"{file.stem}.*"))
        return max(numbers) > PARTS_TO and not beside
    return False


def read_dataset(
    path: Path, images: Path | None = None, predictions: Path | None = None
) -> DetectionDataset:
    """Ground truth with an image for each text file, classes in the order of their names.

    Pixels are looked for under images, else in the folder and beside it. What the columns are
    is decided together with the predictions that go with it, if those are text files too.
    Raises DataError with file and line of what is no box.
    """
    files = _files(path)
    if not files:
        raise DataError(path, f"there are no text files in it; expected {LOOKS_LIKE}")
    rows = _Rows()
    for index, file in enumerate(files):
        _read_file(file, index, rows)
    if not rows.file:
        raise DataError(path, f"its {len(files):,} text files hold no box; expected {LOOKS_LIKE}")
    pictures = _pictures(files, images)
    pictures, unknown = with_sizes(pictures)
    image = np.array(rows.file, np.intp)
    numbers = np.array(rows.numbers, np.float64)
    size = pictures.size.take(image, axis=0).astype(np.float64)
    unsized = np.any(size <= 0, axis=1)
    size[unsized] = np.nan
    columns, form = decide_boxes(numbers, size), ""
    theirs = boxes_in_text(predictions, pictures.name, pictures.size) if predictions else None
    if theirs is not None:
        columns, form = decide_together(numbers, size, *theirs)
    odd = Oddities()
    kept = np.arange(len(image))
    if columns.parts:
        needed = np.unique(image)
        lacking = {each: why for each, why in unknown.items() if each in set(needed.tolist())}
        refuse_unknown_sizes(path, pictures.name, lacking, len(needed))
        odd.add_where("of an image of unknown size", unsized, rows.place)
        kept = np.flatnonzero(~unsized)
    five = np.hstack([numbers, np.ones((len(numbers), 1))])
    classes = in_order((), rows.class_)
    place = {name: number for number, name in enumerate(classes)}
    difficult = np.array(rows.difficult, np.bool_).take(kept)
    drawn = drawn_boxes(
        image.take(kept),
        np.array([place[name] for name in rows.class_], np.intp).take(kept),
        columns.boxes(five, size).take(kept, axis=0),
        difficult,
        difficult,
        [rows.place[row] for row in kept.tolist()],
    )
    notes = () if columns.sure and not form else (columns.boxes_sentence,)
    return replace(made_dataset(path, classes, pictures, drawn, notes, odd), text_form=form)


def _files(path: Path) -> list[Path]:
    """The text files of a folder, or of ground-truth/ in it, without those that name classes."""
    if not path.is_dir():
        return []
    inside = [path / name for name in FOLDERS if (path / name).is_dir()]
    folder = inside[0] if inside else path
    return [file for file in files_of(folder, ".txt") if file.name.lower() not in NAME_FILES]


def _row(text: str) -> tuple[str, list[float], bool] | None:
    """The class, the four numbers and whether it is difficult; None for no such line."""
    parts = text.split()
    difficult = len(parts) > 5 and parts[-1] == DIFFICULT
    parts = parts[:-1] if difficult else parts
    try:
        numbers = [float(part) for part in parts[-4:]]
    except ValueError:
        return None
    class_ = parts[:-4]
    if not class_ or len(numbers) != 4 or (len(class_) > 1 and is_number(class_[-1])):
        return None
    return " ".join(class_), numbers, difficult


def _read_file(path: Path, index: int, rows: _Rows) -> None:
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        if not text.strip():
            continue
        row = _row(text)
        if row is None:
            raise DataError(path, f"{EXPECTED}, got {shown(text)}", line=line)
        class_, numbers, difficult = row
        rows.file.append(index)
        rows.class_.append(class_)
        rows.numbers.append(numbers)
        rows.difficult.append(difficult)
        rows.place.append(f"{path.name}:{line}")


def _pictures(files: Sequence[Path], images: Path | None) -> Images:
    """An image for each file: its pixels are in the first folder that has any of them."""
    stems, folder = [file.stem for file in files], files[0].parent
    places = [images] if images else [folder, *(folder.parent / name for name in PICTURES)]
    found: tuple[Path | None, ...] = (None,) * len(files)
    for place in places:
        if place.is_dir() and any(found := find_images_by_stem(stems, place)):
            break
    names = tuple(
        file.name if file is not None else stem for file, stem in zip(found, stems, strict=True)
    )
    return Images(names, found, np.zeros((len(names), 2), np.intp))
