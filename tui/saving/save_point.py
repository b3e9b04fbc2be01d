"""A box that shows what saving the operating point changes, and saves it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from engine.cards.operating_point import SavedPoint
from engine.core.errors import EngineError
from tui.controls.bindings import HELP, in_footer
from tui.controls.key_line import KeyLine
from tui.controls.messages import Failed


@dataclass(frozen=True, eq=False)
class Proposal:
    """A point that may be saved, the comparison with what holds now, and the words below it."""

    point: SavedPoint
    table: RenderableType
    words: str
    keeping: SavedPoint | None = None  # the same with the thresholds of classes that were saved


@dataclass(frozen=True)
class PointInFile:
    """What was saved, and in which file."""

    point: SavedPoint
    path: Path


class SavePointScreen(ModalScreen[PointInFile | None]):
    """Answers with what was saved, None where nothing was. Both calls are made in a worker."""

    DEFAULT_CSS = """
    SavePointScreen {
        align: center middle;
        & > Vertical {
            width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
            background: $surface; border: round $primary; border-title-style: bold;
        }
        & VerticalScroll { height: auto; }
        & Static { height: auto; }
        & #save-words { margin: 1 0; color: $foreground 80%; }
        & #save-words.-problem { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("enter,w", "save", "Save", "Write the point into the card", "save.save"),
        in_footer("k", "keep", "Keep own", "Keep the classes' own thresholds", "save.keep"),
        in_footer("escape", "leave", "Leave", "Save nothing", "save.leave"),
        HELP,
    ]
    purpose = "Save the operating point: what score and serve apply from then on."

    @dataclass
    class Proposed(Message):
        """The comparison is worked out."""

        proposal: Proposal

    @dataclass
    class Written(Message):
        """The point is in the card."""

        kept: PointInFile

    def __init__(
        self, propose: Callable[[], Proposal], write: Callable[[SavedPoint], Path]
    ) -> None:
        super().__init__()
        self.propose, self.write = propose, write
        self.proposal: Proposal | None = None
        self.writing = False

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Save the operating point"
            with VerticalScroll(can_focus=False):
                yield Static("Working out what it changes", id="save-table", markup=False)
                yield Static(id="save-words", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.work_out()

    @work(thread=True, group="proposing", exit_on_error=False)
    def work_out(self) -> None:
        try:
            self.post_message(self.Proposed(self.propose()))
        except EngineError as error:
            self.post_message(Failed("It cannot be saved", str(error)))

    @on(Proposed)
    def show(self, message: Proposed) -> None:
        self.proposal = message.proposal
        self.query_one("#save-table", Static).update(message.proposal.table)
        self.query_one("#save-words", Static).update(message.proposal.words)
        self.refresh_bindings()

    @work(thread=True, group="saving", exit_on_error=False)
    def save(self, point: SavedPoint) -> None:
        try:
            self.post_message(self.Written(PointInFile(point, self.write(point))))
        except EngineError as error:
            self.post_message(Failed("It was not saved", str(error)))

    @on(Written)
    def end(self, message: Written) -> None:
        self.dismiss(message.kept)

    @on(Failed)
    def fail(self, message: Failed) -> None:
        message.stop()
        self.writing = False
        words = self.query_one("#save-words", Static)
        words.add_class("-problem")
        words.update(f"{message.title}: {message.problem}")
        self.refresh_bindings()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not leave a screen that waits for ever."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to save before it is worked out."""
        if action == "save":
            return True if self.proposal is not None and not self.writing else None
        if action == "keep":
            kept = self.proposal is not None and self.proposal.keeping is not None
            return kept and not self.writing
        return super().check_action(action, parameters)

    def action_save(self) -> None:
        """Once, whatever is pressed meanwhile."""
        if self.proposal is not None and not self.writing:
            self.writing = True
            self.save(self.proposal.point)

    def action_keep(self) -> None:
        """Save it with the thresholds that single classes have already."""
        if self.proposal is not None and self.proposal.keeping is not None and not self.writing:
            self.writing = True
            self.save(self.proposal.keeping)

    def action_leave(self) -> None:
        """Nothing is saved, unless it is being written."""
        if not self.writing:
            self.dismiss(None)
