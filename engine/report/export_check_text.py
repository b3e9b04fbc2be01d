"""A check of an export for people: as plain text, and as Markdown for a merge request."""

from collections.abc import Sequence
from typing import Final, assert_never

from engine.compare.exports.agreement import AnswerAgreement, BoxAgreement
from engine.compare.exports.check import ExportCheck
from engine.compare.exports.counted_from import CountedFrom
from engine.report.comparison_lines import MORE
from engine.report.markdown_parts import details, escaped, markdown_table
from engine.report.matrix_text import aligned, document
from engine.util.words import number, share, threshold

IMAGES_SHOWN: Final = 10
SOURCES: Final = {
    "given": "given",
    "saved": "the saved operating point",
    "default": "nothing is saved",
    "file": "where the predictions begin",
    "top-1": "top-1",
}


def export_check_text(check: ExportCheck) -> str:
    """The verdict, the numbers behind it, the images that differ most, what was noticed."""
    head, *rows = images_table(check)
    lines = [said_headline(check), "", check.agreement.sentence, *numbers_lines(check)]
    if rows:
        lines += ["", f"{_title(check)}:", *aligned([head, *rows])]
    if check.warnings:
        lines += ["", "Noticed:", *(f"  {warning}" for warning in check.warnings)]
    return document(lines)


def export_check_markdown(check: ExportCheck) -> str:
    """The same, the images and what was noticed to unfold."""
    head, *rows = images_table(check)
    a, b = check.names
    blocks = [
        f"### {escaped(b)} against {escaped(a)}",
        escaped(said_headline(check)),
        f"**{escaped(check.agreement.sentence)}**",
        "\n".join(f"- {escaped(line)}" for line in numbers_lines(check)),
    ]
    if rows:
        blocks.append(details(_title(check), markdown_table(head, rows)))
    if check.warnings:
        noticed = "\n".join(f"- {escaped(warning)}" for warning in check.warnings)
        blocks.append(details("Noticed", noticed))
    return "\n\n".join(blocks) + "\n"


def said_headline(check: ExportCheck) -> str:
    """What is compared with what, on how many images."""
    a, b = check.names
    images = number(len(check.images), "image")
    return f"A {a} · B {b} on {images} without labels{_from(check.counted)}"


def _from(counted: CountedFrom) -> str:
    if counted.source == "top-1":
        return ""
    own = f", {number(len(counted.of_class), 'class', 'classes')} from their own"
    return (
        f" · boxes from confidence {threshold(counted.confidence)} on"
        f"{own if counted.of_class else ''} ({SOURCES[counted.source]})"
    )


def numbers_lines(check: ExportCheck) -> list[str]:
    """What the verdict rests on."""
    measured = check.agreement.measured
    match measured:
        case BoxAgreement():
            crossed = len(measured.crossed_difference)
            return [
                f"boxes: A {measured.boxes_a:,} · B {measured.boxes_b:,} · agreed "
                f"{measured.agreed:,} · crossed the threshold {crossed:,} · without a partner "
                f"{len(measured.alone):,}",
                "of those agreed: score differs by "
                f"{share(measured.largest_score_difference, 4)} at most, "
                f"{share(measured.median_score_difference, 4)} in the median · IoU is short of 1 "
                f"by {share(measured.largest_iou_loss, 4)} at most, "
                f"{share(measured.median_iou_loss, 4)} in the median",
            ]
        case AnswerAgreement():
            return [
                f"top class: the same in {measured.agreed:,} of "
                f"{number(len(measured.images), 'image')}",
                f"probabilities differ by {share(measured.largest_difference, 4)} at most, by "
                f"{share(measured.median_difference, 4)} in the median image",
            ]
        case _:
            assert_never(measured)


def _title(check: ExportCheck) -> str:
    differing = len(check.agreement.measured.disagreeing)
    most = f", {IMAGES_SHOWN} of {differing:,} ({MORE})" if differing > IMAGES_SHOWN else ""
    return f"Images that differ most{most}"


def images_table(check: ExportCheck, most: int = IMAGES_SHOWN) -> list[Sequence[str]]:
    """A head, and a row for each of the images that differ most."""
    measured = check.agreement.measured
    first = measured.disagreeing[:most].tolist()
    match measured:
        case BoxAgreement():
            largest = measured.largest_in
            return [
                ("image", "boxes A", "boxes B", "agreed", "largest difference of score"),
                *(
                    (
                        check.images.name[image],
                        f"{measured.counts_a[image]:,}",
                        f"{measured.counts_b[image]:,}",
                        f"{measured.agreed_in[image]:,}",
                        share(float(largest[image]), 4),
                    )
                    for image in first
                ),
            ]
        case AnswerAgreement():
            return [
                ("image", "A", "B", "largest difference of probability"),
                *(
                    (
                        check.images.name[measured.images[row]],
                        check.classes[measured.top_a[row]],
                        check.classes[measured.top_b[row]],
                        share(float(measured.difference[row]), 4),
                    )
                    for row in first
                ),
            ]
        case _:
            assert_never(measured)
