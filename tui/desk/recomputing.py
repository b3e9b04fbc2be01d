"""From what a person wants to what follows from it, off the event loop."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from textual import on, work
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from tui.controls.slider import Slider
from tui.desk.assessed import Assessed, Wish
from tui.desk.desk import Desk
from tui.desk.main import MainScreen

QUIET: Final = 0.25  # seconds without a change before one gets ready for the next


class WishScreen(MainScreen):
    """A screen with sliders and one computation at a time, always of the newest wish.

    A held key makes wishes faster than they can be worked out. Each result is shown
    and the newest wish comes next, so the screen follows without ever falling behind.
    """

    @dataclass
    class WorkedOut(Message):
        """A wish is worked out."""

        assessed: Assessed

    @dataclass
    class Summarised(Message):
        """What depends on no slider is worked out."""

        summary: Any

    def __init__(self, desk: Desk[Any], start: Assessed) -> None:
        super().__init__()
        self.desk = desk
        self.assessed = start
        self.wish = start.wish
        self.working = False
        self.prepared: Mapping[Any, Any] = {}  # for wishes some steps away

    def show(self, assessed: Assessed) -> None:
        """Let every widget follow."""
        raise NotImplementedError

    def show_summary(self, summary: Any) -> None:
        """Let the widgets follow that need it."""
        raise NotImplementedError

    def want(self, wish: Wish) -> None:
        """Take a new wish: the sliders show it at once, the rest when it is worked out."""
        self.wish = wish
        for knob in self.desk.knobs:
            self.slider(knob.name).value = getattr(wish.point, knob.name)
        if self.working or wish == self.assessed.wish:
            return
        if self.desk.is_look_up(wish, self.assessed, self.prepared):
            self.show(self.desk.assess(wish, self.assessed, self.prepared))
        else:
            self.working = True
            self.work_out(wish)

    def want_point(self, **changes: object) -> None:
        """Want another operating point: fields of it by their names."""
        self.want(replace(self.wish, point=replace(self.wish.point, **changes)))  # type: ignore[arg-type]

    def slider(self, name: str) -> Slider:
        """The slider of a field of the operating point."""
        return self.query_one(f"#{name}", Slider)

    @work(thread=True, group="assess", exit_on_error=False)
    def work_out(self, wish: Wish) -> None:
        self.post_message(self.WorkedOut(self.desk.assess(wish, self.assessed, self.prepared)))

    @on(WorkedOut)
    def take(self, message: WorkedOut) -> None:
        self.working = False
        self.show(message.assessed)
        self.want(self.wish)

    @work(thread=True, group="summary", exit_on_error=False)
    def summarise(self) -> None:
        self.post_message(self.Summarised(self.desk.summarise()))

    @on(Summarised)
    def take_summary(self, message: Summarised) -> None:
        self.show_summary(message.summary)

    @work(thread=True, group="ready", exclusive=True, exit_on_error=False)
    def get_ready(self) -> None:
        self.prepare(self.assessed, get_current_worker())

    def prepare(self, assessed: Assessed, worker: Worker[None]) -> None:
        """Be ready for the next keys while nobody waits; what was prepared for others goes."""
        self.desk.complete(assessed)
        near, known = self.desk.neighbours(assessed), self.prepared
        made = {key: known[key] for key in near if key in known}
        made |= self.desk.ready(assessed)
        for key, wish in near.items():
            if worker.is_cancelled:
                return
            if key not in made:
                made[key] = self.desk.prepare(wish)
                self.prepared = dict(made)
        self.prepared = made

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error
