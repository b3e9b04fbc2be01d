"""What one takes away from the What if tab: paths, pictures, predictions, a list to label."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from textual import work
from textual.worker import get_current_worker

from engine.core.errors import EngineError
from engine.images.pixels import UnreadableImage
from engine.scoring.run.store import ImageAnswer
from engine.util.files import write_whole
from engine.util.words import number
from engine.whatif.trial import Problem
from tui.controls.path_ask import PathAsk
from tui.controls.path_box import PathBox, trouble
from tui.drawing.visible import file_name, visible
from tui.whatif.looking import WhatIfLooking

TO_LABEL: Final = "to_label.txt"
KNOWN: Final = (EngineError, UnreadableImage, OSError, ValueError)


class WhatIfKeeping(WhatIfLooking):
    """Writes in a thread, and says what was written or why not."""

    listing: Path | None = None  # of images to label, once it was named

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes that the model names."""
        return self.jobs.scorer.class_names if self.jobs.scorer is not None else ()

    @work(thread=True, group="whatif-keep", exit_on_error=False)
    def keep(self, write: Callable[[], str]) -> None:
        """Write, then tell what was written."""
        try:
            words, severity = write(), "information"
        except KNOWN as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            words, severity = f"Not written: {reason}", "error"
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self.notify, visible(words), severity=severity, markup=False)

    def action_save_picture(self) -> None:
        """The picture as it is seen, with the boxes that count."""
        seen, limits, names = self.seen, self.limits, self.class_names
        if seen is None or seen.failure:
            return

        def picture() -> bytes:
            from engine.batch.judged import judged
            from engine.whatif.keeping import annotated_png

            return annotated_png(judged(seen.shown, seen.now, limits), names)

        def save(path: Path | None) -> None:
            if path is not None:
                self.keep(lambda: _written(path, picture()))

        stem = Path(file_name(seen.look.path)).stem
        self.app.push_screen(PathBox(Path.cwd() / f"{stem}_predictions.png", "Save as"), save)

    def action_export(self) -> None:
        """What counts in all images, as `offdiag score` would write it."""
        scorer, results = self.jobs.scorer, self.jobs.results
        limits, names, count = self.limits, self.class_names, len(self.jobs.results)
        if scorer is None or not count:
            return
        task = scorer.card.task

        def table(path: Path) -> bytes:
            from engine.whatif.keeping import predictions_file

            return predictions_file(results.all(), limits, names, task, str(path))

        def export(path: Path | None) -> None:
            if path is not None:
                self.keep(lambda: _written(path, table(path), f" ({number(count, 'image')})"))

        form = "json" if task == "detect" else "csv"
        box = PathBox(
            Path.cwd() / f"predictions.{form}", "Export predictions to (.json .csv .jsonl)"
        )
        self.app.push_screen(box, export)

    def action_to_label(self) -> None:
        """Add the image to the list; which, is asked the first time."""
        if self.seen is None or self.seen.failure:
            return
        if self.listing is None:
            self.action_other_list()
        else:
            self.add(self.listing, self.seen.original)

    def action_other_list(self) -> None:
        """Name a list, and add the image to it."""
        if self.seen is None or self.seen.failure:
            return
        original = self.seen.original

        def named(path: str | None) -> None:
            if path:
                self.listing = Path(path).expanduser()
                self.add(self.listing, original)

        title = "Add to the list of images to label"
        hint = "a text file, a path a line; the predictions go beside it as a draft"
        suggestion = str(self.listing or Path.cwd() / TO_LABEL)
        self.app.push_screen(PathAsk(title, hint, _list_trouble, suggestion), named)

    def add(self, listing: Path, answer: ImageAnswer) -> None:
        """Add an image with what counts in it."""
        limits, names = self.limits, self.class_names

        def write() -> str:
            from engine.batch.judged import judged
            from engine.whatif.keeping import add_to_label, draft_of

            image = judged(answer.file.path, answer, limits)
            count = add_to_label(listing, image, names)
            draft = draft_of(listing, image).name
            return f"{number(count, 'image')} in {listing.name}, drafts in {draft}"

        self.keep(write)

    def action_copy(self) -> None:
        """The path of the chosen image, or the command that brings it here."""
        entry = self.entry
        if entry is None:
            return
        if isinstance(entry, Problem):
            text = self.copy_line(entry) if entry.elsewhere else entry.named
        else:
            text = self.jobs.results.path(entry)
        text = text.encode("utf-8", "backslashreplace").decode()
        self.app.copy_to_clipboard(text)
        self.notify(f"Copied {visible(text)}", markup=False)


def _written(path: Path, content: bytes, more: str = "") -> str:
    write_whole(path, content)
    return f"Wrote {path}{more}"


def _list_trouble(path: str) -> str:
    try:
        return trouble(Path(path).expanduser() if path else None)
    except (RuntimeError, OSError) as error:
        return f"{error}."
