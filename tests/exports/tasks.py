"""Graphs of the signatures of Ultralytics' -seg, -pose and -obb, with rows of real runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.engine.scoring.graphs import Out, graph

SIDE = 320
MASKS = 32


def made(path: Path, case: Mapping[str, Any]) -> Path:
    """A graph of one case of tasks.json; the masks of its boxes are nowhere empty."""
    outputs = {"output0": Out(np.array(case["rows"])[None])}
    if case["metadata"]["task"] == "segment":
        prototypes = np.zeros((1, MASKS, SIDE // 4, SIDE // 4))
        prototypes[:, 0] = 1
        outputs["output1"] = Out(prototypes)
    return graph(path, outputs, shape=[1, 3, SIDE, SIDE], metadata=case["metadata"])
