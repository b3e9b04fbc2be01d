"""The line of numbers under the sliders: of all classes, and at which point they were made."""

from collections.abc import Sequence

from rich.text import Text

from engine.classification.answer_counts import AnswerCounts, macro
from engine.classification.probability_metrics import TOP, ProbabilityMetrics
from engine.core.goals import GoalOptimum
from engine.core.thresholds import OperatingPoint, Scorecard
from engine.detection.coco.summary import CocoSummary
from engine.util.words import number, share


def point_words(point: OperatingPoint) -> str:
    """`IoU .50 · confidence .412 · class-first`."""
    confidence = "of each class" if point.per_class else share(point.confidence, 3)
    return f"IoU {share(point.iou)} · confidence {confidence} · {point.matching}"


def detection_summary(
    card: Scorecard,
    point: OperatingPoint,
    best: GoalOptimum,
    no_optimum: str,
    ignored: int,
    coco: CocoSummary | None,
    width: int,
) -> Text:
    """One line of the numbers at an operating point, with as much as fits the width.

    no_optimum says why best is none; empty where it is one.
    """
    return one_line(
        [
            f"P {share(card.precision, 3)}  R {share(card.recall, 3)}  F1 {share(card.f1, 3)}",
            no_optimum,
            f"at {point_words(point)}",
            f"TP {card.true_positives:,}  FP {card.false_positives:,}  FN {card.not_detected:,}",
            f"AP {share(coco.AP, 3)}  AP50 {share(coco.AP50, 3)}" if coco else "",
            "" if no_optimum else optimum_words(best),
            f"{ignored:,} ignored on crowds" if ignored else "",
        ],
        width,
    )


def classification_summary(
    counts: AnswerCounts,
    probability: ProbabilityMetrics | None,
    confidence: float,
    best: GoalOptimum,
    no_optimum: str,
    unanswered: int,
    width: int,
) -> Text:
    """One line of a classifier's numbers; probability is None until it is worked out.

    no_optimum says why best is none; unanswered images have no prediction and count in none
    of the numbers.
    """
    accuracy, withheld = share(counts.accuracy, 3), counts.withheld
    balanced, f1 = (share(macro(values).value, 3) for values in (counts.recall, counts.f1))
    from_probabilities = []
    if probability is not None:
        from_probabilities = [
            f"top-5 {share(probability.top5_accuracy, 3)}" if len(counts.images) > TOP else "",
            f"log loss {share(probability.log_loss, 3)}",
            f"ROC AUC {share(macro(probability.rank.roc_auc).value, 3)}",
        ]
    return one_line(
        [
            f"accuracy {accuracy}  balanced {balanced}  macro F1 {f1}",
            no_optimum,
            f"at {confidence_words(confidence)}",
            f"{number(unanswered, 'image')} without a prediction" if unanswered else "",
            *(from_probabilities[:2]),
            f"no answer {withheld:,} of {counts.total:,}" if confidence > 0 else "",
            *(from_probabilities[2:]),
            "" if no_optimum else optimum_words(best),
        ],
        width,
    )


def confidence_words(confidence: float) -> str:
    """`confidence .350`; at 0 the most probable class is always the answer."""
    return f"confidence {share(confidence, 3)}" if confidence > 0 else "top-1, no threshold"


def answered_at(confidence: float) -> str:
    """What a classifier's count at a confidence depends on."""
    if confidence <= 0:
        return "top-1: the most probable class of each image, the first of equal ones"
    return f"top-1 where its confidence \N{GREATER-THAN OR EQUAL TO} {share(confidence, 3)}"


def one_line(parts: Sequence[str], width: int) -> Text:
    """The parts, each left out where it does not fit any more."""
    line = ""
    for part in parts:
        longer = f"{line}   {part}" if line else part
        if part and len(longer) <= width:
            line = longer
    return Text(line, no_wrap=True, overflow="ellipsis")


def optimum_words(best: GoalOptimum) -> str:
    """`optimal F1 .773 at .487`."""
    return f"optimal {best.goal.words} {share(best.value, 3)} at {share(best.confidence, 3)}"
