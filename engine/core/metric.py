"""A number of a table as one row: what it is, how it is read, and how it is worked out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from engine.core.arrays import Counts, Ratios
from engine.core.explanation import Explanation, value_of
from engine.core.intervals import wilson
from engine.util.words import share

Measured = TypeVar("Measured")


@dataclass(frozen=True)
class MetricGroup:
    """Columns that stand together."""

    name: str
    brief: str = ""  # the name in less room


class MetricTitle(NamedTuple):
    """What a number is called."""

    key: str  # in files: true_positives
    heading: str  # over its column: TP
    group: MetricGroup
    name: str  # at length: True positives


@dataclass(frozen=True)
class Metric(Generic[Measured]):
    """All that is said of a number: tables, files and explanations read it from here.

    Measured are the metrics of one kind of model, with a row for each class.
    """

    key: str  # see MetricTitle, as for the next three
    heading: str
    group: MetricGroup
    name: str
    what: str  # it means, in plain sentences
    formula: str  # of one class
    values: Callable[[Measured], Counts | Ratios]  # one a row
    filled: Callable[[Measured, int], str]  # the formula with the numbers of a row, its value last
    made_at: Callable[[Measured], str]  # what it depends on besides the data
    in_report: str = ""  # its heading in the text of a report; "" where it has no room there
    is_count: bool = False  # a ratio from 0 to 1 otherwise
    lower_is_better: bool = False
    rate_of: Callable[[Measured], tuple[Counts, Counts]] | None = None  # part and whole, one a row
    of: str = " of "  # between the name and that of a class
    formula_of_mean: str = ""  # of the row of all classes, where that is their mean
    mean_key: str = ""  # of the number of all classes together that is the mean of the column

    def explained(self, measured: Measured, row: int, name: str) -> Explanation:
        """The number in a row, which stands for what has this name.

        The last row is that of all classes where the column has a formula of the mean.
        """
        formula, filled = self.formula, self.filled(measured, row)
        if self.formula_of_mean and row == len(self.values(measured)) - 1:
            formula, filled = self.formula_of_mean, _mean(self.values(measured))
        made_at = self.made_at(measured)
        return Explanation(f"{self.name}{self.of}{name}", self.what, formula, filled, made_at)


def said(value: np.number) -> str:
    """A count in full, a ratio with three digits."""
    return f"{value:,}" if isinstance(value, np.integer) else value_of(float(value))


def rate_intervals(
    metrics: Iterable[Metric[Measured]], measured: Measured
) -> dict[str, tuple[Ratios, Ratios]]:
    """Of the rates among them, by key, the lower and the upper ends of each row: see wilson."""
    return {
        metric.key: wilson(*metric.rate_of(measured))
        for metric in metrics
        if metric.rate_of is not None
    }


def _mean(column: Ratios | Counts) -> str:
    """The last number filled in as the mean of those before it that are defined."""
    of_classes, mean = column[:-1], float(column[-1])
    defined = of_classes[~np.isnan(of_classes)]
    total = share(float(defined.sum()), 3)
    return f"sum over classes / classes = {total} / {len(defined):,} = {value_of(mean)}"
