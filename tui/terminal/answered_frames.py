"""An app's frames, of which each waits until the terminal has shown the one before.

Private parts of Textual 8.2.8: its driver, and the step of a screen's timer that draws. Where
the app's drawing comes to these frames stands in textual_patches.
"""

import asyncio
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, Final

from textual.app import App
from textual.screen import Screen

from tui.terminal.flow import Wire

ASK_MODE: Final = "\x1b[?2026$p"
"""Is synchronized output on: answered by those who have it."""

ASK_CURSOR: Final = "\x1b[6n"
"""Where is the cursor: answered by all the others."""


class AnsweredFrames:
    """Ends each frame with a question; what changes before its answer is drawn after it.

    An app holds them as its attribute `frames`.
    """

    def __init__(
        self,
        app: App[Any],
        question: str = "",
        free_terminal: Callable[[], object] = lambda: None,
    ) -> None:
        """free_terminal gives up what the terminal keeps for the app, also after a crash."""
        self.app = app
        self.wire = Wire(question)
        self.free_terminal = free_terminal
        self.held_back: Screen[Any] | None = None  # the screen that waits for the answer
        self._size = 0  # characters of the frame that is being written

    def measure(self, size: int) -> None:
        """A frame of so many characters is about to be written."""
        self._size = size

    def end_frame(self) -> None:
        """The frame was written."""
        size, self._size = self._size, 0
        self.ask(size, frame=True)

    def ask(self, size: int, *, frame: bool) -> None:
        """Ends what was just written with the question whose answer says that it arrived."""
        driver = self.app._driver
        if self.wire.question and driver is not None and not driver.is_inline:
            self.wire.sent(monotonic(), size, frame)
            driver.write(self.wire.question)

    def hold_back(self, screen: Screen[Any]) -> bool:
        """Whether a frame of this screen has to wait for the one before; it is drawn then."""
        waits = not self.wire.frame_may_go(monotonic())
        if waits:
            self.held_back = screen
        return waits

    def answered(self, question: str) -> None:
        """The terminal has answered a question, which may be another one than that of frames.

        What waited for it is drawn at once, not at the next step of its screen's timer.
        """
        if self.wire.question != question:
            return
        self.wire.answered(monotonic())
        screen, self.held_back = self.held_back, None
        if screen is not None:
            screen.call_later(screen._on_timer_update)

    async def stop_asking(self) -> None:
        """Ask no more, and stay for the last answer: it would be typed into the shell."""
        await asyncio.sleep(self._last_answer())

    def end_at_once(self) -> None:
        """An exception that nobody caught ends the app in no better order than it has to."""
        self.free_terminal()
        sleep(self._last_answer())  # the thread that reads takes the answer

    def _last_answer(self) -> float:
        """Asks no more; seconds until the last answer is likely to be there."""
        question, self.wire.question = self.wire.question, ""
        waits = bool(question) and not self.app.is_headless
        return self.wire.still_coming(monotonic()) if waits else 0.0

    def ask_from_now_on(self, question: str) -> None:
        """Nothing is on its way."""
        self.wire = Wire(question)


def frames_of(app: App[Any]) -> AnsweredFrames | None:
    """The frames of an app whose frames wait for answers."""
    frames = getattr(app, "frames", None)
    return frames if isinstance(frames, AnsweredFrames) else None
