"""Two sides as plain text, for a pipe, a log or a screen reader."""

from collections.abc import Sequence
from typing import Final

from engine.compare.certainty import verdict
from engine.compare.comparison import Comparison
from engine.compare.numbers import Difference
from engine.compare.status import ObjectStatus
from engine.report.comparison import ComparisonFacts, changed_rows
from engine.report.comparison_lines import (
    MORE,
    agreement_line,
    changed_answers,
    changed_words,
    counts,
    first_classes,
    headline,
    largest_cells,
    noticed,
    status_words,
    tested,
    total_cells,
)
from engine.report.matrix_text import aligned, cut, document
from engine.util.words import change, number, share

CHANGED_SHOWN: Final = 10
CLASSES_SHOWN: Final = 20
CELLS_SHOWN: Final = 10


def comparison_text(facts: ComparisonFacts) -> str:
    """What is left out, the verdict, objects, numbers, classes, cells and objects that changed."""
    comparison, numbers = facts.comparison, facts.numbers
    lines = [
        *headline(comparison),
        *comparison.sides.notices,
        "",
        verdict(numbers),
        *counts(comparison),
        agreement_line(facts),
        "",
        *_totals(numbers.metrics, numbers.samples),
        "",
        *_classes(facts),
        "",
        *_cells(comparison),
        *_answers(comparison),
        *_changed(comparison),
        *_noticed(facts),
    ]
    return document(lines)


def _totals(metrics: Sequence[Difference], samples: int) -> list[str]:
    rows = [total_cells(each) for each in metrics]
    head = ["", "A", "B", "B - A", "95 % interval", ""]
    told = f" (intervals from {number(samples, 'sample')} of the images)" if samples else ""
    return [f"Numbers{told}:", *aligned([head, *rows])]


def _classes(facts: ComparisonFacts) -> list[str]:
    every = first_classes(facts, len(facts.classes))
    if not every:
        return ["In no class anything differs."]
    shown = every[:CLASSES_SHOWN]
    part = f", {len(shown)} of {len(every):,} ({MORE})" if len(every) > len(shown) else ""
    of_class = facts.comparison.objects.of_class
    fixed, broken = (
        of_class(status, len(facts.classes)) for status in (ObjectStatus.FIXED, ObjectStatus.BROKEN)
    )
    truths = facts.comparison.matrix_a.ground_truths
    noun = "ground truths" if facts.comparison.is_detection else "images"
    rows = [
        [
            cut(facts.classes[each.class_], 24),
            f"{truths[each.class_]:,}",
            f"{fixed[each.class_]:,}",
            f"{broken[each.class_]:,}",
            share(each.f1.a, 3),
            share(each.f1.b, 3),
            change(each.f1.delta),
            change(each.recall.delta),
            change(each.ap.delta),
            *tested(each),
        ]
        for each in shown
    ]
    head = [
        "class",
        noun,
        "fixed",
        "broken",
        "F1 A",
        "F1 B",
        *("F1 B-A", "recall B-A", "AP B-A"),
        "p",
        "",
    ]
    return [f"Classes that changed{part}:", *aligned([head, *rows])]


def _cells(comparison: Comparison) -> list[str]:
    cells = largest_cells(comparison, CELLS_SHOWN)
    if not cells:
        return ["Off the diagonal of the matrix nothing changed."]
    return [
        "Cells that changed most:",
        *(f"  {truth} → {seen}: {a:,} → {b:,} ({b - a:+,})" for truth, seen, a, b in cells),
    ]


def _answers(comparison: Comparison) -> list[str]:
    answers = changed_answers(comparison, CELLS_SHOWN)
    if not answers:
        return []
    return [
        "",
        "Answers that changed most:",
        *(
            f"  {was} → {is_}: {number(images, 'image')} ({fixed:,} fixed, {broken:,} broken)"
            for was, is_, images, fixed, broken in answers
        ),
    ]


def _changed(comparison: Comparison) -> list[str]:
    rows = changed_rows(comparison, CHANGED_SHOWN)
    lines: list[str] = []
    for status in (ObjectStatus.BROKEN, ObjectStatus.FIXED):
        shown = [row for row in rows if row.status is status]
        if not shown:
            continue
        every = comparison.objects.count(status)
        part = f", {len(shown)} of {every:,} ({MORE})" if every > len(shown) else ""
        word = status_words(status).capitalize()
        lines += ["", f"{word}{part}:", *(f"  {changed_words(row, comparison)}" for row in shown)]
    return lines


def _noticed(facts: ComparisonFacts) -> list[str]:
    rest = noticed(facts)
    sides = facts.comparison.sides
    failures = dict((*sides.a.opened.failures, *sides.b.opened.failures))
    told = [f"  {image}: {reason}" for image, reason in [*failures.items()][:20]]
    if not rest and not told:
        return []
    return ["", "Noticed:", *(f"  {warning}" for warning in rest), *told]
