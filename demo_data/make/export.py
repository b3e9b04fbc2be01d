"""Write trained weights as an ONNX file that describes itself as Ultralytics' exports do.

Use: python -m demo_data.make.export --weights /tmp/detector.pt --model model.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch

from demo_data.make.batches import INPUT_SIDE
from demo_data.make.network import SIZE_MULTIPLE, Detector, UltralyticsLayout, all_cells
from demo_data.make.parts import CLASSES

METADATA = {
    "description": "Offdiag demo detector: parts on a conveyor, rendered scenes",
    "author": "The Offdiag authors",
    "license": "Apache-2.0",
    "version": "1.0",
    "stride": str(SIZE_MULTIPLE),
    "task": "detect",
    "batch": "1",
    "imgsz": str([INPUT_SIDE, INPUT_SIDE]),
    "names": str(dict(enumerate(CLASSES))),
}


def main() -> None:
    """Export what the command line asks for."""
    parser = argparse.ArgumentParser(description="Export the demo detector to ONNX.")
    parser.add_argument("--weights", type=Path, required=True, help="file written by train")
    parser.add_argument("--model", type=Path, required=True, help="ONNX file to write")
    asked = parser.parse_args()
    detector = Detector(len(CLASSES))
    detector.load_state_dict(torch.load(asked.weights, weights_only=True)["average"])
    export(detector, asked.model)
    print(f"{asked.model}: {asked.model.stat().st_size:,} bytes")


def export(detector: Detector, path: Path) -> None:
    """Write the detector with its input size fixed and its batch size free."""
    torch.onnx.export(
        UltralyticsLayout(detector).eval(),
        (torch.zeros(1, 3, INPUT_SIDE, INPUT_SIDE),),
        str(path),
        input_names=["images"],
        output_names=["output0"],
        dynamic_axes={"images": {0: "batch"}, "output0": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(path)
    # The exporter gives these two lengths made-up names, although they are known.
    cells, _ = all_cells(INPUT_SIDE, INPUT_SIDE)
    _, rows, columns = model.graph.output[0].type.tensor_type.shape.dim
    rows.dim_value, columns.dim_value = 4 + len(CLASSES), len(cells)
    onnx.helper.set_model_props(model, METADATA)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


if __name__ == "__main__":
    main()
