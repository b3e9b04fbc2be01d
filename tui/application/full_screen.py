"""One pane over all of the screen."""

from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher

ASIDE = "-aside"  # class of what makes room


def toggle_full_screen(screen: Screen[Any]) -> bool:
    """The pane in focus alone, or everything again. Whether a pane has come to stand alone."""
    aside = screen.query(f".{ASIDE}")
    if aside:
        aside.remove_class(ASIDE)
        return False
    if screen.focused is None:
        return False
    for widget in _beside(_pane(screen.focused)):
        widget.add_class(ASIDE)
    return True


def _pane(widget: Widget) -> Widget:
    """The nearest part of the screen with a name of its own, as help has it."""
    for node in widget.ancestors_with_self:
        if isinstance(node, Widget) and (getattr(node, "PANE", None) or node.border_title):
            return node if node.parent is not None and not node.is_dom_root else widget
    return widget


def _beside(widget: Widget) -> list[Widget]:
    """Everything that takes room from a widget."""
    found: list[Widget] = []
    node: DOMNode = widget
    while isinstance(node.parent, Widget):
        if not isinstance(node.parent, ContentSwitcher):
            found += [
                other
                for other in node.parent.children
                if other is not node and other.display and other.styles.overlay != "screen"
            ]
        node = node.parent
    return found
