"""What one takes away from What if: pictures, predictions, a list to label."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, assert_never

from textual.widget import Widget
from textual.worker import get_current_worker

from engine.cards.operating_point import Thresholds
from engine.core.errors import EngineError
from engine.images.pixels import UnreadableImage
from engine.scoring.run.store import ImageAnswer
from engine.util.files import write_whole
from engine.util.visible import visible
from engine.util.words import number
from tui.controls.path_ask import PathAsk
from tui.controls.path_box import PathBox, trouble
from tui.drawing.file_names import file_name
from tui.whatif.seen_image import SeenImage
from tui.whatif.session import WhatIfSession

TO_LABEL: Final = "to_label.txt"
KNOWN: Final = (EngineError, UnreadableImage, OSError, ValueError)


class Exports:
    """Asks where to, writes in a thread, and says what was written or why not."""

    def __init__(self, owner: Widget, session: WhatIfSession) -> None:
        self.owner, self.session = owner, session
        self.listing: Path | None = None  # of images to label, once it was named

    @property
    def seen(self) -> SeenImage | None:
        """The image that is seen, unless it failed."""
        shown = self.session.shown
        return shown if isinstance(shown, SeenImage) else None

    @property
    def counts(self) -> tuple[Thresholds, tuple[str, ...]]:
        """What decides what counts: the thresholds and the classes that the model names."""
        return self.session.limits, self.session.models.given_names

    def save_picture(self) -> None:
        """The picture as it is seen, with the boxes that count."""
        if (seen := self.seen) is not None:
            stem = Path(file_name(seen.look.path)).stem
            write = partial(_write_picture, seen, *self.counts)
            self._write_where("Save as", f"{stem}_predictions.png", write)

    def copy(self, index: int | None) -> None:
        """The path of an image, or the command that brings it here."""
        if text := self.session.trials.text_of(index):
            text = text.encode("utf-8", "backslashreplace").decode()
            self.owner.app.copy_to_clipboard(text)
            self.owner.notify(f"Copied {visible(text)}", markup=False)

    def export(self) -> None:
        """What counts in all images, as `offdiag score` would write it."""
        scorer, results = self.session.models.first, self.session.trials.results
        (limits, names), count = self.counts, len(results)
        if scorer is None or not count:
            return
        task = scorer.card.task

        def write(path: Path) -> str:
            from engine.whatif.keeping import predictions_file

            content = predictions_file(results.all(), limits, names, task, str(path))
            return _written(path, content, f" ({number(count, 'image')})")

        match task:
            case "detect":
                form = "json"
            case "classify":
                form = "csv"
            case _:
                assert_never(task)
        title = "Export predictions to (.json .csv .jsonl)"
        self._write_where(title, f"predictions.{form}", write)

    def to_label(self) -> None:
        """Add the image to the list; which, is asked the first time."""
        if self.listing is None:
            self.to_other_list()
        elif (seen := self.seen) is not None:
            self._write(partial(_add, self.listing, seen.original, *self.counts))

    def to_other_list(self) -> None:
        """Name a list, and add the image to it."""
        if (seen := self.seen) is None:
            return

        def named(path: str | None) -> None:
            if path:
                self.listing = Path(path).expanduser()
                self._write(partial(_add, self.listing, seen.original, *self.counts))

        title = "Add to the list of images to label"
        hint = "a text file, a path a line; the predictions go beside it as a draft"
        suggestion = str(self.listing or Path.cwd() / TO_LABEL)
        self.owner.app.push_screen(PathAsk(title, hint, _trouble, suggestion), named)

    def _write_where(self, title: str, suggestion: str, write: Callable[[Path], str]) -> None:
        def write_there(path: Path | None) -> None:
            if path is not None:
                self._write(partial(write, path))

        self.owner.app.push_screen(PathBox(Path.cwd() / suggestion, title), write_there)

    def _write(self, write: Callable[[], str]) -> None:
        work = partial(self._tell_written, write)
        self.owner.run_worker(work, group="whatif-keep", thread=True, exit_on_error=False)

    def _tell_written(self, write: Callable[[], str]) -> None:
        try:
            words, written = write(), True
        except KNOWN as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            words, written = f"Not written: {reason}", False
        if not get_current_worker().is_cancelled:
            self.owner.app.call_from_thread(
                self.owner.notify,
                visible(words),
                severity="information" if written else "error",
                markup=False,
            )


# What these import is imported off the event loop, and only for who asks.


def _write_picture(seen: SeenImage, limits: Thresholds, names: tuple[str, ...], path: Path) -> str:
    from engine.batch.judged import judged
    from engine.whatif.keeping import annotated_png

    return _written(path, annotated_png(judged(seen.shown, seen.now, limits), names))


def _add(listing: Path, answer: ImageAnswer, limits: Thresholds, names: tuple[str, ...]) -> str:
    from engine.batch.judged import judged
    from engine.whatif.keeping import add_to_label, draft_of

    image = judged(answer.file.path, answer, limits)
    count = add_to_label(listing, image, names)
    return f"{number(count, 'image')} in {listing.name}, drafts in {draft_of(listing, image).name}"


def _written(path: Path, content: bytes, more: str = "") -> str:
    write_whole(path, content)
    return f"Wrote {path}{more}"


def _trouble(path: str) -> str:
    try:
        return trouble(Path(path).expanduser() if path else None)
    except (RuntimeError, OSError) as error:
        return f"{error}."
