"""Pictures with the predictions drawn in, saved beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, assert_never

from PIL import Image, ImageDraw

from engine.batch.judged import Boxed, Classed, FailedImage, JudgedImage
from engine.cards.operating_point import name_of
from engine.images.drawing import Box, Rgb, colour_of, draw_boxes
from engine.images.labels import label_font, write_label
from engine.images.pixels import UnreadableImage, read_image
from engine.util.files import write_whole
from engine.util.words import share

QUALITY: Final = 92  # of the JPEG


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
            write_label(
                ImageDraw.Draw(picture), label_font(picture), (0, 0), answer, colour_of(image.top)
            )
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
    pen, font = ImageDraw.Draw(picture), label_font(picture)
    for each in boxes:
        left, top = round(each.box[0]), round(each.box[1])
        write_label(pen, font, (left, top), each.label, each.colour)
