"""The first line: what is assessed, and the tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.drawing.names import cut

TITLE: Final = "offdiag  "
LEAST: Final = 10  # cells of the data's name that stay beside what is left out
Label = tuple[str, str, str]  # id of a tab, its key, its name


class TabBar(Widget):
    """Names of the files on the left, tabs with their keys on the right."""

    DEFAULT_CSS = """
    TabBar { height: 1; padding: 0 1; background: $foreground 8%; }
    """

    active = reactive("")

    @dataclass
    class Chosen(Message):
        """The person clicked a tab."""

        tab: str

    def __init__(self, answers: str, data: str, tabs: Sequence[Label], left_out: str = "") -> None:
        """left_out: how many images of the data do not count, in words."""
        super().__init__()
        self.answers = answers
        self.data = data
        self.left_out = left_out
        self.tabs = tuple(tabs)
        self.set_reactive(TabBar.active, self.tabs[0][0])

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Tabs and what they are called: in little room the others are a key alone."""
        full = [(tab, f" {key} {name} ") for tab, key, name in self.tabs]
        least = cell_len(self.left_out) + min(cell_len(self.data), LEAST) + 2
        if not self.left_out or self.content_size.width - _width(full) >= least:
            return full
        short = [(tab, f" {key} {name}") for tab, key, name in self.tabs]
        if self.content_size.width - _width(short) >= least:
            return short
        return [
            (tab, f" {key} {name} " if tab == self.active else f" {key} ")
            for tab, key, name in self.tabs
        ]

    def render(self) -> Text:
        labels = self.labels
        room = self.content_size.width - _width(labels)
        said = f" {self.left_out} " if self.left_out else ""
        title = TITLE if room >= len(TITLE) + cell_len(said) else ""
        left = max(room - len(title) - cell_len(said) - 1, 0)
        both = f"{self.answers} · {self.data}"
        # Where images are left out it is the data's name that has to be seen beside it.
        names = self.data if said and cell_len(both) > left else both
        text = Text(title, "bold", no_wrap=True)
        text.append(cut(names, left), "dim").append(said, "bold")
        text.append(" " * max(room - cell_len(text.plain), 0))
        for tab, label in labels:
            text.append(label, "reverse bold" if tab == self.active else "")
        return text

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        edge = self.content_size.width
        for tab, label in reversed(self.labels):
            edge -= cell_len(label)
            if at.x >= edge:
                self.post_message(self.Chosen(tab))
                return


def _width(labels: Sequence[tuple[str, str]]) -> int:
    return sum(cell_len(label) for _, label in labels)
