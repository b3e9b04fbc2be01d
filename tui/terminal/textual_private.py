"""What Textual and Rich know and tell nobody. Their private parts, as of Textual 8.2.8."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.color import ColorSystem
from textual.app import App
from textual.dom import DOMNode
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget


def write_to_terminal(app: App[Any], sequence: str) -> None:
    """Send the terminal a whole sequence, where there is one."""
    if app._driver is not None:
        app._driver.write(sequence)


def writes_waiting(app: App[Any]) -> int:
    """How many writes wait in the thread that writes; a full queue blocks the event loop."""
    thread = getattr(app._driver, "_writer_thread", None)
    return thread._queue.qsize() if thread is not None else 0


def colour_system(app: App[Any]) -> ColorSystem:
    """The colours in which the app writes; all of them where it knows of none."""
    return app.console._color_system or ColorSystem.TRUECOLOR


def visible_widgets(screen: Screen[Any]) -> Iterable[tuple[Widget, tuple[Region, Region]]]:
    """Each widget in sight with its region and what its container leaves of it, front first."""
    return screen._compositor.visible_widgets.items()


def nodes_with_keys(screen: Screen[Any]) -> list[DOMNode]:
    """What a key is looked for in: the widget in focus first, then what holds it."""
    return [node for node, _ in screen._binding_chain]


def binding_ids(node: DOMNode) -> list[str]:
    """Ids of what keys do there, in the order of its class, whatever a keymap says."""
    merged = type(node)._merged_bindings
    bound = () if merged is None else merged.key_to_bindings.values()
    return [binding.id for each in bound for binding in each if binding.id]


def normal_keymap(chosen: Mapping[str, str]) -> Mapping[str, str]:
    """Keys by the ids of bindings, by the names that Textual has for them."""
    normal: Mapping[str, str] = App._normalize_keymap(dict(chosen))
    return normal
