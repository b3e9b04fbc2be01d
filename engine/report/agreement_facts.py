"""An agreement as plain values with the keys that others rely on."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from engine.compare.exports.agreement import AnswerAgreement, BoxAgreement
from engine.compare.exports.verdicts import Agreement
from engine.util.words import json_number


def agreement_facts(
    agreement: Agreement, images: Sequence[str], classes: Sequence[str]
) -> Mapping[str, Any]:
    """The part "agreement" of the documents; images and classes by their names.

    by_image lists the images that differ in any way, those that differ most first.
    """
    verdict = {"verdict": agreement.verdict, "reason": agreement.reason}
    measured = agreement.measured
    match measured:
        case BoxAgreement():
            return {**_of_boxes(measured), **verdict, "by_image": _boxes_by_image(measured, images)}
        case AnswerAgreement():
            by_image = _answers_by_image(measured, images, classes)
            return {**_of_answers(measured), **verdict, "by_image": by_image}
        case _:
            assert_never(measured)


def _of_boxes(measured: BoxAgreement) -> Mapping[str, Any]:
    return {
        "boxes_a": measured.boxes_a,
        "boxes_b": measured.boxes_b,
        "agreed": measured.agreed,
        "crossed": len(measured.crossed_difference),
        "share": json_number(measured.share),
        "largest_score_difference": json_number(measured.largest_score_difference),
        "median_score_difference": json_number(measured.median_score_difference),
        "largest_iou_loss": json_number(measured.largest_iou_loss),
        "median_iou_loss": json_number(measured.median_iou_loss),
    }


def _of_answers(measured: AnswerAgreement) -> Mapping[str, Any]:
    return {
        "images": len(measured.images),
        "agreed": measured.agreed,
        "share": json_number(measured.share),
        "largest_probability_difference": json_number(measured.largest_difference),
        "median_probability_difference": json_number(measured.median_difference),
    }


def _boxes_by_image(measured: BoxAgreement, images: Sequence[str]) -> list[Mapping[str, Any]]:
    largest = measured.largest_in
    return [
        {
            "image": images[image],
            "boxes_a": int(measured.counts_a[image]),
            "boxes_b": int(measured.counts_b[image]),
            "agreed": int(measured.agreed_in[image]),
            "largest_score_difference": float(largest[image]),
        }
        for image in measured.disagreeing.tolist()
    ]


def _answers_by_image(
    measured: AnswerAgreement, images: Sequence[str], classes: Sequence[str]
) -> list[Mapping[str, Any]]:
    return [
        {
            "image": images[measured.images[row]],
            "a": classes[measured.top_a[row]],
            "b": classes[measured.top_b[row]],
            "largest_probability_difference": float(measured.difference[row]),
        }
        for row in measured.disagreeing.tolist()
    ]
