"""The styles of a theme for the curves, and those of parts as the terminal's library has them."""

from functools import lru_cache

from rich.style import Style
from textual.color import Color

from engine.plots.styles import DARK, LIGHT, CurveStyles, PlotStyle, curve_styles
from tui.drawing.heat import style


@lru_cache(16)
def theme_curve_styles(background: Color, foreground: Color, plain: bool) -> CurveStyles:
    """Those of the curves and bars; without hue all are the foreground."""
    names = DARK if background.brightness < 0.5 else LIGHT
    colours = [foreground if plain else Color.parse(name) for name in names]

    def drawn(colour: Color, part: float) -> Style:
        return style(background.blend(colour, part), background)

    return curve_styles(colours, drawn, plain)


def in_terminal(part: PlotStyle) -> Style:
    """The style of a part that is drawn with a theme's styles."""
    assert isinstance(part, Style)
    return part
