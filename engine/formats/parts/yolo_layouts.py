"""The three ways in which YOLO datasets say where their images, labels and names are."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.core.errors import DataError
from engine.formats.parts.file_places import (
    SPLITS,
    VALIDATION,
    Listings,
    chosen_part,
    files_of,
    first_existing,
    no_part,
    places,
    short_names,
    split_folders,
)
from engine.formats.parts.image_files import images_below, is_image_name
from engine.formats.parts.text_files import lines_of, names_in, read_text, shown
from engine.formats.parts.yaml_files import read_yaml

NAME_FILES: Final = (
    "classes.txt",
    "obj.names",
    "names.txt",
    "_darknet.labels",
    "predefined_classes.txt",
)


@dataclass(frozen=True)
class YoloLayout:
    """Which images a dataset has, and the label file of each."""

    names: tuple[str, ...]  # of the classes; empty when nothing says them
    images: tuple[str, ...]  # [I]
    files: tuple[Path | None, ...]  # [I] of the pixels
    labels: tuple[Path | None, ...]  # [I]
    keypoints: bool = False  # a line may go on with key points
    notes: tuple[str, ...] = ()


def yaml_of(path: Path) -> Path | None:
    """The description of a dataset: the file itself, or data.yaml in a folder."""
    if path.is_file():
        return path if path.suffix.lower() in (".yaml", ".yml") else None
    called = ("data.yaml", "data.yml", "dataset.yaml")
    here = {file.name.lower(): file for file in reversed(files_of(path, ".yml", ".yaml"))}
    return next((here[name] for name in called if name in here), None)


def obj_data_of(path: Path) -> Path | None:
    """Darknet's description of a dataset: the file itself, or obj.data in a folder."""
    if path.is_file():
        return path if path.suffix.lower() == ".data" else None
    return next((file for file in files_of(path, ".data") if file.is_file()), None)


def of_yaml(path: Path, wanted: str | None = None) -> YoloLayout:
    """`path`, `train`, `val`, `test` and `names`; a split is a folder, a list, or several.

    wanted is the split that a person named. Raises DataError for one that is not there.
    """
    says: dict[str, Any] = read_yaml(path)
    names = names_of_yaml(path, says.get("names"))
    if isinstance(says.get("nc"), int) and names and says["nc"] != len(names):
        raise DataError(path, f"nc is {says['nc']}, but names lists {len(names)}")
    there = [name for name in SPLITS if says.get(name)]
    if wanted is not None and wanted not in there:
        raise no_part(path, wanted, there)
    split = wanted or next(iter(there), None)
    if split is None:
        raise DataError(path, "it names no images: expected val, test or train, a folder or a list")
    root = says.get("path")
    bases = [path.parent]
    if isinstance(root, str) and root:
        bases = [Path(place) for place in places(root, [path.parent])] + bases
    value = says[split]
    pairs: list[tuple[str, str]] = []
    for part in value if isinstance(value, list) else [value]:
        if not isinstance(part, str):
            raise DataError(path, f"{split}: expected a folder, a list of images, or several")
        place = first_existing(part, bases)
        if place is None:
            looked = ", ".join(shown(f"{base / part}", 120)[1:-1] for base in bases[:2])
            raise DataError(path, f"{split}: there is no {shown(part)[1:-1]} (looked for {looked})")
        several = isinstance(value, list) and len(value) > 1
        pairs += _split(place, [*bases, place.parent], place.name if several else "")
    usual = wanted is not None or split in VALIDATION
    notes = () if usual else (f"{path.name} has no val: its {split} is read",)
    return _layout(path, names, pairs, "kpt_shape" in says, notes)


def of_obj_data(path: Path, wanted: str | None = None) -> YoloLayout:
    """Darknet: `valid` or `train` is a list of images, `names` a file of names."""
    says = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if line:
            key, equals, value = line.partition("=")
            if not equals:
                raise DataError(path, f"expected 'key = value', got {line!r}", line=number)
            says[key.strip()] = value.strip()
    there = [name for name in ("valid", "train") if says.get(name)]
    if wanted is not None and wanted not in there:
        raise no_part(path, wanted, there)
    split = wanted or next(iter(there), "train")
    listed = _named(path, says, split)
    names = names_in(_named(path, says, "names"))
    usual = wanted is not None or split == "valid"
    notes = () if usual else (f"{path.name} has no valid: its train is read",)
    return _layout(path, names, _split(listed, [path.parent, listed.parent], ""), False, notes)


def _named(path: Path, says: dict[str, str], key: str) -> Path:
    if not says.get(key):
        raise DataError(path, f"it has no {key}; expected valid or train, and names")
    place = first_existing(says[key], [path.parent])
    if place is None:
        raise DataError(path, f"{key}: there is no {says[key]}, neither here nor beside this file")
    return place


def of_folder(path: Path, wanted: str | None = None) -> YoloLayout:
    """`images/` and `labels/`, or images with their labels beside them.

    Of images in folders of several parts one is read, as chosen_part has it.
    """
    root = path / "images" if (path / "images").is_dir() else path
    pairs = [(name, f"{root}/{name}") for name in images_below(root)]
    if not pairs:
        files = files_of(path / "labels", ".txt", below=True)
        pairs = [(file.stem, f"{file}") for file in files]
    parts = [name.partition("/")[0] if "/" in name else "" for name, _ in pairs]
    called = {folder.name for folder in split_folders(root)}
    counts = Counter(part if part in called else "" for part in parts)
    part, notes = chosen_part(path, counts, wanted, "images")
    if part is not None:
        pairs = [pair for pair, its in zip(pairs, parts, strict=True) if its == part]
    return _layout(path, names_beside(path)[0], pairs, False, notes)


def names_beside(folder: Path) -> tuple[tuple[str, ...], Path]:
    """The names of the classes from a file of names in a folder, and that file; () without one."""
    found = [folder / name for name in NAME_FILES]
    found += [file for file in files_of(folder, ".txt") if file.name.lower() in NAME_FILES]
    found += files_of(folder, ".names")
    file = next((file for file in found if file.is_file()), folder)
    return (names_in(file) if file.is_file() else ()), file


def names_of_yaml(path: Path, says: object) -> tuple[str, ...]:
    """A list, or numbers with a name each; a gap gets its number for a name."""
    if isinstance(says, str):
        file = first_existing(says, [path.parent])
        if file is None:
            raise DataError(path, f"names: there is no {says}")
        return names_in(file)
    if isinstance(says, dict):
        if not all(isinstance(key, int) and 0 <= key < 100_000 for key in says):
            raise DataError(
                path, "names: expected the numbers of classes, from 0, with a name each"
            )
        says = [says.get(number, str(number)) for number in range(max(says, default=-1) + 1)]
    if not isinstance(says, list) or not says:
        raise DataError(path, "it has no names: expected a list of the classes' names")
    if odd := [name for name in says if isinstance(name, list | dict)]:
        raise DataError(
            path, f"names: expected a name for each class, found a {type(odd[0]).__name__}"
        )
    names = tuple(str(name).strip() for name in says)
    for number, name in enumerate(names):
        if not name:
            raise DataError(path, f"names: class {number} has an empty name")
    return names


def _split(place: Path, bases: Sequence[Path], prefix: str) -> list[tuple[str, str]]:
    """The images of a folder or a list: their names, and where each is or should be."""
    if place.is_dir():
        before = f"{prefix}/" if prefix else ""
        return [(before + name, f"{place}/{name}") for name in images_below(place)]
    there = Listings()
    lines = lines_of(place)
    found: list[str] = []
    for line in lines:
        may_be = places(line, bases)
        is_there = (p for p in may_be if there.has(p) or any(map(there.has, _label_places(p))))
        found.append(next(is_there, may_be[0]))
    return list(zip(short_names(lines), found, strict=True))


def _label_places(image: str) -> list[str]:
    """Where the labels of an image may lie: `labels` in place of `images`, or beside it."""
    stem = image[: image.rfind(".")] if is_image_name(image.rpartition("/")[2]) else image
    stem = stem.removesuffix(".txt").removesuffix(".TXT")
    swapped = re.sub(r"^(.*/|)images/", r"\1labels/", stem)
    places = (f"{place}.{suffix}" for suffix in ("txt", "TXT") for place in (swapped, stem))
    return list(dict.fromkeys(places))


def _layout(
    path: Path,
    names: tuple[str, ...],
    pairs: Sequence[tuple[str, str]],
    keypoints: bool,
    notes: tuple[str, ...],
) -> YoloLayout:
    there = Listings()
    first = dict(reversed(pairs))
    distinct = dict.fromkeys(name for name, _ in pairs)
    labels, files = [], []
    for name in distinct:
        place = first[name]
        label = next(filter(there.has, _label_places(place)), None)
        labels.append(Path(label) if label else None)
        is_there = not place.lower().endswith(".txt") and there.has(place)
        files.append(Path(place) if is_there else None)
    if again := len(pairs) - len(distinct):
        notes = (*notes, f"{again} of {len(pairs):,} images are listed again: the first is taken")
    if not distinct:
        raise DataError(path, "there are no images in it")
    notes = (*_shared_labels(tuple(distinct), labels), *notes)
    if not any(labels):
        looked = _label_places(first[next(iter(distinct))])[0]
        raise DataError(
            path,
            f"none of its {len(distinct):,} images has a label file: looked for {looked} and so on",
        )
    return YoloLayout(names, tuple(distinct), tuple(files), tuple(labels), keypoints, notes)


def _shared_labels(images: Sequence[str], labels: Sequence[Path | None]) -> tuple[str, ...]:
    """A sentence where several images have one label file, as a.jpg and a.png have."""
    first: dict[Path, str] = {}
    for image, file in zip(images, labels, strict=True):
        if file is not None and (other := first.setdefault(file, image)) != image:
            return (
                f"{other} and {image} share the label file {file.parent.name}/{file.name}: its "
                "boxes count for each. Remove one of the images if they are the same",
            )
    return ()
