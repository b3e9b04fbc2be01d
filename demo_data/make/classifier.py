"""The classifier: a small convolutional network, and its ONNX file."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from demo_data.make.crops import INPUT_SIDE
from demo_data.make.network import Residual, convolution
from demo_data.make.parts import CLASSES

METADATA = {
    "description": "Offdiag demo classifier: crops of parts on a conveyor, rendered",
    "author": "The Offdiag authors",
    "license": "Apache-2.0",
    "version": "1.0",
    "task": "classify",
    "batch": "1",
    "imgsz": str([INPUT_SIDE, INPUT_SIDE]),
    "names": str(dict(enumerate(CLASSES))),
}


class Classifier(nn.Module):
    """Images [B, 3, INPUT_SIDE, INPUT_SIDE], 0 to 1, to class logits [B, C]."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            convolution(3, 16, stride=2),
            convolution(16, 32, stride=2),
            Residual(32),
            convolution(32, 48, stride=2),
            Residual(48),
            convolution(48, 72, stride=2),
            Residual(72),
        )
        self.head = nn.Linear(72, classes)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(images).mean((2, 3)))
        return logits


def export(classifier: Classifier, path: Path) -> None:
    """Write the classifier with a softmax at its end and its batch size free."""
    torch.onnx.export(
        nn.Sequential(classifier, nn.Softmax(dim=1)).eval(),
        (torch.zeros(1, 3, INPUT_SIDE, INPUT_SIDE),),
        str(path),
        input_names=["images"],
        output_names=["output0"],
        dynamic_axes={"images": {0: "batch"}, "output0": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(path)
    onnx.helper.set_model_props(model, METADATA)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
