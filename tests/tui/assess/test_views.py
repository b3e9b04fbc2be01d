"""Views of Metrics and plots of Curves: each has a name in a strip, and none lies out of sight."""

import importlib
import threading

import pytest

from tests.tui.assess.test_header import line
from tests.tui.classifying import sorter
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.curves.detector_tab import DetectorCurvesTab
from tui.desk.view_strip import ViewStrip
from tui.metrics.detector_tab import DetectorMetricsTab

STRIP = 3  # the line of the terminal


def named(pilot) -> list[str]:
    """What the strip marks as in sight."""
    return [part.split("  ")[0].strip() for part in line(pilot, STRIP).split("\u25b8")[1:]]


def headings(tab) -> list[str]:
    """The columns in sight."""
    scene = tab.pane.table.scene
    return [scene.layout.columns[index].heading for index in scene.columns]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_v_goes_through_the_views_of_metrics_and_each_is_whole(size):
    async with app_of().run_test(size=size) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        tab = screen.query_one(DetectorMetricsTab)
        await until(pilot, lambda: tab.pane.table.scene is not None)
        seen = {}
        for _ in range(3):
            (name,) = named(pilot)
            seen[name] = headings(tab)
            assert tab.pane.table.scene.layout.last_first == 0, "nothing lies to the right"
            await pilot.press("v")
        assert named(pilot) == ["Error types"]
        await pilot.press("v")
        assert named(pilot) == ["AP by IoU"]
        assert seen["AP by IoU"] == ["AP", *(f".{iou}" for iou in range(50, 100, 5))]
        assert seen["Counts and rates"][-3:] == ["P", "R", "F1"]
        assert {"APs", "APm", "APl"} <= set(seen["By size"])
        every = {heading for shown in seen.values() for heading in shown}
        assert every == {column.heading for column in tab.pane.view.columns}


async def test_two_views_of_metrics_stand_side_by_side_on_a_wide_screen():
    async with app_of().run_test(size=(200, 60)) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        tab = screen.query_one(DetectorMetricsTab)
        await until(pilot, lambda: tab.pane.table.scene is not None)
        assert named(pilot) == ["AP by IoU", "Counts and rates"]
        assert {".75", "F1"} <= set(headings(tab))
        assert tab.pane.table.scene.layout.last_first == 0
        await pilot.press("v")
        assert named(pilot) == ["By size"]
        await pilot.press("v")
        assert named(pilot) == ["Error types"]
        await pilot.press("v")
        assert named(pilot) == ["AP by IoU", "Counts and rates"]


async def test_a_higher_ap_has_another_colour():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        tab = screen.query_one(DetectorMetricsTab)
        await until(pilot, lambda: tab.pane.table.scene is not None)
        table = tab.pane.table
        colours = {
            segment.text.strip(): segment.style.bgcolor
            for y in range(table.size.height)
            for segment in table.render_line(y)
            if segment.text.strip() in ("1.00", ".000")
        }
        assert len(set(colours.values())) == 2


async def test_the_strip_of_curves_names_the_plot_in_sight_by_key_and_by_click():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("3")
        seen = []
        for _ in range(4):
            seen += named(pilot)
            await pilot.press("v")
        assert seen == ["PR", "By confidence", "Calibration", "Density"]
        strip = screen.query_one("#curves", DetectorCurvesTab).query_one(ViewStrip)
        await pilot.click(strip, offset=(line(pilot, STRIP).index("Calibration"), 0))
        await until(pilot, lambda: named(pilot) == ["Calibration"])
        assert screen.query_one("#calibration").display


async def test_the_strip_of_a_classifiers_curves_names_the_glance_too():
    async with app_of(sorter()).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("3")
        assert named(pilot) == ["ROC"]
        await pilot.press("o")
        await until(pilot, lambda: named(pilot) == ["At a glance"])
        await pilot.press("o", "v")
        await until(pilot, lambda: named(pilot) == ["PR"])


async def test_the_strip_of_a_classifiers_metrics_names_both_tables():
    async with app_of(sorter()).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("2")
        assert named(pilot) == ["All classes together"]
        await pilot.press("v")
        assert named(pilot) == ["Each class"]


@pytest.mark.slow
@pytest.mark.parametrize("made", [None, sorter()], ids=["detector", "classifier"])
async def test_intervals_that_still_move_are_marked_on_the_screen_and_not_saved(made, monkeypatch):
    held = threading.Event()
    module = "detector_tab" if made is None else "classifier_tab"
    whole = importlib.import_module(f"tui.metrics.{module}").bootstrap

    def slowly(*asked, **more):
        for found in whole(*asked, **more):
            yield found
            held.wait(20)

    monkeypatch.setattr(f"tui.metrics.{module}.bootstrap", slowly)
    async with app_of(made).run_test(size=(200, 60)) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        try:
            await until(pilot, lambda: "~." in text(pilot))
            assert screen.tab("metrics").intervals_at(screen.wish.point) is None
        finally:
            held.set()
        await until(pilot, lambda: "95 %" in text(pilot) and "~." not in text(pilot))


def text(pilot) -> str:
    """The terminal as it is drawn."""
    return "\n".join(line(pilot, y) for y in range(pilot.app.size.height))
