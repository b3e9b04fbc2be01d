"""A check of an export as values, text and Markdown: each number where it belongs."""

from pathlib import Path

import numpy as np

from engine.compare.exports.answer_reasons import AnswerSides
from engine.compare.exports.check import ExportCheck
from engine.compare.exports.counted_from import CountedFrom
from engine.compare.exports.reasons import BoxSides
from engine.compare.exports.verdicts import agreement
from engine.core.dataset import Images, Predictions, Probabilities
from engine.report.export_check import export_check_facts
from engine.report.export_check_text import export_check_markdown, export_check_text

NAMES = ("bolt", "nut")
FILES = ("a_1.jpg", "2.jpg")
IMAGES = Images(FILES, tuple(map(Path, FILES)), np.zeros((2, 2), np.intp))


def boxes(*rows: tuple[int, int, float, tuple[float, ...]]) -> Predictions:
    image, class_, confidence, box = zip(*rows, strict=True)
    return Predictions(
        np.array(image), np.array(class_), np.array(confidence), np.array(box, float)
    )


def detection(warnings: tuple[str, ...] = ()) -> ExportCheck:
    a = boxes((0, 0, 0.9, (0, 0, 10, 10)), (0, 1, 0.5, (20, 0, 10, 10)), (1, 1, 0.6, (0, 0, 9, 9)))
    b = boxes((0, 0, 0.8, (0, 0, 10, 10)), (0, 1, 0.2, (20, 0, 10, 10)), (1, 1, 0.6, (50, 0, 9, 9)))
    least = np.full(2, 0.25)
    made = agreement(BoxSides(NAMES, 2, a, b, least, least))
    counted = CountedFrom(0.25, {"nut": 0.3}, "saved")
    return ExportCheck("detect", ("a.onnx", "b.onnx"), NAMES, IMAGES, counted, made, warnings)


def classification() -> ExportCheck:
    a, b = (
        Probabilities(np.arange(2), np.array(value))
        for value in ([[0.9, 0.1], [0.6, 0.4]], [[0.9, 0.1], [0.2, 0.8]])
    )
    made = agreement(AnswerSides(NAMES, a, b))
    counted = CountedFrom(0.0, {}, "top-1")
    return ExportCheck("classify", ("a.onnx", "b.onnx"), NAMES, IMAGES, counted, made, ())


def test_the_values_of_detectors():
    told = export_check_facts(detection(("said",)))
    at = {"confidence": 0.25, "source": "saved", "classes": {"nut": 0.3}}
    assert told["a"] == {"name": "a.onnx", "operating_point": at}
    assert told["warnings"] == ["said"]
    found = dict(told["agreement"])
    assert found.pop("largest_score_difference") == found.pop("median_score_difference")
    assert found == {
        "boxes_a": 3,
        "boxes_b": 2,
        "agreed": 1,
        "crossed": 1,
        "share": 0.4,
        "largest_iou_loss": 0.0,
        "median_iou_loss": 0.0,
        "verdict": "other",
        "reason": "",
        "by_image": [
            {
                "image": "2.jpg",
                "boxes_a": 1,
                "boxes_b": 1,
                "agreed": 0,
                "largest_score_difference": 0.0,
            },
            {
                "image": "a_1.jpg",
                "boxes_a": 2,
                "boxes_b": 1,
                "agreed": 1,
                "largest_score_difference": 0.9 - 0.8,
            },
        ],
    }


def test_the_values_of_classifiers():
    found = export_check_facts(classification())["agreement"]
    assert (found["images"], found["agreed"], found["share"]) == (2, 1, 0.5)
    assert found["by_image"] == [
        {"image": "2.jpg", "a": "bolt", "b": "nut", "largest_probability_difference": 0.4}
    ]


def test_the_text_says_every_number():
    said = export_check_text(detection(("something was noticed",)))
    assert "boxes from confidence .250 on, 1 class from their own (the saved operating" in said
    assert "Another model: .4000 of the boxes agree (3 boxes of A and 2 of B)." in said
    assert "agreed 1 · crossed the threshold 1 · without a partner 2" in said
    assert "score differs by .1000 at most" in said
    assert said.endswith("Noticed:\n  something was noticed\n")
    assert "the same in .5000 of 2 images" in export_check_text(classification())


def test_markdown_escapes_what_names_hold():
    said = export_check_markdown(detection())
    assert "| a\\_1.jpg | 2 | 1 | 1 | .1000 |" in said
    assert "| 2.jpg | bolt | nut | .4000 |" in export_check_markdown(classification())
