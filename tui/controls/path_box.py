"""A box in which one types where a file shall be written."""

import os
from pathlib import Path
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.controls.bindings import HELP, in_footer
from tui.controls.early_keys import keep_typed
from tui.controls.key_line import KeyLine
from tui.controls.question_box import QuestionBox

HINT: Final = "Folders must be there already; ~ stands for the home folder."


class PathBox(ModalScreen[Path | None]):
    """Answers with a path that can be written, or None.

    A file that is there already is only answered with after a second Enter.
    """

    DEFAULT_CSS = "PathBox { align: center middle; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "enter", "write", "Write", "Write the file to this path", "path.write", priority=True
        ),
        in_footer("escape", "cancel", "Cancel", "Write nothing", "path.cancel"),
        HELP,
    ]
    purpose = "A file to write: its path on the machine where Offdiag runs."

    def __init__(self, suggestion: Path, title: str = "Export to") -> None:
        super().__init__()
        self.suggestion, self.title_words = suggestion, title
        self.warned: Path | None = None  # of a file that is there already

    def compose(self) -> ComposeResult:
        field = Input(str(self.suggestion), select_on_focus=False, compact=True)
        yield QuestionBox(self.title_words, field, HINT)
        yield KeyLine()

    @property
    def box(self) -> QuestionBox:
        """The line, and what is said of it."""
        return self.query_one(QuestionBox)

    def on_key(self, event: events.Key) -> None:
        keep_typed(self, event)

    @on(Input.Changed)
    def show_hint(self) -> None:
        """Another path is another question."""
        self.warned = None
        self.box.say(HINT)

    def action_write(self) -> None:
        """Answer with the path, or say what stands against it."""
        typed = self.box.field.value.strip()
        path, there = None, False
        try:
            path = Path(typed).expanduser() if typed else None
            problem = trouble(path)
            there = path is not None and path.exists()
        except RuntimeError:
            problem = f"Nobody here has the home folder {Path(typed).parts[0]}."
        except OSError as error:  # too long a name, a folder one may not look into
            problem = f"{error.strerror}."
        if problem or path is None:
            self.box.say(problem, problem=True)
        elif there and path != self.warned:
            self.warned = path
            self.box.say(f"{path.name} is there already. Enter again overwrites it.", problem=True)
        else:
            self.dismiss(path)

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)


def trouble(path: Path | None) -> str:
    """Why a file cannot be written to this path; nothing if it can."""
    if path is None:
        return "Type the path of a file."
    if path.is_dir():
        return f"{path} is a folder. Add the name of a file."
    folder = path.parent
    if not folder.is_dir():
        return f"There is no folder {folder}."
    if not os.access(path if path.exists() else folder, os.W_OK):
        return f"You may not write to {path if path.exists() else folder}."
    return ""
