"""CVAT's own XML, "for images 1.1" and "for video 1.1".

Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np

from engine.core.dataset import DetectionDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.file_places import chosen_part
from engine.formats.parts.gathering import BoxGatherer, Oddities, around, in_order, made_dataset
from engine.formats.parts.image_files import find_images, find_images_by_stem
from engine.formats.parts.image_sizes import whole_side
from engine.formats.parts.xml_files import begins_with, read_xml
from engine.util.words import number

LOOKS_LIKE = "CVAT XML, <annotations> with images or tracks"
Box = tuple[float, float, float, float]
MOST_FRAMES: Final = 10_000_000  # a video of four days: what says more is damaged
NO_BOX_IN: Final = ("points", "polyline", "mask", "skeleton", "cuboid", "tag", "ellipse")
CORNERS: Final = ("xtl", "ytl", "xbr", "ybr")


@dataclass
class _Reading:
    path: Path
    boxes: BoxGatherer = field(default_factory=BoxGatherer)
    odd: Oddities = field(default_factory=Oddities)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)  # of each image, by name
    outlines: int = 0
    turned: int = 0

    def shape(self, shape: Element, label: str, image: int, where: str) -> None:
        """A shape on an image: its box, or what it is instead."""
        if shape.tag not in ("box", "polygon"):
            if shape.tag in NO_BOX_IN:
                self.odd.add(f"drawn as {shape.tag}, which has no box", where)
            return
        if not label:
            self.odd.add("without a label", where)
            return
        if shape.tag == "polygon":
            self.outlines += 1
            self.boxes.add(image, label, around(self._points(shape, where)), where)
            return
        left, top, right, bottom = (self._number(shape, name, where) for name in CORNERS)
        box = (left, top, right - left, bottom - top)
        if turn := self._number(shape, "rotation", where) if shape.get("rotation") else 0.0:
            self.turned += 1
            box = _turned(box, turn)
        self.boxes.add(image, label, box, where)

    def _number(self, shape: Element, name: str, where: str) -> float:
        text = shape.get(name, "")
        try:
            return float(text)
        except ValueError:
            problem = f"{where}: expected a number in {name}, got {text!r}"
            raise DataError(self.path, problem) from None

    def _points(self, shape: Element, where: str) -> list[list[float]]:
        text = shape.get("points", "")
        try:
            points = [[float(part) for part in point.split(",")] for point in text.split(";")]
            if any(len(point) != 2 for point in points):
                raise ValueError
        except ValueError:
            problem = f"{where}: expected points as 'x,y;x,y', got {text[:60]!r}"
            raise DataError(self.path, problem) from None
        return points

    def notes(self) -> Iterator[str]:
        """What was made of shapes that are no upright boxes."""
        if self.outlines:
            yield f"{number(self.outlines, 'polygon')}: the box around each is taken"
        if self.turned:
            turned = number(self.turned, "turned box", "turned boxes")
            yield f"{turned}: the upright box around each is taken"


def recognises(path: Path) -> bool:
    """Whether this is XML that begins with <annotations>, or a folder with such a file."""
    file = _file(path)
    return file is not None and begins_with(file, "annotations")


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth with classes in the order of the task's labels, else by name.

    Of a video each frame is an image; boxes of tracks that are outside it are no boxes. Of a
    project with several subsets one is read, as chosen_part has it.
    """
    file = _file(path)
    if file is None:
        raise DataError(path, f"expected {LOOKS_LIKE}")
    root = read_xml(file)
    if root.tag != "annotations":
        raise DataError(file, f"expected <annotations>, found <{root.tag}>")
    reading = _Reading(file)
    subsets = Counter(image.get("subset", "") for image in root.iterfind("image"))
    counts = {subset: count for subset, count in subsets.items() if subset or len(subsets) > 1}
    part, notes = chosen_part(file, counts, split, "images")
    _read_images(reading, root, part)
    if root.find("track") is not None:
        _read_tracks(reading, root)
    if not reading.sizes:
        raise DataError(file, "it has neither images nor tracks")
    labels = [(label.text or "").strip() for label in root.iterfind("meta//labels/label/name")]
    classes = in_order([label for label in labels if label], reading.boxes.class_)
    if not classes:
        raise DataError(file, "it lists no labels and has no boxes, so there are no classes")
    names = tuple(reading.sizes)
    folder = images or file.parent
    found = find_images(names, folder)
    if root.find("track") is not None and None in found:
        found = find_images_by_stem(names, folder)
    pictures = Images(names, found, np.array(list(reading.sizes.values()), np.intp))
    columns = reading.boxes.columns(classes)
    return made_dataset(path, classes, pictures, columns, (*notes, *reading.notes()), reading.odd)


def _read_images(reading: _Reading, root: Element, part: str | None) -> None:
    """A project has subsets, each with images of its own, perhaps of the same names.

    part is the subset to read, None for all.
    """
    pairs = {(image.get("name", ""), image.get("subset", "")) for image in root.iterfind("image")}
    again = {name for name, count in Counter(name for name, _ in pairs).items() if count > 1}
    for image in root.iterfind("image"):
        name = image.get("name", "")
        if not name:
            raise DataError(reading.path, f"image {image.get('id', '?')}: it has no name")
        if part is not None and image.get("subset", "") != part:
            continue
        if name in again:
            name = f"{image.get('subset') or 'default'}/{name}"
        if name in reading.sizes:
            reading.odd.add("of images that are listed again", name, len(image))
            continue
        reading.sizes[name] = (whole_side(image.get("width")), whole_side(image.get("height")))
        for place, shape in enumerate(image, start=1):
            where = f"image {name}, shape {place}"
            label = (shape.get("label") or "").strip()
            reading.shape(shape, label, len(reading.sizes) - 1, where)


def _read_tracks(reading: _Reading, root: Element) -> None:
    """Frames are named as CVAT names them when it exports a video with its images."""
    size = root.find("meta//original_size")
    width = whole_side(size.findtext("width")) if size is not None else 0
    height = whole_side(size.findtext("height")) if size is not None else 0
    begin, count = len(reading.sizes), _whole(root.findtext("meta/task/size"))
    shapes = [shape for shape in root.iterfind("track/*") if shape.get("frame")]
    frames = max([count - 1, *(_whole(shape.get("frame")) for shape in shapes)]) + 1
    if frames > MOST_FRAMES:
        raise DataError(reading.path, f"it names frame {frames - 1:,}, which no video has")
    reading.sizes.update({f"frame_{frame:06d}": (width, height) for frame in range(frames)})
    for track in root.iterfind("track"):
        label = (track.get("label") or "").strip()
        for shape in track:
            if shape.get("outside") == "1" or not shape.get("frame"):
                continue
            frame = _whole(shape.get("frame"))
            where = f"track {track.get('id', '?')}, frame {frame}"
            reading.shape(shape, label, begin + frame, where)


def _turned(box: Box, degrees: float) -> Box:
    """The upright box around a box that is turned about its centre."""
    left, top, width, height = box
    across, down = left + width / 2, top + height / 2
    cos, sin = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    wide, high = width * cos + height * sin, width * sin + height * cos
    return across - wide / 2, down - high / 2, wide, high


def _file(path: Path) -> Path | None:
    """The XML file itself, or annotations.xml in a folder, as CVAT's archives have it."""
    if path.is_file():
        return path if path.suffix.lower() == ".xml" else None
    file = path / "annotations.xml"
    return file if file.is_file() else None


def _whole(text: str | None) -> int:
    try:
        return max(0, int(float(text or 0)))
    except (ValueError, OverflowError):
        return 0
