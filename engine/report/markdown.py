"""The report as Markdown that fits a merge request: the numbers in sight, the rest folded."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from engine.classification.class_metrics import IN_REPORT as CLASS_METRICS
from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.core.intervals import Interval
from engine.core.matrix import ConfusionMatrix
from engine.detection.table_metrics import FALSE_ALARMS
from engine.detection.table_metrics import IN_REPORT as TABLE_METRICS
from engine.opening import Opened
from engine.report.classification_facts import ClassificationFacts
from engine.report.extra_table import ExtraTable, ExtraTables
from engine.report.facts import ReportFacts
from engine.report.making import WithoutFolders
from engine.report.markdown_parts import details, escaped, fitting, markdown_table
from engine.report.matrix_text import cut, matrix_rows, most_confused, without
from engine.report.point_words import point_words
from engine.util.words import iou_threshold, number, percent, share, threshold

CLASSES_SHOWN: Final = 100
CONFUSIONS_SHOWN: Final = 15
MATRIX_SHOWN: Final = 12  # classes
FAILURES_SHOWN: Final = 20
NAME_ROOM: Final = 80  # letters
MORE: Final = "--format json has all of them"


def detection_markdown(facts: ReportFacts, extra: ExtraTables = ()) -> str:
    """Of a detector: the totals, then matrix, confusions and classes to unfold."""
    return fitting(partial(_detection, facts, extra))


def classification_markdown(facts: ClassificationFacts, extra: ExtraTables = ()) -> str:
    """Of a classifier, in the same order."""
    return fitting(partial(_classification, facts, extra))


def _detection(facts: ReportFacts, extra: ExtraTables, room: float) -> str:
    opened, detection, point = facts.opened, facts.detection, facts.point
    matrix, card = facts.at_iou.matrix(point.confidence), facts.at_iou.scorecard(point.confidence)
    coco, found, metrics = facts.coco.summary, facts.intervals, facts.metrics
    head = (
        f"{number(len(detection.images), 'image')}{without(opened)}, "
        f"{number(int(matrix.ground_truths.sum()), 'ground truth')}, "
        f"{number(len(detection.predictions), 'prediction')}, "
        f"{number(len(detection.classes), 'class', 'classes')}",
        f"IoU {iou_threshold(point.iou)} · confidence "
        f"{threshold(point.confidence, facts.best.confidence)} ({facts.source}) · "
        f"matching {point.matching}",
    )
    counts = (
        f"true positives {card.true_positives:,} · false positives {card.false_positives:,} · "
        f"not found as their class {card.not_detected:,} · ignored on crowds {matrix.ignored:,}",
        point_words(point.confidence, facts.source, facts.best),
    )
    numbers = {
        "precision": card.precision,
        "recall": card.recall,
        "F1": card.f1,
        "AP": coco.AP,
        "AP50": coco.AP50,
        "AP75": coco.AP75,
        "AP small": coco.APs,
        "AP medium": coco.APm,
        "AP large": coco.APl,
        FALSE_ALARMS.in_report: float(metrics.false_alarms_per_image[-1]),
    }
    intervals = (
        {}
        if found is None
        else {
            "precision": found.precision,
            "recall": found.recall,
            "F1": found.f1,
            "AP": found.ap,
            "AP50": found.ap50,
            FALSE_ALARMS.in_report: found.false_alarms_per_image,
        }
    )
    ratios = [metric.values(metrics) for metric in TABLE_METRICS]
    rows = [
        [
            _name(name),
            f"{metrics.ground_truths[c]:,}",
            f"{metrics.predictions[c]:,}",
            *(share(float(values[c]), 3) for values in ratios),
        ]
        for c, name in enumerate(detection.classes)
    ]
    columns = ["class", "ground truths", "predictions", *(each.in_report for each in TABLE_METRICS)]
    return _joined(
        _title(opened, detection.dataset.source.name),
        _lines(head),
        _totals(numbers, intervals),
        _bullets(counts),
        *map(_extra, extra),
        *_tables(matrix, detection.classes, columns, rows, room),
        _noticed(opened, room),
    )


def _classification(facts: ClassificationFacts, extra: ExtraTables, room: float) -> str:
    opened, made, card, metrics = facts.opened, facts.made, facts.card, facts.metrics
    unanswered = f", {made.unanswered:,} without a prediction" if made.unanswered else ""
    head = (
        f"{number(len(made.images), 'image')}{without(opened) or unanswered}, "
        f"{number(len(made.classes), 'class', 'classes')}",
        f"confidence {threshold(facts.confidence, facts.best.confidence)} ({facts.source})",
    )
    counts = (
        f"right answers {card.true_positives:,} · wrong answers {card.false_positives:,} · "
        f"no answer {len(made.probabilities) - card.predictions:,}",
        point_words(facts.confidence, facts.source, facts.best),
    )
    titles = {key: metric.in_report for key, metric in HEADLINE_METRICS.items()}
    found = facts.intervals.of if facts.intervals else {}
    ratios = [metric.values(metrics) for metric in CLASS_METRICS]
    rows = [
        [
            _name(name),
            f"{metrics.images[c]:,}",
            f"{metrics.predictions[c]:,}",
            *(share(float(values[c]), 3) for values in ratios),
        ]
        for c, name in enumerate(made.classes)
    ]
    columns = ["class", "images", "answers", *(each.in_report for each in CLASS_METRICS)]
    return _joined(
        _title(opened, made.dataset.source.name),
        _lines(head),
        _totals(
            {titles[key]: value for key, value in metrics.headline.items()},
            {titles[key]: each for key, each in found.items()},
        ),
        _bullets(counts),
        *map(_extra, extra),
        *_tables(facts.matrix, made.classes, columns, rows, room),
        _noticed(opened, room),
    )


def _tables(
    matrix: ConfusionMatrix,
    classes: tuple[str, ...],
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    room: float,
) -> list[str]:
    """The matrix, the confusions and the classes, with so much of them as there is room for."""
    blocks = []
    if shown := int(MATRIX_SHOWN * room):
        chosen = most_confused(matrix, shown)
        part = "" if len(chosen) == len(classes) else f", the {len(chosen)} classes confused most"
        head, *body = matrix_rows(matrix, classes, chosen)
        table = markdown_table([escaped(name) for name in head], body)
        blocks.append(details(f"Confusion matrix (counts{part})", table))
    cells = matrix.confusions()
    if len(cells) and (most := int(CONFUSIONS_SHOWN * room)):
        truths = matrix.ground_truths
        lines = [
            f"- {escaped(_name(classes[truth]))} seen as {escaped(_name(classes[predicted]))}: "
            f"{matrix.counts[truth, predicted]:,} "
            f"({percent(matrix.counts[truth, predicted], truths[truth])} of its ground truths)"
            for truth, predicted in cells[:most]
        ]
        part = f", the first {len(lines)} of {len(cells):,}" if len(cells) > len(lines) else ""
        blocks.append(details(f"Largest confusions{part}", "\n".join(lines)))
    if most := int(CLASSES_SHOWN * room):
        part = f", the first {most} of {len(rows):,} ({MORE})" if len(rows) > most else ""
        blocks.append(details(f"Classes{part}", markdown_table(columns, rows[:most])))
    return blocks


def _title(opened: Opened, data: str) -> str:
    return f"### {escaped(_name(opened.answers))} on {escaped(_name(data))}"


def _totals(numbers: Mapping[str, float], intervals: Mapping[str, Interval]) -> str:
    """A row for each number; its interval where any has one."""
    head = ["", "value", *(["95 % interval"] if intervals else [])]
    rows = [[name, share(float(value), 3)] for name, value in numbers.items()]
    if intervals:
        for row in rows:
            each = intervals.get(row[0])
            row.append("" if each is None else f"{share(each.low, 3)} to {share(each.high, 3)}")
    return markdown_table(head, rows)


def _noticed(opened: Opened, room: float) -> str:
    """What was found on the way, and the first images that could not be scored."""
    without_folders = WithoutFolders.of(opened.inputs)
    failures = opened.failures[: int(FAILURES_SHOWN * room)]
    said = [without_folders(each) for each in opened.warnings]
    said += [f"{image}: {without_folders(reason)}" for image, reason in failures]
    if left := len(opened.failures) - len(failures):
        said.append(f"and {number(left, 'more image', 'more images')} that could not be scored")
    return details("Noticed", _bullets(said)) if said else ""


def _lines(lines: Sequence[str]) -> str:
    return "  \n".join(map(escaped, lines))


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)


def _name(name: str) -> str:
    return cut(name, NAME_ROOM)


def _extra(table: ExtraTable) -> str:
    body = markdown_table([escaped(each) for each in table.head], table.rows)
    return _joined(f"### {table.title}", escaped(table.caption), body, *map(escaped, table.notes))


def _joined(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"
