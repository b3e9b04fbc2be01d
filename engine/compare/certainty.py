"""Which differences are certain, and what is better: higher, but for a few numbers."""

from collections.abc import Sequence
from typing import Final

from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.compare.numbers import ComparedNumbers, Difference

LOWER_IS_BETTER: Final = frozenset(
    key for key, metric in HEADLINE_METRICS.items() if metric.lower_is_better
)
TITLES: Final = {
    **{key: metric.in_report for key, metric in HEADLINE_METRICS.items()},
    "f1": "F1",
}
"""What people call a number, where it is not its key."""


def title(name: str) -> str:
    """What people call a number."""
    return TITLES.get(name, name)


def gain(difference: Difference) -> float:
    """How much better B is than A; negative where it is worse, NaN where either is undefined."""
    return -difference.delta if difference.name in LOWER_IS_BETTER else difference.delta


def verdict(numbers: ComparedNumbers, b: str = "B") -> str:
    """Which totals are better or worse for certain, in a sentence; b is what B is called."""
    if not numbers.samples:
        return "Whether a difference is certain was not tested."
    certain = [each for each in numbers.metrics if each.certain]
    better = [title(each.name) for each in certain if gain(each) > 0]
    worse = [title(each.name) for each in certain if gain(each) < 0]
    if not certain:
        return "No total differs for certain."
    parts = (("better", better), ("worse", worse))
    said = [f"{word} for certain in {_joined(names)}" for word, names in parts if names]
    return f"{b} is {' and '.join(said)}."


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
