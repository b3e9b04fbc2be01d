"""The first two lines: what is assessed, what does not count, and where the confidence stands."""

import pytest
from textual.widgets import Footer

from engine.opening import LeftOut
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of, words
from tui.controls.tab_bar import TabBar

NARROW = (80, 24)
SIZES = (NARROW, (120, 40), (200, 60))


def line(pilot, y: int) -> str:
    """A line of the terminal as it is drawn."""
    return "".join(segment.text for segment in pilot.app.screen._compositor.render_strips()[y])


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.slow
async def test_the_second_line_says_where_the_confidence_stands_as_it_is_moved(size):
    async with app_of().run_test(size=size) as pilot:
        screen = await settled(pilot)
        assert line(pilot, 1).startswith(" confidence .300 = best F1 ")
        await pilot.press("right_curly_bracket")
        await settled(pilot)
        assert "you moved it; 0 goes back to .300 (best F1)" in line(pilot, 1)
        await pilot.press("0")
        await settled(pilot)
        assert line(pilot, 1).startswith(" confidence .300 = best F1 ")
        assert screen.query_one("#sliders").region.y == 2


async def test_another_goal_is_named_with_the_way_to_it_and_nobody_is_said_to_have_moved():
    async with app_of().run_test(size=NARROW) as pilot:
        screen = await settled(pilot)
        for goal in ("F0.5", "F2", "precision"):
            await pilot.press("asterisk")
            await settled(pilot)
            assert f"best {goal}" in line(pilot, 1)
            assert "moved" not in line(pilot, 1)
        assert "confidence .300; 0 goes to .950 (best precision)" in line(pilot, 1)
        await pilot.press("0")
        await settled(pilot)
        assert line(pilot, 1).startswith(" confidence .950 = best precision ")
        assert screen.wish.point.confidence == pytest.approx(0.95)


async def test_the_key_of_the_way_back_is_called_back_to_optimal():
    async with app_of().run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        shown = pilot.app.screen.query_one(Footer).query("FooterKey")
        assert "Back to optimal" in [key.description for key in shown if key.key == "0"]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("left_out", [LeftOut(6, 11), LeftOut(1234, 5000)], ids=str)
async def test_images_that_are_left_out_are_said_beside_the_name_of_the_data(size, left_out):
    async with app_of(left_out=left_out).run_test(size=size) as pilot:
        await settled(pilot)
        assert f"truth.json {left_out.words} " in line(pilot, 0)
        for key, tab in (("3", "Curves"), ("2", "Metrics"), ("5", "What if")):
            await pilot.press(key)
            await until(pilot, lambda tab=tab: tab in line(pilot, 0))
            assert left_out.words in line(pilot, 0)
        bar = pilot.app.screen.query_one(TabBar)
        place = line(pilot, 0).rindex(" 3")
        await pilot.click(bar, offset=(place + 1, 0))
        await until(pilot, lambda: bar.active == "curves")


async def test_nothing_is_said_where_nothing_is_left_out():
    async with app_of().run_test(size=NARROW) as pilot:
        await settled(pilot)
        assert "left out" not in line(pilot, 0)
        assert words(pilot.app.screen, "#summary")
