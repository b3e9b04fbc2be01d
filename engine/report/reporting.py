"""The report of whatever was opened: one call for every kind of assessment."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from engine.cards.operating_point import SavedPoint
from engine.classification.classification import Classification
from engine.core.errors import DataError
from engine.core.thresholds import Scorecard, WantedConfidence
from engine.detection.detection import Detection
from engine.opening import Opened
from engine.report.baseline.kept import Baseline, ClassificationBaseline, DetectionBaseline
from engine.report.classification_facts import ClassificationFacts, classification_facts
from engine.report.classification_text import classification_text
from engine.report.extra_table import ExtraTables
from engine.report.facts import ReportFacts, ReportValue, detection_facts
from engine.report.making import ReportMaking
from engine.report.markdown import classification_markdown, detection_markdown
from engine.report.saving import classification_point, detection_point
from engine.report.text import detection_text


@dataclass(frozen=True)
class Report:
    """The same facts in each form, written when they are asked for."""

    values: Callable[[], dict[str, ReportValue]]  # plain values with the keys that others rely on
    text: Callable[[], str]  # for people
    markdown: Callable[[ExtraTables], str]  # for a merge request
    html: Callable[[ReportMaking, ExtraTables], str]  # for a browser
    point: Callable[[], SavedPoint]  # to save; without model, date and version
    scorecard: Callable[[float], Scorecard]  # at another confidence
    facts: ReportFacts | ClassificationFacts  # that all of these say
    baseline: Callable[[], Baseline]  # what a later report is tested against


def reported(
    opened: Opened,
    iou: float,
    confidence: WantedConfidence,
    *,
    with_intervals: bool,
    with_error_types: bool = False,
) -> Report:
    """At a confidence; iou and error types are the detector's.

    Raises DataError for top-1 of a detector, and for error types of a classifier.
    """
    assessment = opened.assessment
    match assessment:
        case Detection():
            found = ReportFacts.of(
                assessment,
                opened,
                iou,
                confidence,
                with_intervals=with_intervals,
                with_error_types=with_error_types,
            )
            return Report(
                partial(detection_facts, found),
                partial(detection_text, found),
                partial(detection_markdown, found),
                partial(_detection_html, found),
                partial(detection_point, found),
                found.at_iou.scorecard,
                found,
                partial(DetectionBaseline.of, found),
            )
        case Classification():
            if with_error_types:
                raise DataError(
                    assessment.dataset.source,
                    "has one class for each image: --error-types is for detectors, whose boxes "
                    "can be wrong in six ways; the matrix has all errors of a classifier",
                )
            facts = ClassificationFacts.of(
                assessment, opened, confidence, with_intervals=with_intervals
            )
            return Report(
                partial(classification_facts, facts),
                partial(classification_text, facts),
                partial(classification_markdown, facts),
                partial(_classification_html, facts),
                partial(classification_point, facts),
                assessment.answers.scorecard,
                facts,
                partial(ClassificationBaseline.of, facts),
            )
        case _:
            assert_never(assessment)


# Pages bring a library for templates, which the other forms need not wait for.


def _detection_html(facts: ReportFacts, making: ReportMaking, extra: ExtraTables = ()) -> str:
    from engine.report.html.detection_page import detection_page
    from engine.report.html.page import html_page

    return html_page(detection_page(facts, making, extra))


def _classification_html(
    facts: ClassificationFacts, making: ReportMaking, extra: ExtraTables = ()
) -> str:
    from engine.report.html.classification_page import classification_page
    from engine.report.html.page import html_page

    return html_page(classification_page(facts, making, extra))
