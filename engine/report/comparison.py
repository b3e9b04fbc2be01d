"""What `offdiag compare` says of two sides, as plain values with the keys that others rely on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.classification.classification import NO_ANSWER
from engine.compare.alarms import AlarmStatus
from engine.compare.answers import ComparedAnswers
from engine.compare.comparison import Comparison
from engine.compare.exports.labelled import labelled_agreement
from engine.compare.exports.verdicts import Agreement
from engine.compare.numbers import ClassDifferences, ComparedNumbers, Difference
from engine.compare.objects import ComparedObjects
from engine.compare.points import SidePoint
from engine.compare.sides import Side
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import Indices, Scores
from engine.core.dataset import DetectionDataset
from engine.report.agreement_facts import agreement_facts
from engine.report.facts import ReportValue
from engine.util.words import json_number


@dataclass(frozen=True, eq=False)
class ComparisonFacts:
    """Everything that a document on two sides is written from."""

    comparison: Comparison
    numbers: ComparedNumbers
    notes: tuple[str, ...] = ()  # on the operating points

    @property
    def classes(self) -> tuple[str, ...]:
        """[C]"""
        return self.comparison.sides.classes

    @cached_property
    def agreement(self) -> Agreement:
        """How far the two agree, whatever the ground truth says."""
        return labelled_agreement(self.comparison.sides)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Of the sides and of their points."""
        return (*self.comparison.sides.warnings, *self.notes)


@dataclass(frozen=True)
class ChangedRow:
    """An object that one side alone is right about, or such an image of classifiers."""

    image: int
    ground_truth: int | str  # the annotation's id, else its row; of classifiers the image's row
    class_: int
    was: str  # what the matrix of A has it as
    is_: str  # what that of B has it as
    why: str  # why the side that is wrong is wrong
    status: ObjectStatus


def comparison_facts(facts: ComparisonFacts) -> dict[str, ReportValue]:
    """Counts and ratios of both sides; what is undefined is None, never 0."""
    comparison, numbers = facts.comparison, facts.numbers
    sides, objects = comparison.sides, comparison.objects
    images, classes = sides.a.assessment.images.name, facts.classes
    told: dict[str, ReportValue] = {
        "task": "detection" if comparison.is_detection else "classification",
        "images": sides.images,
        "left_out": {
            "images": sides.left_out.images,
            "classes": list(sides.left_out.classes),
        },
        "a": _side(sides.a, comparison.a),
        "b": _side(sides.b, comparison.b),
        "metrics": [_total(each) for each in numbers.metrics],
        "objects": {status.name.lower(): objects.count(status) for status in ObjectStatus},
        "broken_why": _whys(objects, ObjectStatus.BROKEN),
        "fixed_why": _whys(objects, ObjectStatus.FIXED),
    }
    if isinstance(objects, ComparedObjects):
        told["false_alarms"] = {
            status.name.lower(): objects.alarms.count(status) for status in AlarmStatus
        }
    else:
        told["p"] = json_number(numbers.p)
        told["answers"] = _answers(objects, classes)
    told |= {
        "per_class": _per_class(facts),
        "matrix_delta": _matrix(comparison, classes),
        "changed": [
            {
                "image": images[row.image],
                "ground_truth": row.ground_truth,
                "class": classes[row.class_],
                "was": row.was,
                "is": row.is_,
                "why": row.why,
                "status": row.status.name.lower(),
            }
            for row in changed_rows(comparison)
        ],
        "agreement": agreement_facts(facts.agreement, images, classes),
        "intervals": {"percent": 95, "samples": numbers.samples},
        "warnings": list(facts.warnings),
    }
    return told


def changed_rows(comparison: Comparison, most: int | None = None) -> list[ChangedRow]:
    """The broken, then the fixed, each by how confident the side was that is right.

    At most so many of each. Equal confidences keep the order of the file.
    """
    objects, sides = comparison.objects, comparison.sides
    classes = sides.classes
    nothing = comparison.matrix_b.extra_column or NO_ANSWER
    names = (*classes, nothing)  # NOTHING is the last index
    found: list[ChangedRow] = []
    for status in (ObjectStatus.BROKEN, ObjectStatus.FIXED):
        rows = changed_order(comparison, status)[:most]
        why = objects.why_a if status is ObjectStatus.FIXED else objects.why_b
        class_, ids = _truths(comparison, rows)
        found.extend(
            ChangedRow(image, id_, of, names[was], names[is_], Why(reason).name.lower(), status)
            for image, id_, of, was, is_, reason in zip(
                objects.image[rows].tolist(),
                ids,
                class_.tolist(),
                objects.predicted_a[rows].tolist(),
                objects.predicted_b[rows].tolist(),
                why[rows].tolist(),
                strict=True,
            )
        )
    return found


def changed_order(comparison: Comparison, status: ObjectStatus) -> Indices:
    """Rows of the objects with a status, by how confident the side was that is right."""
    rows = np.flatnonzero(comparison.objects.status == status)
    confidence = _confidence(comparison, status)[rows]
    return rows[np.argsort(-confidence, kind="stable")]


def _confidence(comparison: Comparison, status: ObjectStatus) -> Scores:
    """[G] of the prediction of the side that is right about a status."""
    objects, of_a = comparison.objects, status is ObjectStatus.BROKEN
    if isinstance(objects, ComparedAnswers):
        return objects.confidence_a if of_a else objects.confidence_b
    side = comparison.sides.a if of_a else comparison.sides.b
    row = objects.found_a if of_a else objects.found_b
    known = side.detection.predictions.confidence
    return np.append(known, np.nan)[row]


def _truths(comparison: Comparison, rows: Indices) -> tuple[Indices, list[int]]:
    """Class and name of the ground truths in these rows."""
    objects = comparison.objects
    if isinstance(objects, ComparedAnswers):
        return objects.truth[rows], objects.image[rows].tolist()
    dataset = comparison.sides.a.assessment.dataset
    assert isinstance(dataset, DetectionDataset)
    ids, truth = dataset.ground_truths.id, objects.ground_truth[rows]
    return objects.class_[rows], (truth if ids is None else ids[truth]).tolist()


def _side(side: Side, point: SidePoint) -> Mapping[str, ReportValue]:
    of_boxes = {} if np.isnan(point.point.iou) else {"iou": point.point.iou}
    matching = {} if np.isnan(point.point.iou) else {"matching": point.point.matching}
    return {
        "name": side.name,
        "operating_point": {
            **of_boxes,
            "confidence": json_number(point.point.confidence),
            **matching,
            "source": point.source,
        },
    }


def _total(each: Difference) -> Mapping[str, ReportValue]:
    return {"name": each.name, **_difference(each), "p": json_number(each.p)}


def _difference(each: Difference) -> Mapping[str, ReportValue]:
    return {
        "a": json_number(each.a),
        "b": json_number(each.b),
        "delta": json_number(each.delta),
        "low": json_number(each.low),
        "high": json_number(each.high),
        "certain": each.certain,
    }


def _whys(
    objects: ComparedObjects | ComparedAnswers, status: ObjectStatus
) -> Mapping[str, ReportValue]:
    counts = objects.whys(status).tolist()
    return {why.name.lower(): counts[why] for why in Why}


def _answers(objects: ComparedAnswers, classes: tuple[str, ...]) -> list[ReportValue]:
    """The pairs of answers that changed, the most frequent first."""
    names, changed = (*classes, None), objects.changed
    columns = changed.was, changed.is_, changed.images, changed.fixed, changed.broken
    return [
        {"was": names[was], "is": names[is_], "images": images, "fixed": fixed, "broken": broken}
        for was, is_, images, fixed, broken in zip(
            *(each.tolist() for each in columns), strict=True
        )
    ]


def _per_class(facts: ComparisonFacts) -> list[ReportValue]:
    comparison, count = facts.comparison, len(facts.classes)
    fixed, broken = (
        comparison.objects.of_class(status, count).tolist()
        for status in (ObjectStatus.FIXED, ObjectStatus.BROKEN)
    )
    truths = comparison.matrix_a.ground_truths.tolist()

    def told(each: ClassDifferences) -> Mapping[str, ReportValue]:
        return {
            "class": facts.classes[each.class_],
            "ground_truths": truths[each.class_],
            "fixed": fixed[each.class_],
            "broken": broken[each.class_],
            "p": json_number(each.p),
            "certain": each.certain,
            "AP": _difference(each.ap),
            "recall": _difference(each.recall),
            "f1": _difference(each.f1),
        }

    return [told(each) for each in facts.numbers.per_class]


def _matrix(comparison: Comparison, classes: tuple[str, ...]) -> Mapping[str, ReportValue]:
    """B less A, with the extra lines that either matrix has."""
    down, across = extra_lines(comparison)
    rows = [*classes, *([down] if down else [])]
    columns = [*classes, *([across] if across else [])]
    return {
        "rows": rows,
        "columns": columns,
        "counts": comparison.delta[: len(rows), : len(columns)].tolist(),
    }


def extra_lines(comparison: Comparison) -> tuple[str, str]:
    """What the last row and the last column are called; "" where neither side has it."""
    a, b = comparison.matrix_a, comparison.matrix_b
    return a.extra_row or b.extra_row, a.extra_column or b.extra_column
