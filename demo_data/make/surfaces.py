"""What lies under the parts and what they are made of: textures without any photograph."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels: TypeAlias = NDArray[np.float32]  # [H, W, 3] red, green, blue, 0 to 255 before exposure
Plane: TypeAlias = NDArray[np.float32]  # [H, W] one value per pixel


def clouds(
    height: int,
    width: int,
    rng: np.random.Generator,
    cells: Sequence[int] = (4, 16, 64),
    strengths: Sequence[float] = (1, 0.5, 0.25),
) -> Plane:
    """Soft random patches from -1 to 1, [height, width]: coarse grids enlarged and added."""
    total = np.zeros((height, width), np.float32)
    for across, strength in zip(cells, strengths, strict=True):
        down = max(2, height * across // width)
        grid = Image.fromarray(rng.standard_normal((down, across)).astype(np.float32))
        total += strength * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
    return total / (np.abs(total).max() + np.float32(1e-6))


def belt(height: int, width: int, rng: np.random.Generator) -> Plane:
    """Dark cross lines at a regular distance."""
    spacing = 2 * int(rng.integers(9, 18))
    on_line = np.arange(height) % spacing < 2
    return np.repeat(np.where(on_line, -9, 0)[:, None], width, axis=1).astype(np.float32)


def steel(height: int, width: int, rng: np.random.Generator) -> Plane:
    """Brushed metal: each row a little brighter or darker."""
    return np.repeat(rng.normal(0, 5, (height, 1)), width, axis=1).astype(np.float32)


def wood(height: int, width: int, rng: np.random.Generator) -> Plane:
    """Wavy grain."""
    waviness = 12 * clouds(height, width, rng, (2, 6), (1, 0.5))
    rings = (np.arange(height)[:, None] + waviness) * rng.uniform(0.25, 0.6)
    return (9 * np.sin(rings)).astype(np.float32)


def card(height: int, width: int, rng: np.random.Generator) -> Plane:
    """The fine ribs of corrugated board."""
    ribs = 3 * np.sin(np.arange(width) * 1.1)
    return np.repeat(ribs[None], height, axis=0).astype(np.float32)


Pattern: TypeAlias = Callable[[int, int, np.random.Generator], Plane]

BACKGROUNDS: dict[str, tuple[tuple[int, int, int], Pattern]] = {
    "belt": ((52, 54, 58), belt),
    "steel": ((150, 153, 156), steel),
    "wood": ((150, 116, 80), wood),
    "card": ((176, 148, 112), card),
}


def background(name: str, height: int, width: int, rng: np.random.Generator) -> Pixels:
    """An empty, clean place to lay parts on, [height, width, 3]."""
    colour, pattern = BACKGROUNDS[name]
    base = np.array(colour, np.float32) * np.float32(rng.uniform(0.8, 1.2))
    uneven = 14 * clouds(height, width, rng) + pattern(height, width, rng)
    return base + uneven[..., None]


def worn(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """The same place with up to six stains and scratches."""
    for _ in range(rng.integers(0, 7)):
        pixels = stained(pixels, rng) if rng.random() < 0.5 else scratched(pixels, rng)
    return pixels


def stained(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """The place with one dark spot with a soft edge."""
    height, width = pixels.shape[:2]
    x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(6, 40)
    spot = Image.new("L", (width, height), 0)
    box = (x - radius, y - radius * 0.7, x + radius, y + radius * 0.7)
    ImageDraw.Draw(spot).ellipse(box, fill=255)
    soft = np.asarray(spot.filter(ImageFilter.GaussianBlur(5)), np.float32) / 255
    return pixels * (1 - 0.25 * soft[..., None])


def scratched(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """The place with one straight scratch, brighter or darker than its surroundings."""
    height, width = pixels.shape[:2]
    ends = rng.uniform((0, 0), (width, height), (2, 2))
    scratch = Image.new("L", (width, height), 0)
    ImageDraw.Draw(scratch).line(ends.flatten().tolist(), fill=255, width=int(rng.integers(1, 3)))
    brightness = np.float32(rng.uniform(-30, 40))
    return pixels + np.asarray(scratch, np.float32)[..., None] / 255 * brightness


METALS = np.array(
    [
        (176, 178, 182),  # zinc
        (150, 152, 156),  # steel
        (196, 190, 176),  # nickel
        (170, 150, 96),  # brass
        (120, 122, 128),  # iron
        (142, 110, 84),  # copper
        (88, 90, 96),  # blackened steel
    ],
    np.float32,
)
RUST = np.array((120, 66, 32), np.float32)


def metal(relief: Plane, rng: np.random.Generator) -> Pixels:
    """One of the metals, lighter and darker where the relief says, sometimes rusty."""
    height, width = relief.shape
    colour = METALS[rng.integers(len(METALS))] * np.float32(rng.uniform(0.75, 1.2))
    grain = clouds(height, width, rng, (3, 9), (1, 0.6)) * np.float32(rng.uniform(4, 16))
    pixels = colour + (relief + grain)[..., None]
    if rng.random() < 0.15:
        rust = 0.6 * np.clip(clouds(height, width, rng, (4, 10), (1, 0.5)), 0, 1)[..., None]
        pixels = pixels * (1 - rust) + RUST * rust
    return pixels


def direction(rng: np.random.Generator) -> tuple[float, float]:
    """A random direction in the image, as x and y of a step of length 1."""
    angle = rng.uniform(0, 2 * math.pi)
    return math.cos(angle), math.sin(angle)
