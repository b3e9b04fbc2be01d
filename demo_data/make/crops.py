"""Crops of single parts, cut from scenes: what the classifier sees."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo_data.make.scenes import HEIGHT, WIDTH, LaidPart, Scene, scene

Box: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the scene
Square: TypeAlias = NDArray[np.uint8]  # [INPUT_SIDE, INPUT_SIDE, 3]

INPUT_SIDE = 48  # pixels; the classifier reads squares
LENGTHS = range(34, 80)  # of a part's box, in pixels; shorter parts can hardly be told apart
SIDES = 64, 92  # of a crop, in pixels; below twice INPUT_SIDE no reader decodes a JPEG at half size
AROUND = 1.15, 1.6  # length of the crop for the length of the part, least and most
OFF_CENTRE = 0.06  # of the crop, at most
MOST_HIDDEN = 0.35  # share of a part behind other parts
JPEG_QUALITY = 90


@dataclass(frozen=True, eq=False)
class Crop:
    """A part with a little of its surroundings."""

    scene: int  # number of the scene it was cut from
    part: int  # number of the part in the scene
    label: int  # index into CLASSES
    jpeg: bytes

    @property
    def name(self) -> str:
        """The file name, which says where it was cut and not what it shows."""
        return f"{self.scene:04d}_{self.part:02d}.jpg"


def crops(seed: int, index: int) -> list[Crop]:
    """All crops of the scene with this number; no other scene is needed to make them."""
    whole = scene(seed, index)
    cut = []
    for number, part in enumerate(whole.parts):
        # A seed may end in zeros without being another: with 0 the first part repeats the scene's.
        around = window(part.box, np.random.default_rng([seed, index, number + 1]))
        if shows_one_part(part, around, whole):
            cut.append(Crop(index, number, part.label, jpeg(whole.image.crop(around))))
    return cut


def shows_one_part(part: LaidPart, around: Box, whole: Scene) -> bool:
    """Whether the part is large and alone enough in the crop for one name to be right."""
    left, top, right, bottom = part.box
    length = max(right - left, bottom - top)
    others = (other.box for other in whole.parts if other is not part)
    alone = not any(middle_is_inside(other, around) for other in others)
    return length in LENGTHS and part.occlusion <= MOST_HIDDEN and alone


def middle_is_inside(box: Box, around: Box) -> bool:
    """Whether the middle of the box lies in the other."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return around[0] < x < around[2] and around[1] < y < around[3]


def window(box: Box, rng: np.random.Generator) -> Box:
    """What to cut around the box: width and height differ, and the part is not quite central."""
    left, top, right, bottom = box
    sides = (max(right - left, bottom - top) * rng.uniform(*AROUND, 2)).clip(*SIDES)
    width, height = (int(side) for side in sides)
    across, down = rng.uniform(-OFF_CENTRE, OFF_CENTRE, 2) * sides
    first_column = int(np.clip((left + right - width) / 2 + across, 0, WIDTH - width))
    first_row = int(np.clip((top + bottom - height) / 2 + down, 0, HEIGHT - height))
    return first_column, first_row, first_column + width, first_row + height


def jpeg(image: Image.Image) -> bytes:
    """The image as a JPEG file."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()


def fitted(image: Image.Image) -> Square:
    """The image as the classifier reads it: the shorter side shrunk to INPUT_SIDE, the rest cut."""
    shorter = min(image.size)
    width, height = (length * INPUT_SIDE // shorter for length in image.size)
    shrunk = image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
    # torchvision rounds half a pixel to the even side.
    left, top = round((width - INPUT_SIDE) / 2), round((height - INPUT_SIDE) / 2)
    return np.asarray(shrunk.crop((left, top, left + INPUT_SIDE, top + INPUT_SIDE)))
