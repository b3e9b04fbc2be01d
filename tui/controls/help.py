"""What a screen is for, how the number in focus came to be, and the keys that work right now."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from engine.core.explanation import Explanation
from engine.util.words import number
from tui.controls.bindings import first, in_footer, quiet, together
from tui.controls.key_line import KeyLine
from tui.controls.reach import lines_in_reach
from tui.terminal.textual_private import nodes_with_keys


def purpose_of(screen: Screen[object]) -> str:
    """What somebody does here: of the part in focus that says so, else of the screen."""
    told = (getattr(node, "purpose", "") for node in nodes_with_keys(screen))
    return next(filter(None, told), "")


def explained(about: Explanation) -> Text:
    """The number in focus: what it is, and how it came to be."""
    return Text.assemble(
        (about.title, "bold"),
        f"\n{about.what}\n",
        (about.filled, "bold"),
        (f"\n{about.formula} · {about.made_at}", "dim"),
    )


class HelpScreen(ModalScreen[None]):
    """Keys of the pane in focus first, those that work everywhere after them; typing searches."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center top;
        & > #help {
            width: 78; max-width: 100%; height: 1fr; padding: 0 1;
            background: $surface; border: round $primary; border-title-style: bold;
        }
        & #help-purpose { height: auto; text-style: bold; }
        & #help-search { height: 1; margin-bottom: 1; }
        & #help-scroll { height: 1fr; }
        & #help-scroll > Static { height: auto; }
        & #help-about { margin-bottom: 1; padding: 0 1; background: $foreground 8%; }
        & #help-foot { color: $foreground 75%; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *first(
            [
                *together(
                    "Scroll by a line",
                    in_footer("up", "scroll(-1)", "Scroll", "Scroll up", "help.up"),
                    quiet("down", "scroll(1)", "Scroll down", "help.down"),
                ),
                *together(
                    "Scroll by a page",
                    in_footer("pageup", "page(-1)", "Page", "Scroll a page up", "help.page_up"),
                    quiet("pagedown", "page(1)", "Scroll a page down", "help.page_down"),
                ),
            ]
        ),
        in_footer("escape,f1", "dismiss", "Close", "Close the help", "help.close"),
    ]

    def __init__(self, behind: Screen[object]) -> None:
        super().__init__()
        self.lines = tuple(lines_in_reach(behind))
        self.about: Explanation | None = getattr(behind, "explanation", None)
        self.told = purpose_of(behind)

    def compose(self) -> ComposeResult:
        with Vertical(id="help") as box:
            box.border_title = "Help"
            if self.told:
                yield Static(self.told, id="help-purpose", markup=False)
            yield Input(placeholder="type to search the keys", id="help-search", compact=True)
            with VerticalScroll(id="help-scroll", can_focus=False):
                if self.about is not None:
                    yield Static(explained(self.about), id="help-about", markup=False)
                yield Static(id="help-keys")
                yield Static(
                    "Shift+drag selects text in most terminals. `offdiag keys` prints the file "
                    "in which keys are changed.",
                    id="help-foot",
                )
        yield KeyLine()

    def on_mount(self) -> None:
        self.show("")
        self.watch(self.keys_area, "scroll_y", self.tell_more, init=False)
        self.watch(self.keys_area, "max_scroll_y", self.tell_more, init=False)

    @property
    def keys_area(self) -> VerticalScroll:
        """What is longer than the box."""
        return self.query_one("#help-scroll", VerticalScroll)

    def on_resize(self) -> None:
        self.call_after_refresh(self.tell_more)

    def tell_more(self) -> None:
        """How much lies below what is in sight."""
        below = round(self.keys_area.max_scroll_y - self.keys_area.scroll_y)
        words = f"{number(below, 'more line')} below" if below > 0 else ""
        self.query_one("#help", Vertical).border_subtitle = words

    @on(Input.Changed)
    def search(self, message: Input.Changed) -> None:
        self.show(message.value)

    def show(self, wanted: str) -> None:
        """Lines that have these words in them; with them, nothing but keys."""
        table = Table.grid(padding=(0, 2))
        table.add_column(max_width=20)
        table.add_column()
        pane = ""
        for line in self.lines:
            if wanted.lower() not in f"{line.keys} {line.does} {line.pane}".lower():
                continue
            if line.pane != pane:
                if pane:
                    table.add_row("", "")
                table.add_row(Text(line.pane, "bold underline"), "")
                pane = line.pane
            table.add_row(Text(line.keys, "bold"), line.does)
        self.query_one("#help-keys", Static).update(
            table if pane else f"No key here does anything like “{wanted}”."
        )
        for beside in self.query("#help-about, #help-foot"):
            beside.display = not wanted
        self.keys_area.scroll_home(animate=False)
        self.call_after_refresh(self.tell_more)

    def action_scroll(self, lines: int) -> None:
        """By so many lines."""
        self.keys_area.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """By what is in sight."""
        self.keys_area.scroll_relative(
            y=pages * max(self.keys_area.size.height - 1, 1), animate=False
        )
