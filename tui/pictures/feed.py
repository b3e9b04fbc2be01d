"""Pages of previews that one walks through by keys or mouse."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from tui.controls.bindings import in_footer, quiet, together
from tui.controls.pause import Pause
from tui.pictures.paint.previews import WIDTHS, FeedView, Preview
from tui.pictures.prefetching import PicturePrefetcher
from tui.pictures.preview_page import PreviewPage
from tui.terminal.capabilities import Graphics

REST: Final = 0.5  # seconds without a key, and with all pictures drawn, before one looks ahead


class Feed(PreviewPage, can_focus=True):
    """Shows a page and moves over it; asks for another page by a message."""

    PANE = "Feed"
    DEFAULT_CSS = "Feed:focus > .previews--frame { color: $text-warning; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("enter", "open", "Open", "Open the image", "feed.open"),
        *together(
            "Turn to the next page, or to the one before",
            in_footer("pagedown", "page(1)", "Page", "Turn to the next page", "feed.page"),
            quiet("pageup", "page(-1)", "Turn to the page before", "feed.page_back"),
        ),
        in_footer("o", "ask(True)", "Order", "Take the next order of the images", "feed.order"),
        in_footer("d,O", "ask(False)", "Direction", "Turn the order round", "feed.direction"),
        *together(
            "Make the previews larger or smaller",
            in_footer("plus,equals_sign", "size(1)", "Size", "Make previews larger", "feed.larger"),
            quiet("minus", "size(-1)", "Make previews smaller", "feed.smaller"),
        ),
        *together(
            "Walk from image to image",
            quiet("up,k", "row(-1)", "Walk one row up", "feed.up"),
            quiet("down,j", "row(1)", "Walk one row down", "feed.down"),
            quiet("left,h", "move(-1)", "Walk to the image before", "feed.left"),
            quiet("right,l", "move(1)", "Walk to the next image", "feed.right"),
        ),
        *together(
            "Go to the first or the last image",
            quiet("home", "end(-1)", "Go to the first image", "feed.first"),
            quiet("end", "end(1)", "Go to the last image", "feed.last"),
        ),
    ]

    selected: reactive[int] = reactive(0, init=False, repaint=False)  # index among all

    @dataclass
    class Resized(Message):
        """A page holds so many previews now; index is the one that must stay in sight."""

        capacity: int
        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Resized)

    @dataclass
    class Turned(Message):
        """The person wants to see the item with this index, which is on another page."""

        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Turned)

    @dataclass
    class Selected(Message):
        """Another preview of the page is selected."""

        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Selected)

    @dataclass
    class Rested(Message):
        """There is time to make the page ready that begins with the item of this index."""

        first: int

    @dataclass
    class Opened(Message):
        """The person wants to see the whole image of this item."""

        index: int

    @dataclass
    class OrderCycled(Message):
        """The person wants another order."""

    @dataclass
    class DirectionFlipped(Message):
        """The person wants the order the other way round."""

    def __init__(self, graphics: Graphics, *, id: str | None = None) -> None:
        super().__init__(graphics, id=id)
        self._step = 1  # pages, to where the person went last
        self.ahead = PicturePrefetcher(self)
        self.rest = Pause(self, REST, self._look_ahead)

    # What is shown

    @property
    def framed(self) -> int:
        return self.selected - self.view.first

    def watch_view(self, before: FeedView, view: FeedView) -> None:
        self.ahead.stop()
        self.set_reactive(Feed.selected, view.selected)
        super().watch_view(before, view)
        self.rest.begin()

    def watch_selected(self, _: int, now: int) -> None:
        self.ahead.stop()
        self.rest.begin()
        self.refresh_frames()
        self.refresh(Region(0, 0, self.size.width, self.grid.top))  # which of how many
        self.post_message(self.Selected(now))

    def lay_out(self) -> None:
        before = self.grid.capacity
        super().lay_out()
        if self.grid.capacity != before:
            self.post_message(self.Resized(self.grid.capacity, self.selected))

    # The page that may come next

    def on_show(self) -> None:
        self.rest.begin()

    def on_hide(self) -> None:
        self.ahead.stop()

    def _look_ahead(self) -> None:
        """Ask for the items of the next page in the direction gone last."""
        first = self.view.first + self._step * self.grid.capacity
        if not (self.view.items and 0 <= first < self.view.total and self.is_on_screen):
            return
        if self.is_complete:
            self.post_message(self.Rested(first))
        else:
            self.rest.begin()

    def make_ready(self, items: tuple[Preview, ...]) -> None:
        """These may be shown next."""
        if self.pictures and self.pictures[0].size:
            self.ahead.begin((item.subject for item in items), self.pictures[0].area)

    # Keys and mouse

    def action_move(self, by: int) -> None:
        self.go(self.selected + by)

    def action_row(self, by: int) -> None:
        self.go(self.selected + by * self.grid.across)

    def action_page(self, by: int) -> None:
        self.go(self.selected + by * self.grid.capacity)

    def action_end(self, side: int) -> None:
        self.go(0 if side < 0 else self.view.total - 1)

    def go(self, index: int) -> None:
        """Selects an item by its index among all, on this page or on another."""
        index = min(max(index, 0), self.view.total - 1)
        if index < 0 or index == self.selected:
            return
        if 0 <= index - self.view.first < len(self.view.items):
            self.selected = index
        else:
            self._step = 1 if index > self.selected else -1
            self.set_reactive(Feed.selected, index)  # the next key counts from there
            self.post_message(self.Turned(index))

    def action_open(self) -> None:
        if self.view.items:
            self.ahead.stop()
            self.post_message(self.Opened(self.selected))

    def action_ask(self, order: bool) -> None:
        self.post_message(self.OrderCycled() if order else self.DirectionFlipped())

    def action_size(self, by: int) -> None:
        now = self.usual_step if self.step is None else self.step
        step = min(max(now + by, 0), len(WIDTHS) - 1)
        if step != now:
            self.step = step
            self.lay_out()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self) if event.widget is self else None
        x, y = at or (event.screen_x - self.region.x, event.screen_y - self.region.y)
        position = self.grid.position_at(x, y)
        if position is None or position >= len(self.view.items):
            return
        self.go(self.view.first + position)
        if event.chain == 2:
            self.action_open()

    def on_mouse_scroll_down(self) -> None:
        self.action_page(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_page(-1)
