import re

import numpy as np
import pytest
from hypothesis import given, settings

from engine.detection.coco.average_precision import average_precision
from engine.detection.metrics import detector_metrics
from engine.detection.table_metrics import TABLE_METRICS, explain
from engine.util.words import share
from tests.making import confidences, detection, detections, ious

BOX, FAR = (0, 0, 10, 10), (50, 50, 10, 10)
CLASSES = ("bolt", "nut", "washer")


def metrics_of(made, iou=0.5, confidence=0.4, rule="class-first"):
    truths = made.dataset.ground_truths
    coco = average_precision(truths, made.predictions, len(made.classes))
    return detector_metrics(made, made.at_iou(iou, rule), confidence, coco)


@pytest.fixture
def metrics():
    return metrics_of(
        detection(
            [(0, 0, BOX), (0, 0, FAR), (0, 2, FAR)],
            [(0, 0, 0.9, BOX), (0, 0, 0.8, (0, 50, 9, 9)), (0, 1, 0.7, BOX)],
            classes=CLASSES,
        )
    )


@pytest.mark.parametrize("row", [0, 1, 2, 3, -1])
@pytest.mark.parametrize("column", [*TABLE_METRICS])
def test_every_number_of_the_table_can_be_asked_for(metrics, column, row):
    said = explain(column, metrics, row, CLASSES)
    for sentence in (said.title, said.what, said.formula, said.filled, said.made_at):
        assert sentence
        assert "nan" not in sentence
    assert said.what.endswith(".")
    assert said.made_at.startswith(("IoU ", "ten IoUs, "))


def test_precision_is_filled_in_with_its_counts(metrics):
    said = explain("precision", metrics, 0, CLASSES)
    assert said.title == "Precision of bolt"
    assert said.filled == "TP / (TP + FP) = 1 / (1 + 1) = .500"
    assert said.made_at == "IoU ≥ .50, confidence ≥ .400, matching class-first"
    assert explain("precision", metrics, -1, CLASSES).filled.endswith("= 1 / (1 + 2) = .333")


def test_what_is_undefined_says_so(metrics):
    assert (
        explain("recall", metrics, 1, CLASSES).filled == "TP / (TP + FN) = 0 / (0 + 0) = undefined"
    )
    assert explain("ap", metrics, 1, CLASSES).filled.endswith("= undefined")


def test_a_strict_rule_says_more_than(metrics):
    made = detection([(0, 0, BOX)], [(0, 0, 0.9, BOX)])
    said = explain("f1", metrics_of(made, rule="iou"), 0, made.classes)
    assert said.made_at == "IoU > .50, confidence > .400, matching iou"


def test_average_precision_says_over_what_it_is_a_mean(metrics):
    said = explain("ap", metrics, 0, CLASSES)
    for words in (".50 to .95", "101 recalls", "at most 100 predictions", "all confidences"):
        assert words in said.made_at
    numbers = re.findall(r"\.\d{3}", said.filled)
    assert len(numbers) == 11
    assert explain("ap", metrics, 3, CLASSES).filled.endswith(
        f"/ 2 = {share(float(metrics.ap[-1]), 3)}"
    )
    assert explain("ap75", metrics, 0, CLASSES).made_at.startswith("IoU .75;")
    assert explain("ap_by_iou_65", metrics, 0, CLASSES).made_at.startswith("IoU .65;")
    assert "up to 32 pixels" in explain("ap_small", metrics, 0, CLASSES).what


def test_an_unknown_column_is_an_error(metrics):
    with pytest.raises(KeyError, match="speed"):
        explain("speed", metrics, 0, CLASSES)


@given(detections(), ious, confidences)
@settings(max_examples=50, deadline=None)
def test_the_counts_filled_in_work_out_to_the_number(made, iou, confidence):
    metrics = metrics_of(made, iou, confidence)
    counts = ("ground_truths", "predictions", "true_positives", "false_positives", "not_detected")
    for row in range(len(made.classes) + 1):
        for column in (*counts, "precision", "recall", "f1"):
            _, filled, said = explain(column, metrics, row, made.classes).filled.split(" = ")
            value = float(getattr(metrics, column)[row])
            if said == "undefined":
                assert np.isnan(value)
                continue
            worked_out = eval(filled.replace(",", "").replace("x", "*"))
            assert worked_out == pytest.approx(value)
            if column not in counts:
                assert said == share(value, 3)
