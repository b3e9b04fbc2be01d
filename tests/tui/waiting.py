"""Waiting for the app in tests: for what is on the screen, never for a time."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from textual.pilot import Pilot
from textual.screen import Screen

from tui.assess.assess import AssessScreen

PATIENCE: Final = 30.0  # seconds of the clock, for a machine that is busy with other things
LOOK_AGAIN: Final = 0.01  # seconds


async def settled(pilot: Pilot, kind: type[Screen] = AssessScreen) -> Screen:
    """The screen, once it is there and nothing is being worked out."""

    def calm() -> bool:
        screen = pilot.app.screen
        recompute = getattr(screen, "recompute", None)
        return isinstance(screen, kind) and not (recompute and recompute.working)

    await pilot.pause(LOOK_AGAIN)
    end = time.monotonic() + PATIENCE
    while await comes(pilot, calm, end):
        await pilot.pause()
        if calm():  # what the last messages began is over too
            return pilot.app.screen
    raise AssertionError(f"{kind.__name__} did not come: {pilot.app.screen}")


async def until(pilot: Pilot, happened: Callable[[], bool]) -> None:
    """Wait for something that a worker, a message or a timer brings about."""
    if not await comes(pilot, happened, time.monotonic() + PATIENCE):
        raise AssertionError("it did not happen")
    await pilot.pause()


async def comes(pilot: Pilot, happened: Callable[[], bool], end: float) -> bool:
    """Whether it happens before the end; the clock's, as a count is short on a fast machine.

    Sleeps between the looks and asks no widget: a wait costs no processor time.
    """
    while not happened():
        if time.monotonic() >= end or pilot.app._exception is not None:
            return False
        await asyncio.sleep(LOOK_AGAIN)
    return True
