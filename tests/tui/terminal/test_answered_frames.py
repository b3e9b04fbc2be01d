"""The questions after frames, without an app: what is asked, and what its answer brings about."""

import asyncio
from types import SimpleNamespace

import pytest
from textual.app import App
from textual.screen import ModalScreen, Screen

from tui.terminal import answered_frames, textual_patches
from tui.terminal.answered_frames import ASK_CURSOR, ASK_MODE, AnsweredFrames, frames_of


class Waiting:
    """A screen that notes when it is asked to draw."""

    def __init__(self):
        self.drawn = 0

    def call_later(self, draw):
        draw()

    def _on_timer_update(self):
        self.drawn += 1


def frames_with(question, **more):
    """Frames of an app with a terminal, and what was written there."""
    written = []
    driver = SimpleNamespace(is_inline=False, write=written.append)
    app = SimpleNamespace(_driver=driver, is_headless=False)
    return AnsweredFrames(app, question, **more), written


def test_each_frame_ends_with_the_question_and_the_next_one_waits_for_its_answer():
    frames, written = frames_with(ASK_CURSOR)
    screen = Waiting()
    assert not frames.hold_back(screen)
    frames.measure(300)
    frames.end_frame()
    assert written == [ASK_CURSOR]
    assert frames.hold_back(screen)
    frames.answered(ASK_CURSOR)
    assert screen.drawn == 1
    assert not frames.hold_back(screen)
    frames.answered(ASK_CURSOR)
    assert screen.drawn == 1  # nothing waits any more


def test_the_answer_to_another_question_ends_no_wait():
    frames, _ = frames_with(ASK_MODE)
    screen = Waiting()
    frames.end_frame()
    assert frames.hold_back(screen)
    frames.answered(ASK_CURSOR)
    assert frames.hold_back(screen)
    assert screen.drawn == 0


def test_who_stops_asking_waits_for_the_last_answer_and_asks_again_when_told(monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr(answered_frames.asyncio, "sleep", sleep)
    frames, written = frames_with(ASK_CURSOR)
    frames.end_frame()
    asyncio.run(frames.stop_asking())
    assert waited.pop() > 0
    frames.end_frame()
    asyncio.run(frames.stop_asking())
    assert waited == [0]
    assert written == [ASK_CURSOR]
    frames.ask_from_now_on(ASK_MODE)
    assert not frames.hold_back(Waiting())  # what was on its way before is of no interest
    frames.end_frame()
    assert written == [ASK_CURSOR, ASK_MODE]


def test_a_crash_frees_the_terminal_before_anything_else(monkeypatch):
    done = []
    monkeypatch.setattr(answered_frames, "sleep", lambda seconds: done.append(seconds > 0))
    frames, written = frames_with(ASK_CURSOR, free_terminal=lambda: done.append("free"))
    frames.end_frame()
    frames.end_at_once()
    assert done == ["free", True]
    frames.end_frame()
    assert written == [ASK_CURSOR]


def test_an_app_without_frames_of_this_kind_has_none():
    frames, _ = frames_with("")
    assert frames_of(SimpleNamespace()) is None
    assert frames_of(SimpleNamespace(frames=[])) is None
    assert frames_of(SimpleNamespace(frames=frames)) is frames


class Opaque(Screen):
    CSS = "Opaque { background: #102030; }"


@pytest.mark.parametrize(("upper", "below"), [(Opaque, 0), (ModalScreen, 1)])
async def test_only_what_shows_through_is_drawn_under_a_screen(upper, below):
    textual_patches.apply()
    app = App()
    async with app.run_test(size=(20, 5)) as pilot:
        await app.push_screen(upper())
        await pilot.pause()
        assert len(app._background_screens) == below
