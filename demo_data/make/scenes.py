"""Scenes: parts laid on a background, lit from one side and photographed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from demo_data.make.parts import CLASSES, DRAWERS, FLAT, Sheet
from demo_data.make.surfaces import BACKGROUNDS, Pixels, Plane, background, direction, metal, worn

Footprint: TypeAlias = NDArray[np.bool_]  # [H, W] the pixels of the image that a part covers

WIDTH, HEIGHT = 400, 300
DRAWN_LARGER = 3  # parts are drawn this many times too large, for smooth edges
ROUND = ("nut", "washer", "bearing")
SHARE_ON_BACKGROUND = (0.4, 0.25, 0.2, 0.15)
SHARE_OF_CLASS = (0.16, 0.13, 0.15, 0.14, 0.08, 0.07, 0.08, 0.07, 0.08, 0.04)
PART_COUNTS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13)
SHARE_OF_COUNT = (0.03, 0.05, 0.08, 0.12, 0.16, 0.16, 0.14, 0.12, 0.09, 0.05)
LIGHTS = {"normal": 1.0, "dim": 0.55, "bright": 1.35}  # exposure
SHARE_OF_LIGHT = (0.72, 0.18, 0.10)
BLURS = {"none": 0.0, "slight": 0.7, "strong": 1.6}  # radius in pixels
SHARE_OF_BLUR = (0.5, 0.35, 0.15)
COVERED = 0.4  # opacity from which a pixel belongs to a part
SHADOW_TONE = 12  # of a full shadow, 0 to 255
LEAST_INSIDE = 0.35  # share of a part that must lie inside the image
LEAST_VISIBLE = 0.25  # share of that which later parts must leave visible


@dataclass(frozen=True)
class LaidPart:
    """The truth about one part of a scene."""

    label: int  # index into CLASSES
    box: tuple[int, int, int, int]  # left, top, right, bottom of what is visible, in pixels
    occlusion: float  # share of it hidden by other parts, 0 to 1


@dataclass(frozen=True, eq=False)
class Scene:
    """A photograph, the parts in it and the conditions it was taken in."""

    image: Image.Image
    parts: tuple[LaidPart, ...]
    background: str
    light: str
    blur: str


@dataclass(frozen=True, eq=False)
class Stamp:
    """A part turned, lit and made of metal, ready to be laid down."""

    colour: Pixels
    opacity: Plane  # 0 to 1
    shadow: Plane  # 0 to 1
    shadow_step: tuple[int, int]  # from the part to its shadow, x and y in pixels


def scene(seed: int, index: int) -> Scene:
    """The scene with this number; no other scene is needed to make it."""
    rng = np.random.default_rng([seed, index])
    surface = str(rng.choice(list(BACKGROUNDS), p=SHARE_ON_BACKGROUND))
    towards_light = direction(rng)
    pixels = worn(background(surface, HEIGHT, WIDTH, rng), rng)
    parts = lay_parts(pixels, towards_light, rng)
    light = str(rng.choice(list(LIGHTS), p=SHARE_OF_LIGHT))
    blur = str(rng.choice(list(BLURS), p=SHARE_OF_BLUR))
    image = photograph(pixels, towards_light, LIGHTS[light], BLURS[blur], rng)
    return Scene(image, parts, surface, light, blur)


def lay_parts(
    pixels: Pixels, towards_light: tuple[float, float], rng: np.random.Generator
) -> tuple[LaidPart, ...]:
    """Draw up to 13 parts into the pixels, each over the ones before.

    A part that would lie mostly outside, or hide an earlier one, is not laid:
    whatever can be seen in the image is in the truth.
    """
    labels: list[int] = []
    alone: list[int] = []  # pixels each part covered when it was laid
    visible: list[Footprint] = []
    scale = rng.uniform(0.55, 1.35)
    for _ in range(rng.choice(PART_COUNTS, p=SHARE_OF_COUNT)):
        label = int(rng.choice(len(CLASSES), p=SHARE_OF_CLASS))
        half_length = float(np.clip(rng.lognormal(3.5, 0.36) * scale, 12, 95))
        if CLASSES[label] in ROUND:
            half_length *= 0.62
        centre = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)
        stamp = stamped(CLASSES[label], half_length, towards_light, rng)
        height, width = stamp.opacity.shape
        corner = int(centre[0] - width / 2), int(centre[1] - height / 2)

        footprint = on_frame(stamp.opacity, corner) > COVERED
        inside = int(footprint.sum())
        left_visible = [seen & ~footprint for seen in visible]
        hides_another = any(
            seen.sum() < LEAST_VISIBLE * whole
            for seen, whole in zip(left_visible, alone, strict=True)
        )
        if inside < LEAST_INSIDE * (stamp.opacity > COVERED).sum() or hides_another:
            continue
        lay(pixels, stamp, corner)
        labels.append(label)
        alone.append(inside)
        visible = [*left_visible, footprint]
    return tuple(
        LaidPart(label, box_around(seen), round(1 - float(seen.sum()) / whole, 2))
        for label, whole, seen in zip(labels, alone, visible, strict=True)
    )


def stamped(
    name: str, half_length: float, towards_light: tuple[float, float], rng: np.random.Generator
) -> Stamp:
    """One part of this class, turned at random and sometimes seen at a slant."""
    sheet = Sheet(half_length * DRAWN_LARGER)
    DRAWERS[name](sheet, rng)
    slant = rng.uniform(0.62, 1) if rng.random() < 0.5 else 1.0
    turn = rng.uniform(0, 360)
    silhouette = turned(sheet.silhouette, slant, turn, outside=0)
    relief = np.asarray(turned(sheet.relief, slant, turn, outside=FLAT), np.float32) - FLAT

    edges = silhouette.filter(ImageFilter.GaussianBlur(max(0.8, half_length * 0.06)))
    uphill_y, uphill_x = np.gradient(np.asarray(edges, np.float32) / 255)
    facing_light = -(uphill_x * towards_light[0] + uphill_y * towards_light[1])
    bevel = facing_light * rng.uniform(120, 260) * max(1.0, half_length / 20)

    shadow = silhouette.filter(ImageFilter.GaussianBlur(max(1.0, half_length * 0.08)))
    step_x, step_y = (1 - int(along * half_length * 0.12) for along in towards_light)
    return Stamp(
        colour=metal((relief * 0.55 + bevel).astype(np.float32), rng),
        opacity=np.asarray(silhouette, np.float32) / 255,
        shadow=np.asarray(shadow, np.float32) / 255 * 0.45,
        shadow_step=(step_x, step_y),
    )


def turned(drawing: Image.Image, slant: float, degrees: float, outside: int) -> Image.Image:
    """The drawing flattened to `slant` of its height, turned, and shrunk to its final size."""
    width = drawing.width
    flattened = drawing.resize((width, max(4, int(width * slant))))
    rotated = flattened.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=outside)
    size = max(2, rotated.width // DRAWN_LARGER), max(2, rotated.height // DRAWN_LARGER)
    return rotated.resize(size, Image.Resampling.BOX)


def lay(pixels: Pixels, stamp: Stamp, corner: tuple[int, int]) -> None:
    """Draw the stamp over its shadow into the pixels, its upper left at the corner."""
    shadow_corner = corner[0] + stamp.shadow_step[0], corner[1] + stamp.shadow_step[1]
    blend(pixels, np.full_like(stamp.colour, SHADOW_TONE), stamp.shadow, shadow_corner)
    blend(pixels, stamp.colour, stamp.opacity, corner)


def blend(pixels: Pixels, colour: Pixels, opacity: Plane, corner: tuple[int, int]) -> None:
    """Paint the colour into the pixels, as strongly as the opacity says."""
    frame_part, stamp_part = common_part(opacity.shape, corner)
    share = opacity[stamp_part][..., None]
    pixels[frame_part] = pixels[frame_part] * (1 - share) + colour[stamp_part] * share


def on_frame(opacity: Plane, corner: tuple[int, int]) -> Plane:
    """The opacity moved onto an empty frame, [HEIGHT, WIDTH]; what is outside is cut off."""
    frame = np.zeros((HEIGHT, WIDTH), np.float32)
    frame_part, stamp_part = common_part(opacity.shape, corner)
    frame[frame_part] = opacity[stamp_part]
    return frame


def common_part(
    shape: tuple[int, ...], corner: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where a stamp of this shape meets the frame: rows and columns of the frame, of the stamp."""
    (left, top), (height, width) = corner, shape
    first_row, last_row = max(0, top), max(0, min(HEIGHT, top + height))
    first_column, last_column = max(0, left), max(0, min(WIDTH, left + width))
    frame_part = slice(first_row, last_row), slice(first_column, last_column)
    stamp_rows = slice(first_row - top, max(first_row - top, last_row - top))
    stamp_columns = slice(first_column - left, max(first_column - left, last_column - left))
    return frame_part, (stamp_rows, stamp_columns)


def box_around(footprint: Footprint) -> tuple[int, int, int, int]:
    """The smallest box that holds all covered pixels: left, top, right, bottom."""
    rows, columns = np.nonzero(footprint)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def photograph(
    pixels: Pixels,
    towards_light: tuple[float, float],
    exposure: float,
    blur: float,
    rng: np.random.Generator,
) -> Image.Image:
    """The picture a camera takes: brighter towards the light, blurred, and noisy in the dark."""
    across, down = np.linspace(-1, 1, WIDTH), np.linspace(-1, 1, HEIGHT)
    lit = 1 + 0.22 * (across[None] * towards_light[0] + down[:, None] * towards_light[1])
    exposed = (pixels * lit[..., None] * exposure).clip(0, 255).astype(np.uint8)
    seen = Image.fromarray(exposed).filter(ImageFilter.GaussianBlur(blur))
    strength = rng.uniform(2, 9) * (1.5 if exposure < 1 else 1)
    channels = 1 if rng.random() < 0.5 else 3  # grey or coloured noise
    noisy = np.asarray(seen, np.float32) + rng.normal(0, strength, (HEIGHT, WIDTH, channels))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
