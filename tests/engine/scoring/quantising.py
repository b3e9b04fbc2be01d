"""The demo's models as the real converters make them of 8 and of 16 bits."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.transformers.float16 import convert_float_to_float16

DEMO = Path(__file__).parents[3] / "demo_data"
DETECTOR = DEMO / "detection" / "model.onnx"
CLASSIFIER = DEMO / "classification" / "model.onnx"


class Shown(CalibrationDataReader):
    """A few images of noise, from which ranges are taken."""

    def __init__(self, model: Path) -> None:
        port = onnx.load(model).graph.input[0]
        shape = [axis.dim_value or 1 for axis in port.type.tensor_type.shape.dim]
        rng = np.random.default_rng(0)
        images = [rng.random(shape, np.float32) * level for level in (0.3, 1, 1)]
        self.feeds = iter([{port.name: image.astype(np.float32)} for image in images])

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.feeds, None)


def layers(model: Path) -> list[str]:
    """The names of the operators with weights."""
    nodes = onnx.load(model).graph.node
    return [node.name for node in nodes if node.op_type in ("Conv", "Gemm", "MatMul")]


def kept_in_floats(model: Path, count: int) -> list[str]:
    """The operators to leave out so that so many layers stay as they are, and all between."""
    known = layers(model)[count:]
    return [node.name for node in onnx.load(model).graph.node if node.name not in known]


def static(model: Path, to: Path, **options: object) -> Path:
    given = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8} | options
    quantize_static(str(model), str(to), Shown(model), **given)
    return with_metadata(model, to)


def qoperators(model: Path, to: Path, **options: object) -> Path:
    return static(model, to, quant_format=QuantFormat.QOperator, **options)


def dynamic(model: Path, to: Path) -> Path:
    quantize_dynamic(str(model), str(to))
    return with_metadata(model, to)


def halved(model: Path, to: Path, *, keep_io_types: bool = False) -> Path:
    onnx.save(convert_float_to_float16(onnx.load(model), keep_io_types=keep_io_types), to)
    return with_metadata(model, to)


def with_metadata(model: Path, to: Path) -> Path:
    """What the converters leave out, which Ultralytics' own puts back."""
    source, made = onnx.load(model), onnx.load(to)
    helper.set_model_props(made, {entry.key: entry.value for entry in source.metadata_props})
    onnx.save(made, to)
    return to
