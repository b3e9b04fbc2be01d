"""YuNet beside OpenCV's own FaceDetectorYN, which was shown a graph of its signature."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.making import images_of
from tests.exports.yunet import SIZE, made

RECORDED = Path(__file__).parents[3] / "exports" / "yunet.json"


def test_faces_are_those_of_opencv(tmp_path, store):
    recorded = json.loads(RECORDED.read_text())
    Image.new("RGB", SIZE[::-1]).save(tmp_path / "black.png")
    scorer = open_scorer(made(tmp_path / "yunet.onnx"))
    images = images_of([tmp_path / "black.png"], [SIZE[::-1]])
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, ("face",)).predictions
    sure = found.confidence >= recorded["least"]
    faces = np.array(recorded["faces"])
    faces = faces[np.argsort(-faces[:, 4], kind="stable")]
    ends = faces[:, :2] + faces[:, 2:4]
    start, ends = faces[:, :2].clip(0, SIZE[::-1]), ends.clip(0, SIZE[::-1])
    assert found.confidence[sure] == pytest.approx(faces[:, 4], abs=1e-4)
    assert found.box[sure] == pytest.approx(np.concatenate([start, ends - start], 1), abs=1e-3)
