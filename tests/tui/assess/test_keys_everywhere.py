"""Every tab, screen and box of both kinds: its line of keys, its help, its commands."""

import pytest
from textual.command import CommandList
from textual.widgets._footer import FooterKey

from tests.opening import confused, opened, opener_of
from tests.tui.asking import CLASSIFIER, CROPS, MODEL, PHOTOS, asking
from tests.tui.classifying import sorter
from tests.tui.controls.test_bindings import is_sentence
from tests.tui.matrix.test_many_classes import detector
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.app import OffdiagApp
from tui.application.commands import commands_here
from tui.application.settings import Settings
from tui.controls.help import HelpScreen
from tui.controls.key_line import HELP, MOST, KeyLine, entries
from tui.controls.reach import actions_in_reach, lines_in_reach

NARROW = (80, 24)
KINDS = {"detection": confused, "classification": sorter}
TABS = {  # keys that lead there, what its help begins with
    "1": "Matrix: ",
    "2": "Metrics: ",
    "3": "Curves: ",
    "4": "Feed: ",
    "5": "What if: ",
    "6": "Run: ",
}
OFTEN = {  # what the palette offers first
    "1": ["Show the images behind the cell", "Go to the next largest confusion of two classes"],
    "2": ["Show the images of the row", "Sort by the column; again: the other way round"],
    "3": ["Take the cursor's confidence as the threshold"],
    "4": ["Open the image", "Turn to the next page", "Take the next order of the images"],
    "5": ["Go to what was found, or to the line", "Go to the line for paths"],
    "6": ["Set the confidence back to the optimal one, best for the goal"],
}
BOXES = {  # keys that lead to a box, and the tab they are pressed in
    "detection": {
        "image": ("1", "a", "enter"),
        "class to jump to": ("1", "slash"),
        "classes on show": ("1", "f"),
        "list of classes on show": ("1", "f", "tab"),
        "operating point to save": ("1", "w"),
        "explanation": ("2", "down", "x"),
        "table to export": ("2", "e"),
        "curves to export": ("3", "e"),
        "model": ("5", "m"),
        "files": ("5", "ctrl+o"),
        "line for paths": ("5", "i"),
        "slider": ("1", "tab"),  # the last: a digit is typed into it
    },
    "classification": {
        "image": ("1", "a", "enter"),
        "classes at a glance": ("3", "o"),
        "class of the curves": ("3", "slash"),
        "explanation": ("2", "x"),
    },
}
IN_PLACE = {"slider", "line for paths", "classes at a glance"}
OF_TEXTUAL = ("Focus", "Move cursor", "Scroll Up", "Page Up", "super+", "palette", "Copy selected")


def shown(screen):
    return [key for key in screen.query_one(KeyLine).query(FooterKey) if key.display]


def line(screen):
    return [(key.key_display, key.description) for key in shown(screen)]


async def check_line(pilot, where: str, least: int = 2) -> None:
    """It fits, and says what one does most, where the focus goes, and where the rest is told."""
    screen = pilot.app.screen
    await until(pilot, lambda: line(screen) == [(e.shown, e.word) for e in entries(screen)])
    told, wanted = entries(screen), line(screen)
    assert all(key.region.right <= NARROW[0] for key in shown(screen)), (where, wanted)
    assert all(key.size == key.region.size for key in shown(screen)), (where, wanted)
    assert all(key.region.y == NARROW[1] - 1 for key in shown(screen)), where
    *verbs, last = told
    assert last.action in HELP, (where, wanted)
    assert least <= len(verbs) <= MOST, (where, wanted)
    assert len({each.word for each in told}) == len(told), (where, wanted)
    tab = screen.active_bindings.get("tab")
    if tab is not None and tab.binding.action == "app.focus_next" and len(screen.focus_chain) > 1:
        assert "tab" in {each.shown for each in verbs}, (where, wanted)


def check_help(screen, where: str) -> None:
    """Sentences of ours, each once in its pane; keys that are bound."""
    lines = lines_in_reach(screen)
    assert lines, where
    for each in lines:
        assert is_sentence(each.does), (where, each)
        assert not any(other in f"{each.keys} {each.does}" for other in OF_TEXTUAL), (where, each)
    assert len({(each.pane, each.does) for each in lines}) == len(lines), where
    display = screen.app.get_key_display
    bound = {display(each.binding) for each in screen.active_bindings.values() if each.enabled}
    ours = "".join(each.keys for each in lines)
    assert {key for key in bound if len(key) == 1} >= set("?⏎") & set(ours), where


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_every_tab_has_a_line_of_keys_that_fits_and_help_that_says_what_it_is_for(kind):
    async with app_of(KINDS[kind]()).run_test(size=NARROW) as pilot:
        for key, begins in TABS.items():
            await pilot.press(key)
            screen = await settled(pilot)
            await check_line(pilot, key, least=3)
            check_help(screen, key)
            await pilot.press("f1")
            told = await settled(pilot, HelpScreen)
            assert told.told.startswith(begins)
            assert is_sentence(told.told)
            panes = list(dict.fromkeys(each.pane for each in told.lines))
            assert panes[-2:] == ["In all tabs", "Everywhere"]
            await pilot.press("escape")
            await settled(pilot)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_every_screen_and_question_has_a_line_of_its_own_and_help(kind):
    async with app_of(KINDS[kind]()).run_test(size=NARROW) as pilot:
        main = await settled(pilot)
        for name, keys in BOXES[kind].items():
            for key in keys:
                await settled(pilot, type(pilot.app.screen))
                await pilot.press(key)
                await pilot.pause()
            if name not in IN_PLACE:
                await until(pilot, lambda: pilot.app.screen is not main)
            screen = pilot.app.screen
            assert (screen is main) == (name in IN_PLACE), name
            await check_line(pilot, name)
            check_help(screen, name)
            await pilot.press("f1")
            told = await settled(pilot, HelpScreen)
            assert is_sentence(told.told), name
            await pilot.press("escape")
            assert pilot.app.screen is screen, name
            while pilot.app.screen is not main:
                await pilot.press("escape")
                await pilot.pause()
            if name == "line for paths":
                await pilot.press("escape")
            if name == "classes at a glance":
                await pilot.press("o")


@pytest.mark.parametrize(("files", "model"), [(PHOTOS, MODEL), (CROPS, CLASSIFIER)])
@pytest.mark.slow
async def test_what_if_without_data_has_lines_that_fit_and_help(files, model):
    async with asking(*files[:2], model=model, size=NARROW) as (pilot, _):
        screen = pilot.app.screen
        for keys in ((), ("p",), ("escape",), ("i",), ("escape", "tab")):
            await pilot.press(*keys)
            await pilot.pause()
            await check_line(pilot, f"What if {keys}", least=3)
            check_help(screen, f"What if {keys}")
            if not keys:
                assert ("p", "Perturb") in line(screen)


async def test_seen_from_far_a_matrix_has_other_keys():
    async with app_of(detector()).run_test(size=NARROW) as pilot:
        await settled(pilot)
        for _ in range(3):
            await check_line(pilot, pilot.app.screen.focused.PANE, least=3)
            check_help(pilot.app.screen, "map")
            await pilot.press("z")
            await settled(pilot)


def name_of(widget) -> str:
    """Of the nearest part around it that has one."""
    names = (getattr(node, "PANE", "") for node in widget.ancestors_with_self)
    return next(filter(None, names))


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "6"])
@pytest.mark.slow
async def test_tab_leads_where_the_line_says(key):
    async with app_of().run_test(size=NARROW) as pilot:
        screen = await settled(pilot)
        await pilot.press(key)
        await settled(pilot)
        begun, seen = screen.focused, []
        for _ in screen.focus_chain:
            (word,) = [each.word for each in entries(screen) if each.shown == "tab"]
            before = screen.focused
            await pilot.press("tab")
            names = [name_of(node) for node in (before, screen.focused)]
            assert word == (names[1] if names[0] != names[1] else "Next")
            seen.append(word)
        assert screen.focused is begun
        assert seen[:2] == ["Sliders", "Next"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_the_palette_opens_on_what_one_does_most_in_each_tab(kind):
    async with app_of(KINDS[kind]()).run_test(size=NARROW) as pilot:
        for key, first in OFTEN.items():
            await pilot.press(key)
            screen = await settled(pilot)
            await pilot.press("left_curly_bracket")  # where there is a way back to the optimum
            await settled(pilot)
            offered = [each.does for each in commands_here(screen) if each.offered]
            assert offered[: len(first)] == first
            assert not any(each.startswith(("Walk one", "Walk 10")) for each in offered)
            mine = [
                each.does
                for each in actions_in_reach(screen)
                if each.enabled and each.binding.show and each.node not in (screen, pilot.app)
            ]
            assert offered[: len(mine)] == mine
            await pilot.press("0")


async def test_the_list_of_the_palette_keeps_that_order_and_runs_what_is_chosen():
    async with app_of().run_test(size=NARROW) as pilot:
        screen = await settled(pilot)
        await pilot.press("ctrl+p")
        commands = pilot.app.screen.query_one(CommandList)
        await until(pilot, lambda: commands.option_count > 10)
        titles = [str(commands.get_option_at_index(at).prompt).splitlines()[0] for at in range(3)]
        assert titles == [
            "Show the images behind the cell",
            "Go to the next largest confusion of two classes",
            "Jump to a class by letters of its name",
        ]
        await pilot.press("down", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: screen.tab("matrix").pane.grid.selection != (0, 0))


async def test_steps_are_not_offered_but_found():
    async with app_of().run_test(size=NARROW) as pilot:
        screen = await settled(pilot)
        known = {each.does: each.offered for each in commands_here(screen)}
        assert known["Walk 10 rows down"] is False
        assert known["Go to the metrics"] is True
        assert known["Take the next goal of the optimum: F1, F0.5, F2, precision, recall"] is True
        assert not any("Maximize" in does or "Keys" in does for does in known)


async def test_keys_of_ones_own_are_on_the_line_and_in_help():
    keys = {"matrix.open": "space", "matrix.next_confusion": "down", "matrix.down": "ctrl+n"}
    app = OffdiagApp(opener_of(opened(confused())), settings=Settings(keys))
    async with app.run_test(size=NARROW) as pilot:
        screen = await settled(pilot)
        await until(pilot, lambda: ("space", "Images") in line(screen))
        told = {each.does: each.keys for each in lines_in_reach(screen)}
        assert told["Show the images behind the cell"] == "space"
        assert (
            told["Go to the next largest confusion of two classes, or to the one before"] == "↓ N"
        )
        assert told["Walk by one row or column"].startswith("↑/^n/←/→")


async def test_help_says_how_much_lies_below_and_scrolls_by_keys_while_one_may_type():
    async with app_of().run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        told = await settled(pilot, HelpScreen)
        box = told.query_one("#help")
        await until(pilot, lambda: "more lines below" in str(box.border_subtitle))
        before = str(box.border_subtitle)
        await pilot.press("pagedown")
        await until(pilot, lambda: str(box.border_subtitle) != before)
        for _ in range(20):
            await pilot.press("pagedown")
        await until(pilot, lambda: not box.border_subtitle)
        await pilot.press(*"export")
        await until(pilot, lambda: told.keys_area.max_scroll_y == 0)
        assert told.query_one("#help-search").value == "export"
