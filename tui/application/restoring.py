"""The screen whole again: after ctrl+z and fg, and where another terminal was attached."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual import work
from textual.dom import DOMNode
from textual.events import Resize
from textual.geometry import Size
from textual.timer import Timer

from tui.terminal.capabilities import Graphics
from tui.terminal.textual_driver import can_be_asked, while_nothing_is_read
from tui.terminal.textual_patches import ASK_CURSOR, ASK_MODE, AnsweredApp

if TYPE_CHECKING:
    from tui.terminal.uplink import Uplink

HOLDS_STILL: Final = 0.2  # seconds without another size
_SEQUENCE: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?"
)  # keys that are no letter, mouse


class RestoredApp(AnsweredApp[int]):
    """An app that can leave its terminal for a while, and come back to another one."""

    def __init__(self, graphics: Graphics) -> None:
        super().__init__(question_for(graphics))
        self.graphics = graphics
        self._sizes: list[Size] = []  # that came one after the other
        self._settled: Size | None = None
        self._last_size: Timer | None = None
        self._asking = asyncio.Lock()

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self.return_to_screen)

    def on_resize(self, event: Resize) -> None:
        """Of sizes that follow one another some are never drawn, and what they cut off is lost."""
        self._sizes.append(event.size)
        if self._last_size is not None:
            self._last_size.stop()
        self._last_size = self.set_timer(HOLDS_STILL, self.draw_at_last_size)

    def draw_at_last_size(self) -> None:
        """All of the screen, where the terminal may have lost a part of it."""
        sizes, self._sizes = self._sizes, []
        before, self._settled = self._settled, self.size
        if before is not None and (len(sizes) > 1 or before == self.size):
            for picture in self.screen.query("Picture"):
                picture.spoil()  # type: ignore[attr-defined]
            self.screen.refresh()
        self.look_around()

    def on_app_focus(self) -> None:
        self.look_around()

    def look_around(self) -> None:
        """Another terminal may have been attached to tmux: it mostly has another size."""
        if self.graphics.tmux and can_be_asked(self):
            self.ask_tmux()

    @work(thread=True, exclusive=True, group="tmux")
    def ask_tmux(self) -> None:
        """Draw anew where the terminal around tmux is another one."""
        from tui.terminal.probe import outside_tmux

        around = outside_tmux()
        if around and around != self.graphics.around:
            self.call_later(self.action_redraw)

    @property
    def uplink(self) -> "Uplink":
        """The way of pictures, which the first frame does not need."""
        from tui.terminal.uplink import Uplink

        return Uplink.of(self)

    def give_back(self) -> None:
        self.uplink.free_all(self.graphics.tmux)

    def action_suspend_process(self) -> None:
        """Into the background, where a shell takes the terminal."""
        if not can_be_asked(self):
            return
        if a_shell_waits():
            self.leave()
        else:
            self.notify("No shell waits for the terminal: nothing would bring the app back.")

    @work
    async def leave(self) -> None:
        """The shell gets no answer that was meant for the app."""
        self.give_back()  # the terminal drops pictures with the screen they are on
        await self.fall_silent()
        super().action_suspend_process()

    def return_to_screen(self, _: object) -> None:
        """The shell has written over everything, and the terminal has dropped the pictures."""
        self.ask_from_now_on(question_for(self.graphics))
        self.draw_all()

    async def action_redraw(self) -> None:
        """Everything anew, pictures too: another terminal may have been attached.

        It is asked again what it can show, and the pictures follow.
        """
        async with self._asking:
            if can_be_asked(self):
                await self.fall_silent()
                self.show_as(await while_nothing_is_read(self, asked_again))
            self.draw_all()

    def show_as(self, graphics: Graphics) -> None:
        """The terminal shows pictures in this way from now on."""
        before, self.graphics = self.graphics, graphics
        self.ask_from_now_on(question_for(graphics))
        if before.protocol != graphics.protocol:
            self.notify(f"Pictures from now on: {graphics.protocol}")
        for part in self.parts():
            adopt(part, before, graphics)
        for key in typed_letters(graphics.typed):
            self.simulate_key(key)

    def draw_all(self) -> None:
        """Nothing that the terminal has is relied on."""
        from tui.pictures.picture import Picture

        self.uplink.free_all(self.graphics.tmux)
        for part in self.parts():
            if isinstance(part, Picture):
                part.begin(anew=True)
        self.screen.refresh(layout=True)

    def parts(self) -> Iterator[DOMNode]:
        """Every screen, in sight or below, and everything on it."""
        for screen in self.screen_stack:
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
    from tui.application.looks import dressed, terminal_name
    from tui.application.settings import Looks
    from tui.terminal.probe import detect

    graphics = detect()
    return dressed(graphics, Looks(), terminal_name(graphics))[0]


def adopt(part: Any, before: Graphics, now: Graphics) -> None:
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
