"""Numbers of two sides beside each other, and how certain their difference is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

import numpy as np

from engine.compare.significance import LEVEL, benjamini_hochberg
from engine.core.arrays import Mask, Ratios
from engine.core.intervals import percentiles_of_columns

ClassMetricName = Literal["AP", "recall", "f1"]
OF_CLASS: Final[tuple[ClassMetricName, ...]] = ("AP", "recall", "f1")
ROUNDING: Final = 1e-6
"""Differences below it are none: average precision is resampled in float32."""


@dataclass(frozen=True)
class Difference:
    """One number of A and of B, as their single reports have it; NaN where undefined."""

    name: str
    a: float
    b: float
    low: float = np.nan  # 95 % interval of b - a, by paired bootstrap over the images
    high: float = np.nan
    certain: bool = False
    p: float = np.nan  # of a total: see DifferenceTests and resampled_p

    @property
    def delta(self) -> float:
        """B less A."""
        return self.b - self.a


@dataclass(frozen=True)
class ClassDifferences:
    """The numbers of one class.

    Its p is that of the exchange test of F1, or for classifiers of McNemar's test of recall;
    NaN without ground truth. It is certain if Benjamini-Hochberg over all classes in which
    something differs says so at .05; and so is the number that was tested. The others of a
    certain class are if their interval is off 0 as well.
    """

    class_: int
    ap: Difference
    recall: Difference
    f1: Difference
    p: float
    certain: bool

    def number(self, name: ClassMetricName) -> Difference:
        """That of this name."""
        return {"AP": self.ap, "recall": self.recall, "f1": self.f1}[name]


@dataclass(frozen=True, eq=False)
class ComparedNumbers:
    """All numbers of both sides. A total is certain if its interval is off 0."""

    metrics: tuple[Difference, ...]
    per_class: tuple[ClassDifferences, ...]  # in the order of the classes
    p: float  # of classifiers by McNemar's exact test over images; NaN for detectors
    samples: int  # resamples of the images that the intervals come from
    whole: bool  # whether no more come: before, intervals and what is certain may still change
    tested: ClassMetricName = "f1"  # of classes, which their p is of


@dataclass(frozen=True, eq=False)
class SideNumbers:
    """What the single report of one side says."""

    totals: Mapping[str, float]
    of_class: Mapping[ClassMetricName, Ratios]  # [C] each


@dataclass(frozen=True, eq=False)
class DifferenceTests:
    """The p-values that come from a test of its own, not from the resamples."""

    totals: Mapping[str, float]  # the others get the p of their resamples
    overall: float
    of_class: Ratios  # [C] NaN without ground truth
    same: Mask  # [C] nothing differs in this class, so there is nothing to test
    tested: ClassMetricName


@dataclass(frozen=True, eq=False)
class DrawnNumbers:
    """In each of S resamples, of a side or of B less A; NaN where undefined or not resampled."""

    totals: Mapping[str, Ratios]  # [S] each
    of_class: Mapping[ClassMetricName, Ratios]  # [S, C] each

    def less(self, other: Self) -> Self:
        """The differences from another's."""
        return type(self)(
            {name: _less(values, other.totals[name]) for name, values in self.totals.items()},
            {name: _less(values, other.of_class[name]) for name, values in self.of_class.items()},
        )

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Those of several turns, one behind the other."""
        first = parts[0]
        return cls(
            {name: np.concatenate([part.totals[name] for part in parts]) for name in first.totals},
            {
                name: np.concatenate([part.of_class[name] for part in parts])
                for name in first.of_class
            },
        )


def side_by_side(a: SideNumbers, b: SideNumbers) -> ComparedNumbers:
    """What is known at once: no interval, no p."""
    totals = (Difference(name, a.totals[name], b.totals[name]) for name in a.totals)
    ap, recall, f1 = ([*_of_classes(a, b, name)] for name in OF_CLASS)
    per_class = (
        ClassDifferences(class_, *numbers, p=np.nan, certain=False)
        for class_, numbers in enumerate(zip(ap, recall, f1, strict=True))
    )
    return ComparedNumbers(tuple(totals), tuple(per_class), np.nan, 0, False)


def with_certainty(
    known: ComparedNumbers, tests: DifferenceTests, drawn: DrawnNumbers, *, whole: bool
) -> ComparedNumbers:
    """The same with p-values and with the intervals of the resamples so far."""
    values = np.stack([drawn.totals[each.name] for each in known.metrics], axis=1)
    metrics = [
        replace(each, p=tests.totals.get(each.name, resampled_p(column)))
        for each, column in zip(_within(known.metrics, values), values.T, strict=True)
    ]
    tested = np.where(tests.same, np.nan, tests.of_class)
    certain = (benjamini_hochberg(tested) <= LEVEL).tolist()

    def of_classes(name: ClassMetricName, numbers: Iterable[Difference]) -> list[Difference]:
        within = _within(numbers, drawn.of_class[name])
        return [
            replace(each, certain=is_certain and (each.certain or name == tests.tested))
            for each, is_certain in zip(within, certain, strict=True)
        ]

    per_class = [
        ClassDifferences(class_, ap, recall, f1, p, is_certain)
        for class_, (ap, recall, f1, p, is_certain) in enumerate(
            zip(
                of_classes("AP", (each.ap for each in known.per_class)),
                of_classes("recall", (each.recall for each in known.per_class)),
                of_classes("f1", (each.f1 for each in known.per_class)),
                tests.of_class.tolist(),
                certain,
                strict=True,
            )
        )
    ]
    return ComparedNumbers(
        tuple(metrics), tuple(per_class), tests.overall, len(values), whole, tests.tested
    )


def resampled_p(differences: Ratios) -> float:
    """Two-sided p of the hypothesis that the expected difference is 0; NaN if none is defined.

    2 (r + 1) / (S + 1), at most 1, where r of the S resamples lie on the rarer side of 0 or
    on it: the level at which the interval reaches 0, so that p and interval agree. Average
    precision has no threshold to hold fixed while A and B are exchanged, and a normal
    approximation could contradict the interval that is shown. With 1,000 resamples p goes
    down to .002, which leaves Holm's method 25 numbers.
    """
    defined = differences[~np.isnan(differences)]
    if not len(defined):
        return np.nan
    rarer = min(np.count_nonzero(defined <= 0), np.count_nonzero(defined >= 0))
    return min(1.0, 2 * (int(rarer) + 1) / (len(defined) + 1))


def _less(values: Ratios, other: Ratios) -> Ratios:
    difference = values - other
    difference[np.abs(difference) < ROUNDING] = 0
    return difference


def _of_classes(a: SideNumbers, b: SideNumbers, name: ClassMetricName) -> Iterator[Difference]:
    for of_a, of_b in zip(a.of_class[name].tolist(), b.of_class[name].tolist(), strict=True):
        yield Difference(name, of_a, of_b)


def _within(numbers: Iterable[Difference], drawn: Ratios) -> list[Difference]:
    """With the intervals of the columns of drawn [S, K]; certain where they hold no 0."""
    ends = (end.tolist() for end in percentiles_of_columns(drawn))
    return [
        replace(each, low=low, high=high, certain=low > 0 or high < 0)
        for each, low, high in zip(numbers, *ends, strict=True)
    ]
