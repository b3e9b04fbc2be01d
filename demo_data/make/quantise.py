"""Write the demo's models once more with weights and activations of 8 bits: something to compare.

Use: python -m demo_data.make.quantise demo_data/detection
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

from demo_data.make.crops import crops, fitted
from demo_data.make.evaluate import letterboxed
from demo_data.make.scenes import scene

Batch: TypeAlias = NDArray[np.float32]  # [1, 3, side, side] from 0 to 1

SEEN = 64  # images that the ranges of activations are taken from
SEEDS = {"detection": 1, "classification": 4}  # of the scenes that the models were trained on


def main() -> None:
    """Quantise the model in the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Quantise a demo model to 8 bits.")
    parser.add_argument("folder", type=Path, help="demo_data/detection or demo_data/classification")
    folder = parser.parse_args().folder
    shown = {"detection": shown_to_detector, "classification": shown_to_classifier}[folder.name]
    path = folder / "model_int8.onnx"
    quantise(folder / "model.onnx", path, shown)
    print(f"{path}: {path.stat().st_size:,} bytes")


def quantise(model: Path, to: Path, shown: Callable[[int], Iterator[Batch]]) -> None:
    """Write a model whose convolutions compute in 8 bits, with one range for each tensor.

    One range for the weights of all channels is what a converter does that is not told
    otherwise, and costs more than a range for each channel would.
    """
    side = onnx.load(model).graph.input[0].type.tensor_type.shape.dim[2].dim_value
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(to),
            Shown(shown(side)),
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv"],
        )
    made, source = onnx.load(to), onnx.load(model)
    metadata = {entry.key: entry.value for entry in source.metadata_props}
    metadata["description"] = f"{metadata.get('description', 'Offdiag demo model')}, in 8 bits"
    onnx.helper.set_model_props(made, metadata)
    made.producer_name = source.producer_name
    onnx.save(made, to)


class Shown(CalibrationDataReader):
    """The images that the ranges are taken from, one after the other."""

    def __init__(self, batches: Iterator[Batch]) -> None:
        self._batches = batches

    def get_next(self) -> dict[str, Batch] | None:
        """The next image by the name of its input, None after the last."""
        batch = next(self._batches, None)
        return None if batch is None else {"images": batch}


def shown_to_detector(side: int) -> Iterator[Batch]:
    """Scenes of the training set in the detector's letterbox."""
    for index in range(SEEN):
        yield letterboxed(scene(SEEDS["detection"], index).image, side)[0]


def shown_to_classifier(_side: int) -> Iterator[Batch]:
    """Crops of the training set as the classifier takes them."""
    for index in range(SEEN // 2):
        for crop in crops(SEEDS["classification"], index):
            with Image.open(io.BytesIO(crop.jpeg)) as image:
                pixels = fitted(image)
            yield pixels.transpose(2, 0, 1)[None].astype(np.float32) / 255


if __name__ == "__main__":
    main()
