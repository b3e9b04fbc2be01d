"""What a model does to images that nobody labelled, as one pastes their paths."""

from pathlib import Path
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Label

from engine.whatif.perturbing import NONE
from tui.controls.file_picker import FilePicker
from tui.controls.lines import Lines
from tui.controls.path_input import PathInput
from tui.controls.pause import Pause
from tui.desk.desk import Desk
from tui.desk.model_source import ModelSource
from tui.drawing.names import clean
from tui.image.probability_bars import ProbabilityBars
from tui.terminal.capabilities import Graphics
from tui.whatif.jobs import Ended, Progressed
from tui.whatif.keys import BINDINGS
from tui.whatif.models import WhatIfModels
from tui.whatif.paint.words import ended_words, progress_words
from tui.whatif.pane import WhatIfPane

REST: Final = 0.4  # seconds without a key after which a paste is over


class WhatIfTab(WhatIfModels):
    """A line for paths, the images as they are scored, and the one that is looked at."""

    PANE = "What if"
    DEFAULT_CSS = """
    WhatIfTab {
        padding: 0 1;
        & #whatif-line { height: 1; background: $surface; }
        & #whatif-line Label { color: $foreground 75%; padding-right: 1; }
        & PathInput { width: 1fr; }
        & #whatif-status { height: 1; color: $foreground 75%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(
        self, source: ModelSource, graphics: Graphics, desk: Desk[Any] | None = None, *, id: str
    ) -> None:
        super().__init__(source, desk, id=id)
        self.graphics = graphics
        self.rest = Pause(self, REST, self.leave_line)
        self.sent = False  # since the line was left last

    def compose(self) -> ComposeResult:
        with Horizontal(id="whatif-line"):
            yield Label("paths")
            yield PathInput(placeholder="type, paste or drop; enter scores", id="whatif-path")
        yield Lines(id="whatif-status")
        yield WhatIfPane(self.graphics)

    def on_mount(self) -> None:
        self.pane.note(self.intro())

    def on_unmount(self) -> None:
        self.workers.cancel_node(self)
        self.jobs.close()

    # Words

    def say(self, *choices: str) -> None:
        """The first of these that fits the line, or the last."""
        width = self.query_one("#whatif-status").size.width
        fitting = (words for words in choices if len(words) <= width)
        words = next(fitting, choices[-1])
        self.query_one("#whatif-status", Lines).show([Text(clean(words), no_wrap=True)])

    def tell_progress(self, message: Progressed) -> None:
        self.say(progress_words(message.done, message.total, message.complete, message.seconds))

    def tell_end(self, message: Ended) -> None:
        results, scorer = self.jobs.results, self.jobs.scorer
        if message.problem or scorer is None:
            self.say(message.problem)
            return
        problems = len(self.entries) - len(results)
        self.say(
            *ended_words(
                len(results),
                results.failed,
                problems,
                results.latency,
                scorer.provider,
                message.stopped,
            )
        )

    @on(PathInput.Told)
    def tell_typing(self, message: PathInput.Told) -> None:
        self.say(message.words)

    # Keys

    @on(PathInput.Wanted)
    def take_paths(self, message: PathInput.Wanted) -> None:
        self.ensure_model()
        self.begin(*message.texts)
        self.sent = True
        self.rest.begin()

    @on(PathInput.Changed, "#whatif-path")
    def wait_for_rest(self) -> None:
        """A paste without brackets arrives as keys: its Enters must not send the rest elsewhere."""
        self.rest.begin()

    def leave_line(self) -> None:
        """To the images, once something was sent and nothing more is typed."""
        line = self.query_one(PathInput)
        if line.has_focus and not (line.value or line.kept) and self.sent:
            self.sent = False
            self.pane.images.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape leaves the line, then stops what runs; else it is the screen's."""
        if action == "leave_line":
            return self.query_one(PathInput).has_focus
        if action == "stop":
            return self.running is not None
        return super().check_action(action, parameters)

    async def action_leave_line(self) -> None:
        """Drop what is typed and go where keys are commands."""
        dropped = self.query_one(PathInput).drop()
        if dropped or self.entries or self.desk is None:
            self.pane.images.focus()
        else:
            await self.screen.run_action("tab('matrix')")

    def action_stop(self) -> None:
        """Stop scoring."""
        if self.running is not None:
            self.running.cancel()

    def action_path(self) -> None:
        """To the line for paths."""
        self.query_one(PathInput).focus()

    def action_browse(self) -> None:
        """Choose files and folders."""

        def chosen(paths: tuple[str, ...] | None) -> None:
            if paths:
                self.take_paths(PathInput.Wanted(paths))
                self.pane.images.focus()

        self.app.push_screen(FilePicker(Path.cwd()), chosen)

    def action_change(self, name: str, by: int) -> None:
        """A level further of a change to the image."""
        if self.wished is not None and self.seen is not None and not self.seen.original.failure:
            self.want(self.wished.change.step(name, by))

    def action_reset(self) -> None:
        """The image as it is."""
        if self.wished is not None:
            self.want(NONE)

    def action_classes(self, by: int) -> None:
        """A page of a classifier's classes."""
        for bars in self.query(ProbabilityBars):
            bars.page(by)

    def action_clear(self) -> None:
        """Forget all images, unless they are being scored."""
        if self.running is None and self.entries:
            self.entries, self.known, self.seen, self.wished = [], 0, None, None
            self.pane.images.cursor = None
            self.jobs.clear()
            self.show_rows()
            self.pane.note(self.intro())
            self.say("")
