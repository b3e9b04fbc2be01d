"""Where the focus is in What if: keys are commands until somebody wants to type."""

import pytest
from textual import events

from engine.opening import Inputs
from tests.tui.asking import MODEL, PHOTOS, asking, ended, entries, opened, seen, typed
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.controls.path_input import PathInput


@pytest.mark.slow
async def test_keys_are_commands_in_what_if_until_i_enter_or_a_paste(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        tab = await opened(pilot)
        line = tab.query_one(PathInput)
        confidence = screen.wish.point.confidence
        await pilot.press("right_square_bracket")
        assert screen.wish.point.confidence > confidence
        for key, name in (("1", "matrix"), ("5", "whatif"), ("3", "curves"), ("5", "whatif")):
            await pilot.press(key)
            assert screen.current == name
        for key in ("i", "enter"):
            await pilot.press(key)
            assert line.has_focus
            await pilot.press("1", "q")
            assert line.value == "1q"
            await pilot.press("escape")
            assert tab.pane.images.has_focus
            assert line.value == ""
        tab.pane.images.post_message(events.Paste(str(PHOTOS[0])))
        await until(pilot, lambda: line.value == str(PHOTOS[0]))
        await pilot.press("enter")
        await ended(pilot, tab)
        assert len(entries(tab)) == 1
        await pilot.press("escape", "escape")
        assert screen.current == "matrix"


@pytest.mark.slow
async def test_enter_goes_to_what_was_found_and_escape_one_step_back(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        tab = await opened(pilot)
        await typed(pilot, tab, PHOTOS[0])
        await pilot.press("enter")
        assert tab.pane.table.has_focus
        assert tab.pane.table.cursor == 0
        await pilot.press("escape")
        assert tab.pane.images.has_focus
        assert screen.current == "whatif"
        await pilot.press("escape")
        assert screen.current == "matrix"


async def test_each_image_begins_at_the_top_of_its_list():
    async with asking(*PHOTOS[:2]) as (pilot, tab):
        table = tab.pane.table
        for _ in range(20):
            table.post_message(scroll_down(table))
        await until(pilot, lambda: table.first > 3)
        await pilot.press("down")
        await until(pilot, lambda: seen(tab).look.path == str(PHOTOS[1]))
        await until(pilot, lambda: table.first == 0)


def scroll_down(widget):
    return events.MouseScrollDown(widget, 1, 5, 0, 1, 0, False, False, False)
