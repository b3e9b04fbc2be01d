"""What a report says of its baseline, as plain values with the keys that others rely on."""

from collections.abc import Mapping, Sequence

from engine.compare.certainty import gain
from engine.compare.differences import OF_CLASS, ClassDifferences, Difference
from engine.report.baseline.against import AgainstBaseline
from engine.report.baseline.kept import Baseline, ClassificationBaseline, DetectionBaseline
from engine.report.facts import ReportValue
from engine.util.words import json_number


def baseline_facts(found: AgainstBaseline, failures: Sequence[str] = ()) -> dict[str, ReportValue]:
    """Old and new numbers, and what is certain; what is undefined is None, never 0."""
    origin = found.kept.origin
    return {
        "file": found.path.name,
        "answers": origin.answers,
        "model": origin.model or None,
        "predictions": origin.predictions,
        "data": origin.data,
        "operating_point": _point(found.kept),
        "metrics": [_total(found, each) for each in found.numbers.metrics],
        "per_class": [_class(found, each) for each in found.numbers.per_class],
        "intervals": {"percent": 95, "samples": found.numbers.samples},
        "failures": list(failures),
        "warnings": list(found.notes),
    }


def _point(kept: Baseline) -> Mapping[str, ReportValue]:
    chosen = {"source": kept.origin.source, "goal": kept.origin.goal}
    match kept:
        case DetectionBaseline(point=point):
            confidence = json_number(point.confidence)
            at = {"iou": point.iou, "confidence": confidence, "matching": point.matching}
            return {**at, **chosen}
        case ClassificationBaseline():
            return {"confidence": json_number(kept.confidence), **chosen}


def _total(found: AgainstBaseline, each: Difference) -> Mapping[str, ReportValue]:
    return {
        "name": each.name,
        **_difference(each, tested=found.is_tested(each.name)),
        "p": json_number(each.p),
    }


def _class(found: AgainstBaseline, each: ClassDifferences) -> Mapping[str, ReportValue]:
    told: dict[str, ReportValue] = {
        "class": found.classes[each.class_],
        "p": json_number(each.p),
        "certain": each.certain,
    }
    for name in OF_CLASS:
        told[name] = _difference(each.number(name), tested=name != "AP")
    return told


def _difference(each: Difference, *, tested: bool) -> Mapping[str, ReportValue]:
    return {
        "old": json_number(each.a),
        "new": json_number(each.b),
        "difference": json_number(each.delta),
        "low": json_number(each.low),
        "high": json_number(each.high),
        "verdict": verdict_of(each, tested=tested),
    }


def verdict_of(each: Difference, *, tested: bool) -> str:
    """What is certain of a number, in a word or two."""
    if not tested:
        return "not tested"
    if not each.certain:
        return "not certain"
    return "better" if gain(each) > 0 else "worse"
