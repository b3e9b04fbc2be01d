"""Small COCO files, sound and not."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.detection.coco.average_precision import average_precision, rank_of_ids
from engine.formats import read_dataset, read_predictions

IMAGES = [
    {"id": 1, "file_name": "a.jpg", "width": 100, "height": 80},
    {"id": 2, "file_name": "b.jpg"},
    {"id": "c", "file_name": "c.jpg"},
]
CATEGORIES = [{"id": 7, "name": "nut"}, {"id": 3, "name": "bolt"}]
TRUTH = {"id": 5, "image_id": 1, "category_id": 3, "bbox": [0, 0, 9, 9], "area": 70, "iscrowd": 0}
RESULT = {"image_id": 1, "category_id": 3, "bbox": [0, 0, 9, 9], "score": 0.5}


def truth(folder: Path, *annotations: dict, **changes: object) -> Path:
    content = {"images": IMAGES, "categories": CATEGORIES, "annotations": annotations, **changes}
    (path := folder / "truth.json").write_text(json.dumps(content))
    return path


def results(folder: Path, *rows: dict) -> Path:
    (path := folder / "results.json").write_text(json.dumps(rows))
    return path


COCO_IMAGES = [{"id": i, "file_name": f"{i}.jpg", "width": 100, "height": 80} for i in (1, 2)]
NEGATIVE = [[30, 30, -9, 9], [30, 30, 9, -9], [30, 30, -9, -9]]


def summary_of(dataset, found):
    ranks = rank_of_ids(dataset.image_ids)
    classes = len(dataset.classes)
    return average_precision(dataset.ground_truths, found, classes, ranks).summary


def ap_of(dataset, found):
    """The first of the twelve numbers; COCO's own perfect AP is 2e-16 below 1."""
    return round(summary_of(dataset, found).AP, 12)


def opened(folder, annotations, rows, **changes):
    changes.setdefault("images", COCO_IMAGES)
    dataset = read_dataset(truth(folder, *annotations, **changes))
    found, warnings = read_predictions(results(folder, *rows), dataset)
    return dataset, found, warnings


def pycocotools_stats(folder):
    """The twelve numbers of the reference on the files of a folder, NaN for its -1."""
    coco = pytest.importorskip("pycocotools.coco")
    from pycocotools.cocoeval import COCOeval

    known = coco.COCO(str(folder / "truth.json"))
    evaluation = COCOeval(known, known.loadRes(str(folder / "results.json")), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return np.where(evaluation.stats < 0, np.nan, evaluation.stats)


def as_array(summary):
    names = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
    return np.array([getattr(summary, name) for name in names])
