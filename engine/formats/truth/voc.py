"""Pascal VOC: a folder with an XML file an image, or VOC's tree of folders.

Corners are taken as they stand, width being xmax - xmin: VOC itself counts pixels from 1
and both ends in, a habit that the tools which write its format today do not share.
Objects marked difficult are crowds with an outline: see GroundTruths.region.
Source: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html
"""

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np

from engine.core.dataset import DetectionDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.file_places import files_of, no_part
from engine.formats.parts.gathering import BoxGatherer, Oddities, in_order, made_dataset
from engine.formats.parts.image_files import DescribedImages, find_images_or_stems
from engine.formats.parts.image_sizes import whole_side
from engine.formats.parts.text_files import lines_of
from engine.formats.parts.xml_files import begins_with, number_of, read_xml, text_of
from engine.util.words import number

LOOKS_LIKE = "Pascal VOC, a folder of XML files, or one with Annotations/"
SETS: Final = ("val", "valid", "validation", "test", "default", "trainval", "train")
SIDES: Final = ("size/width", "size/height")  # not needed for corners in pixels
NO_CLASS: Final = "without a name"
NO_CORNERS: Final = "without a <bndbox>"


def recognises(path: Path) -> bool:
    """Whether a folder holds XML files that begin with <annotation>."""
    folder = _folder(path)
    first = next(iter(files_of(folder, ".xml")), None) if path.is_dir() else None
    return first is not None and begins_with(first, "annotation")


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth with classes in the order of labelmap.txt, else by name.

    Where ImageSets/Main lists val, test or another set of images, only those are read, or those
    of the set that split names.
    """
    folder = _folder(path)
    files, notes = _files(path, folder, split)
    if not files:
        raise DataError(path, f"there is no XML file in it; expected {LOOKS_LIKE}")
    boxes, odd = BoxGatherer(), Oddities()
    pixels = _pixels(path, images)
    described = DescribedImages(files, pixels)
    names: dict[str, str] = {}  # of an image, and of its XML file
    sizes = []
    for file in files:
        root = read_xml(file)
        if root.tag != "annotation":
            raise DataError(file, f"expected <annotation>, found <{root.tag}>")
        name = described.name(text_of(root, "filename"), file)
        if name in names:
            where = f"{file.name} names {name}, as {names[name]} does"
            odd.add("of images that an earlier file describes", where, len(root.findall("object")))
            continue
        sizes.append(tuple(whole_side(root.findtext(side)) for side in SIDES))
        _read_objects(root, file, len(names), boxes, odd)
        names[name] = file.name
    classes = in_order(_label_map(path), boxes.class_)
    if not classes:
        raise DataError(path, f"no object in its {len(files):,} XML files has a <name>")
    stems = [Path(file).stem for file in names.values()]
    found = find_images_or_stems(list(names), stems, pixels)
    notes = (*described.notes(), *notes)
    pictures = Images(tuple(names), found, np.array(sizes, np.intp).reshape(-1, 2))
    return made_dataset(path, classes, pictures, boxes.columns(classes), notes, odd)


def _read_objects(root: Element, file: Path, image: int, boxes: BoxGatherer, odd: Oddities) -> None:
    for place, object_ in enumerate(root.iterfind("object"), start=1):
        where = f"object {place}"
        name, corners = text_of(object_, "name"), object_.find("bndbox")
        if not name:
            odd.add(NO_CLASS, f"{file.name}, {where}")
            continue
        if corners is None:
            odd.add(NO_CORNERS, f"{file.name}, {where}")
            continue
        left, top, right, bottom = (
            number_of(corners, tag, file, where) for tag in ("xmin", "ymin", "xmax", "ymax")
        )
        difficult = text_of(object_, "difficult").lower() in ("1", "true")
        box = (left, top, right - left, bottom - top)
        boxes.add(image, name, box, f"{file.name}, {where}", difficult=difficult)


def _folder(path: Path) -> Path:
    """Where the XML files are."""
    return path / "Annotations" if (path / "Annotations").is_dir() else path


def _files(path: Path, folder: Path, split: str | None) -> tuple[Sequence[Path], tuple[str, ...]]:
    """The XML files to read, and which set of images that is."""
    if path.is_file():
        if split is not None:
            raise no_part(path, split, ())
        return [path], ()
    every = files_of(folder, ".xml") or files_of(folder, ".xml", below=True)
    sets = path / "ImageSets" / "Main"
    wanted_sets = SETS if split is None else (split,)
    name = next((name for name in wanted_sets if (sets / f"{name}.txt").is_file()), None)
    if split is not None and name is None:
        raise no_part(path, split, [file.stem for file in files_of(sets, ".txt")])
    if name is None or folder == path:
        return every, ()
    by_stem = {file.stem: file for file in every}
    listed = sets / f"{name}.txt"
    wanted = list(dict.fromkeys(_stem(line, by_stem) for line in lines_of(listed)))
    files = [by_stem[stem] for stem in wanted if stem in by_stem]
    if not files:
        raise DataError(
            listed,
            f"names none of the {number(len(every), 'XML file')} in {folder.name}: it lists "
            f"{', '.join(wanted[:3]) or 'nothing'}, and they are {every[0].stem} and so on",
        )
    notes = []
    if len(files) < len(every):
        notes.append(
            f"of {number(len(every), 'XML file')} those of ImageSets/Main/{name}.txt are read: "
            f"{len(files):,}"
        )
    if lacking := [stem for stem in wanted if stem not in by_stem]:
        notes.append(
            f"{number(len(lacking), 'image')} of ImageSets/Main/{name}.txt without an XML file, "
            f"as {lacking[0]}: left out"
        )
    return files, tuple(notes)


def _stem(line: str, known: Container[str]) -> str:
    """What a line of a list names: before a 1 or -1, with a folder or suffix or without."""
    for said in (line, line.split()[0]):
        last = said.replace("\\", "/").rpartition("/")[2]
        for stem in (last, last.rpartition(".")[0]):
            if stem in known:
                return stem
    return line.split()[0]


def _label_map(path: Path) -> list[str]:
    """The classes of CVAT's labelmap.txt, `name:color:parts:actions`, without background."""
    file = path / "labelmap.txt"
    if not file.is_file():
        return []
    names = [line.partition(":")[0].strip() for line in lines_of(file) if line[0] != "#"]
    return [name for name in names if name and name != "background"]


def _pixels(path: Path, images: Path | None) -> Path:
    """The folder of the images."""
    root = images or (path.parent if path.is_file() else path)
    if images is None and (root / "JPEGImages").is_dir():
        root = root / "JPEGImages"
    return root
