"""Why a report stands at its confidence, and what it was made of."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.core.goals import GOALS, GoalOptimum
from engine.opening import Inputs
from engine.report.counting import comparison_counting, detection_counting
from engine.report.making import WithoutFolders, answers_digest
from engine.report.point_words import point_words
from tests.making_classes import classification
from tests.opening import confused

BEST = GoalOptimum(GOALS[0], 0.487, 0.681, (0.45, 0.52))


def test_the_optimum_is_told_with_its_reach():
    assert point_words(0.487, "optimal", BEST) == (
        "The confidence is the optimal one for this goal: F1 is .681 at confidence .487, within "
        "1 % from .450 to .520."
    )


def test_a_given_confidence_is_told_beside_the_optimum():
    said = point_words(0.3, "given", replace(BEST, flat=(0.487, 0.487)))
    assert said == "The confidence .300 was given. For the goal, F1 is .681 at confidence .487."


def test_without_an_optimum_none_is_told():
    nothing = GoalOptimum(GOALS[0], np.nan, np.nan, (np.nan, np.nan))
    assert "nothing to choose from" in point_words(0.3, "given", nothing)
    assert point_words(0.0, "top-1", BEST).startswith("Every image is answered")


def test_the_rule_and_the_iou_are_those_of_the_report():
    said = " ".join(detection_counting(0.75, "supervision"))
    assert "reaches .75" in said
    assert "Matching rule: supervision." in said
    assert "not tested" in comparison_counting(0)[1]
    assert "1,000 resamples" in comparison_counting(1000)[1]


def test_folders_are_cut_where_they_were_named():
    inputs = Inputs(data=Path("/data/a/truth.json"), images=Path("/data/a"), model=Path("m.onnx"))
    cut = WithoutFolders.of(inputs)
    assert cut("/data/a/truth.json lacks x.jpg") == "truth.json lacks x.jpg"
    assert cut("no x.jpg in /data/a") == "no x.jpg in a"
    assert cut(f"{Path('m.onnx').absolute()} is old") == "m.onnx is old"
    assert cut("a sentence of m.onnx") == "a sentence of m.onnx"


def test_predictions_have_a_fingerprint_of_every_digit():
    made = confused()
    assert answers_digest(made) == answers_digest(confused())
    found = made.predictions
    for change in (
        {"confidence": found.confidence + 1e-12},
        {"box": found.box * 2},
        {"image": found.image[::-1]},
        {"class_": (found.class_ + 1) % len(made.dataset.classes)},
    ):
        assert answers_digest(replace(made, predictions=replace(found, **change))) != (
            answers_digest(made)
        )
    one, other = (classification([0, 1], [[0.9, 0.1], [0.2, last]]) for last in (0.8, 0.7))
    assert answers_digest(one) != answers_digest(other)
