"""The pictures in what a program wrote to a terminal, put together again as the terminal does."""

import base64
import io
import re
import zlib
from dataclasses import dataclass, field

from PIL import Image

_COMMAND = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\|\x1b\[\?1049(h)")
_SIXEL = re.compile(rb"\x1bP[\d;]*q(.*?)\x1b\\", re.DOTALL)


@dataclass
class Uploaded:
    """An image that kitty was given, and the cells that it is to fill."""

    image: Image.Image
    columns: int = 0
    rows: int = 0


@dataclass
class Held:
    """What kitty has: the images by number."""

    images: dict[int, Uploaded] = field(default_factory=dict)
    uploads: int = 0


def kitty_images(seen: bytes) -> Held:
    """What is left in the terminal. Raises where the protocol is not followed."""
    held = Held()
    begun: dict[str, str] = {}
    payload = b""
    for match in _COMMAND.finditer(seen):
        if match[3]:
            held.images.clear()  # the alternate screen begins empty
            assert not begun, "an image was not complete"
            continue
        keys = dict(part.split("=", 1) for part in match[1].decode().split(","))
        if begun:
            assert keys.get("a", "f") == "f", "something came between the pieces of an image"
            assert set(keys) <= {"a", "m", "q"}
            keys = {**begun, "m": keys.get("m", "0")}
        action = keys.get("a")
        if action in ("t", "f"):
            payload += match[2] or b""
            begun = keys
            if keys.get("m", "0") == "0":
                _take(held, keys, base64.b64decode(payload, validate=True))
                begun, payload = {}, b""
        elif action == "p":
            placed = held.images[int(keys["i"])]
            placed.columns, placed.rows = int(keys["c"]), int(keys["r"])
        elif action == "d":
            assert keys["d"] == "I", keys
            held.images.pop(int(keys["i"]), None)
    assert not begun, "an image is not complete"
    return held


def _take(held: Held, keys: dict[str, str], content: bytes) -> None:
    """A whole image, or a part of one that is there."""
    if keys["f"] == "100":
        image = Image.open(io.BytesIO(content))
        image.load()
    else:
        size = int(keys["s"]), int(keys["v"])
        mode = {"24": "RGB", "32": "RGBA"}[keys["f"]]
        image = Image.frombytes(mode, size, zlib.decompress(content) if "o" in keys else content)
    number = int(keys["i"])
    if keys["a"] == "t":
        held.images[number] = Uploaded(image)
        held.uploads += 1
        return
    whole = held.images[number].image
    corner = int(keys["x"]), int(keys["y"])
    assert corner[0] + image.width <= whole.width, "a part lies outside of its image"
    assert corner[1] + image.height <= whole.height
    held.images[number].image = whole.convert("RGB")
    held.images[number].image.paste(image.convert("RGB"), corner)


def sixel_sizes(seen: bytes) -> list[tuple[int, int]]:
    """Width and height of each Sixel picture, from its data; checks that it is well formed."""
    return [_sixel_size(match[1]) for match in _SIXEL.finditer(seen)]


def _sixel_size(data: bytes) -> tuple[int, int]:
    raster = re.match(rb'"(\d+);(\d+);(\d+);(\d+)', data)
    defined: set[int] = set()
    column = widest = 0
    bands = 1
    for token in re.finditer(rb'"[\d;]*|#(\d+)(;[\d;]+)?|!(\d+)([?-~])|([?-~])|([$-])|(.)', data):
        register, definition, times, repeated, one, move, wrong = token.groups()
        assert wrong is None or wrong in b"\r\n", wrong
        if register is not None:
            if definition:
                defined.add(int(register))
            assert int(register) in defined, "a colour that nobody defined"
        elif repeated is not None:
            column += int(times)
        elif one is not None:
            column += 1
        elif move is not None:
            column = 0
            bands += move == b"-"
        widest = max(widest, column)
    if raster:
        width, height = int(raster[3]), int(raster[4])
        assert widest <= width
        assert 6 * (bands - 2) < height <= 6 * bands
        return width, height
    return widest, 6 * bands
