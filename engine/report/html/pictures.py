"""Pictures within the page: a part of an image with boxes drawn, as a small JPEG."""

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.batch.pictures import PredictedBox
from engine.core.dataset import Images
from engine.images.cropping import crop_around, cut, union
from engine.images.drawing import TAG_COLOURS, Box, draw_boxes
from engine.images.labels import write_label
from engine.images.pixels import Size, UnreadableImage, read_image
from engine.report.html.blocks import ReportPicture
from engine.util.visible import visible
from engine.util.words import number

SIDE: Final = 420  # pixels of a picture along its longer side
AROUND: Final = 1.8  # how much of the image a crop shows, in boxes
ASPECT: Final = 4 / 3
QUALITIES: Final = (82, 70, 55, 40, 25, 10)  # of the JPEG, until it is small enough
MOST_BYTES: Final = 45_000  # of one picture
LETTERS: Final = 20  # pixels
NAME_ROOM: Final = 24  # letters on a picture
NO_FILE: Final = "no such file"


@dataclass(frozen=True)
class PictureBox:
    """A box on a picture."""

    box: Box  # in pixels of the image
    tag: str  # a key of TAG_COLOURS
    label: str
    is_truth: bool = False


@dataclass(eq=False)
class PictureMaker:
    """Makes pictures of a dataset's images as long as it may, and knows what it could not."""

    images: Images
    left: int  # pictures that may still be made
    failures: Counter[str] = field(default_factory=Counter)  # by reason

    def crop(
        self, image: int, boxes: Sequence[PictureBox], alt: str, around: Box | None = None
    ) -> ReportPicture | None:
        """What is around some boxes, or around another one; None where nothing can be read."""
        place = around or around_all(boxes)
        return self._picture(image, boxes, alt, place)

    def whole(self, image: int, alt: str) -> ReportPicture | None:
        """The image itself."""
        return self._picture(image, (), alt, None)

    @property
    def words(self) -> str:
        """Which pictures are not here, and why; nothing where none is missing."""
        if not self.failures:
            return ""
        reasons = ", ".join(
            f"{count:,} {visible(reason)}" for reason, count in sorted(self.failures.items())
        )
        images = number(self.failures.total(), "image")
        return f"{images} could not be shown ({reasons}): name their folder with --images."

    def _picture(
        self, image: int, boxes: Sequence[PictureBox], alt: str, around: Box | None
    ) -> ReportPicture | None:
        if self.left <= 0:
            return None
        path = self.images.path[image]
        width, height = (int(side) for side in self.images.size[image])
        try:
            if path is None:
                raise UnreadableImage(NO_FILE)
            decoded = read_image(path, (width, height), enough=_enough if around is None else None)
        except UnreadableImage as error:
            self.failures[str(error)] += 1
            return None
        window: Box = (0.0, 0.0, float(decoded.size[0]), float(decoded.size[1]))
        if around is not None:
            window = crop_around(around, decoded.size, AROUND, ASPECT)
        picture = cut(decoded, window, _size(window, upscaled=around is not None)).convert("RGB")
        _draw(picture, boxes, window)
        self.left -= 1
        content = base64.b64encode(_jpeg(picture)).decode()
        return ReportPicture(content, picture.width, picture.height, alt)


def box_of(row: NDArray[np.floating[Any]]) -> Box:
    """A row of boxes [4] as plain numbers."""
    left, top, width, height = row.tolist()
    return left, top, width, height


def around_all(boxes: Sequence[PictureBox]) -> Box:
    """What holds them all."""
    first, *others = (each.box for each in boxes)
    return reduce(union, others, first)


def _enough(whole: Size) -> Size:
    scale = min(SIDE / max(whole), 1.0)
    return max(round(whole[0] * scale), 1), max(round(whole[1] * scale), 1)


def _size(window: Box, *, upscaled: bool) -> Size:
    """Pixels of the picture of a window."""
    scale = SIDE / max(window[2], window[3], 1.0)
    scale = scale if upscaled else min(scale, 1.0)
    return max(round(window[2] * scale), 1), max(round(window[3] * scale), 1)


def _draw(picture: Image.Image, boxes: Sequence[PictureBox], window: Box) -> None:
    """Lines first, so that no line goes through a label; ground truths are labelled below."""
    drawn = [
        PredictedBox(each.box, TAG_COLOURS[each.tag], each.label, dashed=each.is_truth)
        for each in sorted(boxes, key=lambda each: not each.is_truth)
    ]
    draw_boxes(picture, drawn, window, 2)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(LETTERS)
    across, down = picture.width / window[2], picture.height / window[3]
    for each in drawn:
        left, top = (each.box[0] - window[0]) * across, (each.box[1] - window[1]) * down
        text = visible(each.label)
        text = text if len(text) <= NAME_ROOM else f"{text[: NAME_ROOM - 1]}…"
        if each.dashed:
            tall = pen.textbbox((0, 0), text, font)[3] + 6
            top = min(top + each.box[3] * down + tall, picture.height)
        write_label(pen, font, (round(left), round(top)), text, each.colour)


def _jpeg(picture: Image.Image) -> bytes:
    """As good as its room allows."""
    for quality in QUALITIES:
        content = BytesIO()
        # Thin lines keep their colour only where no colour is shared between pixels.
        picture.save(content, "JPEG", quality=quality, subsampling=0)
        if content.tell() <= MOST_BYTES:
            break
    return content.getvalue()
