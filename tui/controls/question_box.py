"""A line to type in, with a title above it and a sentence below."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static


class QuestionBox(Vertical):
    """What a screen asks; the screen decides which answers it takes."""

    DEFAULT_CSS = """
    QuestionBox {
        width: 76; max-width: 90%; height: auto; padding: 0 1;
        background: $surface; border: round $foreground 40%; border-title-style: bold;
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $surface; }
        & Static { height: auto; color: $foreground 75%; }
        & Static.-problem { color: $text-warning; }
    }
    """

    def __init__(self, title: str, field: Input, hint: str) -> None:
        super().__init__()
        self.border_title = title
        self.field = field
        self.hint = hint

    def compose(self) -> ComposeResult:
        yield self.field
        yield Static(self.hint, markup=False)

    def say(self, words: str, problem: bool = False) -> None:
        """Below what is typed."""
        line = self.query_one(Static)
        line.set_class(problem, "-problem")
        line.update(words)
