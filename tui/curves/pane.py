"""Plots of curves that one walks along: which confidence to take, and what it costs."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Generic, TypeVar

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import reactive

from engine.plots.curve_values import MOST, CurvesState, CurvesView
from engine.plots.plot_parts import PlotDescription
from engine.plots.styles import PlotStyles
from engine.plots.ticks import Values
from tui.controls.lines import Lines
from tui.curves.keys import BINDINGS
from tui.curves.paint.cells import in_cells
from tui.curves.plot_view import PlotView
from tui.terminal.capabilities import Graphics

ALL: Final = (150, 40)  # cells from which on all plots have room
TWO: Final = 100  # columns from which on two of them have
PLOT_NAMES: Final = {
    "precision-recall": "PR",
    "thresholds": "By confidence",
    "roc": "ROC",
    "calibration": "Calibration",
    "confidences": "Density",
    "density": "Density",
}
"""Of each plot, whichever pane has it, by its id."""


View = TypeVar("View", bound=CurvesView)


class CurvesPane(Vertical, Generic[View], can_focus=True):
    """Shows one view; where the cursor is and what is switched on, it keeps itself.

    Which plots there are and what they say, each kind of task knows.
    """

    PANE = "Curves"
    DEFAULT_CSS = """
    CurvesPane {
        & #plots { layout: grid; grid-size: 1 1; grid-gutter: 0 2; padding-left: 1; height: 1fr; }
        &.-two #plots { grid-size: 2 1; }
        &.-all #plots { grid-size: 2 2; grid-gutter: 1 3; }
        & #curve-words { height: 1; padding: 0 1; background: $foreground 8%; }
        &:focus #curve-words { background: $foreground 16%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PLOTS: ClassVar[tuple[str, ...]]  # their names, in the order in which there is room for them

    view: reactive[View]  # without init and repaint
    state: reactive[CurvesState] = reactive(CurvesState(), init=False, repaint=False)
    turn: reactive[int] = reactive(0, init=False, repaint=False)  # which plots have the room

    @dataclass
    class ThresholdChosen(Message):
        """The person wants this confidence as the threshold."""

        confidence: float

    @dataclass
    class FocusChanged(Message):
        """Another curve is in focus: its index among those of the view."""

        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, CurvesPane.FocusChanged)

    class ClassAsked(Message):
        """The person wants to add a class."""

    @dataclass
    class ClassDropped(Message):
        """The person wants to do without the curve at this index of the view."""

        index: int

    @dataclass
    class PlotsInSight(Message):
        """Other plots have the room."""

        plots: tuple[str, ...]

    class ExportAsked(Message):
        """The person wants the curves in a file."""

    def __init__(self, classes: tuple[str, ...], graphics: Graphics, *, id: str) -> None:
        super().__init__(id=id)
        self.names, self.graphics = classes, graphics

    def compose(self) -> ComposeResult:
        with Container(id="plots"):
            for name in self.PLOTS:
                yield PlotView(self.graphics, id=name)
        yield Lines(id="curve-words")

    def on_mount(self) -> None:
        self.make_room()

    # What is shown

    @property
    def shown(self) -> tuple[str, ...]:
        """The plots there is room for; the first stays where there is room for two."""
        order = self.PLOTS
        if self.size.width >= ALL[0] and self.size.height >= ALL[1]:
            return order
        if self.size.width >= TWO:
            return order[0], order[1 + self.turn % (len(order) - 1)]
        return (order[self.turn % len(order)],)

    def on_resize(self) -> None:
        self.make_room()

    def watch_turn(self) -> None:
        self.make_room()

    def watch_view(self) -> None:
        self.draw()

    def watch_state(self) -> None:
        self.draw()

    def make_room(self) -> None:
        """As many plots as fit; each is painted when its size is known."""
        shown = self.shown
        self.set_class(len(shown) == 2, "-two")
        self.set_class(len(shown) == len(self.PLOTS), "-all")
        for plot in self.query(PlotView):
            plot.display = plot.id in shown
        self.draw()
        self.refresh_bindings()
        self.post_message(self.PlotsInSight(shown))

    def show_plot(self, name: str) -> None:
        """Bring a plot into sight."""
        if name not in self.shown:
            # The first one stays where there is room for two: the others take turns.
            self.turn = self.PLOTS.index(name) - (len(self.shown) == 2)

    @on(PlotView.Resized)
    def fit(self, message: PlotView.Resized) -> None:
        message.stop()
        self.paint(message.plot)
        self.say()

    def draw(self) -> None:
        """Every plot in sight and the words below follow from the view and the state."""
        for plot in self.query(PlotView):
            if plot.display:
                self.paint(plot)
        self.say()

    def paint(self, plot: PlotView) -> None:
        """One plot."""
        width, height = plot.size
        if width and height and plot.id is not None:
            styles = plot.plot_styles(self.app.no_color)
            plot.show(in_cells(self.plot(plot.id, styles), width, height, styles))

    def say(self) -> None:
        """The point under the cursor in words."""
        words = self.reading(self.size.width - 2)
        self.query_one("#curve-words", Lines).show([Text(words, no_wrap=True)])

    @abstractmethod
    def plot(self, name: str, styles: PlotStyles) -> PlotDescription:
        """One of the plots."""

    @abstractmethod
    def reading(self, width: int) -> str:
        """The point under the cursor in so many cells."""

    @abstractmethod
    def distances(self, plot: str, place: int, x: float, y: float) -> Values:
        """[S] how far the points of the curve at a place of the view are from a point of a plot."""

    # Keys and mouse

    def action_walk(self, stops: int) -> None:
        """Along the focused curve, from one point that lies apart to the next."""
        focused = self.state.focused(self.view)
        if focused is None or focused.empty:
            return
        places, index = focused.stops, self.state.index(self.view)
        if stops > 0:
            place = int(np.searchsorted(places, index, side="right")) + stops - 1
        else:
            place = int(np.searchsorted(places, index, side="left")) + stops
        self._stand(int(places[min(max(place, 0), len(places) - 1)]))

    def action_end(self, last: bool) -> None:
        """To an end of the focused curve."""
        focused = self.state.focused(self.view)
        if focused is not None and not focused.empty:
            self._stand(len(focused.curve) - 1 if last else 0)

    def _stand(self, index: int) -> None:
        focused = self.state.focused(self.view)
        if focused is not None:
            confidence = float(focused.curve.confidence[index])
            self.state = replace(self.state, cursor=confidence)

    def action_choose(self) -> None:
        """Take the point under the cursor."""
        focused, index = self.state.focused(self.view), self.state.index(self.view)
        if focused is not None and index >= 0:
            self.post_message(self.ThresholdChosen(float(focused.curve.confidence[index])))

    def action_focus_curve(self, by: int) -> None:
        """Another curve."""
        if count := len(self.view.curves):
            before = self.state.place(self.view)
            self.focus_curve((before + by) % count)

    def focus_curve(self, index: int) -> None:
        """This curve; the cursor stays at its confidence."""
        if index != self.state.focus:
            self.state = replace(self.state, focus=index)
            self.post_message(self.FocusChanged(index))

    def action_next_plot(self) -> None:
        """Another plot where not all have room."""
        self.turn += 1

    def action_add(self) -> None:
        self.post_message(self.ClassAsked())

    def action_drop(self) -> None:
        if self.view.curves:
            self.post_message(self.ClassDropped(len(self.view.curves) - 1))

    def action_mean(self) -> None:
        self.state = replace(self.state, mean=not self.state.mean)

    def action_iso(self) -> None:
        self.state = replace(self.state, iso_f1=not self.state.iso_f1)

    def action_export(self) -> None:
        self.post_message(self.ExportAsked())

    @on(PlotView.Clicked)
    def stand_where_clicked(self, message: PlotView.Clicked) -> None:
        """The nearest point of the focused curve; a double click takes it."""
        message.stop()
        focused = self.state.focused(self.view)
        if focused is None or focused.empty:
            return
        far = self.distances(
            message.plot.id or "", self.state.place(self.view), message.x, message.y
        )
        if not np.isnan(far).all():
            self._stand(int(np.nanargmin(far)))
        if message.twice:
            self.action_choose()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dimmed where there is no room for more, or nothing to take away."""
        curves = len(self.view.curves)
        if action == "add":
            return True if curves < min(MOST, len(self.names) + 1) else None
        if action == "drop":
            return True if curves else None
        return action != "next_plot" or len(self.shown) < len(self.PLOTS)
