"""The ways to feed a model, tried on labelled images while one waits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import ProgressBar, Static
from textual.worker import Worker, WorkerState, get_current_worker

from engine.core.errors import EngineError
from engine.opening import Stage
from engine.probing.ranking import VariantRanking
from engine.probing.running import ProbeEvent, Trying
from tui.assess.paint.probe_words import answer_lines, images_line, ranking_lines
from tui.controls.bindings import HELP, in_footer
from tui.controls.key_line import KeyLine
from tui.controls.messages import Failed

BELOW_TABLE: Final = 16  # lines, the frame included
LEAST_ROWS: Final = 4


@dataclass(frozen=True)
class Prober:
    """What a screen needs to try a model and to keep what came of it."""

    try_out: Callable[[Callable[[], bool]], Iterator[ProbeEvent]]
    write: Callable[[VariantRanking], Path]  # raises EngineError
    card: Path


class ProbeScreen(ModalScreen[bool]):
    """Answers with whether the card was written."""

    DEFAULT_CSS = """
    ProbeScreen {
        align: center middle;
        & > Vertical {
            width: 96; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
            background: $surface; border: round $primary; border-title-style: bold;
        }
        & ProgressBar { margin: 1 0; }
        & Static { height: auto; }
        & #probe-scroll { height: auto; margin: 0 0 1 0; }
        & #probe-table { width: auto; }
        & #probe-answers { color: $foreground 80%; }
        & .-problem { color: $text-warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "w", "write", "Write the card", "Write the first line to the card", "probe.write"
        ),
        in_footer("escape", "leave", "Leave", "Stop, and write nothing", "probe.leave"),
        HELP,
    ]
    purpose = "How the model wants its images: each way of feeding it, tried on some of them."

    @dataclass
    class Went(Message):
        """The probe came a step further."""

        event: ProbeEvent

    @dataclass
    class Written(Message):
        """The card says now how the model is fed."""

    def __init__(self, prober: Prober) -> None:
        super().__init__()
        self.prober = prober
        self.ranking: VariantRanking | None = None

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "How the model wants its images"
            yield Static("Starting", id="probe-stage", markup=False)
            yield ProgressBar(total=None, show_eta=False)
            with VerticalScroll(id="probe-scroll") as scroll:
                scroll.display = False
                yield Static(id="probe-table", markup=False)
            yield Static(id="probe-answers", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.try_out()

    @work(thread=True, group="probing", exit_on_error=False)
    def try_out(self) -> None:
        worker = get_current_worker()
        try:
            for event in self.prober.try_out(lambda: worker.is_cancelled):
                if worker.is_cancelled:
                    return
                self.post_message(self.Went(event))
        except EngineError as error:
            self.post_message(Failed("The model could not be tried", str(error)))

    @work(thread=True, group="writing", exit_on_error=False)
    def write(self, ranking: VariantRanking) -> None:
        try:
            self.prober.write(ranking)
        except EngineError as error:
            self.post_message(Failed("The card could not be written", str(error)))
        else:
            self.post_message(self.Written())

    @on(Went)
    def show(self, message: Went) -> None:
        event = message.event
        if isinstance(event, Stage):
            self.say(event.words)
        elif isinstance(event, Trying):
            self.query_one(ProgressBar).update(total=event.total, progress=event.done)
        else:
            self.show_ranking(event)

    def show_ranking(self, ranking: VariantRanking) -> None:
        """The table, and what it says on each question."""
        self.ranking = ranking
        self.query_one(ProgressBar).display = False
        self.say(images_line(ranking))
        head, first, *others = ranking_lines(ranking)
        table = Text("\n").join([Text(head, "dim"), Text(first, "bold"), *map(Text, others)])
        self.query_one("#probe-table", Static).update(table)
        scroll = self.query_one("#probe-scroll", VerticalScroll)
        scroll.display = True
        self.on_resize()
        scroll.focus()
        lines = answer_lines(ranking)
        if not ranking.found_nothing:
            lines.append(f"w writes the first line to {self.prober.card}, and opens the model so.")
        self.query_one("#probe-answers", Static).update("\n".join(lines))
        self.refresh_bindings()

    def on_resize(self) -> None:
        """The table gives way to what is said below it."""
        scroll = self.query_one("#probe-scroll", VerticalScroll)
        scroll.styles.max_height = max(LEAST_ROWS, self.size.height - BELOW_TABLE)

    def say(self, words: str, *, problem: bool = False) -> None:
        """The line at the top."""
        line = self.query_one("#probe-stage", Static)
        line.set_class(problem, "-problem")
        line.update(words)

    @on(Failed)
    def fail(self, message: Failed) -> None:
        message.stop()
        self.query_one(ProgressBar).display = False
        self.say(f"{message.title}: {message.problem}", problem=True)

    @on(Written)
    def end(self) -> None:
        self.dismiss(True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not leave a screen that waits for ever."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to write once there is a winner."""
        if action == "write":
            return self.ranking is not None and not self.ranking.found_nothing
        return super().check_action(action, parameters)

    def action_write(self) -> None:
        """Keep the winner."""
        if self.ranking is not None:
            self.write(self.ranking)

    def action_leave(self) -> None:
        """Stop, or close; nothing is written."""
        self.workers.cancel_node(self)
        self.dismiss(False)
