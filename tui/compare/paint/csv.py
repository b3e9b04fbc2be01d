"""All numbers of both sides as a file for spreadsheets."""

import csv
import io
from collections.abc import Sequence

from engine.compare.certainty import title
from engine.compare.numbers import ComparedNumbers, Difference

HEADER = ("class", "metric", "A", "B", "B - A", "low", "high", "p", "certain")


def comparison_csv(classes: Sequence[str], numbers: ComparedNumbers) -> str:
    """A line for each number, those of all classes together first; undefined is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for each in numbers.metrics:
        writer.writerow(("", *_cells(each, each.p)))
    for of_class in numbers.per_class:
        for each in (of_class.ap, of_class.recall, of_class.f1):
            writer.writerow((classes[of_class.class_], *_cells(each, of_class.p)))
    return text.getvalue()


def _cells(each: Difference, p: float) -> tuple[str, ...]:
    values = (each.a, each.b, each.delta, each.low, each.high, p)
    told = ("" if value != value else f"{value:.6g}" for value in values)
    return (title(each.name), *told, "yes" if each.certain else "no")
