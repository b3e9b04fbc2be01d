"""What keys do where the focus is, read off the bindings themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from tui.controls.bindings import sentence
from tui.drawing.key_names import in_turn, together
from tui.terminal.textual_private import binding_ids, nodes_with_keys

SHORT: Final = 4  # cells of the name of a key


@dataclass(frozen=True, eq=False)
class ActionInReach:
    """Something that keys do now."""

    node: DOMNode  # that does it
    binding: Binding
    keys: tuple[str, ...]  # as they are shown, the first that is bound first
    enabled: bool

    @property
    def does(self) -> str:
        """In a sentence."""
        return sentence(self.binding)

    @property
    def pane(self) -> str:
        """Where it does so."""
        named = getattr(self.node, "PANE", None) or getattr(self.node, "border_title", None)
        return named or "This screen"

    def run(self) -> None:
        """As the key would, once what lies above is closed."""
        app = self.node.app
        app.call_later(app.run_action, self.binding.action, self.node)


@dataclass(frozen=True)
class KeysLine:
    """A line of help: keys that belong together."""

    pane: str
    keys: str
    does: str


def actions_in_reach(screen: Screen[Any]) -> list[ActionInReach]:
    """Of the widget in focus first, then of what holds it, and of the app.

    What Textual binds itself has no id, and is not ours to tell.
    """
    found: dict[tuple[int, str], ActionInReach] = {}
    for node, binding, enabled, _ in screen.active_bindings.values():
        if not binding.id:
            continue
        at = (id(node), binding.action)
        keys = found[at].keys if at in found else ()
        shown = screen.app.get_key_display(binding)
        first = found[at].binding if at in found else binding
        found[at] = ActionInReach(node, first, (*keys, shown), enabled)
    places: dict[int, tuple[int, list[str]]] = {
        id(node): (place, binding_ids(node)) for place, node in enumerate(nodes_with_keys(screen))
    }

    def order(action: ActionInReach) -> tuple[int, int]:
        place, ids = places.get(id(action.node), (len(places), []))
        name = action.binding.id
        return place, ids.index(name) if name in ids else len(ids)

    return sorted(found.values(), key=order)


def with_partners(
    action: ActionInReach, among: Sequence[ActionInReach]
) -> tuple[ActionInReach, ...]:
    """What belongs together with an action, in the order of the bindings; itself if nothing."""
    group = action.binding.group
    if group is None:
        return (action,)
    return tuple(each for each in among if each.node is action.node and each.binding.group == group)


def short_keys(action: ActionInReach, among: Sequence[ActionInReach]) -> str:
    """Its first key, and where they are short that of what belongs to it."""
    names = [each.keys[0] for each in with_partners(action, among)]
    return together(names) if max(map(len, names)) <= SHORT else action.keys[0]


def lines_in_reach(screen: Screen[Any]) -> list[KeysLine]:
    """All that keys do now, what belongs together in one line."""
    actions = [each for each in actions_in_reach(screen) if each.enabled]
    lines: dict[tuple[int, str], KeysLine] = {}
    for action in actions:
        partners = with_partners(action, actions)
        group = action.binding.group
        does = group.description if group is not None and len(partners) > 1 else action.does
        keys = in_turn([each.keys for each in partners])
        lines.setdefault((id(action.node), does), KeysLine(action.pane, keys, does))
    return list(lines.values())
