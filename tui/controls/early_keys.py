"""Keys that come before a box has the focus."""

from typing import Any

from textual import events
from textual.screen import Screen
from textual.widgets import Input


def keep_typed(box: Screen[Any], event: events.Key) -> None:
    """What is typed before the box has the focus goes into its input and is not lost."""
    if box.focused is None and event.character and event.is_printable:
        event.stop()
        event.prevent_default()
        box.query_one(Input).insert_text_at_cursor(event.character)
