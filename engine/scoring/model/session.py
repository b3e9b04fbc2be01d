"""A model opened by onnxruntime, and its refusals in words for people."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import ModelError
from engine.scoring.model.graph_nodes import IntegerScale
from engine.scoring.model.onnx_file import checked_file, digest
from engine.scoring.model.onnx_graph import GraphFacts
from engine.scoring.model.providers import RECORD_PLACEMENT, check_name, running
from engine.scoring.model.refusals import in_words, refusals
from engine.scoring.model.runtime import runtime
from engine.util.cores import available_cores

Batch = NDArray[Any]  # [B, 3, height, width] or [B, height, width, 3], in the model's own type
Outputs = tuple[NDArray[Any], ...]  # as the model gives them

# onnxruntime logs what it raises anyway; but why a device is not used is told nowhere else.
LOG_NOTHING, LOG_ERRORS = 4, 3
IMAGE_TYPES: Final = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(uint8)": "uint8",
}
NUMPY_TYPES: Final = IMAGE_TYPES | {
    "tensor(double)": "float64",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(bool)": "bool",
}


class Detector(Protocol):
    """What scoring asks of a model: a batch in, its outputs back. A function will do."""

    def __call__(self, batch: Batch, /, *further: Batch) -> Outputs:
        """The outputs for one batch; called from several threads at once.

        `further` are the model's other inputs, in the order of the card's `input.extra`.
        """


class Stopped(Exception):  # noqa: N818  # nothing went wrong: someone asked for it
    """A run that ended because `OnnxDetector.stop` was called."""


@dataclass(frozen=True)
class Port:
    """One input or output as the model declares it."""

    name: str
    shape: tuple[int | str | None, ...]
    type: str  # as onnxruntime writes it: "tensor(float)"

    @classmethod
    def of(cls, declared: Any) -> "Port":
        return cls(declared.name, tuple(declared.shape), declared.type)

    def __str__(self) -> str:
        axes = ", ".join("?" if axis is None else str(axis) for axis in self.shape)
        return f"{self.name} [{axes}] {self.type.removeprefix('tensor(').removesuffix(')')}"


@dataclass(frozen=True, eq=False)
class OpenModel:
    """An onnxruntime session and what it says of itself."""

    path: Path
    files: tuple[Path, ...]  # the model, then its external weights
    graph: GraphFacts
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    metadata: Mapping[str, str]
    digest: str  # sha256 of the files
    provider: str  # what really runs: "CPU", "CUDA", ...
    placement: str  # see `providers.Running`
    notes: tuple[str, ...]
    session: Any


def open_model(path: Path, provider: str = "auto") -> OpenModel:
    """Open an ONNX file; `ModelError` says why it cannot be, and what to do."""
    check_name(path, provider)
    file = checked_file(path)
    known = digest(file.files)
    onnxruntime = _onnxruntime(path)
    start = partial(_started, onnxruntime, path, file.graph)
    started = running(onnxruntime, path, provider, known, start)
    session = started.session
    return OpenModel(
        path=path,
        files=file.files,
        graph=file.graph,
        inputs=tuple(map(Port.of, session.get_inputs())),
        outputs=tuple(map(Port.of, session.get_outputs())),
        metadata=dict(session.get_modelmeta().custom_metadata_map),
        digest=known,
        provider=started.provider,
        placement=started.placement,
        notes=started.notes,
        session=session,
    )


def _onnxruntime(path: Path) -> Any:
    try:
        return runtime()
    except ImportError:
        raise ModelError(
            path,
            'running a model needs onnxruntime: pip install "offdiag[cpu]", '
            'or "offdiag[gpu]" on a machine with an NVIDIA card',
        ) from None


def _started(
    onnxruntime: Any, path: Path, graph: GraphFacts, providers: Sequence[Any], record: bool
) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = LOG_ERRORS if record else LOG_NOTHING
    onnxruntime.set_default_logger_severity(options.log_severity_level)
    options.intra_op_num_threads = available_cores()
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would take the cores from the image decoders.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if record:
        options.add_session_config_entry(RECORD_PLACEMENT, "1")
    try:
        # With its fallback on, onnxruntime prints to stdout and goes on without the provider.
        return onnxruntime.InferenceSession(
            path, options, providers=list(providers), enable_fallback=0
        )
    except refusals() as error:
        raise ModelError(path, in_words(str(error), bfloat16=graph.bfloat16)) from None


def as_given(outputs: Outputs, images: int) -> Outputs:
    """Outputs that have a batch axis already."""
    return outputs


@dataclass(frozen=True, eq=False)
class OnnxDetector:
    """Runs a session; any number of threads may call it, and one may stop them all."""

    path: Path
    session: Any
    input: Port
    outputs: tuple[str, ...]  # the outputs wanted, in this order
    further: tuple[Port, ...] = ()  # the other inputs, in the order of the card's `input.extra`
    integers: Mapping[str, IntegerScale] = field(default_factory=dict)  # of `GraphFacts`
    arrange: Callable[[Outputs, int], Outputs] = as_given  # gives every output a batch axis
    under_way: set[Any] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, batch: Batch, /, *further: Batch) -> Outputs:
        """The wanted outputs; `Stopped` after `stop`, `ModelError` when the model refuses."""
        options = runtime().RunOptions()
        options.log_severity_level = 4
        feeds = {
            port.name: _as_declared(port, values)
            for port, values in zip((self.input, *self.further), (batch, *further), strict=True)
        }
        with self.lock:
            self.under_way.add(options)
        try:
            given = self.session.run(list(self.outputs), feeds, options)
        except refusals() as error:
            if options.terminate:
                raise Stopped from None
            raise ModelError(self.path, in_words(str(error))) from None
        finally:
            with self.lock:
                self.under_way.discard(options)
        arrays = (
            in_floats(_array(output), self.integers.get(name))
            for name, output in zip(self.outputs, given, strict=True)
        )
        return self.arrange(tuple(arrays), len(batch))

    def stop(self) -> None:
        """End the runs under way, within a node of the graph; later runs are not touched."""
        with self.lock:
            for options in self.under_way:
                options.terminate = True


def in_floats(values: NDArray[Any], scale: IntegerScale | None) -> NDArray[Any]:
    """An output as it is reckoned with: floats of 16 bits widened, integers as what they mean."""
    if scale is not None:
        return (values.astype(np.float32) - np.float32(scale.zero_point)) * np.float32(scale.scale)
    return values.astype(np.float32) if values.dtype == np.float16 else values


def _as_declared(port: Port, values: Batch) -> Batch:
    """The values in the type that the model declares, without a batch axis if it has none."""
    wanted = NUMPY_TYPES.get(port.type, str(values.dtype))
    values = values if values.dtype == wanted else values.astype(wanted)
    return values[0] if len(port.shape) == values.ndim - 1 and len(values) == 1 else values


def _array(output: Any) -> NDArray[Any]:
    if isinstance(output, list) and output and isinstance(output[0], dict):
        # A ZipMap's answer: a dictionary of class names and numbers for each image.
        return np.array([list(numbers.values()) for numbers in output], np.float32)
    return np.asarray(output)
