"""What broke and what was fixed, each as both sides see it."""

from typing import Final

from engine.classification.classification import NO_ANSWER
from engine.compare.comparison import Comparison
from engine.compare.objects import ComparedObjects
from engine.compare.sides import Side
from engine.compare.status import ObjectStatus
from engine.core.arrays import NOTHING
from engine.report.comparison import ChangedRow, changed_order, changed_rows
from engine.report.comparison_lines import changed_words, status_words
from engine.report.html.blocks import (
    Block,
    ListBlock,
    PictureFigure,
    PicturesBlock,
    ReportPicture,
    WordsBlock,
)
from engine.report.html.pictures import PictureBox, PictureMaker, around_all, box_of
from engine.util.words import share

LISTED: Final = 25  # in words


def changed_blocks(comparison: Comparison, maker: PictureMaker) -> tuple[Block, ...]:
    """Pictures of the surest of them, half of each kind, then the first of them in words."""
    rows = changed_rows(comparison, LISTED)
    kinds = [
        status
        for status in (ObjectStatus.BROKEN, ObjectStatus.FIXED)
        if comparison.objects.count(status)
    ]
    blocks: list[Block] = []
    for place, status in enumerate(kinds):
        of_kind = [row for row in rows if row.status is status]
        places = changed_order(comparison, status)[: len(of_kind)].tolist()
        fair = maker.left // (len(kinds) - place)
        figures = []
        stop = maker.left - fair
        for at, row in zip(places, of_kind, strict=True):
            if maker.left - stop < 2:
                break
            figures.append(_figure(comparison, at, row, maker))
        count = comparison.objects.count(status)
        blocks.append(
            PicturesBlock(
                f"{status_words(status).capitalize()}: {count:,}",
                tuple(each for each in figures if each),
            )
        )
        blocks.append(ListBlock(tuple(changed_words(row, comparison) for row in of_kind)))
        if count > len(of_kind):
            more = f"These are the {len(of_kind):,} of which the right side is surest."
            blocks.append(WordsBlock((more,)))
    return tuple(blocks) or (WordsBlock(("Nothing broke, and nothing was fixed.",)),)


def _figure(
    comparison: Comparison, at: int, row: ChangedRow, maker: PictureMaker
) -> PictureFigure | None:
    """The same part of an image twice, or the image once where there are no boxes."""
    objects = comparison.objects
    words, name = changed_words(row, comparison), comparison.sides.a.assessment.images.name
    if not isinstance(objects, ComparedObjects):
        answers = (*comparison.sides.classes, NO_ANSWER)
        said = (
            f"label {answers[int(objects.truth[at])]}",
            f"A {answers[int(objects.predicted_a[at])]} {share(float(objects.confidence_a[at]))}",
            f"B {answers[int(objects.predicted_b[at])]} {share(float(objects.confidence_b[at]))}",
        )
        picture = maker.whole(row.image, f"{name[row.image]}: {', '.join(said)}")
        return PictureFigure((picture,), (" · ".join(said), name[row.image])) if picture else None
    sides = comparison.sides
    seen = (
        ("A", sides.a, int(objects.found_a[at])),
        ("B", sides.b, int(objects.found_b[at])),
    )
    truth = int(objects.ground_truth[at])
    dataset = sides.a.detection.dataset
    class_name = comparison.sides.classes[row.class_]
    drawn = PictureBox(
        box_of(dataset.ground_truths.box[truth]), "truth", f"truth {class_name}", is_truth=True
    )
    whole = around_all([drawn, *(each for _, side, of in seen for each in _found(side, of, ""))])
    pictures: list[ReportPicture] = []
    for letter, side, of in seen:
        boxes = [drawn, *_found(side, of, letter)]
        right = (letter == "A") is (row.status is ObjectStatus.BROKEN)
        alt = f"{letter} is {'right' if right else 'wrong'}: {words}"
        picture = maker.crop(row.image, boxes, alt, around=whole)
        if picture is None:
            return None
        pictures.append(picture)
    return PictureFigure(tuple(pictures), (words, "left A, right B"))


def _found(side: Side, row: int, letter: str) -> list[PictureBox]:
    """The prediction that explains what a side made of the object."""
    if row == NOTHING:
        return []
    found = side.detection.predictions
    name = side.detection.classes[int(found.class_[row])]
    label = f"{letter} {name} {share(float(found.confidence[row]))}"
    return [PictureBox(box_of(found.box[row]), letter or "A", label)]
