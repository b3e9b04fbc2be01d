"""Whether the files of a model are still those that were loaded."""

import hashlib
from pathlib import Path
from threading import Event, Thread
from typing import Final, TypeAlias

from engine.cards.operating_point import model_digest
from engine.core.errors import ModelError
from engine.scoring.model.onnx_file import checked_file

State: TypeAlias = tuple[tuple[str, int, int, int], ...]  # path, inode, bytes, time of change

EVERY: Final = 1.0  # seconds between two looks


class WatchedFiles:
    """Looks at a model and its card now and then; nothing is loaded again."""

    def __init__(self, model: Path, digest: str, card: Path) -> None:
        self.model, self.digest, self.card = model, digest, card
        try:
            self._files = checked_file(model).files
        except ModelError:
            self._files = (model,)
        self._card_was = _content(card)
        self._seen: State | None = None
        self._of_model = ""
        self.warnings: tuple[str, ...] = ()
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="watch", daemon=True)

    @property
    def model_changed(self) -> bool:
        """Whether another model lies at the place of the one that answers."""
        return bool(self._of_model)

    def start(self) -> None:
        """Look from now on, in a thread."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Compare what is there with what was loaded; a file is read only if it was touched."""
        state = tuple(_state(path) for path in self._files)
        if state != self._seen:
            self._of_model = self._about_model()
            self._seen = state
        told = [self._of_model] if self._of_model else []
        if _content(self.card) != self._card_was:
            told.append(
                f"{self.card.name} has changed since it was read: answers are still at the "
                "operating point it had then; restart the server to apply it"
            )
        self.warnings = tuple(told)

    def _about_model(self) -> str:
        still = f"answers still come from {self.digest[:12]}…; restart the server to load it anew"
        try:
            found = model_digest(self.model)
        except (ModelError, OSError):
            return f"{self.model.name} is gone or no longer a model: {still}"
        if found == self.digest:
            return ""
        return f"{self.model.name} has changed on disk (it is {found[:12]}… now): {still}"

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            self.look()


def _state(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), found.st_ino, found.st_size, found.st_mtime_ns


def _content(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
