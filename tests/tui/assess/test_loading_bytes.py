"""How far a long file is read stands on the screen, and reading can be stopped there."""

from pathlib import Path
from threading import Event

from textual.widgets import ProgressBar

from engine.opening import Stage
from engine.util.progress import Reading, StoppedError, watched
from tests.opening import confused, opened
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.assess.loading import LoadingScreen


async def test_the_bytes_that_are_read_stand_on_the_screen():
    end = Event()

    def opener(cancelled):
        yield Stage("Reading results.json")
        yield Reading(412_000_000, 795_160_228)
        end.wait(20)
        yield opened(confused())

    app = OffdiagApp(opener)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot, LoadingScreen)
        words = screen.query_one("#loading-words")
        await until(pilot, lambda: str(words.render()) == "412 of 795 MB")
        assert str(screen.query_one("#loading-stage").render()) == "Reading results.json"
        assert screen.query_one(ProgressBar).percentage == 412_000_000 / 795_160_228
        end.set()
        await settled(pilot)


async def test_escape_stops_a_reading_that_would_never_end():
    stopped = Event()

    def endless(seen):
        while True:
            seen(1)

    def opener(cancelled):
        yield Stage("Reading results.json")
        try:
            yield from watched(Path(), endless, cancelled)
        except StoppedError:
            stopped.set()

    app = OffdiagApp(opener)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, LoadingScreen)
        await pilot.press("escape", "enter")
        await until(pilot, stopped.is_set)
