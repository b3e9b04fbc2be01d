"""What differs between the kinds of task, as the main screen sees it.

A desk is made for each opened assessment, see tui.assess.desks. The screens never ask which
kind it is: they ask the desk for its sliders, tabs, words and results.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import isnan
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text

from engine.cards.operating_point import SavedPoint
from engine.core.assessment import Assessment
from engine.core.outcomes import Outcomes
from engine.core.thresholds import OperatingPoint
from engine.opening import Opened
from engine.util.words import threshold
from tui.controls.slider import Slider
from tui.desk.assessed import Assessed, Wish
from tui.desk.comparing import ComparedWith
from tui.desk.start_point import StartPoint, start_point
from tui.desk.tab import TabSpec
from tui.drawing.standing import Standing
from tui.drawing.terms import Terms
from tui.image.image import ImageScreen, ImageSource
from tui.pictures.paint.previews import Preview
from tui.terminal.capabilities import Graphics

A = TypeVar("A", bound=Assessed)


@dataclass(frozen=True)
class Knob:
    """A slider; its name is a field of the operating point."""

    name: str
    label: str
    minimum: float = 0.0  # the keys and the number reach down to it
    low: float = 0.0  # the track begins here
    step: float = 0.01
    write: Callable[..., str] = threshold  # a value as people read it
    labelled: bool = False  # means something only where there is ground truth

    def slider(self, point: OperatingPoint) -> Slider:
        """The slider, at this point."""
        return Slider(
            self.label,
            getattr(point, self.name),
            minimum=self.minimum,
            low=self.low,
            step=self.step,
            write=self.write,
            id=self.name,
        )


@dataclass(frozen=True)
class FeedOrder:
    """An order of the feed."""

    name: str
    falling: str  # in words: by confidence, highest first
    rising: str
    note: str = ""  # how to read it, in a sentence


Turn = Callable[[Wish], Wish]
"""From a wish to the next one, as a key goes through the choices of a setting."""


class Desk(ABC, Generic[A]):
    """One kind of task: what there is to move, to see and to say."""

    terms: ClassVar[Terms]
    knobs: tuple[Knob, ...]
    orders: ClassVar[tuple[FeedOrder, ...]]
    turns: ClassVar[Mapping[str, Turn]]
    at_zero: ClassVar[str] = ""  # what a confidence of 0 is called, where it is no threshold
    suspects: ClassVar[str] = ""  # the order that ranks suspected label errors, if there is one
    counts_at_class_thresholds: ClassVar[bool]  # or at one confidence for all classes

    tabs: tuple[TabSpec, ...]
    saved: SavedPoint | None = None  # in the card, once the start point is known
    compared_with: ComparedWith | None = None  # from the beginning

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    @cached_property
    def start_point(self) -> StartPoint:
        """Where the sliders begin; not for the event loop."""
        made = start_point(self.opened, self.counts_at_class_thresholds)
        self.saved = made.saved
        return made

    @property
    @abstractmethod
    def assessment(self) -> Assessment:
        """What is assessed."""

    @abstractmethod
    def first(self) -> A:
        """What follows from where the sliders begin."""

    def begins(self) -> A:
        """The same, or where a comparison was asked for. Raises DataError as side_point does."""
        start, asked = self.first(), self.compared_with
        if asked is None:
            return start
        from engine.compare.points import side_point

        wish = start.wish
        own, _ = (
            side_point(side, asked.iou, wish.point.matching, wish.goal, asked.confidence).point
            for side in (asked.sides.a, asked.sides.b)
        )
        iou = wish.point.iou if isnan(own.iou) else asked.iou
        confidence = wish.point.confidence if isnan(own.confidence) else own.confidence
        point = replace(wish.point, iou=iou, confidence=confidence, per_class=False, own=())
        moved = isinstance(asked.confidence, float)
        return start.for_wish(replace(wish, point=point, moved=moved))

    @abstractmethod
    def summarise(self) -> Any:
        """What depends on no slider and takes longer than a frame."""

    # The saved operating point

    @property
    def saved_at(self) -> OperatingPoint | None:
        """Where the sliders stand at the saved point."""
        return None if self.saved is None else self.point_of(self.saved)

    @abstractmethod
    def point_of(self, saved: SavedPoint) -> OperatingPoint:
        """Where the sliders stand at a saved point."""

    @abstractmethod
    def to_save(self, assessed: A, intervals: Any) -> SavedPoint:
        """What is saved where the sliders stand; intervals are a tab's, None without them."""

    # In words

    def standing(self, assessed: A) -> tuple[str, ...]:
        """Where the confidence stands, at length and then in less room."""
        wish, saved = assessed.wish, self.saved
        now = Standing(
            wish.point,
            assessed.best,
            moved=wish.moved,
            saved=saved.date if saved is not None and wish.point == self.saved_at else None,
            at_zero=self.at_zero,
            no_optimum=assessed.no_optimum,
        )
        return now.words(date.today())

    @abstractmethod
    def summary_line(self, assessed: A, summary: Any, width: int) -> Text:
        """The numbers of all classes at a point; summary is None until it is worked out."""

    # The feed and the image one opens from it

    def order_note(self, assessed: A, order: FeedOrder) -> str:
        """How to read an order of the rows."""
        return order.note

    @abstractmethod
    def preview(self, assessed: A, rows: Outcomes, row: int) -> Preview:
        """What the feed shows of a row."""

    @abstractmethod
    def image(self, assessed: A, image: int, focus: tuple[int, int]) -> Any:
        """What the detail shows of an image; focus is the prediction and ground truth wanted."""

    @abstractmethod
    def image_screen(self, source: ImageSource, position: int, graphics: Graphics) -> ImageScreen:
        """The detail, at a position of what one walks through."""


def next_of(choices: Sequence[Any], now: Any) -> Any:
    """The choice after this one, round at the end; the first where it is none of them."""
    at = choices.index(now) if now in choices else -1
    return choices[(at + 1) % len(choices)]
