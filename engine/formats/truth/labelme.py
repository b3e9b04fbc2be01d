"""LabelMe: a folder with a JSON file an image, each a list of shapes.

Source: https://github.com/wkentaro/labelme, labelme/label_file.py; AnyLabeling writes
the same, with `difficult`.
"""

from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from engine.core.dataset import DetectionDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.file_places import files_of
from engine.formats.parts.gathering import BoxGatherer, Oddities, around, in_order, made_dataset
from engine.formats.parts.image_files import DescribedImages, find_images_or_stems
from engine.formats.parts.image_sizes import whole_side, with_sizes
from engine.formats.parts.sniff import lenient_json, read_json
from engine.util.words import number

LOOKS_LIKE = "LabelMe, a folder of JSON files with shapes"
OUTLINES: Final = ("polygon", "rectangle", "rotation", "mask")


class _Shape(msgspec.Struct):
    points: list[list[float]]
    label: str = ""
    shape_type: str | None = None
    difficult: bool | None = None


class _File(msgspec.Struct):
    shapes: list[_Shape]
    imagePath: str = ""  # noqa: N815
    imageWidth: float | None = None  # noqa: N815
    imageHeight: float | None = None  # noqa: N815


class _Sketch(msgspec.Struct):
    shapes: msgspec.Raw


def recognises(path: Path) -> bool:
    """Whether the first JSON file of a folder has shapes."""
    first = next(iter(files_of(path, ".json")), None)
    if first is None:
        return False
    try:
        content = first.read_bytes()
        try:
            msgspec.json.decode(content, type=_Sketch)
        except msgspec.DecodeError:  # or NaN is in it, which is no JSON
            return "shapes" in lenient_json(first, content, LOOKS_LIKE)
    except (OSError, DataError, RecursionError, TypeError):
        return False
    return True


def read_dataset(path: Path, images: Path | None = None) -> DetectionDataset:
    """Ground truth with classes by name; rectangles and outlines become upright boxes."""
    files = [path] if path.is_file() else files_of(path, ".json")
    if not files:
        raise DataError(path, f"there is no JSON file in it; expected {LOOKS_LIKE}")
    boxes, odd, outlines = BoxGatherer(), Oddities(), 0
    folder = images or (path.parent if path.is_file() else path)
    described = DescribedImages(files, folder)
    names: dict[str, str] = {}
    sizes = []
    for file in files:
        found: _File = read_json(file, _File, LOOKS_LIKE)
        name = described.name(found.imagePath.replace("\\", "/").rpartition("/")[2], file)
        if name in names:
            where = f"{file.name} describes {name}, as {names[name]} does"
            odd.add("of images that an earlier file describes", where, len(found.shapes))
            continue
        sizes.append((whole_side(found.imageWidth), whole_side(found.imageHeight)))
        for place, shape in enumerate(found.shapes, start=1):
            outlines += _read_shape(shape, len(names), f"{file.name}, shape {place}", boxes, odd)
        names[name] = file.stem
    classes = in_order((), boxes.class_)
    if not classes:
        raise DataError(path, f"no shape in its {len(files):,} JSON files is a box with a label")
    pixels = find_images_or_stems(list(names), list(names.values()), folder)
    pictures = Images(tuple(names), pixels, np.array(sizes, np.intp).reshape(-1, 2))
    pictures, _ = with_sizes(pictures)
    notes = list(described.notes())
    if outlines:
        notes.append(f"{number(outlines, 'outline')}: the box around each is taken")
    return made_dataset(path, classes, pictures, boxes.columns(classes), notes, odd)


def _read_shape(shape: _Shape, image: int, where: str, boxes: BoxGatherer, odd: Oddities) -> int:
    """Add the box of a shape; 1 if it is the box around an outline."""
    kind = shape.shape_type or "polygon"
    if not shape.label.strip():
        odd.add("without a label", where)
        return 0
    if any(len(point) != 2 for point in shape.points) or len(shape.points) < 2:
        odd.add("without two points of two numbers each", where)
        return 0
    if kind == "circle":
        (x, y), (edge_x, edge_y) = shape.points[:2]
        radius = float(np.hypot(edge_x - x, edge_y - y))
        box = (x - radius, y - radius, 2 * radius, 2 * radius)
    elif kind in OUTLINES:
        box = around(shape.points)
    else:
        odd.add(f"drawn as {kind}, which has no box", where)
        return 0
    label, difficult = shape.label.strip(), bool(shape.difficult)
    boxes.add(image, label, box, where, difficult=difficult)
    return int(kind not in ("rectangle", "mask"))
