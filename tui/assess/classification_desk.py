"""Image classification on the main screen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

import numpy as np
from rich.text import Text

from engine.cards.operating_point import SavedPoint
from engine.classification.classification import Classification
from engine.classification.label_errors import label_suspicion
from engine.classification.probability_metrics import ProbabilityMetrics, probability_metrics
from engine.core.arrays import NOTHING
from engine.core.outcomes import Outcomes
from engine.core.thresholds import OperatingPoint
from engine.opening import Opened
from engine.report.saving import point_at
from engine.util.words import number
from tui.assess.shared_tabs import compare_tab, feed_tab, matrix_tab, run_tab, whatif_tab
from tui.curves.classifier_tab import ClassifierCurvesTab
from tui.desk.assessed import Wish
from tui.desk.classified import (
    ANY_IOU,
    CLASSIFIER_GOALS,
    Classified,
    first_classified,
)
from tui.desk.desk import Desk, FeedOrder, Knob, Turn, next_of
from tui.desk.pages import image_size
from tui.desk.start_point import first_goal
from tui.desk.tab import TabSpec
from tui.drawing.summaries import classification_summary
from tui.drawing.terms import IMAGES, Terms
from tui.image.image import ImageSource
from tui.image.probabilities import ProbabilityScreen, ProbabilityView
from tui.metrics.classifier_tab import ClassifierMetricsTab
from tui.pictures.paint.answers import AnswerItem
from tui.pictures.paint.previews import Verdict
from tui.terminal.capabilities import Graphics

SUSPECTS: Final = "suspected label"
MARGIN: Final = "margin"
METRICS, CURVES = "#metrics-pane", "#curves-pane"  # where the focus is in these tabs


def _goal(wish: Wish) -> Wish:
    """Another meaning of optimal; the threshold stays where it is until one goes there."""
    return replace(wish, goal=next_of(CLASSIFIER_GOALS, wish.goal))


class ClassificationDesk(Desk[Classified]):
    """A classifier's probabilities against the one class of each image."""

    terms: ClassVar[Terms] = IMAGES
    knobs: tuple[Knob, ...] = (Knob("confidence", "conf"),)
    orders: ClassVar[tuple[FeedOrder, ...]] = (
        FeedOrder("probability", "by probability, highest first", "by probability, lowest first"),
        FeedOrder(MARGIN, "by margin, widest first", "by margin, narrowest first"),
        FeedOrder(
            "confident and wrong",
            "most confident and wrong first",
            "most confident and right first",
        ),
        FeedOrder(
            SUSPECTS,
            "suspected label errors first",
            "labels beyond doubt first",
            "How to read it: the earlier an image comes, the surer the model is of another class "
            "than the label. Either may be wrong: look.",
        ),
    )
    turns: ClassVar[Mapping[str, Turn]] = {"goal": _goal}
    at_zero: ClassVar[str] = "top-1, no threshold"
    suspects: ClassVar[str] = SUSPECTS
    counts_at_class_thresholds: ClassVar[bool] = False

    def __init__(self, opened: Opened, classification: Classification) -> None:
        super().__init__(opened)
        self.classification = classification
        made = classification
        self.tabs = (
            matrix_tab(self),
            TabSpec(
                "metrics",
                "2",
                "Metrics",
                METRICS,
                lambda _: ClassifierMetricsTab(made, id="metrics"),
            ),
            TabSpec(
                "curves",
                "3",
                "Curves",
                CURVES,
                lambda around: ClassifierCurvesTab(made, around.graphics, id="curves"),
            ),
            feed_tab(self),
            whatif_tab(self),
            run_tab(self),
            compare_tab(self),
        )

    @property
    def assessment(self) -> Classification:
        return self.classification

    def first(self) -> Classified:
        saved = self.start_point.saved
        point = None if saved is None else self.point_of(saved)
        return first_classified(self.classification, first_goal(self.opened, saved), point)

    def point_of(self, saved: SavedPoint) -> OperatingPoint:
        return OperatingPoint(ANY_IOU, saved.confidence)

    def to_save(self, assessed: Classified, intervals: None) -> SavedPoint:
        point = OperatingPoint(np.nan, assessed.wish.point.confidence)
        return point_at(self.classification.dataset, assessed.wish.goal, assessed.card, point)

    def summarise(self) -> ProbabilityMetrics:
        """What comes from probabilities and knows no threshold."""
        return probability_metrics(self.classification)

    # In words

    def summary_line(
        self, assessed: Classified, summary: ProbabilityMetrics | None, width: int
    ) -> Text:
        return classification_summary(
            self.standing(assessed),
            assessed.counts,
            summary,
            assessed.wish.point.confidence,
            assessed.best,
            self.classification.unanswered,
            width,
        )

    def order_note(self, assessed: Classified, order: FeedOrder) -> str:
        """How to read the order; confident learning says how many labels are in doubt."""
        if not assessed.wish.descending:
            return ""  # the notes tell what comes first, which now comes last
        if order.name != SUSPECTS:
            return order.note
        suspected = int(np.count_nonzero(label_suspicion(self.classification).suspected))
        whole = len(self.classification.probabilities)
        return (
            f"{order.note} Confident learning suspects {number(suspected, 'label')} of {whole:,}."
        )

    # The feed and the image one opens from it

    def preview(self, assessed: Classified, rows: Outcomes, row: int) -> AnswerItem:
        made, images = self.classification, self.classification.images
        image, prediction = int(rows.image[row]), int(rows.prediction[row])
        truth, top = int(rows.truth[row]), int(made.top.class_[prediction])
        verdict: Verdict = "right" if truth == top else "wrong"
        confidence, margin = float(rows.confidence[row]), np.nan
        if assessed.wish.order == MARGIN:
            margin = confidence - float(made.values.runner_up[prediction])
        return AnswerItem(
            image=image,
            name=images.name[image],
            path=images.path[image],
            truth=made.classes[truth],
            predicted=made.classes[top],
            confidence=confidence,
            verdict="" if int(rows.predicted[row]) == NOTHING else verdict,
            margin=margin,
            size=image_size(images, image),
        )

    def image(self, assessed: Classified, image: int, focus: tuple[int, int]) -> ProbabilityView:
        images, confidence = self.classification.images, assessed.wish.point.confidence
        return ProbabilityView(
            name=images.name[image],
            path=images.path[image],
            size=image_size(images, image),
            detail=assessed.evaluation.detail(image, confidence),
            confidence=confidence,
        )

    def image_screen(
        self, source: ImageSource, position: int, graphics: Graphics
    ) -> ProbabilityScreen:
        return ProbabilityScreen(source, position, graphics)
