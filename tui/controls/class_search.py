"""A list of class names below a line of letters that searches it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.controls.bindings import first, in_footer, quiet, together
from tui.controls.class_list import ClassList
from tui.drawing.names import search


def walking_through(box: str) -> list[BindingType]:
    """The keys that walk through the names while letters are typed."""
    keys = [
        *together(
            "Walk from class to class",
            in_footer("up", "walk(-1)", "Walk", "Walk one class up", f"{box}.up"),
            quiet("down", "walk(1)", "Walk one class down", f"{box}.down"),
        ),
        *together(
            "Walk by 15 classes",
            quiet("pageup", "walk(-15)", "Walk 15 classes up", f"{box}.page_up"),
            quiet("pagedown", "walk(15)", "Walk 15 classes down", f"{box}.page_down"),
        ),
    ]
    return first(keys)


class ClassSearch(Vertical):
    """The letters, the names that answer them, and a sentence below.

    The screen around it decides what keys do with the highlighted name.
    """

    DEFAULT_CSS = """
    ClassSearch {
        max-width: 90%; height: auto; padding: 0 1;
        background: $surface; border: round $foreground 40%;
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $surface; }
        & Static { color: $foreground 75%; }
    }
    """

    def __init__(
        self, title: str, names: Sequence[str], letters: Input, ticked: set[int] | None = None
    ) -> None:
        super().__init__()
        self.border_title = title
        self.names = names
        self.letters = letters
        self.list = ClassList(names, ticked)

    def compose(self) -> ComposeResult:
        yield self.letters
        yield self.list
        yield Static(markup=False)

    def find(self) -> int:
        """List the names that answer what is typed; how many there are."""
        matches = search(self.letters.value, self.names)
        self.list.show(matches)
        return len(matches)

    def say(self, words: str) -> None:
        """Below the list."""
        self.query_one(Static).update(words)
