"""A key is pressed when all that it brings about at once is done, on a busy machine too."""

import asyncio
import time

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.tui.waiting import PATIENCE


def busy(app: App) -> bool:
    """Whether a message waits at the app or at a widget."""
    pumps = [app, *(node for screen in app.screen_stack for node in screen.walk_children())]
    return any(pump.message_queue_size for pump in (*pumps, *app.screen_stack))


async def all_answered(app: App) -> None:
    """Until a message no longer leads to another one: from the app to a widget, to its tab, ..."""
    end = time.monotonic() + PATIENCE
    while app._running and busy(app) and time.monotonic() < end:
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def patient_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual takes an app for idle that uses no processor; one that gets none looks the same."""
    one_round = Pilot._wait_for_screen

    async def wait_for_screen(pilot: Pilot, timeout: float = PATIENCE) -> bool:
        done = await one_round(pilot, timeout)
        await all_answered(pilot.app)
        return done

    async def press(pilot: Pilot, *keys: str) -> None:
        for key in keys:
            await pilot.app._press_keys([key])
            await all_answered(pilot.app)
        await pilot._wait_for_screen()

    monkeypatch.setattr(Pilot, "_wait_for_screen", wait_for_screen)
    monkeypatch.setattr(Pilot, "press", press)
