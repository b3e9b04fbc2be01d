"""The styles of a theme for counts: right answers in blue, errors in orange."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.style import Style
from textual.color import Color

from engine.plots.heat import DARK, LIGHT, STEPS, WRONG, ramp_colours
from tui.terminal.contrast import luminance

WHITE: Final = Color.parse("#ffffff")
BLACK: Final = Color.parse("#000000")
GLYPHS: Final = " ░▒▓█"


@dataclass(frozen=True)
class Palette:
    """A style for each tone."""

    styles: tuple[Style, ...]  # [2 * STEPS]
    plain: bool  # without hue: shades of glyphs and weight say how many

    @property
    def right(self) -> tuple[Style, ...]:
        """[STEPS] those of right answers."""
        return self.styles[:STEPS]


@lru_cache(2 * STEPS)
def glyph(tone: int) -> str:
    """A shade for palettes without hue."""
    return GLYPHS[-(-(tone % STEPS) * (len(GLYPHS) - 1) // (STEPS - 1))]


@lru_cache(16)
def palette(
    background: Color, foreground: Color, plain: bool = False, dark: bool = True
) -> Palette:
    """The styles that suit a theme's background and foreground.

    dark: whether the theme is, for backgrounds that only the terminal knows.
    """
    if plain:
        return Palette(tuple(weight(tone, background, foreground) for tone in range(32)), True)
    seen = background if background.ansi is None else BLACK if dark else WHITE
    correct, wrong = DARK if seen.brightness < 0.5 else LIGHT
    blue = Color.parse(correct[0])
    # An empty diagonal cell stays a little blue: the eye can follow the diagonal through it.
    never_right = style(seen.blend(blue, 0.8), seen.blend(blue, 0.12))
    never_wrong = style(background.blend(foreground, 0.28), background)
    return Palette((never_right, *ramp(seen, *correct), never_wrong, *ramp(seen, *wrong)), False)


def ramp(background: Color, middle: str, end: str) -> list[Style]:
    """The fifteen steps that are not zero, away from the background."""
    steps = ramp_colours(background, Color.parse(middle), Color.parse(end))
    return [style(digits_on(step), step) for step in steps]


def digits_on(background: Color) -> Color:
    """Near black or near white, whichever reads better."""
    return BLACK if luminance(background) > 0.179 else WHITE


def weight(tone: int, background: Color, foreground: Color) -> Style:
    """Dim, normal, bold by step; right answers are underlined. Reverse is left to the cursor."""
    step = tone % STEPS
    return style(foreground, background) + Style(
        dim=step < STEPS // 3, bold=step > 2 * STEPS // 3, underline=tone < WRONG and step > 0
    )


def style(foreground: Color, background: Color) -> Style:
    """Both colours said: a style without one shows the terminal's own."""
    return Style.from_color(foreground.rich_color, background.rich_color)
