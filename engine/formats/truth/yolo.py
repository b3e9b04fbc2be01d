"""YOLO ground truth: `data.yaml`, a folder of images and labels, or darknet's `obj.data`."""

from pathlib import Path
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import DetectionDataset, Images, places
from engine.core.errors import DataError
from engine.formats.parts.file_places import files_of
from engine.formats.parts.gathering import DrawnBoxes, Oddities, drawn_boxes, made_dataset
from engine.formats.parts.image_files import find_images, is_image_name
from engine.formats.parts.image_sizes import refuse_unknown_sizes, with_sizes
from engine.formats.parts.yolo_labels import Labels, in_pixels, read_labels, usable_rows
from engine.formats.parts.yolo_layouts import (
    YoloLayout,
    obj_data_of,
    of_folder,
    of_obj_data,
    of_yaml,
    yaml_of,
)
from engine.util.words import number

LOOKS_LIKE = "YOLO labels, a data.yaml, a folder with images/ and labels/, or an obj.data"
MOST_UNNAMED: Final = 10_000  # classes that may be numbered: a larger id is no class


def recognises(path: Path) -> bool:
    """Whether there is a description of a YOLO dataset, or label files beside images."""
    if yaml_of(path) or obj_data_of(path):
        return True
    if not path.is_dir():
        return False
    if (path / "labels").is_dir():
        return bool(files_of(path / "labels", ".txt", below=True))
    stems = {file.stem for file in files_of(path, ".txt")}
    return any(is_image_name(file.name) and file.stem in stems for file in path.iterdir())


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth with classes in the order of their numbers.

    Of several splits `val` is read, else `test`, else `train`, unless one is named. An image
    without a label file is one without objects. Boxes are in parts of the image, so the size of
    each is read from its file; images whose size cannot be known are left out.
    """
    if file := yaml_of(path):
        layout = of_yaml(file, split)
    elif file := obj_data_of(path):
        layout = of_obj_data(file, split)
    elif path.is_dir():
        layout = of_folder(path, split)
    else:
        raise DataError(path, f"expected {LOOKS_LIKE}")
    files = layout.files
    if images is not None:
        given = find_images(layout.images, images)
        files = tuple(new or old for new, old in zip(given, files, strict=True))
    labels = read_labels(layout.labels, keypoints=layout.keypoints)
    names, notes = _names(path, layout, labels)
    odd = Oddities()
    rows = usable_rows(path, labels, len(names), odd)
    pictures = Images(layout.images, files, np.zeros((len(files), 2), np.intp))
    pictures, drawn, unsized = _in_pixels(path, pictures, labels, rows)
    twice = _named_twice(names)
    every = (*twice, *layout.notes, *notes, *_outlines(labels), *unsized)
    return made_dataset(path, names, pictures, drawn, every, odd)


def _in_pixels(
    path: Path, pictures: Images, labels: Labels, rows: Indices
) -> tuple[Images, DrawnBoxes, tuple[str, ...]]:
    """The images of known size with their boxes, and what to say of the others."""
    image = np.array(labels.image, np.intp).take(rows)
    pictures, unknown = with_sizes(pictures)
    needed = np.unique(image)
    without = {index: unknown[index] for index in needed.tolist() if index in unknown}
    refuse_unknown_sizes(path, pictures.name, without, len(needed))
    notes: tuple[str, ...] = ()
    if without:
        first, why = next(iter(without.items()))
        notes = (
            f"{number(len(without), 'image')} of unknown size, as {pictures.name[first]} ({why}): "
            "left out with their boxes, which are parts of it",
        )
        others = np.setdiff1d(np.arange(len(pictures)), list(without))
        renumbered = places(others, len(pictures)).take(image)
        pictures, kept = pictures.only(others), renumbered != NOTHING
        rows, image = rows[kept], renumbered[kept]
    table = labels.table.take(rows, axis=0)
    box = in_pixels(table[:, 1:], pictures.size.take(image, axis=0))
    place = [labels.place[row] for row in rows.tolist()]
    return pictures, drawn_boxes(image, table[:, 0], box, place=place), notes


def _names(
    path: Path, layout: YoloLayout, labels: Labels
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if layout.names:
        return layout.names, ()
    highest = max((row[0] for row in labels.rows), default=0)
    if highest >= MOST_UNNAMED:
        raise DataError(
            path, f"a class has the number {highest}, and no data.yaml or classes.txt lists names"
        )
    note = "nothing names its classes, which go by their numbers: a classes.txt beside would"
    return tuple(str(class_) for class_ in range(max(highest, 0) + 1)), (note,)


def _named_twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence on the first name that several classes have, if any."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is None:
        return ()
    numbers = ", ".join(str(at) for at, name in enumerate(names) if name == twice)
    return (f"several classes are called {twice} ({numbers}): their numbers tell them apart",)


def _outlines(labels: Labels) -> tuple[str, ...]:
    if not labels.outlines:
        return ()
    outlines = number(labels.outlines, "outline")
    return (f"{outlines} ({labels.first_outline}): the box around each is taken",)
