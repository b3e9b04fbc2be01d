"""The list of the What if tab and the image that is looked at: the newest wish wins."""

import socket
from collections import deque
from pathlib import Path
from typing import Final

from textual import on, work
from textual.worker import Worker, WorkerState, get_current_worker

from engine.cards.operating_point import Thresholds, given
from engine.scoring.run.store import ImageAnswer
from engine.whatif.pasted import copy_line
from engine.whatif.perturbing import NONE, Perturbation
from engine.whatif.trial import Problem
from tui.controls.row_list import RowList
from tui.desk.model_source import ModelSource
from tui.desk.tab import Tab
from tui.drawing.visible import visible
from tui.whatif.jobs import Ended, JobNotice, Jobs, Looked, Progressed
from tui.whatif.paint.trial_lines import TrialRow
from tui.whatif.paint.words import elsewhere_words
from tui.whatif.pane import WhatIfPane
from tui.whatif.rows import class_names, row_of
from tui.whatif.seen import SeenImage, TrialLook
from tui.whatif.trial_list import TrialList

COPY_TO: Final = "/tmp/"  # a folder that every machine with ssh has

Entry = int | Problem  # a place among the results, or what could not be found


class WhatIfLooking(Tab):
    """Scores what it is asked to, one run at a time, and looks at one image at a time."""

    def __init__(self, source: ModelSource, *, id: str) -> None:
        super().__init__(id=id)
        self.jobs = Jobs(source, self.post_message)
        self.limits: Thresholds = given(0.5, 0)
        self.entries: list[Entry] = []
        self.known = 0  # results that are among the entries
        self.waiting: deque[str] = deque()  # texts to be scored
        self.running: Worker[None] | None = None
        self.arrived = False  # the first image of the run is chosen
        self.seen: SeenImage | None = None
        self.wished: TrialLook | None = None
        self.looking = False

    @property
    def pane(self) -> WhatIfPane:
        """The list and the chosen image."""
        return self.query_one(WhatIfPane)

    @property
    def names(self) -> tuple[str, ...]:
        """The classes of the model."""
        return class_names(self.jobs.scorer) if self.jobs.scorer is not None else ()

    # Runs

    def begin(self, *texts: str) -> None:
        """Score what the texts name, after what is waiting already."""
        self.waiting.extend(texts)
        self.go_on()

    def go_on(self) -> None:
        """Start a run, where there is a model, something to score, and no run yet."""
        if self.jobs.scorer is not None and self.waiting and self.running is None:
            texts = tuple(self.waiting)
            self.waiting.clear()
            self.arrived = False
            self.running = self.run_jobs(texts)

    @work(thread=True, group="whatif-run", exit_on_error=False)
    def run_jobs(self, texts: tuple[str, ...]) -> None:
        worker = get_current_worker()
        self.jobs.score(texts, lambda: worker.is_cancelled)

    @on(Progressed)
    def follow_run(self, message: Progressed) -> None:
        if message.first and not message.done:
            self.pane.expect(Path(message.first))
        if self.jobs.results.place_of(message.first) is not None and not self.arrived:
            self.arrived = True
            self.take_results()
            self.choose(self.entries.index(self.jobs.results.place_of(message.first) or 0))
        self.take_results()
        self.tell_progress(message)

    def take_results(self) -> None:
        """New answers become entries; the chosen image may have a newer one."""
        count = len(self.jobs.results)
        self.entries += range(self.known, count)
        self.known = count
        self.show_rows()
        self.pane.place((self.cursor or 0, len(self.entries)))
        if self.seen is not None:
            answer = self.jobs.results.at([self.seen.look.place])[0]
            if answer.timing != self.seen.original.timing:
                self.seen = None
                self.look_at(self.cursor)

    @on(JobNotice)
    def take_problem(self, message: JobNotice) -> None:
        if message.problem not in self.entries:
            self.entries.append(message.problem)
        self.take_results()
        if not self.arrived and self.running is not None:
            self.choose(self.entries.index(message.problem))

    @on(Ended)
    def end_run(self, message: Ended) -> None:
        self.running = None
        self.take_results()
        self.tell_end(message)
        if message.stopped:
            self.waiting.clear()
        self.go_on()

    def tell_progress(self, message: Progressed) -> None:
        """Say how far a run is."""
        raise NotImplementedError

    def tell_end(self, message: Ended) -> None:
        """Say what came of a run."""
        raise NotImplementedError

    # The list

    @property
    def cursor(self) -> int | None:
        """The chosen entry."""
        return self.pane.images.cursor

    @on(TrialList.RowsWanted)
    def show_rows(self) -> None:
        """The entries in sight, at the thresholds."""
        images = self.pane.images
        images.total = max(images.total, 0)
        total, names = len(self.entries), self.names
        first = min(images.first, max(total - images.room, 0))
        sight = range(first, min(first + images.room, total))
        places = [e for e in (self.entries[i] for i in sight) if isinstance(e, int)]
        answers = dict(zip(places, self.jobs.results.at(places), strict=True))
        rows = {}
        for index in sight:
            entry = self.entries[index]
            if isinstance(entry, Problem):
                rows[index] = TrialRow(visible(entry.named), entry.reason, failed=True)
            else:
                rows[index] = row_of(answers[entry], self.limits, names)
        images.show(total, rows)

    def choose(self, index: int) -> None:
        """Put the cursor on an entry, and look at it."""
        self.show_rows()
        images = self.pane.images
        if images.cursor == index:
            self.look_at(index)
        images.cursor = index

    @on(RowList.Moved, "#whatif-images")
    def follow_cursor(self, message: RowList.Moved) -> None:
        message.stop()
        self.look_at(message.index)

    # The image

    @property
    def entry(self) -> Entry | None:
        """What the cursor is on."""
        index = self.cursor
        return None if index is None or index >= len(self.entries) else self.entries[index]

    def look_at(self, index: int | None) -> None:
        """Another entry: as it is, and by the other model where there is one."""
        entry = self.entry
        if index is None or entry is None:
            return
        if isinstance(entry, Problem):
            self.seen, self.wished = None, None
            self.pane.note(self.problem_words(entry))
            return
        if self.seen is None or self.seen.look.place != entry:
            self.want(NONE)

    def want(self, change: Perturbation) -> None:
        """Look at the chosen image with this change."""
        entry = self.entry
        if not isinstance(entry, int):
            return
        answer = self.jobs.results.at([entry])[0]
        second = self.jobs.second.digest if self.jobs.second is not None else ""
        look = TrialLook(entry, answer.file.path, change, second)
        self.wished = look
        if not (change or second) or answer.failure:
            self.take_seen(SeenImage(look, answer.file.path, answer, answer))
            return
        if self.seen is None or self.seen.look.place != entry:
            self.take_seen(SeenImage(TrialLook(entry, look.path), look.path, answer, answer))
        if not self.looking:
            self.looking = True
            self.run_look(look, answer)

    @work(thread=True, group="whatif-look", exit_on_error=False)
    def run_look(self, look: TrialLook, answer: ImageAnswer) -> None:
        self.jobs.look(look, answer)

    @on(Looked)
    def take_look(self, message: Looked) -> None:
        self.looking = False
        wished, seen = self.wished, message.seen
        if wished is not None and seen.look.place == wished.place:
            self.take_seen(seen)
        if wished is not None and seen.look != wished and (wished.change or wished.second):
            self.want(wished.change)

    def take_seen(self, seen: SeenImage) -> None:
        """Show an image."""
        self.seen = seen
        self.show_seen()

    def show_seen(self) -> None:
        """The chosen image at the thresholds."""
        seen = self.seen
        if seen is None or not self.display:
            return
        if seen.failure:
            self.pane.note(f"{visible(seen.look.path)}\n\n{visible(seen.failure)}")
            return
        second = self.jobs.second.model.name if self.jobs.second is not None else ""
        placing = (self.cursor or 0, len(self.entries))
        self.pane.show(seen, self.limits, self.names, placing, visible(second))

    def problem_words(self, problem: Problem) -> str:
        """What to do about a path that is not here."""
        if not problem.elsewhere:
            return f"{visible(problem.named)}\n\n{visible(problem.reason)}"
        return elsewhere_words(problem.named, socket.gethostname(), self.copy_line(problem))

    def copy_line(self, problem: Problem) -> str:
        """The command that brings a file here."""
        return copy_line(problem.named, socket.gethostname(), COPY_TO)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error
