"""The page on a detector."""

from collections.abc import Iterable
from functools import partial
from typing import Final

import numpy as np

from engine.core.intervals import Interval
from engine.core.metric import rate_intervals
from engine.detection.coco.params import IOUS
from engine.detection.metrics import FEW_OBJECTS
from engine.detection.table_metrics import AT_IOU, TABLE_METRICS
from engine.report.counting import detection_counting, interval_counting
from engine.report.error_cells import largest_errors
from engine.report.extra_table import ExtraTables
from engine.report.facts import ReportFacts
from engine.report.html.blocks import (
    Block,
    NumberTile,
    PageSection,
    ReportPage,
    TableBlock,
    TableCell,
    TilesBlock,
    WordsBlock,
    ratio_cell,
)
from engine.report.html.curves import detector_plots
from engine.report.html.error_pictures import box_figure, error_section
from engine.report.html.matrix import matrix_table
from engine.report.html.pictures import PictureMaker
from engine.report.html.sections import (
    counting_section,
    extra_section,
    making_section,
    noticed_section,
)
from engine.report.making import ReportMaking, answers_digest, data_digest, named, opened_facts
from engine.report.matrix_text import without
from engine.report.point_words import point_words
from engine.util.words import iou_threshold, number, share, threshold

COLUMNS: Final = tuple(each for each in TABLE_METRICS.values() if each.group is not AT_IOU)
CLASSES_BY_IOU: Final = 100
ALL: Final = "all classes"


def detection_page(facts: ReportFacts, making: ReportMaking, extra: ExtraTables = ()) -> ReportPage:
    """All that is known at the operating point."""
    opened, detection, point = facts.opened, facts.detection, facts.point
    matrix = facts.at_iou.matrix(point.confidence)
    maker = PictureMaker(detection.images, making.pictures)
    errors = error_section(
        largest_errors(matrix, detection.classes),
        facts.at_iou.outcomes(point.confidence),
        detection.dataset.ground_truths.area,
        maker,
        partial(
            box_figure,
            dataset=detection.dataset,
            predictions=detection.predictions,
            maker=maker,
        ),
        "There is no error: every prediction found an object of its class, and every object was "
        "found.",
    )
    return ReportPage(
        title=f"{opened.answers} on {named(detection.dataset.source)}",
        lead=(
            f"Detection: {number(len(detection.images), 'image')}{without(opened)}, "
            f"{number(int(matrix.ground_truths.sum()), 'ground truth')}, "
            f"{number(len(detection.predictions), 'prediction')}, "
            f"{number(len(detection.classes), 'class', 'classes')}.",
            f"IoU {iou_threshold(point.iou)} · confidence "
            f"{threshold(point.confidence, facts.best.confidence)} ({facts.source}) · "
            f"matching {point.matching}.",
        ),
        sections=(
            PageSection("summary", "Summary", _summary(facts)),
            *map(extra_section, extra),
            noticed_section(opened, maker.words),
            PageSection("matrix", "Confusion matrix", (matrix_table(matrix, detection.classes),)),
            errors,
            PageSection("classes", "Classes", (_classes(facts),)),
            PageSection("ap", "Average precision by IoU", _by_iou(facts)),
            PageSection("curves", "Curves", detector_plots(facts)),
            counting_section(
                (
                    *detection_counting(point.iou, point.matching),
                    *([interval_counting(facts.intervals.samples)] if facts.intervals else []),
                ),
                [(each.heading, each.what) for each in COLUMNS],
            ),
            making_section(
                making,
                [
                    *opened_facts(opened),
                    *([("Model, sha256", opened.digest)] if opened.digest else []),
                    ("Ground truth, fingerprint", data_digest(detection)),
                    ("Predictions, fingerprint", answers_digest(detection)),
                ],
            ),
        ),
    )


def _summary(facts: ReportFacts) -> tuple[Block, ...]:
    card, coco = facts.at_iou.scorecard(facts.point.confidence), facts.coco.summary
    found = facts.intervals
    unknown = Interval(np.nan, np.nan)
    rates = (
        ("Precision", card.precision, found.precision if found else unknown),
        ("Recall", card.recall, found.recall if found else unknown),
        ("F1", card.f1, found.f1 if found else unknown),
        ("AP", coco.AP, found.ap if found else unknown),
        ("AP50", coco.AP50, found.ap50 if found else unknown),
        ("AP75", coco.AP75, unknown),
        ("AP small", coco.APs, unknown),
        ("AP medium", coco.APm, unknown),
        ("AP large", coco.APl, unknown),
    )
    counts = (
        ("True positives", card.true_positives),
        ("False positives", card.false_positives),
        ("Not found as their class", card.not_detected),
        ("Ignored on crowds", facts.at_iou.matrix(facts.point.confidence).ignored),
    )
    alarms = float(facts.metrics.false_alarms_per_image[-1])
    alarms_more = f"95 %: {interval_words(found.false_alarms_per_image)}" if found else ""
    blocks: list[Block] = [
        WordsBlock((point_words(facts.point.confidence, facts.source, facts.best),)),
        TilesBlock(tuple(rate_tiles(rates))),
        TilesBlock(
            (
                *(NumberTile(name, f"{count:,}") for name, count in counts),
                NumberTile("False alarms per image", share(alarms, 3), alarms_more),
            )
        ),
    ]
    if found is not None:
        interval = interval_words(found.optimum)
        blocks.append(WordsBlock((f"95 % interval of the optimal confidence: {interval}.",)))
    return tuple(blocks)


def rate_tiles(rates: Iterable[tuple[str, float, Interval]]) -> Iterable[NumberTile]:
    """Ratios in large letters, each with its bar and its interval."""
    for name, value, interval in rates:
        more = f"95 %: {interval_words(interval)}" if interval.defined else ""
        value, low, high = float(value), float(interval.low), float(interval.high)
        yield NumberTile(name, share(value, 3), more, value, low, high)


def interval_words(interval: Interval) -> str:
    """.512 to .604."""
    return f"{share(interval.low, 3)} to {share(interval.high, 3)}"


def _classes(facts: ReportFacts) -> TableBlock:
    """A row for each class, and one for all together."""
    metrics, names = facts.metrics, facts.detection.classes
    ends = rate_intervals(COLUMNS, metrics) if facts.intervals is not None else {}
    columns = [each.values(metrics) for each in COLUMNS]

    def row(name: str, place: int) -> tuple[TableCell, ...]:
        cells = [TableCell(name + (" *" if metrics.few[place] else ""))]
        for each, values in zip(COLUMNS, columns, strict=True):
            if each.is_count:
                cells.append(TableCell(f"{values[place]:,}"))
                continue
            more = ""
            if each.key in ends and place < len(names):
                low, high = (float(end[place]) for end in ends[each.key])
                more = interval_words(Interval(low, high))
            cells.append(ratio_cell(float(values[place]), more))
        return tuple(cells)

    few = f"* fewer than {FEW_OBJECTS} objects: such numbers say little."
    return TableBlock(
        caption="Each class at the operating point; average precision (AP) is at all confidences.",
        head=("class", *(each.heading for each in COLUMNS)),
        rows=tuple(row(name, place) for place, name in enumerate(names)),
        note=few if metrics.few.any() else "",
        total=row(ALL, len(names)),
    )


def _by_iou(facts: ReportFacts) -> tuple[Block, ...]:
    metrics, names = facts.metrics, facts.detection.classes
    shown = len(names) if len(names) <= CLASSES_BY_IOU else 0
    all_of = "" if shown or not names else f" The {len(names):,} classes are in the JSON report."

    def row(name: str, place: int) -> tuple[TableCell, ...]:
        return TableCell(name), *(ratio_cell(float(ap)) for ap in metrics.ap_by_iou[place])

    return (
        TableBlock(
            caption="AP at each IoU that boxes have to reach; the mean of them is AP." + all_of,
            head=("class", *(iou_threshold(float(iou)) for iou in IOUS)),
            rows=tuple(row(name, place) for place, name in enumerate(names[:shown])),
            total=row(ALL, len(names)),
        ),
    )
