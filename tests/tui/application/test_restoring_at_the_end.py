"""A size that came just before the end is drawn no more: there is no screen then."""

from tests.tui.waiting import settled
from tests.tui.walking import SIZE, app_of
from tui.application.restoring import ScreenRestorer
from tui.terminal.capabilities import Graphics


async def test_a_size_that_holds_still_after_the_last_screen_is_let_go():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        restorer = ScreenRestorer(app, Graphics())
        restorer.draw_at_last_size()  # a size that held still while there was a screen
        restorer.resized()
    assert not app.screen_stack
    restorer.draw_at_last_size()
