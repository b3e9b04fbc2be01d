"""Metrics and curves of a classifier, driven by keys."""

import numpy as np
import pytest
from textual.widgets import Input

from engine.core.outcomes import Selection
from tests.tui.tables.classifier_views import by_hand, drawn
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of, words
from tui.controls.class_jump import ClassJump
from tui.controls.explain_box import ExplainBox
from tui.controls.help import HelpScreen
from tui.controls.path_box import PathBox
from tui.curves.classifier_tab import ClassifierCurvesTab
from tui.curves.glance_pane import GlanceTable
from tui.curves.plot_view import PlotView
from tui.metrics.classifier_tab import ClassifierMetricsTab
from tui.pictures.feed import Feed

SMALL = (80, 24)


async def metrics_tab(pilot):
    await settled(pilot)
    await pilot.press("2")
    tab = pilot.app.screen.query_one(ClassifierMetricsTab)
    await until(pilot, lambda: tab.pane.view is not None)
    return tab


async def curves_tab(pilot):
    await settled(pilot)
    await pilot.press("3")
    tab = pilot.app.screen.query_one(ClassifierCurvesTab)
    await until(pilot, lambda: tab.shown is not None)
    return tab


def names_of(tab):
    return [named.name for named in tab.pane.view.curves]


@pytest.mark.slow
async def test_the_headline_follows_the_confidence_and_gets_intervals():
    async with app_of(drawn()).run_test(size=SIZE) as pilot:
        tab = await metrics_tab(pilot)
        before = tab.metrics.headline["accuracy"]
        await until(pilot, lambda: tab.pane.headline.intervals is not None)
        await pilot.press(*["right_curly_bracket"] * 8)
        await until(pilot, lambda: tab.metrics.confidence == 0.4)
        assert tab.metrics.headline["accuracy"] < before
        assert "p ≥ .400" in words(pilot.app.screen, "#metrics-facts")
        assert tab.pane.headline.metrics is tab.metrics is tab.pane.view.metrics
        await until(pilot, lambda: tab.pane.headline.intervals is not None)
        found = tab.pane.headline.intervals["accuracy"]
        assert found.low <= tab.metrics.headline["accuracy"] <= found.high


@pytest.mark.slow
async def test_a_number_of_the_headline_is_explained_below_in_a_box_and_in_help():
    async with app_of(by_hand()).run_test(size=SIZE) as pilot:
        tab = await metrics_tab(pilot)
        await until(pilot, lambda: tab.pane.explanation is not None)
        assert "right answers / images = 6 / 8 = .750" in words(pilot.app.screen, "#metrics-words")
        await pilot.press("down", "down", "x")
        box = await settled(pilot, ExplainBox)
        assert box.explanation.title == "Balanced accuracy"
        assert "1.800 / 3 = .600" in box.explanation.filled
        await pilot.press("escape", "question_mark")
        shown = await settled(pilot, HelpScreen)
        assert shown.about.title == "Balanced accuracy"
        await pilot.press("escape", "v")
        await settled(pilot)
        headline = tab.pane.tables[0]
        await pilot.hover(headline, offset=(27, headline.scene.layout.rule_y + 1))
        await until(pilot, lambda: tab.pane.explanation.title == "Accuracy")


@pytest.mark.slow
async def test_both_tables_where_there_is_room_else_a_key_turns_from_one_to_the_other():
    async with app_of(drawn()).run_test(size=SIZE) as pilot:
        tab = await metrics_tab(pilot)
        headline, classes = tab.pane.tables
        assert (headline.display, classes.display) == (True, True)
        assert pilot.app.focused.id == "headline-table"
        await pilot.press("v")
        await until(pilot, lambda: pilot.app.focused.id == "metrics-table")
        await pilot.press("down", *["right"] * 6, "s")
        auc = tab.metrics.roc_auc
        assert [int(name[6:]) for name in classes.shown] == np.argsort(auc).tolist()
        await pilot.press("slash", "3", "enter")
        assert classes.shown == ("class 3",)
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: not headline.display)
        assert pilot.app.focused.id == "metrics-table"
        await pilot.press("1", "2")
        await until(pilot, lambda: pilot.app.focused.id == "metrics-table")
        await pilot.press("v")
        await until(pilot, lambda: pilot.app.focused.id == "headline-table")
        assert headline.display
        assert not classes.display


@pytest.mark.slow
async def test_the_row_of_a_class_leads_to_matrix_curves_and_images():
    async with app_of(by_hand()).run_test(size=SIZE) as pilot:
        await metrics_tab(pilot)
        screen = pilot.app.screen
        await pilot.press("v", "down", "down", "m")
        await until(pilot, lambda: screen.current == "matrix")
        assert screen.query_one("#grid").selection.truth == 1
        await pilot.press("2", "c")
        tab = screen.query_one(ClassifierCurvesTab)
        await until(pilot, lambda: screen.current == "curves" and tab.shown == ((1,), 0))
        assert names_of(tab) == ["nut"]
        await pilot.press("2", "enter")
        await settled(pilot)
        assert screen.wish.selection == Selection(truth=1)
        await until(pilot, lambda: len(screen.query_one(Feed).view.items) == 2)


@pytest.mark.slow
async def test_a_class_is_chosen_by_its_name_and_others_are_added_beside_it():
    async with app_of(drawn()).run_test(size=SIZE) as pilot:
        tab = await curves_tab(pilot)
        assert names_of(tab) == ["class 0"]
        await pilot.press("slash")
        await settled(pilot, ClassJump)
        await pilot.press("3", "enter")
        await until(pilot, lambda: tab.shown == ((3,), 0))
        assert names_of(tab) == ["class 3"]
        assert tab.pane.view.densities.own_images == int((tab.classification.truth == 3).sum())
        await pilot.press("a")
        await settled(pilot, ClassJump)
        await pilot.press("1", "enter")
        await until(pilot, lambda: tab.shown == ((3, 1), 1))
        assert names_of(tab) == ["class 3", "class 1"]
        assert tab.pane.view.scope == "class 1"
        await pilot.press("up")
        await until(pilot, lambda: tab.shown == ((3, 1), 0))
        assert tab.pane.view.scope == "class 3"
        await pilot.press("d", "d")
        await until(pilot, lambda: tab.shown == ((3,), 0))
        for class_ in (1, 2, 0, 4):
            tab.show_class(class_)  # the newest choice wins
        await until(pilot, lambda: tab.shown == ((4,), 0))
        await pilot.pause(0.1)
        assert names_of(tab) == ["class 4"]


@pytest.mark.slow
async def test_walking_the_roc_curve_reads_it_off_and_enter_takes_the_confidence():
    async with app_of(by_hand()).run_test(size=SIZE) as pilot:
        tab = await curves_tab(pilot)
        screen = pilot.app.screen
        assert "bolt p ≥ .600" in words(screen, "#curve-words")
        await pilot.press("left")
        point = "p ≥ .700 · TPR .600  FPR .000"
        await until(pilot, lambda: point in words(screen, "#curve-words"))
        await pilot.press("enter")
        await until(pilot, lambda: screen.assessed.wish.point.confidence == 0.7)
        await until(pilot, lambda: tab.pane.view.point.confidence == 0.7)
        assert tab.pane.view.curves[0].answers == (3, 3)
        assert "● now" in screen.query_one("#roc", PlotView).plain
        await pilot.press("question_mark")
        shown = await settled(pilot, HelpScreen)
        assert shown.about.title == "bolt against the rest at confidence .700"
        assert "TPR = 3 / 5 = .600" in shown.about.filled


@pytest.mark.slow
async def test_as_many_plots_as_there_is_room_for():
    async with app_of(drawn()).run_test(size=SMALL) as pilot:
        tab = await curves_tab(pilot)

        def seen():
            return [plot.id for plot in tab.query(PlotView) if plot.display]

        assert seen() == ["roc"]
        await pilot.press("v")
        await until(pilot, lambda: seen() == ["precision-recall"])
        await pilot.press("v")
        await until(pilot, lambda: "ECE" in tab.query_one("#calibration", PlotView).plain)
        await pilot.press("v")
        await until(pilot, lambda: "A perfect model" in tab.query_one("#density").plain)
        await pilot.resize_terminal(*SIZE)
        await until(pilot, lambda: seen() == ["roc", "precision-recall"])
        await pilot.resize_terminal(200, 60)
        await until(pilot, lambda: len(seen()) == 4)
        assert "From left to right" in tab.query_one("#density").plain


@pytest.mark.slow
async def test_all_classes_at_a_glance_the_worst_first_and_enter_goes_to_one():
    async with app_of(drawn()).run_test(size=SIZE) as pilot:
        tab = await curves_tab(pilot)
        await until(pilot, lambda: bool(tab.ranked))
        await pilot.press("o")
        table = tab.query_one(GlanceTable)
        await until(pilot, lambda: len(tab.glance.rates) == 5)
        assert [int(name[6:]) for name in table.shown] == list(tab.ranked)
        assert any("▇██" in table.render_line(y).text for y in range(8))
        await pilot.press("enter")
        await until(pilot, lambda: tab.shown == ((tab.ranked[0],), 0))
        await pilot.press("n")
        await until(pilot, lambda: tab.shown == ((tab.ranked[1],), 0))
        await pilot.press("N", "N")
        await until(pilot, lambda: tab.shown == ((tab.ranked[-1],), 0))
        await pilot.press("o")
        await until(pilot, lambda: pilot.app.focused is table)
        await pilot.press("o")
        await until(pilot, lambda: pilot.app.focused is tab.pane)


async def test_of_many_classes_only_those_in_sight_are_sketched():
    async with app_of(drawn(600, 120)).run_test(size=SIZE) as pilot:
        tab = await curves_tab(pilot)
        await until(pilot, lambda: bool(tab.ranked))
        await pilot.press("o")
        table = tab.query_one(GlanceTable)
        await until(pilot, lambda: set(table.in_sight) <= set(tab.glance.rates) and table.in_sight)
        assert len(tab.glance.rates) < 60
        await pilot.press("G")
        await until(pilot, lambda: tab.ranked[-1] in tab.glance.rates)


@pytest.mark.slow
async def test_curves_and_metrics_are_exported(tmp_path):
    async with app_of(by_hand()).run_test(size=SIZE) as pilot:
        for come, name, start in (
            (curves_tab, "curves.csv", b"class,confidence,"),
            (curves_tab, "curves.png", b"\x89PNG"),
            (metrics_tab, "metrics.csv", b"class,images,"),
        ):
            await come(pilot)
            await pilot.press("e")
            await settled(pilot, PathBox)
            pilot.app.screen.query_one(Input).value = str(tmp_path / name)
            await pilot.press("enter")
            await until(pilot, (tmp_path / name).exists)
            assert (tmp_path / name).read_bytes().startswith(start)


async def test_a_single_class_has_metrics_and_curves_too():
    async with app_of(drawn(40, 1)).run_test(size=SMALL) as pilot:
        await metrics_tab(pilot)
        curves = await curves_tab(pilot)
        await pilot.press("v", "v", "v", "v", "left", "o")
        await until(pilot, lambda: curves.glance.display)
