"""How sharp a picture may be: the room and the line decide, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.color import ColorSystem
from rich.style import Style

from tui.pictures.paint.crops import DecodedImages
from tui.pictures.paint.drawing import Area, Sketch, Subject, sketch
from tui.pictures.paint.raster import kitty_upload, overlay, scaled_size
from tui.pictures.paint.sharpness import SLOW, allowance, in_all_colours
from tui.pictures.paint.strips import cell_strips, kitty_strips
from tui.terminal.capabilities import Graphics

RATES = st.none() | st.floats(1_000, 1e9)
SIDES = st.integers(1, 200)
PROTOCOLS = st.sampled_from(["kitty", "sixel", "iterm"])


@given(PROTOCOLS, SIDES, SIDES, RATES)
def test_the_sharpest_is_tried_first_and_a_slow_line_never_gets_more(protocol, columns, rows, rate):
    allowed, free = (allowance(protocol, columns, rows, each) for each in (rate, None))
    steps = [(choice.colours, choice.cell_width) for choice in allowed.choices]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] <= (free.choices[0].colours, free.choices[0].cell_width)
    assert allowed.enough <= min(free.enough, allowed.most)
    if rate is not None and rate < SLOW:
        assert allowed.enough <= rate  # a second
    else:
        assert allowed == free


@pytest.mark.parametrize(
    ("truecolor", "rate", "worth"),
    [(True, None, True), (True, 1e6, True), (True, 1e5, False), (False, None, False)],
)
def test_cells_are_sent_again_in_all_colours_where_the_line_is_quick(truecolor, rate, worth):
    assert in_all_colours(truecolor, rate) == worth


def area(protocol: str, columns=60, rows=25) -> Area:
    return Area(columns, rows, Graphics(protocol, 10, 20), ColorSystem.TRUECOLOR, Style())


def noise(path, size):
    Image.effect_noise(size, 90).resize((size[0] // 4, size[1] // 4)).resize(size).save(path)
    return Subject(path)


def test_a_picture_of_60_by_25_cells_stays_within_its_bytes(tmp_path):
    subject, images = noise(tmp_path / "a.png", (1200, 1000)), DecodedImages(1 << 26)
    place = area("kitty")
    seen = sketch(subject, place, images)
    assert (seen.columns, seen.rows) == (60, 25)

    def written(strips) -> int:
        return sum(len(strip.whole.encode()) for strip in strips)

    assert written(cell_strips(seen, place)) <= 15_000 * 1.2  # noise: a photo has less
    sent = sum(map(len, kitty_upload(subject, seen, place, images, 0x123456).pieces))
    assert sent + written(kitty_strips(seen, place, 0x123456)) <= 45_000
    slow = sum(map(len, kitty_upload(subject, seen, place, images, 7, 20_000.0).pieces))
    assert slow <= 20_000


def test_a_line_that_takes_a_picture_over_cells_not_in_a_second_does_not_get_it(tmp_path):
    subject, images = noise(tmp_path / "a.png", (1200, 1000)), DecodedImages(1 << 26)
    place = area("sixel")
    seen = sketch(subject, place, images)
    assert overlay(subject, seen, place, images) is not None
    assert overlay(subject, seen, place, images, 10_000.0) is None


@given(st.integers(8, 4000), st.integers(8, 4000), st.integers(5, 20))
def test_no_more_pixels_are_sent_than_there_are_but_for_the_lines_of_boxes(wide, high, cell):
    place = Area(60, 25, Graphics("kitty", cell, 2 * cell), ColorSystem.TRUECOLOR, Style())
    seen = sketch_of(wide, high)
    sent = scaled_size(seen, place, 5.0)
    assert sent[0] <= max(wide, 2.5 * seen.columns) + 1
    assert sent[0] <= min(5.0, cell) * seen.columns + 1


def sketch_of(wide: int, high: int):
    return Sketch((0.0, 0.0, float(wide), float(high)), 60, 25, (), [])
