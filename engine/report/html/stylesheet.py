"""The style of a page: what the file says, and the colours that are worked out."""

from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Final

from engine.plots.colours import PaperColour, relative_luminance
from engine.plots.heat import DARK, LIGHT, STEPS, ramp_colours
from engine.plots.paper import DARK_PAPER, LIGHT_PAPER, dark_styles, file_styles
from engine.plots.styles import PlotStyle, PlotStyles
from engine.report.html.blocks import STEPS as BAR_STEPS

ON_DARK: Final = "@media screen and (prefers-color-scheme: dark)"
BLACK, WHITE = PaperColour.parse("#000000"), PaperColour.parse("#ffffff")


@cache
def stylesheet() -> str:
    """All of it."""
    written = files("engine.report.html").joinpath("templates/page.css").read_text("utf-8")
    dark = [*_tones(DARK_PAPER, DARK), *_plot_colours()]
    return "\n".join([written, *_tones(LIGHT_PAPER, LIGHT), *_bars(), f"{ON_DARK} {{", *dark, "}"])


def _tones(paper: PaperColour, ends: tuple[tuple[str, str], tuple[str, str]]) -> list[str]:
    """The colours of counts: .h0 to .h15 of right answers, from .h16 on of errors."""
    rules = []
    for first, (middle, end) in zip((0, STEPS), ends, strict=True):
        ramp = ramp_colours(paper, PaperColour.parse(middle), PaperColour.parse(end))
        rules += [
            f".h{first + step} {{ background: {ground.code}; color: {_ink_on(ground).code}; }}"
            for step, ground in enumerate(ramp, start=1)
        ]
    faint = paper.blend(PaperColour.parse(ends[0][0]), 0.12)
    return [f".h0 {{ background: {faint.code}; }}", *rules]


def _ink_on(ground: PaperColour) -> PaperColour:
    """Black or white, whichever reads better."""
    light = relative_luminance(*(channel / 255 for channel in ground.get_truecolor()))
    return BLACK if light > 0.179 else WHITE


def _bars() -> list[str]:
    """How far the bar behind a ratio goes."""
    return [
        f".b{step} {{ background-size: {100 * step / BAR_STEPS:g}% 100%; }}"
        for step in range(BAR_STEPS + 1)
    ]


def _plot_colours() -> list[str]:
    """For each colour of a plot on white paper that of the same part on dark paper."""
    rules = []
    for light, dark in dark_of_light().items():
        rules += [f'.plot [{part}="{light}"] {{ {part}: {dark}; }}' for part in ("fill", "stroke")]
    return rules


def dark_of_light() -> dict[str, str]:
    """The codes of all colours that plots have."""
    found: dict[str, str] = {}
    for one, other in zip(_every(file_styles()), _every(dark_styles()), strict=True):
        for light, dark in ((one.color, other.color), (one.bgcolor, other.bgcolor)):
            if light is not None and dark is not None:
                codes = (PaperColour(*each.get_truecolor()).code for each in (light, dark))
                found.setdefault(*codes)
    return found


def _every(styles: PlotStyles) -> list[PlotStyle]:
    names = [each.name for each in fields(styles) if each.name not in ("curves", "plain")]
    return [*(getattr(styles, name) for name in names), *styles.curves]
