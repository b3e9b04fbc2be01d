"""Models whose classes do not exclude each other are refused, or asked about: never read as one."""

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from engine.cards.known import known_of
from engine.core.errors import ModelError
from engine.probing.variants import questions_of
from engine.scoring.card import card_beside
from engine.scoring.families.probabilities import MEANING, SEVERAL
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.classifier_cases import ID2LABEL, NAMES
from tests.engine.scoring.family_cases import as_json
from tests.engine.scoring.graphs import FLOAT, HALF, Out, graph

LOGITS = np.array([[2.0, 1.0, -1.0]])
STEP = {
    "step": np.array(1 / 256, np.float32),
    "zero": np.array(0, np.uint8),
    "in_step": np.array(1 / 16, np.float32),
    "in_zero": np.array(128, np.uint8),
}
SIGMOID = ("Sigmoid", "dense", "p")
ENDS = {
    "a sigmoid": [SIGMOID],
    "a sigmoid in another shape": [SIGMOID, ("Flatten", "p", "q"), ("Identity", "q", "r")],
    "a sigmoid of 16 bits": [
        ("Cast", "dense", "h", {"to": HALF}),
        ("Sigmoid", "h", "p"),
        ("Cast", "p", "q", {"to": FLOAT}),
    ],
    "a quantised sigmoid, QDQ": [
        SIGMOID,
        ("QuantizeLinear", "p step zero", "q"),
        ("DequantizeLinear", "q step zero", "r"),
    ],
    "a quantised sigmoid, QOperator": [
        ("QuantizeLinear", "dense in_step in_zero", "i"),
        ("com.microsoft.QLinearSigmoid", "i in_step in_zero step zero", "q"),
        ("DequantizeLinear", "q step zero", "r"),
    ],
}


def ended(path, steps, table=LOGITS, kind=FLOAT, **options):
    """A classifier whose logits go through these operators: name, inputs, output, attributes."""
    options = {"image": "input", "shape": [1, 3, 96, 96]} | options
    graph(path, {"dense": Out(table)}, **options)
    model = onnx.load(path)
    for name, inputs, output, *attributes in steps:
        domain, _, operator = name.rpartition(".")
        keys = attributes[0] if attributes else {}
        model.graph.node.append(
            helper.make_node(operator, inputs.split(), [output], domain=domain, **keys)
        )
    model.graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in STEP.items())
    if steps:
        del model.graph.output[:]
        model.graph.output.append(helper.make_tensor_value_info(steps[-1][2], kind, table.shape))
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, path)
    return path


def refusal(model):
    with pytest.raises(ModelError) as refused:
        open_scorer(model)
    return str(refused.value)


@pytest.mark.parametrize("end", ENDS)
def test_sigmoids_of_several_classes_are_refused_in_one_sentence(end, tmp_path):
    model = ended(tmp_path / "model.onnx", ENDS[end])
    sentence = refusal(model)
    assert "gives each of its 3 classes a probability of its own" in sentence
    assert "(a sigmoid is its last operator)" in sentence
    assert "multi-label models are not assessed" in sentence
    assert sentence.endswith(f'write decoder = "classify" under [output] in {card_beside(model)}')
    assert "\n" not in sentence


def test_no_layout_is_offered_for_it(tmp_path):
    model = ended(tmp_path / "model.onnx", [SIGMOID])
    with pytest.raises(ModelError, match="multi-label models are not assessed"):
        known_of(model)


def test_a_card_may_say_that_one_class_is_right(tmp_path, photos):
    model = ended(tmp_path / "model.onnx", [SIGMOID])
    card_beside(model).write_text('task = "classify"\n[output]\ndecoder = "classify"\n')
    scorer = open_scorer(model)
    assert scorer.card.output.activation == "none"
    assert len(scorer.class_names) == 3


@pytest.mark.parametrize(
    "steps", [[("Softmax", "dense", "p"), *ENDS["a quantised sigmoid, QDQ"][1:]]]
)
def test_a_quantised_softmax_is_one_all_the_same(steps, tmp_path):
    scorer = open_scorer(ended(tmp_path / "model.onnx", steps))
    assert scorer.card.output.activation == "none"
    assert MEANING not in scorer.open_questions


@pytest.mark.parametrize("kind", ["multi_label_classification", "single_label_classification"])
def test_hugging_face_says_it_in_its_configuration(kind, tmp_path):
    outputs = {"logits": Out(LOGITS, ["batch", 3])}
    model = graph(tmp_path / "model.onnx", outputs, image="pixel_values", shape=[1, 3, 96, 96])
    config = as_json(model_type="vit", id2label=ID2LABEL, problem_type=kind)
    (tmp_path / "config.json").write_text(config)
    if kind.startswith("single"):
        assert open_scorer(model).card.output.activation == "softmax"
        return
    assert "its config.json says problem_type 'multi_label_classification'" in refusal(model)
    with pytest.raises(ModelError, match="multi-label"):
        known_of(model)
    said = 'decoder = "classify" and activation = "sigmoid" under [output]'
    assert said in refusal(model)
    lines = said.removesuffix(" under [output]").replace(" and ", "\n")
    card_beside(model).write_text(f"[output]\n{lines}\n")
    scorer = open_scorer(model)
    assert (scorer.card.output.activation, scorer.class_names) == ("sigmoid", NAMES)


def test_a_dictionary_of_sigmoids_is_refused_too(tmp_path):
    model = ended(tmp_path / "model.onnx", [SIGMOID])
    made = onnx.load(model)
    made.graph.node.append(
        helper.make_node(
            "ZipMap", ["p"], ["loss"], domain="ai.onnx.ml", classlabels_strings=sorted(NAMES)
        )
    )
    pairs = helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(FLOAT, []))
    del made.graph.output[:]
    kind = helper.make_sequence_type_proto(pairs)
    made.graph.output.append(helper.make_value_info("loss", kind))
    made.opset_import.append(helper.make_opsetid("ai.onnx.ml", 1))
    onnx.save(made, model)
    assert "gives each of its 3 classes a probability of its own" in refusal(model)


def test_where_only_the_trial_says_it_it_is_a_question(tmp_path):
    model = ended(tmp_path / "model.onnx", [], np.array([[0.9, 0.8, 0.1]]))
    scorer = open_scorer(model)
    assert MEANING in scorer.open_questions
    assert scorer.card.output.activation == "none"
    assert "what its outputs are; ASSUMED: " in scorer.notes[0]
    assert "outputs a probability for each class by itself, one right" in scorer.notes[0]
    assert scorer.card.provenance.confidence == "guess"
    assert MEANING not in questions_of(scorer)  # no probe could tell them apart
    known = known_of(model)
    assert MEANING in known.missing
    _, logits, several = MEANING.choices
    assert known.answered(logits.values).card.output.activation == "softmax"
    with pytest.raises(ModelError, match="multi-label models are not assessed"):
        known.answered(several.values)
    assert several is SEVERAL


def test_a_card_that_names_the_activation_answers_it(tmp_path):
    model = ended(tmp_path / "model.onnx", [], np.array([[0.9, 0.8, 0.1]]))
    card_beside(model).write_text('[output]\nactivation = "none"\n')
    assert MEANING not in open_scorer(model).open_questions


@pytest.mark.parametrize(
    ("table", "slope"),
    [
        ([[0.9, 0.8, 0.1]], 1.0),  # logits that a brighter image takes out of 0 to 1
        ([[0.7, 0.2, 0.1]], 0.0),  # shares
        ([[2.0, 0.5, 0.1]], 0.0),
        ([[0.9, 0.8, -0.1]], 0.0),
    ],
)
def test_logits_and_shares_are_no_question(table, slope, tmp_path):
    outputs = {"output": Out(np.array(table), slope=slope)}
    model = graph(tmp_path / "model.onnx", outputs, shape=[1, 3, 96, 96])
    scorer = open_scorer(model)
    assert MEANING not in scorer.open_questions
    assert scorer.card.output.activation == ("none" if table[0][0] == 0.7 else "softmax")


@settings(max_examples=20)
@given(st.lists(st.floats(-20, 20), min_size=2, max_size=6))
def test_sigmoids_of_any_logits_are_never_read_as_one_class(tmp_path_factory, logits):
    path = tmp_path_factory.mktemp("m") / "model.onnx"
    assert "multi-label" in refusal(ended(path, [SIGMOID], np.array([logits])))
