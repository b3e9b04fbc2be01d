"""The numbers of a report by name, as the schema of its JSON has them, and their values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.detection.asked_intervals import AP_AT
from engine.report.facts import ReportValue
from engine.report.schema.parts import Schema
from engine.report.schema.report_schema import CLASSIFICATION, DETECTION

BARE: Final = ("operating_point", "coco", "metrics")
"""Objects whose numbers go by their key alone; those of others by object.key."""
NO_NUMBERS: Final = ("intervals", "baseline", "gates", "error_types", "tide")
SIZES: Final = {"s": "small", "m": "medium", "l": "large"}


@dataclass(frozen=True)
class NumberName:
    """Its key in JSON, for a number of per_class with the name of the class."""

    key: str
    class_: str | None = None

    def __str__(self) -> str:
        return self.key if self.class_ is None else f"{self.key}[{self.class_}]"


@dataclass(frozen=True)
class KnownNumber:
    """A number that reports have."""

    key: str
    of_class: bool  # and not of all together
    least: float
    most: float

    @property
    def spec(self) -> str:
        """As a person names it."""
        return f"{self.key}[CLASS]" if self.of_class else self.key


def _known(document: Schema) -> Iterator[KnownNumber]:
    for key, schema in document["properties"].items():
        if key == "per_class":
            for inner, each in schema["items"]["properties"].items():
                yield from _each(inner, each, of_class=True)
        elif key not in NO_NUMBERS and "properties" in schema:
            for inner, each in schema["properties"].items():
                yield from _each(inner if key in BARE else f"{key}.{inner}", each)
        else:
            yield from _each(key, schema)


def _each(key: str, schema: Schema, *, of_class: bool = False) -> Iterator[KnownNumber]:
    if key == "ap_by_iou":
        for at in AP_AT:
            yield from _each(at, schema["items"], of_class=of_class)
    elif {"integer", "number"} & {*np.atleast_1d(schema.get("type", ""))}:
        ends = schema.get("minimum", -np.inf), schema.get("maximum", np.inf)
        yield KnownNumber(key, of_class, *ends)


OF_DETECTORS: Final = tuple(dict.fromkeys(_known(DETECTION)))
OF_CLASSIFIERS: Final = tuple(dict.fromkeys(_known(CLASSIFICATION)))


def value_of(name: NumberName, values: Mapping[str, ReportValue]) -> float:
    """Of a number that the report has, in the values of its JSON; NaN where it is undefined."""
    found: Any = values
    if name.class_ is not None:
        found = _row(name.class_, values)
        if name.key not in found:
            return _defined(found["ap_by_iou"][AP_AT.index(name.key)])
        return _defined(found[name.key])
    places: list[Any] = [values, *(values[part] for part in BARE if part in values)]
    for place in places:
        if name.key in place:
            return _defined(place[name.key])
    part, _, inner = name.key.partition(".")
    found = values[part]
    return _defined(found.get(inner))


def undefined_because(name: NumberName, values: Mapping[str, ReportValue]) -> str:
    """Why a number is undefined here, in words."""
    counts: Any = values if name.class_ is None else _row(name.class_, values)
    of_class = "" if name.class_ is None else f" of {name.class_}"
    truths = counts.get("ground_truths", counts.get("images"))
    noun = "object" if values["task"] == "detection" else "labelled image"
    if not values["images"]:
        return "there is no image"
    if name.key == "precision":
        return f"no prediction{of_class} reaches the confidence"
    if not truths:
        return f"there is no {noun}{of_class} in the ground truth"
    if name.key[:2] in ("AP", "AR") and name.key[2:] in SIZES:
        return f"there is no {SIZES[name.key[2:]]} {noun}{of_class} in the ground truth"
    return "what it is a share of is not there"


def _row(class_: str, values: Mapping[str, ReportValue]) -> Any:
    rows: Any = values["per_class"]
    return next(row for row in rows if row["class"] == class_)


def _defined(value: float | None) -> float:
    return np.nan if value is None else float(value)


def specs(known: Sequence[KnownNumber]) -> list[str]:
    """As people name them, each once."""
    return [*dict.fromkeys(each.spec for each in known)]
