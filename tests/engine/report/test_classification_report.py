from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.explanations import explain_class, explain_headline
from engine.classification.intervals import AnswerResampling, bootstrap
from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.core.errors import DataError
from engine.opening import Inputs, Opened
from engine.report.reporting import reported
from tests.making import NAMES, detection
from tests.making_classes import classification, classifications

HEADLINE = (
    *("accuracy", "balanced_accuracy", "top5_accuracy", "log_loss"),
    *("roc_auc_ovr", "roc_auc_ovo", "average_precision"),
    *("precision_macro", "recall_macro", "f1_macro"),
    *("precision_weighted", "recall_weighted", "f1_weighted"),
    *("mcc", "kappa", "brier", "ece"),
)
PER_CLASS = ("precision", "recall", "f1", "roc_auc", "average_precision", "brier", "ece")
LABEL = (0, 0, 1, 1, 0)
VALUE = ((0.8, 0.2, 0), (0.4, 0.6, 0), (0.3, 0.7, 0), (0.1, 0.9, 0), (0.5, 0.2, 0.3))


def by_hand():
    return classification(LABEL, VALUE)


def measured(made, confidence=0.0):
    matrix = made.answers.matrix(confidence)
    return classification_metrics(matrix, confidence, probability_metrics(made))


def opened(made, **changes):
    inputs = Inputs(data=Path("labels.csv"), predictions=Path("scores.csv"))
    rest = {"facts": (), "warnings": ("2 rows",), "failures": (("a.jpg", "broken"),), **changes}
    return Opened(inputs=inputs, assessment=made, answers="scores.csv", **rest)


def test_the_report_has_the_keys_that_others_rely_on():
    told = reported(opened(by_hand()), 0.5, None, with_intervals=True).values()
    assert (told["task"], told["images"], told["unanswered"]) == ("classification", 5, 0)
    assert tuple(told["metrics"]) == HEADLINE
    assert told["metrics"]["accuracy"] == 4 / 5
    counts = ("images", "predictions", "true_positives")
    assert tuple(told["per_class"][0]) == ("class", *counts, *PER_CLASS)
    assert told["per_class"][2]["roc_auc"] is None
    assert told["classes_defined"]["roc_auc_ovr"] == 2
    assert told["matrix"] == {
        "rows": ["bolt", "nut", "washer"],
        "columns": ["bolt", "nut", "washer"],
        "counts": [[2, 1, 0], [0, 2, 0], [0, 0, 0]],
    }
    assert told["operating_point"]["source"] == "top-1"
    assert told["warnings"] == ["2 rows"]
    assert told["intervals"]["samples"] == 200


def test_a_threshold_adds_the_column_of_no_answer():
    told = reported(opened(by_hand()), 0.5, 0.65, with_intervals=False).values()
    assert told["matrix"]["columns"][-1] == "No answer"
    assert told["matrix"]["counts"] == [[1, 0, 0, 2], [0, 2, 0, 0], [0, 0, 0, 0]]
    assert told["operating_point"]["answers"] == 3
    assert "intervals" not in told


def test_the_text_says_the_same_and_nothing_of_detection():
    text = reported(opened(by_hand()), 0.5, None, with_intervals=True).text()
    assert "accuracy .800" in text
    assert "bolt seen as nut: 1 (33.3 % of true bolt)" in text
    assert "ROC AUC one against the rest 2" in text  # of 3 classes
    assert "a.jpg: broken" in text
    for word in ("IoU", "Not detected", "Not an object", "No answer"):
        assert word not in text
    assert "No answer" in reported(opened(by_hand()), 0.5, 0.65, with_intervals=False).text()


def test_a_detector_is_reported_by_the_same_call():
    made = detection([(0, 0, (0, 0, 9, 9))], [(0, 0, 0.9, (0, 0, 9, 9))])
    told = reported(opened(made), 0.5, None, with_intervals=False)
    assert told.values()["matrix"]["rows"] == [*NAMES, "Not an object"]
    assert "Not detected" in told.text()


@given(classifications())
def test_a_sample_with_each_image_once_is_the_headline(made):
    for confidence in (0.0, 0.5):
        seen = measured(made, confidence).headline
        ones = np.ones(len(made.probabilities), np.int64)
        sample = AnswerResampling.of(made, confidence).sample(ones)
        for name, value in sample.items():
            assert value == pytest.approx(seen[name], abs=1e-12, nan_ok=True), name


def test_a_sample_counts_an_image_as_often_as_it_was_drawn():
    twice = classification((*LABEL, 0, 0), (*VALUE, VALUE[1], VALUE[1]))
    sample = AnswerResampling.of(by_hand(), 0.0).sample(np.array([1, 3, 1, 1, 1]))
    seen = measured(twice).headline
    for name, value in sample.items():
        assert value == pytest.approx(seen[name], abs=1e-12), name


def test_intervals_hold_the_number_get_better_and_stop_when_asked():
    rng = np.random.default_rng(2)
    label = rng.integers(0, 3, 300)
    value = rng.random((300, 3)) + 0.6 * np.eye(3)[label]
    made = classification(label, value / value.sum(axis=1, keepdims=True))
    steps = list(bootstrap(made, 0.0, samples=60))
    assert [step.samples for step in steps] == [20, 40, 60]
    seen = measured(made).headline
    for name, interval in steps[-1].of.items():
        assert interval.low < seen[name] < interval.high or name in ("ece", "top5_accuracy"), name
    width = steps[-1].of["accuracy"].high - steps[-1].of["accuracy"].low
    error = np.sqrt(seen["accuracy"] * (1 - seen["accuracy"]) / 300)
    assert width == pytest.approx(2 * 1.96 * error, rel=0.3)
    assert list(bootstrap(made, 0.0, cancelled=lambda: True)) == []


def test_every_number_is_explained_with_its_counts():
    metrics = measured(by_hand())
    for name in HEADLINE:
        said = explain_headline(name, metrics)
        assert said.formula in said.filled
        assert said.made_at
    for name in CLASS_METRICS:
        for class_ in range(3):
            assert "nan" not in explain_class(name, metrics, class_, by_hand().classes).filled


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        ("accuracy", "right answers / images = 4 / 5 = .800"),
        ("recall_macro", "sum of recall / classes = 1.667 / 2 = .833 (2 of 3 classes defined)"),
        ("recall_weighted", "sum of images x recall / images = 4.000 / 5 = .800"),
        ("top5_accuracy", "labels among the first five / images = 5 / 5 = 1.000"),
    ],
)
def test_an_explanation_of_the_headline_by_hand(name, filled):
    said = explain_headline(name, measured(by_hand())).filled
    assert said.startswith(filled)


def test_explanations_of_a_class_by_hand():
    metrics = measured(by_hand())
    said = explain_class("precision", metrics, 1, by_hand().classes)
    assert said.title == "Precision of nut"
    assert said.filled == "TP / (TP + FP) = 2 / (2 + 1) = .667"
    assert said.made_at == "every image answered with its most probable class"
    area = explain_class("roc_auc", metrics, 0, by_hand().classes)
    assert area.filled.endswith("= 6 / (3 x 2) = 1.000")
    assert "whatever the confidence" in area.made_at
    assert explain_class("roc_auc", metrics, 2, by_hand().classes).filled.endswith("undefined")


def test_an_explanation_says_at_which_confidence_it_was_made():
    said = explain_headline("accuracy", measured(by_hand(), 0.65))
    assert said.made_at == "confidence ≥ .650, below it no answer"
    assert said.filled == "right answers / images = 3 / 5 = .600"
    assert "only 3 classes" in explain_headline("top5_accuracy", measured(by_hand())).what


def test_optimal_and_the_most_probable_class_are_two_words():
    made = opened(by_hand())
    told = {
        word: reported(made, 0.5, word, with_intervals=False) for word in ("optimal", "top-1", None)
    }
    point, best = (told["optimal"].values()[key] for key in ("operating_point", "optimal"))
    assert point["source"] == "optimal"
    assert point["confidence"] == best["confidence"] > 0
    assert point["f1"] == best["value"]
    assert told["optimal"].point().confidence == best["confidence"]
    for word in ("top-1", None):
        point = told[word].values()["operating_point"]
        assert (point["source"], point["confidence"]) == ("top-1", 0)
    boxes = opened(detection([], []))
    with pytest.raises(DataError, match="--confidence top-1 is for classifiers"):
        reported(boxes, 0.5, "top-1", with_intervals=False)
