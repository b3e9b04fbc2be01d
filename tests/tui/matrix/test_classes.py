import time

import pytest
from textual import events
from textual.app import App

from tui.controls.class_filter import ClassFilter
from tui.controls.class_jump import ClassJump
from tui.controls.class_list import ClassList
from tui.drawing.names import search

NAMES = ("person", "traffic light", "fire hydrant", "cat", "bobcat", "cat[s]")
MANY = tuple(f"{kind} number {index}" for kind in ("cat", "dog", "elk") for index in range(401))


class BoxApp(App[None]):
    answers: list

    def ask(self, screen):
        self.answers = []
        self.push_screen(screen, self.answers.append)

    @property
    def lines(self):
        one = self.screen.query_one(ClassList)
        return [one.render_line(y).text.strip(" ┃") for y in range(one.size.height)]


@pytest.fixture
async def app():
    app = BoxApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.pilot = pilot
        yield app


async def test_letters_find_a_class_and_enter_goes_there(app):
    app.ask(ClassJump(NAMES))
    await app.pilot.press("c", "a", "t")
    assert app.lines == ["cat", "cat[s]", "bobcat"]
    await app.pilot.press("down", "down", "down", "up", "enter")
    assert app.answers == [5]


async def test_what_is_typed_before_the_box_is_there_is_not_lost(app):
    app.ask(ClassJump(NAMES))
    for letter in "bob":
        app.post_message(events.Key(letter, letter))
    await app.pilot.pause()
    await app.pilot.press("enter")
    assert app.answers == [4]


async def test_scattered_letters_find_a_class(app):
    app.ask(ClassJump(NAMES))
    await app.pilot.press("t", "l", "enter")
    assert app.answers == [1]


async def test_escape_and_no_match_go_nowhere(app):
    app.ask(ClassJump(NAMES))
    await app.pilot.press("q", "z", "enter", "down")
    assert app.answers == []
    await app.pilot.press("escape")
    assert app.answers == [None]


async def test_found_letters_and_the_highlight_can_be_read(app):
    app.ask(ClassJump(NAMES))
    await app.pilot.press("c", "a", "t", "down")
    first, second = (app.screen.box.list.render_line(y) for y in (0, 1))
    for segment in (*first, *second):
        assert segment.style.color != segment.style.bgcolor
    found, rest = (next(s for s in second if s.text == text).style for text in "c[")
    assert found.color != rest.color
    assert found.bgcolor == rest.bgcolor != next(iter(first)).style.bgcolor


async def test_a_click_goes_there(app):
    app.ask(ClassJump(NAMES))
    await app.pilot.pause()
    await app.pilot.click(ClassList, offset=(3, 2))
    assert app.answers == [2]


async def test_the_list_scrolls_with_the_highlight_and_the_wheel(app):
    app.ask(ClassJump(MANY))
    await app.pilot.press(*["pagedown"] * 3)
    assert "cat number 45" in app.lines
    await app.pilot.press("enter")
    assert app.answers == [45]


def test_1203_names_are_searched_without_lag():
    names = [f"n{index:08} background aaaaaaaaaaaa {index}" for index in range(1203)]
    started = time.process_time()
    for query in ("a", "aaaaaaaaaaaab", "nba1", "number 7", "k a 9"):
        search(query, names)
    assert time.process_time() - started < 0.25


async def test_classes_are_chosen_one_by_one(app):
    app.ask(ClassFilter(NAMES, range(6)))
    await app.pilot.press("space", "down", "down", "space")
    assert app.lines[:4] == ["person", "✓ traffic light", "fire hydrant", "✓ cat"]
    await app.pilot.press("enter")
    assert app.answers == [(1, 3, 4, 5)]


async def test_letters_narrow_the_list_and_space_still_chooses(app):
    app.ask(ClassFilter(NAMES, ()))
    await app.pilot.press(*"hyd", "space", *["backspace"] * 3, *"bob", "space", "enter")
    assert app.answers == [(2, 4)]


async def test_all_that_are_listed_are_chosen_together_and_left_together(app):
    app.ask(ClassFilter(NAMES, [0]))
    await app.pilot.press(*"cat", "tab", "a")
    assert app.lines == ["✓ cat", "✓ cat[s]", "✓ bobcat"]
    await app.pilot.press("down", "space", "enter")
    assert app.answers == [(0, 3, 4)]
    app.ask(ClassFilter(NAMES, range(6)))
    await app.pilot.press("tab", "a", "slash", *"per", "space", "enter")
    assert app.answers == [(0,)]


async def test_no_class_at_all_is_no_answer(app):
    app.ask(ClassFilter(NAMES, [0]))
    await app.pilot.press("space", "enter")
    assert app.answers == []
    await app.pilot.press("escape")
    assert app.answers == [None]


async def test_a_click_chooses(app):
    app.ask(ClassFilter(NAMES, [0]))
    await app.pilot.pause()
    await app.pilot.click(ClassList, offset=(3, 2))
    await app.pilot.press("enter")
    assert app.answers == [(0, 2)]


async def test_the_choice_of_another_box_is_left_alone(app):
    chosen = [0, 1]
    app.ask(ClassFilter(NAMES, chosen))
    await app.pilot.press("space", "escape")
    assert chosen == [0, 1]
