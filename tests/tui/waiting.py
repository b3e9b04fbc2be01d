"""Waiting for the app in tests: for what is on the screen, never for a time."""

from collections.abc import Callable

from textual.pilot import Pilot
from textual.screen import Screen

from tui.screens.assess import AssessScreen


async def settled(pilot: Pilot, kind: type[Screen] = AssessScreen) -> Screen:
    """The screen, once it is there and nothing is being worked out."""
    for _ in range(3000):
        await pilot.pause(0.01)
        screen = pilot.app.screen
        if isinstance(screen, kind) and not getattr(screen, "working", False):
            await pilot.pause()
            return screen
    raise AssertionError(f"{kind.__name__} did not come: {pilot.app.screen}")


async def until(pilot: Pilot, happened: Callable[[], bool]) -> None:
    """Wait for something that a worker brings about."""
    for _ in range(1500):
        if happened():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not happen")
