"""The server, a scoring run and the app give the same detections, to the last bit."""

import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.cards.operating_point import SavedPoint, applied
from engine.core.dataset import Images
from engine.scoring.run.runner import score
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import ImageFile, Store
from tests.engine.batch.making import job, run
from tests.engine.serving.making import serving

DEMO = Path(__file__).resolve().parents[3] / "demo_data"
IMAGES = 6


@pytest.fixture(params=["detection", "classification"], scope="module")
def demo(request, tmp_path_factory):
    """A model of the demo, and some of its images."""
    place = tmp_path_factory.mktemp(request.param)
    shutil.copy(DEMO / request.param / "model.onnx", place / "model.onnx")
    found = sorted((DEMO / request.param / "images").rglob("*.*"))[::7][:IMAGES]
    assert len(found) == IMAGES
    return open_scorer(place / "model.onnx", provider="cpu"), found


def test_the_server_answers_what_score_writes_and_the_app_keeps(demo, tmp_path):
    scorer, paths = demo
    point = SavedPoint(0.4, {scorer.class_names[1]: 0.15, scorer.class_names[0]: 0.7})
    args = scorer.model, scorer.digest, scorer.class_names, scorer.card
    thresholds = applied(point, *args)

    out = tmp_path / "out.jsonl"
    run(job(scorer, out, *paths, thresholds=thresholds))
    scored = out.read_bytes().splitlines()

    with serving(scorer, thresholds=thresholds) as server, server.client() as client:
        form = [("image", (str(path), path.read_bytes(), "image/jpeg")) for path in paths]
        together = client.post("/score", files=form)
        for line, path in zip(scored, paths, strict=True):
            assert line in together.content  # the very bytes
            alone = client.post("/score", content=path.read_bytes()).json()["images"][0]
            assert alone == json.loads(line) | {"image": "image"}
        assert together.json()["operating_point"]["source"] == "saved"
        whole = client.post("/score?all=1", files=form).json()["images"]
        encoded = [base64.b64encode(path.read_bytes()).decode() for path in paths]
        given = {"name": "image", "datatype": "BYTES", "shape": [IMAGES], "data": encoded}
        inferred = client.post("/v2/models/parts/infer", json={"inputs": [given]}).json()

    store = Store(tmp_path / "store.sqlite")
    images = Images(
        tuple(path.name for path in paths), tuple(paths), np.zeros((IMAGES, 2), np.intp)
    )
    list(score(scorer, images, store))
    with store.opened(scorer.run_key) as kept:
        answers = kept.of([ImageFile.at(path, (0, 0)) for path in paths])
    outputs = {each["name"]: each["data"] for each in inferred["outputs"]}
    if scorer.card.task == "classify":
        stored = [answer.found.value.astype(float).tolist() for answer in answers]
        assert [list(image["probabilities"].values()) for image in whole] == stored
        assert outputs["probabilities"] == [value for row in stored for value in row]
        return
    for answer, image in zip(answers, whole, strict=True):
        rows = image["predictions"]
        assert len(rows) == len(answer.found.class_) > 0
        assert [row["class_id"] for row in rows] == answer.found.class_.tolist()
        assert [row["score"] for row in rows] == answer.found.confidence.astype(float).tolist()
        box = answer.found.box.astype(float)
        box[:, 2:] += box[:, :2]
        assert [row["box"] for row in rows] == box.tolist()
    kept_boxes = [
        row["box"] for image in whole for row in image["predictions"] if row["decision"] == "keep"
    ]
    assert np.reshape(outputs["boxes"], (-1, 4)).tolist() == kept_boxes
