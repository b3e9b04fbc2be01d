"""What can be read on what, in light and in dark."""

import re

import pytest

from engine.plots.colours import PaperColour, relative_luminance
from engine.plots.paper import dark_styles, file_styles
from engine.report.html.stylesheet import ON_DARK, dark_of_light, stylesheet

READABLE = 4.5  # to 1: WCAG 2.1, 1.4.3
SEEN = 3.0  # 1.4.11
RULE = re.compile(r"\.(h\d+) \{ background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6}); \}")
VARIABLE = re.compile(r"--(\w+): (#[0-9a-f]{6})")


def contrast(one: str, other: str) -> float:
    dark, light = sorted(
        relative_luminance(*(each / 255 for each in PaperColour.parse(code).get_truecolor()))
        for code in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def parts(dark: bool) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The variables and the tones of one of the two schemes."""
    light, middle, last = stylesheet().split(ON_DARK)  # variables, those of the dark, tones
    variables, tones = (middle, last) if dark else (light, middle)
    return dict(VARIABLE.findall(variables)), RULE.findall(tones)


@pytest.mark.parametrize("dark", [False, True])
def test_all_words_can_be_read(dark):
    colours, tones = parts(dark)
    assert len(tones) == 30
    for name, ground, ink in tones:
        assert contrast(ground, ink) >= READABLE, name
    for ground in ("paper", "page", "bar", "strong"):
        assert contrast(colours[ground], colours["ink"]) >= READABLE, ground
    for ground in ("paper", "page"):
        for ink in ("quiet", "accent"):
            assert contrast(colours[ground], colours[ink]) >= READABLE, (ground, ink)
    assert contrast(colours["fill"], colours["track"]) >= SEEN
    assert contrast(colours["fill"], colours["paper"]) >= SEEN


@pytest.mark.parametrize(("styles", "paper"), [(file_styles(), "light"), (dark_styles(), "dark")])
def test_words_and_lines_of_plots_are_seen_on_their_paper(styles, paper):
    def code(style):
        return PaperColour(*style.color.get_truecolor()).code

    ground = PaperColour(*styles.base.bgcolor.get_truecolor()).code
    for name in ("title", "label", "note", "base"):
        assert contrast(code(getattr(styles, name)), ground) >= READABLE, name
    for curve in (*styles.curves, styles.optimal, styles.now):
        assert contrast(code(curve), ground) >= SEEN


def test_every_colour_of_a_plot_has_one_on_dark_paper():
    pairs = dark_of_light()
    assert pairs["#ffffff"] == "#16181d"
    for light, dark in pairs.items():
        assert light != dark
        assert f'.plot [fill="{light}"] {{ fill: {dark}; }}' in stylesheet()
    assert len(set(pairs.values())) == len(pairs), "two parts that differ look alike in the dark"
