"""Where Offdiag reaches into Textual's private parts. Written for Textual 8.2.8, which is pinned.

- A dirty region is sent from the left edge of its widget up to the region's right edge
  (Textualize/textual#5625): a cursor move at the right of a wide matrix costs 3 kB where
  170 bytes do. Drop `changed_cells` once a release crops on both sides;
  tests/tui/matrix/test_redraw.py tells, for it compares the bytes with and without.
- A frame draws all widgets in the rectangle around what changed: see textual_spans.
- The driver switches the mouse and comes back after a stop in its own way: see textual_driver.
- No frame is ever dropped, however many wait. `Screen._on_timer_update` draws what became
  dirty since the last frame: it is held back here while a frame is on its way, and
  `App._end_update` is the end of each frame. See answered_frames.
- What changes on a screen under an opaque one makes the whole of the upper one drawn anew:
  `App._background_screens` has the lower one.
- The number of colours is read from the environment when Textual is imported, which is
  before the terminal has said what it can do.
- A screen that is laid out and drawn anew at once is drawn twice, once for each.
- `Screen.focused` draws all of the screen when another widget has the focus, though those
  that look different say so themselves.
- An exception ends the app without a message ExitApp, by `App._fatal_error`.
"""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from textual import constants
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.app import App
from textual.screen import Screen

from tui.terminal import textual_driver
from tui.terminal.answered_frames import frames_of
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


class MeasuredUpdate(CompositorUpdate):
    """An update that tells how many characters it writes."""

    def __init__(self, update: CompositorUpdate, tell: Callable[[int], None]) -> None:
        self.update, self.tell = update, tell

    def render_segments(self, console: Console) -> str:
        written = self.update.render_segments(console)
        self.tell(len(written))
        return written


_display, _end_update, _fatal_error = App._display, App._end_update, App._fatal_error
_background_screens = App._background_screens
_draw_what_is_dirty = Screen._on_timer_update


def background_screens(self: App[Any]) -> list[Screen[Any]]:
    """The screens that show through; Textual has one under an opaque screen among them."""
    stack = self._screen_stack
    opaque = bool(stack) and stack[-1].styles.background.a == 1
    return [] if opaque else _background_screens.__get__(self)


def display_measured(self: App[Any], screen: Screen[Any], renderable: Any) -> None:
    """Write a frame, and tell those who wait for its answer how long it is."""
    frames = frames_of(self)
    if frames is not None and isinstance(renderable, CompositorUpdate):
        renderable = MeasuredUpdate(renderable, frames.measure)
    _display(self, screen, renderable)


def end_with_question(self: App[Any]) -> None:
    """The end of a frame, which is asked about where answers are waited for."""
    _end_update(self)
    if (frames := frames_of(self)) is not None:
        frames.end_frame()


def crash_in_order(self: App[Any]) -> None:
    """An exception that nobody caught: the terminal is free first."""
    if (frames := frames_of(self)) is not None:
        frames.end_at_once()
    _fatal_error(self)


def draw_when_answered(self: Screen[Any]) -> None:
    """The timer's step of a screen. While it is held back the timer goes on."""
    frames = frames_of(self.app)
    if frames is None or not frames.hold_back(self):
        if self._layout_required and self._repaint_required and self.is_current:
            # The frame of the layout is of all that is seen: no second one is needed.
            self._compositor._dirty_regions.add(self.size.region)
            self._repaint_required = False
        _draw_what_is_dirty(self)


def use_colours(system: str) -> None:
    """The colours of apps made from now on: truecolor, 256 or standard."""
    constants.COLOR_SYSTEM = system  # type: ignore[misc]


def apply() -> None:
    """Use it in this process. To call it twice changes nothing."""
    ChopsUpdate.render_segments = changed_cells  # type: ignore[method-assign]
    Compositor.render_partial_update = render_spans  # type: ignore[method-assign]
    Screen._on_timer_update = draw_when_answered  # type: ignore[method-assign]
    App._background_screens = property(background_screens)  # type: ignore[assignment,method-assign]
    App._display = display_measured  # type: ignore[method-assign]
    App._end_update = end_with_question  # type: ignore[method-assign]
    App._fatal_error = crash_in_order  # type: ignore[method-assign]
    Screen.focused._repaint = False
    textual_driver.apply()
