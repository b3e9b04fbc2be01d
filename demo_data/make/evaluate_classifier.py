"""Measure the shipped classifier on the shipped images with scikit-learn.

Use: python -m demo_data.make.evaluate_classifier demo_data/classification
"""

from __future__ import annotations

import argparse
import ast
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import classification_report, confusion_matrix, log_loss

from demo_data.make.crops import Square, fitted

Probabilities: TypeAlias = NDArray[np.float32]  # [N, C]

BINS = 15  # of equal width, for the calibration error


def main() -> None:
    """Print the figures of the README."""
    parser = argparse.ArgumentParser(description="Measure the demo classifier.")
    parser.add_argument("folder", type=Path, help="folder with model.onnx and images")
    folder = parser.parse_args().folder
    names, answers, paths = answered(folder)
    truth = np.array([names.index(path.parent.name) for path in paths])
    top = answers.argmax(axis=1)
    print(f"{len(paths)} images, {sum(path.stat().st_size for path in paths) / 1e6:.2f} MB")
    print(classification_report(truth, top, target_names=names, digits=3))
    print(confusion_matrix(truth, top))
    print(f"log loss {log_loss(truth, answers / answers.sum(axis=1, keepdims=True)):.3f}")
    print(f"mean confidence {answers.max(axis=1).mean():.3f}")
    print(f"ECE {calibration_error(answers.max(axis=1), top == truth):.3f}")


def answered(folder: Path) -> tuple[list[str], Probabilities, list[Path]]:
    """The model's class names, its probabilities for each image, and the images' files."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        folder / "model.onnx", options, providers=["CPUExecutionProvider"]
    )
    names = list(ast.literal_eval(session.get_modelmeta().custom_metadata_map["names"]).values())
    paths = sorted((folder / "images").glob("*/*.jpg"))
    squares = np.stack([seen(path) for path in paths])
    pixels = squares.transpose(0, 3, 1, 2).astype(np.float32) / 255
    (answers,) = session.run(None, {"images": pixels})
    return names, answers, paths


def seen(path: Path) -> Square:
    """The image of this file as the classifier reads it."""
    with Image.open(path) as image:
        return fitted(image)


def calibration_error(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Expected calibration error of the top class: how far accuracy lies from confidence."""
    bin_of = np.ceil(confidence * BINS).clip(1, BINS).astype(int)
    gaps = np.bincount(bin_of, weights=right - confidence.astype(np.float64))
    return float(np.abs(gaps).sum() / len(confidence))


if __name__ == "__main__":
    main()
