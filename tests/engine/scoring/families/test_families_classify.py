"""Classifiers of every family, from a graph of their exact signature to probabilities."""

import numpy as np
import onnx
import onnx.numpy_helper
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from engine.scoring.card import ModelCard, OutputCard
from engine.scoring.heads.candidates import NotANumber
from engine.scoring.heads.classify import classify
from engine.scoring.model.session import open_model
from engine.scoring.recognise import recognise
from engine.scoring.run.runner import probabilities, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.classifier_cases import CASES, NAMES, SHARES, zipped
from tests.engine.scoring.family_cases import IMAGE
from tests.engine.scoring.graphs import FLOAT, Out, graph


@pytest.mark.parametrize("name", CASES)
def test_a_classifier_is_recognised_fed_and_gives_probabilities(name, tmp_path, photos, store):
    case = CASES[name]
    for file, text in case.files.items():
        (tmp_path / file).write_text(text)
    scorer = open_scorer(case.made(tmp_path / "model.onnx"))
    provenance = scorer.card.provenance
    assert (provenance.family, provenance.confidence) == (case.family, case.level)
    assert scorer.preprocessing == case.fed
    assert scorer.card.task == "classify"
    assert scorer.card.output.activation == case.activation
    assert tuple(asked.about for asked in scorer.open_questions) == case.assumed
    assert (scorer.class_names == NAMES) == case.named
    images = photos(IMAGE, (60, 120))
    *_, last = score(scorer, images, store)
    assert (last.done, last.failed) == (2, 0)
    found = probabilities(scorer, images, store).probabilities
    assert found.value == pytest.approx(np.repeat(SHARES, 2, axis=0), abs=3e-3)


@given(st.lists(st.floats(-1e4, 1e4, width=16), min_size=2, max_size=8))
def test_logits_of_any_size_become_probabilities_in_their_order(logits):
    card = ModelCard(output=OutputCard(decoder="classify", activation="softmax"))
    values = np.array(logits, np.float16)
    shares = classify((values.reshape(-1, 1, 1),), card)
    assert shares.dtype == np.float64  # which tells those near 1 apart
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert np.all(np.diff(shares[np.argsort(values, kind="stable")]) >= 0)


def test_a_class_that_stands_for_none_is_dropped_after_the_softmax():
    card = ModelCard(output=OutputCard(decoder="classify", activation="softmax-drop-last"))
    assert classify((np.zeros(4, np.float32),), card) == pytest.approx([0.25] * 3)


def test_nan_is_named_and_not_taken_for_a_probability():
    card = ModelCard(output=OutputCard(decoder="classify", activation="softmax"))
    with pytest.raises(NotANumber, match="NaN instead of probabilities"):
        classify((np.array([0, np.nan], np.float32),), card)


def test_a_model_that_cannot_be_tried_is_judged_by_its_last_operator(tmp_path, capfd):
    # Only 48 x 48 runs, which nothing says: every trial at another size fails.
    for operator, activation in (("Softmax", "none"), ("Relu", "softmax")):
        path = tmp_path / f"{operator}.onnx"
        nodes = [
            helper.make_node("Reshape", ["images", "to"], ["flat"]),
            helper.make_node("ReduceMax", ["flat"], ["most"], axes=[2]),
            helper.make_node("Squeeze", ["most", "last"], ["row"]),
            helper.make_node(operator, ["row"], ["output"]),
        ]
        sizes = {"to": np.array([1, 3, 48 * 48]), "last": np.array([2])}
        made = helper.make_graph(
            nodes,
            "picky",
            [helper.make_tensor_value_info("images", FLOAT, [1, 3, "height", "width"])],
            [helper.make_tensor_value_info("output", FLOAT, [1, 3])],
            [onnx.numpy_helper.from_array(value, name) for name, value in sizes.items()],
        )
        opset = [helper.make_opsetid("", 13)]
        onnx.save(helper.make_model(made, opset_imports=opset, ir_version=8), path)
        known = recognise(open_model(path), None, tmp_path / "card.toml")
        assert known.card.output.activation == activation
    assert capfd.readouterr() == ("", "")


def test_a_dictionary_of_names_and_probabilities_names_the_classes(tmp_path, photos, store):
    scorer = open_scorer(zipped(tmp_path / "model.onnx"))
    assert scorer.card.provenance.family == "custom-vision"
    assert scorer.class_names == tuple(sorted(NAMES))
    images = photos(IMAGE)
    list(score(scorer, images, store))
    assert probabilities(scorer, images, store).probabilities.value == pytest.approx(SHARES)


def test_the_classifier_is_fed_what_the_card_says(tmp_path, photos, store):
    # Gray 51 of 255 is .2, which a deviation of .1 makes 2: added to both logits.
    path = graph(
        tmp_path / "model.onnx",
        {"output": Out(np.array([[0.0, 1.0]]), slope=1.0)},
        shape=[1, 3, 32, 32],
    )
    (tmp_path / "model.card.toml").write_text(
        'task = "classify"\n[input]\nresize = "shortest-crop"\nstd = [0.1, 0.1, 0.1]\n[output]\n'
        'decoder = "classify"\nactivation = "sigmoid"\n[classes]\nnames = ["bolt", "nut"]'
    )
    scorer = open_scorer(path)
    assert scorer.card.provenance.confidence == "certain"
    images = photos(IMAGE, gray=51)
    list(score(scorer, images, store))
    given = probabilities(scorer, images, store).probabilities.value
    assert given == pytest.approx(1 / (1 + np.exp([[-2.0, -3.0]])), abs=1e-3)
