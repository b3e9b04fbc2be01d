"""A box in which one types the path of something that is there, or shall be."""

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from engine.whatif.pasted import pasted_paths
from tui.controls.bindings import HELP, in_footer
from tui.controls.early_keys import keep_typed
from tui.controls.key_line import KeyLine
from tui.controls.path_input import PathInput
from tui.controls.question_box import QuestionBox

PathCheck = Callable[[str], str]
"""What stands against a path, in a sentence; nothing where nothing does."""


class PathAsk(ModalScreen[str | None]):
    """Answers with a path, "" for none, None when it is left."""

    DEFAULT_CSS = "PathAsk { align: center middle; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("escape", "cancel", "Cancel", "Leave it as it was", "ask.cancel"),
        HELP,
    ]

    def __init__(
        self, title: str, hint: str, check: PathCheck, suggestion: str = "", *, empty: bool = False
    ) -> None:
        super().__init__()
        self.title_words, self.hint = title, hint
        self.purpose = f"{title}: type or paste a path, which tab completes."
        self.check, self.suggestion = check, suggestion
        self.empty = empty  # whether no path is an answer too

    def compose(self) -> ComposeResult:
        yield QuestionBox(self.title_words, PathInput(self.suggestion), self.hint)
        yield KeyLine()

    @property
    def box(self) -> QuestionBox:
        """The line, and what is said of it."""
        return self.query_one(QuestionBox)

    def on_mount(self) -> None:
        self.box.field.focus()

    def on_key(self, event: events.Key) -> None:
        keep_typed(self, event)

    @on(Input.Changed)
    def show_hint(self) -> None:
        self.box.say(self.hint)

    @on(PathInput.Told)
    def tell(self, message: PathInput.Told) -> None:
        self.box.say(message.words)

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
        with self.prevent(Input.Changed):
            self.box.field.value = typed
        self.box.field.cursor_position = len(typed)
        self.box.say(problem, problem=True)

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
