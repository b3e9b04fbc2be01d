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
from engine.assessment import cells_changed
from engine.coco_summary import CocoSummary
from engine.opening import Opened
from engine.outcomes import Selection
from engine.thresholds import MATCHINGS
from engine.words import number
from tui.painters.previews import FeedView
from tui.painters.run_facts import run_facts
from tui.painters.sentences import summary
from tui.screens.assess_keys import BINDINGS
from tui.screens.assessed import Assessed, Order
from tui.screens.detail import DetailScreen
from tui.screens.pages import Walk, feed_view
from tui.screens.wishing import WishScreen
from tui.terminal import Graphics
from tui.widgets.feed import Feed
from tui.widgets.lines import Lines
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.matrix_pane import MatrixPane
from tui.widgets.pause import Pause
from tui.widgets.slider import Slider
from tui.widgets.tab_bar import TabBar
from tui.widgets.too_small import TooSmall

QUIET: Final = 0.25  # seconds without a change before the images of all cells are counted
FOCUS: Final = {"matrix": "#grid", "feed": "#feed", "run": "#run"}
ORDERS: Final[tuple[Order, ...]] = ("confidence", "IoU")


class AssessScreen(WishScreen):
    """Matrix, feed and facts of one assessment, all at the same operating point."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  as Textual has it
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PANE = "Thresholds and tabs"

    def __init__(self, opened: Opened, start: Assessed, graphics: Graphics) -> None:
        super().__init__(opened, start)
        self.graphics = graphics
        self.quiet = Pause(self, QUIET, self.count_images)
        self.capacity = 1  # previews on a page of the feed
        self.item = 0  # the selected one among all
        self.walk: Walk | None = None
        self.coco: CocoSummary | None = None  # until it is worked out

    def compose(self) -> ComposeResult:
        point = self.wish.point
        yield TabBar(self.opened.answers, self.opened.inputs.data.name)
        with Horizontal(id="sliders"):
            yield Slider("conf", point.confidence, id="confidence")
            yield Slider("IoU", point.iou, minimum=0.1, low=0.5, step=0.05, id="iou")
        yield Lines(id="summary")
        with ContentSwitcher(initial="matrix", id="panes"):
            yield MatrixPane(self.detection.classes, plain=self.app.no_color, id="matrix")
            yield Feed(self.graphics, id="feed")
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
        pane.matrix = assessed.matrix
        self.tell_rule(before, assessed)
        slider = self.query_one("#confidence", Slider)
        best = assessed.evaluation.optimum.confidence
        slider.optimum = None if np.isnan(best) else best
        self.show_summary()
        if assessed.rows is not None:
            if assessed.wish != before.wish:
                self.item = 0
            self.show_page()
        if self.walk is not None and isinstance(self.app.screen, DetailScreen):
            self.walk = self.walk.moved(assessed)
            self.app.screen.show(self.walk)

    def show_summary(self) -> None:
        """The numbers of all classes, and at which point they were made."""
        line = summary(
            self.assessed.card,
            self.assessed.wish.point,
            self.assessed.evaluation.optimum,
            self.assessed.matrix.ignored,
            self.coco,
            self.size.width - 2,
        )
        self.query_one("#summary", Lines).show([line])

    def on_resize(self) -> None:
        self.show_summary()

    def show_average(self, coco: CocoSummary) -> None:
        self.coco = coco
        self.show_summary()

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
        self.query_one("#confidence", Slider).nudge(step)

    def action_iou(self, step: float) -> None:
        self.query_one("#iou", Slider).nudge(step)

    def action_type(self, slider: str) -> None:
        self.query_one(f"#{slider}", Slider).begin_edit()

    def action_optimum(self) -> None:
        if not self.assessed.at_optimum:
            self.want_point(confidence=self.assessed.evaluation.optimum.confidence)

    def action_matching(self) -> None:
        at = MATCHINGS.index(self.wish.point.matching)
        self.want_point(matching=MATCHINGS[(at + 1) % len(MATCHINGS)])

    def tell_rule(self, before: Assessed, after: Assessed) -> None:
        """Say how much another rule changes, if there is another rule."""
        old, new = before.wish.point.matching, after.wish.point.matching
        if old != new:
            changed = number(cells_changed(before.matrix, after.matrix), "cell")
            self.notify(f"Matching {new}: {changed} of the matrix differ from {old}.")

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
            chosen = self.wish.selection or Selection()
            self.want(replace(self.wish, selection=chosen))
            self.show_page()

    @on(MatrixGrid.Opened)
    def open_feed(self, message: MatrixGrid.Opened) -> None:
        self.item = 0
        self.query_one(Feed).view = FeedView("")
        self.want(replace(self.wish, selection=message.selection))
        self.action_tab("feed")

    def show_page(self) -> None:
        """The page of the feed that the selected item is on."""
        if self.assessed.rows is not None and self.assessed.wish == self.wish:
            self.query_one(Feed).view = feed_view(
                self.detection, self.assessed, self.item, self.capacity
            )

    @on(Feed.Resized)
    def fit_page(self, message: Feed.Resized) -> None:
        self.capacity, self.item = max(message.capacity, 1), message.index
        self.show_page()

    @on(Feed.Turned)
    def turn_page(self, message: Feed.Turned) -> None:
        self.item = message.index
        self.show_page()

    @on(Feed.Selected)
    def select_item(self, message: Feed.Selected) -> None:
        self.item = message.index

    @on(Feed.OrderCycled)
    def change_order(self) -> None:
        order = ORDERS[(ORDERS.index(self.wish.order) + 1) % len(ORDERS)]
        self.want(replace(self.wish, order=order))

    @on(Feed.DirectionFlipped)
    def change_direction(self) -> None:
        self.want(replace(self.wish, descending=not self.wish.descending))

    @on(Feed.Opened)
    def open_image(self, message: Feed.Opened) -> None:
        if self.assessed.rows is None:
            return
        self.walk, position = Walk.starting_at(self.detection, self.assessed, message.index)
        self.app.push_screen(DetailScreen(self.walk, position, self.graphics), self.come_back)

    def come_back(self, position: int | None) -> None:
        """Back in the feed, on the first box of the image that was left."""
        walk, self.walk = self.walk, None
        rows = self.assessed.rows
        if walk is None or rows is None or position is None:
            return
        if len(rows) and int(rows.image[min(self.item, len(rows) - 1)]) != walk.images[position]:
            found = np.flatnonzero(rows.image == walk.images[position])
            if len(found):
                self.item = int(found[0])
                self.show_page()

    def move_threshold(self, message: DetailScreen.ThresholdMoved) -> None:
        """What the person did to a threshold while an image was open."""
        if message.to_optimum:
            self.action_optimum()
        elif message.iou:
            self.action_iou(message.iou)
        else:
            self.action_confidence(message.confidence)
