"""Models of 8 and 16 bits, as the real converters make them: read, run, and said."""

from functools import partial
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType

from engine.cards.facts import facts_of
from engine.cards.known import known_of
from engine.core.errors import ModelError
from engine.opening_facts import model_facts
from engine.scoring.card import card_beside
from engine.scoring.model.graph_nodes import IntegerScale
from engine.scoring.model.onnx_file import checked_file
from engine.scoring.model.session import in_floats
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.graphs import BYTE, FLOAT, Out, graph, names_metadata
from tests.engine.scoring.quantising import (
    CLASSIFIER,
    DETECTOR,
    dynamic,
    halved,
    kept_in_floats,
    layers,
    qoperators,
    static,
)

CONVERTERS = {
    "QDQ": (static, "8-bit, QDQ"),
    "QDQ of signed activations": (
        partial(static, activation_type=QuantType.QInt8, per_channel=True),
        "8-bit, QDQ",
    ),
    "QDQ of 16-bit activations": (
        partial(static, activation_type=QuantType.QUInt16),
        "8-bit weights, 16-bit activations, QDQ",
    ),
    "QOperator": (partial(qoperators, weight_type=QuantType.QUInt8), "8-bit, QOperator"),
    "QOperator, a range a channel": (partial(qoperators, per_channel=True), "8-bit, QOperator"),
    "dynamic": (dynamic, "8-bit, dynamic"),
    "float16": (halved, "16-bit floats"),
    "float16 inside": (partial(halved, keep_io_types=True), "16-bit floats"),
}


@pytest.fixture(params=CONVERTERS)
def converted(request, tmp_path):
    """A converted classifier, and what is said of each of its layers."""
    convert, words = CONVERTERS[request.param]
    return convert(CLASSIFIER, tmp_path / "model.onnx"), words


def answers(scorer, seed=0):
    """The model's answer through the scorer, and that of onnxruntime alone to the same numbers."""
    fed = scorer.card.input
    image = np.random.default_rng(seed).random((1, 3, *fed.size)).astype(fed.dtype)
    alone = onnxruntime.InferenceSession(scorer.model, providers=["CPUExecutionProvider"])
    (wanted,) = alone.run(None, {fed.name: image})
    return scorer.detector(image)[0], wanted


def test_a_converted_model_is_known_run_and_said(converted):
    model, words = converted
    count = len(layers(CLASSIFIER))
    scorer = open_scorer(model)
    plain = open_scorer(CLASSIFIER)
    assert scorer.precision == f"{words}, {count} of {count} layers"
    assert dict(model_facts(scorer))["Precision"] == scorer.precision
    told = {fact.name: fact.value for fact in facts_of(known_of(model))}
    assert told["Precision"] == scorer.precision
    assert scorer.card.provenance == plain.card.provenance
    assert scorer.class_names == plain.class_names
    got, wanted = answers(scorer)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, wanted.astype(np.float32))
    exact, _ = answers(plain)
    assert np.abs(got - exact).max() < 0.35  # ranges of noise are no good ones


def test_nothing_is_said_of_plain_floats():
    scorer = open_scorer(CLASSIFIER)
    assert scorer.precision == ""
    assert "Precision" not in dict(model_facts(scorer))
    assert checked_file(DETECTOR).graph.precision == ""


def test_layers_that_were_left_out_are_counted(tmp_path):
    model = static(
        CLASSIFIER, tmp_path / "model.onnx", nodes_to_exclude=kept_in_floats(CLASSIFIER, 3)
    )
    count = len(layers(CLASSIFIER))
    assert open_scorer(model).precision == f"8-bit, QDQ, {count - 3} of {count} layers"


def last(made, operator):
    """The operator that gives the output, of this kind."""
    (node,) = [n for n in made.graph.node if made.graph.output[0].name in n.output]
    assert node.op_type == operator
    return node


@pytest.mark.parametrize("convert", [static, qoperators])
def test_an_output_left_as_integers_is_read_as_what_it_stands_for(convert, tmp_path):
    whole = convert(CLASSIFIER, tmp_path / "whole.onnx")
    made = onnx.load(whole)
    node = last(made, "DequantizeLinear")
    made.graph.node.remove(node)
    made.graph.output[0].name = node.input[0]
    made.graph.output[0].type.tensor_type.elem_type = TensorProto.UINT8
    cut = tmp_path / "cut.onnx"
    onnx.save(made, cut)
    expected, _ = answers(open_scorer(whole))
    got, raw = answers(open_scorer(cut))
    assert raw.dtype == np.uint8
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("zero", [np.float32(np.inf), np.float32(np.nan), np.uint8(3)])
def test_a_damaged_graph_ends_the_search_for_a_scale(zero, tmp_path):
    nodes = [
        helper.make_node("Identity", ["b"], ["a"]),
        helper.make_node("Identity", ["a"], ["b"]),
        helper.make_node("QuantizeLinear", ["x", "step", "zero"], ["q"]),
    ]
    ports = [helper.make_tensor_value_info(name, FLOAT, [1]) for name in ("a", "q")]
    kept = [numpy_helper.from_array(np.float32(0.5), "step"), numpy_helper.from_array(zero, "zero")]
    made = helper.make_graph(nodes, "round", [], ports, kept)
    (tmp_path / "model.onnx").write_bytes(helper.make_model(made).SerializeToString())
    found = checked_file(tmp_path / "model.onnx").graph.integers
    assert dict(found) == ({"q": IntegerScale(0.5, 3)} if zero.dtype == np.uint8 else {})


@given(
    st.lists(st.integers(-128, 127), min_size=1, max_size=9),
    st.floats(0.0625, 8, width=32),
    st.integers(-128, 127),
)
def test_integers_are_steps_from_their_zero(integers, scale, zero):
    values = in_floats(np.array(integers, np.int8), IntegerScale(scale, zero))
    expected = [(each - zero) * scale for each in integers]
    assert values == pytest.approx(np.array(expected), rel=1e-6)


def of_bytes(path: Path, *, channels_last: bool) -> Path:
    """The classifier as a converter for phones leaves it: bytes in, dequantised inside."""
    made = onnx.load(CLASSIFIER)
    port = made.graph.input[0]
    shape = [axis.dim_value or 1 for axis in port.type.tensor_type.shape.dim]
    first = [helper.make_node("DequantizeLinear", ["bytes", "by", "from"], ["floats"])]
    if channels_last:
        shape = [shape[0], *shape[2:], shape[1]]
        first.append(helper.make_node("Transpose", ["floats"], [port.name], perm=[0, 3, 1, 2]))
    else:
        first.append(helper.make_node("Identity", ["floats"], [port.name]))
    nodes = [*first, *made.graph.node]
    del made.graph.node[:], made.graph.input[:]
    made.graph.node.extend(nodes)
    made.graph.input.append(helper.make_tensor_value_info("bytes", BYTE, shape))
    made.graph.initializer.append(numpy_helper.from_array(np.float32(1 / 255), "by"))
    made.graph.initializer.append(numpy_helper.from_array(np.uint8(0), "from"))
    onnx.save(made, path)
    return path


@pytest.mark.parametrize("channels_last", [True, False])
def test_bytes_go_in_as_they_are_in_either_layout(channels_last, tmp_path):
    scorer = open_scorer(of_bytes(tmp_path / "model.onnx", channels_last=channels_last))
    plain = open_scorer(CLASSIFIER)
    assert scorer.card.input.dtype == "uint8"
    assert scorer.card.input.layout == ("NHWC" if channels_last else "NCHW")
    assert scorer.card.input.scale == 1
    size = scorer.card.input.size
    pixels = np.random.default_rng(1).integers(0, 256, (1, 3, *size)).astype(np.uint8)
    fed = pixels.transpose(0, 2, 3, 1) if channels_last else pixels
    (got,) = scorer.detector(np.ascontiguousarray(fed))
    (expected,) = plain.detector(pixels.astype(np.float32) * np.float32(1 / 255))
    np.testing.assert_allclose(got, expected, atol=1e-6)


def dequantised(path, integers, scale, **options):
    """A detector whose whole output was quantised with one step."""
    graph(path, {"floats": Out(integers * scale)}, **options)
    made = onnx.load(path)
    for operator, source, to in (
        ("QuantizeLinear", "floats", "bytes"),
        ("DequantizeLinear", "bytes", "output0"),
    ):
        made.graph.node.append(helper.make_node(operator, [source, "step", "zero"], [to]))
    made.graph.initializer.append(numpy_helper.from_array(np.float32(scale), "step"))
    made.graph.initializer.append(numpy_helper.from_array(np.uint8(0), "zero"))
    del made.graph.output[:]
    made.graph.output.append(helper.make_tensor_value_info("output0", FLOAT, list(integers.shape)))
    onnx.save(made, path)
    return path


BOXES = np.concatenate([np.full((1, 4, 9), 20.0), np.zeros((1, 2, 9))], axis=1)


@pytest.mark.parametrize("step", [2.5, 0.03])
def test_boxes_and_confidences_of_one_step_are_told_with_the_cure(step, tmp_path):
    model = dequantised(tmp_path / "model.onnx", BOXES, step, metadata=names_metadata())
    (note,) = open_scorer(model).notes
    assert note == (
        "Its boxes and its confidences were quantised with one step, so a confidence is a "
        f"multiple of {step}; quantise it again without the operators behind its last layers "
        "(nodes_to_exclude)."
    )


def test_a_step_fit_for_confidences_is_no_matter(tmp_path):
    model = dequantised(tmp_path / "model.onnx", BOXES, 1 / 256, metadata=names_metadata())
    assert open_scorer(model).notes == ()


def test_a_confidence_above_1_by_such_a_step_is_no_other_layout(tmp_path):
    table = BOXES.copy()
    table[0, 4, 0] = 1
    model = dequantised(tmp_path / "model.onnx", table, 1.25, metadata=names_metadata())
    with pytest.raises(ModelError, match=r"confidences such as 1\.25.*: its boxes and its confid"):
        open_scorer(model)


@pytest.mark.parametrize("opset", [13, 22])
def test_bfloat16_is_refused_in_a_sentence(opset, tmp_path):
    weights = helper.make_tensor("w", TensorProto.BFLOAT16, [4, 3, 3, 3], np.ones(108))
    nodes = [
        helper.make_node("Cast", ["images"], ["x"], to=TensorProto.BFLOAT16),
        helper.make_node("Conv", ["x", "w"], ["y"]),
        helper.make_node("Cast", ["y"], ["out"], to=FLOAT),
    ]
    made = helper.make_graph(
        nodes,
        "brain",
        [helper.make_tensor_value_info("images", FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("out", FLOAT, [1, 4, 30, 30])],
        [weights],
    )
    path = tmp_path / "model.onnx"
    opsets = [helper.make_opsetid("", opset)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=10), path)
    with pytest.raises(ModelError, match=r"computes in bfloat16, .* export it in float32 or"):
        open_scorer(path)


def test_a_range_a_channel_in_an_old_opset_is_refused_with_the_way_out(tmp_path):
    model = static(CLASSIFIER, tmp_path / "model.onnx", per_channel=True)
    made = onnx.load(model)
    for entry in made.opset_import:
        if not entry.domain:
            entry.version = 11
    onnx.save(made, model)
    with pytest.raises(ModelError, match="convert it to opset 13 or higher, and then quantise it"):
        open_scorer(model)


def test_a_card_may_still_correct_a_converted_model(tmp_path):
    model = halved(CLASSIFIER, tmp_path / "model.onnx")
    card_beside(model).write_text('[input]\ncolor = "BGR"\n')
    assert open_scorer(model).card.input.color == "BGR"
