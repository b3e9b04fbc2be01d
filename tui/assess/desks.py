"""The kinds of task that the app shows: one desk each, found by the type of the assessment."""

from typing import Any, assert_never

from engine.classification.classification import Classification
from engine.detection.detection import Detection
from engine.opening import Opened
from tui.desk.comparing import ComparedWith
from tui.desk.desk import Desk


def desk_of(opened: Opened | ComparedWith) -> Desk[Any]:
    """The desk for what was opened. Its tabs are imported now: those of others never are."""
    if isinstance(opened, ComparedWith):
        desk = desk_of(opened.sides.a.opened)
        desk.compared_with = opened
        return desk
    made = opened.assessment
    match made:
        case Detection():
            from tui.assess.detection_desk import DetectionDesk

            return DetectionDesk(opened, made)
        case Classification():
            from tui.assess.classification_desk import ClassificationDesk

            return ClassificationDesk(opened, made)
        case _:
            assert_never(made)
