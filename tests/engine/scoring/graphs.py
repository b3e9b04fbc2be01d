"""Graphs of the exact signatures that exporters write, whose answers are known beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT, HALF, BYTE, INT64 = (
    TensorProto.FLOAT,
    TensorProto.FLOAT16,
    TensorProto.UINT8,
    TensorProto.INT64,
)
Axes = list[int | str]


@dataclass
class Out:
    """One output: a table for one image, its batch axis included where it has one."""

    table: np.ndarray
    declared: Axes | None = None  # default: the table's own shape
    kind: int = FLOAT
    batched: bool = True
    slope: float = 0.0  # times the mean of what was fed, added to every number
    by_size: str = ""  # a further input [batch, 2] that multiplies x and y


def graph(
    path: Path,
    outputs: Mapping[str, Out],
    *,
    image: str = "images",
    shape: Axes | None = None,
    kind: int = FLOAT,
    further: Mapping[str, tuple[Axes, int]] | None = None,
    metadata: Mapping[str, str] | None = None,
    operators: tuple[onnx.NodeProto, ...] = (),
    constants: Mapping[str, np.ndarray] | None = None,
) -> Path:
    """A model that takes images and answers with the tables, raised by what it was fed."""
    shape = shape or [1, 3, 48, 64]
    axes = list(range(1, len(shape))) if len(shape) == 4 else [0, 1, 2]
    nodes = [
        helper.make_node("Cast", [image], ["pixels"], to=FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=axes, keepdims=0),
        helper.make_node("ReduceMean", ["pixels"], ["all"], keepdims=0),
    ]
    kept = [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()]
    for name, out in outputs.items():
        rank = out.table.ndim
        batched = out.batched and len(shape) == 4
        to = np.array([-1] + [1] * (rank - 1) if batched else [1] * rank, np.int64)
        kept.append(numpy_helper.from_array(to, f"{name}_to"))
        kept.append(numpy_helper.from_array(out.table.astype(np.float32), f"{name}_table"))
        kept.append(numpy_helper.from_array(np.array(out.slope, np.float32), f"{name}_slope"))
        mean = "mean" if batched else "all"
        nodes += [
            helper.make_node("Reshape", [mean, f"{name}_to"], [f"{name}_mean"]),
            helper.make_node("Mul", [f"{name}_mean", f"{name}_slope"], [f"{name}_more"]),
            helper.make_node("Add", [f"{name}_table", f"{name}_more"], [f"{name}_raised"]),
        ]
        last = f"{name}_raised"
        if out.by_size:
            kept.append(numpy_helper.from_array(np.array([-1, 1, 4], np.int64), f"{name}_four"))
            nodes += [
                helper.make_node("Cast", [out.by_size], [f"{name}_size"], to=FLOAT),
                helper.make_node(
                    "Concat", [f"{name}_size", f"{name}_size"], [f"{name}_pairs"], axis=1
                ),
                helper.make_node("Reshape", [f"{name}_pairs", f"{name}_four"], [f"{name}_by"]),
                helper.make_node("Mul", [last, f"{name}_by"], [f"{name}_scaled"]),
            ]
            last = f"{name}_scaled"
        nodes.append(helper.make_node("Cast", [last], [name], to=out.kind))
    inputs = {image: (shape, kind)} | dict(further or {})
    made = helper.make_graph(
        [*nodes, *operators],
        "signature",
        [
            helper.make_tensor_value_info(name, type_, axes_)
            for name, (axes_, type_) in inputs.items()
        ],
        [
            helper.make_tensor_value_info(name, out.kind, out.declared or list(out.table.shape))
            for name, out in outputs.items()
        ],
        kept,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, dict(metadata or {}))
    onnx.save(model, path)
    return path


def suppression(threshold: float | None) -> tuple[tuple[onnx.NodeProto, ...], dict]:
    """A NonMaxSuppression beside the answer, with a constant score threshold or none."""
    constants = {
        "nms_boxes": np.zeros((1, 1, 4), np.float32),
        "nms_scores": np.zeros((1, 1, 1), np.float32),
        "nms_most": np.array([1], np.int64),
        "nms_iou": np.array([0.5], np.float32),
    }
    inputs = ["nms_boxes", "nms_scores", "nms_most", "nms_iou"]
    if threshold is not None:
        constants["nms_threshold"] = np.array([threshold], np.float32)
        inputs.append("nms_threshold")
    return (helper.make_node("NonMaxSuppression", inputs, ["nms_kept"]),), constants


def names_metadata(names: tuple[str, ...] = ("bolt", "nut"), **others: str) -> dict[str, str]:
    return {"names": str(dict(enumerate(names))), "task": "detect", "stride": "32"} | others
