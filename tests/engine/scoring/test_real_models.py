"""The figures that others measured on real photos, met through the whole of scoring."""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from engine.core.dataset import Images
from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer

REAL = Path(__file__).parents[4] / "shared" / "real"
CARD = Path(__file__).parents[2] / "cards" / "yolox_nano.card.toml"
TRUTH = REAL / "voc100" / "gts" / "coco_format_v2" / "instances_v2.json"


@pytest.mark.slow
@pytest.mark.skipif(not TRUTH.exists(), reason="the real photos are not on this machine")
def test_yolox_nano_reaches_its_average_precision_on_photos(store):
    truth = json.loads(TRUTH.read_text())
    listed = truth["images"]
    images = Images(
        tuple(image["file_name"] for image in listed),
        tuple(REAL / "voc100" / "images" / image["file_name"] for image in listed),
        np.array([(image["width"], image["height"]) for image in listed]),
    )
    scorer = open_scorer(REAL / "yolox_nano" / "yolox_nano.onnx", CARD, confidence_floor=0.01)
    *_, last = score(scorer, images, store)
    assert (last.done, last.failed) == (100, 0)
    result = predictions(
        scorer, images, store, [category["name"] for category in truth["categories"]]
    )
    found = result.predictions
    ids = [category["id"] for category in truth["categories"]]
    rows = [
        {"image_id": listed[image]["id"], "category_id": ids[class_], "bbox": box, "score": score_}
        for image, class_, box, score_ in zip(
            found.image, found.class_, found.box.tolist(), found.confidence.tolist(), strict=True
        )
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(TRUTH))
        evaluation = COCOeval(coco, coco.loadRes(rows), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    # On the very pixels that OpenCV feeds; with a resize that rounds otherwise .509 and .761.
    assert evaluation.stats[0] == pytest.approx(0.506, abs=0.001)
    assert evaluation.stats[1] == pytest.approx(0.758, abs=0.001)
