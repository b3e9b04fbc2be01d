"""The main flow, driven by keys: matrix, sliders, feed, detail, and back to the same cell."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from textual.widgets import Input

from engine.arrays import NOTHING
from engine.dataset import DetectionDataset, GroundTruths, Images, Predictions
from engine.errors import DataError
from engine.goals import class_optima, with_class_thresholds
from engine.kinds.detection import Detection
from engine.opening import Stage, opening
from engine.outcomes import Selection
from engine.scoring.runner import Progress
from tests.opening import BOLT, NUT, confused, opened, opener_of
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.plain import demo_inputs
from tui.screens.curves_tab import CurvesTab
from tui.screens.detail import DetailScreen
from tui.screens.help import HelpScreen
from tui.screens.loading import LoadingScreen
from tui.screens.metrics_tab import MetricsTab
from tui.widgets.feed import Feed
from tui.widgets.lines import Lines
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.path_box import PathBox
from tui.widgets.slider import Slider
from tui.widgets.too_small import TooSmall

SIZE = (120, 40)


def app_of(detection=None, **changes):
    return OffdiagApp(opener_of(opened(detection or confused(), **changes)))


def cell(screen):
    return screen.query_one(MatrixGrid).selection


def words(screen, name):
    return screen.query_one(name, Lines).plain


async def test_it_starts_at_the_optimum_and_says_so():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        best = screen.assessed.best
        assert screen.query_one("#confidence", Slider).value == best.confidence
        assert screen.query_one("#confidence", Slider).at_optimum
        assert screen.query_one(MatrixGrid).has_focus
        assert "IoU .50" in words(screen, "#summary")


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
        assert (feed.view.total_boxes, feed.view.total_images) == (3, 3)
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
        assert np.array_equal(matrix.counts, screen.detection.at_iou(0.5).matrix(0.85).counts)
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
        for _ in range(200):
            await pilot.pause(0.01)
            if not screen.working:
                break
        assert detail.view.name == name
        assert [row.tag for row in detail.view.rows] != before
        assert detail.view.confidence == screen.assessed.wish.point.confidence


async def test_not_detected_objects_have_a_feed_of_their_own():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("down", "end", "enter")
        await settled(pilot)
        assert screen.assessed.wish.selection == Selection(NUT, NOTHING)
        feed = screen.query_one(Feed)
        assert feed.view.total_boxes == 3
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


async def test_help_lists_the_keys_of_the_focused_pane_and_finds_them():
    async with app_of().run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        shown = await settled(pilot, HelpScreen)
        panes = {key.pane for key in shown.keys}
        assert {"Matrix", "Everywhere"} <= panes
        assert any(key.does == "Next largest confusion" and key.keys == "n" for key in shown.keys)
        await pilot.press("escape")
        await settled(pilot)


async def test_a_command_of_the_palette_does_what_its_key_does():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        commands = {c.title: c for c in pilot.app.get_system_commands(screen)}
        commands["Next largest confusion"].callback()
        await settled(pilot)
        assert cell(screen) == Selection(BOLT, NUT)


async def test_a_wrong_input_ends_the_app_with_a_sentence():
    def opener(cancelled):
        yield Stage("Reading truth.json")
        raise DataError(Path("truth.json"), "this is not JSON")

    app = OffdiagApp(opener)
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(200):
            await pilot.pause(0.01)
            if app.return_code is not None:
                break
    assert app.return_code == 2


async def test_scoring_shows_how_far_it_is_and_can_be_stopped():
    seen = []

    def opener(cancelled):
        yield Progress(50, 200, 1, 25.0, 6.0, 10)
        while not cancelled():
            pass
        seen.append("stopped")

    app = OffdiagApp(opener)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot, LoadingScreen)
        await pilot.pause(0.1)
        line = str(app.screen.query_one("#loading-words").render())
        assert line == (
            "50 of 200 images · 25/s · 0:06 left · 1 could not be scored · 10 known from before"
        )
        await pilot.press("escape")
        await pilot.pause(0.2)
    assert seen == ["stopped"]
    assert app.return_code == 130


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
        assert screen.query_one(Feed).view.total_boxes == 0


async def test_warnings_and_failures_stand_in_the_third_tab():
    app = app_of(warnings=("3 predictions left out",), failures=(("a.jpg", "truncated"),))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        assert screen.query_one("#run").display
        assert "a.jpg: truncated" in app.export_screenshot().replace("&#160;", " ")


async def test_the_demo_walks_from_its_model_to_a_confusion(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    app = OffdiagApp(lambda cancelled: opening(demo_inputs(), cancelled))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert screen.assessed.card.f1 > 0.6
        await pilot.press("n", "enter")
        await settled(pilot)
        assert screen.query_one(Feed).view.total_boxes > 1


async def test_another_matching_rule_is_a_key_away_and_says_what_it_changes():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("full_stop", "full_stop", "2", "enter")
        await settled(pilot)
        before = screen.assessed.matrix.counts
        assert before[BOLT, BOLT] == 1
        await pilot.press("R")
        await settled(pilot)
        assert screen.assessed.wish.point.matching == "agnostic"
        assert screen.assessed.matrix.counts[BOLT, BOLT] == 0
        changed = int((screen.assessed.matrix.counts != before).sum())
        said = [note.message for note in pilot.app._notifications]
        assert f"Matching agnostic: {changed} cells of the matrix differ from class-first." in said
        assert "agnostic" in words(screen, "#summary")


async def test_help_begins_with_how_the_number_in_focus_came_to_be():
    async with app_of().run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("full_stop", "full_stop", "5", "enter")
        await settled(pilot)
        await pilot.press("n", "question_mark")
        shown = await settled(pilot, HelpScreen)
        assert shown.about.title == "bolt → nut"
        assert shown.about.filled == "3 / 3 = 100.0 %, 3 / 3 = 100.0 %"
        assert "IoU ≥ .50, confidence ≥ .500" in shown.about.made_at


async def test_the_metrics_follow_the_sliders_and_lead_to_matrix_curve_and_images():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        tab = screen.query_one(MetricsTab)
        await until(pilot, lambda: tab.metrics is not None)
        assert tab.metrics.true_positives[-1] == screen.assessed.card.true_positives
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: tab.metrics.point == screen.wish.point)
        await until(pilot, lambda: tab.pane.view.intervals is not None)
        await pilot.press("down", "m")
        assert cell(screen) == Selection(BOLT, BOLT)
        await pilot.press("2", "c")
        curves = screen.query_one(CurvesTab)
        await until(pilot, lambda: len(curves.pane.view.curves) == 2)
        assert [named.name for named in curves.pane.view.curves] == ["all classes", "bolt"]
        await pilot.press("2", "enter")
        await settled(pilot)
        assert screen.assessed.wish.selection == Selection(truth=BOLT)


async def test_a_point_of_the_curve_becomes_the_threshold():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        curves = screen.query_one(CurvesTab)
        await until(pilot, lambda: len(curves.pane.view.curves) == 1)
        await pilot.press("home", "enter")
        await settled(pilot)
        assert screen.assessed.wish.point.confidence == 0.95
        await until(pilot, lambda: curves.pane.view.point.confidence == 0.95)
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: curves.pane.view.point.iou > 0.5)


async def test_another_goal_moves_what_optimal_means_and_not_the_threshold():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        before = screen.assessed.wish.point
        await pilot.press("asterisk", "asterisk", "asterisk")
        await settled(pilot)
        assert screen.assessed.best.goal.kind == "precision"
        assert screen.assessed.wish.point == before
        await pilot.press("0")
        await settled(pilot)
        assert screen.assessed.wish.point.confidence == screen.assessed.best.confidence == 0.95


@pytest.mark.parametrize("ending", ["csv", "svg", "png"])
async def test_curves_and_metrics_are_exported_to_a_path_that_is_typed(tmp_path, ending):
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        curves = screen.query_one(CurvesTab)
        await until(pilot, lambda: len(curves.pane.view.curves) == 1)
        await pilot.press("e")
        await settled(pilot, PathBox)
        pilot.app.screen.query_one(Input).value = str(tmp_path / f"curves.{ending}")
        await pilot.press("enter")
        await settled(pilot)
        content = (tmp_path / f"curves.{ending}").read_bytes()
    start = {"csv": b"curve,confidence,", "svg": b"<svg ", "png": b"\x89PNG"}[ending]
    assert content.startswith(start)


async def test_each_class_can_have_its_own_threshold_and_the_matrix_shows_it(monkeypatch):
    made = confused()
    monkeypatch.setattr("tui.screens.assessed.class_optima", partial(class_optima, least_objects=1))
    async with app_of(made).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        before = screen.assessed
        await pilot.press("P")
        await settled(pilot)
        after = screen.assessed
        expected = class_optima(before.evaluation, before.wish.goal, 0.0, least_objects=1)
        shown = with_class_thresholds(made, expected.confidence).at_iou(0.5).matrix(-np.inf)
        assert np.array_equal(screen.query_one(MatrixGrid).view.matrix.counts, shown.counts)
        assert after.wish.point.per_class
        assert "confidence of each class" in words(screen, "#summary")
        await pilot.press("a")
        await settled(pilot)
        boxes = [item.box for item in screen.query_one(Feed).view.items if item.box]
        assert len(boxes) == shown.predictions.sum()
        await pilot.press("P")
        await settled(pilot)
        assert np.array_equal(screen.assessed.matrix.counts, before.matrix.counts)


async def test_the_ious_a_step_away_are_matched_in_advance():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await until(pilot, lambda: len(screen.prepared) == 2)
        assert sorted(iou for iou, _ in screen.prepared) == pytest.approx([0.45, 0.55])
        ready = dict(screen.prepared)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert screen.assessed.evaluation is ready[screen.wish.point.iou, "class-first"]
