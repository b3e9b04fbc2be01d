"""The rules of matching against the tools that have them: hotcoco itself, others on record."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from engine.core.dataset import GroundTruths
from engine.detection.detection import Detection
from tests.benchmarks.coco_shaped import SIZES, make
from tests.making import confidences, dataset, detection, detections, ious

hotcoco = pytest.importorskip("hotcoco")

CASES = json.loads((Path(__file__).parent / "recorded" / "ultralytics.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_iou_is_the_matrix_of_ultralytics_up_to_8_4_183(case):
    matrix = made_of(case).at_iou(case["iou"], "iou").matrix(case["confidence"])
    assert matrix.counts.tolist() == case["matrix"]["8.4.183"]


@pytest.mark.parametrize("case", CASES)
def test_agnostic_is_the_matrix_of_ultralytics_from_8_4_184_but_for_its_strict_thresholds(case):
    above = np.nextafter([case["iou"], case["confidence"]], 1)
    matrix = made_of(case).at_iou(above[0], "agnostic").matrix(above[1])
    assert matrix.counts.tolist() == case["matrix"]["8.4.190"]


@pytest.mark.parametrize("case", CASES)
def test_supervision_is_the_matrix_of_supervision_0_31(case):
    matrix = made_of(case).at_iou(case["iou"], "supervision").matrix(case["confidence"])
    assert matrix.counts.tolist() == case["matrix"]["supervision 0.31.2"]


def test_the_recorded_cases_tell_supervision_from_the_other_rules():
    for rule in ("class-first", "agnostic", "iou"):
        unlike = [
            made_of(case).at_iou(case["iou"], rule).matrix(case["confidence"]).counts.tolist()
            != case["matrix"]["supervision 0.31.2"]
            for case in CASES
        ]
        assert sum(unlike) > len(CASES) / 4, rule


def test_the_recorded_cases_tell_the_rules_and_the_two_ways_to_compare_apart():
    unlike = sum(case["matrix"]["8.4.183"] != case["matrix"]["8.4.190"] for case in CASES)
    assert unlike > len(CASES) / 2
    on_threshold = [
        case
        for case in CASES
        if case["confidence"] in [confidence for _, _, confidence, *_ in case["predictions"]]
    ]
    assert len(on_threshold) > len(CASES) / 2


@given(detections(), ious, confidences)
@settings(max_examples=100, deadline=None)
def test_agnostic_is_the_matched_block_and_the_missed_column_of_hotcoco(made, iou, threshold):
    assert_like_hotcoco(by_class(made), iou, threshold)


@pytest.mark.parametrize(("iou", "threshold"), [(0.3, 0.05), (0.5, 0.25), (0.75, 0.5)])
def test_agnostic_is_hotcoco_on_thousands_of_boxes(iou, threshold):
    shaped = make(SIZES["XS"])
    classes = tuple(f"class {number}" for number in range(SIZES["XS"].classes))
    images = SIZES["XS"].images
    made = Detection(dataset(shaped.ground_truths, images, classes), shaped.predictions)
    assert_like_hotcoco(by_class(made), iou, threshold)


def assert_like_hotcoco(made: Detection, iou: float, threshold: float) -> None:
    """Crowds are the one difference: hotcoco calls false what lies on one, we ignore it."""
    expected = matrix_of_hotcoco(made, iou, threshold)
    matrix = made.at_iou(iou, "agnostic").matrix(threshold)
    assert np.array_equal(matrix.counts[:-1], expected[:-1])
    more = expected[-1] - matrix.counts[-1]
    assert (more >= 0).all()
    assert more.sum() == matrix.ignored


def matrix_of_hotcoco(made: Detection, iou: float, threshold: float) -> np.ndarray:
    truths, found = made.dataset.ground_truths, made.predictions
    images = [{"id": i + 1, "width": 100, "height": 100} for i in range(len(made.images))]
    annotations = [
        {
            "id": t + 1,
            "image_id": int(truths.image[t]) + 1,
            "category_id": int(truths.class_[t]) + 1,
            "bbox": truths.box[t].tolist(),
            "area": float(truths.area[t]),
            "iscrowd": int(truths.crowd[t]),
        }
        for t in range(len(truths))
    ]
    categories = [{"id": c + 1, "name": name} for c, name in enumerate(made.classes)]
    truth = hotcoco.COCO({"images": images, "annotations": annotations, "categories": categories})
    rows = np.column_stack((found.image + 1, found.box, found.confidence, found.class_ + 1))
    evaluation = hotcoco.COCOeval(truth, truth.load_res(rows.reshape(-1, 7)), "bbox")
    answer = evaluation.confusion_matrix(
        iou_thr=min(iou, 1 - 1e-10), max_det=len(found) + 1, min_score=threshold
    )
    return answer["matrix"].astype(int)


def by_class(made: Detection) -> Detection:
    """The same rows sorted by class: hotcoco breaks ties in that order, we in the file's."""
    truths, found = made.dataset.ground_truths, made.predictions
    order = np.argsort(truths.class_, kind="stable")
    truths = GroundTruths(
        *(column[order] for column in vars(truths).values() if column is not None)
    )
    found = found.where(np.argsort(found.class_, kind="stable"))
    return Detection(dataset(truths, len(made.images), made.classes), found)


def made_of(case: dict) -> Detection:
    return detection(
        [(image, class_, tuple(box)) for image, class_, *box in case["ground_truths"]],
        [(image, class_, score, tuple(box)) for image, class_, score, *box in case["predictions"]],
        images=case["images"],
        classes=tuple(str(number) for number in range(case["classes"])),
    )
