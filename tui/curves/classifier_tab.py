"""The curves of chosen classes of a classifier: worked out when someone looks at them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from engine.classification.classification import Classification
from engine.classification.probability_metrics import probability_metrics
from engine.core.explanation import Explanation
from engine.plots.classifier_curves import classifier_curves, marked
from engine.plots.classifier_values import ClassifierCurvesView
from tui.controls.class_jump import ClassJump
from tui.controls.export import export
from tui.curves.classifier_pane import ClassifierCurvesPane
from tui.curves.glance_pane import GlanceTable
from tui.curves.glance_tab import Glance
from tui.curves.paint.classifier_files import classifier_curves_file
from tui.curves.paint.classifier_words import classifier_point_explanation
from tui.curves.pane import PLOT_NAMES, CurvesPane
from tui.desk.assessed import Assessed
from tui.desk.tab import Tab
from tui.desk.view_strip import ViewStrip
from tui.tables.walked_table import WalkedTable
from tui.terminal.capabilities import Graphics

GLANCE: Final = "glance"  # beside the ids of plots


class ClassifierCurvesTab(Tab):
    """Follows the confidence while it is in sight; in focus is one of the chosen classes."""

    purpose = (
        "Curves: what every confidence threshold would give. Walk along a curve, and take "
        "the threshold under the cursor."
    )

    DEFAULT_CSS = "ClassifierCurvesTab Glance { display: none; }"

    @dataclass
    class Drawn(Message):
        """The curves of chosen classes."""

        view: ClassifierCurvesView
        chosen: tuple[int, ...]
        focus: int

    @dataclass
    class Ranked(Message):
        """The classes by AUC, the worst first."""

        classes: tuple[int, ...]

    def __init__(self, classification: Classification, graphics: Graphics, *, id: str) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.classification = classification
        self.assessed: Assessed | None = None
        self.chosen: tuple[int, ...] = (0,)
        self.focus_at = 0
        self.shown: tuple[tuple[int, ...], int] | None = None
        self.ranked: tuple[int, ...] = ()  # classes by AUC, the worst first, once it is known

    def compose(self) -> ComposeResult:
        names = {plot: PLOT_NAMES[plot] for plot in ClassifierCurvesPane.PLOTS}
        yield ViewStrip({**names, GLANCE: "At a glance"}, "v next · o all classes")
        yield ClassifierCurvesPane(self.classification.classes, self.graphics, id="curves-pane")
        yield Glance(self.classification, id="glance")

    @property
    def pane(self) -> ClassifierCurvesPane:
        """What shows the plots."""
        return self.query_one(ClassifierCurvesPane)

    @property
    def glance(self) -> Glance:
        """What shows all classes."""
        return self.query_one(Glance)

    @property
    def explanation(self) -> Explanation | None:
        """Of the point under the cursor, or of the number in focus."""
        if self.glance.display:
            return self.glance.explanation
        return classifier_point_explanation(self.pane.view, self.pane.state)

    # What is shown

    def follow(self, assessed: Assessed) -> None:
        """Another confidence."""
        self.assessed = assessed
        if self.display:
            self.work_out()

    def complete(self, summary: Any) -> None:
        """What takes long is worked out, and remembered."""
        self.rank_classes()

    @work(thread=True, group="rank", exclusive=True, exit_on_error=False)
    def rank_classes(self) -> None:
        auc = probability_metrics(self.classification).rank.roc_auc
        self.post_message(self.Ranked(tuple(np.argsort(auc, kind="stable").tolist())))

    @on(Ranked)
    def take_ranking(self, message: Ranked) -> None:
        self.ranked = message.classes
        if self.display:
            self.work_out()

    def on_show(self) -> None:
        self.work_out()

    def entered(self) -> None:
        """The keys go to what is in sight."""
        if self.glance.display:
            self.glance.focus_table()
        else:
            self.pane.focus()

    def show_class(self, class_: int | None) -> None:
        """The curves of a class, or all classes at a glance."""
        if class_ is not None:
            self.chosen, self.focus_at = (class_,), 0
        self.show_glance(class_ is None)

    def show_glance(self, shown: bool) -> None:
        """All classes, or the curves of the chosen ones."""
        self.glance.display, self.pane.display = shown, not shown
        self.name_views()
        if self.display:
            self.work_out()
            self.entered()

    def choose(self, chosen: tuple[int, ...], focus: int) -> None:
        """Other classes, one of them in focus."""
        self.chosen, self.focus_at = chosen, focus
        self.work_out()

    def work_out(self) -> None:
        """Draw anew what changed: of another confidence only the marks."""
        if self.assessed is None:
            return
        if self.glance.display:
            if self.ranked:
                self.glance.look(self.assessed)
        elif (self.chosen, self.focus_at) == self.shown:
            wish = self.assessed.wish
            self.pane.view = marked(
                self.pane.view,
                self.chosen,
                self.focus_at,
                wish.point,
                self.assessed.matrix,
                wish.goal,
            )
        else:
            self.draw(self.assessed, self.chosen, self.focus_at)

    @work(thread=True, group="curves", exclusive=True, exit_on_error=False)
    def draw(self, assessed: Assessed, chosen: tuple[int, ...], focus: int) -> None:
        worker = get_current_worker()
        view = classifier_curves(
            self.classification,
            assessed.wish.point,
            assessed.matrix,
            assessed.wish.goal,
            chosen,
            focus,
            lambda: worker.is_cancelled,
        )
        if view is not None and not worker.is_cancelled:
            self.post_message(self.Drawn(view, chosen, focus))

    @on(Drawn)
    def take(self, message: Drawn) -> None:
        if (message.chosen, message.focus) != (self.chosen, self.focus_at):
            return  # a newer choice is on its way
        self.shown = message.chosen, message.focus
        before = len(self.pane.view.curves)
        self.pane.view = message.view
        self.pane.focus_curve(self.focus_at)
        if before != len(message.view.curves):
            self.pane.refresh_bindings()
        made, wanted = message.view, None if self.assessed is None else self.assessed.wish
        if wanted is not None and (wanted.point, wanted.goal) != (made.point, made.goal):
            self.work_out()

    @on(CurvesPane.PlotsInSight)
    def name_views(self) -> None:
        """Say above what is in sight."""
        self.query_one(ViewStrip).shown = (GLANCE,) if self.glance.display else self.pane.shown

    # What the person asks

    @on(ViewStrip.Chosen)
    def show_view(self, message: ViewStrip.Chosen) -> None:
        self.show_glance(message.view == GLANCE)
        if message.view != GLANCE:
            self.pane.show_plot(message.view)

    @on(CurvesPane.FocusChanged)
    def change_focus(self, message: CurvesPane.FocusChanged) -> None:
        if message.index != self.focus_at:
            self.choose(self.chosen, message.index)

    @on(CurvesPane.ThresholdChosen)
    def take_threshold(self, message: CurvesPane.ThresholdChosen) -> None:
        self.post_message(self.ConfidenceWanted(message.confidence))

    @on(ClassifierCurvesPane.SelectionAsked)
    def ask_class(self) -> None:
        def choose(class_: int | None) -> None:
            if class_ is not None:
                self.choose((class_,), 0)

        self.app.push_screen(ClassJump(self.classification.classes), choose)

    @on(CurvesPane.ClassAsked)
    def ask_another(self) -> None:
        def add(class_: int | None) -> None:
            if class_ is not None:
                chosen = self.chosen if class_ in self.chosen else (*self.chosen, class_)
                self.choose(chosen, chosen.index(class_))

        self.app.push_screen(ClassJump(self.classification.classes), add)

    @on(CurvesPane.ClassDropped)
    def drop_class(self, message: CurvesPane.ClassDropped) -> None:
        left = self.chosen[: message.index] + self.chosen[message.index + 1 :]
        if left:
            self.choose(left, min(self.focus_at, len(left) - 1))

    @on(ClassifierCurvesPane.Stepped)
    def step(self, message: ClassifierCurvesPane.Stepped) -> None:
        """Along the ranking by AUC, the worst first, round at its end."""
        order = self.ranked or tuple(range(len(self.classification.classes)))
        place = order.index(self.chosen[self.focus_at])
        self.choose((order[(place + message.by) % len(order)],), 0)

    @on(ClassifierCurvesPane.OverviewAsked)
    def show_all(self) -> None:
        self.show_glance(True)

    @on(GlanceTable.Closed)
    def show_curves(self) -> None:
        self.show_glance(False)

    @on(Glance.Chosen)
    def show_chosen(self, message: Glance.Chosen) -> None:
        self.show_class(message.class_)

    @on(WalkedTable.MatrixAsked)
    def show_in_matrix(self, message: WalkedTable.MatrixAsked) -> None:
        self.post_message(self.ClassWanted("matrix", message.class_))

    @on(CurvesPane.ExportAsked)
    def export_curves(self) -> None:
        view, state = self.pane.view, self.pane.state
        export(
            self, Path("curves.csv"), lambda path: classifier_curves_file(view, state, path.suffix)
        )
