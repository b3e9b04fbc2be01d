"""A click on a line of the largest confusions leads to its cell."""

import pytest
from textual.pilot import Pilot

from engine.core.outcomes import Selection
from tests.opening import BOLT, NUT
from tests.tui.matrix.many_classes import FAR, ManyApp
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of, cell, words
from tui.controls.lines import Lines
from tui.grids.grid import MatrixGrid
from tui.pictures.feed import Feed

WIDE = (120, 50)


async def click(pilot: Pilot, words: str) -> None:
    """On the line of the panel that says this."""
    panel = pilot.app.screen.query_one("#cell-panel", Lines)
    await until(pilot, lambda: words in panel.plain)
    lines = panel.plain.split("\n")
    y = next(y for y, line in enumerate(lines) if words in line)
    await pilot.click(panel, offset=(2, y))
    await pilot.pause()


async def test_a_click_goes_there_and_the_line_and_the_feed_follow():
    async with app_of().run_test(size=WIDE) as pilot:
        screen = await settled(pilot)
        assert cell(screen) == Selection(BOLT, BOLT)
        await click(pilot, "bolt → nut")
        assert cell(screen) == Selection(BOLT, NUT)
        assert words(screen, "#cell-words").startswith("bolt seen as nut: 2 boxes")
        assert screen.query_one(MatrixGrid).has_focus
        await pilot.press("4")
        await settled(pilot)
        assert screen.query_one(Feed).view.title_words == "Ground truth: bolt · Predicted: nut"


async def test_a_click_on_another_line_stays_where_one_is():
    async with app_of().run_test(size=WIDE) as pilot:
        screen = await settled(pilot)
        for other in ("largest confusions", "precision", "recall"):
            await click(pilot, other)
            assert cell(screen) == Selection(BOLT, BOLT)


@pytest.mark.parametrize("look", ["cells", "overview", "neighbourhood"])
async def test_it_goes_there_in_each_look(look):
    async with ManyApp().run_test(size=WIDE) as pilot:
        pane = pilot.app.pane
        pane.go_to(50)
        pane.turn_to(look)
        await pilot.pause()
        await click(pilot, "kind 90 → kind 20")
        assert pane.grid.selection == Selection(*FAR)
        assert pane.look == look
