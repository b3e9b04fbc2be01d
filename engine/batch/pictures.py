"""Pictures with the predictions drawn in, saved beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, assert_never

from PIL import Image, ImageDraw, ImageFont

from engine.batch.judged import Boxed, Classed, FailedImage, JudgedImage
from engine.cards.operating_point import name_of
from engine.images.drawing import Box, Rgb, colour_of, draw_boxes
from engine.images.pixels import UnreadableImage, read_image
from engine.util.files import write_whole
from engine.util.words import share

QUALITY: Final = 92  # of the JPEG
INK: Final = (16, 16, 16)
SMALLEST_TEXT: Final = 12  # pixels
TEXT_OF_SIDE: Final = 45  # the shorter side of the picture in heights of the text


@dataclass(frozen=True)
class PredictedBox:
    """A prediction to draw."""

    box: Box
    colour: Rgb
    label: str
    dashed: bool = False
    dotted: bool = False
    double: bool = False
    focused: bool = False
    hatched: bool = False


def draw_judged(folder: Path, name: str, image: JudgedImage, names: Sequence[str]) -> None:
    """Save a JPEG of an image with what counts in it; nothing for one that failed.

    It stands in the folder as `name` does, with the suffix .jpg. Raises OSError.
    """
    if isinstance(image, FailedImage):
        return
    try:
        picture = annotated(image, names)
    except UnreadableImage:  # removed since it was scored
        return
    content = BytesIO()
    picture.save(content, "JPEG", quality=QUALITY)
    place = (folder / name).with_suffix(".jpg")
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, content.getvalue())


def annotated(image: JudgedImage, names: Sequence[str]) -> Image.Image:
    """The image with what counts in it, of the size that was scored. Raises UnreadableImage."""
    picture = read_image(Path(image.path)).pixels.convert("RGB")
    match image:
        case Boxed():
            annotate(picture, predicted_boxes(image, names))
        case Classed():
            said = f"{name_of(names, image.top)} {share(image.score)}"
            answer = said if image.kept else "no answer"
            _write(ImageDraw.Draw(picture), _font(picture), (0, 0), answer, colour_of(image.top))
        case FailedImage():
            pass  # a picture that can be read and was not scored shows itself
        case _:
            assert_never(image)
    return picture


def predicted_boxes(image: Boxed, names: Sequence[str]) -> list[PredictedBox]:
    """The predictions that count, each in the colour of its class, the surest last."""
    kept = image.kept
    rows = zip(
        image.class_[kept].tolist(),
        image.confidence[kept].tolist(),
        image.box[kept].tolist(),
        strict=True,
    )
    return [
        PredictedBox(tuple(box), colour_of(class_), f"{name_of(names, class_)} {share(confidence)}")
        for class_, confidence, box in rows
    ][::-1]


def annotate(picture: Image.Image, boxes: Sequence[PredictedBox]) -> None:
    """Draw boxes and their labels into a picture of the size that the boxes are in."""
    thin = max(1, min(picture.size) // 300)
    draw_boxes(picture, boxes, (0.0, 0.0, float(picture.width), float(picture.height)), thin)
    pen, font = ImageDraw.Draw(picture), _font(picture)
    for each in boxes:
        left, top = round(each.box[0]), round(each.box[1])
        _write(pen, font, (left, top), each.label, each.colour)


def _font(picture: Image.Image) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(max(SMALLEST_TEXT, min(picture.size) // TEXT_OF_SIDE))


def _write(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    corner: tuple[int, int],
    text: str,
    colour: Rgb,
) -> None:
    """A label above a corner, or below where the picture ends."""
    left, top, right, bottom = pen.textbbox((0, 0), text, font)
    width, height = round(right - left) + 4, round(bottom - top) + 4
    x = max(0, min(corner[0], pen.im.size[0] - width))
    y = corner[1] - height if corner[1] >= height else max(0, corner[1])
    pen.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)
    pen.text((x + 2 - left, y + 2 - top), text, fill=INK, font=font)
