"""Where a model runs: what may be asked for, what there is, and what it really came to.

onnxruntime takes a name it does not know, prints a line and goes on; it lists CUDA where
CUDA's libraries are missing, and runs on the processor then. So names are checked here,
and what was asked is compared with what the session says of itself.
"""

import hashlib
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, TypeAlias

from platformdirs import user_cache_path

from engine.core.errors import ModelError
from engine.scoring.card import InputCard

CPU: Final = "CPU"
ON_CPU: Final = "CPUExecutionProvider"
RECORD_PLACEMENT: Final = "session.record_ep_graph_assignment_info"
NVIDIA_DRIVER: Final = Path("/proc/driver/nvidia")
TENSORRT_PACKAGES: Final = ("tensorrt-cu13", "tensorrt-cu12", "tensorrt")
LIBRARIES: Final = "pip install 'onnxruntime-gpu[cuda,cudnn]' brings its files"
GPU_EXTRA: Final = 'pip install "offdiag[gpu]"'


@dataclass(frozen=True)
class ExecutionProvider:
    """Something that models run on."""

    title: str  # as shown
    execution: str  # as onnxruntime calls it
    cure: str  # where onnxruntime comes without it
    files: str  # where it is there and cannot be loaded


PROVIDERS: Final = {
    "cuda": ExecutionProvider("CUDA", "CUDAExecutionProvider", GPU_EXTRA, LIBRARIES),
    "tensorrt": ExecutionProvider(
        "TensorRT",
        "TensorrtExecutionProvider",
        GPU_EXTRA,
        f"pip install tensorrt-cu12 brings TensorRT, and {LIBRARIES}",
    ),
    "coreml": ExecutionProvider(
        "CoreML",
        "CoreMLExecutionProvider",
        'it needs a Mac, and there pip install "offdiag[cpu]"',
        "update macOS",
    ),
    "openvino": ExecutionProvider(
        "OpenVINO",
        "OpenVINOExecutionProvider",
        "pip install onnxruntime-openvino in the place of onnxruntime",
        "pip install openvino brings its files",
    ),
}
NAMES: Final = ("auto", "cpu", *PROVIDERS)
# TensorRT builds an engine for minutes before its first image: only for who asks for it.
BEST_FIRST: Final = ("cuda", "coreml", "openvino")

Start: TypeAlias = Callable[[Sequence[Any], bool], Any]
"""Execution providers, and whether to record what runs where -> a session, or `ModelError`."""


@dataclass(frozen=True, eq=False)
class RunningSession:
    """A session, and where it really runs."""

    session: Any
    provider: str  # the title of what really runs
    placement: str = ""  # in words, where only a part of the graph runs there
    notes: tuple[str, ...] = ()


def check_name(path: Path, provider: str) -> None:
    """Raise `ModelError` for a provider that nobody knows."""
    if provider not in NAMES:
        raise ModelError(path, f"no provider {provider!r}; choose one of {', '.join(NAMES)}")


def running(onnxruntime: Any, path: Path, asked: str, digest: str, start: Start) -> RunningSession:
    """A session on what was asked for, or for "auto" on the best there is.

    Raises `ModelError` where what was asked for is not there: who names a device does
    not want hours on the processor. For "auto" the processor is a note with the cure.
    """
    check_name(path, asked)
    listed = onnxruntime.get_available_providers()
    if asked == "cpu":
        return RunningSession(start([ON_CPU], False), CPU)
    if asked != "auto" and PROVIDERS[asked].execution not in listed:
        known = PROVIDERS[asked]
        raise ModelError(
            path, f"this onnxruntime cannot use {known.title}: {known.cure}, or --provider cpu"
        )
    notes = []
    names = BEST_FIRST if asked == "auto" else (asked,)
    for name in names:
        if PROVIDERS[name].execution not in listed:
            continue
        found = _tried(onnxruntime, path, name, digest, start)
        if isinstance(found, RunningSession):
            return found
        if asked != "auto":
            raise ModelError(path, f"{found}; or --provider cpu")
        notes.append(f"{found}. The model runs on the CPU.")
    if not notes and NVIDIA_DRIVER.exists():
        notes.append(
            "This machine has an NVIDIA GPU that this onnxruntime cannot use: pip uninstall "
            f"onnxruntime, then {GPU_EXTRA}. The model runs on the CPU."
        )
    return RunningSession(start([ON_CPU], False), CPU, notes=tuple(notes))


def _tried(
    onnxruntime: Any, path: Path, name: str, digest: str, start: Start
) -> RunningSession | str:
    """The session if it runs on the provider, else why not."""
    provider = PROVIDERS[name]
    if name in ("cuda", "tensorrt") and hasattr(onnxruntime, "preload_dlls"):
        # It prints what it cannot load; the session below shows whether that matters.
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            onnxruntime.preload_dlls()
    wanted: list[Any] = [provider.execution, ON_CPU]
    if name == "tensorrt":
        cache = engine_cache(onnxruntime, digest)
        cache.mkdir(parents=True, exist_ok=True)
        wanted = [
            (provider.execution, engine_options(cache) | _profile(start([ON_CPU], False))),
            PROVIDERS["cuda"].execution,
            ON_CPU,
        ]
    try:
        session = start(wanted, True)
    except ModelError as error:
        return f"{provider.title} cannot run this model ({error})"
    # A wheel lists what its libraries are missing for; the session knows.
    real = session.get_providers()
    if provider.execution not in real:
        return f"{provider.title} could not be loaded; {provider.files}"
    there, every = _placed(session, provider)
    if every and not there:
        return f"{provider.title} takes none of this model's operators"
    part = f"{there:,} of {every:,} operators"
    return RunningSession(session, provider.title, "" if there == every else part)


def _placed(session: Any, provider: ExecutionProvider) -> tuple[int, int]:
    """How many operators run on the provider, and how many there are; zeros where none tells."""
    if not hasattr(session, "get_provider_graph_assignment_info"):
        return 0, 0
    parts = session.get_provider_graph_assignment_info()
    nodes = [(part.ep_name, len(part.get_nodes())) for part in parts]
    there = sum(count for name, count in nodes if name == provider.execution)
    return there, sum(count for _, count in nodes)


def engine_options(cache: Path) -> dict[str, str]:
    """Options of TensorRT that keep its engines, which take minutes to build."""
    return {
        "trt_engine_cache_enable": "1",
        "trt_engine_cache_path": str(cache),
        "trt_timing_cache_enable": "1",
        "trt_timing_cache_path": str(cache),
    }


def _profile(session: Any) -> dict[str, str]:
    """Shapes from one image to a full call, so that one engine serves them all.

    Nothing where all axes are fixed, or where another axis than the batch is open.
    """
    shapes = {port.name: list(port.shape) for port in session.get_inputs()}
    sides = [side for shape in shapes.values() for side in shape[1:]]
    fixed = all(isinstance(shape[0], int) for shape in shapes.values() if shape)
    if fixed or not all(isinstance(side, int) for side in sides):
        return {}
    ends = {"min": 1, "opt": InputCard().max_batch, "max": InputCard().max_batch}
    return {
        f"trt_profile_{end}_shapes": ",".join(
            f"{name}:{'x'.join(str(side if isinstance(side, int) else batch) for side in shape)}"
            for name, shape in shapes.items()
        )
        for end, batch in ends.items()
    }


def engine_cache(onnxruntime: Any, digest: str) -> Path:
    """The folder of a model's engines: one for each model, GPU and version of what built them."""
    parts = (digest, onnxruntime.__version__, _tensorrt_version(), *_gpus())
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return user_cache_path("offdiag") / "tensorrt" / key[:32]


def _tensorrt_version() -> str:
    for package in TENSORRT_PACKAGES:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return ""


def _gpus() -> list[str]:
    """The names of the NVIDIA GPUs, as their driver lists them."""
    listed = sorted((NVIDIA_DRIVER / "gpus").glob("*/information"))
    lines = [line for file in listed for line in file.read_text().splitlines()]
    return [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
