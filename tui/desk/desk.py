"""What differs between the kinds of task, as the main screen sees it.

A desk is made for each opened assessment, see tui.assess.desks. The screens never ask which
kind it is: they ask the desk for its sliders, tabs, words and results.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text

from engine.cards.operating_point import SavedPoint
from engine.core.assessment import Assessment
from engine.core.explanation import Explanation
from engine.core.outcomes import Outcomes, Selection
from engine.core.thresholds import OperatingPoint
from engine.detection.class_thresholds import ClassOptima
from engine.opening import Opened
from engine.util.words import number
from tui.desk.assessed import Assessed, Wish
from tui.desk.beginning import Beginning, beginning, source_words
from tui.desk.tab import TabSpec
from tui.drawing.sentences import cell_explanation
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
    suspects: ClassVar[str] = ""  # the order that ranks suspected label errors, if there is one

    tabs: tuple[TabSpec, ...]
    saved: SavedPoint | None = None  # in the card, once the beginning is known

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    @cached_property
    def beginning(self) -> Beginning:
        """Where the sliders begin; not for the event loop."""
        made = beginning(self.opened)
        self.saved = made.saved
        return made

    @property
    @abstractmethod
    def assessment(self) -> Assessment:
        """What is assessed."""

    # From a wish to what follows

    @abstractmethod
    def first(self) -> A:
        """Where the app begins."""

    @abstractmethod
    def assess(self, wish: Wish, known: A, prepared: Mapping[Any, Any]) -> A:
        """Work out a wish; known and prepared are results that may serve again."""

    @abstractmethod
    def is_look_up(self, wish: Wish, known: A, prepared: Mapping[Any, Any]) -> bool:
        """Whether a wish costs a millisecond, less than the way to a worker and back."""

    def complete(self, assessed: A) -> None:
        """Work out what was left for later, so that the first numbers came sooner."""
        return

    def neighbours(self, assessed: A) -> Mapping[Any, Wish]:
        """What a next key may want and is worth preparing, by what is prepared."""
        return {}

    def prepare(self, wish: Wish) -> Any:
        """What helps to assess a wish, worked out while nobody waits."""
        raise NotImplementedError

    def ready(self, assessed: A) -> Mapping[Any, Any]:
        """What is as good as prepared since it was just worked out."""
        return {}

    def summarise(self) -> Any:
        """What depends on no slider and takes longer than a frame; None where nothing does."""
        return None

    def images_of(self, assessed: A, cell: Selection) -> int | None:
        """In how many images a cell counts something; None where that is what it counts."""
        return None

    def optima(self, assessed: A) -> ClassOptima | None:
        """The thresholds of the classes, where each has one of its own."""
        return None

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

    def source(self, assessed: A) -> str:
        """Where the thresholds come from: saved, optimal or moved."""
        return source_words(assessed, assessed.wish.point == self.saved_at, self.saved)

    # In words

    @abstractmethod
    def summary_line(self, assessed: A, summary: Any, width: int) -> Text:
        """The numbers of all classes at a point; summary is None until it is worked out."""

    @abstractmethod
    def made_at(self, point: OperatingPoint) -> str:
        """What a count at an operating point depends on."""

    def change_words(self, before: A, after: A) -> str:
        """What a change of a setting did, where it is worth a word."""
        return ""

    def explain_cell(self, assessed: A, cell: Selection) -> Explanation | None:
        """How the number in a cell of the matrix came to be."""
        made_at = self.made_at(assessed.wish.point)
        return cell_explanation(assessed.matrix, self.assessment.classes, cell, self.terms, made_at)

    # The feed and the image one opens from it

    def order(self, name: str) -> FeedOrder:
        """The order with this name."""
        return next(order for order in self.orders if order.name == name)

    def order_note(self, assessed: A) -> str:
        """How to read the order of the rows."""
        return self.order(assessed.wish.order).note

    def amount(self, assessed: A) -> str:
        """`141 boxes in 97 images`."""
        rows = 0 if assessed.rows is None else len(assessed.rows)
        things = number(rows, self.terms.thing, self.terms.things)
        if not self.terms.in_images:
            return things
        return f"{things} in {number(assessed.images_of_rows, 'image')}"

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
