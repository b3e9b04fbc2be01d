"""Sixel: a picture written over the cells it covers."""

import re
from typing import Final

from PIL import Image

# textual-image has no public encoder: its renderables ask the terminal when they are imported.
from textual_image._sixel import SixelOptions, image_to_sixels

_HEADER: Final = re.compile(r'\x1bP[\d;]*q"[\d;]*')
_COLOUR: Final = re.compile(r"#(\d+)")
NEXT_BAND, SAME_BAND = "-", "$"
MOST_FREQUENT: Final = 0  # the encoder numbers colours by how often they are seen
_DEFINITION: Final = re.compile(r"#(\d+);2;\d+;\d+;\d+")


def encode(image: Image.Image) -> str:
    """A picture that has a palette as one Sixel sequence.

    The encoder defines a colour where it is first used, and xterm paints that first
    use in the colour that the register had before: all definitions come first here.
    """
    written = image_to_sixels(image, SixelOptions(colors=256))
    defined = "".join(match[0] for match in _DEFINITION.finditer(written))
    header = _HEADER.match(written)
    assert header is not None
    body = _DEFINITION.sub(r"#\1", written[header.end() :])
    *bands, last = body.split(NEXT_BAND)
    whole = f"#{MOST_FREQUENT}!{image.width}~"
    return header[0] + defined + NEXT_BAND.join([*(_on(whole, band) for band in bands), last])


def _on(whole: str, band: str) -> str:
    """Six rows that are painted in one colour first, where that is shorter than its parts.

    What comes later in a band is painted over what was there. The last band has fewer rows.
    """
    parts = band.split(SAME_BAND)
    own = [part for part in parts if _colour(part) == MOST_FREQUENT]
    if sum(map(len, own)) <= len(whole):
        return band
    return SAME_BAND.join([whole, *(part for part in parts if part not in own)])


def _colour(part: str) -> int:
    number = _COLOUR.match(part)
    return int(number[1]) if number else -1
