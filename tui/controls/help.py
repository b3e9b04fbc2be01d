"""The keys that work right now, read off the bindings themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from engine.core.explanation import Explanation
from tui.controls.bindings import in_footer
from tui.terminal.textual_private import nodes_with_keys


@dataclass(frozen=True)
class PaneKey:
    """What a key, or several for the same, does in a pane."""

    pane: str
    keys: str
    does: str
    run: Callable[[], object]


def keys_in_reach(screen: Screen[object]) -> Iterator[PaneKey]:
    """Keys of the focused widget first, then those of what holds it, and of the app."""
    of_action: dict[tuple[int, str], list[tuple[DOMNode, Binding]]] = {}
    for active in screen.active_bindings.values():
        does = active.tooltip or active.binding.description
        if does and active.enabled:
            at = (id(active.node), does)
            of_action.setdefault(at, []).append((active.node, active.binding))
    order = {id(node): place for place, node in enumerate(nodes_with_keys(screen))}
    for (_, does), bound in sorted(of_action.items(), key=lambda item: order.get(item[0][0], 99)):
        node, binding = bound[0]
        keys = " ".join(dict.fromkeys(screen.app.get_key_display(each) for _, each in bound))
        yield PaneKey(_pane(node, screen), keys, does, partial(_run, node, binding.action))


def _run(node: DOMNode, action: str) -> None:
    node.app.call_later(node.app.run_action, action, node)


def _pane(node: DOMNode, screen: DOMNode) -> str:
    if node is screen.app:
        return "Everywhere"
    return getattr(node, "PANE", None) or getattr(node, "border_title", None) or "This screen"


def explained(about: Explanation) -> Text:
    """The number in focus: what it is, and how it came to be."""
    return Text.assemble(
        (about.title, "bold"),
        f"\n{about.what}\n",
        (about.filled, "bold"),
        (f"\n{about.formula} · {about.made_at}", "dim"),
    )


class HelpScreen(ModalScreen[None]):
    """The keys of the focused pane, searched as one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("escape,question_mark,f1", "dismiss", "Close", "", "help.close")
    ]

    def __init__(self, behind: Screen[object]) -> None:
        super().__init__()
        self.keys = tuple(keys_in_reach(behind))
        self.about: Explanation | None = getattr(behind, "explanation", None)

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            if self.about is not None:
                yield Static(explained(self.about), id="help-about", markup=False)
            yield Input(placeholder="Search the keys", id="help-search", compact=True)
            with VerticalScroll(id="help-scroll", can_focus=False):
                yield Static(id="help-keys")
            yield Static(
                "ctrl+p finds and runs every command. Shift+drag selects text in most terminals, "
                "M leaves the mouse to the terminal. `offdiag keys` lists keys to change.",
                id="help-foot",
            )

    def on_mount(self) -> None:
        self.show("")

    @on(Input.Changed)
    def search(self, message: Input.Changed) -> None:
        self.show(message.value)

    def show(self, wanted: str) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        pane = ""
        for key in self.keys:
            if wanted.lower() not in f"{key.keys} {key.does} {key.pane}".lower():
                continue
            if key.pane != pane:
                if pane:
                    table.add_row("", "")
                table.add_row(Text(key.pane, "bold underline"), "")
                pane = key.pane
            table.add_row(Text(key.keys, "bold"), key.does)
        self.query_one("#help-keys", Static).update(
            table if pane else f"No key here does anything like “{wanted}”."
        )
