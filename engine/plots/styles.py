"""How the parts of a plot look: colours of any maker, patterns of lines, six colours for curves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, TypedDict, TypeVar

Colour = TypeVar("Colour")

# Blue, orange, green, purple, yellow or plum, red: at least 17 apart in CIELAB under protanopia,
# deuteranopia and tritanopia (Machado 2009), the first three 24.
DARK: Final = ("#5e9dff", "#f0a020", "#43e6c0", "#a878b8", "#e9f0a0", "#e8505a")
LIGHT: Final = ("#1f4fb0", "#c65a00", "#008f74", "#a06cc8", "#5a2a5a", "#7d1a10")
Pattern: TypeAlias = tuple[int, int]  # dots that are drawn, dots that are left out, and so on

SOLID: Final[Pattern] = (1, 0)
PATTERNS: Final[tuple[Pattern, ...]] = (SOLID, (6, 2), (3, 3), (2, 2), (8, 4), (1, 2))
"""One for each curve, where a terminal has no colours."""


class PlotColour(Protocol):
    """A colour of any maker, as far as a plot asks for it."""

    def get_truecolor(self) -> tuple[int, int, int]:
        """Red, green and blue, 0 to 255."""
        ...


class PlotStyle(Protocol):
    """What is drawn and its ground; a terminal's styles are such, and so are those of paper."""

    @property
    def color(self) -> PlotColour | None:
        """Of what is drawn; None for the terminal's own."""
        ...

    @property
    def bgcolor(self) -> PlotColour | None:
        """Of its ground."""
        ...


@dataclass(frozen=True)
class Pen:
    """How a line is drawn."""

    style: PlotStyle
    pattern: Pattern = SOLID
    thick: bool = False  # two dots instead of one


@dataclass(frozen=True)
class PlotStyles:
    """The styles of a theme for each part of a plot."""

    base: PlotStyle
    title: PlotStyle
    label: PlotStyle
    note: PlotStyle
    axis: PlotStyle
    grid: PlotStyle
    iso: PlotStyle
    rule: PlotStyle
    mean: PlotStyle
    cursor: PlotStyle
    now: PlotStyle
    optimal: PlotStyle
    flat: PlotStyle
    bar: PlotStyle
    few: PlotStyle  # a bar, or its gap, of a few predictions only
    gap: PlotStyle
    few_gap: PlotStyle
    curves: tuple[PlotStyle, ...]
    plain: bool = False  # without hue: lines differ by their pattern

    def pen(self, place: int, thick: bool = False) -> Pen:
        """For the curve at this place: a colour of its own, or a pattern."""
        style = self.curves[place % len(self.curves)]
        return Pen(style, PATTERNS[place % len(PATTERNS)] if self.plain else SOLID, thick)


class CurveStyles(TypedDict):
    """Those of the styles that no theme knows."""

    curves: tuple[PlotStyle, ...]
    bar: PlotStyle
    few: PlotStyle
    gap: PlotStyle
    few_gap: PlotStyle


def curve_styles(
    colours: Sequence[Colour], drawn: Callable[[Colour, float], PlotStyle], plain: bool
) -> CurveStyles:
    """Six colours that stay apart under the common colour vision deficiencies, and those of bars.

    drawn makes the style of so much of a colour on the ground. Without hue all six are the
    same, and bars are more or less of it.
    """
    right, wrong = colours[:2]
    strong, weak = (0.75, 0.3) if plain else (0.75, 0.75)
    return CurveStyles(
        curves=tuple(drawn(colour, 1.0) for colour in colours),
        bar=drawn(right, strong),
        few=drawn(right, strong / 2),
        gap=drawn(wrong, weak),
        few_gap=drawn(wrong, weak / 2),
    )
