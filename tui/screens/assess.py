"""The main screen: one model on one dataset, at one operating point."""

from dataclasses import replace
from typing import ClassVar, Final

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import ContentSwitcher, Footer, Static

from engine.arrays import Counts
from engine.coco_summary import AveragePrecision
from engine.explanation import Explanation
from engine.goals import GOALS
from engine.opening import Opened
from engine.outcomes import Selection
from engine.thresholds import MATCHINGS
from tui.painters.run_facts import run_facts
from tui.painters.sentences import cell_explanation, summary
from tui.screens.assess_keys import BINDINGS
from tui.screens.assessed import Assessed, change_words
from tui.screens.curves_tab import CurvesTab
from tui.screens.detail import DetailScreen
from tui.screens.feed_tab import FeedTab
from tui.screens.metrics_tab import MetricsTab
from tui.screens.wishing import WishScreen
from tui.terminal import Graphics
from tui.widgets.curves_pane import CurvesPane
from tui.widgets.lines import Lines
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.matrix_pane import MatrixPane
from tui.widgets.metrics_table import MetricsTable
from tui.widgets.pause import Pause
from tui.widgets.slider import Slider
from tui.widgets.tab_bar import TabBar
from tui.widgets.too_small import TooSmall

QUIET: Final = 0.25  # seconds without a change before the images of all cells are counted
FOCUS: Final = {
    "matrix": "#grid",
    "metrics": "#metrics-table",
    "curves": "#curves-pane",
    "feed": "#feed-pages",
    "run": "#run",
}


class AssessScreen(WishScreen):
    """Matrix, feed and facts of one assessment, all at the same operating point."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  as Textual has it
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PANE = "Thresholds and tabs"

    def __init__(self, opened: Opened, start: Assessed, graphics: Graphics) -> None:
        super().__init__(opened, start)
        self.graphics = graphics
        self.quiet = Pause(self, QUIET, self.count_images)
        self.coco: AveragePrecision | None = None  # until it is worked out

    def compose(self) -> ComposeResult:
        point = self.wish.point
        yield TabBar(self.opened.answers, self.opened.inputs.data.name)
        with Horizontal(id="sliders"):
            yield Slider("conf", point.confidence, id="confidence")
            yield Slider("IoU", point.iou, minimum=0.1, low=0.5, step=0.05, id="iou")
        yield Lines(id="summary")
        with ContentSwitcher(initial="matrix", id="panes"):
            yield MatrixPane(self.detection.classes, plain=self.app.no_color, id="matrix")
            yield MetricsTab(self.detection, id="metrics")
            yield CurvesTab(self.detection, id="curves")
            yield FeedTab(self.detection, self.graphics, id="feed")
            with VerticalScroll(id="run"):
                yield Static(run_facts(self.opened), markup=False)
        yield Footer(compact=True, show_command_palette=False)
        yield TooSmall()

    def on_mount(self) -> None:
        self.show(self.assessed)
        self.query_one(MatrixGrid).focus()
        self.average()
        for warning in self.opened.warnings[:3]:
            self.notify(warning, severity="warning", markup=False, timeout=8)

    def show(self, assessed: Assessed) -> None:
        """Every widget follows from what is worked out."""
        before, self.assessed = self.assessed, assessed
        pane = self.query_one(MatrixPane)
        if before is assessed or before.wish.point != assessed.wish.point:
            pane.images = None
            self.quiet.begin()
        pane.optima = assessed.optima
        pane.matrix = assessed.matrix
        if told := change_words(before, assessed):
            self.notify(told, markup=False)
        slider = self.query_one("#confidence", Slider)
        best = assessed.best.confidence
        slider.optimum = None if np.isnan(best) else best
        self.query_one(MetricsTab).follow(assessed, self.coco)
        self.query_one(CurvesTab).follow(assessed)
        self.query_one(FeedTab).follow(assessed)
        self.show_summary()

    def show_summary(self) -> None:
        """The numbers of all classes, and at which point they were made."""
        line = summary(
            self.assessed.card,
            self.assessed.wish.point,
            self.assessed.best,
            self.assessed.matrix.ignored,
            None if self.coco is None else self.coco.summary,
            self.size.width - 2,
        )
        self.query_one("#summary", Lines).show([line])

    def on_resize(self) -> None:
        self.show_summary()

    def show_average(self, coco: AveragePrecision) -> None:
        self.coco = coco
        self.query_one(MetricsTab).follow(self.assessed, coco)
        self.show_summary()

    @property
    def explanation(self) -> Explanation | None:
        """How the number in focus came to be: a cell, a metric, a point of a curve."""
        tab = self.query_one(ContentSwitcher).current
        if tab == "metrics":
            return self.query_one(MetricsTab).explanation
        if tab == "curves":
            return self.query_one(CurvesTab).explanation
        if tab != "matrix":
            return None
        cell, point = self.query_one(MatrixGrid).selection, self.assessed.wish.point
        return cell_explanation(self.assessed.matrix, self.detection.classes, cell, point)

    def show_images(self, images: Counts) -> None:
        self.query_one(MatrixPane).images = images

    # Sliders

    @on(Slider.Changed)
    def move_slider(self, message: Slider.Changed) -> None:
        if message.slider.id == "confidence":
            self.want_point(confidence=message.value)
        else:
            self.want_point(iou=message.value)

    def action_confidence(self, step: float) -> None:
        """A step of the slider, wanted without its message: all is drawn in one frame."""
        self.want_point(confidence=self.query_one("#confidence", Slider).next_value(step))

    def action_iou(self, step: float) -> None:
        """A step of the slider."""
        self.want_point(iou=self.query_one("#iou", Slider).next_value(step))

    def action_type(self, slider: str) -> None:
        self.query_one(f"#{slider}", Slider).begin_edit()

    def action_optimum(self) -> None:
        if not self.assessed.at_optimum:
            self.want_point(confidence=self.assessed.best.confidence)

    def action_goal(self) -> None:
        """Another meaning of optimal; the threshold stays where it is until one goes there."""
        at = GOALS.index(self.wish.goal) if self.wish.goal in GOALS else -1
        self.want(replace(self.wish, goal=GOALS[(at + 1) % len(GOALS)]))

    def action_per_class(self) -> None:
        """Each class at its own optimum for the goal, or all at the slider's confidence."""
        self.want_point(per_class=not self.wish.point.per_class)

    def action_matching(self) -> None:
        at = MATCHINGS.index(self.wish.point.matching)
        self.want_point(matching=MATCHINGS[(at + 1) % len(MATCHINGS)])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Back to optimal is dimmed where it would change nothing."""
        return None if action == "optimum" and self.assessed.at_optimum else True

    # Tabs, feed and detail

    @on(TabBar.Chosen)
    def choose_tab(self, message: TabBar.Chosen) -> None:
        self.action_tab(message.tab)

    def action_tab(self, tab: str) -> None:
        if self.query_one(ContentSwitcher).current == tab:
            return
        self.query_one(ContentSwitcher).current = tab
        self.query_one(TabBar).active = tab
        self.query_one(FOCUS[tab]).focus()
        if tab == "feed":
            self.query_one(FeedTab).ask()
        else:  # rows that nobody sees need not be worked out
            self.want(replace(self.wish, selection=None))

    @on(MatrixGrid.Opened)
    def open_cell(self, message: MatrixGrid.Opened) -> None:
        self.open_feed(message.selection)

    def open_feed(self, selection: Selection) -> None:
        """The feed of a cell, a row, a column or everything."""
        self.query_one(FeedTab).select(selection)
        self.action_tab("feed")

    @on(FeedTab.RowsWanted)
    def want_rows(self, message: FeedTab.RowsWanted) -> None:
        wish = replace(self.wish, selection=message.selection, order=message.order)
        self.want(replace(wish, descending=message.descending))

    @on(MetricsTable.RowOpened)
    def open_row(self, message: MetricsTable.RowOpened) -> None:
        self.open_feed(Selection(truth=message.class_))

    @on(MetricsTable.MatrixAsked)
    def show_in_matrix(self, message: MetricsTable.MatrixAsked) -> None:
        self.action_tab("matrix")
        if message.class_ is not None:
            self.query_one(MatrixPane).go_to(message.class_)

    @on(MetricsTable.CurveAsked)
    def show_curve(self, message: MetricsTable.CurveAsked) -> None:
        self.query_one(CurvesTab).add(message.class_)
        self.action_tab("curves")

    @on(CurvesPane.ThresholdChosen)
    def take_threshold(self, message: CurvesPane.ThresholdChosen) -> None:
        self.want_point(confidence=message.confidence)

    def move_threshold(self, message: DetailScreen.ThresholdMoved) -> None:
        """What the person did to a threshold while an image was open."""
        if message.to_optimum:
            self.action_optimum()
        elif message.iou:
            self.action_iou(message.iou)
        else:
            self.action_confidence(message.confidence)
