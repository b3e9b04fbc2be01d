"""Rules, goals, metrics and curves, driven by keys."""

from functools import partial

import numpy as np
import pytest
from textual.widgets import Input

from engine.core.goals import optimum
from engine.core.outcomes import Selection
from engine.detection.class_thresholds import class_optima, with_class_thresholds
from tests.opening import BOLT, confused
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of, cell, words
from tui.controls.help import HelpScreen
from tui.controls.path_box import PathBox
from tui.curves.detector_tab import DetectorCurvesTab
from tui.grids.grid import MatrixGrid
from tui.metrics.detector_tab import DetectorMetricsTab
from tui.pictures.feed import Feed


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
        tab = screen.query_one(DetectorMetricsTab)
        await until(pilot, lambda: tab.metrics is not None)
        assert tab.metrics.true_positives[-1] == screen.assessed.card.true_positives
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: tab.metrics.point == screen.wish.point)
        await until(pilot, lambda: tab.pane.view.intervals is not None)
        await pilot.press("down", "m")
        assert cell(screen) == Selection(BOLT, BOLT)
        await pilot.press("2", "c")
        curves = screen.query_one(DetectorCurvesTab)
        await until(pilot, lambda: len(curves.pane.view.curves) == 2)
        assert [named.name for named in curves.pane.view.curves] == ["all classes", "bolt"]
        await pilot.press("2", "enter")
        await settled(pilot)
        assert screen.assessed.wish.selection == Selection(truth=BOLT)


async def test_a_point_of_the_curve_becomes_the_threshold():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        curves = screen.query_one(DetectorCurvesTab)
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


async def test_the_curves_know_the_goal_whether_it_is_turned_before_or_beside_them():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        curves = screen.query_one(DetectorCurvesTab)
        await pilot.press("asterisk", "3")
        await until(pilot, lambda: curves.pane.view.curves)
        assert curves.pane.view.goal.kind == "f0.5"
        await pilot.press("asterisk")
        await until(pilot, lambda: curves.pane.view.goal.kind == "f2")
        assert curves.pane.view.optimum == screen.assessed.best.confidence
        await pilot.press("left", "left")
        assert "  F2 " in curves.pane.reading(78)


@pytest.mark.parametrize("ending", ["csv", "svg", "png"])
async def test_curves_and_metrics_are_exported_to_a_path_that_is_typed(tmp_path, ending):
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        curves = screen.query_one(DetectorCurvesTab)
        await until(pilot, lambda: len(curves.pane.view.curves) == 1)
        await pilot.press("e")
        await settled(pilot, PathBox)
        pilot.app.screen.query_one(Input).value = str(tmp_path / f"curves.{ending}")
        await pilot.press("enter")
        await until(pilot, (tmp_path / f"curves.{ending}").exists)
        content = (tmp_path / f"curves.{ending}").read_bytes()
    start = {"csv": b"curve,confidence,", "svg": b"<svg ", "png": b"\x89PNG"}[ending]
    assert content.startswith(start)


async def test_each_class_can_have_its_own_threshold_and_the_matrix_shows_it(monkeypatch):
    made = confused()
    monkeypatch.setattr("tui.desk.detected.class_optima", partial(class_optima, least_objects=1))
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


async def test_the_ious_that_the_slider_reaches_are_matched_in_advance():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await until(pilot, lambda: len(screen.recompute.prepared) == 19)
        steps = [step / 20 for step in range(2, 21)]
        assert sorted(iou for iou, *_ in screen.recompute.prepared) == pytest.approx(steps)
        ready = dict(screen.recompute.prepared)
        screen.action_iou(0.05)
        assert not screen.recompute.working  # a look-up
        at = ready[screen.wish.point.iou, "class-first", screen.wish.goal]
        assert screen.assessed.evaluation is at.evaluation
        assert screen.assessed.best == optimum(at.evaluation, screen.wish.goal, 1)


async def test_help_explains_the_point_of_the_curve_and_confidences_come_when_they_are_seen():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        curves = screen.query_one(DetectorCurvesTab)
        await until(pilot, lambda: len(curves.pane.view.curves) == 1)
        assert curves.pane.view.reliability is None
        await pilot.press("v")
        await until(pilot, lambda: curves.pane.view.reliability is not None)
        await pilot.press("home", "question_mark")
        shown = await settled(pilot, HelpScreen)
        assert shown.about.title == "all classes at confidence .950"
        assert shown.about.filled == "P = 1 / 1 = 1.000, R = 1 / 7 = .143, F1 = 2 / 8 = .250"
