"""A dataset is shown as it was left."""

from dataclasses import fields

import pytest

from engine.core.thresholds import OperatingPoint
from tests.opening import INPUTS, confused, opened, opener_of
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE
from tui.app import OffdiagApp
from tui.application.view_state import Point, read_view_state, state_file
from tui.feed.tab import FeedTab


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def app(**changes):
    return OffdiagApp(opener_of(opened(confused(), **changes)), keeps_views=True)


async def restored(pilot):
    await settled(pilot)
    await until(pilot, lambda: pilot.app.view_keeper.shown is not None)
    return await settled(pilot)


@pytest.mark.slow
async def test_tab_sliders_order_and_theme_come_back():
    first = app()
    async with first.run_test(size=SIZE) as pilot:
        screen = await restored(pilot)
        started = screen.wish.point
        await pilot.press("right_square_bracket", "right_square_bracket", "greater_than_sign", "t")
        await pilot.press("a")
        await settled(pilot)
        await pilot.press("o")
        await settled(pilot)
        left, order = screen.wish.point, screen.query_one(FeedTab).order
        assert left != started
    first.keep()
    second = app()
    async with second.run_test(size=SIZE) as pilot:
        screen = await restored(pilot)
        assert screen.current == "feed"
        assert screen.wish.point == left
        assert screen.assessed.wish.point == left
        assert screen.query_one(FeedTab).order == order == screen.wish.order
        assert second.theme == first.theme == "textual-light"
        await pilot.press("1", "0")
        assert screen.assessed.at_optimum


@pytest.mark.slow
async def test_another_starting_point_keeps_the_tab_and_leaves_the_sliders_alone():
    first = app()
    async with first.run_test(size=SIZE) as pilot:
        await restored(pilot)
        await pilot.press("right_square_bracket", "2")
    first.keep()
    second = app(inputs=INPUTS.__class__(INPUTS.data, INPUTS.model, matching="iou"))
    async with second.run_test(size=SIZE) as pilot:
        screen = await restored(pilot)
        assert screen.current == "metrics"
        assert screen.assessed.at_optimum
        assert screen.wish.point.matching == "iou"


@pytest.mark.parametrize("content", [b"", b"{", b'{"data": 3}', b"\xff\x00", b"[]"])
@pytest.mark.slow
async def test_a_state_file_that_is_broken_is_said_and_ignored(content):
    path = state_file(INPUTS.data)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    async with app().run_test(size=SIZE) as pilot:
        screen = await restored(pilot)
        assert screen.current == "matrix"
        await until(pilot, lambda: len(pilot.app._notifications) > 0)
        assert any(str(path) in note.message for note in pilot.app._notifications)
    pilot.app.keep()
    assert read_view_state(INPUTS.data)[0] is not None  # and is whole again


async def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    async with app().run_test(size=SIZE) as pilot:
        await restored(pilot)
    pilot.app.keep()


async def test_who_does_not_want_to_be_remembered_is_not(tmp_path):
    quiet = OffdiagApp(opener_of(opened(confused())))
    async with quiet.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("2")
    quiet.keep()
    assert not list(tmp_path.rglob("*.json"))


def test_an_operating_point_has_no_field_that_is_forgotten():
    assert {field.name for field in fields(OperatingPoint)} == set(Point.__struct_fields__)
