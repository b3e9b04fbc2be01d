"""What an ONNX file shows before it is run: what it really is, and where its weights are.

onnxruntime answers most broken files with "Protobuf parsing failed"; the checks
here say which of the usual accidents it was.
"""

import hashlib
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.core.errors import ModelError
from engine.scoring.model.onnx_graph import GraphFacts, graph_facts

LFS_POINTER: Final = b"version https://git-lfs"


@dataclass(frozen=True)
class ModelFile:
    """A file that may be given to onnxruntime."""

    files: tuple[Path, ...]  # the model, then the files beside it that hold its weights
    graph: GraphFacts

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(file.stat().st_size for file in self.files)


def checked_file(model: Path) -> ModelFile:
    """What the file shows before it is loaded.

    Raises `ModelError` for what cannot be an ONNX model, and for weights that are
    missing or lie outside the model's folder.
    """
    try:
        if model.is_dir():
            raise ModelError(model, "is a folder; give the .onnx file in it")
        if model.stat().st_size == 0:
            raise ModelError(model, "is empty; copy or download it again")
        with model.open("rb") as file:
            _refuse_impostor(model, file.read(512))
            # Closed with its last view: an error under way may still hold one.
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            graph = graph_facts(content)
    except OSError as error:
        raise ModelError(model, f"cannot be opened: {error.strerror}") from None
    except (IndexError, ValueError):
        raise ModelError(
            model, "is not an ONNX model, or is cut short; compare its size with the original"
        ) from None
    files = (model, *(_weights(model, location) for location in graph.external_data))
    return ModelFile(files, graph)


def size_in_words(model: Path) -> str:
    """How big a model is, known before it is loaded: "12.3 MB". Raises as `checked_file`."""
    size = checked_file(model).bytes
    unit, factor = next(
        (unit, factor) for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 0)) if size >= factor
    )
    return f"{size / (factor or 1e3):.1f} {unit}"


def digest(files: tuple[Path, ...]) -> str:
    """One sha256 in hexadecimal; that of the file itself when there is only one."""
    parts = []
    for path in files:
        with path.open("rb") as file:
            parts.append(hashlib.file_digest(file, "sha256").hexdigest())
    if len(parts) == 1:
        return parts[0]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _refuse_impostor(model: Path, start: bytes) -> None:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(LFS_POINTER):
        raise ModelError(
            model,
            "is a Git LFS pointer, not the model itself; run `git lfs pull` in its repository",
        )
    if text[:1] == b"<":
        raise ModelError(
            model, "is a web page, not a model; download the raw file (its real link, signed in)"
        )
    if text[:2] == b"PK":
        raise ModelError(
            model, "is a ZIP archive (a .pt or .zip file?), not ONNX; unpack or export it"
        )


def _weights(model: Path, location: str) -> Path:
    if "\0" in location:
        raise ModelError(model, "keeps weights in a file whose name no system has; export it again")
    path = model.parent / location
    inside = not Path(location).is_absolute() and ".." not in Path(location).parts
    if not inside or not path.resolve().is_relative_to(model.parent.resolve()):
        linked = inside and path.is_symlink()
        way_out = "copy the real files, not links, into one folder" if linked else "export it again"
        raise ModelError(model, f"keeps weights at {location!r}, outside its own folder; {way_out}")
    if not path.is_file():
        raise ModelError(
            model, f"keeps its weights in {location!r}, which is missing; copy it beside the model"
        )
    with path.open("rb") as file:
        if file.read(len(LFS_POINTER)) == LFS_POINTER:
            raise ModelError(
                model,
                f"keeps its weights in {location!r}, which is a Git LFS pointer; run "
                "`git lfs pull` in its repository",
            )
    return path
