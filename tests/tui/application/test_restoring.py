"""All of a screen again, where nothing that the terminal had is left."""

from dataclasses import replace

import pytest
from textual.geometry import Size

from tests.opening import confused, opened, opener_of
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE
from tui.app import OffdiagApp
from tui.application.restoring import (
    SizeChanges,
    a_shell_waits,
    question_for,
    typed_letters,
    use_graphics,
)
from tui.desk.tab import Surroundings
from tui.pictures.picture import Picture
from tui.terminal.answered_frames import ASK_CURSOR, ASK_MODE
from tui.terminal.capabilities import Graphics, TerminalAnswers


class Part:
    def __init__(self, **facts):
        self.__dict__.update(facts)


def test_every_part_learns_of_another_terminal_but_for_what_is_otherwise_by_intent():
    before, now = Graphics("sixel", 10, 20), Graphics("kitty", 9, 18)
    picture, further = Part(graphics=before), Part(graphics=replace(before, protocol="cells"))
    screen, other = Part(around=Surroundings(before, True, "detection")), Part(graphics=None)
    for part in (picture, further, screen, other):
        use_graphics(part, before, now)
    assert picture.graphics == now
    assert further.graphics == replace(now, protocol="cells")
    assert screen.around == Surroundings(now, True, "detection")
    assert other.graphics is None


def test_only_sizes_that_follow_one_another_or_the_same_one_again_lose_a_part_of_the_screen():
    one, other = Size(80, 24), Size(120, 40)
    changes = SizeChanges()
    changes.add()
    assert not changes.settle(one)  # the first of all: everything is drawn at it
    changes.add()
    assert not changes.settle(other)  # drawn as another size is
    changes.add()
    changes.add()
    assert changes.settle(one)  # one of the two may never have been drawn
    changes.add()
    assert changes.settle(one)  # there and back
    changes.add()
    assert not changes.settle(other)  # what came before is over


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("ab", ["a", "b"]),
        ("a\x1b[<35;10;5Mb\x1b[A\x1bOPc", ["a", "b", "c"]),  # the mouse, an arrow, F1
        ("\x1b[97;1u\x1b[48;40;120;800;1200t", []),
        ("\x1b", []),
        ("\x1bxy\r", ["y"]),  # alt and a letter
    ],
)
def test_letters_are_told_from_what_the_mouse_and_other_keys_send(typed, letters):
    assert typed_letters(typed) == letters


def test_a_shell_waits_only_in_the_same_session(monkeypatch):
    sessions = {0: 10, 7: 10}
    monkeypatch.setattr("os.getppid", lambda: 7)
    monkeypatch.setattr("os.getsid", sessions.__getitem__)
    assert a_shell_waits()
    sessions[7] = 1  # sshd, tmux
    assert not a_shell_waits()


def test_what_is_asked_after_a_frame_follows_from_the_answers():
    assert question_for(Graphics(answers=TerminalAnswers())) == ""
    assert question_for(Graphics(answers=TerminalAnswers(complete=True))) == ASK_CURSOR
    assert (
        question_for(Graphics(answers=TerminalAnswers(complete=True, synchronized=True)))
        == ASK_MODE
    )


async def test_pictures_below_the_screen_in_sight_are_drawn_anew_too(monkeypatch):
    begun = []
    begin = Picture.begin

    def noted(self, *, anew=False):
        if anew:
            begun.append(self)
        begin(self, anew=anew)

    monkeypatch.setattr(Picture, "begin", noted)
    app = OffdiagApp(opener_of(opened(confused())))
    async with app.run_test(size=SIZE) as pilot:
        main = await settled(pilot)
        await pilot.press("a")
        await settled(pilot)
        await until(pilot, lambda: bool(main.query(Picture)))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not main and bool(app.screen.query(Picture)))
        await pilot.press("ctrl+l")
        await until(pilot, lambda: {main, app.screen} <= {each.screen for each in begun})
