"""What tests that walk through the app share."""

from engine.kinds.detection import Detection
from engine.outcomes import Selection
from tests.opening import confused, opened, opener_of
from tui.app import OffdiagApp
from tui.screens.assess import AssessScreen
from tui.widgets.lines import Lines
from tui.widgets.matrix_grid import MatrixGrid

SIZE = (120, 40)


def app_of(detection: Detection | None = None, **changes: object) -> OffdiagApp:
    return OffdiagApp(opener_of(opened(detection or confused(), **changes)))


def cell(screen: AssessScreen) -> Selection:
    return screen.query_one(MatrixGrid).selection


def words(screen: AssessScreen, name: str) -> str:
    return screen.query_one(name, Lines).plain
