"""What a person holds a report against: a number of it and a limit, as typed and checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite, isinf, isnan
from typing import Final, Literal, Self

from engine.classification.classification import Classification
from engine.compare.differences import ROUNDING
from engine.core.errors import EngineError
from engine.detection.detection import Detection
from engine.report.gates.numbers import (
    OF_CLASSIFIERS,
    OF_DETECTORS,
    KnownNumber,
    NumberName,
    specs,
)
from engine.util.visible import visible
from engine.util.words import listed, shortest

Direction = Literal["under", "over"]
"""On which side of its limit a number fails."""
OF_ANY: Final = (*OF_DETECTORS, *OF_CLASSIFIERS)
MOST_NAMES: Final = 12  # of numbers, where none is near


class LimitError(EngineError):
    """A limit of a number that the report does not have, or that the number never reaches."""


@dataclass(frozen=True)
class Limit:
    """A number fails on one side of it; on the limit it passes."""

    name: NumberName
    value: float
    direction: Direction

    def keeps(self, value: float) -> bool:
        """Whether a number passes. What differs from the limit by rounding alone is on it."""
        above = value - self.value
        return above >= -ROUNDING if self.direction == "under" else above <= ROUNDING

    @property
    def kept_words(self) -> str:
        """What a number that passes is: at least .5."""
        return f"at {'least' if self.direction == 'under' else 'most'} {shortest(self.value)}"

    @property
    def broken_words(self) -> str:
        """What one that fails is: under .5."""
        return f"{self.direction} {shortest(self.value)}"

    @property
    def option(self) -> str:
        """As it is typed."""
        return f"--fail-{self.direction} {self.name}={shortest(self.value)}"


@dataclass(frozen=True)
class ReportLimits:
    """All that a report is held against, what must not be under a limit first."""

    each: tuple[Limit, ...] = ()

    @classmethod
    def parse(cls, under: Iterable[str], over: Iterable[str]) -> Self:
        """From KEY=VALUE and KEY[CLASS]=VALUE. Raises LimitError for what no report has.

        The name of a class is taken as it stands: it may hold brackets, = and spaces.
        """
        limits = (
            *(_parsed(spec, "under") for spec in under),
            *(_parsed(spec, "over") for spec in over),
        )
        return cls(limits)

    def of(self, assessment: Detection | Classification) -> Self:
        """For a report on this, with the names of its classes. Raises LimitError."""
        known = OF_DETECTORS if isinstance(assessment, Detection) else OF_CLASSIFIERS
        kind = "detector" if isinstance(assessment, Detection) else "classifier"
        return type(self)(
            tuple(_checked(each, known, assessment.classes, f"of a {kind} ") for each in self.each)
        )


def _parsed(spec: str, direction: Direction) -> Limit:
    typed = f"--fail-{direction} {spec}"
    name, equals, said = spec.rpartition("=")
    key, bracket, class_ = name.strip().partition("[")
    if not equals or not key or (bracket and not class_.endswith("]")):
        raise LimitError(f"{typed}: write KEY=VALUE, such as AP=.5 or 'recall[car]=.9'")
    try:
        value = float(said)
    except ValueError:
        raise LimitError(f"{typed}: {said.strip()!r} is not a number") from None
    if isnan(value):
        raise LimitError(f"{typed}: nothing is under or over NaN: name a number")
    named = NumberName(key.strip(), class_[:-1] if bracket else None)
    return _checked(Limit(named, value, direction), OF_ANY)


def _checked(
    limit: Limit, known: Sequence[KnownNumber], classes: Sequence[str] | None = None, of: str = ""
) -> Limit:
    """The limit with key and class as the report writes them; classes that are None are unknown."""
    name, of_class = limit.name, limit.name.class_ is not None
    found = [each for each in known if each.key.casefold() == name.key.casefold()]
    number = next((each for each in found if each.of_class is of_class), None)
    if number is None:
        raise LimitError(f"{limit.option}: {_no_number(name, known, found, of)}")
    if not number.least <= limit.value <= number.most or not isfinite(limit.value):
        raise LimitError(f"{limit.option}: {_range(number)}")
    class_ = name.class_
    if class_ is not None and classes is not None:
        class_ = _class(class_, classes, limit)
    return Limit(NumberName(number.key, class_), limit.value, limit.direction)


def _no_number(
    name: NumberName, known: Sequence[KnownNumber], found: Sequence[KnownNumber], of: str
) -> str:
    if found:
        whose = "each class" if found[0].of_class else "all classes together"
        return f"{found[0].key} is a number of {whose}: write {found[0].spec}"
    if name.key == "ap_by_iou":
        return "it holds ten numbers: write one of AP50[CLASS], AP55[CLASS], ... AP95[CLASS]"
    said = f"the report {of}has no number {name.key!r}: "
    near = _near(name.key, [each.key for each in known])
    if found := [each for each in known if each.key in near]:
        of_class = name.class_ is not None
        alike = [each for each in found if each.of_class is of_class] or found
        return f"{said}did you mean {' or '.join(specs(alike))}?"
    some = listed(specs(known), MOST_NAMES)
    return f"{said}there are {some}; offdiag report --schema describes them"


def _range(number: KnownNumber) -> str:
    if isinf(number.most):
        ends = f"from {shortest(number.least)} on"
    else:
        ends = f"from {shortest(number.least)} to {shortest(number.most)}"
    hint = ": 50 % is .5" if number.most == 1 else ""
    return f"{number.key} goes {ends}{hint}"


def _class(named: str, classes: Sequence[str], limit: Limit) -> str:
    """The class of a name, which may be written as a terminal shows it."""
    if named in classes:
        return named
    shown = {visible(each): each for each in classes}
    if named in shown:
        return shown[named]
    near = _near(named, [*shown])
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {listed([*shown])}"
    raise LimitError(f"{limit.option}: the data have no class {named!r}: {hint}")


def _near(name: str, names: Sequence[str]) -> list[str]:
    """Those that look like it, the nearest first, whatever their case."""
    of_folded = {each.casefold(): each for each in reversed(names)}
    close = get_close_matches(name.casefold(), [*of_folded], n=3, cutoff=0.6)
    return [of_folded[each] for each in close]
