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
LEAST: Final = 10  # cells of a name that stay beside what is said of it
DOT: Final = " · "
INPUT_ASSUMED: Final = "input assumed"
"""What is said of a model while nobody has told how images are fed to it."""

TO_READ: Final = "!"  # after the name of a tab that has something to read
Label = tuple[str, str, str]  # id of a tab, its key, its name


class TabBar(Widget):
    """Names of the files on the left, tabs with their keys on the right."""

    DEFAULT_CSS = """
    TabBar { height: 1; padding: 0 1; background: $foreground 8%; }
    """

    active = reactive("")
    marked: reactive[frozenset[str]] = reactive(frozenset[str]())  # tabs with something to read
    mark: reactive[str] = reactive("")  # what does not hold of the model for certain, in words

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
        named = [
            (tab, key, f"{name} {TO_READ}" if tab in self.marked else name)
            for tab, key, name in self.tabs
        ]
        full = [(tab, f" {key} {name} ") for tab, key, name in named]
        least = cell_len(self.said) + min(cell_len(self.data), LEAST) + 2
        if self.content_size.width - _width(full) >= least:
            return full
        short = [(tab, f" {key} {name}") for tab, key, name in named]
        if self.content_size.width - _width(short) >= least:
            return short
        told = {self.active, *self.marked}
        return [(tab, f" {key} {name} " if tab in told else f" {key} ") for tab, key, name in named]

    @property
    def said(self) -> str:
        """What the names alone would hide."""
        return DOT.join(filter(None, (self.mark, self.left_out)))

    def render(self) -> Text:
        labels = self.labels
        room = self.content_size.width - _width(labels)
        said = f" {self.said} " if self.said else ""
        title = TITLE if room >= len(TITLE) + cell_len(said) + LEAST else ""
        left = max(room - len(title) - cell_len(said) - 1, 0)
        names = f"{self.answers}{DOT}{self.data}"
        if said and cell_len(names) > left:  # what is said is of one of them
            names = self.data if self.left_out else self.answers
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
