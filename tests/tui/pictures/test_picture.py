import threading
import time
from pathlib import Path

import pytest
from PIL import Image
from rich.color import ColorSystem
from rich.style import Style
from textual.screen import ModalScreen, Screen

from tests.tui.heartbeat import heartbeat
from tests.tui.showing import KITTY, SIXEL, Show
from tui.pictures import picture_threads as module
from tui.pictures.paint import drawing
from tui.pictures.paint.boxes import OutcomeMark
from tui.pictures.paint.crops import DecodedImages
from tui.pictures.paint.drawing import Area, Subject
from tui.terminal.capabilities import Graphics, TerminalAnswers
from tui.terminal.uplink import Uplink


@pytest.fixture
def photos(tmp_path: Path):
    paths = []
    for number in range(4):
        path = tmp_path / f"{number}.jpg"
        Image.effect_noise((320, 240), 90).convert("RGB").save(path)
        paths.append(path)
    return paths


async def until(true, pilot):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await pilot.pause(0.01)


async def test_a_kitty_picture_is_rough_first_then_sharp(photos):
    app = Show(KITTY)
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        picture.subject = Subject(photos[0])
        await until(lambda: app.stages == ["cells", "sharp"], pilot)
        assert "a=t,i=" in "".join(app.written)
        strips = picture.render_lines(picture.region)
        assert "\U0010eeee" in strips[5].render(app.console)
        assert set("▀▄▌▐▘▝▖▗") & set(strips[5].text)  # what a screenshot or an overlay sees


async def test_a_kitty_picture_that_was_seen_is_not_sent_again(photos):
    app = Show(KITTY)
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        numbers = []
        for photo in photos[:2]:
            picture.subject = Subject(photo, facts="said elsewhere")
            await until(lambda: picture._image.number not in (None, *numbers), pilot)
            numbers.append(picture._image.number)
        await until(lambda: app.stages.count("sharp") == 2, pilot)
        app.written.clear()
        app.stages.clear()
        picture.subject = Subject(photos[0])
        await until(lambda: picture._image.number == numbers[0], pilot)
        await until(lambda: app.stages, pilot)
        assert app.stages == ["sharp"]  # and no rough one first
        assert "\x1b_G" not in "".join(app.written)


async def test_images_seen_long_ago_are_freed_and_one_on_the_screen_is_not(photos):
    app = Show(KITTY, count=2)
    async with app.run_test(size=(60, 20)) as pilot:
        stays, changes = app.pictures
        Uplink.of(app).placed.most = 2
        stays.subject = Subject(photos[3])
        await until(lambda: stays.stage == "sharp", pilot)
        seen = []
        for photo in photos[:3]:
            changes.subject = Subject(photo)
            await until(lambda: changes._image.number not in (None, *seen), pilot)
            seen.append(changes._image.number)
        await until(lambda: f"a=d,d=I,i={seen[0]}," in "".join(app.written), pilot)
        assert f"a=d,d=I,i={stays._image.number}," not in "".join(app.written)
        assert f"a=d,d=I,i={seen[2]}," not in "".join(app.written)


async def test_a_sixel_picture_is_written_after_its_cells_and_not_over_a_dialog(photos):
    app = Show(SIXEL)
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        picture.subject = Subject(photos[0])
        await until(lambda: picture.stage == "sharp", pilot)

        def row() -> str:
            return picture.render_lines(picture.region)[5].render(app.console)

        assert "▀" not in row()
        await until(
            lambda: any("\x1bPq" in text or "\x1bP0" in text for text in app.written), pilot
        )
        await app.push_screen(ModalScreen())
        assert set("▀▄▌▐▘▝▖▗") & set(row())
        app.pop_screen()
        await pilot.pause()
        assert "▀" not in row()


async def test_a_move_of_the_focus_keeps_the_sharp_picture_until_the_next(photos):
    app = Show(KITTY)
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        picture.subject = Subject(photos[0])
        await until(lambda: app.stages[-1:] == ["sharp"], pilot)
        app.stages.clear()
        picture.subject = Subject(
            photos[0], marks=(OutcomeMark((10, 10, 90, 90), "TP", focused=True),)
        )
        await until(lambda: app.stages == ["sharp"], pilot)


async def test_the_newest_request_wins_and_nothing_stale_is_shown(photos, monkeypatch):
    drawn = []
    release = threading.Event()

    def slow(subject, area, images, truecolor=False):
        drawn.append(subject.path)
        if subject.path == photos[0]:
            release.wait(5)
        return drawing.sketch(subject, area, images, truecolor)

    monkeypatch.setattr(module, "sketch", slow)
    app = Show(Graphics("cells"))
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        picture.subject = Subject(photos[0])
        await until(lambda: drawn, pilot)
        for path in photos[1:]:
            picture.subject = Subject(path)
        await until(lambda: picture._look is not None and picture._look.truecolor, pilot)
        shown = list(picture._strips)
        release.set()
        await pilot.pause(0.1)
        assert picture._strips == shown
        assert drawn[-1] == photos[3]


@pytest.mark.parametrize(
    ("graphics", "path", "words"),
    [
        (Graphics("off"), "0.jpg", "pictures are off"),
        (KITTY, "none.jpg", "no such file"),
        (KITTY, "bad.jpg", "not an image"),
        (KITTY, None, "its file was not found"),
    ],
)
async def test_the_frame_says_why_there_is_no_picture(photos, graphics, path, words):
    folder = photos[0].parent
    (folder / "bad.jpg").write_text("words")
    app = Show(graphics)
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        picture.subject = Subject(folder / path if path else None, facts="a.jpg")
        await until(lambda: picture.stage == "words", pilot)
        text = "\n".join(line.text for line in picture.render_lines(picture.region))
        assert words in text
        assert "a.jpg" in text
        assert not any("\x1b_G" in written for written in app.written)


def area(colours=ColorSystem.TRUECOLOR, no_color=False, protocol="cells", light=False):
    said = TerminalAnswers(background=(255, 255, 255) if light else (0, 0, 0))
    return Area(40, 12, Graphics(protocol, answers=said), colours, Style(color="red"), no_color)


MARKED = (OutcomeMark((60, 40, 200, 150), "TP"),)


def drawn(path, area, size=(320, 240)):
    images = DecodedImages(1 << 24)
    return drawing.sketch(Subject(path, marks=MARKED, size=size), area, images).lines


@pytest.mark.parametrize("light", [False, True])
def test_without_colour_shades_of_glyphs_tell_light_from_dark(tmp_path, light):
    picture = Image.new("RGB", (320, 240), "black")
    picture.paste("white", (160, 0, 320, 240))
    picture.save(tmp_path / "a.png")
    lines = drawn(tmp_path / "a.png", area(no_color=True, light=light))
    assert all(not segment.style for line in lines for segment in line)
    top = "".join(segment.text for segment in lines[0])
    dark, bright = (top[0], top[-1]) if not light else (top[-1], top[0])
    assert (dark, bright) == (" ", "█")
    assert any("┌" in segment.text for line in lines for segment in line)


def test_at_16_colours_only_the_boxes_have_one(photos):
    lines = drawn(photos[0], area(ColorSystem.STANDARD))
    for segment in (segment for line in lines for segment in line):
        assert not set("┌─┐│└┘") & set(segment.text) or segment.style.color is not None
        assert not set("░▒▓█") & set(segment.text) or not segment.style


def test_with_pictures_off_the_boxes_are_drawn_and_no_file_is_read(tmp_path):
    lines = drawn(tmp_path / "none.png", area(protocol="off"))
    text = "".join(segment.text for line in lines for segment in line)
    assert set("┌─┐│└┘") < set(text)
    assert not set("▀░▒▓█") & set(text)


async def test_with_no_color_nothing_that_a_picture_writes_has_any(photos, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = Show(KITTY)
    async with app.run_test(size=(60, 20)) as pilot:
        app.pictures[0].subject = Subject(photos[0], marks=MARKED, size=(320, 240))
        await until(lambda: app.stages == ["cells"], pilot)
        rows = app.pictures[0].render_lines(app.pictures[0].region)
        sent = "".join(row.render(app.console) for row in rows)
    assert "\x1b[38" not in sent
    assert "\x1b[48" not in sent
    assert "\U0010eeee" not in sent
    assert set("░▒▓") & set(sent)


async def test_nothing_is_drawn_under_another_screen_until_that_is_left(photos):
    app = Show(KITTY)
    async with app.run_test(size=(60, 20)) as pilot:
        picture = app.pictures[0]
        await app.push_screen(Screen())
        app.written.clear()
        app.stages.clear()
        for photo in photos[1:]:
            picture.subject = Subject(photo)
            await pilot.pause(0.2)
        assert (app.stages, "\x1b_G" in app.sent) == ([], False)
        app.pop_screen()
        await until(lambda: picture.stage == "sharp" and app.stages, pilot)
        assert picture._look.subject.path == photos[3]


@pytest.mark.slow
async def test_twelve_large_previews_never_stop_the_event_loop(tmp_path):
    paths = [tmp_path / f"{number}.jpg" for number in range(12)]
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(paths[0])
    for path in paths[1:]:
        path.write_bytes(paths[0].read_bytes())
    app = Show(KITTY, count=12)
    async with app.run_test(size=(120, 40)) as pilot:
        async with heartbeat() as beats:
            for picture, path in zip(app.pictures, paths, strict=True):
                picture.subject = Subject(path, around=(1000, 800, 300, 300))
            await until(lambda: all(p.stage == "sharp" for p in app.pictures), pilot)
        assert max(beats) < 0.05
