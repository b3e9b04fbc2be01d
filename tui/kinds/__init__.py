"""The kinds of task that the app shows: one desk each, found by the type of the assessment."""

from typing import Any

from engine.kinds.detection import Detection
from engine.opening import Opened
from tui.screens.desk import Desk


def desk_of(opened: Opened) -> Desk[Any]:
    """The desk for what was opened. Its tabs are imported now: those of others never are."""
    made = opened.assessment
    if isinstance(made, Detection):
        from tui.kinds.detection import DetectionDesk

        return DetectionDesk(opened, made)
    from tui.kinds.classification import ClassificationDesk

    return ClassificationDesk(opened, made)
