"""The curves of a detector: of classes and of all together, by precision, recall and confidence."""

from textual.reactive import reactive

from engine.core.thresholds import OperatingPoint
from engine.plots.detector_plots import PLOTS, distances, told_once
from engine.plots.detector_values import DetectorCurvesView
from engine.plots.plot_parts import PlotDescription
from engine.plots.styles import PlotStyles
from engine.plots.ticks import Values
from tui.curves.paint.detector_words import reading
from tui.curves.pane import CurvesPane


class DetectorCurvesPane(CurvesPane[DetectorCurvesView]):
    """The plots that tell which threshold to take, and what the confidences are worth."""

    PLOTS = tuple(PLOTS)

    view: reactive[DetectorCurvesView] = reactive(
        DetectorCurvesView(OperatingPoint(0.5, 0.5)), init=False, repaint=False
    )

    def plot(self, name: str, styles: PlotStyles) -> PlotDescription:
        described = PLOTS[name](self.view, self.state, styles)
        # Who walks along a curve reads that point below, and the threshold's here.
        return described if self.state.cursor is not None else told_once(name, described, self.view)

    def reading(self, width: int) -> str:
        return reading(self.view, self.state, width)

    def distances(self, plot: str, place: int, x: float, y: float) -> Values:
        return distances(plot, self.view.curves[place], x, y)
