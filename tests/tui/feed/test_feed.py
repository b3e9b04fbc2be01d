import gc
from math import nan

import pytest
from textual.app import App

from tests.tui.heartbeat import heartbeat
from tests.tui.waiting import until
from tui.drawing.names import cut
from tui.pictures.feed import Feed
from tui.pictures.paint.previews import FeedItem, FeedView, captions, grid, header_lines
from tui.pictures.picture import Picture
from tui.terminal.capabilities import Graphics

TITLE = "Ground truth: car · Predicted: truck"
NONE = "No boxes here"


def item(number: int) -> FeedItem:
    box = (1.0, 1.0, 9.0, 9.0)
    return FeedItem(number, f"{number}.jpg", None, "car", "truck", 0.47, 0.88, box, box)


class Feeds(App[None]):
    """What the screen around a feed does."""

    def __init__(self, total: int, protocol: str = "off") -> None:
        super().__init__()
        self.items = tuple(item(number) for number in range(total))
        self.feed = Feed(Graphics(protocol))
        self.heard: list[object] = []

    def compose(self):
        yield self.feed

    def page(self, index: int) -> None:
        size = self.feed.grid.capacity
        page, pages = index // size, -(-len(self.items) // size)
        items = self.items[page * size : page * size + size]
        self.feed.view = FeedView(
            TITLE, len(self.items), "", page, pages, page * size, items, "by IoU", index, "", NONE
        )

    def on_mount(self) -> None:
        self.feed.focus()

    def on_feed_resized(self, message: Feed.Resized) -> None:
        self.heard.append(message)
        self.page(message.index)

    def on_feed_turned(self, message: Feed.Turned) -> None:
        self.heard.append(message)
        self.page(message.index)

    def on_feed_opened(self, message: Feed.Opened) -> None:
        self.heard.append(message)

    def on_feed_order_cycled(self, message: Feed.OrderCycled) -> None:
        self.heard.append(message)

    def on_feed_direction_flipped(self, message: Feed.DirectionFlipped) -> None:
        self.heard.append(message)


async def test_arrows_walk_over_the_page_and_turn_it_at_its_edge():
    app = Feeds(100)
    async with app.run_test(size=(80, 24)) as pilot:
        feed, size = app.feed, app.feed.grid.capacity
        assert size == feed.grid.across * feed.grid.down > 3
        await pilot.press("right", "down")
        assert feed.selected == 1 + feed.grid.across
        await pilot.press("home", "left", "up")
        assert feed.selected == 0
        await pilot.press(*["right"] * size)
        assert (feed.selected, feed.view.page, feed.view.first) == (size, 1, size)
        await pilot.press("left")
        assert (feed.selected, feed.view.page) == (size - 1, 0)
        await pilot.press("pagedown", "pagedown")
        assert feed.view.page == 2
        await pilot.press("end")
        assert feed.selected == 99
        assert feed.view.page == feed.view.pages - 1
        assert feed.view.items[-1].name == "99.jpg"


async def test_enter_opens_and_letters_ask_for_another_order():
    app = Feeds(30)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "enter", "o", "O", "d")
        names = [type(message).__name__ for message in app.heard[1:]]
        assert names == ["Opened", "OrderCycled", "DirectionFlipped", "DirectionFlipped"]
        assert app.heard[1].index == 1


async def test_larger_previews_are_fewer_and_keep_the_selected_one_in_sight():
    app = Feeds(100)
    async with app.run_test(size=(120, 40)) as pilot:
        before = app.feed.grid
        await pilot.press("pagedown", "right")
        index = app.feed.selected
        await pilot.press("plus", "plus")
        assert app.feed.grid.capacity < before.capacity
        assert app.feed.grid.width > before.width
        assert app.feed.selected == index
        assert app.feed.view.first <= index < app.feed.view.first + app.feed.grid.capacity
        assert len(app.feed.query(Picture)) == app.feed.grid.capacity


async def test_few_previews_are_as_large_as_there_is_room_until_one_chooses_a_size():
    app = Feeds(100)
    async with app.run_test(size=(200, 60)) as pilot:
        whole = app.feed.grid
        app.items = app.items[:5]
        app.page(0)
        await pilot.pause()
        few = app.feed.grid
        assert few.width > 1.5 * whole.width
        assert 5 <= few.capacity < whole.capacity
        assert sum(picture.display for picture in app.feed.pictures) == 5
        app.items = tuple(map(item, range(100)))
        app.page(0)
        await pilot.pause()
        assert app.feed.grid == whole
        assert len(app.feed.view.items) == whole.capacity
        await pilot.press("minus")
        small = app.feed.grid
        assert small.width < whole.width
        app.items = app.items[:5]
        app.page(0)
        await pilot.pause()
        assert app.feed.grid == small


async def test_in_sixel_what_xterm_would_forget_is_shown_in_cells():
    app = Feeds(100, "sixel")
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, lambda: len(app.feed.pictures) == app.feed.grid.capacity)
        assert app.feed.grid.capacity > 15
        shown_by = [picture.graphics.protocol for picture in app.feed.pictures]
        assert shown_by == ["sixel"] * 15 + ["cells"] * (len(shown_by) - 15)


@pytest.mark.slow
async def test_the_pictures_of_a_large_page_come_without_stopping_the_event_loop():
    app = Feeds(0)
    async with app.run_test(size=(200, 60)) as pilot:
        app.items = tuple(map(item, range(100)))
        turns = []
        for _ in range(3):  # the least: what else this process does is not the page's
            async with heartbeat() as beats:
                app.page(0)
                await until(pilot, lambda: len(app.feed.pictures) == app.feed.grid.capacity >= 28)
                await until(pilot, lambda: app.feed.is_complete)
            turns.append(max(beats))
            for picture in app.feed.pictures:
                picture.remove()
            app.feed.pictures.clear()
            app.feed.view = FeedView("")
            await pilot.pause()
        gc.unfreeze()
        assert min(turns) < 0.05


async def test_a_click_selects_a_second_opens_and_the_wheel_turns_the_page():
    app = Feeds(100)
    async with app.run_test(size=(80, 24)) as pilot:
        left, top, _, _ = app.feed.grid.frame(2)
        await pilot.click(offset=(left + 3, top + 3))
        assert app.feed.selected == 2
        await pilot.click(offset=(left + 3, top + 3), times=2)
        assert app.heard[-1] == Feed.Opened(2)
        app.feed.on_mouse_scroll_down()
        await pilot.pause()
        assert app.feed.view.page == 1


async def test_a_move_redraws_only_the_frames():
    app = Feeds(100)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.feed.selected = 1
        cells = sum(region.area for region in app.feed._repaint_regions)
        assert 0 < cells < 300
        assert not any(picture._repaint_required for picture in app.feed.query(Picture))


async def test_another_view_on_as_large_a_page_repaints_no_picture():
    app = Feeds(100)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.feed._repaint_regions.clear()
        app.items = app.items[:90]  # as another threshold does
        app.page(0)
        regions = app.feed._repaint_regions
        inside = app.feed.pictures[0].region.translate((-app.feed.region.x, -app.feed.region.y))
        assert regions
        assert not any(region.overlaps(inside) for region in regions)


async def test_an_empty_feed_says_so_with_its_filter():
    app = Feeds(0)
    async with app.run_test(size=(80, 24)) as pilot:
        app.feed.view = FeedView(TITLE, nothing=NONE)
        await pilot.press("enter", "right", "pagedown")
        lines = [app.feed.render_line(y).text.strip() for y in range(24)]
        assert NONE in lines
        assert "?" not in lines
        assert TITLE in lines
        assert len(app.heard) == 1  # its size


def test_the_grid_fills_the_room_and_frames_do_not_leave_it():
    for columns, rows in ((60, 16), (80, 20), (120, 36), (200, 56)):
        for wanted in (16, 25, 52, 78):
            made = grid(columns, rows, wanted, 1)
            _, _, right, bottom = made.frame(made.capacity - 1)
            assert right < columns
            assert bottom < rows
            assert columns - right <= made.across + 1


def test_words_fit_and_say_everything():
    view = FeedView(
        TITLE, 141, "141 boxes in 97 images", 1, 12, order_words="by confidence, highest first"
    )
    assert header_lines(view, 120) == (
        f"{TITLE} — 1 of 141 boxes in 97 images · by confidence, highest first · page 2 of 12",
    )
    assert len(header_lines(view, 80)) == 2
    assert "140 of 141 boxes" in header_lines(view, 120, 139)[0]
    widest = len(header_lines(view, 200, 140)[0])
    for selected in (0, 140):  # the lines below stay where they are
        assert len(header_lines(view, widest, selected)) == 1
        assert len(header_lines(view, widest - 1, selected)) == 2
    assert captions(item(139), 24)[0].rstrip() == "car → truck conf .47"
    first, second = captions(item(139), 17)
    assert (first.rstrip(), second.rstrip()) == ("car → truck .47", "IoU .88 · 139.jpg")
    deep = FeedItem(1, "a/0000000000139.jpg", None, "car", "car", 0.4, 0.5, None, None)
    assert captions(deep, 20)[1] == "IoU .50 · …00139.jpg"
    missed = FeedItem(1, "a/b.jpg", None, "car", None, nan, nan, None, None)
    assert [line.rstrip() for line in captions(missed, 24)] == ["car → not detected", "b.jpg"]
    long = FeedItem(1, "b.jpg", None, "traffic light", "stop sign or so", 0.4, 0.5, None, None)
    assert len(captions(long, 20)[0]) == 20
    assert captions(long, 20)[0].endswith(".40")
    assert cut("traffic light", 4) == "tra…"
