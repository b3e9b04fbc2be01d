"""What tests of the Compare tab share."""

from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from engine.compare.sides import Sides, side_by_side
from engine.detection.detection import Detection
from engine.opening import Inputs
from tests.making import detection
from tests.opening import BOLT, GEAR, NUT, opened, opener_of
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.compare.pane import ComparePane
from tui.compare.tab import CompareTab
from tui.controls.lines import Lines
from tui.desk.comparing import ComparedWith

SIZE = (120, 40)
OLD = [  # image, class, confidence, box
    (0, BOLT, 0.9, (0, 0, 10, 10)),  # broken: B gives another class
    (0, NUT, 0.8, (40, 40, 10, 10)),  # both right
    (1, BOLT, 0.3, (0, 0, 10, 10)),  # fixed: below the threshold of A
    (1, GEAR, 0.7, (80, 80, 10, 10)),  # a false alarm that is gone
    (2, NUT, 0.8, (40, 40, 10, 10)),  # both right
]
NEW = [
    (0, NUT, 0.9, (0, 0, 10, 10)),
    (0, NUT, 0.8, (40, 40, 10, 10)),
    (1, BOLT, 0.8, (0, 0, 10, 10)),
    (2, NUT, 0.8, (40, 40, 10, 10)),
    (2, GEAR, 0.6, (60, 10, 10, 10)),  # a new false alarm
]
TRUTHS = [
    (0, BOLT, (0, 0, 10, 10)),
    (0, NUT, (40, 40, 10, 10)),
    (1, BOLT, (0, 0, 10, 10)),
    (2, NUT, (40, 40, 10, 10)),
    (2, BOLT, (0, 80, 10, 10)),  # both wrong
]


def two_detectors() -> tuple[Detection, Detection]:
    """One object both wrong, two both right, one fixed, one broken, an alarm gone, one new."""
    a = detection(TRUTHS, OLD, images=3)
    b = detection(TRUTHS, NEW, images=3)
    return a, replace(b, dataset=a.dataset)


def sides_of(a, b) -> Sides:
    """Both as if they were opened from files."""
    data = Path("truth.json")
    one = opened(a, inputs=Inputs(data, predictions=Path("old.json")), answers="old.json")
    other = opened(b, inputs=Inputs(data, predictions=Path("new.json")), answers="new.json")
    return side_by_side(one, other)


@asynccontextmanager
async def comparing(a=None, b=None, *, confidence=0.5, size=SIZE):
    """The app on two detectors at its tab Compare, with all numbers there."""
    if a is None:
        a, b = two_detectors()
    app = OffdiagApp(opener_of(ComparedWith(sides_of(a, b), 0.5, confidence)))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        tab = pilot.app.screen.query_one(CompareTab)
        await until(pilot, lambda: pilot.app.screen.current == "compare")
        await until(pilot, lambda: is_calm(tab))
        yield pilot, tab


def is_calm(tab: CompareTab) -> bool:
    """Whether what is wanted is on show."""
    session = tab.session
    return not session.working and not session.is_behind and session.numbers is not None


def pane(tab: CompareTab) -> ComparePane:
    found = tab.pane
    assert found is not None
    return found


def said(tab: CompareTab, name: str) -> str:
    return tab.query_one(name, Lines).plain
