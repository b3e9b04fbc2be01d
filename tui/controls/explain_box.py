"""A box that says how a number came to be."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.core.explanation import Explanation
from tui.controls.bindings import HELP, in_footer
from tui.controls.key_line import KeyLine


def as_text(about: Explanation) -> str:
    """A number with how it came to be, on four lines."""
    return f"{about.title}\n{about.what}\n{about.filled}\n{about.formula} · {about.made_at}"


class ExplainBox(ModalScreen[None]):
    """Shows an explanation whole."""

    DEFAULT_CSS = """
    ExplainBox {
        align: center middle;
        & > VerticalScroll {
            width: 72; max-width: 90%; height: auto; max-height: 90%; padding: 1 2;
            background: $surface; border: round $foreground 40%;
            border-title-style: bold;
        }
        & Static { height: auto; }
        & .label { color: $foreground 75%; margin-top: 1; }
        & #explain-filled { text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("y", "copy", "Copy", "Copy the explanation", "explain.copy"),
        in_footer("escape,enter,x,q", "close", "Close", "Go back to the number", "explain.close"),
        HELP,
    ]
    purpose = "A number explained: what it is, its formula, and the counts it is made of."

    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self.explanation = explanation

    def compose(self) -> ComposeResult:
        told = self.explanation
        with VerticalScroll() as box:
            box.border_title = told.title.replace("[", r"\[")
            yield Static(told.what, markup=False, id="explain-what")
            for label, id, text in (
                ("formula", "explain-formula", told.formula),
                ("with the counts", "explain-filled", told.filled),
                ("made at", "explain-made-at", told.made_at),
            ):
                if text:
                    yield Static(label, classes="label")
                    yield Static(text, markup=False, id=id)
        yield KeyLine()

    def action_copy(self) -> None:
        """All of it, as text."""
        self.app.copy_to_clipboard(as_text(self.explanation))
        self.notify(f"Copied {self.explanation.title}", markup=False)

    def action_close(self) -> None:
        """Back to the number."""
        self.dismiss(None)
