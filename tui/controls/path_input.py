"""A line for paths: it takes pastes of many lines, and completes what is typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, work
from textual.binding import BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input
from textual.worker import get_current_worker

from engine.util.words import number
from engine.whatif.completing import Completion, completed, joined
from engine.whatif.pasted import pasted_paths
from tui.controls.bindings import in_footer, quiet, together

MOST_IN_LINE: Final = 50  # paths that are shown; a paste of more is kept and counted


class PathInput(Input):
    """Enter sends what was typed, and before it what was pasted."""

    PANE = "Paths"
    DEFAULT_CSS = """
    PathInput, PathInput:focus { border: none; height: 1; padding: 0; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "tab",
            "complete",
            "Complete",
            "Complete the path; on an empty line, go on",
            "paths.complete",
        ),
        in_footer("enter", "submit", "Accept", "Take what is typed", "paths.accept"),
        *together(
            "Go back to a line before, or on to the one after",
            quiet("up", "recall(-1)", "Go back to the line before", "paths.before"),
            quiet("down", "recall(1)", "Go on to the line after", "paths.after"),
        ),
    ]

    @dataclass
    class Wanted(Message):
        """The person wants the images that these texts name: pastes, then what was typed."""

        texts: tuple[str, ...]

    @dataclass
    class Empty(Message):
        """Enter on an empty line."""

    @dataclass
    class Told(Message):
        """Something about what is being typed: candidates, or a paste that is kept."""

        words: str

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        complete: Callable[[str], Completion] = completed,
        id: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            compact=True,
            select_on_focus=False,
            suggester=PathSuggester(complete),
            id=id,
        )
        self.complete_line = complete
        self.kept: tuple[str, ...] = ()  # pastes that are too long to be shown
        self.lines: list[str] = []  # sent before or likely to be, the nearest last
        self._recalled = 0  # how many lines back one is
        self._begun = ""  # what was typed before one went back

    def _on_paste(self, event: events.Paste) -> None:
        """One line goes in as it is; several become paths in one line, or are kept."""
        event.stop()
        event.prevent_default()
        text = event.text.strip("\r\n")
        if "\n" not in text and "\r" not in text and text.isprintable():
            self._put(text)
            return
        if event.text.count("\n") + event.text.count("\r") <= MOST_IN_LINE:
            paths = pasted_paths(event.text)
            if all(path.isprintable() for path in paths):
                self._put(joined(paths) + " " * (len(paths) > 1))
                return
        self.kept = (*self.kept, event.text)
        lines = sum(bool(line.strip()) for text in self.kept for line in text.splitlines())
        words = f"{number(lines, 'pasted line')}: enter scores, escape drops"
        self.post_message(self.Told(words))

    def _put(self, text: str) -> None:
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    async def action_submit(self) -> None:
        """Send what is there, and begin again."""
        texts = tuple(text for text in (*self.kept, self.value) if text.strip())
        if self.value.strip():
            self.lines = [*(line for line in self.lines if line != self.value), self.value]
        self._recalled = 0
        self.kept, self.value = (), ""
        self.post_message(self.Wanted(texts) if texts else self.Empty())

    def offer(self, lines: tuple[str, ...]) -> None:
        """Lines to go back to beyond those that were sent, the likeliest first."""
        self.lines = [*(line for line in reversed(lines) if line not in self.lines), *self.lines]

    def action_recall(self, by: int) -> None:
        """A line before or after, as a shell has them; after the last what was begun."""
        back = self._recalled - by
        if not 0 <= back <= len(self.lines):
            return
        if not self._recalled:
            self._begun = self.value
        self._recalled = back
        self.value = self.lines[-back] if back else self._begun
        self.cursor_position = len(self.value)

    def drop(self) -> bool:
        """Forget what was typed and pasted; False where there was nothing."""
        had = bool(self.kept or self.value)
        self.kept, self.value, self._recalled = (), "", 0
        return had

    def action_complete(self) -> None:
        """As a shell does: as much as is certain, then the candidates; on an empty line, go on."""
        if not self.value:
            self.screen.focus_next()
            return
        self.find_completion(self.value)

    @work(thread=True, group="complete", exclusive=True, exit_on_error=False)
    def find_completion(self, line: str) -> None:
        found = self.complete_line(line)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self.take_completion, line, found)

    def take_completion(self, line: str, found: Completion) -> None:
        """Put it in, unless one has typed on."""
        if line != self.value:
            return
        if not found.candidates:
            self.post_message(self.Told("nothing here begins like this"))
        elif found.line != line:
            self.value = found.line
            self.cursor_position = len(self.value)
        elif len(found.candidates) > 1:
            self.post_message(self.Told("  ".join(found.candidates[:40])))


class PathSuggester(Suggester):
    """Shows how the line would go on, without keeping the event loop."""

    def __init__(self, complete: Callable[[str], Completion]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """The line with the first candidate, where that is an addition to it."""
        from asyncio import to_thread

        found = await to_thread(self.complete, value)
        return found.first if found.first.startswith(value) else None
