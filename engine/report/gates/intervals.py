"""The 95 % intervals of the numbers that limits are for, from the resamples of the report."""

from collections.abc import Iterable, Mapping
from typing import assert_never

import numpy as np

from engine.classification.intervals import answer_intervals
from engine.core.intervals import Interval
from engine.detection.asked_intervals import (
    AP_AT,
    class_ap_intervals,
    class_intervals,
    coco_intervals,
)
from engine.detection.coco.summary import CocoSummary
from engine.report.classification_facts import ClassificationFacts
from engine.report.facts import ReportFacts, known_intervals
from engine.report.gates.numbers import NumberName


def intervals_of(
    facts: ReportFacts | ClassificationFacts, names: Iterable[NumberName]
) -> dict[NumberName, Interval]:
    """Of those of the numbers that have one; none where the report has no intervals.

    Rates and average precision of detectors have one, but for that of a class by size;
    counts have none, nor has what comes from ranking images by probability. What the report
    does not show is resampled here, by the same drawings.
    """
    asked = list(dict.fromkeys(names))
    match facts:
        case ReportFacts():
            return _of_detector(facts, asked)
        case ClassificationFacts():
            return _of_classifier(facts, asked)
        case _:
            assert_never(facts)


def _of_detector(facts: ReportFacts, asked: list[NumberName]) -> dict[NumberName, Interval]:
    if facts.intervals is None:
        return {}
    known: Mapping[str, Interval] = known_intervals(facts.intervals)
    totals = {name.key for name in asked if name.class_ is None}
    if totals & {*CocoSummary._fields} - known.keys():
        known = {**coco_intervals(facts.detection), **known}
    found = {NumberName(key): known[key] for key in totals if key in known}
    if "optimal.confidence" in totals and facts.best.goal.kind == "f1":
        found[NumberName("optimal.confidence")] = facts.intervals.optimum
    return {**found, **_of_classes(facts, [name for name in asked if name.class_ is not None])}


def _of_classes(facts: ReportFacts, asked: list[NumberName]) -> dict[NumberName, Interval]:
    places = {name: place for place, name in enumerate(facts.detection.classes)}
    found: dict[NumberName, Interval] = {}
    for class_ in dict.fromkeys(name.class_ for name in asked):
        known = class_intervals(
            facts.detection, facts.at_iou, facts.point.confidence, places[class_ or ""]
        )
        found |= {NumberName(key, class_): each for key, each in known.items()}
    averaged = list(dict.fromkeys(n.class_ for n in asked if n.key in ("AP", *AP_AT)))
    if averaged:
        rows = np.array([places[class_ or ""] for class_ in averaged])
        for class_, of_class in zip(
            averaged, class_ap_intervals(facts.detection, rows), strict=True
        ):
            found |= {NumberName(key, class_): each for key, each in of_class.items()}
    return {name: found[name] for name in asked if name in found}


def _of_classifier(
    facts: ClassificationFacts, asked: list[NumberName]
) -> dict[NumberName, Interval]:
    if facts.intervals is None:
        return {}
    found = {NumberName(key): each for key, each in facts.intervals.of.items()}
    places = {name: place for place, name in enumerate(facts.made.classes)}
    for class_ in dict.fromkeys(name.class_ for name in asked if name not in found):
        place = None if class_ is None else places[class_]
        known = answer_intervals(facts.made, facts.confidence, place)
        found |= {NumberName(key, class_): each for key, each in known.items()}
    return {name: found[name] for name in asked if name in found}
