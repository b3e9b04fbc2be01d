"""The picture that every framework was shown, and the places at which its answer is kept."""

import numpy as np
from PIL import Image

SIZE = (151, 98)  # width, height: odd margins on both sides
PLACES = 40


def photo() -> Image.Image:
    """Smooth colours and some noise, the same on every machine."""
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    waves = [(x * 3 + y) % 256, (x + y * 2) % 256, (x * y // 7) % 256]
    noise = np.random.default_rng(0).integers(0, 32, (SIZE[1], SIZE[0], 3))
    pixels = np.clip(np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels)


def sampled(pixels: np.ndarray) -> list[float]:
    """Some numbers of an array of pixels, [3, height, width]."""
    places = np.random.default_rng(1).integers(0, pixels.size, PLACES)
    return [round(float(value), 5) for value in pixels.reshape(-1)[places]]
