"""The images of what changed, by kind, class and reason: pages of previews that lead to detail."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from engine.compare.selecting import ChangeSelection, ComparedRows, selected_rows
from tui.compare.detail import ComparedAnswersScreen, ComparedBoxesScreen
from tui.compare.keys import ROWS
from tui.compare.paint.words import selection_words
from tui.compare.session import ORDERS, CompareSession
from tui.compare.walk import ComparedWalk, page_of
from tui.controls.class_jump import ClassJump
from tui.desk.desk import next_of
from tui.drawing.terms import Terms
from tui.image.image import ImageScreen
from tui.pictures.feed import Feed
from tui.pictures.paint.previews import FeedView
from tui.terminal.capabilities import Graphics


class ComparedRowsPane(Vertical):
    """Shows the rows of the session's selection, at the points on show."""

    PANE = "Objects"
    BINDINGS: ClassVar[list[BindingType]] = ROWS

    class Left(Message):
        """The person goes back to where the selection came from."""

    def __init__(
        self, session: CompareSession, terms: Terms, graphics: Graphics, *, id: str
    ) -> None:
        super().__init__(id=id)
        self.session, self.terms, self.graphics = session, terms, graphics
        self.rows: ComparedRows | None = None
        self.capacity = 1  # previews on a page
        self.item = 0  # the selected one among all
        self.walk: ComparedWalk | None = None  # while an image is open
        self._made_of: tuple[object, ...] = ()  # what the rows were selected from

    def compose(self) -> ComposeResult:
        yield Feed(self.graphics, id="compare-rows")

    @property
    def feed(self) -> Feed:
        """What shows a page."""
        return self.query_one(Feed)

    @property
    def words(self) -> str:
        """What the rows are."""
        shown = self.session.shown
        if shown is None:
            return ""
        return selection_words(self.session.selection, shown.comparison, self.terms)

    def show(self) -> None:
        """The rows of the selection at the points on show; the place stays where it can."""
        session, shown = self.session, self.session.shown
        if shown is None:
            self.rows, self._made_of = None, ()
            self.feed.view = FeedView("", nothing="Looking for them")
            return
        made_of = (shown, session.selection, session.order, session.descending)
        if made_of != self._made_of:
            if self._made_of[1:] != made_of[1:]:
                self.item = 0
            self._made_of = made_of
            self.rows = selected_rows(
                shown.comparison, session.selection, session.order, session.descending
            )
        self.show_page()
        if self.walk is not None and isinstance(self.app.screen, ImageScreen):
            self.walk = self.walk.moved(shown)
            self.app.screen.show(self.walk)

    def show_page(self) -> None:
        """The page that the selected row is on."""
        shown, session = self.session.shown, self.session
        if shown is not None and self.rows is not None:
            order = session.order, session.descending
            self.item = min(self.item, max(len(self.rows) - 1, 0))
            self.feed.view = page_of(shown, self.rows, self.words, order, self.item, self.capacity)

    @property
    def to_copy(self) -> str:
        """Where the selected image lies."""
        view = self.feed.view
        at = self.item - view.first
        if not 0 <= at < len(view.items):
            return ""
        return str(view.items[at].subject.path or view.items[at].subject.facts)

    # Which rows

    def select(self, selection: ChangeSelection) -> None:
        """Other rows."""
        self.session.selection = selection
        self.show()

    def action_turn_kind(self) -> None:
        """The next kind."""
        self.session.turn_kind()
        self.show()

    def action_turn_why(self) -> None:
        """The next reason that there is."""
        self.session.turn_why()
        self.show()

    def action_choose_class(self) -> None:
        """One class, by letters of its name."""
        shown = self.session.shown
        if shown is None:
            return

        def take(class_: int | None) -> None:
            if class_ is not None:
                self.select(replace(self.session.selection, class_=class_))

        self.app.push_screen(ClassJump(shown.comparison.sides.classes), take)

    @property
    def is_narrowed(self) -> bool:
        """Whether a class, a reason or a cell leaves rows out."""
        chosen = self.session.selection
        return chosen != ChangeSelection(chosen.what) or chosen.what == "moved"

    def action_all_rows(self) -> None:
        """Any class, any reason, all cells."""
        what = self.session.selection.what
        self.select(ChangeSelection("changed" if what == "moved" else what))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is narrowed can be widened."""
        return action != "all_rows" or self.is_narrowed

    # The pages

    @on(Feed.Resized)
    def fit_page(self, message: Feed.Resized) -> None:
        self.capacity, self.item = max(message.capacity, 1), message.index
        self.show_page()

    @on(Feed.Turned)
    def turn_page(self, message: Feed.Turned) -> None:
        self.item = message.index
        self.show_page()

    @on(Feed.Rested)
    def make_page_ready(self, message: Feed.Rested) -> None:
        shown, session = self.session.shown, self.session
        if shown is not None and self.rows is not None:
            order = session.order, session.descending
            page = page_of(shown, self.rows, "", order, message.first, self.capacity)
            self.feed.make_ready(page.items)

    @on(Feed.Selected)
    def select_item(self, message: Feed.Selected) -> None:
        self.item = message.index

    @on(Feed.OrderCycled)
    def change_order(self) -> None:
        self.session.order = next_of(ORDERS, self.session.order)
        self.show()

    @on(Feed.DirectionFlipped)
    def change_direction(self) -> None:
        self.session.descending = not self.session.descending
        self.show()

    @on(Feed.Opened)
    def open_image(self, message: Feed.Opened) -> None:
        shown, rows = self.session.shown, self.rows
        if shown is None or rows is None or not len(rows):
            return
        self.walk, position = ComparedWalk.starting_at(shown, rows, message.index, self.words)
        kind = ComparedBoxesScreen if shown.comparison.is_detection else ComparedAnswersScreen
        self.app.push_screen(kind(self.walk, position, self.graphics), self.come_back)

    def come_back(self, position: int | None) -> None:
        """Back on the first row of the image that was left."""
        walk, self.walk, rows = self.walk, None, self.rows
        if walk is None or rows is None or position is None:
            return
        found = (rows.image == walk.images[position]).nonzero()[0].tolist()
        if found and self.item not in found:
            self.item = found[0]
            self.show_page()
