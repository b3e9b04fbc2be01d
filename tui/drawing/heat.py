"""Colours for counts: right answers in blue, errors in orange, sixteen steps each.

A step further is always further from the background in luminance, so that the order
survives any colour vision, and the two hues stay apart under the common deficiencies.
A tone is an index into a palette: 0 to 15 for right answers, 16 to 31 for errors.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color

from engine.core.arrays import Counts, Mask, Ratios
from tui.terminal.contrast import luminance

STEPS: Final = 16
WRONG: Final = STEPS
"""The first tone of the errors."""

FEW: Final = 20
"""A largest count below this is scaled as if it were this: one error is no fire."""

Tones = NDArray[np.uint8]

WHITE: Final = Color.parse("#ffffff")
BLACK: Final = Color.parse("#000000")
GLYPHS: Final = " ░▒▓█"
DARK: Final = (("#1a5a9e", "#8accff"), ("#a4500a", "#ffc06b"))
LIGHT: Final = (("#74b0e6", "#0b3c78"), ("#f5a552", "#873400"))


@dataclass(frozen=True)
class Palette:
    """A style for each tone."""

    styles: tuple[Style, ...]  # [2 * STEPS]
    plain: bool  # without hue: shades of glyphs and weight say how many


def count_tones(counts: Counts, correct: Mask, most_correct: int, most_wrong: int) -> Tones:
    """A tone for each count on a logarithmic scale, where a few errors beside thousands show.

    Right answers and errors are each scaled to their own largest count.
    """
    largest = np.where(correct, max(most_correct, FEW), max(most_wrong, FEW))
    return tones(np.log1p(counts) / np.log1p(largest), correct)


def change_tones(changes: Counts, correct: Mask, most: int) -> Tones:
    """A tone for each difference of two counts, on the same scale: right answers more, or errors
    fewer, are for the better and as blue as right answers.
    """
    better = np.where(changes == 0, correct, (changes > 0) == correct)
    return tones(np.log1p(np.abs(changes)) / np.log1p(max(most, FEW)), better)


def share_tones(shares: Ratios, correct: Mask) -> Tones:
    """A tone for each share of a row or column: absolute, so that colours keep their meaning."""
    return tones(np.sqrt(np.nan_to_num(shares)), correct)


def tones(parts: Ratios, correct: Mask) -> Tones:
    """Step 0 for nothing at all, and 1 to 15 for what there is."""
    steps = np.ceil(np.clip(parts, 0, 1) * (STEPS - 1))
    return np.where(correct, steps, steps + WRONG).astype(np.uint8)


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
    return [style(digits_on(step), step) for step in ramp_colours(background, middle, end)]


def ramp_colours(background: Color, middle: str, end: str) -> list[Color]:
    """Even steps from near the background through a middle to the end."""
    through, last = Color.parse(middle), Color.parse(end)
    start, half = background.blend(through, 0.25), (STEPS - 2) // 2
    lower = [start.blend(through, step / half) for step in range(half)]
    return lower + [through.blend(last, step / half) for step in range(half + 1)]


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
