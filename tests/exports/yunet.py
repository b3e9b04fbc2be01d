"""A graph of YuNet's signature with made answers, the same on every machine."""

from pathlib import Path

import numpy as np

from tests.engine.scoring.graphs import Out, graph

SIZE = (64, 96)  # height, width
STRIDES = (8, 16, 32)
NUMBERS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}


def made(path: Path) -> Path:
    """Confidences from 0 to 1, boxes of about a cell to five."""
    values = np.random.default_rng(5)
    outputs = {}
    for part, numbers in NUMBERS.items():
        for stride in STRIDES:
            rows = (SIZE[0] // stride) * (SIZE[1] // stride)
            table = values.random((1, rows, numbers))
            table = table * 2 - 0.5 if part == "bbox" else table
            outputs[f"{part}_{stride}"] = Out(table)
    return graph(path, outputs, image="input", shape=[1, 3, *SIZE])
