"""Words on a picture, on a ground of their own."""

from typing import Final, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from engine.images.drawing import Rgb

LabelFont: TypeAlias = ImageFont.ImageFont | ImageFont.FreeTypeFont

INK: Final = (16, 16, 16)
SMALLEST_TEXT: Final = 12  # pixels
TEXT_OF_SIDE: Final = 45  # the shorter side of the picture in heights of the text


def label_font(picture: Image.Image) -> LabelFont:
    """As large as suits the picture."""
    return ImageFont.load_default(max(SMALLEST_TEXT, min(picture.size) // TEXT_OF_SIDE))


def write_label(
    pen: ImageDraw.ImageDraw,
    font: LabelFont,
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
