"""Every line of every screen keeps the same margins: one cell on the left, one on the right."""

import pytest
from textual.screen import Screen

from tests.opening import confused, opened, opener_of
from tests.tui.classifying import sorter
from tests.tui.compare.comparing import sides_of, two_detectors
from tests.tui.matrix.test_many_classes import detector
from tests.tui.waiting import settled
from tui.app import OffdiagApp
from tui.desk.comparing import ComparedWith

SLIDERS = 2  # their line
TABS = (*"n2vv3vvv4", "enter", "escape", *"567")  # and the views of each
WAYS = {
    "detector": (lambda: opened(confused()), TABS),
    "classifier": (lambda: opened(sorter()), TABS),
    "comparison": (lambda: compared(), (*"7vvv", "enter")),
    "many classes": (lambda: opened(detector()), tuple("zz2v")),
}
SIZES = [(80, 24), (120, 40), (200, 60)]


def compared() -> ComparedWith:
    return ComparedWith(sides_of(*two_detectors()), 0.5, 0.5)


def lines_of(screen: Screen) -> list[str]:
    strips = screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("way", WAYS)
async def test_nothing_stands_in_the_margins_and_what_fills_a_line_ends_at_them(way, size):
    opening, keys = WAYS[way]
    app = OffdiagApp(opener_of(opening()))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in ("1", *keys):
            await pilot.press(key)
            screen = await settled(pilot, Screen)
            lines = lines_of(screen)
            seen = [f"{key}: {line}" for line in lines if line[0] + line[-1] != "  "]
            assert seen == []
            begins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
            assert min(begins) == 1
            assert max(len(line.rstrip()) for line in lines) == size[0] - 1
            if screen.query("#sliders"):
                assert len(lines[SLIDERS].rstrip()) == size[0] - 1
