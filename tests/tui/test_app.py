"""The app as one has it: keys of one's own, the mouse, the clipboard, the theme that suits."""

import base64

import pytest
from textual.events import CursorPosition
from textual.messages import TerminalSupportsSynchronizedOutput

from tests.opening import confused, opened, opener_of
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE
from tui.app import OffdiagApp
from tui.application.settings import Settings
from tui.controls.help import HelpScreen
from tui.terminal.answered_frames import ASK_CURSOR, ASK_MODE
from tui.terminal.capabilities import Graphics, TerminalAnswers, passthrough


def app_with(keys=None, graphics=None):
    return OffdiagApp(opener_of(opened(confused())), graphics, settings=Settings(keys or {}))


async def test_a_key_of_ones_own_works_is_in_help_and_the_old_one_does_nothing():
    async with app_with({"tab.metrics": "Z", "confidence.up": "ctrl+u"}).run_test(
        size=SIZE
    ) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        assert screen.current == "matrix"
        before = screen.wish.point.confidence
        await pilot.press("right_square_bracket")
        assert screen.wish.point.confidence == before
        await pilot.press("ctrl+u")
        assert screen.wish.point.confidence > before
        await pilot.press("question_mark")
        await settled(pilot, HelpScreen)
        keys = {line.does: line.keys for line in pilot.app.screen.lines}
        assert keys["Go to the metrics"] == "Z"
        await pilot.press("escape", "Z")
        assert screen.current == "metrics"


async def test_the_mouse_is_given_to_the_terminal_and_taken_back():
    app = app_with()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        calls = []
        app._driver._enable_mouse_support = lambda: calls.append(("on", app._driver._mouse))
        app._driver._disable_mouse_support = lambda: calls.append(("off", app._driver._mouse))
        await pilot.press("M", "M")
        assert calls == [("off", True), ("on", True)]  # while off, resuming does not switch it on


async def test_the_cell_is_copied_and_past_tmux_too():
    app = app_with(graphics=Graphics("cells", tmux=True))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        written = []
        app._driver.write = written.append
        await pilot.press("n", "y")
        about = app.screen.explanation
        assert app.clipboard.startswith(f"{about.title}\n{about.what}\n{about.filled}")
        code = base64.b64encode(app.clipboard.encode()).decode()
        assert f"\x1b]52;c;{code}\x07" in written
        assert passthrough(f"\x1b]52;c;{code}\x07") in written
        await pilot.press("a")
        await settled(pilot)
        await until(pilot, lambda: bool(app.to_copy))
        await pilot.press("y")
        assert app.clipboard == "000000.jpg" or app.clipboard.endswith("000000.jpg")


@pytest.mark.parametrize(
    ("background", "theme"),
    [((250, 250, 240), "textual-light"), ((0, 0, 0), "textual-dark"), (None, "textual-dark")],
)
@pytest.mark.slow
async def test_the_theme_suits_the_background(background, theme):
    app = app_with(graphics=Graphics("cells", answers=TerminalAnswers(background=background)))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert app.theme == theme


async def test_ctrl_c_says_the_shortest_way_out():
    async with app_with({"app.quit": "Q"}).run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: len(pilot.app._notifications) == 1)
        assert [each.message for each in pilot.app._notifications] == ["Q quits"]


async def test_what_the_terminal_answers_reaches_the_frames_that_wait():
    app = OffdiagApp(None)
    async with app.run_test(size=SIZE) as pilot:
        answered = []
        app.frames.answered = answered.append
        app.post_message(TerminalSupportsSynchronizedOutput())
        app.post_message(CursorPosition(0, 0))
        await until(pilot, lambda: len(answered) == 2)
        assert answered == [ASK_MODE, ASK_CURSOR]


async def test_an_app_that_ends_frees_the_terminal_once():
    app, freed = OffdiagApp(None), []

    async def free() -> None:
        freed.append(app.is_running)

    app.restorer.free_terminal = free
    async with app.run_test(size=SIZE):
        app.exit()
    assert freed == [True]
