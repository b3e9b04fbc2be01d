"""Escape while files are opened asks whether to stop; only an answer stops, and only once."""

import time
from threading import Event

import pytest
from textual.app import App

from engine.scoring.run.runner import Progress
from tests.opening import confused, opened
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.assess.assess import AssessScreen
from tui.assess.loading import LoadingScreen

SIZE = (80, 24)


class Scoring:
    """Scores until it is told to end, or nobody waits any more."""

    def __init__(self) -> None:
        self.end, self.stopped = Event(), Event()

    def opener(self, cancelled):
        yield Progress(1, 3, 0, 12.0, 0.2, 0)
        while not self.end.is_set():
            if cancelled():
                self.stopped.set()
                return
            time.sleep(0.001)
        yield opened(confused())


async def asking(pilot, *keys: str) -> LoadingScreen:
    screen = await settled(pilot, LoadingScreen)
    await pilot.press(*keys)
    return screen


def question(screen: LoadingScreen) -> str:
    label = screen.query_one("#loading-question")
    return str(label.render()) if label.display else ""


@pytest.mark.slow
async def test_escape_asks_and_the_work_goes_on():
    scoring = Scoring()
    app = OffdiagApp(scoring.opener)
    async with app.run_test(size=SIZE) as pilot:
        screen = await asking(pilot)
        assert question(screen) == ""
        for _ in range(4):
            await pilot.press("escape")
            assert question(screen) == "Stop? What was scored is kept."
        assert app.return_code is None
        assert not scoring.stopped.is_set()
        scoring.end.set()
        assert isinstance(await settled(pilot), AssessScreen)


async def test_n_takes_the_question_back_and_enter_answers_nothing_then():
    scoring = Scoring()
    app = OffdiagApp(scoring.opener)
    async with app.run_test(size=SIZE) as pilot:
        screen = await asking(pilot, "escape", "n")
        assert question(screen) == ""
        await pilot.press("enter", "y")
        assert app.return_code is None
        scoring.end.set()
        await settled(pilot)


@pytest.mark.parametrize("keys", [("escape", "enter"), ("escape", "y"), ("ctrl+c", "ctrl+c")])
async def test_the_answer_stops_it_and_says_so_once(keys, monkeypatch):
    told, end = [], App.exit

    def exit(app, result=None, return_code=0, message=None):
        told.append(message)
        end(app, result, return_code, message)

    monkeypatch.setattr(App, "exit", exit)
    scoring = Scoring()
    app = OffdiagApp(scoring.opener)
    async with app.run_test(size=SIZE) as pilot:
        screen = await asking(pilot, *keys)
        for _ in range(3):  # who cannot wait for the end
            screen.post_message(LoadingScreen.GivenUp())
            app.exit(1, 1, "Another reason")
        await until(pilot, scoring.stopped.is_set)
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 130
    assert told == ["Stopped. What was scored is kept."]
