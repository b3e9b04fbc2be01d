"""What can be read on what: contrast as WCAG has it, and dim words that keep enough of it."""

from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from engine.plots.colours import relative_luminance

LEAST: Final = 3.0  # to 1: WCAG 2.1, 1.4.11, what signs and large or bold letters need
LEFT: Final = 0.8  # of the contrast of dim words: Textual's own .66 leaves too little of Solarized


def luminance(color: Color) -> float:
    """How light a colour looks, from 0 to 1, as WCAG defines it."""
    return relative_luminance(*color.normalized)


def contrast(one: Color, other: Color) -> float:
    """From 1, for the same colour, to 21, as WCAG defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(ink: str, paper: str, otherwise: str) -> str:
    """The ink where it can be read, else the other one. Colours of the terminal are taken as is."""
    seen = Color.parse(ink), Color.parse(paper)
    known = all(color.ansi is None for color in seen)
    return otherwise if known and contrast(*seen) < LEAST else ink


@lru_cache(1024)
def dimmed(style: Style) -> Style:
    """The style with its dimness in its colour; as it is where its colours are the terminal's."""
    ink, paper = style.color, style.bgcolor
    if not style.dim or ink is None or paper is None or not (ink.triplet and paper.triplet):
        return style
    seen = Color(*paper.triplet).blend(Color(*ink.triplet), LEFT).rich_color
    return style + Style(color=seen, dim=False)


class Dim(LineFilter):
    """Has to come before Textual's own filters, which dim what is still to be dimmed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, dimmed(style) if style is not None and style.dim else style, control)
            for text, style, control in segments
        ]


DIM: Final = Dim()  # lines keep what a filter made of them: one for all
