"""What can go wrong, in words for the person at the keyboard.

EngineError
├── DataError     a file of the dataset or of the predictions
├── ModelError    an ONNX model that cannot be recognised, loaded or run
├── CardError     a model card that says something impossible
└── StoreError    the file that keeps predictions between runs
"""

from collections.abc import Sequence
from pathlib import Path

from engine.util.visible import visible


class EngineError(Exception):
    """A problem the user can act on; the message says where it is and what to do.

    It is for a terminal: whatever names stand in it, it is one line.
    """

    def __str__(self) -> str:
        return visible(super().__str__())


class PlacedError(EngineError):
    """A problem at a place in a file; example [lines] shows what to write there."""

    def __init__(
        self, path: Path, problem: str, *, line: int | None = None, example: Sequence[str] = ()
    ) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {problem}")
        self.path, self.example = path, tuple(example)

    def __str__(self) -> str:
        return "\n".join((super().__str__(), *map(visible, self.example)))


class DataError(PlacedError):
    """A file that does not hold what it should."""


class ModelError(PlacedError):
    """A model that cannot be recognised, loaded or run."""


class CardError(PlacedError):
    """A model card that says something impossible."""


class StoreError(PlacedError):
    """A store of predictions that cannot be read or written."""
