"""Where two pictures differ, as few rectangles that are cheap to send."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Differs = NDArray[np.bool_]  # [H, W]
Rectangle = tuple[int, int, int, int]  # left, top, width, height
Bounds = NDArray[np.int64]  # [N, 4] left, top, right, bottom, the last two exclusive

MOST: Final = 32  # rectangles, before those that are cheaper together are joined


@dataclass(frozen=True)
class Cost:
    """What a rectangle costs."""

    each: float  # for being another one
    area: float  # for each of its pixels or cells

    def of(self, bounds: Bounds) -> NDArray[np.float64]:
        """[...] the cost of each."""
        width, height = bounds[..., 2] - bounds[..., 0], bounds[..., 3] - bounds[..., 1]
        cost: NDArray[np.float64] = float(self.each) + float(self.area) * width * height
        return cost


def difference(before: Image.Image, now: Image.Image) -> Differs:
    """[H, W] where the colours differ; the pictures have the same size."""
    one, other = (
        np.frombuffer(image.convert("RGBA").tobytes(), np.uint32) for image in (before, now)
    )
    differs: Differs = np.not_equal(one, other).reshape(now.height, now.width)
    return differs


def in_cells(differs: Differs, columns: int, rows: int) -> Differs:
    """[rows, columns] the cells with a difference; the sides are multiples of theirs."""
    height, width = differs.shape
    cells = differs.reshape(rows, height // rows, columns, width // columns)
    some: Differs = np.any(cells, axis=(1, 3))
    return some


def rectangles(differs: Differs, cost: Cost) -> list[Rectangle]:
    """Rectangles that hold every difference: the outline of a box becomes its four sides."""
    found, block = _runs(differs, 1), 1
    while len(found) > MOST:
        block *= 2
        found = _runs(differs, block)
    bounds = np.array([_tight(differs, each) for each in found], np.int64).reshape(-1, 4)
    return [
        (left, top, right - left, bottom - top)
        for left, top, right, bottom in _joined(bounds, cost).tolist()
    ]


def _runs(differs: Differs, block: int) -> list[tuple[int, int, int, int]]:
    """Bounds of neighbouring blocks in a row, joined with the same ones of the rows below.

    Stops once there are more than are of use.
    """
    height, width = differs.shape
    padded = np.pad(differs, ((0, -height % block), (0, -width % block)))
    down, across = padded.shape[0] // block, padded.shape[1] // block
    coarse: Differs = np.any(padded.reshape(down, block, across, block), axis=(1, 3))
    edges = np.diff(np.pad(coarse, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    done: list[tuple[int, int, int, int]] = []
    open_: dict[tuple[int, int], int] = {}  # first and last column of a run, and where it began
    for y in [*np.flatnonzero(coarse.any(axis=1) | _ends(coarse)).tolist(), down]:
        now = set[tuple[int, int]]()
        if y < down:
            begins, ends = np.flatnonzero(edges[y] > 0), np.flatnonzero(edges[y] < 0)
            now = set(zip(begins.tolist(), ends.tolist(), strict=True))
        over = [run for run in open_ if run not in now]
        done += [
            (run[0] * block, open_.pop(run) * block, run[1] * block, y * block) for run in over
        ]
        if len(done) > MOST:
            break
        for run in now:
            open_.setdefault(run, y)
    return done


def _ends(coarse: Differs) -> NDArray[np.bool_]:
    """[H] rows without a difference under one with some."""
    some: Differs = np.any(coarse, axis=1)
    ends: NDArray[np.bool_] = np.zeros_like(some)
    np.logical_and(some[:-1], ~some[1:], out=ends[1:])
    return ends


def _tight(differs: Differs, bounds: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = bounds
    part = differs[top:bottom, left:right]
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    return (
        left + int(columns[0]),
        top + int(rows[0]),
        left + int(columns[-1]) + 1,
        top + int(rows[-1]) + 1,
    )


def _joined(bounds: Bounds, cost: Cost) -> Bounds:
    """Two at a time are replaced by one around both, as long as that is cheaper."""
    while len(bounds) > 1:
        low = np.minimum(bounds[:, None, :2], bounds[None, :, :2])
        high = np.maximum(bounds[:, None, 2:], bounds[None, :, 2:])
        alone = cost.of(bounds)
        saved = alone[:, None] + alone - cost.of(np.concatenate((low, high), axis=2))
        np.fill_diagonal(saved, -np.inf)
        one, other = np.unravel_index(int(saved.argmax()), saved.shape)
        if saved[one, other] <= 0:
            break
        around = np.concatenate((low[one, other], high[one, other]))
        bounds = np.vstack((np.delete(bounds, (one, other), axis=0), around))
    if len(bounds) > 1:  # pairs may each be cheaper alone, and all of them not
        whole = np.concatenate((bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)))[None]
        if cost.of(whole)[0] < cost.of(bounds).sum():
            return whole
    return bounds
