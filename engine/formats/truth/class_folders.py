"""Class folders: `class/image.jpg`, the name of a folder being the class of what is in it."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.dataset import ClassificationDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.file_places import is_part, no_part, split_folders
from engine.formats.parts.image_files import find_images, images_below, is_image_name
from engine.util.words import listed, number

LOOKS_LIKE = "class folders, a folder with one folder of images for each class"
LABELS_BESIDE: Final = (".json", ".csv", ".tsv", ".xml", ".parquet", ".pq")
LABELS: Final = (*LABELS_BESIDE, ".txt")
NO_CLASSES: Final = frozenset({"images", "labels", "annotations", "jpegimages", "imagesets"})
"""Folders of other formats, whose labels lie in files."""


def recognises(path: Path) -> bool:
    """Whether there are folders with images in them, or folders of the parts of a dataset."""
    if not path.is_dir():
        return False
    here = _folders(path)
    if not here or any(name.lower() in NO_CLASSES for name in here):
        return False
    return bool(_parts(path)) or _has_class_folders(path)


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> ClassificationDataset:
    """Each image with the name of its folder as its class; classes in the order of names.

    Of a folder with val, test and train in it the first of these, or split, is read. An image's
    name is its path in the folder; its file is looked for under images if that is given.
    Raises DataError where there is no image, or images of fewer than two classes.
    """
    if not path.is_dir():
        raise DataError(path, f"this is a file; expected {LOOKS_LIKE}")
    parts = _parts(path)
    if split is not None:
        if split not in parts:
            raise no_part(path, split, parts)
        parts.remove(split)
        parts.insert(0, split)
    root = path / parts[0] if parts else path
    classes = sorted(_folders(root))
    inside = [images_below(root / name) for name in classes]
    if sum(bool(files) for files in inside) < 2:
        some = next((f", only of {c!r}" for c, f in zip(classes, inside, strict=True) if f), "")
        raise DataError(root, f"has no images of two classes{some}; expected {LOOKS_LIKE}")
    names = tuple(f"{c}/{file}" for c, files in zip(classes, inside, strict=True) for file in files)
    files = find_images(names, images) if images else tuple(root / name for name in names)
    facts = [("Class order", "by folder name")]
    if parts:
        others = ", ".join(f"{part}/" for part in parts[1:])
        left = f"; {others} left out: --split names another" if others else ""
        facts.insert(0, ("Part", f"{parts[0]}/{left}"))
    return ClassificationDataset(
        source=root,
        classes=tuple(classes),
        images=Images(names, files, np.zeros((len(names), 2), np.intp)),
        label=np.repeat(np.arange(len(classes)), [len(found) for found in inside]),
        warnings=tuple(_warnings(root, classes, inside)),
        facts=tuple(facts),
    )


def _folders(path: Path) -> list[str]:
    return [entry.name for entry in os.scandir(path) if entry.is_dir() and entry.name[0] != "."]


def _parts(path: Path) -> list[str]:
    """The folders named as parts of a dataset that hold class folders, the one to read first."""
    return [folder.name for folder in split_folders(path) if _has_class_folders(folder)]


def _has_class_folders(path: Path) -> bool:
    """Whether two folders hold images directly, or one does and others are empty.

    Folders that are all called as parts of a dataset are these where a file of labels is in
    one of them or beside them.
    """
    with_images = [name for name in _folders(path) if _holds_an_image(path / name)]
    if not with_images or len(_folders(path)) < 2:
        return False
    if not all(map(is_part, with_images)):
        return True
    inside = any(_holds_labels(path / name, LABELS) for name in with_images)
    return not (inside or _holds_labels(path, LABELS_BESIDE))


def _holds_labels(folder: Path, suffixes: tuple[str, ...]) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.name.lower().endswith(suffixes) for entry in entries)


def _holds_an_image(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(is_image_name(entry.name) for entry in entries)


def _warnings(root: Path, classes: Sequence[str], inside: Sequence[list[str]]) -> Iterator[str]:
    if all(map(is_part, classes)):
        yield (
            f"its classes ({listed(classes)}) are called as the parts of a dataset are: if they "
            "are, name the file of labels with --data"
        )
    empty = [name for name, files in zip(classes, inside, strict=True) if not files]
    if empty:
        yield f"{number(len(empty), 'class folder')} without an image: {listed(empty)}"
    loose = sorted(entry.name for entry in os.scandir(root) if is_image_name(entry.name))
    if loose:
        yield (
            f"{number(len(loose), 'image')} in no class folder ({listed(loose)}): left out; "
            "move each into the folder of its class"
        )
    twice = list(_in_two_classes(root, classes, inside))
    if twice:
        one, other = twice[0]
        yield (
            f"{number(len(twice), 'image')} in two classes: {one} and {other} are the same file; "
            "delete the wrong one"
        )


def _in_two_classes(
    root: Path, classes: Sequence[str], inside: Sequence[list[str]]
) -> Iterator[tuple[str, str]]:
    """Pairs of equal files: of one name and size, then of one content."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for class_, files in zip(classes, inside, strict=True):
        for file in files:
            alike[file.rpartition("/")[2]].append(f"{class_}/{file}")
    for group in alike.values():
        known: dict[bytes, str] = {}
        sizes = [(root / name).stat().st_size for name in group] if len(group) > 1 else []
        for name, size in zip(group, sizes, strict=False):
            if sizes.count(size) == 1:
                continue
            other = known.setdefault(sha256((root / name).read_bytes()).digest(), name)
            if other.partition("/")[0] != name.partition("/")[0]:
                yield other, name
