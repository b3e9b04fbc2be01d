"""Keys of one's own, the mouse, the clipboard, one pane alone."""

import base64

import pytest

from tests.opening import confused, opened, opener_of
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE
from tui.app import OffdiagApp
from tui.application.keymap import key_problems, known_bindings
from tui.application.settings import Settings, read_settings
from tui.controls.help import HelpScreen
from tui.controls.tab_bar import TabBar
from tui.matrix.grid import MatrixGrid
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
        keys = {key.does: key.keys for key in pilot.app.screen.keys}
        assert keys["Metrics"] == "Z"
        await pilot.press("escape", "Z")
        assert screen.current == "metrics"


async def test_unknown_ids_and_clashes_are_said_in_sentences():
    app = app_with({"tab.nowhere": "x", "matrix.row": "c"})
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await until(pilot, lambda: len(app._notifications) == 2)
        told = sorted(note.message for note in app._notifications)
    assert told == [
        "'c' is both matrix.row and matrix.column (Open the column) in config.toml.",
        "Nothing is called 'tab.nowhere' in config.toml; `offdiag keys` lists what there is.",
    ]


def test_two_that_change_places_do_not_clash_and_the_app_clashes_with_all():
    assert key_problems({"matrix.row": "c", "matrix.column": "r"}) == []
    assert key_problems({"matrix.row": "q"}) == [
        "'q' is both matrix.row and app.quit (Quit) in config.toml."
    ]
    assert key_problems({"app.theme": "?"}) != []  # as a person types it


def test_what_keys_lists_is_a_config_without_problems(tmp_path):
    known = known_bindings()
    assert {"app.quit", "matrix.open", "feed.open", "confidence.up"} <= {each.id for each in known}
    path = tmp_path / "config.toml"
    path.write_text("[keys]\n" + "\n".join(f'"{each.id}" = "{each.keys}"' for each in known[:9]))
    settings = read_settings(path)
    assert settings.problems == ()
    assert settings.keys == {each.id: each.keys for each in known[:9]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[keys", "Its settings are not used."),
        ("keys = 3", "has to be a table"),
        ("[keys]\na = 3", "have to be text"),
        ("[colours]\na = 'b'", "no setting is called 'colours'"),
        ("[keys]\napp.quit = 'Q'", None),
    ],
)
def test_a_config_that_is_wrong_is_a_sentence_with_a_place(tmp_path, content, words):
    path = tmp_path / "config.toml"
    path.write_text(content)
    settings = read_settings(path)
    if words is None:
        assert settings == Settings({"app.quit": "Q"})
    else:
        assert words in settings.problems[0]
        assert str(path) in settings.problems[0]
    assert read_settings(tmp_path / "none.toml") == Settings()


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


async def test_a_pane_fills_the_screen_and_goes_back():
    app = app_with()
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


@pytest.mark.parametrize(
    ("background", "theme"),
    [((250, 250, 240), "textual-light"), ((0, 0, 0), "textual-dark"), (None, "textual-dark")],
)
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
