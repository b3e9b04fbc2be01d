"""The main flow, driven by keys: matrix, sliders, feed, detail, and back to the same cell."""

import time
from pathlib import Path

import numpy as np
import pytest

from engine.core.arrays import NOTHING
from engine.core.dataset import DetectionDataset, GroundTruths, Images, Predictions
from engine.core.errors import DataError
from engine.core.outcomes import Selection
from engine.detection.detection import Detection
from engine.opening import Stage, opening
from engine.scoring.run.runner import Progress
from tests.opening import BOLT, NUT
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of, cell, words
from tui.app import OffdiagApp
from tui.application.commands import commands_here
from tui.assess.loading import LoadingScreen
from tui.commands.plain import demo_inputs
from tui.controls.help import HelpScreen
from tui.controls.slider import Slider
from tui.controls.too_small import TooSmall
from tui.grids.grid import MatrixGrid
from tui.image.detail import DetailScreen
from tui.pictures.feed import Feed


async def test_it_starts_at_the_optimum_and_says_so():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        best = screen.assessed.best
        assert screen.query_one("#confidence", Slider).value == best.confidence
        assert screen.query_one("#confidence", Slider).at_optimum
        assert screen.query_one(MatrixGrid).has_focus
        assert "IoU .50" in words(screen, "#summary")


@pytest.mark.slow
async def test_a_cell_leads_to_its_boxes_and_back_to_itself():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("full_stop", "0", "full_stop", "5", "enter")
        await settled(pilot)
        await pilot.press("n")
        assert cell(screen) == Selection(BOLT, NUT)
        assert words(screen, "#cell-words").startswith("bolt seen as nut: 3 boxes")
        await pilot.press("enter")
        await settled(pilot)
        feed = screen.query_one(Feed)
        assert feed.has_focus
        assert (feed.view.total, feed.view.amount) == (3, "3 boxes in 3 images")
        assert [item.image for item in feed.view.items] == [0, 1, 2]
        assert all((item.truth, item.predicted) == ("bolt", "nut") for item in feed.view.items)
        await pilot.press("right", "enter")
        detail = await settled(pilot, DetailScreen)
        assert detail.view.name == "000001.jpg"
        focused = detail.view.rows[detail.view.focus]
        assert (focused.tag, focused.class_, focused.partner_class) == ("FP", NUT, BOLT)
        await pilot.press("right")
        assert detail.view.name == "000002.jpg"
        await pilot.press("escape")
        await settled(pilot)
        assert feed.selected == 2
        await pilot.press("escape")
        await settled(pilot)
        assert screen.query_one(MatrixGrid).has_focus
        assert cell(screen) == Selection(BOLT, NUT)


@pytest.mark.slow
async def test_a_row_a_column_and_everything_open_too():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key, selection in (
            ("r", Selection(truth=BOLT)),
            ("c", Selection(predicted=BOLT)),
            ("a", Selection()),
        ):
            await pilot.press(key)
            await settled(pilot)
            assert screen.assessed.wish.selection == selection
            expected = screen.assessed.evaluation.outcomes(screen.wish.point.confidence)
            assert len(screen.assessed.rows) == len(expected.select(selection))
            await pilot.press("escape")
            await settled(pilot)


async def test_the_sliders_move_everything_at_once():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("full_stop", "full_stop", "8", "5", "enter")
        await settled(pilot)
        assert screen.assessed.wish.point.confidence == 0.85
        matrix = screen.query_one(MatrixGrid).view.matrix
        assert np.array_equal(matrix.counts, screen.desk.detection.at_iou(0.5).matrix(0.85).counts)
        assert matrix.counts[BOLT, NUT] == 1
        assert "confidence .850" in words(screen, "#summary")
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert screen.assessed.wish.point.confidence == pytest.approx(0.84)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert screen.assessed.wish.point.iou == pytest.approx(0.55)
        await pilot.press("0")
        await settled(pilot)
        point = screen.assessed.wish.point
        assert point.confidence == screen.assessed.best.confidence
        assert point.iou == pytest.approx(0.55)


async def test_iou_reaches_down_to_a_tenth_and_no_further():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for _ in range(12):
            await pilot.press("less_than_sign")
        await settled(pilot)
        assert screen.assessed.wish.point.iou == pytest.approx(0.1)


async def test_the_newest_of_many_wishes_is_the_one_on_the_screen():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for value in np.linspace(0.1, 0.9, 60):
            screen.want_point(confidence=float(value))
        await settled(pilot)
        assert screen.assessed.wish == screen.wish
        assert screen.assessed.wish.point.confidence == 0.9


async def test_a_slider_moved_in_the_detail_changes_the_boxes_and_keeps_the_image():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("n", "enter")
        await settled(pilot)
        await pilot.press("enter")
        detail = await settled(pilot, DetailScreen)
        before = [row.tag for row in detail.view.rows]
        name = detail.view.name
        await pilot.press(*["right_curly_bracket"] * 14)
        await until(pilot, lambda: [row.tag for row in detail.view.rows] != before)
        await until(pilot, lambda: not screen.recompute.working)
        assert detail.view.name == name
        assert detail.view.confidence == screen.assessed.wish.point.confidence


async def test_not_detected_objects_have_a_feed_of_their_own():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("down", "end", "enter")
        await settled(pilot)
        assert screen.assessed.wish.selection == Selection(NUT, NOTHING)
        feed = screen.query_one(Feed)
        assert feed.view.total == 3
        assert all(item.predicted is None and item.truth == "nut" for item in feed.view.items)


async def test_the_feed_is_ordered_by_confidence_or_iou_both_ways():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("n", "enter")
        await settled(pilot)
        feed = screen.query_one(Feed)
        for key, name, expected in (
            ("d", "confidence", sorted),
            ("o", "iou", sorted),
            ("d", "iou", lambda values: sorted(values, reverse=True)),
        ):
            await pilot.press(key)
            await settled(pilot)
            values = [getattr(item, name) for item in feed.view.items]
            assert values == expected(values)


@pytest.mark.slow
async def test_help_lists_the_keys_of_the_focused_pane_and_finds_them():
    async with app_of().run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        shown = await settled(pilot, HelpScreen)
        panes = {line.pane for line in shown.lines}
        assert {"Matrix", "Everywhere"} <= panes
        told = {line.does: line.keys for line in shown.lines}
        assert (
            told["Go to the next largest confusion of two classes, or to the one before"] == "n N"
        )
        await pilot.press("escape")
        await settled(pilot)


async def test_a_command_of_the_palette_does_what_its_key_does():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        commands = {each.does: each for each in commands_here(screen)}
        commands["Go to the next largest confusion of two classes"].run()
        await settled(pilot)
        assert cell(screen) == Selection(BOLT, NUT)


async def test_a_wrong_input_ends_the_app_with_a_sentence():
    def opener(cancelled):
        yield Stage("Reading truth.json")
        raise DataError(Path("truth.json"), "this is not JSON")

    app = OffdiagApp(opener)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 2


async def test_scoring_shows_how_far_it_is_and_can_be_stopped():
    seen = []

    def opener(cancelled):
        yield Progress(50, 200, 1, 25.0, 6.0, 10)
        while not cancelled():
            time.sleep(0.001)
        seen.append("stopped")

    app = OffdiagApp(opener)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, LoadingScreen)
        words = app.screen.query_one("#loading-words")
        expected = (
            "50 of 200 images · 25/s · 0:06 left · 1 could not be scored · 10 known from before"
        )
        await until(pilot, lambda: str(words.render()) == expected)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: seen == ["stopped"])
    assert seen == ["stopped"]
    assert app.return_code == 130


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (60, 16), (200, 60)])
async def test_every_size_walks_the_flow(size):
    async with app_of().run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("n", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot, DetailScreen)
        await pilot.press("tab", "z", "b", "escape")
        await settled(pilot)


async def test_below_the_smallest_size_it_says_what_it_needs():
    async with app_of().run_test(size=(50, 12)) as pilot:
        screen = await settled(pilot)
        notice = screen.query_one(TooSmall)
        assert notice.display
        assert str(notice.render()) == "offdiag needs 60x16, this is 50x12"
        await pilot.resize_terminal(*SIZE)
        await pilot.pause()
        assert not notice.display


@pytest.mark.slow
async def test_no_ground_truth_at_all_still_shows_a_matrix():
    empty = np.zeros(0, np.intp)
    truths = GroundTruths(empty, empty, np.zeros((0, 4)), np.zeros(0), np.zeros(0, np.bool_))
    dataset = DetectionDataset(
        Path("t.json"), ("a",), Images(("a.jpg",), (None,), np.zeros((1, 2), np.intp)), truths
    )
    async with app_of(Detection(dataset, Predictions.none())).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert screen.assessed.matrix.counts.sum() == 0
        assert "P \N{EN DASH}" in words(screen, "#summary")
        await pilot.press("enter")
        await settled(pilot)
        assert screen.query_one(Feed).view.total == 0


async def test_warnings_and_failures_stand_in_the_run_tab():
    app = app_of(warnings=("3 predictions left out",), failures=(("a.jpg", "truncated"),))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("6")
        assert screen.query_one("#run").display
        await until(pilot, lambda: "a.jpg:&#160;truncated" in app.export_screenshot())


@pytest.mark.slow
async def test_the_demo_walks_from_its_model_to_a_confusion(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    app = OffdiagApp(lambda cancelled: opening(demo_inputs(), cancelled))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert screen.assessed.card.f1 > 0.6
        await pilot.press("n", "enter")
        await settled(pilot)
        assert screen.query_one(Feed).view.total > 1
