"""What a person will not accept of B: numbers that are worse for certain, broken objects."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Self

import numpy as np

from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.compare.certainty import gain, title
from engine.compare.comparison import Comparison
from engine.compare.differences import OF_CLASS, ClassDifferences, ClassMetricName
from engine.compare.numbers import ComparedNumbers, Difference
from engine.compare.significance import LEVEL, holm
from engine.compare.status import ObjectStatus
from engine.core.errors import EngineError
from engine.detection.coco.summary import CocoSummary
from engine.util.words import change, listed, number

USUAL: Final = ("AP", "f1", "accuracy")
"""What plain "worse" asks for: those of them that the task has."""
CLASSES: Final = "classes"
OF_ONE: Final = re.compile(rf"({'|'.join(OF_CLASS)})\[(.+)\]", re.IGNORECASE | re.DOTALL)
"""A number of a class: recall[bolt]."""
KNOWN: Final = (*CocoSummary._fields, "precision", "recall", "f1", *HEADLINE_METRICS)
_OF_CLASS: Final = {name.casefold(): name for name in OF_CLASS}
_OF_A_CLASS: Final = ", ".join(f"{name}[CLASS]" for name in OF_CLASS)


class GateError(EngineError):
    """A gate that nobody knows, or that the task does not have."""


@dataclass(frozen=True)
class Gates:
    """What makes a comparison fail."""

    worse: tuple[str, ...] = ()  # keys of numbers that must not be worse for certain
    usual: bool = False  # nor those of USUAL that the task has
    of_class: tuple[tuple[ClassMetricName, str], ...] = ()  # nor these, of a class of this name
    every_class: bool = False  # nor any class
    most_broken: int | None = None  # objects, or images of classifiers

    @classmethod
    def parse(cls, specs: Sequence[str]) -> Self:
        """From worse, worse=recall, worse=recall[bolt], worse=classes and broken=0, any number of
        them. Raises GateError.

        Numbers go by their key in JSON, or as people call them.
        """
        worse: list[str] = []
        of_class: list[tuple[ClassMetricName, str]] = []
        every_class = False
        usual, broken = False, None
        known = {call(name).casefold(): name for call in (title, str) for name in KNOWN}
        for spec in specs:
            name, _, value = (part.strip() for part in spec.partition("="))
            if name == "worse" and value.casefold() in known:
                worse.append(known[value.casefold()])
            elif name == "worse" and value == CLASSES:
                every_class = True
            elif name == "worse" and (found := OF_ONE.fullmatch(spec.partition("=")[2].strip())):
                of_class.append((_OF_CLASS[found[1].casefold()], found[2]))
            elif name == "worse" and not value and "=" not in spec:
                usual = True
            elif name == "broken" and value.isdecimal():
                broken = min(int(value), int(value) if broken is None else broken)
            elif name == "worse" and value:
                raise GateError(
                    f"--fail-on {spec}: there is no number {value!r}: worse= takes "
                    f"{', '.join(KNOWN)}; of a class {_OF_A_CLASS}; or {CLASSES}"
                )
            else:
                raise GateError(
                    f"unknown gate {spec!r}: write worse, worse=recall (or another number of the "
                    "report), worse=recall[CLASS] or broken=0"
                )
        return cls(
            tuple(dict.fromkeys(worse)),
            usual,
            tuple(dict.fromkeys(of_class)),
            every_class,
            broken,
        )

    @property
    def needs_certainty(self) -> bool:
        """Whether numbers without intervals cannot answer it."""
        return self.usual or self.every_class or bool(self.worse) or bool(self.of_class)

    def failures(self, comparison: Comparison, numbers: ComparedNumbers) -> tuple[str, ...]:
        """A sentence for each gate that fails. Raises GateError for what the two do not have."""
        said = self.worse_for_certain(numbers, comparison.sides.classes)
        broken = comparison.objects.count(ObjectStatus.BROKEN)
        if self.most_broken is not None and broken > self.most_broken:
            noun = "object" if comparison.is_detection else "image"
            broke = f"{number(broken, noun)} broken, at most {self.most_broken:,} may be"
            return (*said, broke)
        return said

    def worse_for_certain(
        self, numbers: ComparedNumbers, classes: Sequence[str]
    ) -> tuple[str, ...]:
        """A sentence for each number that must not be worse and is. Raises GateError.

        A number is worse for certain where it is worse and its two-sided p-value, after Holm
        over all numbers asked for, is at most .05: of two models that are alike, at most one
        in twenty fails, and half of these only, being better as often as worse. That of a
        class is worse where it is certain, after Benjamini-Hochberg over all classes.
        """
        asked = self._asked(numbers)
        adjusted = holm(np.array([each.p for each in asked]))
        said = [
            f"{title(each.name)} is worse for certain: {change(each.delta)} (p {p:.2g})"
            for each, p in zip(asked, adjusted.tolist(), strict=True)
            if gain(each) < 0 and p <= LEVEL
        ]
        said += [
            f"{title(each.name)} of {classes[of.class_]} is worse for certain: "
            f"{change(each.delta)} (p {of.p:.2g})"
            for of, each in self._asked_of_classes(numbers, classes)
            if each.certain and gain(each) < 0
        ]
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

    def _asked_of_classes(
        self, numbers: ComparedNumbers, classes: Sequence[str]
    ) -> Iterator[tuple[ClassDifferences, Difference]]:
        self.check_classes(classes)
        for of in numbers.per_class:
            names = [name for name, class_ in self.of_class if class_ == classes[of.class_]]
            if self.every_class:
                names.append(numbers.tested)
            for name in dict.fromkeys(names):
                yield of, of.number(name)

    def check_classes(self, classes: Sequence[str]) -> None:
        """GateError for a class that there is none of, with the nearest names."""
        for name, class_ in self.of_class:
            if class_ not in classes:
                near = get_close_matches(class_, classes)
                raise GateError(
                    f"--fail-on worse={name}[{class_}]: there is no class {class_!r}: "
                    f"{'did you mean' if near else 'there are'} {listed(near or classes)}?"
                )
