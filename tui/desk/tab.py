"""What the main screen asks of a tab, and what a tab asks of the main screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from textual.containers import Vertical
from textual.message import Message

from engine.core.explanation import Explanation
from engine.core.outcomes import Selection
from engine.core.thresholds import OperatingPoint
from tui.controls.explain_box import as_text
from tui.terminal.capabilities import Graphics


class Tab(Vertical):
    """Shows one side of what was worked out. Each method may be left as it is."""

    purpose: ClassVar[str] = ""  # what somebody does here, in a sentence or two: help begins so
    shows_rows: ClassVar[bool] = False  # of a selection: else they need not be worked out
    labelled: ClassVar[bool] = True  # what it shows has ground truth, and can be right or wrong

    @dataclass
    class RowsWanted(Message):
        """The person wants these rows in the feed, in this order."""

        selection: Selection
        order: str
        descending: bool

    @dataclass
    class FeedWanted(Message):
        """The person wants to see what a cell, a row, a column or the matrix counts."""

        selection: Selection

    @dataclass
    class ClassWanted(Message):
        """The person wants to see a class in another tab; None stands for all of them."""

        tab: str
        class_: int | None

    @dataclass
    class ConfidenceWanted(Message):
        """The person wants another confidence."""

        confidence: float

    def follow(self, assessed: Any) -> None:
        """Another operating point, or other rows: an Assessed of the desk's own type.

        Told at once in sight, else before the tab is shown, entered or asked for a class.
        """

    def fall_behind(self) -> None:
        """Out of sight, at a point that is gone: what is still worked out of it can stop."""

    def complete(self, summary: Any) -> None:
        """What depends on no slider and takes longer is there: see Desk.summarise."""

    def show_class(self, class_: int | None) -> None:
        """Bring a class into sight; None stands for all of them."""

    @property
    def feed_selection(self) -> Selection | None:
        """What the person chose here for the feed to show; None where one chooses nothing."""
        return None

    def feed_opened(self, selection: Selection) -> None:
        """The feed is of this, here or elsewhere asked for: who says what is chosen says so."""

    def entered(self) -> None:
        """The person has come to this tab."""

    def intervals_at(self, point: OperatingPoint) -> Any:
        """How far the numbers at a point could be off, where the tab has worked it out."""
        return None

    @property
    def explanation(self) -> Explanation | None:
        """How the number in focus came to be."""
        return None

    @property
    def to_copy(self) -> str:
        """What is in focus, as text: a number with how it came to be."""
        return "" if (about := self.explanation) is None else as_text(about)


@dataclass(frozen=True)
class TabSpec:
    """A tab of the main screen: its id is that of its widget."""

    id: str
    key: str  # that leads there
    name: str
    focus: str  # selector of what has the focus there
    make: Callable[["Surroundings"], Tab]


@dataclass(frozen=True)
class Surroundings:
    """What a tab may need to know of where it is shown."""

    graphics: Graphics = field(default_factory=Graphics)
    no_color: bool = False  # or too few for shades of two hues
    other_demo: str = ""  # the task of the demo that a key switches to
