"""A box in which one types a few letters of a class name to go there."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.controls.bindings import HELP, in_footer
from tui.controls.class_list import ClassList
from tui.controls.class_search import ClassSearch, walking_through
from tui.controls.early_keys import keep_typed
from tui.controls.key_line import KeyLine


class ClassJump(ModalScreen[int | None]):
    """Answers with the index of a class, or None."""

    DEFAULT_CSS = """
    ClassJump {
        align: center middle;
        & > ClassSearch { width: 56; max-height: 80%; }
        & ClassList { max-height: 16; }
        & Static { height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *walking_through("jump"),
        in_footer("enter", "go", "Go there", "Go to the class", "jump.go", priority=True),
        in_footer("escape", "cancel", "Cancel", "Stay where you were", "jump.cancel"),
        HELP,
    ]
    purpose = "Jump to a class: type a few letters of its name, in their order."

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names

    def compose(self) -> ComposeResult:
        letters = Input(placeholder="letters of a name", compact=True)
        yield ClassSearch("Jump to class", self.names, letters)
        yield KeyLine()

    @property
    def box(self) -> ClassSearch:
        """The letters and the list."""
        return self.query_one(ClassSearch)

    def on_mount(self) -> None:
        self.box.list.can_focus = False  # the letters go on being typed
        self.show_matches()

    def on_key(self, event: events.Key) -> None:
        keep_typed(self, event)

    @on(Input.Changed)
    def show_matches(self) -> None:
        """List the names that answer what is typed."""
        found = self.box.find()
        counted = f"{found:,} of {len(self.names):,} classes"
        self.box.say(counted if found else "no class has these letters")

    def action_walk(self, rows: int) -> None:
        """Walk through the list while typing."""
        self.box.list.walk(rows)

    @on(ClassList.Clicked)
    def action_go(self) -> None:
        """Answer with the highlighted class."""
        one = self.box.list.highlighted_match
        if one is not None:
            self.dismiss(one.index)

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
