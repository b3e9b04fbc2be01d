"""A model that nobody knows is refused with what it looks like, and with a card of that kind."""

import numpy as np
import onnx
import pytest
from onnx import helper

from engine.cards.known import known_of
from engine.core.errors import ModelError
from engine.scoring.card import card_beside, read_card
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.graphs import FLOAT, Out, graph

RNG = np.random.default_rng(3)
UNIT = RNG.normal(size=(1, 128))
UNIT /= np.linalg.norm(UNIT)


def numbers(*shape):
    return RNG.normal(size=shape)


FACES = {
    "boxes": Out(numbers(1, 84, 4)),
    "scores": Out(numbers(1, 84, 2)),
    "points": Out(numbers(1, 84, 10)),
}
KINDS = {
    "anchors of faces": (FACES, [1, 3, 64, 64], "a face detector", 'names = ["face"]'),
    "anchors of faces, flat": (
        {"regressors": Out(numbers(1, 896, 16)), "classificators": Out(numbers(1, 896, 1))},
        [1, 128, 128, 3],
        "a face detector",
        'names = ["face"]',
    ),
    "a pose": ({"output": Out(numbers(1, 17, 3))}, [1, 3, 64, 64], "keypoints", ""),
    "heat maps": ({"heatmaps": Out(numbers(1, 17, 16, 16))}, [1, 3, 64, 64], "keypoints", ""),
    "SimCC": (
        {"simcc_x": Out(numbers(1, 17, 96)), "simcc_y": Out(numbers(1, 17, 128))},
        [1, 3, 64, 48],
        "keypoints",
        "",
    ),
    "a text map": ({"maps": Out(numbers(1, 1, 64, 64))}, [1, 3, 64, 64], "as of text", ""),
    "CRAFT": (
        {"y": Out(numbers(1, 32, 32, 2)), "feature": Out(numbers(1, 32, 32, 32))},
        [1, 3, 64, 64],
        "as of text",
        "",
    ),
    "depth": ({"depth": Out(numbers(1, 64, 64))}, [1, 3, 64, 64], "of depth", ""),
    "a mask": ({"out": Out(numbers(1, 21, 64, 64))}, [1, 3, 64, 64], "a class for each pixel", ""),
    "a mask, small": (
        {"logits": Out(numbers(1, 19, 16, 16))},
        [1, 3, 64, 64],
        "a class for each pixel",
        "",
    ),
    "a line of text": (
        {"output": Out(np.full((1, 24, 37), 1 / 37))},
        [1, 1, 32, 100],
        "lines of text",
        "",
    ),
    "CLIP": (
        {"image_embeds": Out(numbers(1, 64)), "last_hidden_state": Out(numbers(1, 50, 96))},
        [1, 3, 64, 64],
        "an embedding",
        "",
    ),
    "two heads": (
        {"age": Out(numbers(1, 5)), "sex": Out(numbers(1, 2))},
        [1, 3, 64, 64],
        "a classifier with more than one output",
        'boxes = "age"',
    ),
    "anything": ({"output": Out(numbers(1, 3, 5, 7, 2))}, [1, 3, 64, 64], "", 'decoder = "yolo"'),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_names_the_kind_and_shows_a_card_that_fits_it(kind, tmp_path):
    outputs, shape, words, line = KINDS[kind]
    model = graph(tmp_path / "model.onnx", outputs, shape=shape)
    with pytest.raises(ModelError, match="of no kind that can be recognised") as refused:
        open_scorer(model)
    first, *rest = str(refused.value).splitlines()
    assert words in first
    assert ("looks like" in first) == bool(words)
    text = "\n".join(rest)
    for name in outputs:
        assert f"output {name} [" in text
    if not line:
        assert "decoder" not in text
        assert text.endswith("give that file in place of the model.")
        return
    assert line in text
    card_beside(model).write_text(text.partition("for example")[2])
    assert read_card(card_beside(model)).output.decoder in text


def test_the_card_of_a_classifier_with_two_outputs_is_a_good_one(tmp_path):
    outputs, shape, *_ = KINDS["two heads"]
    model = graph(tmp_path / "model.onnx", outputs, shape=shape)
    with pytest.raises(ModelError) as refused:
        open_scorer(model)
    five = str([f"class {index}" for index in range(5)]).replace("'", '"')
    card = str(refused.value).partition("for example")[2]
    card_beside(model).write_text(card.replace('["first class", "second class"]', five))
    assert len(open_scorer(model).class_names) == 5


@pytest.mark.parametrize(
    ("name", "table", "sign"),
    [
        ("output", UNIT, "have the length 1"),
        ("output", np.abs(UNIT), "have the length 1"),
        ("embedding", 9 * UNIT, "is called 'embedding'"),
    ],
)
def test_an_embedding_is_not_read_as_classes(name, table, sign, tmp_path):
    model = graph(tmp_path / "model.onnx", {name: Out(table)}, shape=[1, 3, 64, 64])
    with pytest.raises(ModelError, match=f"look like an embedding .*{sign}") as refused:
        open_scorer(model)
    assert "\n" not in str(refused.value)
    with pytest.raises(ModelError, match="embeddings are not assessed"):
        known_of(model)  # which offers no layout
    text = '[output]\ndecoder = "classify"\nactivation = "softmax"\n'
    card_beside(model).write_text(text)
    assert len(open_scorer(model).class_names) == 128


@pytest.mark.parametrize("table", [9 * UNIT, np.eye(1, 128), -np.eye(1, 128) * 3])
def test_logits_and_shares_of_many_classes_are_no_embedding(table, tmp_path):
    model = graph(tmp_path / "model.onnx", {"output": Out(table)}, shape=[1, 3, 64, 64])
    assert len(open_scorer(model).class_names) == 128


def test_an_embedding_of_a_black_image_may_be_nothing(tmp_path):
    model = graph(tmp_path / "model.onnx", {"dense": Out(np.zeros((1, 128)), slope=1)})
    made = onnx.load(model)
    made.graph.node.append(helper.make_node("LpNormalization", ["dense"], ["output"], axis=1))
    del made.graph.output[:]
    made.graph.output.append(helper.make_tensor_value_info("output", FLOAT, [1, 128]))
    onnx.save(made, model)
    with pytest.raises(ModelError, match="look like an embedding"):
        open_scorer(model)
