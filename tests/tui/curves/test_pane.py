"""The curves pane, walked by keys."""

from dataclasses import replace

import numpy as np
import pytest
from textual.app import App

from engine.core.thresholds import OperatingPoint
from engine.plots.curve_values import MOST
from engine.plots.detector_values import DetectorCurvesView
from tests.tui.curves.test_detector_plots import named, view
from tui.controls.lines import Lines
from tui.controls.reach import actions_in_reach
from tui.curves.detector_pane import DetectorCurvesPane
from tui.curves.plot_view import PlotView
from tui.terminal.capabilities import Graphics

ORDER = tuple(DetectorCurvesPane.PLOTS)
WIDE = (120, 40)
NAMES = tuple(f"class {place}" for place in range(9))


class CurvesApp(App[None]):
    def __init__(self, shown=None, graphics=None):
        super().__init__()
        self.shown = view() if shown is None else shown
        self.graphics = graphics or Graphics()
        self.heard = []

    def compose(self):
        yield DetectorCurvesPane(NAMES, self.graphics, id="curves")

    def on_mount(self):
        pane = self.query_one(DetectorCurvesPane)
        pane.view = self.shown
        pane.focus()

    def on_curves_pane_threshold_chosen(self, message):
        self.heard.append(("threshold", message.confidence))

    def on_curves_pane_focus_changed(self, message):
        self.heard.append(("focus", message.index))

    def on_curves_pane_class_asked(self):
        self.heard.append("class")

    def on_curves_pane_class_dropped(self, message):
        self.heard.append(("drop", message.index))

    def on_curves_pane_export_asked(self):
        self.heard.append("export")

    @property
    def pane(self):
        return self.query_one(DetectorCurvesPane)

    def plot(self, name):
        return self.query_one(f"#{name}", PlotView)

    @property
    def words(self):
        return self.query_one("#curve-words", Lines).plain


def in_sight(app):
    return tuple(plot.id for plot in app.query(PlotView) if plot.display)


@pytest.mark.parametrize(("size", "plots"), [((80, 19), 1), ((120, 35), 2), ((200, 55), 4)])
async def test_as_many_plots_as_there_is_room_for(size, plots):
    app = CurvesApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert in_sight(app) == ORDER[:plots]
        for name in in_sight(app):
            plot = app.plot(name)
            assert plot.plot is not None
            assert plot.plot.raster.letters.shape == (plot.size.height, plot.size.width)


async def test_a_key_turns_to_the_other_plots():
    app = CurvesApp()
    async with app.run_test(size=(80, 19)) as pilot:
        seen = [in_sight(app)]
        for _ in range(4):
            await pilot.press("v")
            await pilot.pause()
            seen.append(in_sight(app))
        assert [name for (name,) in seen] == [*ORDER, ORDER[0]]
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert in_sight(app)[0] == ORDER[0]
        first = in_sight(app)
        await pilot.press("v")
        await pilot.pause()
        assert in_sight(app)[0] == ORDER[0]
        assert in_sight(app) != first


async def test_the_cursor_walks_from_the_operating_point_and_reads_off():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        bolt = app.shown.curves[0]
        stops, point = bolt.stops, bolt.curve.confidence
        now = int((point >= 0.62).sum()) - 1
        assert app.words.startswith(f"bolt at confidence {point[now]:.3f}".replace("0.", "."))
        await pilot.press("right")
        there = int(stops[stops > now][0])
        assert app.pane.state.cursor == point[there]
        assert f"{bolt.curve.true_positives[there]} of" in app.words
        assert "┼" in app.plot(ORDER[0]).plain
        await pilot.press("shift+left", "left")
        place = int(np.searchsorted(stops, there))
        assert app.pane.state.cursor == point[stops[place - 11]]
        await pilot.press("end")
        assert app.pane.state.cursor == point[-1]
        await pilot.press("right", "ctrl+right")
        assert app.pane.state.cursor == point[-1]
        await pilot.press("home", "left")
        assert app.pane.state.cursor == point[0]


async def test_enter_asks_for_the_confidence_under_the_cursor():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("right", "right", "enter")
        assert app.heard == [("threshold", app.pane.state.cursor)]
        assert app.pane.state.cursor in app.shown.curves[0].curve.confidence


async def test_up_and_down_go_through_the_curves_and_keep_the_confidence():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("end", "down")
        assert app.pane.state.focus == 1
        assert app.words.startswith("nut at confidence")
        assert "By confidence · nut" in app.plot("thresholds").plain
        cursor = app.pane.state.cursor
        await pilot.press("down")
        assert app.pane.state.focus == 0
        assert app.pane.state.cursor == cursor
        await pilot.press("up")
        assert [heard for heard in app.heard if heard[0] == "focus"][-1] == ("focus", 1)


async def test_mean_and_iso_lines_go_on_and_off():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("m", "i")
        plain = app.plot(ORDER[0]).plain
        assert "mean" not in plain
        assert "F1 .8" in plain
        await pilot.press("m", "i")
        plain = app.plot(ORDER[0]).plain
        assert "mean" in plain
        assert "F1 .8" not in plain


async def test_what_others_must_do_is_asked_for():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("a", "d", "e")
        assert app.heard == ["class", ("drop", 1), "export"]


async def test_no_more_curves_than_colours():
    app = CurvesApp(view(*[named(name) for name in NAMES[:MOST]]))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("a")
        assert app.heard == []
        app.pane.view = DetectorCurvesView(OperatingPoint(0.5, 0.5))
        await pilot.press("d", "enter", "right", "end", "up")
        assert app.heard == []
        assert "No class is drawn" in app.words


async def test_another_operating_point_moves_the_marks_and_not_the_cursor():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("end")
        cursor, before = app.pane.state.cursor, app.plot("thresholds").plain
        app.pane.view = replace(app.shown, point=OperatingPoint(0.5, 0.2))
        await pilot.pause()
        assert app.pane.state.cursor == cursor
        assert app.plot("thresholds").plain != before
        assert "● .200" in app.plot("thresholds").plain


async def test_a_class_that_has_nothing_to_show_says_so():
    app = CurvesApp(view(named("gear", ground_truths=0), named("bolt")))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("right", "enter", "end")
        assert app.words.startswith("gear has no ground truth")
        assert app.heard == []
        app.pane.view = view(named("gear"))
        await pilot.press("down", "right")
        assert app.pane.state.focus == 0
        assert app.words.startswith("gear at confidence")


async def test_the_same_view_again_sends_nothing(monkeypatch):
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        asked = []
        for plot in app.query(PlotView):
            monkeypatch.setattr(plot, "refresh", lambda *regions, **_: asked.extend(regions))
        app.pane.view = replace(app.shown)
        assert asked == []
        await pilot.press("right")
        cells = sum(region.area for region in asked)
        everything = sum(plot.size.area for plot in app.query(PlotView) if plot.display)
        assert 0 < cells < everything / 3


async def test_a_click_puts_the_cursor_there_and_a_double_click_takes_it():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        plot = app.plot("thresholds")
        cells = plot.plot.axes.cells
        middle = (cells.x + cells.width // 2, cells.y + 4)
        await pilot.click(plot, offset=middle)
        assert app.pane.state.cursor == pytest.approx(0.5, abs=0.03)
        await pilot.click(plot, offset=middle, times=2)
        assert app.heard == [("threshold", app.pane.state.cursor)]
        axes = app.plot(ORDER[0]).plot.axes
        curve = app.shown.curves[0].curve
        place = int(axes.column(curve.recall[200])) // 2, int(axes.row(curve.precision[200])) // 4
        await pilot.click(app.plot(ORDER[0]), offset=place)
        assert app.pane.state.cursor == pytest.approx(curve.confidence[200], abs=0.05)


async def test_help_knows_every_key():
    app = CurvesApp()
    async with app.run_test(size=(80, 24)):
        keys = [each for each in actions_in_reach(app.screen) if each.pane == "Curves"]
        assert len(keys) == len(DetectorCurvesPane.BINDINGS)
        assert all(binding.id and binding.description for binding in DetectorCurvesPane.BINDINGS)


async def test_another_theme_has_other_colours():
    app = CurvesApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        before = app.plot(ORDER[0]).plot.raster.styles
        app.theme = "textual-light"
        await pilot.pause()
        assert app.plot(ORDER[0]).plot.raster.styles != before
