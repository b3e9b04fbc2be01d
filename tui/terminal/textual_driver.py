"""How the terminal is taken and given back. Private parts of Textual 8.2.8, as in textual_patches.

- The mouse is switched for good when a driver is made.
- Mouse reports in pixels, which Textual asks for where sizes are told in band, stay on when
  the mouse is switched off: the next program would take pixels for cells.
- SIGCONT starts the threads that read and write, also where nobody had ended them, as after
  SIGSTOP or when a line hangs up: two would read.
- What the terminal answers to questions of one's own is read as keys, while Textual reads.

tests/terminal/test_suspending.py holds all of them.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

from textual.app import App

Result = TypeVar("Result")


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


def can_be_asked(app: App[Any]) -> bool:
    """Whether there is a terminal, which Textual reads in a thread of its own."""
    return getattr(app._driver, "_key_thread", None) is not None


async def while_nothing_is_read(app: App[Any], ask: Callable[[], Result]) -> Result:
    """What ask gives, which reads the terminal itself; in a thread, as it has to wait."""
    driver: Any = app._driver

    def alone() -> Result:
        driver.exit_event.set()
        driver._key_thread.join()
        driver.exit_event.clear()
        try:
            return ask()
        finally:
            driver._key_thread = Thread(target=driver._run_input_thread, name="textual-input")
            driver._key_thread.start()

    return await asyncio.to_thread(alone)


def apply() -> None:
    """Use it in this process. To call it twice changes nothing."""
    if sys.platform != "win32":
        from textual.drivers.linux_driver import LinuxDriver

        for name, patched in _replaced(LinuxDriver).items():
            setattr(LinuxDriver, name, patched)


def _replaced(driver: Any) -> dict[str, Callable[..., None]]:
    """What its methods are replaced with, by their names; nothing the second time."""
    enable, disable = driver._enable_mouse_support, driver._disable_mouse_support
    carry_on = driver._sigcont_application
    if enable.__module__ == __name__:
        return {}

    def enable_mouse(self: Any) -> None:
        enable(self)
        if self._mouse and self._mouse_pixels:
            self.write("\x1b[?1016h")

    def disable_mouse(self: Any) -> None:
        disable(self)
        if self._mouse and self._mouse_pixels:
            self.write("\x1b[?1016l")

    def continued(self: Any, *signalled: object) -> None:
        if not self._must_signal_resume:
            if not os.isatty(self.fileno):
                return
            self.suspend_application_mode()  # a shell may have taken the terminal meanwhile
            self._must_signal_resume = True
        carry_on(self, *signalled)

    return {
        "_enable_mouse_support": enable_mouse,
        "_disable_mouse_support": disable_mouse,
        "_sigcont_application": continued,
    }
