"""What a report says of its baseline, as plain text."""

from typing import Final

import numpy as np

from engine.compare.certainty import title, verdict
from engine.report.baseline.against import AgainstBaseline, confidence_of
from engine.report.baseline.facts import verdict_of
from engine.report.comparison_lines import MORE, by_change, interval, tested
from engine.report.extra_table import ExtraTable
from engine.report.matrix_text import aligned, cut, document
from engine.util.words import change, number, share, threshold

CLASSES_SHOWN: Final = 20
HEAD: Final = ("number", "baseline", "now", "difference", "95 % interval", "p", "verdict")


def baseline_text(found: AgainstBaseline) -> str:
    """The verdict, the numbers before and now, the classes that changed."""
    origin, now = found.kept.origin, found.now.origin
    at = threshold(confidence_of(found.kept), confidence_of(found.now))
    lines = [
        "",
        f"Against the baseline {found.path.name}: {origin.answers} at confidence {at} "
        f"({origin.source})",
        verdict(found.numbers, now.answers),
        *found.notes,
        "",
        *_totals(found),
        "",
        *_classes(found),
    ]
    return document(lines)


def baseline_table(found: AgainstBaseline) -> ExtraTable:
    """The totals as a table for Markdown and HTML, with the verdict below it."""
    origin, now = found.kept.origin, found.now.origin
    at = threshold(confidence_of(found.kept), confidence_of(found.now))
    samples = number(found.numbers.samples, "sample")
    return ExtraTable(
        key="baseline",
        title="Against the baseline",
        caption=f"{found.path.name}: {origin.answers} at confidence {at} ({origin.source}), and "
        f"this report. Intervals of the difference from {samples} of the images.",
        head=HEAD,
        rows=_rows(found),
        notes=(verdict(found.numbers, now.answers), *found.notes),
    )


def _totals(found: AgainstBaseline) -> list[str]:
    samples = number(found.numbers.samples, "sample")
    table = aligned([list(HEAD), *map(list, _rows(found))])
    return [f"Numbers (intervals from {samples} of the images):", *table]


def _rows(found: AgainstBaseline) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            title(each.name),
            share(each.a, 3),
            share(each.b, 3),
            change(each.delta),
            interval(each),
            "" if np.isnan(each.p) else f"{each.p:.2g}",
            verdict_of(each, tested=found.is_tested(each.name)),
        )
        for each in found.numbers.metrics
    )


def _classes(found: AgainstBaseline) -> list[str]:
    every = by_change(found.numbers.per_class, np.zeros(len(found.classes), np.int64))
    if not every:
        return ["In no class anything differs."]
    shown = every[:CLASSES_SHOWN]
    part = f", {len(shown)} of {len(every):,} ({MORE})" if len(every) > len(shown) else ""
    rows = [
        [
            cut(found.classes[each.class_], 24),
            share(each.f1.a, 3),
            share(each.f1.b, 3),
            change(each.f1.delta),
            change(each.recall.delta),
            change(each.ap.delta),
            *tested(each),
        ]
        for each in shown
    ]
    differences = ("F1 difference", "recall difference", "AP difference")
    head = ["class", "F1 baseline", "F1 now", *differences, "p", ""]
    return [f"Classes that changed{part}:", *aligned([head, *rows])]
