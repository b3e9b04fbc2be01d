"""What breaks a model: one image blurred, darkened, turned, cut, and its boxes along with it.

The changes are made in the order in which a camera makes them, whatever the order of the
keys: the scene (crop, turn, flip, scale), the light (brightness, contrast), the lens
(blur), the sensor (noise), the file (JPEG). Noise is always the same for the same level.
"""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from engine.core.arrays import Boxes, Mask
from engine.images.pixels import Size

SEED: Final = 20_240_229
BLUR: Final = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0)  # radius of the Gaussian, pixels
NOISE: Final = (0.0, 5.0, 10.0, 20.0, 35.0, 50.0)  # standard deviation, of 255
BRIGHTNESS: Final = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.2, 1.4, 1.7, 2.0, 2.5)  # factor
CONTRAST: Final = (0.2, 0.35, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5)  # factor
QUALITY: Final = (100, 75, 50, 30, 20, 10, 5)  # of the JPEG; the first leaves the image alone
SCALE: Final = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0)  # factor of both sides
CROP: Final = (1.0, 0.9, 0.8, 0.65, 0.5, 0.35)  # share of both sides that is kept, in the middle
LARGEST: Final = 64_000_000  # pixels that an enlarged image may have

LEVELS: Final = {
    "blur": BLUR,
    "noise": NOISE,
    "brightness": BRIGHTNESS,
    "contrast": CONTRAST,
    "quality": QUALITY,
    "scale": SCALE,
    "crop": CROP,
}


@dataclass(frozen=True)
class Perturbation:
    """What is done to an image; two equal ones give equal pixels."""

    blur: float = 0.0
    noise: float = 0.0
    brightness: float = 1.0
    contrast: float = 1.0
    quality: int = 100
    scale: float = 1.0
    crop: float = 1.0
    turns: int = 0  # quarters of a turn, clockwise
    flipped: bool = False  # left and right

    def __bool__(self) -> bool:
        return self != NONE

    def step(self, name: str, by: int = 1) -> "Perturbation":
        """One level further, or back; it stops at the strongest. Turns and flips go round."""
        if name == "turns":
            return replace(self, turns=(self.turns + by) % 4)
        if name == "flipped":
            return replace(self, flipped=not self.flipped)
        levels = LEVELS[name]
        at = min(max(levels.index(getattr(self, name)) + by, 0), len(levels) - 1)
        changed: dict[str, Any] = {name: levels[at]}
        return replace(self, **changed)

    @property
    def words(self) -> str:
        """What is done, in its order: `crop 80 %, blur 2 px`; nothing where nothing is."""
        parts = (
            (self.crop != 1, f"crop {self.crop:.0%}".replace("%", " %")),
            (self.turns, f"turned {90 * self.turns}\N{DEGREE SIGN}"),
            (self.flipped, "flipped"),
            (self.scale != 1, f"scale {self.scale:g}"),
            (self.brightness != 1, f"brightness {self.brightness:g}"),
            (self.contrast != 1, f"contrast {self.contrast:g}"),
            (self.blur, f"blur {self.blur:g} px"),
            (self.noise, f"noise {self.noise:g}"),
            (self.quality != 100, f"JPEG {self.quality}"),
        )
        return ", ".join(words for done, words in parts if done)

    def of(self, image: Image.Image) -> Image.Image:
        """The changed image, in RGB or gray as it was."""
        image = self._scene(image)
        if self.brightness != 1:
            image = ImageEnhance.Brightness(image).enhance(self.brightness)
        if self.contrast != 1:
            image = ImageEnhance.Contrast(image).enhance(self.contrast)
        if self.blur:
            image = image.filter(ImageFilter.GaussianBlur(self.blur))
        if self.noise:
            image = _noisy(image, self.noise)
        if self.quality != 100:
            file = BytesIO()
            image.save(file, "JPEG", quality=self.quality)
            with Image.open(file) as saved:
                saved.load()
                image = saved
        return image

    def _scene(self, image: Image.Image) -> Image.Image:
        left, top, right, bottom = self._window(image.size)
        if self.crop != 1:
            image = image.crop((left, top, right, bottom))
        if self.turns:
            image = image.transpose(QUARTERS[self.turns])
        if self.flipped:
            image = ImageOps.mirror(image)
        scaled = self._scaled(image.size)
        return image if scaled == image.size else image.resize(scaled, Image.Resampling.BICUBIC)

    def _window(self, size: Size) -> tuple[int, int, int, int]:
        """What the crop keeps: left, top, right, bottom."""
        kept = [max(1, round(side * self.crop)) for side in size]
        left, top = ((side - keep) // 2 for side, keep in zip(size, kept, strict=True))
        return left, top, left + kept[0], top + kept[1]

    def _scaled(self, size: Size) -> Size:
        most = (LARGEST / max(size[0] * size[1], 1)) ** 0.5
        scale = min(self.scale, max(most, 1.0))
        return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))

    def boxes(self, box: Boxes, size: Size) -> tuple[Boxes, Mask]:
        """Boxes [N, 4] of an image of this size, where they lie in the changed one.

        The mask [N] tells those of which at least half of the area is still in it; all
        are cut at its edges.
        """
        left, top, right, bottom = self._window(size)
        corners = box.astype(np.float64)
        corners[:, 2:] += corners[:, :2]
        area = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
        corners -= (left, top, left, top)
        width, height = right - left, bottom - top
        corners = corners.clip(0, (width, height, width, height))
        seen = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
        for _ in range(self.turns):
            x0, y0, x1, y1 = corners.T
            corners = np.stack([height - y1, x0, height - y0, x1], axis=1)
            width, height = height, width
        if self.flipped:
            x0, y0, x1, y1 = corners.T
            corners = np.stack([width - x1, y0, width - x0, y1], axis=1)
        across, down = self._scaled((width, height))
        corners *= (across / width, down / height) * 2
        corners[:, 2:] -= corners[:, :2]
        return corners, (seen > 0) & (seen >= area / 2)


NONE: Final = Perturbation()
QUARTERS: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def _noisy(image: Image.Image, deviation: float) -> Image.Image:
    """Gaussian noise on each channel, from the same seed each time."""
    pixels = np.asarray(image).astype(np.float32)
    noise = np.random.default_rng(SEED).standard_normal(pixels.shape, np.float32)
    pixels += deviation * noise
    return Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8))
