"""iTerm2's inline images: what a terminal that draws them would see, and who is one."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from textual._compositor import CompositorUpdate
from textual.app import App

from tests.tui.waiting import until
from tui.pictures.paint.boxes import OutcomeMark
from tui.pictures.paint.drawing import Subject
from tui.pictures.picture import Picture
from tui.terminal import iterm
from tui.terminal.capabilities import (
    Graphics,
    TerminalAnswers,
    best,
    named_by,
    questions,
    read_answers,
)
from tui.terminal.probe import graphics_of

SEQUENCE = re.compile(r"\x1b\]1337;File=([^:\x07]*):([A-Za-z0-9+/=]*)\x07")


def parsed(written: str) -> tuple[dict[str, str], Image.Image]:
    """The arguments and the picture, as a terminal reads them; it has to be all there is."""
    match = SEQUENCE.fullmatch(written)
    assert match is not None
    arguments = dict(part.split("=", 1) for part in match[1].split(";"))
    data = base64.b64decode(match[2], validate=True)
    assert int(arguments["size"]) == len(data)  # xterm.js draws nothing else
    return arguments, Image.open(io.BytesIO(data))


def photo(width: int, height: int) -> Image.Image:
    rng = np.random.default_rng(3)
    rough = Image.fromarray(rng.integers(0, 255, (9, 12, 3), np.uint8))
    return rough.resize((width, height), Image.Resampling.BICUBIC)


def test_a_photo_comes_as_jpeg_that_fills_its_cells_and_looks_like_it():
    seen = photo(210, 150)
    arguments, image = parsed(iterm.encode(seen, 30, 10))
    assert image.format == "JPEG"
    assert image.size == seen.size
    assert (arguments["width"], arguments["height"]) == ("30", "10")  # cells: no unit
    assert arguments["inline"] == "1"  # else the terminal saves it as a download
    assert arguments["preserveAspectRatio"] == "0"
    assert arguments["doNotMoveCursor"] == "1"
    off = np.abs(np.asarray(image, int) - np.asarray(seen, int))
    assert off.mean() < 4


def test_narrow_lines_of_a_box_keep_their_colour():
    seen = photo(210, 150)
    seen.paste((255, 165, 40), (50, 20, 52, 130))
    _, image = parsed(iterm.encode(seen, 30, 10))
    red, green, blue = np.asarray(image, int)[40:110, 50:52].mean((0, 1))
    assert red > 215
    assert 130 < green < 200
    assert blue < 90


def test_a_drawing_of_few_colours_comes_exactly_and_in_less():
    seen = Image.new("RGB", (210, 150), (18, 18, 18))
    seen.paste((64, 210, 220), (20, 30, 120, 31))
    written = iterm.encode(seen, 30, 10)
    _, image = parsed(written)
    assert image.format == "PNG"
    assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(seen))
    jpeg = io.BytesIO()
    seen.save(jpeg, "JPEG", quality=iterm.QUALITY)
    assert len(written) < len(jpeg.getvalue())


class Show(App[None]):
    def compose(self):
        self.picture = Picture(Graphics("iterm", 10, 20))
        self.written: list[str] = []
        yield self.picture

    def on_mount(self) -> None:
        assert self._driver is not None
        self._driver.write = self.written.append  # type: ignore[method-assign]

    def _display(self, screen, renderable):
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)  # what a driver would be given
        super()._display(screen, renderable)

    @property
    def images(self) -> list[tuple[str, dict[str, str], Image.Image]]:
        """What is written before each image, which has to be a move to its cell, and the image."""
        return [
            (text[: match.start()], *parsed(match[0]))
            for text in self.written
            for match in SEQUENCE.finditer(text)
        ]


async def test_a_picture_is_written_over_its_cells_and_other_boxes_send_a_part_of_it(tmp_path):
    photo(320, 160).save(tmp_path / "photo.png")
    app = Show()
    async with app.run_test(size=(60, 20)) as pilot:
        app.picture.subject = Subject(tmp_path / "photo.png")
        await until(pilot, lambda: len(app.images) == 1)
        before, arguments, image = app.images[0]
        assert (arguments["width"], arguments["height"]) == ("60", "15")  # 2:1 in cells of 1:2
        assert image.size == (60 * iterm.CELL, 15 * 2 * iterm.CELL)
        row = (20 - 15) // 2 + 1
        assert before.endswith(f"\x1b[{row};1H")
        assert "\x1b7" in before  # the cursor is kept
        app.picture.subject = Subject(
            tmp_path / "photo.png", marks=(OutcomeMark((40, 40, 60, 60), "TP", "nut .90"),)
        )
        await until(pilot, lambda: len(app.images) > 1)
        sent = sum(image.size[0] * image.size[1] for _, _, image in app.images[1:])
        assert sent < image.size[0] * image.size[1] / 3
        for _, arguments, part in app.images[1:]:
            assert part.size[0] == int(arguments["width"]) * iterm.CELL


DEVICE = b"\x1b[?62;4c"


@pytest.mark.parametrize(
    ("reply", "protocol"),
    [
        (b"\x1bP>|iTerm2 3.5.14\x1b\\" + DEVICE, "iterm"),
        (b"\x1bP>|WezTerm 20240203-110809-5046fc22\x1b\\" + DEVICE, "iterm"),
        (b"\x1bP>|mintty 3.7.4\x1b\\\x1b[?64;1c", "iterm"),
        # VS Code has pictures, both kinds, where its addon is on, and neither where it is off.
        (b"\x1bP>|xterm.js(5.6.0)\x1b\\" + DEVICE, "iterm"),
        (b"\x1bP>|xterm.js(5.6.0)\x1b\\\x1b[?1;2c", "cells"),
        (b"\x1bP>|XTerm(398)\x1b\\" + DEVICE, "sixel"),
        # One that nobody has heard of, but which answers for itself.
        (b"\x1b]1337;Capabilities=T3CwLrMSc7UUw9Ts3BFGsSyHNoSxF\x1b\\" + b"\x1b[?1;2c", "iterm"),
        (b"\x1b]1337;Capabilities=T2LrSx\x07" + DEVICE, "sixel"),
        (b"\x1b]1337;ReportCellSize=17.0;8.0;2.0\x07\x1b[?1;2c", "iterm"),
        (b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\" + DEVICE, "kitty"),
        # Both draw kitty's images, but not at placeholders.
        (b"\x1bP>|Konsole 22.12.3\x1b\\\x1b_Gi=31;OK\x1b\\" + DEVICE, "iterm"),
        (b"\x1bP>|WezTerm 20240203\x1b\\\x1b_Gi=31;OK\x1b\\" + DEVICE, "iterm"),
    ],
)
def test_who_draws_inline_images_is_known_by_name_or_by_answer(reply, protocol):
    answers = read_answers(reply)
    assert answers.typed == ""
    assert best(answers, None) == protocol


def test_a_feature_whose_name_has_an_f_inside_is_no_file():
    assert not read_answers(b"\x1b]1337;Capabilities=T2Sf1\x1b\\").iterm
    assert read_answers(b"\x1b]1337;Capabilities=T2FSx\x1b\\").iterm


def test_the_cell_is_said_in_points_where_the_terminal_says_no_pixels():
    points = b"\x1b]1337;ReportCellSize=17.5;8.0;2.0\x1b\\"
    assert read_answers(points).cell == (16, 35)
    assert read_answers(b"\x1b]1337;ReportCellSize=17.0;8.0\x07").cell == (8, 17)
    assert read_answers(points + b"\x1b[6;36;17t").cell == (17, 36)
    assert read_answers(b"\x1b]1337;ReportCellSize=0;0\x07").cell is None
    assert read_answers(b"\x1b]1337;ReportCellSize=1.2.3;8\x07").cell is None


def test_tmux_is_neither_asked_for_inline_images_nor_sent_any():
    assert "1337" in questions(None)
    assert "1337" not in questions("iTerm2 3.5.14|RGB")
    answers = TerminalAnswers("tmux 3.5a", sixel=True, complete=True)
    assert best(answers, "iTerm2 3.5.14|RGB") == "cells"
    assert best(answers, "iTerm2 3.5.14|RGB,sixel") == "sixel"
    assert graphics_of(answers, "iterm", "iTerm2 3.5.14|RGB").protocol == "cells"
    assert graphics_of(answers, "iterm", None).protocol == "iterm"


def test_the_environment_names_a_terminal_that_does_not_say_its_name():
    assert named_by({"LC_TERMINAL": "iTerm2", "TERM_PROGRAM": "tmux"}) == "iTerm2"
    assert named_by({"TERM_PROGRAM": "iTerm.app"}) == "iTerm2"
    assert named_by({"TERM_PROGRAM": "Apple_Terminal"}) == ""
    assert best(TerminalAnswers(named_by({"TERM_PROGRAM": "mintty"})), None) == "iterm"
