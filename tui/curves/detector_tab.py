"""The curves of chosen classes: worked out when someone looks at them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from engine.core.calibration import Density, Reliability, density, reliability
from engine.core.explanation import Explanation
from engine.core.thresholds import OperatingPoint
from engine.detection.curves import (
    Ranking,
)
from engine.detection.detection import Detection
from engine.plots.detector_curves import detector_curves
from engine.plots.detector_values import DetectorCurvesView
from tui.controls.class_jump import ClassJump
from tui.controls.export import export
from tui.curves.detector_pane import DetectorCurvesPane
from tui.curves.paint.detector_files import curves_file
from tui.curves.paint.explained import point_explanation
from tui.curves.pane import PLOT_NAMES, CurvesPane
from tui.desk.detected import Detected
from tui.desk.tab import Tab
from tui.desk.view_strip import ViewStrip
from tui.terminal.capabilities import Graphics

DRAWN: Final = 600  # points of a curve, for drawing only
ALL_CLASSES: Final = "all classes"
ABOUT_CONFIDENCES: Final = {"calibration", "confidences"}  # plots


class DetectorCurvesTab(Tab):
    """Follows the operating point while it is in sight; None among the chosen means all classes."""

    purpose = (
        "Curves: what every confidence threshold would give. Walk along a curve, and take "
        "the threshold under the cursor."
    )

    @dataclass
    class Drawn(Message):
        """The curves at an operating point."""

        view: DetectorCurvesView
        chosen: tuple[int | None, ...]
        focused: Ranking | None

    @dataclass
    class Scored(Message):
        """How far the confidences of the focused curve of a view can be trusted."""

        view: DetectorCurvesView
        reliability: Reliability
        density: Density

    def __init__(
        self, detection: Detection, graphics: Graphics, floor: float = 0.0, *, id: str
    ) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.floor = floor  # confidence below which the model itself is silent
        self.detection = detection
        self.assessed: Detected | None = None
        self.chosen: tuple[int | None, ...] = (None,)
        self.focus_at = 0
        self.focused: Ranking | None = None  # the predictions of the curve in focus
        self.shown: tuple[OperatingPoint, tuple[int | None, ...], int] | None = None

    def compose(self) -> ComposeResult:
        names = {plot: PLOT_NAMES[plot] for plot in DetectorCurvesPane.PLOTS}
        yield ViewStrip(names, "v next")
        yield DetectorCurvesPane(self.detection.classes, self.graphics, id="curves-pane")

    @property
    def pane(self) -> DetectorCurvesPane:
        """What shows the plots."""
        return self.query_one(DetectorCurvesPane)

    def follow(self, assessed: Detected) -> None:
        """Another operating point."""
        self.assessed = assessed
        if self.display:
            self.work_out()

    @property
    def explanation(self) -> Explanation | None:
        """Of the point under the cursor."""
        return point_explanation(self.pane.view, self.pane.state)

    def on_mount(self) -> None:
        self.watch(self.pane, "turn", self.score_if_seen, init=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self.score_if_seen)

    def on_show(self) -> None:
        self.work_out()

    def choose(self, chosen: tuple[int | None, ...], focus: int) -> None:
        """Other classes, one of them in focus."""
        self.chosen, self.focus_at = chosen, focus
        self.work_out()

    def show_class(self, class_: int | None) -> None:
        """One more class, in focus."""
        if class_ not in self.chosen:
            self.chosen = (*self.chosen, class_)
        self.choose(self.chosen, self.chosen.index(class_))

    def work_out(self) -> None:
        """Draw anew what changed: of another confidence only the marks."""
        if self.assessed is None:
            return
        point = self.assessed.wish.point
        key = (replace(point, confidence=0.0), self.chosen, self.focus_at)
        if key == self.shown:
            self.mark(self.assessed)
        else:
            self.draw(self.assessed, self.chosen, self.focus_at)

    def mark(self, assessed: Detected) -> None:
        """The same curves with the marks of another confidence."""
        self.pane.view = _marked(self.pane.view, assessed)

    @work(thread=True, group="curves", exclusive=True, exit_on_error=False)
    def draw(self, assessed: Detected, chosen: tuple[int | None, ...], focus: int) -> None:
        worker = get_current_worker()
        made = detector_curves(
            assessed.evaluation,
            assessed.wish.point,
            chosen,
            focus,
            self.floor,
            lambda: worker.is_cancelled,
        )
        if made is not None:
            view, focused = made
            self.post_message(self.Drawn(_marked(view, assessed), chosen, focused))

    def score_if_seen(self) -> None:
        """Two of the plots take as long as the curves, and have room only at times."""
        seen = ABOUT_CONFIDENCES & set(self.pane.shown)
        if seen and self.focused is not None and self.pane.view.reliability is None:
            self.score(self.pane.view, self.focused)

    @work(thread=True, group="scored", exclusive=True, exit_on_error=False)
    def score(self, view: DetectorCurvesView, focused: Ranking) -> None:
        worker, scored = (
            get_current_worker(),
            self.Scored(view, reliability(focused), density(focused)),
        )
        if not worker.is_cancelled:
            self.post_message(scored)

    @on(Scored)
    def take_scored(self, message: Scored) -> None:
        shown = self.pane.view
        if shown.curves == message.view.curves:
            self.pane.view = replace(
                shown, reliability=message.reliability, density=message.density
            )

    @on(Drawn)
    def take(self, message: Drawn) -> None:
        point = replace(message.view.point, confidence=0.0)
        self.shown = (point, message.chosen, self.focus_at)
        before, self.pane.view = self.pane.view, message.view
        if len(before.curves) != len(message.view.curves):
            self.pane.refresh_bindings()
        self.pane.focus_curve(self.focus_at)
        self.focused = message.focused
        self.score_if_seen()
        made, wanted = message.view, None if self.assessed is None else self.assessed.wish
        if wanted is not None and (wanted.point, wanted.goal) != (made.point, made.goal):
            self.work_out()

    @on(CurvesPane.PlotsInSight)
    def name_plots(self, message: CurvesPane.PlotsInSight) -> None:
        self.query_one(ViewStrip).shown = message.plots

    @on(ViewStrip.Chosen)
    def show_plot(self, message: ViewStrip.Chosen) -> None:
        self.pane.show_plot(message.view)

    @on(CurvesPane.FocusChanged)
    def change_focus(self, message: CurvesPane.FocusChanged) -> None:
        if message.index != self.focus_at:
            # No plot may name the new class over the numbers of the old one.
            self.pane.view = replace(self.pane.view, reliability=None, density=None)
            self.choose(self.chosen, message.index)

    @on(CurvesPane.ThresholdChosen)
    def take_threshold(self, message: CurvesPane.ThresholdChosen) -> None:
        self.post_message(self.ConfidenceWanted(message.confidence))

    @on(CurvesPane.ClassAsked)
    def ask_class(self) -> None:
        def add(class_: int | None) -> None:
            if class_ is not None:
                self.show_class(class_)

        self.app.push_screen(ClassJump(self.detection.classes), add)

    @on(CurvesPane.ClassDropped)
    def drop_class(self, message: CurvesPane.ClassDropped) -> None:
        left = self.chosen[: message.index] + self.chosen[message.index + 1 :]
        self.choose(left or (None,), max(min(self.focus_at, len(left) - 1), 0))

    @on(CurvesPane.ExportAsked)
    def export_curves(self) -> None:
        view, state = self.pane.view, self.pane.state
        export(self, Path("curves.csv"), lambda path: curves_file(view, state, path.suffix))


def _marked(view: DetectorCurvesView, assessed: Detected) -> DetectorCurvesView:
    """With the operating point and the optimum."""
    return replace(
        view,
        point=assessed.wish.point,
        optimum=assessed.optimum,
        goal=assessed.best.goal,
        flat=assessed.flat,
    )
