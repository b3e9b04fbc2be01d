"""Both sides in views, of which those that have room are in sight."""

from typing import ClassVar, Final, Literal

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from engine.compare.numbers import Difference
from engine.compare.selecting import ChangeSelection
from engine.core.explanation import Explanation, made_at
from tui.compare.curves_view import ComparedCurves, TwoCurves
from tui.compare.object_counts import ObjectCounts
from tui.compare.paint.class_changes import MOST_CERTAIN_FIRST, ClassChangesView
from tui.compare.paint.count_lines import count_lines
from tui.compare.paint.delta import delta_view
from tui.compare.paint.totals import TotalsView, explanation_of
from tui.compare.paint.words import (
    delta_words,
    moved_words,
    notices_words,
    point_words,
    verdict_words,
)
from tui.compare.rows_pane import ComparedRowsPane
from tui.compare.session import CompareSession
from tui.controls.explain_box import ExplainBox
from tui.controls.lines import Lines
from tui.desk.view_strip import ViewStrip
from tui.drawing.terms import Terms
from tui.grids.grid import MatrixGrid
from tui.tables.table import MetricsTable
from tui.tables.walked_table import WalkedTable
from tui.terminal.capabilities import Graphics

CompareLook = Literal["totals", "classes", "delta", "objects"]
NAMES: Final[dict[str, str]] = {
    "totals": "Verdict",
    "classes": "Classes",
    "delta": "Delta matrix",
    "objects": "Objects",
}
LOOKS: Final[tuple[CompareLook, ...]] = ("totals", "classes", "delta", "objects")
WIDE: Final = 150  # columns: from here on the counts stand beside the numbers
TALL: Final = 32  # lines: from here on the classes stand below them


class ComparePane(Vertical):
    """Shows what the session holds; what a person wants to see elsewhere, it posts."""

    PANE = "Compare"
    DEFAULT_CSS = """
    ComparePane {
        & #compare-notices { height: 1; padding: 0 1; background: $warning 20%; display: none; }
        & #compare-points { height: 1; padding: 0 1; }
        & #compare-verdict { height: 1; padding: 0 1; color: $foreground 75%; }
        & #compare-totals-view { layout: vertical; height: 1fr; }
        & #compare-totals { height: 1fr; }
        & ObjectCounts { height: auto; }
        &.-beside #compare-totals-view { layout: horizontal; }
        &.-beside #compare-totals { width: 1fr; min-width: 60; }
        &.-beside ObjectCounts { width: 1fr; max-width: 72; margin: 0 0 0 1; }
        &.-below #compare-totals-view { height: 19; }
        & #compare-classes-view { height: 1fr; }
        & ComparedCurves { margin: 0 1 0 2; }
        & #compare-cell { height: 1; padding: 0 1; background: $foreground 8%; }
        & #compare-delta-view { height: 1fr; }
        & ComparedRowsPane { height: 1fr; }
    }
    """

    look: reactive[CompareLook] = reactive[CompareLook]("totals", init=False, repaint=False)
    VIEWS: ClassVar[dict[str, str]] = {
        "totals": "#compare-totals-view",
        "classes": "#compare-classes-view",
        "delta": "#compare-delta-view",
        "objects": "#compare-objects",
    }

    class Turned(Message):
        """Another view is in sight."""

    def __init__(
        self, session: CompareSession, terms: Terms, graphics: Graphics, *, plain: bool
    ) -> None:
        super().__init__(id="compare-pane")
        self.session, self.terms, self.graphics, self.plain = session, terms, graphics, plain

    def compose(self) -> ComposeResult:
        yield Lines(id="compare-notices")
        yield Lines(id="compare-points")
        yield Lines(id="compare-verdict")
        yield ViewStrip(NAMES, "v next")
        with Container(id="compare-totals-view"):
            yield MetricsTable(id="compare-totals")
            yield ObjectCounts(id="compare-counts")
        with Horizontal(id="compare-classes-view"):
            yield MetricsTable(order=MOST_CERTAIN_FIRST, id="compare-classes")
            yield ComparedCurves(id="compare-curves")
        with Vertical(id="compare-delta-view"):
            yield MatrixGrid(plain=self.plain, id="compare-grid")
            yield Lines(id="compare-cell")
        yield ComparedRowsPane(self.session, self.terms, self.graphics, id="compare-objects")

    def on_mount(self) -> None:
        self.watch(self.grid, "place", self.show_cell, init=False)
        self.share_room()
        self.show()

    # What is in sight

    @property
    def totals(self) -> MetricsTable:
        """The numbers of all classes together."""
        return self.query_one("#compare-totals", MetricsTable)

    @property
    def classes_table(self) -> MetricsTable:
        """The numbers of each class."""
        return self.query_one("#compare-classes", MetricsTable)

    @property
    def counts(self) -> ObjectCounts:
        """How many objects changed."""
        return self.query_one(ObjectCounts)

    @property
    def grid(self) -> MatrixGrid:
        """The delta matrix."""
        return self.query_one(MatrixGrid)

    @property
    def rows(self) -> ComparedRowsPane:
        """The images of what changed."""
        return self.query_one(ComparedRowsPane)

    @property
    def in_focus(self) -> Widget:
        """What the keys are for."""
        return {
            "totals": self.totals,
            "classes": self.classes_table,
            "delta": self.grid,
            "objects": self.rows.feed,
        }[self.look]

    @property
    def shown(self) -> tuple[CompareLook, ...]:
        """The views in sight."""
        if self.look == "totals" and self.size.height >= TALL:
            return "totals", "classes"
        return (self.look,)

    def on_resize(self) -> None:
        self.share_room()
        self.show_head()

    def watch_look(self) -> None:
        self.share_room()
        self.show()
        self.in_focus.focus()
        self.post_message(self.Turned())

    def share_room(self) -> None:
        """Who has the room."""
        shown = self.shown
        self.set_class(self.size.width >= WIDE, "-beside")
        self.set_class(len(shown) > 1, "-below")
        self.query_one(ComparedCurves).display = self.wants_curves
        for look, selector in self.VIEWS.items():
            self.query_one(selector).display = look in shown
        self.query_one(ViewStrip).shown = shown

    def next_look(self) -> None:
        """The next view that is not in sight."""
        last = self.shown[-1]
        self.look = LOOKS[(LOOKS.index(last) + 1) % len(LOOKS)]

    @on(ViewStrip.Chosen)
    def choose(self, message: ViewStrip.Chosen) -> None:
        if message.view in LOOKS:
            self.look = LOOKS[LOOKS.index(message.view)]

    # From the session to what is in sight

    def show(self) -> None:
        """What is in sight follows from the session."""
        if not self.is_mounted:
            return
        self.show_head()
        at, numbers = self.session.shown, self.session.numbers
        if at is None or numbers is None:
            return
        shown = self.shown
        if "totals" in shown:
            self.totals.view = TotalsView.of(numbers)
            self.counts.shown = count_lines(at.comparison)
            self.counts.styles.height = (
                "1fr" if self.has_class("-beside") else self.counts.count + 1
            )
        if "classes" in shown:
            self.classes_table.view = ClassChangesView.of(at.comparison, numbers)
        if "delta" in shown:
            self.grid.view = delta_view(at.comparison)
            self.show_cell()
        if "objects" in shown:
            self.rows.show()

    @property
    def wants_curves(self) -> bool:
        """Whether there is room for the curves of both detectors beside the classes."""
        at = self.session.shown
        detects = at is None or at.comparison.is_detection
        return detects and self.size.width >= WIDE and "classes" in self.shown

    def show_curves(self, curves: TwoCurves) -> None:
        """The curves have come."""
        self.query_one(ComparedCurves).show(curves)

    def show_numbers(self) -> None:
        """Intervals came: what knows none stays as it is."""
        self.show_head()
        at, numbers = self.session.shown, self.session.numbers
        if at is None or numbers is None:
            return
        if "totals" in self.shown:
            self.totals.view = TotalsView.of(numbers)
        if "classes" in self.shown:
            self.classes_table.view = ClassChangesView.of(at.comparison, numbers)

    def show_head(self) -> None:
        """Where both sides stand, and what is certain."""
        at, numbers, session = self.session.shown, self.session.numbers, self.session
        width = max(self.size.width - 2, 0)
        points, verdict, notices = "Working it out", "", ""
        if at is not None and numbers is not None:
            moved = moved_words(session.follows, session.main, session.other)
            points = point_words(at.comparison, at.wanted.goal, moved, width)
            verdict, notices = verdict_words(numbers, width), notices_words(at.comparison)
        style = "bold" if at is not None else "dim"
        line = Text(points, style, no_wrap=True, overflow="ellipsis")
        self.query_one("#compare-points", Lines).show([line])
        told = Text(verdict, no_wrap=True, overflow="ellipsis")
        self.query_one("#compare-verdict", Lines).show([told])
        above = self.query_one("#compare-notices", Lines)
        above.display = bool(notices)
        above.show([Text(notices, no_wrap=True, overflow="ellipsis")])

    def show_cell(self) -> None:
        """The cell of the delta matrix under the cursor, in words."""
        if (at := self.session.shown) is not None:
            words = delta_words(at.comparison, self.grid.selection, self.terms)
            self.query_one("#compare-cell", Lines).show([Text(words)])

    # What leads to the images

    def open_rows(self, selection: ChangeSelection) -> None:
        """The images of a selection."""
        self.session.selection = selection
        self.look = "objects"

    @on(ObjectCounts.Opened)
    def open_kind(self, message: ObjectCounts.Opened) -> None:
        self.open_rows(ChangeSelection(message.kind))

    @on(WalkedTable.RowOpened)
    def open_row(self, message: WalkedTable.RowOpened) -> None:
        self.open_rows(ChangeSelection(class_=message.class_))

    @on(MatrixGrid.Opened)
    def open_cell(self, message: MatrixGrid.Opened) -> None:
        self.open_rows(ChangeSelection("moved", cell=message.selection))

    @on(WalkedTable.MatrixAsked)
    def show_in_delta(self, message: WalkedTable.MatrixAsked) -> None:
        message.stop()
        self.look = "delta"
        if message.class_ is not None:
            self.grid.move_to(message.class_, message.class_)

    def go_to(self, class_: int) -> None:
        """A class, in whatever view knows classes."""
        if self.look == "delta":
            self.grid.move_to(class_, class_)
        else:
            self.look = "classes"
            self.classes_table.move_to(class_)

    # How a number came to be

    @property
    def table(self) -> MetricsTable | None:
        """The table whose number is in focus."""
        if self.classes_table.has_focus or self.look == "classes":
            return self.classes_table
        return self.totals if self.look == "totals" else None

    @property
    def explanation(self) -> Explanation | None:
        """Of the number in focus."""
        at, numbers, table = self.session.shown, self.session.numbers, self.table
        if at is None or numbers is None or table is None or table.view is None:
            return None
        row, column = table.in_question
        each: Difference | None
        if isinstance(table.view, TotalsView):
            metrics = table.view.metrics
            each, of = metrics[min(row, len(metrics) - 1)], "all classes"
        elif isinstance(table.view, ClassChangesView):
            of = table.view.name(row)
            each = table.view.told_of(row, table.view.columns[column])
        if each is None:
            return None
        a = at.comparison.a.point
        at_b = at.comparison.b.point.confidence
        return explanation_of(each, of, f"A: {made_at(a)}; B: confidence {at_b:.3f}")

    @on(WalkedTable.ExplanationAsked)
    def explain(self) -> None:
        if (told := self.explanation) is not None:
            self.app.push_screen(ExplainBox(told))
