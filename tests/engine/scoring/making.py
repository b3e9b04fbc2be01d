"""Small models made here, whose answers are known beforehand, and datasets of images."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.core.dataset import Images
from engine.scoring.run.scorer import Scorer

NAMES = ("bolt", "nut")


def constant_answer_model(
    path: Path,
    answer: np.ndarray,
    *,
    size: tuple[int, int] = (64, 64),
    batch: int | str = "batch",
    input_type: int = TensorProto.FLOAT,
    metadata: Mapping[str, str] | None = None,
    channels: int | str = 3,
) -> Path:
    """A model that gives the same answer [R, K] for any image, plus its mean pixel in [0, 0].

    The mean, which the first element of the answer is raised by, shows what the
    model was really fed.
    """
    row, column = answer.shape
    place = np.zeros((1, row, column), np.float32)
    place[0, 0, 0] = 1
    nodes = [
        helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Reshape", ["mean", "shape"], ["means"]),
        helper.make_node("Mul", ["means", "place"], ["placed"]),
        helper.make_node("Add", ["placed", "answer"], ["output0"]),
    ]
    graph = helper.make_graph(
        nodes,
        "constant",
        [helper.make_tensor_value_info("images", input_type, [batch, channels, *size])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [batch, "rows", "columns"])],
        [
            numpy_helper.from_array(np.array([-1, 1, 1], np.int64), "shape"),
            numpy_helper.from_array(place, "place"),
            numpy_helper.from_array(answer[None].astype(np.float32), "answer"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, dict(metadata or {}))
    onnx.save(model, path)
    return path


def slow_model(path: Path, rounds: int) -> Path:
    """A model in the Ultralytics layout that multiplies matrices for a while and finds nothing."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Mul", ["mean", "zero"], ["nought"]),
        helper.make_node("Add", ["nought", "square"], ["product0"]),
    ]
    for index in range(rounds):
        product = [f"product{index}", "square"]
        nodes.append(helper.make_node("MatMul", product, [f"product{index + 1}"]))
    nodes += [
        helper.make_node("Slice", [f"product{rounds}", "start", "stop", "axes"], ["part"]),
        helper.make_node("Squeeze", ["part", "second"], ["output0"]),
    ]
    side = 512
    square = np.zeros((1, 1, side, side), np.float32)
    graph = helper.make_graph(
        nodes,
        "slow",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 6, 8])],
        [
            numpy_helper.from_array(square, "square"),
            numpy_helper.from_array(np.zeros((1,), np.float32), "zero"),
            numpy_helper.from_array(np.array([0, 0], np.int64), "start"),
            numpy_helper.from_array(np.array([6, 8], np.int64), "stop"),
            numpy_helper.from_array(np.array([2, 3], np.int64), "axes"),
            numpy_helper.from_array(np.array([1], np.int64), "second"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, ultralytics_metadata())
    onnx.save(model, path)
    return path


def ultralytics_metadata(names: Sequence[str] = NAMES, **others: str) -> dict[str, str]:
    return {"names": str(dict(enumerate(names))), "task": "detect", "stride": "32"} | others


def yolo_answer(boxes: Sequence[tuple[float, ...]]) -> np.ndarray:
    """Rows of center x, center y, width, height, one confidence a class -> [4 + classes, N].

    A first anchor without a class takes the pixel mean.
    """
    table = np.array([(0.0,) * len(boxes[0]), *boxes])
    return table.T


def images_of(
    paths: Sequence[Path | None], sizes: Sequence[tuple[int, int]] | None = None
) -> Images:
    known = sizes or [(0, 0)] * len(paths)
    names = tuple("gone.jpg" if path is None else path.name for path in paths)
    return Images(names, tuple(paths), np.array(known, np.intp).reshape(-1, 2))


ANSWER = yolo_answer([(32, 32, 16, 8, 0.9, 0.3)])


def faked(scorer: Scorer) -> tuple[Scorer, list[int]]:
    """The scorer with a function for a model, and the list of the calls to it."""
    calls = []

    def detector(batch):
        calls.append(len(batch))
        return (np.repeat(ANSWER[None].astype(np.float32), len(batch), axis=0),)

    return replace(scorer, detector=detector), calls
