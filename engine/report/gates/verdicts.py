"""Whether a number keeps its limit: yes, no, or not to be told from so few images."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, isnan, log10
from typing import Final, Literal

from engine.compare.differences import ROUNDING
from engine.core.intervals import Interval
from engine.report.classification_facts import ClassificationFacts
from engine.report.facts import ReportFacts, ReportValue
from engine.report.gates.intervals import intervals_of
from engine.report.gates.limits import Limit, ReportLimits
from engine.report.gates.numbers import NumberName, undefined_because, value_of
from engine.util.words import DASH, json_number, number, told_apart

GateVerdict = Literal["pass", "fail", "cannot tell"]
MOST_IMAGES: Final = 10**9  # beyond it nobody would label them


@dataclass(frozen=True)
class JudgedLimit:
    """A limit, the number that it is for, and what follows."""

    limit: Limit
    value: float  # NaN where it is undefined
    interval: Interval | None  # None where there is none
    verdict: GateVerdict
    why: str  # a sentence without a full stop

    @property
    def undefined(self) -> bool:
        """Whether there is no number to judge."""
        return isnan(self.value)

    @property
    def words(self) -> str:
        """All of it in a line: pass: AP .547 (95 %: .512 to .583): all of it is at least .5."""
        return f"{self.verdict}: {self.limit.name} {self.value_words}: {self.why}"

    @property
    def value_words(self) -> str:
        """The number with its interval."""
        beside = self.limit.value
        value = _said(self.value, beside)
        if self.interval is not None:
            low, high = (_said(end, beside) for end in (self.interval.low, self.interval.high))
            value += f" (95 %: {low} to {high})"
        return value

    @property
    def values(self) -> Mapping[str, ReportValue]:
        """For JSON."""
        ends = self.interval or Interval(float("nan"), float("nan"))
        return {
            "key": str(self.limit.name),
            "limit": self.limit.value,
            "direction": self.limit.direction,
            "value": json_number(self.value),
            "low": json_number(ends.low),
            "high": json_number(ends.high),
            "verdict": self.verdict,
            "why": self.why,
        }


def judged_limits(
    limits: ReportLimits,
    facts: ReportFacts | ClassificationFacts,
    values: Mapping[str, ReportValue],
) -> tuple[JudgedLimit, ...]:
    """Each limit against a report, of which values are the JSON.

    Of a report with intervals a number that has none is judged alone, and says so.
    """
    images = int(value_of(NumberName("images"), values))
    known = intervals_of(facts, (limit.name for limit in limits.each))
    found = []
    for limit in limits.each:
        value = value_of(limit.name, values)
        if isnan(value):
            why = f"undefined, so not {limit.kept_words}: {undefined_because(limit.name, values)}"
            found.append(JudgedLimit(limit, value, None, "fail", why))
            continue
        interval = known.get(limit.name)
        if interval is not None and interval.defined:
            found.append(judged_by_interval(limit, value, interval, images))
        else:
            lacks_one = facts.intervals is not None
            found.append(judged_by_number(limit, value, lacks_interval=lacks_one))
    return tuple(found)


def judged_by_number(limit: Limit, value: float, *, lacks_interval: bool = False) -> JudgedLimit:
    """As if the number were certain; lacks_interval where that is said."""
    kept = limit.keeps(value)
    why = limit.kept_words if kept else limit.broken_words
    if lacks_interval:
        why += ", judged without an interval: this number has none"
    return JudgedLimit(limit, value, None, "pass" if kept else "fail", why)


def judged_by_interval(limit: Limit, value: float, interval: Interval, images: int) -> JudgedLimit:
    """Told where the interval, which comes from so many images, is on one side of the limit."""
    # Percentiles may leave out the number itself, which has to be on the same side.
    kept = [limit.keeps(each) for each in (interval.low, value, interval.high)]
    if all(kept):
        return JudgedLimit(limit, value, interval, "pass", f"all of it is {limit.kept_words}")
    if not any(kept):
        return JudgedLimit(limit, value, interval, "fail", f"all of it is {limit.broken_words}")
    why = f"some of it is {limit.broken_words}; {_more_words(limit, value, interval, images)}"
    return JudgedLimit(limit, value, interval, "cannot tell", why)


def more_images(limit: Limit, value: float, interval: Interval, images: int) -> float:
    """How many more images it takes until the interval clears the limit, should value stay.

    Its ends come nearer to the number as 1 / sqrt(images). Infinite where the number is on
    the limit.
    """
    distance = abs(value - limit.value)
    if distance <= ROUNDING:
        return float("inf")
    towards_low = limit.keeps(value) == (limit.direction == "under")
    reach = value - interval.low if towards_low else interval.high - value
    return max(images * (reach / distance) ** 2 - images, 1)


def _more_words(limit: Limit, value: float, interval: Interval, images: int) -> str:
    more = more_images(limit, value, interval, images)
    if more == float("inf"):
        return "no number of images would tell, should it stay on the limit"
    if more > MOST_IMAGES:
        return f"more than {MOST_IMAGES:,} more images would tell, should it stay as it is"
    scale = 10 ** max(floor(log10(more)) - 1, 0)
    about = number(ceil(round(more / scale, 6)) * scale, "more image")
    return f"about {about} like these would tell, should it stay as it is"


def _said(value: float, beside: float) -> str:
    if isnan(value):
        return DASH
    if value.is_integer() and abs(value) > 1:
        return f"{value:,.0f}"
    return told_apart(value, beside)
