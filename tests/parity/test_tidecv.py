"""Error types against tidecv 1.0.1, whose answers are on record."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.detection.detection import Detection
from engine.detection.error_types.error_types import ErrorTypes, error_types
from tests.benchmarks.coco_shaped import SIZES, make
from tests.making import dataset, detection

CASES = json.loads((Path(__file__).parent / "recorded" / "tidecv.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_counts_are_those_of_tidecv(case):
    assert types_of(case).typed.counts().tolist() == case["answer"]["counts"]


@pytest.mark.parametrize("case", CASES)
def test_what_fixing_gives_back_is_that_of_tidecv(case):
    gains, answer = types_of(case).gains, case["answer"]
    mine = [gains.ap, *gains.gained, gains.without_false_positives, gains.without_misses]
    tidecv = [answer["AP"], *answer["dAP"], answer["FalsePos"], answer["FalseNeg"]]
    assert mine == pytest.approx(np.divide(tidecv, 100), abs=1e-9)


def test_the_recorded_cases_have_every_type_and_more_predictions_than_the_limit():
    assert (np.sum([case["answer"]["counts"] for case in CASES[:24]], axis=0) > 10).all()
    of_image = [np.bincount([row[0] for row in case["predictions"]]).max() for case in CASES[:24]]
    assert max(of_image) > 100


def types_of(case: dict) -> ErrorTypes:
    return error_types(made_of(case).at_iou(case["iou"]))


def made_of(case: dict) -> Detection:
    if shape := case.get("shaped"):
        shaped, size = make(SIZES[shape]), SIZES[shape]
        classes = tuple(map(str, range(size.classes)))
        return Detection(dataset(shaped.ground_truths, size.images, classes), shaped.predictions)
    truths = case["ground_truths"]
    return detection(
        [(image, class_, tuple(box)) for image, class_, _, *box in truths],
        [(image, class_, score, tuple(box)) for image, class_, score, *box in case["predictions"]],
        images=case["images"],
        classes=tuple(map(str, range(case["classes"]))),
        crowds=tuple(row for row, truth in enumerate(truths) if truth[2]),
    )
