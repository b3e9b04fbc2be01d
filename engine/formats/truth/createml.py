"""CreateML: a JSON list of images, each with boxes about their centre, in pixels.

Source: https://developer.apple.com/documentation/createml/mlobjectdetector/datasource
"""

import re
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from engine.core.dataset import DetectionDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.gathering import BoxGatherer, Oddities, in_order, made_dataset
from engine.formats.parts.image_files import find_images
from engine.formats.parts.image_sizes import with_sizes
from engine.formats.parts.sniff import head_of, read_json
from engine.formats.truth.several_labels import refuse_json

LOOKS_LIKE = "CreateML, a JSON list of {image, annotations: [{label, coordinates}]}"
HEAD: Final = 2**16  # bytes
BEGINS: Final = re.compile(rb'\s*\[\s*\{[^{}\[\]]*"(annotations?|image|imagefilename)"\s*:')
RESULTS: Final = re.compile(rb'\s*\[\s*\{[^{}]*"(image_id|category_id|bbox)"')


class _Centre(msgspec.Struct):
    x: float
    y: float
    width: float
    height: float


class _Object(msgspec.Struct):
    coordinates: _Centre
    label: str = ""


class _Image(msgspec.Struct):
    image: str = ""
    imagefilename: str = ""
    annotations: list[_Object] = []
    annotation: list[_Object] = []  # as older versions write it


def recognises(path: Path) -> bool:
    """Whether a JSON file begins as a list of images with annotations."""
    if not path.is_file() or path.suffix.lower() != ".json":
        return False
    head = head_of(path, HEAD).removeprefix(b"\xef\xbb\xbf")
    return BEGINS.match(head) is not None and RESULTS.match(head) is None


def read_dataset(path: Path, images: Path | None = None) -> DetectionDataset:
    """Ground truth with images in the order of the file, classes in that of their names.

    The size of each image is read from its file.
    """
    found: list[_Image] = read_json(path, list[_Image], LOOKS_LIKE, "images")
    boxes, odd = BoxGatherer(), Oddities()
    names: dict[str, int] = {}
    for number, image in enumerate(found):
        name = image.image or image.imagefilename
        drawn = [*image.annotations, *image.annotation]
        if not name:
            raise DataError(path, f"images[{number}] has no name; expected {LOOKS_LIKE}")
        if name in names:
            odd.add("of images that are listed again", name, len(drawn))
            continue
        for place, one in enumerate(drawn, start=1):
            at, where = one.coordinates, f"{name}, annotation {place}"
            if not one.label.strip():
                odd.add("without a label", where)
                continue
            box = (at.x - at.width / 2, at.y - at.height / 2, at.width, at.height)
            boxes.add(len(names), one.label.strip(), box, where)
        names[name] = number
    classes = in_order((), boxes.class_)
    if not classes:
        refuse_json(path)
        raise DataError(path, "none of its images has an annotation with a label")
    files = find_images(list(names), images or path.parent)
    pictures = Images(tuple(names), files, np.zeros((len(names), 2), np.intp))
    pictures, _ = with_sizes(pictures)
    return made_dataset(path, classes, pictures, boxes.columns(classes), (), odd)
