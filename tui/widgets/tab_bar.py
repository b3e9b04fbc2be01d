"""The first line: what is assessed, and the tabs."""

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.painters.names import cut, left

TABS: Final = (
    ("matrix", "Matrix"),
    ("metrics", "Metrics"),
    ("curves", "Curves"),
    ("feed", "Feed"),
    ("run", "Run"),
)


class TabBar(Widget):
    """Names of the files on the left, tabs with their keys on the right."""

    DEFAULT_CSS = """
    TabBar { height: 1; padding: 0 1; background: $foreground 8%; }
    """

    active = reactive("matrix")

    @dataclass
    class Chosen(Message):
        """The person clicked a tab."""

        tab: str

    def __init__(self, answers: str, data: str) -> None:
        super().__init__()
        self.answers = answers
        self.data = data

    def _tabs(self) -> list[tuple[str, str]]:
        return [(tab, f" {key} {name} ") for key, (tab, name) in enumerate(TABS, start=1)]

    def render(self) -> Text:
        tabs = self._tabs()
        room = self.size.width - sum(len(label) for _, label in tabs)
        names = cut(f"{self.answers} · {self.data}", max(room - len("offdiag  ") - 1, 0))
        text = Text("offdiag  ", "bold", no_wrap=True)
        text.append(left(names, room - len("offdiag  ")), "dim")
        for tab, label in tabs:
            text.append(label, "reverse bold" if tab == self.active else "")
        return text

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        edge = self.content_size.width
        for tab, label in reversed(self._tabs()):
            edge -= cell_len(label)
            if at.x >= edge:
                self.post_message(self.Chosen(tab))
                return
