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
Label = tuple[str, str, str]  # id of a tab, its key, its name


class TabBar(Widget):
    """Names of the files on the left, tabs with their keys on the right."""

    DEFAULT_CSS = """
    TabBar { height: 1; padding: 0 1; background: $foreground 8%; }
    """

    active = reactive("")
    source = reactive("")  # where the thresholds come from

    @dataclass
    class Chosen(Message):
        """The person clicked a tab."""

        tab: str

    def __init__(self, answers: str, data: str, tabs: Sequence[Label]) -> None:
        super().__init__()
        self.answers = answers
        self.data = data
        self.tabs = [(tab, f" {key} {name} ") for tab, key, name in tabs]
        self.set_reactive(TabBar.active, self.tabs[0][0])

    def render(self) -> Text:
        room = self.size.width - sum(len(label) for _, label in self.tabs)
        title = TITLE if room >= len(TITLE) else ""
        words = f"{self.answers} · {self.data}"
        source = f"  {self.source}" if self.source else ""
        if room < len(title) + cell_len(words) + len(source) + 2:
            source = ""
        names = cut(words, max(room - len(title) - 1, 0))
        text = Text(title, "bold", no_wrap=True)
        text.append(names, "dim").append(source)
        text.append(" " * max(room - cell_len(text.plain), 0))
        for tab, label in self.tabs:
            text.append(label, "reverse bold" if tab == self.active else "")
        return text

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        edge = self.content_size.width
        for tab, label in reversed(self.tabs):
            edge -= cell_len(label)
            if at.x >= edge:
                self.post_message(self.Chosen(tab))
                return
