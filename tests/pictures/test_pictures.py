"""What the screens look like, at a fixed size. `pytest --snapshot-update` takes new pictures."""

import pytest
from textual.widgets import Input

from tests.opening import confused, opened, opener_of
from tests.tui.waiting import settled
from tui.app import OffdiagApp
from tui.assess.assess import AssessScreen
from tui.controls.help import HelpScreen
from tui.image.detail import DetailScreen


def after(*steps):
    """Press keys, each followed by a wait until its screen has settled."""

    async def run_before(pilot):
        await settled(pilot)
        await pilot.pause(0.6)  # what waits for a pause of the keys has come
        for key, screen in steps:
            await pilot.press(key)
            await settled(pilot, screen)
            for entry in pilot.app.screen.query(Input):
                entry.cursor_blink = False
            await pilot.pause(0.6)

    return run_before


FEED = (("n", AssessScreen), ("enter", AssessScreen))
DETAIL = (*FEED, ("enter", DetailScreen))
SIZES = [
    pytest.param((80, 24), id="80x24"),
    pytest.param((120, 40), id="120x40", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "steps",
    [(("n", AssessScreen),), FEED, DETAIL, (("question_mark", HelpScreen),)],
    ids=["matrix", "feed", "detail", "help"],
)
def test_picture(snap_compare, steps, size):
    app = OffdiagApp(opener_of(opened(confused())))
    assert snap_compare(app, terminal_size=size, run_before=after(*steps))
