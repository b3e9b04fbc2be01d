import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color

from engine.plots.heat import STEPS, WRONG, count_tones, share_tones
from tui.drawing.heat import glyph, palette
from tui.terminal.contrast import luminance

DARK = Color.parse("#121212"), Color.parse("#e0e0e0")
LIGHT = Color.parse("#e0e0e0"), Color.parse("#1f1f1f")
THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])

# Linear RGB as eyes without L, M and S cones see it (Machado, Oliveira, Fernandes 2009).
PROTAN = [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
]
DEUTAN = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
]
TRITAN = [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
]


def backgrounds(theme, first=0):
    styles = palette(*theme).styles[first : first + STEPS]
    return [Color.from_rich_color(style.bgcolor) for style in styles]


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.booleans(), st.integers(1, 10**9))
def test_a_larger_count_never_has_a_lower_tone(first, second, correct, most):
    counts = np.array([min(first, second), max(first, second)])
    low, high = count_tones(counts, np.array([correct, correct]), most, most).tolist()
    assert low <= high
    assert (low % STEPS == 0) == (counts[0] == 0)
    assert (low < WRONG) == correct


def test_an_error_beside_thousands_of_right_answers_is_seen():
    tones = count_tones(np.array([7410, 3]), np.array([True, False]), 7410, 141)
    assert tones[0] == STEPS - 1
    assert tones[1] - WRONG >= 4


def test_right_answers_and_errors_are_scaled_to_their_own_largest_count():
    correct = np.array([True, False])
    assert count_tones(np.array([5000, 40]), correct, 5000, 40).tolist() == [15, WRONG + 15]


def test_a_single_error_is_no_fire():
    assert count_tones(np.array([1]), np.array([False]), 1000, 1)[0] - WRONG < STEPS / 2


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_never_has_a_lower_tone(first, second):
    shares = np.array([min(first, second), max(first, second)])
    low, high = share_tones(shares, np.array([True, True])).tolist()
    assert low <= high < STEPS


def test_an_undefined_share_has_no_heat():
    assert share_tones(np.array([np.nan]), np.array([False]))[0] == WRONG


@THEMES
@pytest.mark.parametrize("first", [0, WRONG])
def test_each_step_is_further_from_the_background_in_luminance(theme, first):
    lights = [luminance(color) for color in backgrounds(theme, first)]
    away = np.diff(lights) * (1 if theme is DARK else -1)
    assert (away > 0).all()


@THEMES
def test_digits_can_be_read_on_every_step(theme):
    for style in palette(*theme).styles[1:STEPS] + palette(*theme).styles[WRONG + 1 :]:
        lights = sorted(luminance(Color.from_rich_color(c)) for c in (style.color, style.bgcolor))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


@THEMES
@pytest.mark.parametrize("eye", [PROTAN, DEUTAN, TRITAN], ids=["protan", "deutan", "tritan"])
def test_right_and_wrong_differ_for_other_colour_visions(theme, eye):
    def seen(color):
        part = np.array(color.normalized)
        linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        linear = np.clip(np.array(eye) @ linear, 0, 1)
        return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)

    pairs = zip(backgrounds(theme), backgrounds(theme, WRONG), strict=True)
    for right, wrong in list(pairs)[5:]:
        assert np.abs(seen(right) - seen(wrong)).max() * 255 > 40


@THEMES
@pytest.mark.parametrize("plain", [False, True])
def test_every_style_says_both_colours(theme, plain):
    assert all(style.color and style.bgcolor for style in palette(*theme, plain).styles)


def test_without_hue_weight_and_shade_grow_and_only_the_cursor_may_be_reversed():
    plain = palette(*DARK, True)
    assert not any(style.reverse for style in plain.styles)
    assert (plain.styles[WRONG + 1].dim, plain.styles[WRONG + 15].bold) == (True, True)
    assert plain.styles[15].underline
    assert not plain.styles[WRONG + 15].underline
    assert "".join(glyph(tone) for tone in (0, 1, 5, 9, 15)) == " ░▒▓█"
