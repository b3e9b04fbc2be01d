"""A box in which one chooses the classes that the matrix shows."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.controls.bindings import FOCUS, HELP, in_footer, quiet
from tui.controls.class_list import ClassList
from tui.controls.class_search import ClassSearch, walking_through
from tui.controls.early_keys import keep_typed
from tui.controls.key_line import KeyLine


class FilterLetters(Input):
    """Takes any letter but the space, which chooses."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key != "space" and super().check_consume_key(key, character)


class ClassFilter(ModalScreen[tuple[int, ...] | None]):
    """Answers with the indices of the chosen classes in the dataset's order, or None.

    Letters search; space chooses even while one searches, for names are found without it.
    In the list `a` chooses all that are listed, or none of them if they all were.
    """

    DEFAULT_CSS = """
    ClassFilter {
        align: center middle;
        & > ClassSearch { width: 60; max-height: 90%; }
        & ClassList { max-height: 20; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "space",
            "choose",
            "Choose",
            "Choose the class, or no longer",
            "filter.choose",
            priority=True,
        ),
        in_footer(
            "enter", "apply", "Apply", "Show the chosen classes", "filter.apply", priority=True
        ),
        in_footer(
            "a", "choose_listed", "All listed", "Choose all that are listed, or none", "filter.all"
        ),
        *walking_through("filter"),
        quiet("slash", "search", "Go back to the letters", "filter.search"),
        *FOCUS,
        in_footer("escape", "cancel", "Cancel", "Leave it as it was", "filter.cancel"),
        HELP,
    ]
    purpose = "Classes on show: letters search them, the matrix shows those that are chosen."

    def __init__(self, names: Sequence[str], chosen: Sequence[int]) -> None:
        super().__init__()
        self.names = names
        self.chosen = {int(index) for index in chosen}

    def compose(self) -> ComposeResult:
        letters = FilterLetters(placeholder="letters of a name", compact=True)
        yield ClassSearch("Classes on show", self.names, letters, self.chosen)
        yield KeyLine()

    @property
    def box(self) -> ClassSearch:
        """The letters and the list."""
        return self.query_one(ClassSearch)

    def on_mount(self) -> None:
        self.show_count()

    def on_key(self, event: events.Key) -> None:
        keep_typed(self, event)

    @on(Input.Changed)
    def show_matches(self) -> None:
        """List the names that answer what is typed."""
        self.box.find()
        self.show_count()

    def show_count(self) -> None:
        """How many are chosen."""
        count, most = len(self.chosen), len(self.names)
        words = f"{count:,} of {most:,} classes" if count else "choose at least one class"
        self.box.say(words)
        self.box.list.refresh()

    def action_choose(self) -> None:
        """Choose the highlighted class, or no longer."""
        one = self.box.list.highlighted_match
        if one is not None:
            self.chosen ^= {one.index}
            self.show_count()

    def action_choose_listed(self) -> None:
        """Choose all that are listed, or none of them."""
        listed = {one.index for one in self.box.list.matches}
        if listed <= self.chosen:
            self.chosen -= listed
        else:
            self.chosen |= listed
        self.show_count()

    @on(ClassList.Clicked)
    def choose_clicked(self) -> None:
        """A click chooses."""
        self.action_choose()

    def action_walk(self, rows: int) -> None:
        """Walk through the list while typing."""
        self.box.list.walk(rows)

    def action_search(self) -> None:
        """Back to the letters."""
        self.box.letters.focus()

    def action_apply(self) -> None:
        """Answer with the chosen classes; with none there would be nothing to see."""
        if self.chosen:
            self.dismiss(tuple(sorted(self.chosen)))
        else:
            self.app.bell()

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
