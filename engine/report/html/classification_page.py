"""The page on a classifier."""

from functools import partial
from typing import Final

import numpy as np

from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.core.intervals import Interval
from engine.core.metric import rate_intervals
from engine.report.classification_facts import ClassificationFacts
from engine.report.counting import classification_counting, interval_counting
from engine.report.error_cells import largest_errors
from engine.report.extra_table import ExtraTables
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
from engine.report.html.curves import classifier_plots
from engine.report.html.detection_page import interval_words, rate_tiles
from engine.report.html.error_pictures import error_section, image_figure
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
from engine.util.words import number, share, threshold

TILES: Final = ("accuracy", "balanced_accuracy", "f1_macro", "precision_macro", "recall_macro")
COLUMNS: Final = tuple(CLASS_METRICS.values())
UNKNOWN: Final = Interval(np.nan, np.nan)


def classification_page(
    facts: ClassificationFacts, making: ReportMaking, extra: ExtraTables = ()
) -> ReportPage:
    """All that is known at the confidence."""
    opened, made, card = facts.opened, facts.made, facts.card
    maker = PictureMaker(made.images, making.pictures)
    unanswered = f", {made.unanswered:,} without a prediction" if made.unanswered else ""
    errors = error_section(
        largest_errors(facts.matrix, made.classes),
        made.answers.outcomes(facts.confidence),
        None,
        maker,
        partial(
            image_figure,
            names=(*made.classes, facts.matrix.extra_column or "no answer"),
            images=made.images.name,
            maker=maker,
        ),
        "There is no error: every answer is right.",
    )
    at = threshold(facts.confidence, facts.best.confidence)
    return ReportPage(
        title=f"{opened.answers} on {named(made.dataset.source)}",
        lead=(
            f"Classification: {number(len(made.images), 'image')}{without(opened) or unanswered}, "
            f"{number(len(made.classes), 'class', 'classes')}.",
            f"Confidence {at} ({facts.source}): {card.true_positives:,} right answers, "
            f"{card.false_positives:,} wrong, "
            f"{len(made.probabilities) - card.predictions:,} images without an answer.",
        ),
        sections=(
            PageSection("summary", "Summary", _summary(facts)),
            *map(extra_section, extra),
            noticed_section(opened, maker.words, _partial_means(facts)),
            PageSection("matrix", "Confusion matrix", (matrix_table(facts.matrix, made.classes),)),
            errors,
            PageSection("classes", "Classes", (_classes(facts),)),
            PageSection("curves", "Curves", classifier_plots(facts)),
            counting_section(
                (
                    *classification_counting(),
                    *([interval_counting(facts.intervals.samples)] if facts.intervals else []),
                ),
                [(each.heading, each.what) for each in COLUMNS],
            ),
            making_section(
                making,
                [
                    *opened_facts(opened),
                    *([("Model, sha256", opened.digest)] if opened.digest else []),
                    ("Labels, fingerprint", data_digest(made)),
                    ("Probabilities, fingerprint", answers_digest(made)),
                ],
            ),
        ),
    )


def _summary(facts: ClassificationFacts) -> tuple[Block, ...]:
    card, headline = facts.card, facts.metrics.headline
    found = facts.intervals.of if facts.intervals else {}
    rates = [(HEADLINE_METRICS[key].name, headline[key], found.get(key, UNKNOWN)) for key in TILES]
    withheld = len(facts.made.probabilities) - card.predictions
    counts = (
        ("Right answers", card.true_positives),
        ("Wrong answers", card.false_positives),
        ("No answer", withheld),
    )
    rows = []
    for key, metric in HEADLINE_METRICS.items():
        interval = found.get(key, UNKNOWN)
        ends = interval_words(interval) if interval.defined else ""
        value = headline[key]
        number_cell = TableCell(share(value, 3))
        if not metric.lower_is_better and 0 <= value <= 1:
            number_cell = ratio_cell(value)
        cells = [TableCell(metric.name), number_cell]
        cells += [TableCell(ends)] if found else []
        rows.append((*cells, TableCell(metric.meaning, look="left")))
    head = ("number", "value", *(["95 % interval"] if found else []), "what it is")
    return (
        WordsBlock((point_words(facts.confidence, facts.source, facts.best),)),
        TilesBlock(
            (*rate_tiles(rates), *(NumberTile(name, f"{count:,}") for name, count in counts))
        ),
        TableBlock("All numbers of all classes together.", head, tuple(rows)),
    )


def _partial_means(facts: ClassificationFacts) -> list[str]:
    """Which means leave classes out, because in those the number is undefined."""
    return [
        f"{HEADLINE_METRICS[key].name}: the mean of the {each.defined:,} of {each.classes:,} "
        "classes in which it is defined."
        for key, each in facts.metrics.averages.items()
        if each.defined < each.classes and not key.endswith("_weighted")
    ]


def _classes(facts: ClassificationFacts) -> TableBlock:
    metrics = facts.metrics
    ends = rate_intervals(COLUMNS, metrics) if facts.intervals is not None else {}
    columns = [each.values(metrics) for each in COLUMNS]

    def row(name: str, place: int) -> tuple[TableCell, ...]:
        cells = [TableCell(name)]
        for each, values in zip(COLUMNS, columns, strict=True):
            if each.is_count:
                cells.append(TableCell(f"{values[place]:,}"))
                continue
            more = ""
            if each.key in ends:
                low, high = (float(end[place]) for end in ends[each.key])
                more = interval_words(Interval(low, high))
            value = float(values[place])
            plain = TableCell(share(value, 3), more)
            cells.append(plain if each.lower_is_better else ratio_cell(value, more))
        return tuple(cells)

    return TableBlock(
        caption="Each class: its answers at the confidence, its probabilities at all of them.",
        head=("class", *(each.heading for each in COLUMNS)),
        rows=tuple(row(name, place) for place, name in enumerate(facts.made.classes)),
    )
