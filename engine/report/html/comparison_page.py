"""The page on two sides."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.compare.certainty import gain, title, verdict
from engine.compare.numbers import ClassDifferences, Difference
from engine.compare.objects import ComparedObjects
from engine.compare.status import ObjectStatus
from engine.report.comparison import ComparisonFacts, extra_lines
from engine.report.comparison_lines import (
    MARK,
    agreement_line,
    changed_answers,
    first_classes,
    headline,
    interval,
    largest_cells,
    noticed,
    status_words,
    tested,
    why_words,
)
from engine.report.counting import (
    classification_counting,
    comparison_counting,
    detection_counting,
)
from engine.report.html.blocks import (
    Block,
    ListBlock,
    NumberTile,
    PageSection,
    ReportPage,
    TableBlock,
    TableCell,
    TilesBlock,
    WordsBlock,
    ratio_cell,
    text_cells,
)
from engine.report.html.changed_pictures import changed_blocks
from engine.report.html.matrix import delta_table
from engine.report.html.pictures import PictureMaker
from engine.report.html.sections import counting_section, making_section, said_section
from engine.report.making import ReportMaking, answers_digest, data_digest, opened_facts
from engine.util.words import change, share

CELLS_SHOWN: Final = 20
CLASSES_SHOWN: Final = 200
JSON_HAS: Final = "the JSON report has all of them"


def comparison_page(facts: ComparisonFacts, making: ReportMaking) -> ReportPage:
    """What changed from A to B, for certain or not."""
    comparison, numbers = facts.comparison, facts.numbers
    sides = comparison.sides
    opened = (sides.a.opened, sides.b.opened)
    maker = PictureMaker(sides.a.assessment.images, making.pictures)
    pictured = changed_blocks(comparison, maker)
    point = comparison.a.point
    how = (
        detection_counting(point.iou, point.matching)
        if comparison.is_detection
        else classification_counting()
    )
    return ReportPage(
        title=f"{sides.b.name} against {sides.a.name}",
        lead=(*headline(comparison), *sides.notices),
        sections=(
            PageSection("summary", "Summary", _summary(facts)),
            PageSection("numbers", "Numbers", (_numbers(numbers.metrics, numbers.samples),)),
            said_section(
                noticed(facts),
                [*dict((*opened[0].failures, *opened[1].failures)).items()],
                opened,
                maker.words,
            ),
            PageSection("matrix", "What changed in the matrix", _matrix(facts)),
            PageSection("objects", "Broken and fixed", pictured),
            PageSection("classes", "Classes that changed", _classes(facts)),
            counting_section((*comparison_counting(numbers.samples), *how), ()),
            making_section(making, _made(facts)),
        ),
    )


def _summary(facts: ComparisonFacts) -> tuple[Block, ...]:
    comparison = facts.comparison
    objects = comparison.objects
    noun = "Objects" if comparison.is_detection else "Images"
    tiles = [
        NumberTile(f"{noun} {status_words(status)}", f"{objects.count(status):,}")
        for status in ObjectStatus
    ]
    if isinstance(objects, ComparedObjects):
        shared, gone, new = np.bincount(objects.alarms.status, minlength=3).tolist()
        tiles += [
            NumberTile("False alarms new", f"{new:,}", f"{shared:,} are shared"),
            NumberTile("False alarms gone", f"{gone:,}"),
        ]
    whys = [
        f"{status_words(status)}, why: {reasons}"
        for status in (ObjectStatus.BROKEN, ObjectStatus.FIXED)
        if (reasons := why_words(comparison, status))
    ]
    return (
        WordsBlock((verdict(facts.numbers),), strong=True),
        TilesBlock(tuple(tiles)),
        ListBlock((*whys, agreement_line(facts))),
    )


def _numbers(metrics: Sequence[Difference], samples: int) -> TableBlock:
    certain = " Intervals are those of the difference." if samples else ""
    return TableBlock(
        caption=f"Every number of both sides.{certain}",
        head=("number", "A", "B", "B less A", "95 % interval", "certain"),
        rows=tuple(
            (
                TableCell(title(each.name)),
                TableCell(share(each.a, 3)),
                TableCell(share(each.b, 3)),
                _change_cell(each, gain(each)),
                TableCell(interval(each)),
                TableCell(MARK if each.certain else ""),
            )
            for each in metrics
        ),
    )


def _change_cell(each: Difference, better: float) -> TableCell:
    """A difference; what is certain has a sign, and says which way is better by it."""
    look = ""
    if each.certain and better:
        look = "better" if better > 0 else "worse"
    return TableCell(change(each.delta), look=look)


def _matrix(facts: ComparisonFacts) -> tuple[Block, ...]:
    comparison = facts.comparison
    blocks: list[Block] = [delta_table(comparison.delta, facts.classes, *extra_lines(comparison))]
    cells = largest_cells(comparison, CELLS_SHOWN)
    if cells:
        rows = tuple(
            (
                TableCell(truth),
                TableCell(seen, look="left"),
                *text_cells((f"{a:,}", f"{b:,}", f"{b - a:+,}")),
            )
            for truth, seen, a, b in cells
        )
        head = ("truth", "predicted", "A", "B", "B less A")
        blocks.append(TableBlock("Cells off the diagonal that changed most.", head, rows))
    else:
        blocks.append(WordsBlock(("Off the diagonal of the matrix nothing changed.",)))
    if answers := changed_answers(comparison, CELLS_SHOWN):
        rows = tuple(
            (
                TableCell(was),
                TableCell(is_, look="left"),
                *text_cells([f"{each:,}" for each in counted]),
            )
            for was, is_, *counted in answers
        )
        head = ("answer of A", "answer of B", "images", "fixed", "broken")
        blocks.append(TableBlock("Answers that changed most often.", head, rows))
    return tuple(blocks)


def _classes(facts: ComparisonFacts) -> tuple[Block, ...]:
    every = first_classes(facts, len(facts.classes))
    if not every:
        return (WordsBlock(("In no class anything differs.",)),)
    comparison = facts.comparison
    fixed, broken = (
        comparison.objects.of_class(status, len(facts.classes))
        for status in (ObjectStatus.FIXED, ObjectStatus.BROKEN)
    )
    truths = comparison.matrix_a.ground_truths
    noun = "ground truths" if comparison.is_detection else "images"

    def row(each: ClassDifferences) -> tuple[TableCell, ...]:
        p, certain = tested(each)
        return (
            TableCell(facts.classes[each.class_]),
            *(TableCell(f"{counted[each.class_]:,}") for counted in (truths, fixed, broken)),
            ratio_cell(each.f1.a),
            ratio_cell(each.f1.b),
            TableCell(
                change(each.f1.delta),
                look=("better" if each.f1.delta > 0 else "worse") if each.certain else "",
            ),
            TableCell(change(each.recall.delta)),
            TableCell(change(each.ap.delta)),
            TableCell(p),
            TableCell(certain),
        )

    part = f" Shown are {CLASSES_SHOWN:,} of {len(every):,}: {JSON_HAS}."
    head = ("class", noun, "fixed", "broken", "F1 A", "F1 B", "F1", "recall", "AP", "p", "certain")
    return (
        TableBlock(
            caption="What changed for certain first, then by how much F1 changed. F1, recall and "
            f"AP without a letter are B less A.{part if len(every) > CLASSES_SHOWN else ''}",
            head=head,
            rows=tuple(map(row, every[:CLASSES_SHOWN])),
        ),
    )


def _made(facts: ComparisonFacts) -> list[tuple[str, str]]:
    """What each side is, and the data of both."""
    sides = facts.comparison.sides
    terms = []
    for letter, side in (("A", sides.a), ("B", sides.b)):
        terms += [(f"{letter}: {name}", value) for name, value in opened_facts(side.opened)]
        if side.opened.digest:
            terms.append((f"{letter}: Model, sha256", side.opened.digest))
        terms.append((f"{letter}: Predictions, fingerprint", answers_digest(side.assessment)))
    return [*terms, ("Ground truth of both, fingerprint", data_digest(sides.a.assessment))]
