"""From what a person wants to what follows from it, off the event loop."""

from dataclasses import dataclass, replace

from textual import on, work
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from engine.kinds.detection import Detection
from tui.screens.assessed import Assessed, Wish, assess
from tui.widgets.slider import Slider


class WishScreen(Screen[None]):
    """A screen with two sliders and one computation at a time, always of the newest wish.

    A held key makes wishes faster than they can be worked out. Each result is shown
    and the newest wish comes next, so the screen follows without ever falling behind.
    """

    @dataclass
    class WorkedOut(Message):
        """A wish is worked out."""

        assessed: Assessed

    def __init__(self, detection: Detection, start: Assessed) -> None:
        super().__init__()
        self.detection = detection
        self.assessed = start
        self.wish = start.wish
        self.working = False

    def show(self, assessed: Assessed) -> None:
        """Let every widget follow."""
        raise NotImplementedError

    def want(self, wish: Wish) -> None:
        """Take a new wish: the sliders show it at once, the rest when it is worked out."""
        self.wish = wish
        self.query_one("#confidence", Slider).value = wish.point.confidence
        self.query_one("#iou", Slider).value = wish.point.iou
        if not self.working and wish != self.assessed.wish:
            self.working = True
            self.work_out(wish)

    def want_point(self, confidence: float | None = None, iou: float | None = None) -> None:
        """Want another operating point."""
        point = self.wish.point
        if confidence is not None:
            point = replace(point, confidence=confidence)
        if iou is not None:
            point = replace(point, iou=iou)
        self.want(replace(self.wish, point=point))

    @work(thread=True, group="assess", exit_on_error=False)
    def work_out(self, wish: Wish) -> None:
        assessed = assess(self.detection, wish, self.assessed.evaluation)
        self.post_message(self.WorkedOut(assessed))

    @on(WorkedOut)
    def take(self, message: WorkedOut) -> None:
        self.working = False
        self.show(message.assessed)
        self.want(self.wish)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error
