"""Where Offdiag reaches into Textual's private parts. Written for Textual 8.2.8, which is pinned.

- A dirty region is sent from the left edge of its widget up to the region's right edge
  (Textualize/textual#5625): a cursor move at the right of a wide matrix costs 3 kB where
  170 bytes do. Drop `changed_cells` once a release crops on both sides;
  tests/tui/test_matrix_redraw.py tells, for it compares the bytes with and without.
- No frame is ever dropped, however many wait. `Screen._on_timer_update` draws what became
  dirty since the last frame: it is held back here while a frame is on its way, and
  `App._end_update` is the end of each frame.
- The number of colours is read from the environment when Textual is imported, which is
  before the terminal has said what it can do.
- The mouse is switched for good when a driver is made.
- The queue of the thread that writes blocks the event loop when it is full.
"""

import asyncio
from time import monotonic
from typing import Any

from rich.console import Console
from textual import constants, events, messages
from textual._compositor import ChopsUpdate
from textual.app import App, ReturnType
from textual.screen import Screen

from tui.wire import Wire


def changed_cells(self: ChopsUpdate, console: Console) -> str:
    """The escape sequences that repaint the spans of an update, and nothing beside them."""
    sequences = []
    for y, left, right in self.spans:
        for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
            if strip is None or start >= right or end <= left:
                continue
            first, last = max(start, left), min(end, right)
            whole = first == start and last == end
            seen = strip if whole else strip.crop(first - start, last - start)
            sequences.append(f"\x1b[{y + 1};{first + 1}H{seen.render(console)}")
    return "".join(sequences)


class AnsweredApp(App[ReturnType]):
    """An app that draws a frame when the terminal has shown the one before."""

    def __init__(self, question: str = "") -> None:
        super().__init__()
        self.wire = Wire(question)

    def _end_update(self) -> None:
        super()._end_update()
        self.ask(0, frame=True)

    def ask(self, size: int, *, frame: bool) -> None:
        """Ends what was just written with the question whose answer says that it arrived."""
        if self.wire.question and self._driver is not None and not self._driver.is_inline:
            self.wire.sent(monotonic(), size, frame)
            self._driver.write(self.wire.question)

    def holds_back(self) -> bool:
        """Whether a frame has to wait for the one before."""
        return not self.wire.frame_may_go(monotonic())

    def _on_terminal_supports_synchronized_output(
        self, message: messages.TerminalSupportsSynchronizedOutput
    ) -> None:
        # Textual calls its own handler too, which ignores all but the first.
        if self.wire.question == ASK_MODE:
            self.wire.answered(monotonic())

    def _on_cursor_position(self, event: events.CursorPosition) -> None:
        if self.wire.question == ASK_CURSOR:
            self.wire.answered(monotonic())

    async def _on_exit_app(self) -> None:
        """Stay for the last answer: it would be typed into the shell."""
        question, self.wire.question = self.wire.question, ""
        if question and not self.is_headless:
            await asyncio.sleep(self.wire.still_coming(monotonic()))


ASK_MODE = "\x1b[?2026$p"  # is synchronized output on: answered by those who have it
ASK_CURSOR = "\x1b[6n"  # where is the cursor: answered by all the others

_draw_what_is_dirty = Screen._on_timer_update


def draw_when_answered(self: Screen[Any]) -> None:
    """The timer's step of a screen. While it is held back the timer goes on."""
    if isinstance(self.app, AnsweredApp) and self.app.holds_back():
        return
    _draw_what_is_dirty(self)


def use_colours(system: str) -> None:
    """The colours of apps made from now on: truecolor, 256 or standard."""
    constants.COLOR_SYSTEM = system  # type: ignore[misc]


def use_mouse(app: App[Any], on: bool) -> None:
    """Let the terminal report the mouse, or keep it for selecting text."""
    driver: Any = app._driver
    if driver is None or not hasattr(driver, "_enable_mouse_support"):
        return
    if on:
        driver._mouse = True
        driver._enable_mouse_support()
    else:
        driver._disable_mouse_support()
        driver._mouse = False


def writes_waiting(app: App[Any]) -> int:
    """How many writes wait in the thread that writes."""
    thread = getattr(app._driver, "_writer_thread", None)
    return thread._queue.qsize() if thread is not None else 0


def apply() -> None:
    """Use it in this process. To call it twice changes nothing."""
    ChopsUpdate.render_segments = changed_cells  # type: ignore[method-assign]
    Screen._on_timer_update = draw_when_answered  # type: ignore[method-assign]
