"""What was noticed while opening, and what was assumed of the model: read without covering."""

import pytest

from engine.opening import LeftOut
from tests.tui.assess.test_header import SIZES, line
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.assess.run_tab import RunTab

ASSUMED = ("pixel values 0 to 1", "color order RGB")
WARNINGS = ("3 images have no file: a.jpg, b.jpg, c.jpg " + "and more " * 20, "Classes by order")


def screen_lines(pilot):
    return [line(pilot, y) for y in range(pilot.app.size.height)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.slow
async def test_what_was_assumed_is_marked_in_the_header_and_on_the_tab_that_says_it(size):
    app = app_of(assumed=ASSUMED, warnings=("ASSUMED: much",))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key, tab in (("2", "Metrics"), ("6", "Run"), ("1", "Matrix")):  # read, not answered
            await pilot.press(key)
            await until(pilot, lambda tab=tab: tab in line(pilot, 0))
            assert "parts.on" in line(pilot, 0)
            assert " input assumed " in line(pilot, 0)
            assert "6 Run !" in line(pilot, 0)


async def test_the_run_tab_says_what_was_assumed_and_how_to_find_out():
    async with app_of(assumed=ASSUMED).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("6")
        await until(pilot, lambda: screen.query_one(RunTab).display)
        await pilot.pause()
        shown = "\n".join(screen_lines(pilot))
        assert "pixel values 0 to 1, color order RGB. T tries the other ways" in shown


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_was_noticed_is_a_line_that_covers_nothing_until_it_is_read(size):
    async with app_of(warnings=WARNINGS).run_test(size=size, notifications=True) as pilot:
        screen = await settled(pilot)
        assert not pilot.app._notifications
        told = line(pilot, 3)
        assert told.startswith(" 3 images have no file: a.jpg")
        assert told.rstrip().endswith("…  6 Run: all 2")
        assert "6 Run !" in line(pilot, 0)
        assert "input assumed" not in line(pilot, 0)
        await pilot.press("6")
        await until(pilot, lambda: not screen.query_one("#noticed").display)
        assert "Classes by order" in "\n".join(screen_lines(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "predicted" in "\n".join(screen_lines(pilot)))
        assert "!" not in line(pilot, 0)
        assert "no file" not in "\n".join(screen_lines(pilot))


async def test_where_something_was_assumed_that_comes_first():
    app = app_of(assumed=ASSUMED, warnings=WARNINGS)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert line(pilot, 3).startswith(
            " Assumed, T tries the other ways: pixel values 0 to 1, color order RGB"
        )


async def test_nothing_is_marked_where_nothing_was_noticed_or_assumed():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert "!" not in line(pilot, 0)
        assert not screen.query_one("#noticed").display


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_is_left_out_and_what_is_assumed_stand_beside_each_other(size):
    app = app_of(assumed=ASSUMED, left_out=LeftOut(6, 11))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert "input assumed · 6 of 11 left out" in line(pilot, 0)
        assert "1 Matrix" in line(pilot, 0)
