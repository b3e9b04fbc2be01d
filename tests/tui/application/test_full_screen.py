"""One pane over all of the screen."""

from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of
from tui.controls.tab_bar import TabBar
from tui.grids.grid import MatrixGrid


async def test_a_pane_fills_the_screen_and_goes_back():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        grid, bar = screen.query_one(MatrixGrid), screen.query_one(TabBar)
        before = grid.size
        await pilot.press("F")
        await until(pilot, lambda: not bar.display)
        assert grid.size.width > before.width
        assert grid.size.height > before.height
        await pilot.press("F")
        await until(pilot, lambda: bar.display)
        assert grid.size == before
