"""Exports as small graphs: a real one's signature and metadata, and the numbers that it gave."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.exports.real_run import CONFIDENCE

HERE = Path(__file__).parent
ROWS = 120  # the strongest of an output with thousands
WEAK = 0.02  # a score that is kept as none
ENDED = 7  # columns of a box that left nothing to suppress: masks and points follow
MANY = 20_000  # numbers of an output that are kept less precisely
SIDE_FILES = ("config.json", "preprocessor_config.json")
LAST = {"Softmax": lambda share: np.log(share), "Sigmoid": lambda p: np.log(p) - np.log1p(-p)}
SMALLEST = 1e-7  # before a logarithm


@dataclass
class KeptOutput:
    """An output for one photo: where it is not 0, and what it is there."""

    name: str
    declared: list[int | str]
    kind: int  # of TensorProto
    shape: list[int]
    places: list[int]  # each as a step from the one before
    values: list[float]
    last: str = ""  # "Softmax" or "Sigmoid" where the real graph ends in it

    def table(self) -> np.ndarray:
        """The numbers as the real graph gave them."""
        table = np.zeros(int(np.prod(self.shape)))
        table[np.cumsum(np.array(self.places, np.int64))] = self.values
        return table.reshape(self.shape)


@dataclass
class KeptExport:
    """One variant of an export, and its framework's own answer to one photo."""

    variant: str
    inputs: list[tuple[str, list[int | str], int]]
    outputs: list[KeptOutput]
    metadata: dict[str, str]
    files: dict[str, str]  # beside the model
    threshold: float | None  # of a suppression inside; below 0: one without a threshold
    size: tuple[int, int]  # width, height of the photo
    answer: dict[str, list[Any]]  # as real_run.Boxes or real_run.Probabilities
    level: str  # certain, likely, guess; "refused" where Offdiag asks for more
    tolerance: float
    pixels: float
    spare: float
    refusal: str = ""  # words in the refusal
    versions: dict[str, str] = field(default_factory=dict)

    def written(self, folder: Path) -> Path:
        """A model with constant outputs, and the files beside it."""
        for name, text in self.files.items():
            (folder / name).write_text(text)
        nodes, constants = [], []
        for output in self.outputs:
            table = output.table()
            if output.last:
                table = LAST[output.last](table.clip(SMALLEST, 1 - SMALLEST))
            dtype = helper.tensor_dtype_to_np_dtype(output.kind)
            constants.append(numpy_helper.from_array(table.astype(dtype), f"{output.name} kept"))
            operator = output.last or "Identity"
            nodes.append(helper.make_node(operator, [f"{output.name} kept"], [output.name]))
        if self.threshold is not None:
            more, values = _suppression(self.threshold)
            nodes.append(more)
            constants += values
        graph = helper.make_graph(
            nodes,
            "kept",
            [helper.make_tensor_value_info(name, kind, axes) for name, axes, kind in self.inputs],
            [helper.make_tensor_value_info(o.name, o.kind, o.declared) for o in self.outputs],
            constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        helper.set_model_props(model, self.metadata)
        path = folder / "model.onnx"
        onnx.save(model, path)
        return path


def _suppression(threshold: float) -> tuple[onnx.NodeProto, list[TensorProto]]:
    values = {
        "nms boxes": np.zeros((1, 1, 4), np.float32),
        "nms scores": np.zeros((1, 1, 1), np.float32),
        "nms most": np.array([1], np.int64),
        "nms iou": np.array([0.5], np.float32),
    }
    if threshold >= 0:
        values["nms threshold"] = np.array([threshold], np.float32)
    node = helper.make_node("NonMaxSuppression", list(values), ["nms kept"])
    return node, [numpy_helper.from_array(value, name) for name, value in values.items()]


def kept_output(port: onnx.ValueInfoProto, table: np.ndarray, scored: list[int] | None, last: str):
    """An output of the real graph; of thousands of rows the strongest, of maps nothing."""
    table = np.array(table, np.float64)
    if scored is not None and table.ndim == 3 and table.shape[scored[0]] > ROWS:
        axis, first, past = scored
        rows = np.moveaxis(table, axis, -1)  # a view, [1, columns, rows] as Ultralytics writes
        scores = rows[:, first:past]
        strength = scores.max(axis=1)[0]
        floor = max(np.sort(strength)[::-1][:ROWS][-1], CONFIDENCE / 2)
        rows[:, :, strength < floor] = 0
        scores[scores < WEAK] = 0
        # Points, masks and angles, which no box follows from.
        rows[:, past:] = rows[:, past:].round(2)
    elif table.ndim > 3:
        table[:] = 0
    elif table.ndim == 3 and table.shape[2] > ENDED and scored is not None:
        more = table[..., ENDED:]
        more[:] = np.where(table[..., 4:5] < WEAK, 0, more.round(1))
    places = np.flatnonzero(table)
    tensor = port.type.tensor_type
    declared = [axis.dim_param or int(axis.dim_value) for axis in tensor.shape.dim]
    digits = 3 if scored is None and table.size > MANY else 6
    values = [float(f"{value:.{digits}g}") for value in table.reshape(-1)[places]]
    steps = np.diff(places, prepend=0).tolist()
    return KeptOutput(port.name, declared, tensor.elem_type, list(table.shape), steps, values, last)


def file_of(framework: str) -> Path:
    """Where the exports of a framework are kept."""
    return HERE / f"{framework}.json.xz"


def keep(framework: str, exports: list[KeptExport]) -> None:
    """Write the exports of a framework into one file."""
    lines = "\n".join(as_line(export) for export in exports)
    file_of(framework).write_bytes(lzma.compress(lines.encode(), preset=9))


def as_line(export: KeptExport) -> str:
    """A line of such a file."""
    return json.dumps(asdict(export), separators=(",", ":"))


def kept(framework: str) -> Iterator[KeptExport]:
    """The exports of a framework, as `keep` had them."""
    for line in lzma.decompress(file_of(framework).read_bytes()).decode().splitlines():
        yield of_line(line)


def of_line(line: str) -> KeptExport:
    """What `as_line` made a line of."""
    values = json.loads(line)
    outputs = [KeptOutput(**output) for output in values.pop("outputs")]
    inputs = [tuple(port) for port in values.pop("inputs")]
    return KeptExport(inputs=inputs, outputs=outputs, **values)


def frameworks() -> list[str]:
    """Those of which exports are kept."""
    return sorted(path.name.removesuffix(".json.xz") for path in HERE.glob("*.json.xz"))
