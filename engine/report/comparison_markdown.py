"""Two sides as Markdown that fits a merge request: the numbers in sight, the rest folded."""

from functools import partial
from typing import Final

from engine.compare.certainty import verdict
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
    tested,
    total_cells,
)
from engine.report.markdown_parts import details, escaped, fitting, markdown_table
from engine.util.words import change, share

CHANGED_SHOWN: Final = 25
CLASSES_SHOWN: Final = 50
CELLS_SHOWN: Final = 15


def comparison_markdown(facts: ComparisonFacts) -> str:
    """A heading, the verdict and the totals; classes, cells and objects to unfold."""
    return fitting(partial(_written, facts))


def _written(facts: ComparisonFacts, room: float) -> str:
    """With so much of the tables as there is room for, from 0 to 1."""
    comparison, numbers = facts.comparison, facts.numbers
    sides = comparison.sides
    blocks = [
        f"### {escaped(sides.b.name)} against {escaped(sides.a.name)}",
        "  \n".join(escaped(line) for line in (*headline(comparison), *sides.notices)),
        f"**{escaped(verdict(numbers))}**",
        "\n".join(f"- {escaped(line)}" for line in (*counts(comparison), agreement_line(facts))),
        markdown_table(
            ["", "A", "B", "B less A", "95 % interval", ""],
            [total_cells(each) for each in numbers.metrics],
        ),
        *_folded(facts, room),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _folded(facts: ComparisonFacts, room: float) -> list[str]:
    comparison = facts.comparison
    blocks = []
    if changed := first_classes(facts, len(facts.classes)):
        classes = changed[: int(CLASSES_SHOWN * room)]
        of_class, every = comparison.objects.of_class, len(facts.classes)
        fixed, broken = (
            of_class(status, every) for status in (ObjectStatus.FIXED, ObjectStatus.BROKEN)
        )
        rows = [
            [
                facts.classes[each.class_],
                f"{fixed[each.class_]:,}",
                f"{broken[each.class_]:,}",
                share(each.f1.a, 3),
                share(each.f1.b, 3),
                change(each.f1.delta),
                change(each.ap.delta),
                *tested(each),
            ]
            for each in classes
        ]
        head = ["class", "fixed", "broken", "F1 A", "F1 B", "F1, B less A", "AP, B less A", "p", ""]
        more = len(changed) > len(classes)
        part = f", {len(classes)} of {len(changed):,} ({MORE})" if more else ""
        blocks.append(details(f"Classes that changed{part}", markdown_table(head, rows)))
    if cells := largest_cells(comparison, int(CELLS_SHOWN * room)):
        table = [[truth, seen, f"{a:,}", f"{b:,}", f"{b - a:+,}"] for truth, seen, a, b in cells]
        head = ["truth", "predicted", "A", "B", "B less A"]
        blocks.append(details("Cells of the matrix that changed most", markdown_table(head, table)))
    if answers := changed_answers(comparison, int(CELLS_SHOWN * room)):
        table = [[was, is_, *(f"{each:,}" for each in counted)] for was, is_, *counted in answers]
        head = ["A", "B", "images", "fixed", "broken"]
        blocks.append(details("Answers that changed most", markdown_table(head, table)))
    rows_shown = changed_rows(comparison, int(CHANGED_SHOWN * room))
    for status in (ObjectStatus.BROKEN, ObjectStatus.FIXED):
        lines = [
            f"- {escaped(changed_words(row, comparison))}"
            for row in rows_shown
            if row.status is status
        ]
        if lines:
            count = comparison.objects.count(status)
            part = f", the first {len(lines)} ({MORE})" if count > len(lines) else ""
            blocks.append(details(f"{status.name.capitalize()}: {count:,}{part}", "\n".join(lines)))
    if rest := [f"- {escaped(each)}" for each in noticed(facts)]:
        blocks.append(details("Noticed", "\n".join(rest)))
    return blocks
