"""The tab without a second side: it asks for one, opens it, and says why where it cannot."""

from pathlib import Path

import pytest

from engine.opening import opening
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.commands.plain import demo_inputs
from tui.compare.invitation import Invitation
from tui.compare.tab import CompareTab
from tui.controls.path_ask import PathAsk


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    inputs = demo_inputs()
    return lambda cancelled: opening(inputs, cancelled)


def words(tab: CompareTab) -> str:
    return " ".join(tab.query_one(Invitation).words)


@pytest.mark.slow
async def test_7_asks_for_the_other_model_opens_it_and_goes_on_to_the_numbers(demo):
    async with OffdiagApp(demo).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("7")
        await pilot.pause()
        ask = pilot.app.screen
        assert isinstance(ask, PathAsk)
        ask.box.field.value = str(demo_inputs().model.with_name("model_int8.onnx"))
        await pilot.press("enter")
        tab = screen.query_one(CompareTab)
        await until(pilot, lambda: tab.session.numbers is not None)
        assert "B model_int8.onnx" in tab.query_one("#compare-points").plain
        assert not tab.query_one(Invitation).display
        await until(pilot, lambda: tab.pane.totals.has_focus)


async def test_a_path_with_nothing_there_is_refused_before_it_is_opened(demo):
    async with OffdiagApp(demo).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("7")
        await pilot.pause()
        ask = pilot.app.screen
        ask.box.field.value = "nowhere.onnx"
        await pilot.press("enter")
        assert pilot.app.screen is ask
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert "enter names the other one" in words(screen.query_one(CompareTab))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PathAsk)


@pytest.mark.slow
async def test_what_cannot_be_compared_is_said_in_a_sentence(demo, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    async with OffdiagApp(demo).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("7")
        await pilot.pause()
        pilot.app.screen.box.field.value = str(bad)
        await pilot.press("enter")
        tab = screen.query_one(CompareTab)
        await until(pilot, lambda: tab.query_one(Invitation).problem)
        assert "bad.json" in words(tab)
        assert tab.session.sides is None


@pytest.mark.slow
async def test_escape_stops_the_opening(demo):
    async with OffdiagApp(demo).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        tab = screen.query_one(CompareTab)
        stopped = []

        def slow(path: Path, beside: object) -> object:
            class Opening:
                def cancel(self) -> None:
                    stopped.append(path)

            return Opening()

        tab.open_beside = slow  # type: ignore[method-assign]
        await pilot.press("7")
        await pilot.pause()
        pilot.app.screen.box.field.value = str(demo_inputs().model)
        await pilot.press("enter")
        await pilot.pause()
        assert "Opening model.onnx" in words(tab)
        await pilot.press("escape")
        await pilot.pause()
        assert len(stopped) == 1
        assert "enter names the other one" in words(tab)
        assert screen.current == "compare"


@pytest.mark.slow
async def test_the_same_model_beside_itself_is_said_to_be_the_same(demo):
    async with OffdiagApp(demo).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("7")
        await pilot.pause()
        pilot.app.screen.box.field.value = str(demo_inputs().model)
        await pilot.press("enter")
        tab = screen.query_one(CompareTab)
        await until(pilot, lambda: tab.session.numbers is not None)
        assert "nothing differs" in tab.query_one("#compare-notices").plain
