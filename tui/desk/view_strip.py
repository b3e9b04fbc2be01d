"""The line above what a tab shows: names all that it can show, and which of them is in sight."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

HERE: Final = "\u25b8"  # before what is in sight
BETWEEN: Final = 2  # cells after a name


class ViewStrip(Widget):
    """Names of views by their ids; a click on one asks for it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ViewStrip { height: 1; padding: 0 1; color: $foreground 75%; }"

    shown: reactive[tuple[str, ...]] = reactive(())  # ids of those in sight

    @dataclass
    class Chosen(Message):
        """The person clicked the name of a view."""

        view: str

    def __init__(self, names: Mapping[str, str], hint: str = "") -> None:
        """hint: which keys go from one to the next; left out where there is no room."""
        super().__init__()
        self.names = dict(names)
        self.hint = hint

    def render(self) -> Text:
        text = Text(no_wrap=True, end="")
        for view, name in self.names.items():
            here = view in self.shown
            text.append((HERE if here else " ") + name, "bold" if here else "")
            text.append(" " * BETWEEN)
        room = self.content_size.width - text.cell_len - len(self.hint)
        return text.append(" " * room + self.hint, "dim") if self.hint and room >= 0 else text

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        edge = 0
        for view, name in self.names.items():
            edge += 1 + cell_len(name) + BETWEEN
            if at.x < edge:
                self.post_message(self.Chosen(view))
                return
