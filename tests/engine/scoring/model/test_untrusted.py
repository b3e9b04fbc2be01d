"""Files of strangers: what they may not do, and what is said of those that cannot run."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine.core.errors import ModelError
from engine.scoring.model.onnx_file import checked_file, size_in_words
from engine.scoring.model.refusals import in_words
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.family_cases import rows
from tests.engine.scoring.graphs import Out, graph, names_metadata, suppression

ENDED = {"output0": Out(rows((0, 0, 1, 1, 1, 1, 2, 2), (0.9, 0.8), (0, 1)))}


def outside(location: str) -> onnx.TensorProto:
    tensor = numpy_helper.from_array(np.ones(4, np.float32), "weights")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return tensor


def with_weights(path, tensor, hidden_in):
    """A model whose external weights stand where a loader also looks."""
    proto = onnx.load(graph(path, ENDED, metadata=names_metadata(end2end="True")))
    constant = helper.make_node("Constant", [], ["w"], value=tensor)
    inner = helper.make_graph([constant], "inner", [], [])
    match hidden_in:
        case "initializer":
            proto.graph.initializer.append(tensor)
        case "constant":
            proto.graph.node.append(constant)
        case "subgraph":
            branch = helper.make_node("If", ["c"], [], then_branch=inner, else_branch=inner)
            proto.graph.node.append(branch)
        case "function":
            imports = [helper.make_opsetid("", 13)]
            proto.functions.append(helper.make_function("f", "F", [], ["w"], [constant], imports))
        case "sparse":
            sparse = onnx.SparseTensorProto(values=tensor, indices=tensor, dims=[4])
            proto.graph.sparse_initializer.append(sparse)
    path.write_bytes(proto.SerializeToString())
    return path


@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "a/../../secret"])
@pytest.mark.parametrize("hidden_in", ["initializer", "constant", "subgraph", "function", "sparse"])
def test_weights_outside_the_folder_are_refused_wherever_they_are_named(
    tmp_path, location, hidden_in
):
    path = with_weights(tmp_path / "m.onnx", outside(location), hidden_in)
    with pytest.raises(ModelError, match="outside its own folder"):
        checked_file(path)


def test_a_link_out_of_the_folder_is_refused_with_a_way_out(tmp_path):
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "1").write_bytes(bytes(16))
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "w.data").symlink_to("../blobs/1")
    path = with_weights(tmp_path / "here" / "m.onnx", outside("w.data"), "initializer")
    with pytest.raises(ModelError, match="copy the real files, not links"):
        checked_file(path)


def test_weights_that_are_a_pointer_are_named(tmp_path):
    (tmp_path / "w.data").write_text("version https://git-lfs.github.com/spec/v1\n")
    path = with_weights(tmp_path / "m.onnx", outside("w.data"), "initializer")
    with pytest.raises(ModelError, match=r"'w.data', which is a Git LFS pointer"):
        checked_file(path)


def test_the_size_of_model_and_weights_is_known_before_loading(tmp_path):
    (tmp_path / "w.data").write_bytes(bytes(2_500_000))
    path = with_weights(tmp_path / "m.onnx", outside("w.data"), "initializer")
    assert size_in_words(path) == "2.5 MB"
    assert len(checked_file(path).files) == 2


def test_graphs_within_graphs_end_somewhere(tmp_path):
    def field(number: int, content: bytes) -> bytes:
        length, size = b"", len(content)
        while size > 127:
            length, size = length + bytes([size & 127 | 128]), size >> 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + content

    inner = b""
    for _ in range(5000):  # graph in attribute in node
        inner = field(1, field(5, field(6, inner)))
    path = tmp_path / "deep.onnx"
    path.write_bytes(field(7, inner))
    with pytest.raises(ModelError, match="not an ONNX model"):
        checked_file(path)


@pytest.mark.parametrize(
    ("domain", "operator", "sentence"),
    [
        ("", "EfficientNMS_TRT", "custom operators of TensorRT"),
        ("TRT", "EfficientNMS_TRT", "custom operators of TensorRT"),
        ("mmdeploy", "TRTBatchedNMS", "custom operators of"),
        ("mmdeploy", "MMCVMultiLevelRoiAlign", "custom operators of mmdeploy"),
        ("ai.onnx.contrib", "Resize2", "onnxruntime-extensions"),
        ("mine", "Special", "needs custom operators, which are not run here"),
    ],
)
def test_operators_that_only_others_run_are_told_by_whose_they_are(
    tmp_path, capfd, domain, operator, sentence
):
    path = tmp_path / "m.onnx"
    boxes = ["output0_table", "output0_table"]
    settings = {"iou_threshold": 0.5, "score_threshold": 0.25, "max_output_boxes": 9}
    settings |= {
        "plugin_version": "1",
        "background_class": -1,
        "box_coding": 0,
        "score_activation": 0,
    }
    settings = settings if "NMS" in operator else {}
    graph(
        path,
        ENDED,
        operators=(helper.make_node(operator, boxes, list("abcd"), domain=domain, **settings),),
        metadata=names_metadata(end2end="True"),
    )
    proto = onnx.load(path)
    if domain:
        proto.opset_import.append(helper.make_opsetid(domain, 1))
    path.write_bytes(proto.SerializeToString())
    with pytest.raises(ModelError, match=sentence):
        open_scorer(path)
    assert capfd.readouterr() == ("", "")


def test_a_newer_ir_and_too_little_memory_are_told_with_a_way_out():
    assert "update onnxruntime" in in_words("Unsupported model IR version: 99, max supported 13")
    assert "lower input.max_batch" in in_words("Failed to allocate memory for requested buffer")
    assert in_words("") == "onnxruntime refuses it: no reason given"


@pytest.mark.parametrize("threshold", [0.35, None])
def test_a_threshold_in_the_graph_is_found_whoever_wrote_it(tmp_path, threshold):
    operators, constants = suppression(threshold)
    path = graph(tmp_path / "m.onnx", ENDED, operators=operators, constants=constants)
    found = checked_file(path).graph
    assert found.suppresses
    assert found.score_threshold == (pytest.approx(threshold) if threshold else None)
