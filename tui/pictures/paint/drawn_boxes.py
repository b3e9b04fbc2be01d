"""Which boxes of an image are drawn, and how each is labelled."""

from typing import Final, Literal

from engine.core.arrays import NOTHING
from engine.core.assessment import Box, DetailRow
from engine.util.words import told_apart
from tui.pictures.paint.box_list import BoxList, class_name
from tui.pictures.paint.boxes import Mark, OutcomeMark

BoxesShown = Literal["truth and predictions", "truth", "predictions", "none"]
CYCLE: Final[tuple[BoxesShown, ...]] = ("truth and predictions", "truth", "predictions", "none")


def image_marks(shown: BoxList, drawn: BoxesShown, focus: int | None) -> tuple[Mark, ...]:
    """The boxes over a whole image.

    Predictions below the threshold are drawn only while in focus. The ground
    truth of the box in focus is labelled as well; the truths that other
    predictions found are plain dashed lines, so that the picture stays calm.
    """
    marks = []
    truths_drawn: set[int] = set()
    about = NOTHING if focus is None else shown.rows[focus].ground_truth
    for index, row in enumerate(shown.rows):
        focused = index == focus
        its_truth = row.is_truth and row.ground_truth == about != NOTHING
        dimmed = focus is not None and not focused and not its_truth
        if not _drawn(row, drawn) or (row.tag == "below" and not focused):
            continue
        if row.is_truth:
            truths_drawn.add(row.ground_truth)
        label = f"{class_name(shown.classes, row.class_)} {_confidence(row, shown)}".rstrip()
        marks.append(OutcomeMark(row.box, row.tag, label, row.is_truth, focused, dimmed))
    if drawn in ("truth and predictions", "truth"):
        order = sorted(range(len(shown.rows)), key=lambda index: index != focus)
        for index in order:
            row = shown.rows[index]
            if row.is_truth or row.partner is None or row.ground_truth == NOTHING:
                continue
            if row.ground_truth in truths_drawn or (row.tag == "below" and index != focus):
                continue
            truths_drawn.add(row.ground_truth)
            dimmed = focus is not None and index != focus
            quiet = index != focus and drawn != "truth"
            name = "" if quiet else class_name(shown.classes, row.partner_class)
            marks.append(OutcomeMark(row.partner, "truth", name, True, False, dimmed))
    return tuple(marks)


def _drawn(row: DetailRow, drawn: BoxesShown) -> bool:
    if drawn == "truth and predictions":
        return True
    return drawn == ("truth" if row.is_truth else "predictions")


def _confidence(row: DetailRow, shown: BoxList) -> str:
    return "" if row.is_truth else told_apart(row.confidence, shown.confidence, digits=2)


def preview_marks(
    truth: str | None,
    predicted: str | None,
    box: Box | None,
    truth_box: Box | None,
) -> tuple[Mark, ...]:
    """The boxes of a preview: the prediction solid, the ground truth dashed."""
    marks = []
    if truth_box is not None:
        marks.append(OutcomeMark(truth_box, "FN" if predicted is None else "truth", dashed=True))
    if box is not None:
        marks.append(OutcomeMark(box, "TP" if truth == predicted else "FP"))
    return tuple(marks)
