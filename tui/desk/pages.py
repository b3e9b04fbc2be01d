"""From outcomes to what the feed and the detail show of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import Images
from engine.core.outcomes import Outcomes, Selection
from engine.images.pixels import Size
from engine.util.words import number
from tui.desk.assessed import Assessed, images_in_order
from tui.desk.desk import Desk
from tui.drawing.sentences import selection_words, short_selection
from tui.drawing.terms import Terms
from tui.pictures.paint.previews import FeedView


def feed_view(desk: Desk[Any], assessed: Assessed, index: int, capacity: int) -> FeedView:
    """The page that holds the item with this index."""
    rows, wish = assessed.rows, assessed.wish
    if rows is None or wish.selection is None:
        return FeedView("")
    index = min(max(index, 0), max(len(rows) - 1, 0))
    first = index // capacity * capacity
    shown = range(first, min(first + capacity, len(rows)))
    order = next(order for order in desk.orders if order.name == wish.order)
    return FeedView(
        title_words=selection_words(desk.assessment.classes, wish.selection, desk.terms),
        total=len(rows),
        amount=amount(assessed, desk.terms),
        page=first // capacity,
        pages=max(1, -(-len(rows) // capacity)),
        first=first,
        items=tuple(desk.preview(assessed, rows, row) for row in shown),
        order_words=order.falling if wish.descending else order.rising,
        selected=index,
        note=desk.order_note(assessed, order),
        nothing=f"No {desk.terms.things} here",
    )


def amount(assessed: Assessed, terms: Terms) -> str:
    """`141 boxes in 97 images`; the rows of a classifier are images themselves."""
    rows = 0 if assessed.rows is None else len(assessed.rows)
    things = number(rows, terms.thing, terms.things)
    return f"{things} in {number(assessed.images_of_rows, 'image')}" if terms.in_images else things


def first_images(desk: Desk[Any], assessed: Assessed, room: int) -> FeedView:
    """The first page of a selection as it is shown beside the matrix, which says what it is of."""
    view = feed_view(desk, assessed, 0, max(room, 1))
    all_of_them = f"Enter opens all {view.amount}" if view.total > len(view.items) else ""
    title = "First images" if view.items else ""
    return replace(view, title_words=title, amount="", pages=0, note=all_of_them)


def image_size(images: Images, image: int) -> Size:
    """Width and height as the dataset says them, 0 where it does not."""
    width, height = images.size[image].tolist()
    return width, height


@dataclass(frozen=True, eq=False)
class Walk:
    """The images behind a selection, in the order of the feed, at one operating point.

    The images stay those that the walk began with, so that a slider moved in the
    detail changes what is said of them and never the place.
    """

    desk: Desk[Any]
    assessed: Assessed
    rows: Outcomes  # of the feed when the walk began
    images: Indices  # the different ones, in the order in which they come first
    opened: int  # the row that the person came for
    words: str

    @classmethod
    def starting_at(
        cls, desk: Desk[Any], assessed: Assessed, rows: Outcomes, index: int
    ) -> tuple["Walk", int]:
        """All images of the rows, and the place of the one of the row with this index."""
        images = images_in_order(rows)
        selection = assessed.wish.selection or Selection()
        words = short_selection(desk.assessment.classes, selection, desk.terms)
        place = int(np.flatnonzero(images == rows.image[index])[0])
        return cls(desk, assessed, rows, images, index, words), place

    def moved(self, assessed: Assessed) -> "Walk":
        """The same images at another operating point."""
        return replace(self, assessed=assessed)

    @property
    def total(self) -> int:
        """How many images there are to walk through."""
        return len(self.images)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.desk.assessment.classes

    def image(self, position: int) -> Any:
        """One image: in focus is what the person came for, else its first row."""
        image, row = self.images[position], self.opened
        if self.rows.image[row] != image:
            row = int(np.flatnonzero(self.rows.image == image)[0])
        focus = int(self.rows.prediction[row]), int(self.rows.ground_truth[row])
        return self.desk.image(self.assessed, int(image), focus)
