"""The feed is of the cell that is chosen in the matrix, and both say which that is."""

import pytest

from engine.core.outcomes import Selection
from tests.making import NAMES
from tests.opening import BOLT, NUT
from tests.tui.waiting import settled
from tests.tui.walking import SIZE, app_of, cell, words
from tui.controls.slider import Slider
from tui.grids.grid import MatrixGrid
from tui.pictures.feed import Feed


def feed_words(screen) -> str:
    return screen.query_one(Feed).view.title_words


async def press(pilot, *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_the_feed_follows_the_cell_wherever_the_cursor_went():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await press(pilot, "enter")
        assert feed_words(screen) == "Ground truth: bolt · Predicted: bolt"
        await press(pilot, "1", "right", "4")
        assert feed_words(screen) == "Ground truth: bolt · Predicted: nut"
        assert screen.assessed.wish.selection == Selection(BOLT, NUT) == cell(screen)
        assert screen.query_one(Feed).view.total == 2
        await press(pilot, "1")
        assert words(screen, "#cell-words").startswith("bolt seen as nut: 2 boxes in 2 images")


async def test_nothing_was_opened_yet_and_the_feed_is_of_the_cell_all_the_same():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await press(pilot, "4")
        assert feed_words(screen) == "Ground truth: bolt · Predicted: bolt"


async def test_a_key_right_after_the_step_finds_the_new_cell():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key in ("right", "4"):
            pilot.app.simulate_key(key)
        await settled(pilot)
        assert feed_words(screen) == "Ground truth: bolt · Predicted: nut"


@pytest.mark.slow
async def test_a_row_a_column_and_everything_stay_chosen_until_the_cursor_moves():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key, selection, told in (
            ("r", Selection(truth=BOLT), "Ground truth: bolt · Predicted: any class"),
            ("c", Selection(predicted=BOLT), "Ground truth: any class · Predicted: bolt"),
            ("a", Selection(), "Ground truth: any class · Predicted: any class"),
        ):
            await press(pilot, key)
            total = screen.query_one(Feed).view.total
            await press(pilot, "1")
            things = "1 box" if total == 1 else f"{total} boxes"
            assert words(screen, "#cell-words") == f"{told} · {things}"
            await press(pilot, "3", "4")
            assert screen.assessed.wish.selection == selection
            assert feed_words(screen) == told
            await press(pilot, "1")
        await press(pilot, "down", "up")
        assert words(screen, "#cell-words").startswith("bolt found")
        await press(pilot, "4")
        assert feed_words(screen) == "Ground truth: bolt · Predicted: bolt"


async def test_a_row_of_the_metrics_is_chosen_in_the_matrix_too():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await press(pilot, "2", "down", "enter")
        told = feed_words(screen)
        name = told.removeprefix("Ground truth: ").removesuffix(" · Predicted: any class")
        await press(pilot, "1")
        assert words(screen, "#cell-words").startswith(told)
        assert NAMES[screen.query_one(MatrixGrid).truth] == name


async def test_the_feed_of_the_same_cell_keeps_its_place():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await press(pilot, "n", "enter", "right")
        await press(pilot, "1", "4")
        assert screen.query_one(Feed).selected == 1


async def test_escape_leaves_a_slider_for_the_matrix_and_a_digit_opens_a_tab_again():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await press(pilot, "tab")
        assert isinstance(screen.focused, Slider)
        await press(pilot, "full_stop", "3", "escape")
        assert isinstance(screen.focused, Slider), "only the number that was begun is given up"
        await press(pilot, "escape")
        assert screen.focused is screen.query_one(MatrixGrid)
        await press(pilot, "3")
        assert screen.current == "curves"
