"""The curves of a classifier: one class against the rest, chosen by its name."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from engine.core.thresholds import OperatingPoint
from engine.plots.classifier_plots import CLASS_PLOTS, distances
from engine.plots.classifier_values import ClassifierCurvesView
from engine.plots.detector_plots import told_once
from engine.plots.plot_parts import PlotDescription
from engine.plots.styles import PlotStyles
from engine.plots.ticks import Values
from tui.controls.bindings import in_footer, quiet, together
from tui.curves.paint.classifier_words import classifier_reading
from tui.curves.pane import CurvesPane


class ClassifierCurvesPane(CurvesPane[ClassifierCurvesView]):
    """As the curves of a detector, with a key to another class and one to all of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("slash", "select", "Class", "Choose another class by its name", "curves.select"),
        in_footer(
            "o", "overview", "All classes", "Show all classes at a glance", "curves.overview"
        ),
        *together(
            "Go to the class with the next higher or lower AUC",
            quiet("n", "step(1)", "Go to the class with the next higher AUC", "curves.next"),
            quiet("N", "step(-1)", "Go to the class with the next lower AUC", "curves.prev"),
        ),
    ]
    PLOTS = tuple(CLASS_PLOTS)

    view: reactive[ClassifierCurvesView] = reactive(
        ClassifierCurvesView(OperatingPoint(0.5, 0.5)), init=False, repaint=False
    )

    class SelectionAsked(Message):
        """The person wants to choose another class."""

    class OverviewAsked(Message):
        """The person wants to see all classes at a glance."""

    @dataclass
    class Stepped(Message):
        """The person wants the next class of the ranking, or the one before."""

        by: int

    def reading(self, width: int) -> str:
        return classifier_reading(self.view, self.state, width)

    def plot(self, name: str, styles: PlotStyles) -> PlotDescription:
        described = CLASS_PLOTS[name](self.view, self.state, styles)
        # The line below says the numbers of the same point until somebody walks away from it.
        return described if self.state.cursor is not None else told_once(name, described, self.view)

    def distances(self, plot: str, place: int, x: float, y: float) -> Values:
        return distances(plot, self.view.curves[place], x, y)

    def action_select(self) -> None:
        self.post_message(self.SelectionAsked())

    def action_overview(self) -> None:
        self.post_message(self.OverviewAsked())

    def action_step(self, by: int) -> None:
        self.post_message(self.Stepped(by))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no mean of classes to draw."""
        return False if action == "mean" else super().check_action(action, parameters)
