"""The line of keys at the bottom: what one does most here, then where the rest is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from tui.controls.reach import ActionInReach, actions_in_reach, short_keys

MOST: Final = 6  # keys before help: more are not read
GAPS: Final = 2  # cells: between the key and its word, and after the word
HELP: Final = ("help", "app.help")
ON: Final = "app.focus_next"


@dataclass(frozen=True)
class KeyEntry:
    """A key of the line. Two equal ones look the same."""

    key: str  # to simulate
    shown: str
    word: str
    action: str
    enabled: bool
    does: str

    @property
    def kept(self) -> bool:
        """Whether it stays when others have to go."""
        return self.action in (*HELP, ON)

    @property
    def width(self) -> int:
        """Cells."""
        return len(self.shown) + len(self.word) + GAPS


def fitting(
    widths: Sequence[int], kept: Sequence[bool], room: int, most: int | None = None
) -> list[bool]:
    """Which of these fit, and are no more than so many: the last that is not kept goes first."""
    shown = list(map(bool, widths))
    left_over = room - sum(widths)
    too_many = 0 if most is None else len(widths) - most
    for position in reversed(range(len(widths))):
        if left_over >= 0 and too_many <= 0:
            break
        if not kept[position]:
            shown[position] = False
            left_over += widths[position]
            too_many -= 1
    return shown


def entries(screen: Screen[Any]) -> list[KeyEntry]:
    """What one does most where the focus is, at most so many, and help."""
    actions = actions_in_reach(screen)
    made = []
    for action in actions:
        if action.binding.show and (word := _word(action, screen)):
            shown = short_keys(action, actions) if action.binding.action not in HELP else ""
            made.append(
                KeyEntry(
                    action.binding.key,
                    shown or action.keys[0],
                    word,
                    action.binding.action,
                    action.enabled,
                    action.does,
                )
            )
    last = [each for each in made if each.action in HELP][:1]
    verbs = [each for each in made if each.action not in HELP]
    enough = fitting([1] * len(verbs), [each.kept for each in verbs], len(verbs), MOST)
    return [*(each for each, some in zip(verbs, enough, strict=True) if some), *last]


def _word(action: ActionInReach, screen: Screen[Any]) -> str:
    """What stands after the key; of that which leads on, where it leads."""
    if action.binding.action != ON:
        return action.binding.description
    chain = screen.focus_chain
    if len(chain) < 2 or screen.focused not in chain:
        return ""
    following = chain[(chain.index(screen.focused) + 1) % len(chain)]
    here, there = (_name(node, action) for node in (screen.focused, following))
    return action.binding.description if here == there else there


def _name(node: Any, action: ActionInReach) -> str:
    for each in node.ancestors_with_self:
        if each is action.node:
            break
        if name := getattr(each, "PANE", None) or getattr(each, "border_title", None):
            return str(name)
    return action.binding.description


class KeyLine(Footer):
    """Textual's footer cuts the last key in half, which is the one that explains the others.

    It also makes a widget for each key anew whenever a focus moves, which takes the event
    loop tens of milliseconds; the keys are seldom others then.
    """

    DEFAULT_CSS = "KeyLine { padding: 0 1; }"  # as all lines above it

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._said: list[KeyEntry] | None = None
        self._due = False

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Textual tells of a change whenever there may be one."""
        self._bindings_ready = True
        if screen.app.app_focus and self.is_attached and screen is self.screen and not self._due:
            self._due = True
            self.call_after_refresh(self._say_anew)

    async def _say_anew(self) -> None:
        self._due = False
        if self.is_attached and self._said != entries(self.screen):
            await self.recompose()

    def compose(self) -> ComposeResult:
        if not self._bindings_ready:
            return
        self._said = entries(self.screen)
        self.styles.grid_size_columns = len(self._said)
        keys = [
            FooterKey(
                each.key,
                each.shown,
                each.word,
                each.action,
                disabled=not each.enabled,
                tooltip=each.does,
                classes="-compact",  # once it is mounted it costs more
            )
            for each in self._said
        ]
        self.fit(keys, self.size.width or self.app.size.width - 2)
        yield from keys

    def fit(self, keys: Sequence[FooterKey], room: int) -> None:
        """Show those that fit."""
        widths = [each.width for each in self._said or ()]
        kept = [each.kept for each in self._said or ()]
        # No gap is needed after the last one.
        for key, is_shown in zip(keys, fitting(widths, kept, room + 1), strict=False):
            key.display = is_shown

    def on_resize(self) -> None:
        """Other keys fit."""
        self.fit(list(self.query(FooterKey)), self.size.width)
