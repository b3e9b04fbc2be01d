"""Paths that one may want to begin with, below the words that say how."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from engine.util.visible import visible
from engine.whatif.examples import example_paths

OF_DATASET: Final = "the images of the dataset"


class ExamplePaths(Static):
    """Looks around once, in a thread, and says what it found."""

    DEFAULT_CSS = "ExamplePaths { display: none; height: auto; }"

    @dataclass
    class Found(Message):
        """Paths as one would type them."""

        paths: tuple[str, ...]

    def __init__(self, dataset: Path | None) -> None:
        """dataset: the folder of its images, where there is a dataset."""
        super().__init__(markup=False)
        self.dataset = dataset

    def on_mount(self) -> None:
        self.run_worker(self.look_around, group="examples", thread=True, exit_on_error=False)

    def look_around(self) -> None:
        """Find them: in a thread, a folder may be far away."""
        about = {} if self.dataset is None else {_as_typed(self.dataset): OF_DATASET}
        about |= {path: "" for path in example_paths(Path.cwd()) if path not in about}
        if about and not get_current_worker().is_cancelled:
            self.app.call_from_thread(self.tell, about)

    def tell(self, about: dict[str, str]) -> None:
        """Show the paths with what is said of each, and offer them."""
        across = max(map(len, about))
        lines = [f"  {visible(path):<{across}}  {words}".rstrip() for path, words in about.items()]
        self.update("\n".join(["\N{UPWARDS ARROW} in that line brings:", *lines]))
        self.post_message(self.Found(tuple(about)))


def _as_typed(folder: Path) -> str:
    """From the working directory where the folder lies in it, else from the root."""
    inside = os.path.relpath(folder)
    return str(folder.resolve()) if inside.startswith("..") else f"{inside}/"
