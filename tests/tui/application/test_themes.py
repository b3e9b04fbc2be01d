"""Every theme can be read and is a key away; the one that was chosen is kept."""

from collections.abc import Iterator

import pytest
from textual import constants
from textual.color import Color
from textual.geometry import Region
from textual.theme import BUILTIN_THEMES
from textual.widgets._footer import FooterKey

from engine.plots.heat import WRONG
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of
from tui.app import OffdiagApp
from tui.application.looks import looks_file, read_looks, settings_in
from tui.application.settings import Looks, Settings
from tui.application.themes import ThemeKeeper, plain_theme, themes_in_order
from tui.controls.key_line import KeyLine
from tui.controls.slider import Slider
from tui.controls.tab_bar import TabBar
from tui.grids.grid import MatrixGrid
from tui.terminal.capabilities import Graphics, TerminalAnswers
from tui.terminal.contrast import LEAST, contrast

SIGNS = set("·─━│┃┼├┤")  # nothing is said by them that is not said beside them
SEEN = (MatrixGrid, Slider, TabBar, FooterKey, "#summary", "#cell-words")


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def letters(strips, region: Region) -> Iterator[tuple[str, Color, Color]]:
    """Each letter in a region with its ink and its paper, where the theme says them."""
    for strip in strips[region.y : region.bottom]:
        for text, style, _ in strip.crop(region.x, region.right):
            for letter in text:
                if letter.isspace() or letter in SIGNS:
                    continue
                ink, paper = style.color, style.bgcolor
                if style.reverse:
                    ink, paper = paper, ink
                if not (ink.is_default or paper.is_default):
                    yield letter, Color.from_rich_color(ink), Color.from_rich_color(paper)


@pytest.mark.slow
async def test_in_every_theme_what_matters_can_be_read():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        poor = []
        for theme in pilot.app.themes:
            pilot.app.theme = theme
            await pilot.pause()
            strips = screen._compositor.render_strips()
            for part in SEEN:
                read = 0
                for widget in screen.query(part).exclude(".-disabled"):
                    for letter, ink, paper in letters(strips, widget.region):
                        read += 1
                        if (seen := contrast(ink, paper)) < LEAST:
                            poor.append((theme, str(part), letter, round(seen, 2)))
                assert read or BUILTIN_THEMES[theme].ansi
        assert poor == []


async def test_a_key_goes_through_all_themes_from_the_one_that_suits_the_background():
    app = OffdiagApp(None, Graphics(answers=TerminalAnswers(background=(255, 255, 255))))
    async with app.run_test(size=SIZE) as pilot:
        seen = [app.theme]
        for _ in BUILTIN_THEMES:
            await pilot.press("t")
            seen.append(app.theme)
        assert seen[0] == seen[-1] == "textual-light"
        assert seen[1] == "textual-dark"
        assert sorted(seen[1:]) == sorted(app.available_themes)
        assert [note.message for note in app._notifications] == ["Theme textual-light"]


@pytest.mark.slow
async def test_the_terminals_own_colours_show_every_tab_and_the_cursor():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        app.theme = "ansi-dark"
        for key in ("2", "3", "4", "6", "5", "escape", "1", "a"):
            await pilot.press(key)
            await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.press("down", "escape", "1", "z", "z", "z")
        await settled(pilot)
        grid = screen.query_one(MatrixGrid)
        fewest = []
        for theme in ("ansi-dark", "ansi-light"):
            app.theme = theme
            await pilot.pause()
            assert grid.get_component_rich_style("matrix--cursor").reverse
            fewest.append(grid._look_up_ink().palette.styles[WRONG + 1].bgcolor.get_truecolor())
        dark, light = map(sum, fewest)  # next to no errors is near the paper
        assert dark < 200
        assert light > 600


@pytest.mark.parametrize(("system", "glyphs"), [("standard", True), ("256", False)])
async def test_where_shades_of_colour_have_no_order_glyphs_do(monkeypatch, system, glyphs):
    monkeypatch.setattr(constants, "COLOR_SYSTEM", system)
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        strips = screen._compositor.render_strips()
        region = screen.query_one(MatrixGrid).region
        text = "".join(strip.text for strip in strips[region.y : region.bottom])
        assert bool(set(text) & set("░▒▓█")) is glyphs


@pytest.mark.parametrize("plain", ["textual-light", "textual-dark"])
def test_the_order_of_themes_has_each_once_and_begins_with_what_suits(plain):
    first, second, *others = themes_in_order(BUILTIN_THEMES, plain)
    assert first == plain
    assert {first, second} == {"textual-light", "textual-dark"}
    assert sorted([first, second, *others]) == sorted(BUILTIN_THEMES)
    own_colours = [BUILTIN_THEMES[name].ansi for name in others]
    assert own_colours == sorted(own_colours)  # these last


@pytest.mark.parametrize(("light", "plain"), [(True, "textual-light"), (False, "textual-dark")])
def test_a_theme_is_kept_where_a_person_chose_it_and_not_where_the_app_did(light, plain):
    background = (255, 255, 255) if light else (0, 0, 0)
    graphics = Graphics(terminal="kitty", answers=TerminalAnswers(background=background))
    assert plain_theme(graphics) == plain
    keeper = ThemeKeeper("textual-ansi")
    keeper.begin(plain)
    keeper.keep(plain, graphics)
    keeper.put_on("nord")
    keeper.keep("nord", graphics)  # of a dataset
    keeper.keep("gruvbox", Graphics())  # a terminal without a name
    assert not looks_file().exists()
    assert (keeper.of_dataset("nord"), keeper.of_dataset(plain)) == ("nord", "")
    keeper.keep("gruvbox", graphics)
    assert read_looks("kitty")[0] == Looks(theme="gruvbox")
    looks_file().unlink()
    keeper.keep("gruvbox", graphics)  # is written already
    assert not looks_file().exists()
    keeper.keep(plain, graphics)
    assert read_looks("kitty")[0] == Looks()


async def kept_after(keys: str, graphics: Graphics, settings: Settings) -> tuple[str, str]:
    app = OffdiagApp(None, graphics, settings=settings)
    async with app.run_test(size=SIZE) as pilot:
        began = app.theme
        if keys:
            app.theme = keys
            await pilot.pause()
    app.keep()
    return began, app.theme


async def test_a_theme_comes_back_in_such_a_terminal_and_the_plain_one_is_forgotten():
    graphics = Graphics(terminal="kitty")
    assert await kept_after("nord", graphics, settings_in("kitty")) == ("textual-dark", "nord")
    assert read_looks("kitty")[0] == Looks(theme="nord")
    assert (await kept_after("", graphics, settings_in("kitty")))[0] == "nord"
    assert (await kept_after("", Graphics(terminal="xterm"), settings_in("xterm")))[0] != "nord"
    await kept_after("textual-dark", graphics, settings_in("kitty"))
    assert read_looks("kitty")[0] == Looks()


async def test_a_theme_that_is_none_is_said():
    app = OffdiagApp(None, settings=Settings(looks=Looks(theme="nrod")))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app._notifications) == 1)
        assert app.theme == "textual-dark"
        (told,) = app._notifications
        assert "'nrod'" in told.message


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_a_message_covers_no_slider_no_status_and_no_key(size):
    async with app_of().run_test(size=size, notifications=True) as pilot:
        screen = await settled(pilot)
        long = "A sentence that says at some length what was found and what can be done. " * 3
        for words in ("Copied bolt", long, long):
            pilot.app.notify(words, severity="warning")
        await until(pilot, lambda: len(screen.query("Toast")) == 3)
        await until(pilot, lambda: all(toast.region.area for toast in screen.query("Toast")))
        for part in (Slider, TabBar, KeyLine, "#summary", "#cell-words"):
            for widget in screen.query(part):
                for toast in screen.query("Toast"):
                    assert not toast.region.overlaps(widget.region)
        short = min((toast.region for toast in screen.query("Toast")), key=lambda box: box.area)
        assert short.height == 1
        assert short.right == size[0]
