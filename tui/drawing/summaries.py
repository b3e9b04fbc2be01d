"""The line of numbers under the sliders: of all classes, and at which point they were made."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from engine.classification.answer_counts import AnswerCounts, macro
from engine.classification.probability_metrics import TOP, ProbabilityMetrics
from engine.core.goals import GoalOptimum, best_words
from engine.core.thresholds import OperatingPoint, Scorecard
from engine.detection.coco.summary import CocoSummary
from engine.util.words import iou_threshold, number, share, threshold

BETWEEN: Final = "   "


def point_words(point: OperatingPoint) -> str:
    """`IoU .50 · confidence .412 · class-first`."""
    confidence = "of each class" if point.per_class else threshold(point.confidence)
    return f"IoU {iou_threshold(point.iou)} · confidence {confidence} · {point.matching}"


def detection_summary(
    standing: Sequence[str],
    card: Scorecard,
    point: OperatingPoint,
    best: GoalOptimum,
    ignored: int,
    coco: CocoSummary | None,
    width: int,
) -> Text:
    """One line of the numbers at an operating point, with as much as fits the width.

    standing says where the confidence stands, at length and then in less room.
    """
    f1 = f"F1 {share(card.f1, 3)}"
    ratios = f"P {share(card.precision, 3)}  R {share(card.recall, 3)}  {f1}", f1
    stands = fitting(standing, width - len(BETWEEN) - len(ratios[0]))
    return one_line(
        [
            stands,
            fitting(ratios, width - len(BETWEEN) - len(stands)),
            f"IoU {iou_threshold(point.iou)} · {point.matching}",
            f"TP {card.true_positives:,}  FP {card.false_positives:,}  FN {card.not_detected:,}",
            f"AP {share(coco.AP, 3)}  AP50 {share(coco.AP50, 3)}" if coco else "",
            reached_words(best, point.confidence),
            f"{ignored:,} ignored on crowds" if ignored else "",
        ],
        width,
    )


def classification_summary(
    standing: Sequence[str],
    counts: AnswerCounts,
    probability: ProbabilityMetrics | None,
    confidence: float,
    best: GoalOptimum,
    unanswered: int,
    width: int,
) -> Text:
    """One line of a classifier's numbers; probability is None until it is worked out.

    standing says where the confidence stands, at length and then in less room.
    unanswered images have no prediction and count in none of the numbers.
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
    ratios = (
        f"accuracy {accuracy}  balanced {balanced}  macro F1 {f1}",
        f"accuracy {accuracy}  macro F1 {f1}",
        f"accuracy {accuracy}",
    )
    # What does not count or has no answer is said before further means of the rest.
    notes = [
        f"{number(unanswered, 'image')} without a prediction" if unanswered else "",
        f"no answer {withheld:,} of {counts.total:,}" if confidence > 0 else "",
    ]
    room = width - len(BETWEEN) - sum(len(BETWEEN) + len(note) for note in notes if note)
    stands = fitting(standing, room - len(ratios[0]))
    return one_line(
        [
            stands,
            fitting(ratios, room - len(stands)),
            *notes,
            *from_probabilities,
            reached_words(best, confidence),
        ],
        width,
    )


def answered_at(confidence: float) -> str:
    """What a classifier's count at a confidence depends on."""
    if confidence <= 0:
        return "top-1: the most probable class of each image, the first of equal ones"
    return f"top-1 where its confidence \N{GREATER-THAN OR EQUAL TO} {threshold(confidence)}"


def one_line(parts: Sequence[str], width: int) -> Text:
    """The parts, each left out where it does not fit any more."""
    line = ""
    for part in parts:
        longer = f"{line}{BETWEEN}{part}" if line else part
        if part and len(longer) <= width:
            line = longer
    return Text(line, no_wrap=True, overflow="ellipsis")


def fitting(words: Sequence[str], room: int) -> str:
    """The first of these that fits, or the last."""
    return next((each for each in words if len(each) <= room), words[-1])


def reached_words(best: GoalOptimum, confidence: float) -> str:
    """`best F1 is .773`: what the way to another confidence is worth."""
    there = confidence == best.confidence or not best.value > 0
    return "" if there else f"{best_words(best.goal)} is {share(best.value, 3)}"
