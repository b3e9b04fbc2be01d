"""The line of keys at the bottom: as many whole ones as fit, help and quit always."""

from collections.abc import Sequence
from typing import Any, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

LAST: Final = ("quit", "help")  # actions that stay when others have to go
GAPS: Final = 2  # cells: between the key and its word, and after the word


def fitting(widths: Sequence[int], kept: Sequence[bool], room: int) -> list[bool]:
    """Which of these fit: the last that is not kept goes first."""
    shown = list(map(bool, widths))
    left_over = room - sum(widths)
    for position in reversed(range(len(widths))):
        if left_over >= 0:
            break
        if not kept[position]:
            shown[position] = False
            left_over += widths[position]
    return shown


class KeyLine(Footer):
    """Textual's footer cuts the last key in half, which is the one that explains the others.

    It also makes a widget for each key anew whenever a focus moves, which takes the event
    loop tens of milliseconds; the keys are seldom others then.
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._said: list[tuple[object, ...]] | None = None
        self._due = False

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Textual tells of a change whenever there may be one."""
        self._bindings_ready = True
        if screen.app.app_focus and self.is_attached and screen is self.screen and not self._due:
            self._due = True
            self.call_after_refresh(self._say_anew)

    async def _say_anew(self) -> None:
        self._due = False
        if self.is_attached and self._said != self._to_say():
            await self.recompose()

    def _to_say(self) -> list[tuple[object, ...]]:
        """What makes two lines of keys the same."""
        said: list[tuple[object, ...]] = [(self.key_of_help(),)]
        for _, key, enabled, tooltip in self.screen.active_bindings.values():
            if key.show:
                shown = self.app.get_key_display(key), key.description
                said.append((*shown, key.key, key.action, enabled, tooltip))
        return said

    def compose(self) -> ComposeResult:
        self._said = self._to_say() if self._bindings_ready else None
        made: list[Widget] = []
        for widget in super().compose():
            if isinstance(widget, FooterKey):
                widget.add_class("-compact", update=False)  # once it is mounted it costs more
                if widget.action == "help":
                    widget.key_display = self.key_of_help()
            made.append(widget)
        keys = [key for key in made if isinstance(key, FooterKey)]
        self.fit(keys, self.size.width or self.app.size.width)
        yield from made

    def key_of_help(self) -> str:
        """Where one types, a question mark is a letter like others."""
        binding = self.screen.active_bindings.get("question_mark")
        if binding is not None:
            return self.app.get_key_display(binding.binding)
        return self.app.get_key_display(Binding("f1", "help", "Help"))

    def fit(self, keys: Sequence[FooterKey], room: int) -> None:
        """Show those that fit."""
        widths = [len(key.key_display) + len(key.description) + GAPS for key in keys]
        # No gap is needed after the last one.
        shown = fitting(widths, [key.action in LAST for key in keys], room + 1)
        for key, is_shown in zip(keys, shown, strict=True):
            key.display = is_shown

    def on_resize(self, event: events.Resize) -> None:
        """Other keys fit."""
        self.fit(list(self.query(FooterKey)), event.size.width)
