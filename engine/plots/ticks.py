"""What the sides of a plot stand for: a range of numbers, and the words at some of them."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.float64]  # [N] along one axis


@dataclass(frozen=True)
class Ticks:
    """Numbers along an axis from its low to its high end, and their words."""

    low: float
    high: float
    at: tuple[tuple[float, str], ...]

    def few(self) -> "Ticks":
        """Every other of them."""
        return Ticks(self.low, self.high, self.at[::2])

    def part(self, values: Values) -> Values:
        """How far along the axis they stand, from 0 to 1; NaN for what is not on it."""
        part = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        with np.errstate(invalid="ignore"):
            return np.where((part >= 0) & (part <= 1), part, np.nan)

    def between(self, part: float) -> float:
        """The number so far along the axis; that of an end beyond it."""
        return self.low + min(max(part, 0.0), 1.0) * (self.high - self.low)


RATIOS: Final = Ticks(0.0, 1.0, ((0.0, "0"), (0.25, ".25"), (0.5, ".5"), (0.75, ".75"), (1.0, "1")))


def confidence_ticks(lowest: float, highest: float) -> Ticks:
    """From 0 to 1, unless a model has confidences of its own kind."""
    low, high = min(lowest, 0.0), max(highest, 1.0)
    if (low, high) == (0.0, 1.0) or not np.isfinite(low + high):
        return RATIOS
    return Ticks(low, high, tuple((float(at), f"{at:.3g}") for at in np.linspace(low, high, 5)))


def short_count(count: int) -> str:
    """10, 100, 1k, 10k, .1M, 1M."""
    if count >= 100_000:
        return f"{count / 1_000_000:g}M".removeprefix("0")
    return f"{count // 1000}k" if count >= 1000 else str(count)
