"""What stands in place of a comparison until there is one: what to do, or how far it is."""

from pathlib import Path
from typing import Final

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from engine.compare.sides import SidesEvent
from engine.opening import Noticed, Opened, Stage
from engine.scoring.run.runner import Progress
from engine.util.progress import Reading
from engine.util.visible import visible

TITLE: Final = "Compare this model with another, or with a file of its predictions"
WHAT: Final = (
    "Each object of the ground truth is then both right, fixed, broken or both wrong, and every "
    "number has the interval of its difference."
)
ASK: Final = "enter names the other one"
STOP: Final = "escape stops; what was scored is kept"


class Invitation(Widget, can_focus=True):
    """A few lines in the middle."""

    PANE = "Compare"
    DEFAULT_CSS = """
    Invitation {
        height: 1fr; width: 1fr; align: center middle; content-align: center middle;
        text-align: center; padding: 0 4;
    }
    """

    words: reactive[tuple[str, str, str]] = reactive((TITLE, WHAT, ASK))
    problem: reactive[bool] = reactive(False)

    def begin(self, path: Path) -> None:
        """It is being opened."""
        self.problem, self.words = False, (f"Opening {visible(path.name)}", "", STOP)

    def rest(self) -> None:
        """Nothing is being opened."""
        self.problem, self.words = False, (TITLE, WHAT, ASK)

    def refuse(self, problem: str) -> None:
        """It cannot be opened."""
        self.problem, self.words = True, ("Cannot be compared", visible(problem), ASK)

    def tell(self, event: SidesEvent) -> None:
        """How far it is."""
        title, _, foot = self.words
        if isinstance(event, Stage):
            self.words = (title, visible(event.words), foot)
        elif isinstance(event, Progress) and event.total:
            failed = f", {event.failed:,} could not be scored" if event.failed else ""
            told = f"Scoring {event.done:,} of {event.total:,} images{failed}"
            self.words = (title, told, foot)
        elif isinstance(event, Reading) and event.total:
            told = f"{event.done / 1e6:,.0f} of {event.total / 1e6:,.0f} MB"
            self.words = (title, told, foot)
        elif isinstance(event, Noticed | Opened):
            pass  # the notices of a comparison say it

    def render(self) -> Text:
        title, told, foot = self.words
        style = "bold red" if self.problem else "bold"
        return Text.assemble(
            (f"{title}\n\n", style), f"{told}\n\n", (foot, "dim"), justify="center"
        )
