"""The styles of plots on paper: on a light sheet, and on a dark one."""

from dataclasses import dataclass
from typing import Final

from engine.plots.colours import PaperColour
from engine.plots.styles import DARK, LIGHT, PlotStyles, curve_styles


@dataclass(frozen=True)
class PaperStyle:
    """What is drawn and its ground."""

    color: PaperColour | None = None
    bgcolor: PaperColour | None = None


LIGHT_PAPER: Final = PaperColour.parse("#ffffff")
DARK_PAPER: Final = PaperColour.parse("#16181d")


def file_styles() -> PlotStyles:
    """Those of a sheet of paper."""
    return _styles(LIGHT_PAPER, "#222222", "#1d7a3c", LIGHT)


def dark_styles() -> PlotStyles:
    """The same parts on a dark sheet."""
    return _styles(DARK_PAPER, "#e8e8e6", "#63d08a", DARK)


def _styles(paper: PaperColour, foreground: str, best: str, curves: tuple[str, ...]) -> PlotStyles:
    ink, green = PaperColour.parse(foreground), PaperColour.parse(best)

    def on_paper(colour: PaperColour, strength: float) -> PaperStyle:
        return PaperStyle(paper.blend(colour, strength), paper)

    def part(strength: float) -> PaperStyle:
        return on_paper(ink, strength)

    return PlotStyles(
        base=part(1),
        title=part(1),
        label=part(0.85),
        note=part(0.7),
        axis=part(0.6),
        grid=part(0.15),
        iso=part(0.4),
        rule=part(0.6),
        mean=part(0.6),
        cursor=part(1),
        now=part(1),
        optimal=on_paper(green, 1),
        flat=PaperStyle(bgcolor=paper.blend(green, 0.14)),
        **curve_styles([PaperColour.parse(code) for code in curves], on_paper, False),
    )
