"""The screen whole again: after ctrl+z and fg, and where another terminal was attached."""

import asyncio
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual.app import App
from textual.dom import DOMNode
from textual.geometry import Size
from textual.timer import Timer

from tui.terminal.answered_frames import ASK_CURSOR, ASK_MODE, AnsweredFrames
from tui.terminal.capabilities import Graphics
from tui.terminal.textual_driver import can_be_asked, while_nothing_is_read

if TYPE_CHECKING:
    from tui.terminal.uplink import Uplink

HOLDS_STILL: Final = 0.2  # seconds without another size
_SEQUENCE: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?"
)  # keys that are no letter, mouse


@runtime_checkable
class ShowsPixels(Protocol):
    """A part of a screen that the terminal shows in pixels."""

    def begin(self, *, anew: bool = False) -> None:
        """Draw; anew where the terminal has nothing of it any more."""
        ...

    def spoil(self) -> None:
        """The terminal may have lost what was written over the cells."""
        ...


class SizeChanges:
    """Of sizes that follow one another some are never drawn, and what they cut off is lost."""

    def __init__(self) -> None:
        self._count = 0
        self._settled: Size | None = None

    def add(self) -> None:
        """The terminal has another size, or the same one again."""
        self._count += 1

    def settle(self, size: Size) -> bool:
        """The terminal keeps this size; whether it may have lost a part of the screen."""
        count, self._count = self._count, 0
        before, self._settled = self._settled, size
        return before is not None and (count > 1 or before == size)


class ScreenRestorer:
    """Draws what the terminal has lost, and follows an app that comes to another terminal."""

    def __init__(self, app: App[Any], graphics: Graphics) -> None:
        self.app = app
        self.graphics = graphics  # of the terminal as it is now
        self.frames = AnsweredFrames(app, question_for(graphics), self.free_pictures)
        self._sizes = SizeChanges()
        self._last_size: Timer | None = None
        self._asking = asyncio.Lock()

    def resized(self) -> None:
        """The terminal has another size, and more may follow."""
        self._sizes.add()
        if self._last_size is not None:
            self._last_size.stop()
        self._last_size = self.app.set_timer(HOLDS_STILL, self.draw_at_last_size)

    def draw_at_last_size(self) -> None:
        """All of the screen, where the terminal may have lost a part of it."""
        if not self.app.screen_stack:
            return  # the app is leaving: its screens are gone, and this was on its way
        if self._sizes.settle(self.app.size):
            for part in self.app.screen.walk_children():
                if isinstance(part, ShowsPixels):
                    part.spoil()
            self.app.screen.refresh()
        self.look_around_tmux()

    def look_around_tmux(self) -> None:
        """Another terminal may have been attached to tmux: it mostly has another size."""
        if self.graphics.tmux and can_be_asked(self.app):
            self.app.run_worker(self._ask_tmux, thread=True, exclusive=True, group="tmux")

    def _ask_tmux(self) -> None:
        """Draw anew where the terminal around tmux is another one."""
        from tui.terminal.probe import outside_tmux

        around = outside_tmux()
        if around and around != self.graphics.around:
            self.app.call_later(self.redraw)

    @property
    def uplink(self) -> "Uplink":
        """The way of pictures, which the first frame does not need."""
        from tui.terminal.uplink import Uplink

        return Uplink.of(self.app)

    def free_pictures(self) -> None:
        """The terminal forgets the pictures that it keeps."""
        self.uplink.free_all(self.graphics.tmux)

    async def free_terminal(self) -> None:
        """Nothing of the app is left in the terminal, and nothing is on its way to it."""
        self.free_pictures()
        await self.frames.stop_asking()

    def suspend(self, stop: Callable[[], None]) -> None:
        """Into the background, where a shell takes the terminal; stop is how."""
        if not can_be_asked(self.app):
            return
        if a_shell_waits():
            self.app.run_worker(self._suspend(stop))
        else:
            self.app.notify("No shell waits for the terminal: nothing would bring the app back.")

    async def _suspend(self, stop: Callable[[], None]) -> None:
        """The shell gets no answer that was meant for the app."""
        await self.free_terminal()  # the terminal drops pictures with the screen they are on
        stop()

    def draw_after_suspend(self, _: object) -> None:
        """The shell has written over everything, and the terminal has dropped the pictures."""
        self.frames.ask_from_now_on(question_for(self.graphics))
        self.draw_all()

    async def redraw(self) -> None:
        """Everything anew, pictures too: another terminal may have been attached.

        It is asked again what it can show, and the pictures follow.
        """
        async with self._asking:
            if can_be_asked(self.app):
                await self.frames.stop_asking()
                self.show_as(await while_nothing_is_read(self.app, asked_again))
            self.draw_all()

    def show_as(self, graphics: Graphics) -> None:
        """The terminal shows pictures in this way from now on."""
        before, self.graphics = self.graphics, graphics
        self.frames.ask_from_now_on(question_for(graphics))
        if before.protocol != graphics.protocol:
            self.app.notify(f"Pictures from now on: {graphics.protocol}")
        for part in self.parts():
            use_graphics(part, before, graphics)
        for key in typed_letters(graphics.typed):
            self.app.simulate_key(key)

    def draw_all(self) -> None:
        """Nothing that the terminal has is relied on."""
        self.free_pictures()
        for part in self.parts():
            if isinstance(part, ShowsPixels):
                part.begin(anew=True)
        self.app.screen.refresh(layout=True)

    def parts(self) -> Iterator[DOMNode]:
        """Every screen, in sight or below, and everything on it."""
        for screen in self.app.screen_stack:
            yield screen
            yield from screen.walk_children()


def a_shell_waits() -> bool:
    """Whether someone brings the app back who sees it stop: its parent, of the same session.

    Not where it was started by sshd or tmux itself, which would leave a dead screen.
    """
    return sys.platform != "win32" and os.getsid(os.getppid()) == os.getsid(0)


def question_for(graphics: Graphics) -> str:
    """What a terminal answers after each frame; nothing where it answers nothing."""
    if not graphics.answers.complete:
        return ""
    return ASK_MODE if graphics.answers.synchronized else ASK_CURSOR


def asked_again() -> Graphics:
    """The terminal as it is now, with what was chosen for it before."""
    from tui.application.looks import terminal_name, with_looks
    from tui.application.settings import Looks
    from tui.terminal.probe import detect

    graphics = detect()
    return with_looks(graphics, Looks(), terminal_name(graphics))[0]


def use_graphics(part: Any, before: Graphics, now: Graphics) -> None:
    """Tell a part of a screen, where it draws pictures or makes what does."""
    own = getattr(part, "graphics", None)
    if isinstance(own, Graphics):
        # One that was given another protocol than all has a reason for it.
        part.graphics = now if own.protocol == before.protocol else replace(now, protocol="cells")
    around: Any = getattr(part, "around", None)
    if isinstance(getattr(around, "graphics", None), Graphics):
        part.around = replace(around, graphics=now)


def typed_letters(typed: str) -> list[str]:
    """The letters among what a person typed and the mouse said."""
    return [letter for letter in _SEQUENCE.sub("", typed) if letter.isprintable()]
