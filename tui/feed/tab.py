"""The images behind a selection: pages of previews, and the image that one opens to."""

from typing import Any

import numpy as np
from textual import on
from textual.app import ComposeResult

from engine.core.outcomes import Selection
from tui.desk.assessed import Assessed
from tui.desk.desk import Desk, next_of
from tui.desk.pages import Walk, feed_view
from tui.desk.tab import Tab
from tui.drawing.sentences import selection_words
from tui.image.image import ImageScreen
from tui.pictures.feed import Feed
from tui.pictures.paint.previews import FeedView
from tui.terminal.capabilities import Graphics


class FeedTab(Tab):
    """Shows the rows of what was worked out last; other rows it asks for."""

    purpose = (
        "Feed: the images behind the cell, the row or the class that was chosen. Each opens "
        "in full."
    )

    shows_rows = True

    def __init__(self, desk: Desk[Any], graphics: Graphics, *, id: str) -> None:
        super().__init__(id=id)
        self.desk = desk
        self.graphics = graphics
        self.selection = Selection()
        self.order = desk.orders[0].name
        self.descending = True
        self.assessed: Assessed | None = None  # with the rows on show
        self.capacity = 1  # previews on a page
        self.item = 0  # the selected one among all
        self.walk: Walk | None = None  # while an image is open

    def compose(self) -> ComposeResult:
        yield Feed(self.graphics, id="feed-pages")

    @property
    def pages(self) -> Feed:
        """What shows a page."""
        return self.query_one(Feed)

    def select(self, selection: Selection, order: str = "") -> None:
        """Another selection, its first page as soon as it is worked out."""
        self.selection, self.item, self.assessed = selection, 0, None
        if order:
            self.order, self.descending = order, True
        elif self.order == self.desk.suspects:  # which is a question of its own
            self.order, self.descending = self.desk.orders[0].name, True
        words = selection_words(self.desk.assessment.classes, selection, self.desk.terms)
        self.pages.view = FeedView(words, nothing="Looking for them")
        self.ask()

    def entered(self) -> None:
        self.ask()

    def ask(self) -> None:
        """Ask for the rows of the selection."""
        self.post_message(self.RowsWanted(self.selection, self.order, self.descending))

    def follow(self, assessed: Assessed) -> None:
        """Rows have come, perhaps at another operating point."""
        if assessed.rows is None or assessed.wish.selection != self.selection:
            return
        if self.assessed is not None and assessed.wish != self.assessed.wish:
            self.item = 0
        self.assessed = assessed
        self.show_page()
        if self.walk is not None and isinstance(self.app.screen, ImageScreen):
            self.walk = self.walk.moved(assessed)
            self.app.screen.show(self.walk)

    def show_page(self) -> None:
        """The page that the selected item is on."""
        if self.assessed is not None:
            self.pages.view = feed_view(self.desk, self.assessed, self.item, self.capacity)

    @property
    def to_copy(self) -> str:
        """Where the selected image lies."""
        view = self.pages.view
        at = self.item - view.first
        if not 0 <= at < len(view.items):
            return ""
        return str(view.items[at].subject.path or view.items[at].subject.facts)

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
        if self.assessed is not None:
            page = feed_view(self.desk, self.assessed, message.first, self.capacity)
            self.pages.make_ready(page.items)

    @on(Feed.Selected)
    def select_item(self, message: Feed.Selected) -> None:
        self.item = message.index

    @on(Feed.OrderCycled)
    def change_order(self) -> None:
        self.order = next_of([order.name for order in self.desk.orders], self.order)
        self.ask()

    @on(Feed.DirectionFlipped)
    def change_direction(self) -> None:
        self.descending = not self.descending
        self.ask()

    @on(Feed.Opened)
    def open_image(self, message: Feed.Opened) -> None:
        if self.assessed is None or self.assessed.rows is None:
            return
        self.walk, position = Walk.starting_at(
            self.desk, self.assessed, self.assessed.rows, message.index
        )
        screen = self.desk.image_screen(self.walk, position, self.graphics)
        self.app.push_screen(screen, self.come_back)

    def come_back(self, position: int | None) -> None:
        """Back on the first item of the image that was left."""
        walk, self.walk = self.walk, None
        rows = self.assessed.rows if self.assessed is not None else None
        if walk is None or rows is None or position is None or not len(rows):
            return
        if int(rows.image[min(self.item, len(rows) - 1)]) != walk.images[position]:
            found = np.flatnonzero(rows.image == walk.images[position])
            if len(found):
                self.item = int(found[0])
                self.show_page()
