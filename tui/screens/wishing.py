"""From what a person wants to what follows from it, off the event loop."""

from dataclasses import dataclass, replace
from typing import Final

from textual import on, work
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState, get_current_worker

from engine.arrays import Counts
from engine.coco_summary import AveragePrecision
from engine.kinds.detection import DetectionAtIou
from engine.opening import Opened
from engine.report.facts import coco_precision
from engine.thresholds import Matching
from tui.screens.assessed import (
    Assessed,
    Pairing,
    Wish,
    assess,
    images_of_cells,
    is_look_up,
    neighbours,
    pairing,
)
from tui.widgets.slider import Slider

IOU_STEP: Final = 0.05


class WishScreen(Screen[None]):
    """A screen with two sliders and one computation at a time, always of the newest wish.

    A held key makes wishes faster than they can be worked out. Each result is shown
    and the newest wish comes next, so the screen follows without ever falling behind.
    """

    @dataclass
    class WorkedOut(Message):
        """A wish is worked out."""

        assessed: Assessed

    @dataclass
    class Averaged(Message):
        """Average precision is worked out; it depends on no slider."""

        coco: AveragePrecision

    @dataclass
    class ImagesCounted(Message):
        """It is known how many images are behind each cell."""

        assessed: Assessed
        images: Counts

    def __init__(self, opened: Opened, start: Assessed) -> None:
        super().__init__()
        self.opened = opened
        self.detection = opened.assessment
        self.assessed = start
        self.wish = start.wish
        self.working = False
        self.prepared: dict[Pairing, DetectionAtIou] = {}  # at the IoUs a step away

    def show(self, assessed: Assessed) -> None:
        """Let every widget follow."""
        raise NotImplementedError

    def show_average(self, coco: AveragePrecision) -> None:
        """Let the summary follow."""
        raise NotImplementedError

    def show_images(self, images: Counts) -> None:
        """Let the matrix follow; images [C + 1, C + 1] are those behind each cell."""
        raise NotImplementedError

    def want(self, wish: Wish) -> None:
        """Take a new wish: the sliders show it at once, the rest when it is worked out."""
        self.wish = wish
        self.query_one("#confidence", Slider).value = wish.point.confidence
        self.query_one("#iou", Slider).value = wish.point.iou
        if self.working or wish == self.assessed.wish:
            return
        if is_look_up(wish, self.assessed):
            self.show(assess(self.detection, wish, self.assessed))
        else:
            self.working = True
            self.work_out(wish)

    def want_point(
        self,
        confidence: float | None = None,
        iou: float | None = None,
        matching: Matching | None = None,
        per_class: bool | None = None,
    ) -> None:
        """Want another operating point."""
        point = self.wish.point
        if per_class is not None:
            point = replace(point, per_class=per_class)
        if matching is not None:
            point = replace(point, matching=matching)
        if confidence is not None:
            point = replace(point, confidence=confidence)
        if iou is not None:
            point = replace(point, iou=iou)
        self.want(replace(self.wish, point=point))

    @work(thread=True, group="assess", exit_on_error=False)
    def work_out(self, wish: Wish) -> None:
        assessed = assess(self.detection, wish, self.assessed, self.prepared)
        self.post_message(self.WorkedOut(assessed))

    @on(WorkedOut)
    def take(self, message: WorkedOut) -> None:
        self.working = False
        self.show(message.assessed)
        self.want(self.wish)

    @work(thread=True, group="average", exit_on_error=False)
    def average(self) -> None:
        self.post_message(self.Averaged(coco_precision(self.opened)))

    @on(Averaged)
    def take_average(self, message: Averaged) -> None:
        self.show_average(message.coco)

    @work(thread=True, group="images", exclusive=True, exit_on_error=False)
    def count_images(self) -> None:
        assessed = self.assessed
        self.post_message(self.ImagesCounted(assessed, images_of_cells(assessed)))
        self.prepare(assessed, get_current_worker())

    def prepare(self, assessed: Assessed, worker: Worker[None]) -> None:
        """Match at the next IoUs while nobody waits; what was prepared for others goes."""
        made = {}
        for point in neighbours(assessed.wish.point, IOU_STEP):
            if worker.is_cancelled:
                return
            ready = self.prepared.get(pairing(point))
            made[pairing(point)] = ready or self.detection.at_iou(point.iou, point.matching)
        self.prepared = made

    @on(ImagesCounted)
    def take_images(self, message: ImagesCounted) -> None:
        if message.assessed.wish.point == self.assessed.wish.point:
            self.show_images(message.images)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error
