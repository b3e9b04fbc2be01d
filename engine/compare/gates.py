"""What a person will not accept of B: numbers that are worse for certain, broken objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.compare.certainty import gain, title
from engine.compare.comparison import Comparison
from engine.compare.numbers import ComparedNumbers, Difference
from engine.compare.significance import LEVEL, holm
from engine.compare.status import ObjectStatus
from engine.core.errors import EngineError
from engine.detection.coco.summary import CocoSummary
from engine.util.words import change, number

USUAL: Final = ("AP", "f1", "accuracy")
"""What plain "worse" asks for: those of them that the task has."""
KNOWN: Final = (*CocoSummary._fields, "precision", "recall", "f1", *HEADLINE_METRICS)


class GateError(EngineError):
    """A gate that nobody knows, or that the task does not have."""


@dataclass(frozen=True)
class Gates:
    """What makes a comparison fail."""

    worse: tuple[str, ...] = ()  # keys of numbers that must not be worse for certain
    usual: bool = False  # nor those of USUAL that the task has
    most_broken: int | None = None  # objects, or images of classifiers

    @classmethod
    def parse(cls, specs: Sequence[str]) -> Self:
        """From worse, worse=recall and broken=0, any number of them. Raises GateError.

        Numbers go by their key in JSON, or as people call them.
        """
        worse: list[str] = []
        usual, broken = False, None
        known = {call(name).casefold(): name for call in (title, str) for name in KNOWN}
        for spec in specs:
            name, _, value = (part.strip() for part in spec.partition("="))
            if name == "worse" and value.casefold() in known:
                worse.append(known[value.casefold()])
            elif name == "worse" and not value and "=" not in spec:
                usual = True
            elif name == "broken" and value.isdecimal():
                broken = min(int(value), int(value) if broken is None else broken)
            elif name == "worse" and value:
                raise GateError(
                    f"--fail-on {spec}: there is no number {value!r}: worse= takes "
                    f"{', '.join(KNOWN)}"
                )
            else:
                raise GateError(
                    f"unknown gate {spec!r}: write worse, worse=recall (or another number of the "
                    "report) or broken=0"
                )
        return cls(tuple(dict.fromkeys(worse)), usual, broken)

    @property
    def needs_certainty(self) -> bool:
        """Whether numbers without intervals cannot answer it."""
        return self.usual or bool(self.worse)

    def failures(self, comparison: Comparison, numbers: ComparedNumbers) -> tuple[str, ...]:
        """A sentence for each gate that fails. Raises GateError for a number of another task.

        A number is worse for certain where it is worse and its two-sided p-value, after Holm
        over all numbers asked for, is at most .05: of two models that are alike, at most one
        in twenty fails, and half of these only, being better as often as worse.
        """
        asked = self._asked(numbers)
        adjusted = holm(np.array([each.p for each in asked]))
        said = [
            f"{title(each.name)} is worse for certain: {change(each.delta)} (p {p:.2g})"
            for each, p in zip(asked, adjusted.tolist(), strict=True)
            if gain(each) < 0 and p <= LEVEL
        ]
        broken = comparison.objects.count(ObjectStatus.BROKEN)
        if self.most_broken is not None and broken > self.most_broken:
            noun = "object" if comparison.is_detection else "image"
            said.append(f"{number(broken, noun)} broken, at most {self.most_broken:,} may be")
        return tuple(said)

    def _asked(self, numbers: ComparedNumbers) -> list[Difference]:
        of_name = {each.name: each for each in numbers.metrics}
        lacking = [name for name in self.worse if name not in of_name]
        if lacking:
            raise GateError(
                f"these models have no {title(lacking[0])} to compare: of theirs, worse= takes "
                f"{', '.join(of_name)}"
            )
        names = dict.fromkeys((*(USUAL if self.usual else ()), *self.worse))
        return [of_name[name] for name in names if name in of_name]
