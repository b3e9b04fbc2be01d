"""--strict-coco reads scores that are no numbers, as pycocotools does."""

import json

import numpy as np
import pytest

from engine.detection.detection import Detection
from engine.formats import read_dataset, read_predictions
from engine.opening import Inputs, Opened, opening

TRUTH = {
    "images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 100}],
    "categories": [{"id": 1, "name": "bolt"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10], "area": 100,
         "iscrowd": 0}
    ],
}  # fmt: skip
SCORES = [np.nan, np.inf, 0.5, None]
RESULTS = [
    {"image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10], "score": score} for score in SCORES
]


@pytest.fixture
def files(tmp_path):
    for name, content in (("truth.json", TRUTH), ("results.json", RESULTS)):
        (tmp_path / name).write_text(json.dumps(content))
    return tmp_path / "truth.json", tmp_path / "results.json"


def test_strict_reading_keeps_them_and_says_so_and_other_reading_leaves_them_out(files):
    truth, results = files
    dataset = read_dataset(truth)
    found, notes = read_predictions(results, dataset)
    assert found.confidence.tolist() == [0.5]
    assert notes == (
        "results.json: 3 predictions whose score is not a finite number: left out",
    )  # fmt: skip
    found, notes = read_predictions(results, dataset, strict_coco=True)
    assert np.array_equal(found.confidence, [np.nan, np.inf, 0.5], equal_nan=True)
    assert notes == (
        "results.json: 1 prediction whose score is not a finite number: left out",
        "results.json: 2 scores not a finite number: kept, as in pycocotools",
    )


def test_what_is_no_number_reaches_no_threshold_and_is_listed_last(files):
    *_, opened = opening(Inputs(files[0], predictions=files[1], strict_coco=True))
    assert isinstance(opened, Opened)
    assert isinstance(opened.assessment, Detection)
    assert opened.assessment.strict_coco
    at_iou = opened.assessment.at_iou(0.5)
    assert at_iou.counted(-np.inf) == 2
    assert at_iou.matrix(0.4).counts.tolist() == [[1, 0], [1, 0]]
    last = [row for row in at_iou.detail(0, 0.4) if not row.is_truth][-1]
    assert np.isnan(last.confidence)
    assert last.tag == "below"
