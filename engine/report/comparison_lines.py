"""What the documents on two sides say in the same words, as text and as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.classification.classification import NO_ANSWER
from engine.compare.certainty import title
from engine.compare.comparison import Comparison
from engine.compare.exports.labelled import boxes_from
from engine.compare.numbers import ClassDifferences, Difference
from engine.compare.objects import ComparedObjects
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import Counts
from engine.report.comparison import ChangedRow, ComparisonFacts, extra_lines
from engine.util.words import DASH, change, iou_threshold, number, share, threshold

MARK: Final = "certain"
MORE: Final = "--format json has all of them"
WORDS: Final = {
    Why.BELOW_THRESHOLD: "below the threshold",
    Why.WRONG_CLASS: "wrong class",
    Why.TAKEN: "taken",
    Why.BOX_MOVED: "box moved",
    Why.MISSED: "missed",
}
WORDS_OF_ANSWERS: Final = {**WORDS, Why.MISSED: "no answer, and another class"}


def headline(comparison: Comparison) -> list[str]:
    """What is compared with what, on what, and at which points."""
    sides = comparison.sides
    left_out = f" ({sides.left_out.words})" if sides.left_out.images else ""
    a, b = comparison.a.point, comparison.b.point
    at = [
        f"confidence {name} {threshold(point.point.confidence, other.confidence)} ({point.source})"
        for name, point, other in (("A", comparison.a, b), ("B", comparison.b, a))
    ]
    matched = f"IoU {iou_threshold(a.iou)} · matching {a.matching}"
    if not comparison.is_detection:
        matched = number(len(sides.classes), "class", "classes")
    truths = number(int(comparison.matrix_a.ground_truths.sum()), "ground truth")
    of_truths = f", {truths}" if comparison.is_detection else ""
    data = sides.a.assessment.dataset.source.name
    return [
        f"A {sides.a.name} · B {sides.b.name} on {data}: "
        f"{number(sides.images, 'image')}{left_out}{of_truths}",
        f"{matched} · {' · '.join(at)}",
    ]


def agreement_line(facts: ComparisonFacts) -> str:
    """How far the two agree, of detectors with where boxes begin to count for it."""
    of_boxes = ""
    if facts.comparison.is_detection:
        start = boxes_from(facts.comparison.sides)
        own = f" ({number(len(start.of_class), 'class', 'classes')} from their own)"
        of_boxes = f" of boxes from confidence {threshold(start.confidence)} on"
        of_boxes += own if start.of_class else ""
    return f"agreement{of_boxes}: {facts.agreement.sentence}"


def counts(comparison: Comparison) -> list[str]:
    """How many objects or images of each status, why, and the false alarms."""
    objects = comparison.objects
    noun = "objects" if comparison.is_detection else "images"
    each = (f"{status_words(status)} {objects.count(status):,}" for status in ObjectStatus)
    lines = [f"{noun}: {' · '.join(each)}"]
    lines += [
        f"{status_words(status)}, why: {reasons}"
        for status in (ObjectStatus.BROKEN, ObjectStatus.FIXED)
        if (reasons := why_words(comparison, status))
    ]
    if isinstance(objects, ComparedObjects):
        seen = objects.alarms
        shared, gone, new = np.bincount(seen.status, minlength=3).tolist()
        lines.append(f"false alarms: shared {shared:,} · gone {gone:,} · new {new:,}")
    return lines


def why_names(comparison: Comparison) -> Mapping[Why, str]:
    """What the reasons are called."""
    return WORDS if comparison.is_detection else WORDS_OF_ANSWERS


def why_words(comparison: Comparison, status: ObjectStatus) -> str:
    """The reasons that occur, in their order, with counts: 3 below the threshold · 1 missed."""
    found = comparison.objects.whys(status).tolist()
    words = why_names(comparison)
    return " · ".join(f"{words[why]} {found[why]:,}" for why in Why if found[why])


def largest_cells(comparison: Comparison, most: int) -> list[tuple[str, str, int, int]]:
    """Cells off the diagonal that changed most: truth, predicted, counts of A and of B."""
    down, across = extra_lines(comparison)
    delta = comparison.delta.copy()
    np.fill_diagonal(delta, 0)
    flat = np.abs(delta).ravel()
    order = np.argsort(-flat, kind="stable")[:most]
    cells = [divmod(int(cell), len(delta)) for cell in order if flat[cell]]
    rows, columns = (*comparison.sides.classes, down), (*comparison.sides.classes, across)
    a, b = comparison.matrix_a.counts, comparison.matrix_b.counts
    return [
        (rows[row], columns[column], int(a[row, column]), int(b[row, column]))
        for row, column in cells
    ]


def changed_answers(comparison: Comparison, most: int) -> list[tuple[str, str, int, int, int]]:
    """Answers of classifiers that changed most often: of A, of B, images, fixed, broken."""
    objects = comparison.objects
    if isinstance(objects, ComparedObjects):
        return []
    names, found = (*comparison.sides.classes, NO_ANSWER), objects.changed
    columns = found.was, found.is_, found.images, found.fixed, found.broken
    return [
        (names[was], names[is_], images, fixed, broken)
        for was, is_, images, fixed, broken in zip(
            *(each[:most].tolist() for each in columns), strict=True
        )
    ]


def first_classes(facts: ComparisonFacts, most: int) -> list[ClassDifferences]:
    """Those that changed for certain, then the others, by how much F1 changed.

    Only classes in which something changed.
    """
    of_class = facts.comparison.objects.of_class
    every = len(facts.classes)
    moved = of_class(ObjectStatus.FIXED, every) + of_class(ObjectStatus.BROKEN, every)
    return by_change(facts.numbers.per_class, moved)[:most]


def by_change(every: Sequence[ClassDifferences], moved: Counts) -> list[ClassDifferences]:
    """The classes of which a number differs, or in which something moved [C], as first_classes."""
    changed = [
        each
        for each in every
        if moved[each.class_] or any(map(_differs, (each.ap, each.recall, each.f1)))
    ]
    return sorted(changed, key=lambda each: (not each.certain, -abs(np.nan_to_num(each.f1.delta))))


def changed_words(row: ChangedRow, comparison: Comparison) -> str:
    """An object that changed, in words."""
    image = comparison.sides.a.assessment.images.name[row.image]
    class_ = comparison.sides.classes[row.class_]
    words = why_names(comparison)
    named = f"{class_} {row.ground_truth} in {image}" if comparison.is_detection else image
    return f"{named}: {row.was} → {row.is_} ({words[Why[row.why.upper()]]})"


def total_cells(each: Difference) -> list[str]:
    """A number in a table: of A, of B, the difference, its interval, whether it is certain."""
    return [
        title(each.name),
        share(each.a, 3),
        share(each.b, 3),
        change(each.delta),
        interval(each),
        MARK if each.certain else "",
    ]


def tested(each: ClassDifferences) -> tuple[str, str]:
    """The p-value of a class, and whether it changed for certain."""
    return DASH if np.isnan(each.p) else f"{each.p:.2g}", MARK if each.certain else ""


def noticed(facts: ComparisonFacts) -> list[str]:
    """Warnings that do not stand above the numbers."""
    said = set(facts.comparison.sides.notices)
    return [warning for warning in facts.warnings if warning not in said]


def interval(each: Difference) -> str:
    """The 95 % interval of a difference: -.031 to -.012."""
    if np.isnan(each.low):
        return DASH
    return f"{change(each.low)} to {change(each.high)}"


def status_words(status: ObjectStatus) -> str:
    """A status as people read it: both right."""
    return status.name.lower().replace("_", " ")


def _differs(number: Difference) -> bool:
    return bool(number.delta) and not np.isnan(number.delta)
