"""What a person sees until the matrix is there: the stage, the speed, the time left."""

import gc
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Label, ProgressBar
from textual.worker import Worker, WorkerState, get_current_worker

from engine.core.errors import EngineError
from engine.util.visible import visible
from tui.controls.bindings import in_footer
from tui.controls.key_line import KeyLine
from tui.controls.messages import Failed
from tui.desk.comparing import ComparedWith
from tui.desk.main import Opener, OpeningEvent

# The first thing on the screen: what takes long to import comes behind it, in the worker.
if TYPE_CHECKING:
    from engine.opening import Inputs, Opened
    from tui.desk.assessed import Assessed
    from tui.desk.desk import Desk

PROBE_HINT: Final = "T tries the other ways on 32 of the images, and says which is right."
QUESTION: Final = "Stop? What was scored is kept."
DeskOf = Callable[["Opened | ComparedWith"], "Desk[Any]"]


def assumed_words(assumed: Sequence[str]) -> str:
    """What was assumed of a model, and how to settle it; nothing where nothing was."""
    return f"{', '.join(assumed)}. {PROBE_HINT}" if assumed else ""


class LoadingScreen(Screen[None]):
    """Opens the files in a worker and shows how far it is."""

    CSS_PATH = "../app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("escape,ctrl+c", "ask", "Stop", "Stop: what was scored is kept", "loading.stop"),
        in_footer("enter,y,ctrl+c", "give_up", "Stop", "Stop and leave", "loading.give_up"),
        in_footer("n", "go_on", "Go on", "Go on as if nothing was asked", "loading.go_on"),
    ]
    purpose = "Opening: files are read and images scored. What is scored once is kept for later."

    @dataclass
    class Went(Message):
        """The opening came a step further."""

        event: OpeningEvent

    @dataclass
    class Ready(Message):
        """Everything is read and scored."""

        desk: "Desk[Any]"
        start: "Assessed"

    @dataclass
    class GivenUp(Message):
        """The person stopped it, or it could not be done: then with the problem."""

        problem: str = ""

    def __init__(self, opener: Opener, desk_of: DeskOf) -> None:
        super().__init__()
        self.opener = opener
        self.desk_of = desk_of
        self.worker: Worker[None] | None = None
        self.to_probe: Inputs | None = None  # while something is assumed of the model
        self.asking = False  # whether to stop; the work goes on meanwhile

    def compose(self) -> ComposeResult:
        with Vertical(id="loading"):
            yield Label("offdiag", id="loading-title", markup=False)
            yield Label("Starting", id="loading-stage")
            yield ProgressBar(total=None, show_eta=False, id="loading-bar")
            yield Label("", id="loading-words")
            yield Label("", id="loading-notes", markup=False)
            yield Label(QUESTION, id="loading-question")
        yield KeyLine()

    def on_mount(self) -> None:
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Start the work, once the person sees that there is some."""
        if self.is_attached and self.worker is None:
            self.worker = self.open()

    @work(thread=True, group="opening", exit_on_error=False)
    def open(self) -> None:
        from engine.opening import Opened

        worker = get_current_worker()
        try:
            for event in self.opener(lambda: worker.is_cancelled):
                if worker.is_cancelled:
                    return
                self.post_message(self.Went(event))
                if isinstance(event, Opened | ComparedWith):
                    desk = self.desk_of(event)
                    start = desk.begins()
                    settle_memory()
                    self.post_message(self.Ready(desk, start))
        except EngineError as error:
            self.post_message(Failed("Cannot be opened", str(error)))

    @on(Went)
    def show(self, message: Went) -> None:
        from engine.compare.sides import SideBegun
        from engine.opening import Noticed, Opened, Stage
        from engine.util.progress import Reading

        event = message.event
        if isinstance(event, Opened | ComparedWith):
            self.query_one("#loading-stage", Label).update("Matching")
        elif isinstance(event, SideBegun):
            title = f"offdiag   {event.letter}  {visible(event.path.name)}"
            self.query_one("#loading-title", Label).update(title)
        elif isinstance(event, Stage):
            self.query_one("#loading-stage", Label).update(event.words)
            self.query_one("#loading-words", Label).update("")
            self.query_one(ProgressBar).update(total=None)
        elif isinstance(event, Reading):
            self.query_one(ProgressBar).update(total=event.total or None, progress=event.done)
            self.query_one("#loading-words", Label).update(reading_words(event.done, event.total))
        elif isinstance(event, Noticed):
            self.to_probe = event.to_probe
            notes = self.query_one("#loading-notes", Label)
            notes.update("\n".join((*event.sentences, *((PROBE_HINT,) if self.to_probe else ()))))
            notes.display = bool(event.sentences)
            self.refresh_bindings()
        else:
            self.query_one("#loading-stage", Label).update("Scoring images")
            self.query_one(ProgressBar).update(total=event.total, progress=event.done)
            self.query_one("#loading-words", Label).update(
                progress_words(
                    event.done,
                    event.total,
                    event.failed,
                    event.images_per_second,
                    event.seconds_left,
                    event.from_store,
                )
            )

    @on(Failed)
    def fail(self, message: Failed) -> None:
        self.post_message(self.GivenUp(message.problem))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not leave a screen that waits for ever."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def pause(self) -> None:
        """End the work: what was scored is kept."""
        if self.worker is not None:
            self.worker.cancel()

    def ask(self, asking: bool) -> None:
        """Whether to stop: put the question, or take it back."""
        self.asking = asking
        self.query_one("#loading-question").display = asking
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The question is put once, and answered where it is put."""
        if action in ("give_up", "go_on"):
            return self.asking
        return not self.asking if action == "ask" else super().check_action(action, parameters)

    def action_ask(self) -> None:
        self.ask(True)

    def action_go_on(self) -> None:
        self.ask(False)

    def action_give_up(self) -> None:
        self.pause()
        self.post_message(self.GivenUp())


def settle_memory() -> None:
    """Take what is loaded out of the garbage collector's rounds: it stays until the end.

    Looking through all of it held the screen for 60 ms, now and then, at any key.
    """
    gc.collect()
    gc.freeze()


def reading_words(done: int, total: int) -> str:
    """`412 of 795 MB`; nothing where it is not known, as of a folder."""
    return f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB" if total else ""


def progress_words(
    done: int, total: int, failed: int, rate: float, seconds_left: float, from_store: int
) -> str:
    """`120 of 230 images · 54/s · 0:02 left · 1 could not be read · 100 known from before`."""
    parts = [f"{done:,} of {total:,} images"]
    if rate:
        parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
    if math.isfinite(seconds_left) and done < total:
        minutes, seconds = divmod(math.ceil(seconds_left), 60)
        hours, minutes = divmod(minutes, 60)
        clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
        parts.append(f"{clock} left")
    if failed:
        parts.append(f"{failed:,} could not be scored")
    if from_store:
        parts.append(f"{from_store:,} known from before")
    return " · ".join(parts)
