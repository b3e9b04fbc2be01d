"""A box that says how a number came to be."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.core.explanation import Explanation
from tui.controls.bindings import in_footer


class ExplainBox(ModalScreen[None]):
    """Shows an explanation whole."""

    DEFAULT_CSS = """
    ExplainBox {
        align: center middle;
        & > VerticalScroll {
            width: 72; max-width: 90%; height: auto; max-height: 90%; padding: 1 2;
            background: $surface; border: round $foreground 40%;
            border-title-style: bold; border-subtitle-color: $foreground 75%;
        }
        & Static { height: auto; }
        & .label { color: $foreground 75%; margin-top: 1; }
        & #explain-filled { text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("escape,enter,x,q", "close", "Close", "", "explain.close")
    ]

    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self.explanation = explanation

    def compose(self) -> ComposeResult:
        told = self.explanation
        with VerticalScroll() as box:
            box.border_title = told.title.replace("[", r"\[")
            box.border_subtitle = "escape closes"
            yield Static(told.what, markup=False, id="explain-what")
            for label, id, text in (
                ("formula", "explain-formula", told.formula),
                ("with the counts", "explain-filled", told.filled),
                ("made at", "explain-made-at", told.made_at),
            ):
                if text:
                    yield Static(label, classes="label")
                    yield Static(text, markup=False, id=id)

    def action_close(self) -> None:
        """Back to the number."""
        self.dismiss(None)
