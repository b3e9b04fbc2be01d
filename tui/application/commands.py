"""The command palette: everything that keys do here, by name, what one does most first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from tui.controls.key_line import HELP, ON
from tui.controls.reach import ActionInReach, actions_in_reach, with_partners

ALREADY_HERE = (*HELP, ON, "command_palette")


@dataclass(frozen=True)
class PaletteCommand:
    """Something to run by its name."""

    does: str
    place: str  # where it does so, and by which keys
    run: Callable[[], object]
    offered: bool  # before anything is typed


def commands_here(screen: Screen[Any]) -> Iterator[PaletteCommand]:
    """What the footer shows of this pane, then what else it does, then the rest of the app.

    Steps by arrows and pages can be searched for, and are not offered.
    """
    actions = [each for each in actions_in_reach(screen) if each.enabled]

    def rank(action: ActionInReach) -> tuple[int, bool]:
        return (2 if action.node is screen.app else action.node is screen), not action.binding.show

    for action in sorted(actions, key=rank):
        if action.binding.action in ALREADY_HERE:
            continue
        is_step = len(with_partners(action, actions)) > 1 and not action.binding.show
        keys = "  ".join(action.keys)
        yield PaletteCommand(action.does, f"{action.pane} · {keys}", action.run, not is_step)
    app = screen.app
    yield PaletteCommand("Choose a theme from a list", "Everywhere", app.action_change_theme, True)
    picture = partial(app.set_timer, 0.1, app.deliver_screenshot)
    yield PaletteCommand("Save what is on the screen as SVG", "Everywhere", picture, True)


class CommandsHere(Provider):
    """Finds the commands of the screen below."""

    async def discover(self) -> Hits:
        """In the order of their use: Textual keeps it where nothing is typed."""
        for command in commands_here(self.screen):
            if command.offered:
                yield DiscoveryHit(command.does, command.run, help=command.place)

    async def search(self, query: str) -> Hits:
        """What the letters fit."""
        matcher = self.matcher(query)
        for command in commands_here(self.screen):
            if (match := matcher.match(command.does)) > 0:
                yield Hit(match, matcher.highlight(command.does), command.run, help=command.place)
