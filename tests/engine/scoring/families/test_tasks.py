"""Boxes of Ultralytics' -seg, -pose and -obb beside its own predict, recorded in tests/exports."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.making import images_of
from tests.exports.photo import SIZE, photo
from tests.exports.tasks import made

RECORDED = json.loads((Path(__file__).parents[3] / "exports" / "tasks.json").read_text())
CASES = RECORDED["cases"]
LEAST = 0.25  # confidence from which predict gives a box


@pytest.mark.parametrize("name", CASES)
def test_boxes_are_those_of_its_own_predict(name, tmp_path, store):
    case = CASES[name]
    photo().save(tmp_path / "photo.png")
    scorer = open_scorer(made(tmp_path / "model.onnx", case))
    plain = "end2end" if name.endswith(("nms", "end2end")) else "v8"
    provenance = scorer.card.provenance
    assert provenance.family == f"ultralytics-{plain}-{name.split('-')[1]}"
    assert provenance.confidence == "certain"
    assert any("Left out" in note for note in scorer.notes)

    names = tuple(ast.literal_eval(case["metadata"]["names"]).values())
    assert scorer.class_names == names
    images = images_of([tmp_path / "photo.png"], [SIZE])
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, names).predictions
    sure = found.confidence > LEAST
    wanted = np.array(case["found"])
    wanted = wanted[np.lexsort((wanted[:, 0], -wanted[:, 4]))]
    order = np.lexsort((found.box[sure, 0].round(3), -found.confidence[sure].round(3)))
    boxes = found.box[sure][order]
    assert found.class_[sure][order].tolist() == wanted[:, 5].tolist()
    assert found.confidence[sure][order] == pytest.approx(wanted[:, 4], abs=1e-3)
    edges = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    assert edges == pytest.approx(wanted[:, :4], abs=5e-3)
