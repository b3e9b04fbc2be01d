"""A frame waits until the one before has arrived; in between only the newest state counts."""

import pytest
from textual import events, messages
from textual.app import App
from textual.screen import Screen
from textual.widgets import Static

from tests.tui.waiting import until
from tui.application.restoring import ScreenRestorer
from tui.terminal import textual_patches
from tui.terminal.answered_frames import ASK_CURSOR, ASK_MODE, AnsweredFrames
from tui.terminal.capabilities import Graphics, TerminalAnswers
from tui.terminal.flow import LATE
from tui.terminal.uplink import Uplink


@pytest.fixture(autouse=True)
def patched(monkeypatch):
    monkeypatch.setattr(Screen, "_on_timer_update", Screen._on_timer_update)
    textual_patches.apply()


class Far(App[None]):
    """Believes that it has a terminal, and keeps what it writes there."""

    is_headless = False  # type: ignore[assignment]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.frames = AnsweredFrames(self, question)
        self.written: list[str] = []

    def compose(self):
        yield Static("start")

    def on_mount(self) -> None:
        self._driver.write = self.written.append

    def show(self, words: str) -> None:
        self.query_one(Static).update(words)

    @property
    def sent(self) -> str:
        return "".join(self.written)

    async def answered(self, pilot) -> None:
        """Everything that was asked is answered, and nothing new was drawn."""
        while self.frames.wire._open:
            self.answer()
            await pilot.pause()

    def on_terminal_supports_synchronized_output(self) -> None:
        self.frames.answered(ASK_MODE)

    def on_cursor_position(self) -> None:
        self.frames.answered(ASK_CURSOR)

    def answer(self) -> None:
        if self.frames.wire.question == ASK_MODE:
            self.post_message(messages.TerminalSupportsSynchronizedOutput())
        else:
            self.post_message(events.CursorPosition(0, 0))


@pytest.mark.parametrize("question", [ASK_MODE, ASK_CURSOR])
async def test_what_changes_while_a_frame_is_on_its_way_is_drawn_once(question):
    app = Far(question)
    async with app.run_test(size=(40, 5)) as pilot:
        await app.answered(pilot)
        app.written.clear()
        app.show("first")
        await until(pilot, lambda: "first" in app.sent)
        assert app.sent.endswith(question)
        for number in range(20):
            app.show(f"number {number}.")
            await pilot.pause(0.005)
        assert "number" not in app.sent
        app.answer()
        await until(pilot, lambda: "number" in app.sent)
        assert "number 19." in app.sent
        assert app.sent.count("number") == 1
        await app.answered(pilot)


async def test_the_answer_draws_what_waited_without_a_step_of_the_timer():
    app = Far(ASK_CURSOR)
    async with app.run_test(size=(40, 5)) as pilot:
        await app.answered(pilot)
        app.show("first")
        await until(pilot, lambda: "first" in app.sent)
        app.show("second")
        await until(pilot, lambda: app.frames.held_back is not None)
        app.screen._update_timer.pause()
        app.answer()
        await until(pilot, lambda: "second" in app.sent)
        await app.answered(pilot)


async def test_a_terminal_that_answers_no_question_is_not_waited_for():
    app = Far("")
    async with app.run_test(size=(40, 5)) as pilot:
        for words in ("first", "second", "third"):
            app.show(words)
            await until(pilot, lambda words=words: words in app.sent)
        assert ASK_MODE not in app.sent


async def test_an_answer_that_never_comes_holds_a_frame_up_no_longer_than_is_said():
    app = Far(ASK_CURSOR)
    async with app.run_test(size=(40, 5)) as pilot:
        await app.answered(pilot)
        app.show("first")
        await until(pilot, lambda: "first" in app.sent)
        app.show("second")
        sent = app.frames.wire._open[-1]
        app.frames.wire._open[-1] = type(sent)(sent.at - LATE, sent.size, sent.frame)
        await until(pilot, lambda: "second" in app.sent)
        await app.answered(pilot)


async def test_a_picture_goes_in_pieces_that_wait_for_the_line_and_for_frames():
    app = Far(ASK_CURSOR)
    async with app.run_test(size=(40, 5)) as pilot:
        await app.answered(pilot)
        app.written.clear()
        pieces = [letter * 16_000 for letter in "abcdef"]
        sent = Uplink.of(app).send(pieces)
        await until(pilot, lambda: pieces[1] in app.written)
        await pilot.pause(0.05)
        assert pieces[2] not in app.written  # two pieces fill the window
        app.show("frame")
        await until(pilot, lambda: "frame" in app.sent)
        for _ in range(2):
            app.answer()
        await pilot.pause(0.05)
        assert pieces[2] not in app.written  # the frame is still on its way
        while not sent.done():
            app.answer()
            await pilot.pause(0.01)
        assert [text for text in app.written if len(text) == 16_000] == pieces
        await app.answered(pilot)


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        (TerminalAnswers(complete=True, synchronized=True), ASK_MODE),
        (TerminalAnswers(complete=True), ASK_CURSOR),
        (TerminalAnswers(), ""),
    ],
)
def test_the_question_is_one_that_the_terminal_answers(answers, question):
    restorer = ScreenRestorer(App(), Graphics("cells", answers=answers))
    assert restorer.frames.wire.question == question
