"""Two models on the same images: the one of the main screen, and another beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from engine.compare.numbers import ComparedNumbers
from engine.compare.points import WantedPoint
from engine.compare.sides import Sides, SidesEvent, opening_beside
from engine.core.errors import EngineError
from engine.core.explanation import Explanation
from tui.compare.curves_view import TwoCurves
from tui.compare.invitation import Invitation
from tui.compare.keys import BINDINGS
from tui.compare.paint.csv import comparison_csv
from tui.compare.pane import ComparePane
from tui.compare.session import ComparedAt, CompareSession, PointsWanted
from tui.controls.export import export
from tui.controls.path_ask import PathAsk
from tui.controls.pause import Pause
from tui.desk.assessed import Assessed
from tui.desk.desk import Desk
from tui.desk.tab import Tab
from tui.tables.walked_table import WalkedTable
from tui.terminal.capabilities import Graphics

STILL: Final = 0.6  # seconds without a change before intervals are worked out
ASK: Final = "Compare with"
ASK_HINT: Final = "a model (.onnx), or predictions in any format, on the same data · enter opens"


class CompareTab(Tab):
    """Follows the operating point while it is in sight."""

    purpose = (
        "Compare: is another model better, and where? Each object is both right, fixed, broken "
        "or both wrong, and leads to its image with the boxes of both."
    )
    PANE = "Compare"
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    @dataclass
    class Went(Message):
        """The opening of the second side came a step further."""

        event: SidesEvent

    @dataclass
    class Refused(Message):
        """The second side cannot be opened, or not be compared; a whole sentence."""

        problem: str

    @dataclass
    class WorkedOut(Message):
        """Both sides at their points."""

        found: ComparedAt

    @dataclass
    class Resampled(Message):
        """Intervals, better than before."""

        at: ComparedAt
        numbers: ComparedNumbers

    @dataclass
    class Drawn(Message):
        """Both curves, which take every prediction to be matched."""

        at: ComparedAt
        curves: TwoCurves

    def __init__(self, desk: Desk[Any], graphics: Graphics, *, plain: bool, id: str) -> None:
        super().__init__(id=id)
        self.desk, self.graphics, self.plain = desk, graphics, plain
        self.session = CompareSession()
        self.assessed: Assessed | None = None
        self.opening: Worker[None] | None = None  # of the second side
        self.still = Pause(self, STILL, self.resample)
        if (asked := desk.compared_with) is not None:
            self.session.begin(asked.sides, asked.confidence)

    def compose(self) -> ComposeResult:
        yield Invitation(id="compare-invitation")
        if self.session.sides is not None:
            yield self._make_pane()

    def on_mount(self) -> None:
        self.invitation.display = self.session.sides is None
        if self.desk.compared_with is not None:  # then the app begins here
            self.post_message(self.ClassWanted(self.id or "", None))

    def _make_pane(self) -> ComparePane:
        return ComparePane(self.session, self.desk.terms, self.graphics, plain=self.plain)

    @property
    def invitation(self) -> Invitation:
        """What is here until there is something to compare with."""
        return self.query_one(Invitation)

    @property
    def pane(self) -> ComparePane | None:
        """Both sides, once there are two."""
        found = self.query(ComparePane)
        return found.first() if found else None

    # What the main screen tells

    def follow(self, assessed: Assessed) -> None:
        self.assessed = assessed
        self.session.follow(assessed)
        self.update()

    def fall_behind(self) -> None:
        self.workers.cancel_group(self, "compare-intervals")

    def entered(self) -> None:
        """To the numbers; without a second side somebody is asked for one."""
        pane = self.pane
        if pane is not None:
            pane.in_focus.focus()
            self.update()
            self.still.begin()
        elif self.opening is None:
            self.action_ask()

    def show_class(self, class_: int | None) -> None:
        if class_ is not None and (pane := self.pane) is not None:
            pane.go_to(class_)

    @property
    def explanation(self) -> Explanation | None:
        """Of the number in focus."""
        return None if (pane := self.pane) is None else pane.explanation

    @property
    def to_copy(self) -> str:
        """What is in focus: a number with how it came to be, or the path of an image."""
        pane = self.pane
        if pane is not None and pane.look == "objects":
            return pane.rows.to_copy
        return super().to_copy

    # The second side

    def action_ask(self) -> None:
        """Ask for what to compare with."""

        def take(path: str | None) -> None:
            if path:
                self.open(Path(path))

        self.app.push_screen(PathAsk(ASK, ASK_HINT, _what_stands_against), take)

    def action_ask_first(self) -> None:
        self.action_ask()

    def open(self, path: Path) -> None:
        """Open it beside what is open already."""
        self.invitation.begin(path)
        self.opening = self.open_beside(path, self.session.beside)
        self.refresh_bindings()

    @work(thread=True, group="compare-opening", exclusive=True, exit_on_error=False)
    def open_beside(self, path: Path, beside: WantedPoint) -> None:
        worker = get_current_worker()
        stopped: Callable[[], bool] = lambda: worker.is_cancelled  # noqa: E731
        try:
            for event in opening_beside(self.desk.opened, path, None, stopped):
                if worker.is_cancelled:
                    return
                self.post_message(self.Went(event))
        except EngineError as error:
            if not worker.is_cancelled:
                self.post_message(self.Refused(str(error)))

    @on(Went)
    async def take_event(self, message: Went) -> None:
        if isinstance(message.event, Sides):
            self.opening = None
            await self.take_sides(message.event)
        else:
            self.invitation.tell(message.event)

    @on(Refused)
    def refuse(self, message: Refused) -> None:
        self.opening = None
        if self.pane is None:
            self.invitation.refuse(message.problem)
        else:
            self.notify(message.problem, severity="error", markup=False, timeout=12)
        self.refresh_bindings()

    async def take_sides(self, sides: Sides) -> None:
        """There is something to compare with."""
        self.session.take_sides(sides)
        self.invitation.display = False
        if (pane := self.pane) is not None:
            await pane.remove()
        await self.mount(pane := self._make_pane())
        self.update()
        for warning in sides.warnings[:3]:
            self.notify(warning, severity="warning", markup=False, timeout=8)
        if self.display:
            pane.in_focus.focus()
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Stop opening: what was scored is kept."""
        if self.opening is not None:
            self.opening.cancel()
            self.opening = None
            self.invitation.rest()
            self.refresh_bindings()

    # From the points to what follows

    def update(self) -> None:
        """Work out what is wanted, the newest first; other points are soon forgotten."""
        session = self.session
        if session.sides is None or session.working:
            return
        if not session.is_behind:
            if self.pane is not None:
                self.pane.show()
            return
        self.fall_behind()
        if session.is_quick:
            self.take(session.work_out(session.sides, session.wanted))
        else:
            session.working = True
            self.work_out(session.sides, session.wanted)

    @work(thread=True, group="compare", exit_on_error=False)
    def work_out(self, sides: Sides, wanted: PointsWanted) -> None:
        try:
            found = self.session.work_out(sides, wanted)
        except EngineError as error:
            self.post_message(self.Refused(str(error)))
        else:
            self.post_message(self.WorkedOut(found))

    @on(WorkedOut)
    def take_worked_out(self, message: WorkedOut) -> None:
        self.session.working = False
        self.take(message.found)
        self.update()

    def take(self, found: ComparedAt) -> None:
        """It is on show; intervals follow when nothing has changed for a moment."""
        self.session.take(found)
        if (pane := self.pane) is not None:
            pane.show()
        self.still.begin()

    @work(thread=True, group="compare-curves", exclusive=True, exit_on_error=False)
    def draw_curves(self, at: ComparedAt) -> None:
        curves = at.curves()
        if curves is not None and not get_current_worker().is_cancelled:
            self.post_message(self.Drawn(at, TwoCurves(*curves, at.confidences)))

    @on(Drawn)
    def take_curves(self, message: Drawn) -> None:
        if message.at is self.session.shown and (pane := self.pane) is not None:
            pane.show_curves(message.curves)

    def resample(self) -> None:
        """Work out intervals, unless they are known."""
        at, numbers = self.session.shown, self.session.numbers
        known = numbers is not None and numbers.whole
        if at is not None and self.display and (pane := self.pane) and pane.wants_curves:
            self.draw_curves(at)
        if at is not None and self.display and not known and not self.session.is_behind:
            self.bootstrap(at)

    @work(thread=True, group="compare-intervals", exclusive=True, exit_on_error=False)
    def bootstrap(self, at: ComparedAt) -> None:
        worker = get_current_worker()
        for numbers in at.with_intervals(lambda: worker.is_cancelled):
            if worker.is_cancelled:
                return
            self.post_message(self.Resampled(at, numbers))

    @on(Resampled)
    def take_intervals(self, message: Resampled) -> None:
        shown = self.session.take_numbers(message.at, message.numbers)
        if shown and (pane := self.pane) is not None:
            pane.show_numbers()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs two sides is offered where there are two."""
        two = self.session.sides is not None
        there = {
            "stop": self.opening is not None,
            "ask_first": not two and self.opening is None,
            "next_view": two,
            "swap": two,
            "follows": two,
        }
        return there.get(action, True)

    def action_next_view(self) -> None:
        if (pane := self.pane) is not None:
            pane.next_look()

    def action_swap(self) -> None:
        """B becomes A, and all differences turn round."""
        self.session.swap()
        self.update()

    def action_follows(self) -> None:
        """Another side moves with the sliders, which stand where it stands."""
        confidence = self.session.turn_follows()
        if self.assessed is not None:
            self.session.follow(self.assessed)
            if confidence != self.assessed.wish.point.confidence:
                self.post_message(self.ConfidenceWanted(confidence))
        self.update()
        if (pane := self.pane) is not None:
            pane.show_head()

    @on(WalkedTable.CurveAsked)
    def show_curve(self, message: WalkedTable.CurveAsked) -> None:
        message.stop()
        self.post_message(self.ClassWanted("curves", message.class_))

    @on(WalkedTable.ExportAsked)
    def export_numbers(self, message: WalkedTable.ExportAsked) -> None:
        message.stop()
        at, numbers = self.session.shown, self.session.numbers
        if at is not None and numbers is not None:
            names = at.comparison.sides.classes
            export(self, Path("compare.csv"), lambda _: comparison_csv(names, numbers).encode())


def _what_stands_against(path: str) -> str:
    """Why there is nothing to open at a path; nothing where there is something."""
    if not path:
        return "Type the path of a model or of predictions."
    try:
        there = Path(path).exists()
    except OSError as error:
        return f"{path}: {error.strerror}."
    return "" if there else f"There is nothing at {path}."
