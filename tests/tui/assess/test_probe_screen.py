"""Where something was assumed of a model, a key tries the other ways and opens it rightly."""

from threading import Event

import pytest
from textual.app import App

from engine.opening import Inputs, Noticed, Stage, opening
from engine.probing.running import Trying
from engine.scoring.card import card_beside, read_card
from engine.scoring.run.runner import Progress
from tests.opening import confused, opened
from tests.probing import inputs_of, particular_model
from tests.tui.waiting import settled, until
from tests.tui.walking import words
from tui.app import OffdiagApp
from tui.application.probers import prober_of
from tui.assess.assess import AssessScreen
from tui.assess.loading import LoadingScreen
from tui.assess.probe import Prober, ProbeScreen
from tui.controls.tab_bar import TabBar


def app_of(inputs: Inputs) -> OffdiagApp:
    return OffdiagApp(lambda cancelled: opening(inputs, cancelled))


def shown(screen: ProbeScreen, widget: str) -> str:
    return str(screen.query_one(widget).render())


@pytest.mark.slow
async def test_a_guess_is_probed_and_the_model_opened_again_as_the_card_says(tmp_path):
    inputs = inputs_of(tmp_path)
    inputs = Inputs(**{**vars(inputs), "store": tmp_path / "store.sqlite"})
    app = app_of(inputs)
    async with app.run_test(size=(120, 40)) as pilot:
        first = await settled(pilot)
        assert isinstance(first, AssessScreen)
        assert first.desk.opened.assumed
        assert not app._notifications
        noticed = words(first, "#noticed")
        assert noticed.startswith("Assumed, T tries the other ways: ")
        assert "color order RGB" in noticed
        assert " input assumed " in first.query_one(TabBar).render().plain
        await pilot.press("T")
        screen = await settled(pilot, ProbeScreen)
        await until(pilot, lambda: screen.ranking is not None)
        await until(pilot, lambda: "18 ways on 8 images" in shown(screen, "#probe-stage"))
        lines = shown(screen, "#probe-table").splitlines()
        assert "0 to 255" in lines[1]
        assert "BGR" in lines[1]
        assert "letterbox-topleft" in lines[1]
        assert "RGB was assumed" in shown(screen, "#probe-answers")
        await pilot.press("w")
        await until(pilot, lambda: app.screen is not screen and app.screen is not first)
        second = await settled(pilot)
        assert second is not first
        assert not second.desk.opened.assumed
        assert "assumed" not in second.query_one(TabBar).render().plain
        assert app.to_probe is None
    assert read_card(card_beside(inputs.model)).input.color == "BGR"


@pytest.mark.slow
async def test_leaving_a_probe_writes_nothing_and_keeps_what_was_open(tmp_path):
    inputs = inputs_of(tmp_path)
    inputs = Inputs(**{**vars(inputs), "store": tmp_path / "store.sqlite"})
    app = app_of(inputs)
    async with app.run_test(size=(80, 24)) as pilot:
        first = await settled(pilot)
        await pilot.press("T")
        await settled(pilot, ProbeScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is first)
    assert not card_beside(inputs.model).exists()


@pytest.mark.slow
async def test_a_probe_during_the_loading_ends_it_and_begins_it_again(tmp_path):
    inputs = inputs_of(tmp_path)
    inputs = Inputs(**{**vars(inputs), "store": tmp_path / "store.sqlite"})
    waits, calls = Event(), []

    def opener(cancelled):
        calls.append(cancelled)
        yield Noticed(("ASSUMED: everything",), inputs)
        yield Progress(1, 3, 0, 12.0, 0.2, 0)
        while len(calls) == 1 and not cancelled():
            waits.wait(0.01)
        if not cancelled():
            yield opened(confused())

    app = OffdiagApp(opener)
    async with app.run_test(size=(120, 40)) as pilot:
        loading = await settled(pilot, LoadingScreen)
        await until(pilot, lambda: "T tries" in str(loading.query_one("#loading-notes").render()))
        await pilot.press("T")
        screen = await settled(pilot, ProbeScreen)
        assert calls[0]()  # told to stop
        await until(pilot, lambda: screen.ranking is not None)
        await pilot.press("w")
        await settled(pilot)
    assert len(calls) == 2
    assert card_beside(inputs.model).exists()


@pytest.mark.slow
async def test_a_key_that_leads_nowhere_is_not_offered(tmp_path):
    def opener(cancelled):
        yield opened(confused())

    app = OffdiagApp(opener)
    async with app.run_test(size=(120, 40)) as pilot:
        before = await settled(pilot)
        assert app.check_action("probe", ()) is False
        await pilot.press("T")
        await pilot.pause()
        assert app.screen is before


async def test_progress_is_shown_and_escape_stops_the_work(tmp_path):
    stopped = Event()

    def try_out(cancelled):
        yield Stage("Trying 18 ways on 3 images")
        yield Trying(5, 54)
        while not cancelled():
            stopped.wait(0.01)
        stopped.set()

    class Here(App[None]):
        def on_mount(self) -> None:
            self.push_screen(ProbeScreen(Prober(try_out, lambda ranking: tmp_path, tmp_path)))

    app = Here()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot, ProbeScreen)
        bar = screen.query_one("ProgressBar")
        await until(pilot, lambda: bar.progress == 5)
        assert bar.total == 54
        assert shown(screen, "#probe-stage") == "Trying 18 ways on 3 images"
        await pilot.press("w")  # nothing to write yet
        await pilot.press("escape")
        await until(pilot, stopped.is_set)


async def test_a_model_that_cannot_be_tried_says_why(tmp_path):
    inputs = inputs_of(tmp_path)
    model = particular_model(tmp_path / "sure.onnx", metadata=True)

    class Here(App[None]):
        def on_mount(self) -> None:
            self.push_screen(ProbeScreen(prober_of(Inputs(**{**vars(inputs), "model": model}))))

    app = Here()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot, ProbeScreen)
        await until(pilot, lambda: "could not be tried" in shown(screen, "#probe-stage"))
        assert "says itself, or in its card, how it is fed" in shown(screen, "#probe-stage")
        assert not screen.check_action("write", ())
