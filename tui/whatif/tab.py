"""What a model does to images that nobody labelled, as one pastes their paths."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Label
from textual.worker import Worker, WorkerState, get_current_worker

from engine.cards.operating_point import Thresholds
from engine.util.visible import clean, visible
from tui.controls.file_picker import FilePicker
from tui.controls.lines import Lines
from tui.controls.path_input import PathInput
from tui.controls.pause import Pause
from tui.controls.row_list import RowList
from tui.desk.desk import Desk
from tui.desk.model_source import ModelSource
from tui.desk.tab import Tab
from tui.image.probability_bars import ProbabilityBars
from tui.pictures.picture_threads import IMAGES
from tui.terminal.capabilities import Graphics
from tui.whatif.example_paths import ExamplePaths
from tui.whatif.exports import Exports
from tui.whatif.keys import BINDINGS
from tui.whatif.model_ask import ask_for_model
from tui.whatif.models import ModelOpened, ModelRefused
from tui.whatif.paint.words import progress_words
from tui.whatif.pane import WhatIfPane
from tui.whatif.perturb_menu import PerturbMenu
from tui.whatif.scoring_run import FirstDecoded, RunEnd, RunProgress
from tui.whatif.session import RUN, Job, SessionEvent, WhatIfSession
from tui.whatif.trial_list import TrialList

REST: Final = 0.4  # seconds without a key after which a paste is over


class WhatIfTab(Tab):
    """A line for paths, the images as they are scored, and the one that is looked at."""

    PANE = "What if"
    labelled = False
    purpose = "What if: what the model says of images without labels, as they are or perturbed."
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

    class Ready(Message):
        """The model is open: session.models.first."""

    @dataclass
    class Unusable(Message):
        """The model cannot be opened, so nothing can be scored."""

        problem: str

    @dataclass
    class Told(Message):
        """A job came to something."""

        event: SessionEvent

        def can_replace(self, message: Message) -> bool:
            return (
                isinstance(message, WhatIfTab.Told)
                and isinstance(message.event, RunProgress)
                and isinstance(self.event, RunProgress)
            )

    def __init__(
        self, source: ModelSource, graphics: Graphics, desk: Desk[Any] | None = None, *, id: str
    ) -> None:
        super().__init__(id=id)
        self.graphics, self.desk = graphics, desk
        self.session = WhatIfSession(source, IMAGES)
        self.exports = Exports(self, self.session)
        self.rest = Pause(self, REST, self.leave_line)
        self.sent = False  # since the line was left last
        self._offered: tuple[bool, ...] = ()  # what keys lead to, beside where the focus is
        self._rows_shown: tuple[object, ...] = ()  # what the lines on show were made of
        self._image_shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        with Horizontal(id="whatif-line"):
            yield Label("paths")
            yield PathInput(
                placeholder="paste, drop, or i and type; enter scores", id="whatif-path"
            )
        yield Lines(id="whatif-status")
        paths = () if self.desk is None else self.desk.assessment.images.path
        dataset = next((path.parent for path in paths if path is not None), None)
        yield WhatIfPane(self.graphics, dataset)

    def on_mount(self) -> None:
        self.show()

    def on_unmount(self) -> None:
        self.workers.cancel_node(self)
        self.session.close()

    @property
    def pane(self) -> WhatIfPane:
        """The list and the chosen image."""
        return self.query_one(WhatIfPane)

    # What the main screen tells

    def entered(self) -> None:
        """Be ready before the first path comes."""
        self.session.ensure_model()
        self._image_shown = ()  # it may have had no size to be shown in
        self.show()

    def follow(self, assessed: Any) -> None:
        """Another operating point."""
        self.set_limits(assessed.wish.point.confidence, assessed.optima)

    def set_limits(self, confidence: float, optima: Any = None) -> None:
        """Another confidence, perhaps one for each class: only what is drawn changes."""
        classes = () if self.desk is None else self.desk.assessment.classes
        self.session.set_limits(confidence, optima, classes)
        self.show_in_sight()

    def take_limits(self, limits: Thresholds) -> None:
        """Thresholds as they are saved."""
        self.session.confidence, self.session.limits = limits.confidence, limits
        self.show_in_sight()

    # Jobs in threads

    def begin(self, *texts: str) -> None:
        """Score what the texts name, after what is waiting already."""
        self.session.begin(*texts)
        self.show()

    def do(self, job: Job) -> None:
        """Post what a job comes to."""
        worker = get_current_worker()
        job(lambda event: self.post_message(self.Told(event)), lambda: worker.is_cancelled)

    @on(Told)
    def take(self, message: Told) -> None:
        event = message.event
        arrived = self.session.take(event)
        match event:
            case RunProgress():
                shown = (event.done, event.total, event.complete, event.seconds)
                self.say(progress_words(*shown))
            case FirstDecoded():
                self.pane.expect(Path(event.path))
            case RunEnd():
                self.say(*self.session.end_words(event))
            case ModelOpened(second=True):
                self.notify(f"{visible(event.scorer.model.name)} beside it", markup=False)
            case ModelOpened():
                self.post_message(self.Ready())
            case ModelRefused(second=True):
                self.notify(visible(event.problem), severity="error", markup=False, timeout=8)
            case ModelRefused():
                self.post_message(self.Unusable(event.problem))
        self.show(arrived)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    # What is shown

    @on(TrialList.RowsWanted)
    def show_rows_wanted(self) -> None:
        self.show()

    @on(RowList.Moved, "#whatif-images")
    def follow_cursor(self, message: RowList.Moved) -> None:
        message.stop()
        self.session.look_at(message.index)
        self.show()

    def show_in_sight(self) -> None:
        """Other thresholds are shown once somebody is here."""
        if self.display:
            self.show()

    def show(self, arrived: int | None = None) -> None:
        """Show what changed, with the cursor on what has just arrived, and begin what is due."""
        session, images = self.session, self.pane.images
        sight = self._show_rows()
        if arrived is not None:
            session.look_at(arrived)
            images.cursor = arrived
        self._show_image()
        for group, job in session.due(sight):
            work = partial(self.do, job)
            self.run_worker(work, group=group, thread=True, exit_on_error=False)
        if (offered := session.offers) != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _show_rows(self) -> range:
        """The entries in sight, where other ones are or they say something else."""
        session, images = self.session, self.pane.images
        total = len(session.trials.entries)
        first = min(images.first, max(total - images.room, 0))
        sight = range(first, min(first + images.room, total))
        made_of = (session.trials.revision, session.models.first, session.limits, sight)
        if made_of != self._rows_shown:
            self._rows_shown = made_of
            rows = session.trials.rows(sight, session.limits, session.models.names)
            images.show(total, rows)
        return sight

    def _show_image(self) -> None:
        """The chosen image at the thresholds, or the words in its place."""
        session, shown = self.session, self.session.shown
        self.pane.menu.change = session.change
        limits, second = session.limits, session.models.second
        made_of = (shown, limits, second)
        if made_of == self._image_shown or shown is None:
            self.pane.place(session.placing)
        elif isinstance(shown, str):
            self._image_shown = made_of
            self.pane.note(shown, alone=not session.trials.entries)
        elif self.display:
            self._image_shown = made_of
            beside = visible(second.model.name) if second is not None else ""
            self.pane.show(shown, limits, session.models.names, session.placing, beside)

    # Words

    def say(self, *choices: str) -> None:
        """The first of these that fits the line, or the last."""
        width = self.query_one("#whatif-status").size.width
        fitting = (words for words in choices if len(words) <= width)
        words = next(fitting, choices[-1])
        self.query_one("#whatif-status", Lines).show([Text(clean(words), no_wrap=True)])

    @on(ExamplePaths.Found)
    def offer_paths(self, message: ExamplePaths.Found) -> None:
        self.query_one(PathInput).offer(message.paths)

    @on(PathInput.Told)
    def tell_typing(self, message: PathInput.Told) -> None:
        self.say(message.words)

    # The line

    @on(PathInput.Wanted)
    def take_paths(self, message: PathInput.Wanted) -> None:
        self.session.ensure_model()
        self.begin(*message.texts)
        self.sent = True
        self.rest.begin()

    def on_paste(self, event: events.Paste) -> None:
        """A paste is for the line, wherever the focus is."""
        event.stop()
        self.query_one(PathInput).focus().post_message(events.Paste(event.text))

    @on(PathInput.Changed, "#whatif-path")
    def wait_for_rest(self) -> None:
        """A paste without brackets arrives as keys: its Enters must not send the rest elsewhere."""
        self.rest.begin()

    def leave_line(self) -> None:
        """To the images, once something was sent and nothing more is typed."""
        line = self.query_one(PathInput)
        if line.has_focus and not (line.value or line.kept) and self.sent:
            self.sent = False
            self.pane.focus_list()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape leaves the line, stops what runs, leaves what was found; else is the screen's."""
        if action in ("leave_line", "path"):
            return self.query_one(PathInput).has_focus == (action == "leave_line")
        pane = self.pane
        running, seen, scored = self.session.offers
        there = {
            "stop": running,
            "images": pane.table.has_focus,
            "enter": pane.images.has_focus and pane.can_open,
            "perturb": seen and not pane.perturbs,
            "export": scored,
            "classes": pane.has_class("-classifies"),
        }
        return there.get(action, True)

    def action_leave_line(self) -> None:
        """Drop what is typed and go where keys are commands."""
        self.query_one(PathInput).drop()
        self.pane.focus_list()

    def action_images(self) -> None:
        """From what was found back to the images."""
        self.pane.focus_list()

    def action_enter(self) -> None:
        """From an image to what was found in it; where there is none, to the line for paths."""
        if self.pane.has_class("-noted"):
            self.action_path()
        elif self.pane.table.display:
            self.pane.table.focus()

    def action_stop(self) -> None:
        """Stop scoring."""
        self.workers.cancel_group(self, RUN)

    def action_path(self) -> None:
        """To the line for paths, at once: what is typed next belongs there."""
        self.screen.set_focus(self.query_one(PathInput))

    def action_browse(self) -> None:
        """Choose files and folders."""

        def chosen(paths: tuple[str, ...] | None) -> None:
            if paths:
                self.take_paths(PathInput.Wanted(paths))
                self.pane.focus_list()

        self.app.push_screen(FilePicker(Path.cwd()), chosen)

    def action_perturb(self) -> None:
        """To the menu of ways to perturb the image."""
        self.pane.open_menu()

    @on(PerturbMenu.Stepped)
    def step(self, message: PerturbMenu.Stepped) -> None:
        self.action_change(message.name, message.by)

    def action_change(self, name: str, by: int) -> None:
        """A level further of a change to the image."""
        self.session.step(name, by)
        self.show()

    @on(PerturbMenu.ResetAsked)
    def action_reset(self) -> None:
        """The image as it is."""
        self.session.reset()
        self.show()

    def action_classes(self, by: int) -> None:
        """A page of a classifier's classes."""
        for bars in self.query(ProbabilityBars):
            bars.page(by)

    def action_clear(self) -> None:
        """Forget all images, unless they are being scored."""
        if self.session.clear():
            self.pane.images.cursor = None
            self.show()
            self.say("")

    def action_second_model(self) -> None:
        """Ask for a model: the first where there is none, else one beside it, or none."""
        ask_for_model(self, self.session, self.show)

    def action_save_picture(self) -> None:
        """Save the picture as it is seen."""
        self.exports.save_picture()

    def action_export(self) -> None:
        """Export what counts in all images."""
        self.exports.export()

    def action_to_label(self) -> None:
        """Add the image to the list of those to label."""
        self.exports.to_label()

    def action_other_list(self) -> None:
        """Add the image to another list."""
        self.exports.to_other_list()

    def action_copy(self) -> None:
        """The path of the chosen image, or the command that brings it here."""
        self.exports.copy(self.pane.images.cursor)
