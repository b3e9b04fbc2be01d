"""A box in which one types a few letters of a class name to go there."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.controls.class_list import ClassList
from tui.controls.early_keys import keep_typed
from tui.drawing.names import search


class ClassJump(ModalScreen[int | None]):
    """Answers with the index of a class, or None."""

    DEFAULT_CSS = """
    ClassJump {
        align: center middle;
        & > Vertical {
            width: 56; max-width: 90%; height: auto; max-height: 80%;
            background: $surface; border: round $foreground 40%; padding: 0 1;
        }
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $surface; }
        & ClassList { max-height: 16; }
        & Static { color: $foreground 75%; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="jump.cancel"),
        Binding("up", "walk(-1)", "Up", show=False, id="jump.up"),
        Binding("down", "walk(1)", "Down", show=False, id="jump.down"),
        Binding("pagedown", "walk(15)", "15 down", show=False, id="jump.page_down"),
        Binding("pageup", "walk(-15)", "15 up", show=False, id="jump.page_up"),
    ]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names
        self.list = ClassList(names)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Jump to class"
            yield Input(placeholder="letters of a name", compact=True)
            yield self.list
            yield Static(markup=False)

    def on_mount(self) -> None:
        self.list.can_focus = False  # the letters go on being typed
        self.show_matches()

    def on_key(self, event: events.Key) -> None:
        keep_typed(self, event)

    @on(Input.Changed)
    def show_matches(self) -> None:
        """List the names that answer what is typed."""
        matches = search(self.query_one(Input).value, self.names)
        self.list.show(matches)
        counted = f"{len(matches):,} of {len(self.names):,} classes · enter goes there"
        self.query_one(Static).update(counted if matches else "no class has these letters")

    def action_walk(self, rows: int) -> None:
        """Walk through the list while typing."""
        self.list.walk(rows)

    @on(Input.Submitted)
    @on(ClassList.Clicked)
    def go(self) -> None:
        """Answer with the highlighted class."""
        one = self.list.highlighted_match
        if one is not None:
            self.dismiss(one.index)

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
