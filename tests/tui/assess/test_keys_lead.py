"""Keys that lead somewhere: back to where one was, on from a slider, to how a number came."""

import pytest

from tests.opening import GEAR, NUT, opened, opener_of
from tests.tui.classifying import sorter
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of, cell
from tui.app import OffdiagApp
from tui.controls.explain_box import ExplainBox
from tui.controls.help import HelpScreen
from tui.controls.slider import Slider
from tui.curves.pane import CurvesPane
from tui.grids.grid import MatrixGrid
from tui.image.detail import DetailScreen

SIZE = (80, 24)


@pytest.mark.parametrize(
    ("there", "keys"),
    [
        ("matrix", ("n", "enter")),
        ("metrics", ("2", "down", "enter")),
        ("metrics", ("2", "4")),
        ("curves", ("3", "E")),
        ("run", ("6", "4")),
    ],
)
async def test_escape_leads_from_the_feed_to_the_tab_it_was_opened_in_and_then_to_the_matrix(
    there, keys
):
    suspects = there == "curves"  # only a classifier has them
    app = OffdiagApp(opener_of(opened(sorter()))) if suspects else app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        assert screen.current == "feed"
        await pilot.press("escape")
        await settled(pilot)
        assert screen.current == there
        await pilot.press("escape")
        await settled(pilot)
        assert screen.current == "matrix"


@pytest.mark.slow
async def test_an_image_that_was_opened_in_the_feed_leads_back_step_by_step():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("2", "down", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot, DetailScreen)
        places = []
        for _ in range(3):
            await pilot.press("escape")
            await settled(pilot)
            places.append(screen.current)
        assert places == ["feed", "metrics", "matrix"]


async def test_a_digit_on_a_slider_leads_to_a_tab_and_0_back_to_the_optimum():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        slider = screen.query_one("#confidence", Slider).focus()
        await pilot.press("right")
        await settled(pilot)
        assert not slider.at_optimum
        await pilot.press("0")
        await settled(pilot)
        assert slider.at_optimum
        await pilot.press("3")
        await settled(pilot)
        assert screen.current == "curves"
        slider.focus()
        await pilot.press("enter", "3", "enter")  # while a number is typed they are its digits
        assert screen.current == "curves"
        assert slider.entry is not None  # 3 is no confidence


async def test_o_walks_what_was_not_detected_and_false_alarms_and_n_two_classes():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("o")
        first = cell(screen)
        assert (first.truth, first.predicted) == (NUT, -1)
        counts = screen.assessed.matrix.counts
        ends = int((counts[-1] > 0).sum() + (counts[:, -1] > 0).sum())
        seen = [first]
        for _ in range(ends - 1):
            await pilot.press("o")
            seen.append(cell(screen))
        assert (-1, GEAR) in [(each.truth, each.predicted) for each in seen]
        walked = [int(counts[each.truth, each.predicted]) for each in seen]
        assert walked == sorted(walked, reverse=True)
        assert len(set(seen)) == ends
        await pilot.press("o")
        assert cell(screen) == first
        await pilot.press("O")
        assert cell(screen) == seen[-1]
        await pilot.press("n")
        assert -1 not in (cell(screen).truth, cell(screen).predicted)


@pytest.mark.slow
async def test_help_says_what_n_and_o_walk_and_a_classifier_has_no_o():
    for app, has in ((app_of(), True), (OffdiagApp(opener_of(opened(sorter()))), False)):
        async with app.run_test(size=(120, 40)) as pilot:
            screen = await settled(pilot)
            await pilot.press("question_mark")
            help_ = await settled(pilot, HelpScreen)
            told = {line.does for line in help_.lines}
            assert "Go to the next largest confusion of two classes, or to the one before" in told
            assert any("objects not detected or false alarms" in line for line in told) == has
            await pilot.press("escape")
            await settled(pilot)
            before = screen.query_one(MatrixGrid).place
            await pilot.press("o")
            assert (screen.query_one(MatrixGrid).place != before) == has


@pytest.mark.parametrize("make", [app_of, lambda: OffdiagApp(opener_of(opened(sorter())))])
async def test_x_explains_the_point_of_a_curve_and_the_cell_of_the_matrix(make):
    app = make()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("x")
        box = await settled(pilot, ExplainBox)
        assert "\N{RIGHTWARDS ARROW}" in box.explanation.title
        await pilot.press("escape", "3")
        await settled(pilot)
        await until(pilot, lambda: bool(screen.query_one(CurvesPane).view.curves))
        await until(pilot, lambda: screen.explanation is not None)
        await pilot.press("x")
        box = await settled(pilot, ExplainBox)
        assert "confidence" in box.explanation.title
        assert "F1 = " in box.explanation.filled
        await pilot.press("escape", "asterisk", "asterisk")
        await settled(pilot)
        await until(pilot, lambda: screen.query_one(CurvesPane).view.goal.words == "F2")
        await pilot.press("x")
        box = await settled(pilot, ExplainBox)
        assert "F1 = " in box.explanation.filled
        assert "F2 = " in box.explanation.filled
        await pilot.press("escape", "6", "x")
        await settled(pilot)  # where there is no number, there is no box


async def test_the_mark_on_a_classifiers_curve_is_the_best_of_the_goal_that_is_chosen():
    app = OffdiagApp(opener_of(opened(sorter())))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        pane = screen.query_one(CurvesPane)
        await until(pilot, lambda: bool(pane.view.curves))
        curve = pane.view.curves[0].curve
        best = {}
        for _ in range(4):
            goal = screen.wish.goal
            await until(pilot, lambda goal=goal: pane.view.goal == goal)
            values = goal.values(curve, 7)
            best[goal.words] = pane.view.optimum
            assert pane.view.optimum == curve.confidence[int(values.argmax())]
            assert f"best {goal.words} " in pane.view.marks
            await pilot.press("asterisk")
            await settled(pilot)
        assert best["precision"] != best["F1"]
