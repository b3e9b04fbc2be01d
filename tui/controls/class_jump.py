"""A box in which one types a few letters of a class name to go there."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.controls.bindings import in_footer, quiet
from tui.controls.class_list import ClassList
from tui.controls.class_search import ClassSearch
from tui.controls.early_keys import keep_typed


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
        in_footer("escape", "cancel", "Cancel", "", "jump.cancel"),
        quiet("up", "walk(-1)", "Up", "jump.up"),
        quiet("down", "walk(1)", "Down", "jump.down"),
        quiet("pagedown", "walk(15)", "15 down", "jump.page_down"),
        quiet("pageup", "walk(-15)", "15 up", "jump.page_up"),
    ]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names

    def compose(self) -> ComposeResult:
        letters = Input(placeholder="letters of a name", compact=True)
        yield ClassSearch("Jump to class", self.names, letters)

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
        counted = f"{found:,} of {len(self.names):,} classes · enter goes there"
        self.box.say(counted if found else "no class has these letters")

    def action_walk(self, rows: int) -> None:
        """Walk through the list while typing."""
        self.box.list.walk(rows)

    @on(Input.Submitted)
    @on(ClassList.Clicked)
    def go(self) -> None:
        """Answer with the highlighted class."""
        one = self.box.list.highlighted_match
        if one is not None:
            self.dismiss(one.index)

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
