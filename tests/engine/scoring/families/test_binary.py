"""A classifier of two classes that answers with one number."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from engine.cards.known import known_of
from engine.core.errors import ModelError
from engine.scoring.card import ModelCard, OutputCard, card_beside
from engine.scoring.heads.classify import classify
from engine.scoring.run.runner import probabilities, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.graphs import FLOAT, Out, graph

LOGIT = np.log(0.7 / 0.3)
SHAPE = ["N", 32, 32, 3]


def ended(path, operator, logits=(LOGIT,)):
    """A Keras export [N, numbers] whose last operator is this one, or none."""
    graph(path, {"dense": Out(np.array([logits]), ["N", len(logits)])}, image="input", shape=SHAPE)
    if not operator:
        return path
    model = onnx.load(path)
    model.graph.node.append(helper.make_node(operator, ["dense"], ["last"]))
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("last", FLOAT, ["N", len(logits)]))
    onnx.save(model, path)
    return path


@given(st.floats(-30, 30), st.sampled_from(["none", "sigmoid"]))
def test_one_number_is_a_pair_of_probabilities(number, activation):
    card = ModelCard(output=OutputCard(decoder="classify", activation=activation))
    second = 1 / (1 + np.exp(-number))
    given_ = np.array([second if activation == "none" else number])
    pair = classify((given_,), card)
    assert pair.sum() == pytest.approx(1)
    assert pair[1] == pytest.approx(second, abs=1e-6)


def test_a_single_sigmoid_is_a_classifier_of_two_classes(tmp_path, photos, store):
    (tmp_path / "labels.txt").write_text("cat\ndog\n")
    scorer = open_scorer(ended(tmp_path / "model.onnx", "Sigmoid"))
    provenance = scorer.card.provenance
    assert (provenance.family, provenance.confidence) == ("binary-classifier", "guess")
    assert "the probability of the second class" in provenance.reason
    assert scorer.class_names == ("cat", "dog")
    images = photos((40, 30))
    list(score(scorer, images, store))
    found = probabilities(scorer, images, store).probabilities.value
    assert found == pytest.approx(np.array([[0.3, 0.7]]), abs=1e-6)


def test_without_names_it_has_two_numbers(tmp_path):
    assert open_scorer(ended(tmp_path / "model.onnx", "Sigmoid")).class_names == ("0", "1")


@pytest.mark.parametrize("operator", ["", "Relu"])
def test_a_single_number_that_is_no_sigmoid_is_asked_about(tmp_path, operator):
    model = ended(tmp_path / "model.onnx", operator, (3.5,))
    with pytest.raises(ModelError, match="of no kind that can be recognised"):
        open_scorer(model)
    (layout,) = known_of(model).missing
    words = [choice.words.partition(":")[0] for choice in layout.choices]
    assert words == ["classify, sigmoid", "none of these"]  # 3.5 is no probability


def test_a_softmax_over_one_number_is_no_answer(tmp_path):
    model = ended(tmp_path / "model.onnx", "")
    text = 'task = "classify"\n[output]\ndecoder = "classify"\nactivation = '
    card_beside(model).write_text(f'{text}"softmax"\n')
    with pytest.raises(ModelError, match=r"expects \[batch, some classes\]"):
        open_scorer(model)
    card_beside(model).write_text(f'{text}"sigmoid"\n')
    assert open_scorer(model).class_names == ("0", "1")
