"""The error types of a detector: a list that leads to their images, and words below it."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from engine.detection.error_types.names import ERROR_TYPES, ErrorType
from tui.controls.bindings import in_footer, quiet
from tui.controls.lines import Lines
from tui.controls.row_list import RowList
from tui.metrics.paint.error_types import (
    ErrorTypesView,
    error_facts,
    error_heading,
    error_line,
    error_words,
)

WAITING: Final = " Working out the error types"


class ErrorTypeList(RowList):
    """A line for each type; enter opens the images of one."""

    PANE = "Error types"
    headed: ClassVar[bool] = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--bar"}
    DEFAULT_CSS = """
    ErrorTypeList {
        & > .rows--bar { color: $text-primary; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "enter", "open", "Images", "Show the images with this error", "metrics.error_images"
        ),
        quiet("x", "explain", "Explain the error type", "metrics.error_explain"),
        quiet("e", "export", "Export the error types as CSV", "metrics.error_export"),
    ]

    shown: reactive[ErrorTypesView | None] = reactive(None, init=False, repaint=False)

    @dataclass
    class Opened(Message):
        """The person wants to see the errors of a type."""

        error: ErrorType

    @dataclass
    class ExplanationAsked(Message):
        """The person wants a type in a box of its own."""

    @dataclass
    class ExportAsked(Message):
        """The person wants the numbers in a file."""

    @property
    def count(self) -> int:
        return 0 if self.shown is None else len(ERROR_TYPES)

    def watch_shown(self) -> None:
        self.stand()
        self.refresh_changed()

    def heading(self, width: int, style: Style) -> Strip:
        text = error_heading(width) if self.shown is not None else WAITING
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        if self.shown is None:
            return Strip.blank(width, base)
        bar = base + Style(color=self._part("bar").color)
        return Strip(error_line(self.shown, index, width, base, bar)).adjust_cell_length(
            width, base
        )

    def on_focus(self) -> None:
        self.stand()

    def stand(self) -> None:
        """Whoever comes here stands on the first line once there is one."""
        if self.cursor is None and self.shown is not None and self.has_focus:
            self.cursor = 0

    def action_open(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Opened(ERROR_TYPES[self.cursor]))

    def action_explain(self) -> None:
        if self.cursor is not None:
            self.post_message(self.ExplanationAsked())

    def action_export(self) -> None:
        if self.shown is not None:
            self.post_message(self.ExportAsked())


class ErrorTypesPane(Vertical):
    """Where the numbers come from, the list, and the type in focus in words."""

    DEFAULT_CSS = """
    ErrorTypesPane {
        height: 1fr;
        & #errors-facts { height: 1; padding: 0 1; color: $foreground 75%; }
        & #errors-list { height: 7; margin-bottom: 1; }
        & #errors-words { height: 1fr; padding: 0 1; }
    }
    """

    view: reactive[ErrorTypesView | None] = reactive(None, init=False, repaint=False)

    def compose(self) -> ComposeResult:
        yield Lines(id="errors-facts")
        yield ErrorTypeList(id="errors-list")
        yield Lines(id="errors-words")

    @property
    def rows(self) -> ErrorTypeList:
        """The list of types."""
        return self.query_one(ErrorTypeList)

    @property
    def index(self) -> int:
        """The type in focus: the first before somebody walks there."""
        return self.rows.cursor or 0

    def watch_view(self) -> None:
        self.rows.shown = self.view
        self.show_words()

    def on_resize(self) -> None:
        self.show_words()

    @on(RowList.Moved)
    def follow(self) -> None:
        self.show_words()

    def show_words(self) -> None:
        """What is in focus."""
        if (view := self.view) is None:
            return
        self.query_one("#errors-facts", Lines).show([error_facts(view, self.size.width - 2)])
        words = self.query_one("#errors-words", Lines)
        words.show(error_words(view, self.index, *words.content_size))
