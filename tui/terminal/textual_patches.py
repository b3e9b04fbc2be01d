"""Where Offdiag reaches into Textual's private parts. Written for Textual 8.2.8, which is pinned.

- A dirty region is sent from the left edge of its widget up to the region's right edge
  (Textualize/textual#5625): a cursor move at the right of a wide matrix costs 3 kB where
  170 bytes do. Drop `changed_cells` once a release crops on both sides;
  tests/tui/matrix/test_redraw.py tells, for it compares the bytes with and without.
- A frame draws all widgets in the rectangle around what changed: see redraw_spans.
- The driver has manners of its own: see redraw_driver.
- No frame is ever dropped, however many wait. `Screen._on_timer_update` draws what became
  dirty since the last frame: it is held back here while a frame is on its way, and
  `App._end_update` is the end of each frame.
- What changes on a screen under an opaque one makes the whole of the upper one drawn anew:
  `App._background_screens` has the lower one.
- The number of colours is read from the environment when Textual is imported, which is
  before the terminal has said what it can do.
- The queue of the thread that writes blocks the event loop when it is full.
- An exception ends the app without a message ExitApp, by `App._fatal_error`.
"""

import asyncio
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from rich.console import Console
from textual import constants, events, messages
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.app import App, ReturnType
from textual.screen import Screen

from tui.terminal import textual_driver as redraw_driver
from tui.terminal.flow import Wire
from tui.terminal.textual_spans import render_spans


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


class Weighed(CompositorUpdate):
    """An update that tells how long it is."""

    def __init__(self, update: CompositorUpdate, tell: Callable[[int], None]) -> None:
        self.update, self.tell = update, tell

    def render_segments(self, console: Console) -> str:
        written = self.update.render_segments(console)
        self.tell(len(written))
        return written


class AnsweredApp(App[ReturnType]):
    """An app that draws a frame when the terminal has shown the one before."""

    def __init__(self, question: str = "") -> None:
        super().__init__()
        self.wire = Wire(question)
        self._frame = 0  # characters
        self.held_back: Screen[Any] | None = None

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that show through; Textual has one under an opaque screen among them."""
        stack = self._screen_stack
        opaque = bool(stack) and stack[-1].styles.background.a == 1
        return [] if opaque else super()._background_screens

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = Weighed(renderable, self.weigh)
        super()._display(screen, renderable)

    def weigh(self, size: int) -> None:
        """A frame of so many characters is about to be written."""
        self._frame = size

    def _end_update(self) -> None:
        super()._end_update()
        size, self._frame = self._frame, 0
        self.ask(size, frame=True)

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
            self.take_answer()

    def _on_cursor_position(self, event: events.CursorPosition) -> None:
        if self.wire.question == ASK_CURSOR:
            self.take_answer()

    def take_answer(self) -> None:
        """What waited for this is drawn at once, not at the next step of its screen's timer."""
        self.wire.answered(monotonic())
        screen, self.held_back = self.held_back, None
        if screen is not None:
            screen.call_later(screen._on_timer_update)

    async def _on_exit_app(self) -> None:
        await self.fall_silent()

    async def fall_silent(self) -> None:
        """Ask no more, and stay for the last answer: it would be typed into the shell."""
        question, self.wire.question = self.wire.question, ""
        if question and not self.is_headless:
            await asyncio.sleep(self.wire.still_coming(monotonic()))

    def give_back(self) -> None:
        """What the terminal keeps for the app."""

    def _fatal_error(self) -> None:
        """An exception that nobody caught ends the app in no better order than it has to."""
        self.give_back()
        question, self.wire.question = self.wire.question, ""
        if question and not self.is_headless:
            sleep(self.wire.still_coming(monotonic()))  # the thread that reads takes the answer
        super()._fatal_error()

    def ask_from_now_on(self, question: str) -> None:
        """Nothing is on its way."""
        self.wire = Wire(question)


ASK_MODE = "\x1b[?2026$p"  # is synchronized output on: answered by those who have it
ASK_CURSOR = "\x1b[6n"  # where is the cursor: answered by all the others

_draw_what_is_dirty = Screen._on_timer_update


def draw_when_answered(self: Screen[Any]) -> None:
    """The timer's step of a screen. While it is held back the timer goes on."""
    app = self.app
    if isinstance(app, AnsweredApp) and app.holds_back():
        app.held_back = self
        return
    _draw_what_is_dirty(self)


def use_colours(system: str) -> None:
    """The colours of apps made from now on: truecolor, 256 or standard."""
    constants.COLOR_SYSTEM = system  # type: ignore[misc]


def writes_waiting(app: App[Any]) -> int:
    """How many writes wait in the thread that writes."""
    thread = getattr(app._driver, "_writer_thread", None)
    return thread._queue.qsize() if thread is not None else 0


def apply() -> None:
    """Use it in this process. To call it twice changes nothing."""
    ChopsUpdate.render_segments = changed_cells  # type: ignore[method-assign]
    Compositor.render_partial_update = render_spans  # type: ignore[method-assign]
    Screen._on_timer_update = draw_when_answered  # type: ignore[method-assign]
    redraw_driver.apply()
