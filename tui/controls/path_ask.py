"""A box in which one types the path of something that is there, or shall be."""

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from engine.whatif.pasted import pasted_paths
from tui.controls.early_keys import keep_typed
from tui.controls.path_input import PathInput

PathCheck = Callable[[str], str]
"""What stands against a path, in a sentence; nothing where nothing does."""


class PathAsk(ModalScreen[str | None]):
    """Answers with a path, "" for none, None when it is left."""

    DEFAULT_CSS = """
    PathAsk {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 90%; height: auto; padding: 0 1;
            background: $surface; border: round $foreground 40%; border-title-style: bold;
        }
        & Static { height: auto; color: $foreground 75%; }
        & Static.-problem { color: $text-warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="ask.cancel"),
    ]

    def __init__(
        self, title: str, hint: str, check: PathCheck, suggestion: str = "", *, empty: bool = False
    ) -> None:
        super().__init__()
        self.title_words, self.hint = title, hint
        self.check, self.suggestion = check, suggestion
        self.empty = empty  # whether no path is an answer too

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self.title_words
            yield PathInput(self.suggestion)
            yield Static(self.hint, markup=False)

    def on_mount(self) -> None:
        self.query_one(PathInput).focus()

    def on_key(self, event: events.Key) -> None:
        keep_typed(self, event)

    @on(Input.Changed)
    def show_hint(self) -> None:
        self.say(self.hint)

    @on(PathInput.Told)
    def tell(self, message: PathInput.Told) -> None:
        self.say(message.words)

    @on(PathInput.Empty)
    def answer_nothing(self) -> None:
        """Enter on an empty line."""
        if self.empty:
            self.dismiss("")

    @on(PathInput.Wanted)
    def answer(self, message: PathInput.Wanted) -> None:
        typed = message.texts[-1]
        path = (pasted_paths(typed) or ("",))[0]
        problem = self.check(path)
        if not problem:
            self.dismiss(path)
            return
        field = self.query_one(PathInput)
        with self.prevent(Input.Changed):
            field.value = typed
        field.cursor_position = len(typed)
        self.say(problem, problem=True)

    def say(self, words: str, problem: bool = False) -> None:
        """Below what is typed."""
        line = self.query_one(Static)
        line.set_class(problem, "-problem")
        line.update(words)

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
