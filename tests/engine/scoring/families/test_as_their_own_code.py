"""What the code of a framework does by itself, without a word in the file."""

import json

import numpy as np
import pytest

from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.graphs import Out, graph

LABELS = {str(index): f"c{index}" for index in range(3)}
RT_DETR_FED = {"size": {"height": 64, "width": 64}, "image_processor_type": "RTDetrImageProcessor"}


def of_hugging_face(folder, kind, **said):
    (folder / "config.json").write_text(
        json.dumps({"model_type": kind, "id2label": LABELS, **said})
    )
    (folder / "preprocessor_config.json").write_text(json.dumps(RT_DETR_FED))
    return graph(
        folder / "model.onnx",
        {"logits": Out(np.zeros((1, 20, 3))), "pred_boxes": Out(np.full((1, 20, 4), 0.5))},
        image="pixel_values",
        shape=[1, 3, 64, 64],
    )


@pytest.mark.parametrize(
    ("kind", "said", "most"),
    [
        ("rt_detr", {"num_queries": 20}, 20),
        ("d_fine", {"num_queries": 20}, 20),
        ("deformable_detr", {"num_queries": 20}, 100),
        ("conditional_detr", {"num_queries": 300}, 100),
        ("rt_detr", {}, 300),
        ("rt_detr", {"num_queries": "all"}, 300),
    ],
)
def test_as_many_pairs_of_query_and_class_stay_as_its_processor_keeps(tmp_path, kind, said, most):
    scorer = open_scorer(of_hugging_face(tmp_path, kind, **said))
    assert scorer.card.output.nms.max_det == most


def test_an_rf_detr_is_fed_floats_and_keeps_as_many_boxes_as_it_has_queries(tmp_path):
    outputs = {"dets": Out(np.full((1, 7, 4), 0.5)), "labels": Out(np.zeros((1, 7, 3)))}
    card = open_scorer(graph(tmp_path / "model.onnx", outputs, image="input")).card
    assert (card.input.interpolation, card.input.antialias) == ("bilinear-float", False)
    assert card.output.nms.max_det == 7


@pytest.mark.parametrize(
    ("shape", "resized"),
    [([1, 64, 48, 3], ("bilinear-float", False)), ([1, 3, 64, 48], ("bilinear", True))],
)
def test_a_classifier_of_keras_is_fed_as_its_datasets_resize(tmp_path, shape, resized):
    outputs = {"dense": Out(np.array([[0.2, 0.7, 0.1]]))}
    fed = open_scorer(graph(tmp_path / "model.onnx", outputs, shape=shape)).card.input
    assert (fed.interpolation, fed.antialias) == resized
