"""An image fitted into the model's input, and its boxes back out of it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.core.arrays import Boxes
from engine.images.pixels import DecodedImage, ReadImage, Size, Source, UnreadableImage, read_image
from engine.scoring.card import CROPPED, InputCard
from engine.scoring.run.interpolation import linear, linear_in_floats, smooth

Plane = NDArray[np.uint8] | NDArray[np.float32]  # [height, width] one channel, 0 to 255
Corners = NDArray[np.float64]  # [N, 4] left, top, right, bottom, in pixels of the model's input

RESAMPLING: Final = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bilinear-float": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "area": Image.Resampling.BOX,
}


@dataclass(frozen=True)
class Fit:
    """Where an image lies in the model's input: input = image * gain + offset."""

    image: Size  # width, height of the whole image
    resized: Size  # width, height that it takes in the input
    gain: tuple[float, float]  # input pixels for an image pixel, across and down
    offset: tuple[int, int]  # left, top of the image in the input; below 0 where it is cropped
    into: Size  # width, height of the input

    def boxes(self, corners: Corners, space: str = "input") -> Boxes:
        """Corners in the space of `output.box_space` -> boxes in the image, cut at its edges.

        "input" is pixels of the input and "normalized" shares of its sides; "original"
        is pixels of the image and "image" shares of its sides, padding left out.
        """
        across, down = self.image
        edges: Boxes
        if space in ("original", "image"):
            edges = corners * np.tile(self.image if space == "image" else (1, 1), 2)
        else:
            inside = corners * np.tile(self.into if space == "normalized" else (1, 1), 2)
            edges = (inside - np.tile(self.offset, 2)) / np.tile(self.gain, 2)
        edges = edges.clip(0, [across, down, across, down])
        edges[:, 2:] -= edges[:, :2]
        return edges

    def turned(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turned boxes [N, 5] in pixels of the input -> in pixels of the image.

        Width and height shrink as the sides of the image do and the angle stays, whatever it is:
        Ultralytics has it so, and the two shares differ by the rounding of a side only.
        """
        placed = boxes.copy()
        placed[:, :2] = (boxes[:, :2] - self.offset) / self.gain
        placed[:, 2:4] = boxes[:, 2:4] / self.gain
        return placed

    def corners(self, boxes: Boxes) -> Corners:
        """Boxes in the image -> corners in the input."""
        edges = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
        return np.asarray(edges * np.tile(self.gain, 2) + np.tile(self.offset, 2))


def fit(
    image: Size,
    into: tuple[int, int],
    resize: str,
    crop_ratio: float = 1.0,
    crop_rounding: str = "even",
) -> Fit:
    """How an image of this size lies in an input of this height and width."""
    width, height = image
    input_height, input_width = into
    inside = (input_width, input_height)
    if resize == "stretch":
        return Fit(image, inside, (input_width / width, input_height / height), (0, 0), inside)
    if resize == "none":
        return Fit(image, image, (1.0, 1.0), (0, 0), inside)
    if resize in CROPPED:
        return _cropped(image, inside, resize, crop_ratio, crop_rounding)
    gain = min(input_height / height, input_width / width)
    if resize == "letterbox-topleft":
        # YOLOX cuts the fraction of a pixel off.
        resized = _at_least_1(int(width * gain), int(height * gain))
        return Fit(image, resized, (gain, gain), (0, 0), inside)
    resized = _at_least_1(round(width * gain), round(height * gain))
    # Ultralytics: half of an odd margin goes to the right and the bottom.
    left = round((input_width - resized[0]) / 2 - 0.1)
    top = round((input_height - resized[1]) / 2 - 0.1)
    return Fit(image, resized, _gains(image, resized), (left, top), inside)


def fit_of(image: Size, card: InputCard) -> Fit:
    """How an image of this size lies in the input that the card describes."""
    if card.size:
        into = (card.size[0], card.size[1])
        return fit(image, into, card.resize, card.crop_ratio, card.crop_rounding)
    width, height = image
    if card.resize == "none":
        return fit(image, (height, width), "none")
    if card.resize == "letterbox-rectangle":
        return _rectangle(image, card.longest, card.multiple)
    # Hugging Face rounds the shorter side and cuts the fraction of the longer one off, and works
    # that out from the shorter side before it was rounded.
    limit = card.longest * min(image) / max(image)
    short = card.shortest if limit >= card.shortest else limit
    sides = (
        round(short) if side == min(image) else int(short * side / min(image)) for side in image
    )
    resized = _at_least_1(*(side - side % card.cut_to for side in sides))
    across, down = (-(-side // card.multiple) * card.multiple for side in resized)
    return Fit(image, resized, (resized[0] / width, resized[1] / height), (0, 0), (across, down))


def _rectangle(image: Size, longest: int, multiple: int) -> Fit:
    """Ultralytics' least rectangle: the longer side fits, both are padded to a multiple."""
    gain = longest / max(image)
    resized = _at_least_1(*(round(side * gain) for side in image))
    spare = [(longest - side) % multiple for side in resized]
    left, top = (round(side / 2 - 0.1) for side in spare)
    into = (resized[0] + spare[0], resized[1] + spare[1])
    return Fit(image, resized, _gains(image, resized), (left, top), into)


def _gains(image: Size, resized: Size) -> tuple[float, float]:
    """Pixels of the input for one of the image: each side was rounded by itself."""
    return resized[0] / image[0], resized[1] / image[1]


def in_words(card: InputCard) -> str:
    """What happens to an image, for a person to check."""
    normalised = "" if set(card.mean) == {0.0} and set(card.std) == {1.0} else ", normalised"
    values = "0 to 1" if abs(card.scale * 255 - 1) < 1e-6 else f"times {card.scale:g}"
    values = "0 to 255" if card.scale == 1 else values
    place = "at its own size"
    if card.size:
        place = f"{card.resize} to {card.size[1]} x {card.size[0]}"
    elif card.resize == "letterbox-rectangle":
        place = f"{card.resize} of {card.longest} at most, sides multiples of {card.multiple}"
    elif card.resize == "shortest-edge":
        place = f"shorter side to {card.shortest}, longer to {card.longest} at most"
    return f"{card.color} {values}{normalised}, {place}"


def _cropped(image: Size, into: Size, resize: str, crop_ratio: float, rounding: str) -> Fit:
    """The image scaled until it covers the input and a margin, and its middle kept.

    torchvision's Resize(256) and CenterCrop(224), with 224 / 256 as the ratio; stretched it
    is Resize((256, 256)). torchvision rounds half a pixel to even, Hugging Face down.
    """
    across, down = (int(side / crop_ratio + 1e-6) for side in into)
    gains = across / image[0], down / image[1]
    if resize == "shortest-crop":
        gains = max(gains), max(gains)
    resized = _at_least_1(
        *(int(side * gain + 1e-6) for side, gain in zip(image, gains, strict=True))
    )
    spare = [outer - inner for inner, outer in zip(into, resized, strict=True)]
    left, top = (-(side // 2) if rounding == "down" else -round(side / 2) for side in spare)
    return Fit(image, resized, gains, (left, top), into)


@dataclass(frozen=True)
class PlacedImage:
    """An image that stands in a batch."""

    fit: Fit
    turnable: bool  # see `images.Decoded`
    pixels: NDArray[Any] | None = None  # the input itself, where it has a size of its own
    notes: tuple[str, ...] = ()  # see `pixels.Decoded`


def place(
    source: Source,
    dataset_size: Size,
    card: InputCard,
    slot: NDArray[Any] | None,
    read: ReadImage = read_image,
) -> PlacedImage:
    """Read an image, resize it as the card says and write it into its slot of the batch.

    The slot is [3, height, width], or [height, width, 3] when the card says NHWC,
    with one channel instead of three for gray. Without a slot the image gets an
    array of its own size. Raises `images.UnreadableImage`.
    """
    small = card.draft and card.antialias
    decoded = read(
        source,
        dataset_size,
        # Only a resize that averages hides that a JPEG was decoded at a fraction of its size.
        enough=(lambda image: fit_of(image, card).resized) if small else None,
        gray=card.color == "GRAY",
    )
    return laid_out(decoded, card, slot)


def laid_out(decoded: DecodedImage, card: InputCard, slot: NDArray[Any] | None) -> PlacedImage:
    """An image that is decoded already, resized and written as `place` does it.

    Raises `images.UnreadableImage` for one that the card leaves no room for.
    """
    where = fit_of(decoded.size, card)
    if card.resize == "none" and (where.image[0] > where.into[0] or where.image[1] > where.into[1]):
        raise UnreadableImage(
            f"is {where.image[0]} x {where.image[1]}, more than the model's input of "
            f"{where.into[0]} x {where.into[1]}, and input.resize = 'none' keeps its size"
        )
    image = np.empty(image_shape(card, where.into), card.dtype) if slot is None else slot
    planes = _resized(decoded.pixels, where.resized, card)
    _write(planes, image if card.layout == "NCHW" else np.moveaxis(image, -1, 0), where, card)
    return PlacedImage(where, decoded.turnable, image if slot is None else None, decoded.notes)


def image_shape(card: InputCard, into: Size) -> tuple[int, ...]:
    """The shape of one image of this width and height as the model takes it."""
    channels = 1 if card.color == "GRAY" else 3
    width, height = into
    return (channels, height, width) if card.layout == "NCHW" else (height, width, channels)


def _write(planes: list[Plane], channels: NDArray[Any], where: Fit, card: InputCard) -> None:
    left, top = where.offset
    width, height = where.resized
    if card.color == "BGR":
        planes = planes[::-1]
    for index, plane in enumerate(planes):
        mean, std = card.mean[index % len(card.mean)], card.std[index % len(card.std)]
        factor, shift = card.scale / std, mean / std
        channel = channels[index]
        if (width, height) != (channel.shape[1], channel.shape[0]):
            channel[:] = card.pad * factor - shift
        inside = channel[max(top, 0) : top + height, max(left, 0) : left + width]
        shown = plane[max(-top, 0) :, max(-left, 0) :]
        shown = shown[: inside.shape[0], : inside.shape[1]]
        if inside.dtype == np.float16:  # which would round after each step
            inside[:] = shown * np.float32(factor) - np.float32(shift)
            continue
        inside[:] = shown
        if factor != 1:
            inside *= inside.dtype.type(factor)
        if shift:
            inside -= inside.dtype.type(shift)


def _resized(pixels: Image.Image, size: Size, card: InputCard) -> list[Plane]:
    """The channels [height, width] of an image at this width and height."""
    resampling = RESAMPLING[card.interpolation]
    if card.interpolation == "bilinear-float" and card.dtype != "uint8" and pixels.size != size:
        planes = pixels.split()
        if card.antialias:
            return [np.asarray(plane.convert("F").resize(size, resampling)) for plane in planes]
        return [linear_in_floats(np.asarray(plane), size) for plane in planes]
    plain = resampling in (Image.Resampling.NEAREST, Image.Resampling.BOX)
    if pixels.size == size or card.antialias or plain:
        resized = pixels if pixels.size == size else pixels.resize(size, resampling)
        return [np.asarray(plane) for plane in resized.split()]
    if resampling == Image.Resampling.BILINEAR:
        whole = linear(np.asarray(pixels), size)
    else:
        whole = smooth(pixels, size, resampling)
    return [whole] if whole.ndim == 2 else [whole[..., index] for index in range(whole.shape[2])]


def _at_least_1(width: int, height: int) -> Size:
    return max(width, 1), max(height, 1)
