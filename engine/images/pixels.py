"""Image files become pixels; files that cannot are told apart by a reason.

Whatever Pillow would silently repair in a way that changes scores (half a JPEG,
16-bit gray turned white) is either done right or named as a failure.
"""

import io
import os
import stat
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image, UnidentifiedImageError

from engine.images.tones import FRAMES, eight_bit

Size = tuple[int, int]  # width, height in pixels

UNKNOWN_SIZE: Final[Size] = (0, 0)
ORIENTATION: Final = 0x0112  # the EXIF tag
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUARTER_TURNS: Final = range(5, 9)  # those that swap width and height
HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# Pillow starts other programs for some formats, has stubs for others that read nothing, and
# rarely used ones are rarely checked: these are pictures, for a dataset as for an upload.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "JPEG2000", "PPM", "AVIF")

# Pillow's remarks on odd files would be written into the terminal.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class UploadedFile:
    """A file that a stranger sent: only common formats, and no more pixels than allowed."""

    content: bytes
    most_pixels: int


Source: TypeAlias = Path | UploadedFile


class UnreadableImage(Exception):  # noqa: N818  # a fact about one file, kept and shown
    """A file that yields no pixels; the message says why."""

    def __init__(self, reason: str, *, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass  # the same file may be readable next time


@dataclass(frozen=True, eq=False)
class DecodedImage:
    """An image in RGB or gray, upright if the dataset sees it so."""

    pixels: Image.Image  # perhaps decoded at a fraction of its size
    size: Size  # the whole image, in the frame of the boxes
    turnable: bool  # the dataset's width and height decided whether it was turned
    notes: tuple[str, ...] = ()  # keys of `tones.NOTES`


def read_image(
    source: Source,
    dataset_size: Size = UNKNOWN_SIZE,
    *,
    enough: Callable[[Size], Size] | None = None,
    gray: bool = False,
) -> DecodedImage:
    """Decode a file or an upload; `UnreadableImage` when it cannot be.

    `enough` tells for the size of the whole image at what size it will be needed: a
    JPEG may then be decoded at a fraction of its size that is not below it.
    An EXIF orientation is applied when the size it leads to is the dataset's, or
    when the dataset gives none: otherwise the boxes were drawn on unturned pixels.
    """
    with _reasons(source), _opened(source) as image:
        return _decoded(image, dataset_size, enough, gray=gray)


# Reads as `read_image` does, and may keep what it read for others.
ReadImage: TypeAlias = Callable[..., DecodedImage]


def size_of(path: Path, dataset_size: Size = UNKNOWN_SIZE) -> Size:
    """The size that read_image would give, without decoding; `UnreadableImage` likewise."""
    with _reasons(path), _opened(path) as image:
        return _turn(image, dataset_size)[1]


def _opened(source: Source) -> Image.Image:
    Image.init()
    formats = tuple(name for name in FORMATS if name in Image.OPEN)
    if not isinstance(source, UploadedFile):
        if reason := why_no_file(source.stat()):  # opening a pipe would wait for who writes it
            raise UnreadableImage(reason, may_pass=True)
        return Image.open(source, formats=formats)
    image = Image.open(io.BytesIO(source.content), formats=formats)
    width, height = image.size
    if width * height > source.most_pixels:
        image.close()
        raise UnreadableImage(
            f"has {width} x {height} pixels, more than {source.most_pixels:,}; resize it"
        )
    return image


@contextmanager
def _reasons(source: Source) -> Iterator[None]:
    """Whatever Pillow raises becomes an `UnreadableImage` that says why."""
    try:
        yield
    except UnidentifiedImageError:
        raise UnreadableImage(_not_an_image(source)) from None
    except Image.DecompressionBombError:
        raise UnreadableImage("has more than 179 million pixels; resize it") from None
    except MemoryError:
        raise UnreadableImage("does not fit into memory", may_pass=True) from None
    except FileNotFoundError:
        raise UnreadableImage("no such file", may_pass=True) from None
    except PermissionError:
        raise UnreadableImage("may not be read: permission denied", may_pass=True) from None
    except UnreadableImage:
        raise
    except Exception as error:  # noqa: BLE001  # each decoder has errors of its own
        if isinstance(error, OSError) and error.errno:  # of the file system, not of a decoder
            raise UnreadableImage(f"may not be read: {error.strerror}", may_pass=True) from None
        raise UnreadableImage(f"damaged: {str(error) or type(error).__name__}") from None


def why_no_file(state: os.stat_result) -> str:
    """Why something that is there is nothing to read an image from, or "" for a file."""
    if stat.S_ISREG(state.st_mode):
        return ""
    if stat.S_ISDIR(state.st_mode):
        return "is a folder that cannot be read"
    return "is no file but a device or a pipe"


def _decoded(
    image: Image.Image, dataset_size: Size, enough: Callable[[Size], Size] | None, *, gray: bool
) -> DecodedImage:
    orientation, size = _turn(image, dataset_size)
    if not all(size):
        raise UnreadableImage("damaged: it has no pixels")
    if enough is not None:
        across, down = enough(size)
        image.draft(None, (across, down) if size == image.size else (down, across))
    turnable = image.getexif().get(ORIENTATION, 1) in QUARTER_TURNS
    frames = (FRAMES,) if _has_frames(image) else ()
    pixels, notes = eight_bit(image, "L" if gray else "RGB")
    if orientation in TURNS:
        pixels = pixels.transpose(TURNS[orientation])
    return DecodedImage(pixels, size, turnable, (*frames, *notes))


def _turn(image: Image.Image, dataset_size: Size) -> tuple[int, Size]:
    """The orientation to undo, 1 for none, and the size of the whole image after that."""
    if image.format == "TIFF":
        image.load()  # Pillow turns a TIFF by itself, and forgets its orientation then
    whole = image.size
    orientation = image.getexif().get(ORIENTATION, 1)
    upright = (whole[1], whole[0]) if orientation in QUARTER_TURNS else whole
    if orientation in TURNS and dataset_size in (UNKNOWN_SIZE, upright):
        return orientation, upright
    return 1, whole


def _has_frames(image: Image.Image) -> bool:
    """Whether there is more than one picture in the file; a phone's previews do not count."""
    if image.format == "MPO":
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001  # each decoder has errors of its own
        return False  # a later frame is damaged, and not needed


def _not_an_image(source: Source) -> str:
    if isinstance(source, UploadedFile):
        start = source.content[:64]
    else:
        with source.open("rb") as file:
            start = file.read(64)
    if not start:
        return "is empty"
    if start.startswith(b"version https://git-lfs"):
        return "is a Git LFS pointer; run `git lfs pull`"
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:
        return "is HEIC, which Pillow cannot read; convert it to JPEG"
    return "not an image that Pillow knows"
