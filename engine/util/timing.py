"""How long each step of scoring an image took."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

Result = TypeVar("Result")

MILLISECONDS: Final = 1000.0
STEPS: Final = ("decode", "inference", "post")


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one image."""

    decode: float  # the file read, decoded, resized and written into the input
    inference: float  # the call of the model, shared by the images in it
    post: float  # from the model's outputs to boxes or probabilities

    @property
    def total(self) -> float:
        """All steps one after the other."""
        return self.decode + self.inference + self.post


@dataclass(frozen=True)
class Spread:
    """Of several images."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Latency:
    """Each step over several images, in milliseconds; NaN without any."""

    images: int
    decode: Spread
    inference: Spread
    post: Spread

    @classmethod
    def of(cls, timings: Sequence[Timing]) -> "Latency":
        """Medians and 95th percentiles, interpolated as NumPy does."""
        spreads = []
        for step in STEPS:
            values = [getattr(timing, step) for timing in timings]
            p50, p95 = np.percentile(values, [50, 95]) if values else (np.nan, np.nan)
            spreads.append(Spread(float(p50), float(p95)))
        return cls(len(timings), *spreads)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What came of the work, and its milliseconds."""
    began = time.perf_counter()
    result = work()
    return result, (time.perf_counter() - began) * MILLISECONDS
