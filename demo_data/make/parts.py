"""The ten kinds of parts, each drawn lying flat and pointing to the right."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image, ImageDraw

Point = tuple[float, float]

FLAT = 128  # the tone of a surface without a groove or an edge
HIDDEN, SOLID = 0, 255


class Sheet:
    """A square from -1 to 1 in both directions, on which one part is drawn.

    All lengths are fractions of half the side of the sheet, so that a part's
    drawing does not depend on how large it will appear.
    """

    def __init__(self, half_side: float) -> None:
        """Start an empty sheet that is twice `half_side` pixels wide and high."""
        side = int(2 * half_side)
        self.half_side = side / 2
        self.silhouette = Image.new("L", (side, side), HIDDEN)
        self.relief = Image.new("L", (side, side), FLAT)
        self._silhouette = ImageDraw.Draw(self.silhouette)
        self._relief = ImageDraw.Draw(self.relief)

    def polygon(self, points: Iterable[Point]) -> None:
        """Add a solid shape."""
        self._silhouette.polygon([self._pixel(point) for point in points], fill=SOLID)

    def bar(self, left: float, right: float, half_height: float, rounding: float = 0.0) -> None:
        """Add a solid bar along the middle of the sheet."""
        box = self._box((left, -half_height), (right, half_height))
        self._silhouette.rounded_rectangle(box, radius=rounding * self.half_side, fill=SOLID)

    def loop(self, left: float, right: float, half_height: float, wire: float) -> None:
        """Add a wire bent to a long loop with round ends."""
        box = self._box((left, -half_height), (right, half_height))
        radius = half_height * self.half_side
        self._silhouette.rounded_rectangle(
            box, radius=radius, outline=SOLID, width=max(2, self._thickness(wire))
        )

    def wire(self, points: Iterable[Point], thickness: float) -> None:
        """Add a wire bent at each point."""
        self._silhouette.line(
            [self._pixel(point) for point in points],
            fill=SOLID,
            width=max(2, self._thickness(thickness)),
            joint="curve",
        )

    def disc(self, radius: float) -> None:
        """Add a solid disc in the middle of the sheet."""
        self._silhouette.ellipse(self._around((0, 0), radius), fill=SOLID)

    def hole(self, radius: float, centre: Point = (0, 0)) -> None:
        """Cut a round hole."""
        self._silhouette.ellipse(self._around(centre, radius), fill=HIDDEN)

    def gap(self, left: float, right: float, top: float, bottom: float) -> None:
        """Cut a rectangle out."""
        self._silhouette.rectangle(self._box((left, top), (right, bottom)), fill=HIDDEN)

    def line(self, start: Point, end: Point, tone: int, thickness: float) -> None:
        """Engrave a line; a tone below FLAT is a groove, above it a bright edge."""
        ends = [self._pixel(start), self._pixel(end)]
        self._relief.line(ends, fill=tone, width=self._thickness(thickness))

    def ring(self, radius: float, tone: int, thickness: float) -> None:
        """Engrave a circle around the middle."""
        box = self._around((0, 0), radius)
        self._relief.ellipse(box, outline=tone, width=self._thickness(thickness))

    def dot(self, centre: Point, radius: float, tone: int) -> None:
        """Engrave a filled circle."""
        self._relief.ellipse(self._around(centre, radius), fill=tone)

    def _pixel(self, point: Point) -> Point:
        x, y = point
        return (1 + x) * self.half_side, (1 + y) * self.half_side

    def _box(self, corner: Point, opposite: Point) -> tuple[float, float, float, float]:
        return *self._pixel(corner), *self._pixel(opposite)

    def _around(self, centre: Point, radius: float) -> tuple[float, float, float, float]:
        x, y = centre
        return self._box((x - radius, y - radius), (x + radius, y + radius))

    def _thickness(self, length: float) -> int:
        return max(1, int(length * self.half_side))


def on_circle(radius: float, turn: float) -> Point:
    """The point at this distance from the middle; a turn of 1 goes once around."""
    return radius * math.cos(2 * math.pi * turn), radius * math.sin(2 * math.pi * turn)


def bolt(sheet: Sheet, rng: np.random.Generator) -> None:
    """A thick hexagonal head seen from the side, and a threaded shank."""
    end, shank = 0.92, rng.uniform(0.13, 0.22)
    head, neck = shank * rng.uniform(1.7, 2.2), -end + end * rng.uniform(0.26, 0.36)
    sheet.polygon([(-end, -head), (neck, -head), (neck, head), (-end, head)])
    sheet.bar(neck, end, shank)
    sheet.line((-end, -head * 0.35), (neck, -head * 0.35), tone=70, thickness=0.04)
    sheet.line((-end, head * 0.35), (neck, head * 0.35), tone=190, thickness=0.04)
    for thread in np.arange(neck + 0.1, end, 0.095):
        sheet.line((thread, -shank), (thread + 0.03, shank), tone=60, thickness=0.035)


def screw(sheet: Sheet, rng: np.random.Generator) -> None:
    """A countersunk head with a slot, and a threaded shank that ends in a point."""
    end, shank = 0.92, rng.uniform(0.13, 0.22)
    head, neck = shank * rng.uniform(1.8, 2.3), -end + end * rng.uniform(0.16, 0.26)
    taper, tapered = end * 0.55, shank * 0.85
    upper = [(-end, -head), (neck, -shank), (taper, -tapered), (end, 0.0)]
    lower = [(taper, tapered), (neck, shank), (-end, head)]
    sheet.polygon([*upper, *lower])
    for thread in np.arange(neck + 0.08, end * 0.9, 0.12):
        sheet.line((thread, -shank), (thread + 0.11, shank), tone=60, thickness=0.04)
    sheet.line((-end, -head * 0.1), ((neck - end) / 2, -head * 0.1), tone=30, thickness=0.06)


def pin(sheet: Sheet, rng: np.random.Generator) -> None:
    """A smooth rod with rounded ends and a long highlight."""
    end, half_height = 0.92, rng.uniform(0.13, 0.22)
    sheet.bar(-end, end, half_height, rounding=half_height * 0.8)
    highlight = -half_height * 0.4
    sheet.line((-end * 0.9, highlight), (end * 0.9, highlight), tone=220, thickness=0.05)


def nut(sheet: Sheet, rng: np.random.Generator) -> None:
    """A hexagon with a threaded hole."""
    outer, turn = 0.93, rng.uniform(0, 1)
    hole = outer * rng.uniform(0.42, 0.55)
    sheet.polygon(on_circle(outer, turn + corner / 6) for corner in range(6))
    sheet.ring(hole * 1.18, tone=70, thickness=0.05)
    sheet.hole(hole)


def washer(sheet: Sheet, rng: np.random.Generator) -> None:
    """A plain flat ring."""
    outer = 0.93
    sheet.disc(outer)
    sheet.hole(outer * rng.uniform(0.45, 0.62))


def bearing(sheet: Sheet, rng: np.random.Generator) -> None:
    """Two races with nine balls between them."""
    outer = 0.93
    hole = outer * rng.uniform(0.34, 0.46)
    sheet.disc(outer)
    sheet.ring(outer * 0.88, tone=50, thickness=0.04)
    sheet.ring(hole * 1.25, tone=50, thickness=0.04)
    for ball in range(9):
        sheet.dot(on_circle((outer * 0.86 + hole) / 2, ball / 9), radius=0.09, tone=225)
    sheet.hole(hole)


def gear(sheet: Sheet, rng: np.random.Generator) -> None:
    """A wheel with 9 to 14 teeth."""
    outer, root, teeth = 0.93, 0.93 * 0.8, int(rng.integers(9, 15))
    tooth = [(0.0, root), (0.18, outer), (0.5, outer), (0.68, root)]
    sheet.polygon(
        on_circle(radius, (number + turn) / teeth)
        for number in range(teeth)
        for turn, radius in tooth
    )
    sheet.ring(outer * 0.62, tone=90, thickness=0.04)
    sheet.hole(outer * rng.uniform(0.2, 0.38))


def spring(sheet: Sheet, rng: np.random.Generator) -> None:
    """A coil seen from the side: a zigzag of 7 to 11 turns."""
    end, half_height, turns = 0.9, rng.uniform(0.26, 0.36), int(rng.integers(7, 12))
    across = np.linspace(-end, end, 2 * turns + 1)
    coil = [
        (x, half_height if number % 2 else -half_height) for number, x in enumerate(across.tolist())
    ]
    sheet.wire(coil, thickness=0.085)


def clip(sheet: Sheet, rng: np.random.Generator) -> None:
    """A paper clip: one loop of wire inside another that is left open."""
    end, half_height = 0.86, rng.uniform(0.3, 0.4)
    sheet.loop(-end, end, half_height, wire=0.1)
    sheet.loop(-end * 0.7, end * 0.62, half_height * 0.55, wire=0.1)
    sheet.gap(end * 0.2, end * 0.55, top=-half_height * 1.05, bottom=-half_height * 0.7)


def bracket(sheet: Sheet, rng: np.random.Generator) -> None:
    """A right angle with a hole in each leg."""
    end, width = 0.85, rng.uniform(0.34, 0.46)
    inner = end - width
    outside = [(end, end), (-end, end), (-end, -end), (-end + width, -end)]
    sheet.polygon([*outside, (-end + width, inner), (end, inner)])
    sheet.hole(width * 0.22, centre=(-end + width / 2, -end * 0.45))
    sheet.hole(width * 0.22, centre=(end * 0.5, end - width / 2))


DRAWERS: dict[str, Callable[[Sheet, np.random.Generator], None]] = {
    drawer.__name__: drawer
    for drawer in (bolt, screw, nut, washer, bearing, gear, spring, clip, pin, bracket)
}
CLASSES = tuple(DRAWERS)  # the order of the class numbers
