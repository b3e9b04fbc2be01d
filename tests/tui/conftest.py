"""A key is pressed when all that it brings about at once is done, on a busy machine too."""

import asyncio
import time
from collections.abc import Iterator
from typing import Final

import pytest
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tests.tui.waiting import PATIENCE
from tui.terminal import textual_patches

LOOK: Final = 0.005  # seconds between two looks at what the process does
BUSY: Final = 0.2  # of that time on the processor: a worker, and not the beats of a clock
TURNS: Final = 10  # of the loop, until the widgets are looked for again: one may be gone
FRAME: Final = 0.05  # seconds that a frame may be due: one that is held back is not waited for


def pumps(app: App) -> list[MessagePump]:
    """The app, its screens and their widgets."""
    return [
        app,
        *(node for screen in app.screen_stack for node in (screen, *screen.walk_children())),
    ]


def frame_is_due(app: App) -> bool:
    """Whether a timer is about to draw the screen, or to tell those who wait for it."""
    if not app.screen_stack:
        return False
    screen = app.screen
    return bool(
        app._resize_timer is not None
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )


async def all_answered(app: App) -> None:
    """Until a message no longer leads to another one: from the app to a widget, to its tab, ..."""
    end = time.monotonic() + PATIENCE
    drawn = time.monotonic() + FRAME
    while app._running and time.monotonic() < end:
        asked = pumps(app)
        if not any(pump.message_queue_size for pump in asked):
            if not frame_is_due(app) or time.monotonic() >= drawn:
                return
            await asyncio.sleep(LOOK)
            continue
        for _ in range(TURNS):
            await asyncio.sleep(0)
            if not any(pump.message_queue_size for pump in asked):
                break


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 0.2) -> None:
    """Textual's own looks 20 ms long, and takes a beating clock for a busy app."""
    end = time.monotonic() + max_sleep
    while time.monotonic() < end:
        before = time.process_time()
        await asyncio.sleep(LOOK)
        if time.process_time() - before < BUSY * LOOK:
            return


@pytest.fixture(scope="session", autouse=True)
def patched_as_the_command_does() -> None:
    textual_patches.apply()


@pytest.fixture(scope="session", autouse=True)
def styles_parsed_once() -> Iterator[None]:
    """Each app parses the same style sheets, which takes a tenth of its start."""
    known: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_rules(self: Stylesheet, *source: object, **more: object) -> list[RuleSet]:
        key = (source, frozenset(more.items()), frozenset(self._variables.items()))
        if key not in known:
            known[key] = parse(self, *source, **more)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_rules)
        yield


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

    monkeypatch.setattr("tui.assess.loading.settle_memory", lambda: None)  # apps come and go here
    monkeypatch.setattr("textual.app.wait_for_idle", wait_for_idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", wait_for_idle)
    monkeypatch.setattr(Pilot, "_wait_for_screen", wait_for_screen)
    monkeypatch.setattr(Pilot, "press", press)
