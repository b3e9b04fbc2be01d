"""What tests that walk through the app share."""

from engine.core.outcomes import Selection
from engine.detection.detection import Detection
from tests.opening import confused, opened, opener_of
from tui.app import OffdiagApp
from tui.assess.assess import AssessScreen
from tui.controls.lines import Lines
from tui.grids.grid import MatrixGrid

SIZE = (120, 40)


def app_of(detection: Detection | None = None, **changes: object) -> OffdiagApp:
    return OffdiagApp(opener_of(opened(detection or confused(), **changes)))


def cell(screen: AssessScreen) -> Selection:
    return screen.query_one(MatrixGrid).selection


def words(screen: AssessScreen, name: str) -> str:
    return screen.query_one(name, Lines).plain
