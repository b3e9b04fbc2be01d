"""With --ascii nothing but ASCII is written, and no glyph that is drawn can be forgotten."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import CompositorUpdate

import engine
import tui
from tests.opening import confused, opened, opener_of
from tests.tui.classifying import sorter
from tests.tui.waiting import settled, until
from tui.app import Demo, OffdiagApp
from tui.assess.assess import AssessScreen
from tui.drawing.frame import words_frame
from tui.pictures.paint.boxes import OutcomeMark
from tui.pictures.paint.crops import DecodedImages
from tui.pictures.paint.drawing import Area, Subject, sketch
from tui.terminal import kitty
from tui.terminal.ascii_glyphs import TABLE, in_ascii, key_in_ascii
from tui.terminal.capabilities import Graphics

PLAIN = Graphics("cells", ascii=True)
FOLDERS = [Path(str(part.__file__)).parent for part in (engine, tui)]


@given(st.text(st.sampled_from([chr(code) for code in TABLE] + list("ab ")), max_size=30))
def test_what_is_drawn_in_ascii_is_as_wide_as_before(text):
    assert in_ascii(text).isascii()
    assert cell_len(in_ascii(text)) == cell_len(text)


def test_names_of_a_persons_data_keep_their_letters():
    assert in_ascii("Müller → 車 …") == "Müller > 車 ~"


def test_lines_and_marks_that_mean_different_things_still_look_different():
    for different in ("─━╌╍", "│┃╎╏", "●◆◇◈", "✓✗", "·░▒▓", "▁▂▃▄▅▆▇█", "↑↓"):
        assert len(set(in_ascii(different))) == len(different)


def test_a_sign_of_two_letters_takes_the_blank_behind_it():
    assert in_ascii("score ≥ .5") == "score >=.5"
    assert in_ascii("≥.5") == ">.5"


def test_dots_become_letters_of_their_slope():
    assert in_ascii("\u2800\u2809\u2824\u28c0") == " '-_"  # nothing, above, in the middle, below
    assert in_ascii("\u2860\u2884\u2847\u28ff") == "/\\|#"


def test_keys_are_called_by_name():
    assert [key_in_ascii(key) for key in ("←→", "⏎", "[ ]", "^p")] == [
        "left/right",
        "enter",
        "[ ]",
        "^p",
    ]


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The text in a source file, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in documents else ""
        if isinstance(text, str):
            yield getattr(node, "lineno", 0), text


@pytest.mark.slow
def test_every_glyph_in_the_source_is_in_the_table():
    forgotten = [
        f"{path.relative_to(folder.parent)}:{line}: {letter} U+{ord(letter):04X}"
        for folder in FOLDERS
        for path in folder.rglob("*.py")
        for line, text in literals(path)
        for letter in text
        if letter >= "\xa0" and ord(letter) not in TABLE and letter != kitty.PLACEHOLDER
    ]
    assert forgotten == []


class Written(OffdiagApp):
    """Keeps what a terminal would be sent."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.sent: list[str] = []

    def _display(self, screen, renderable):
        if isinstance(renderable, CompositorUpdate):
            self.sent.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)


WALKS = {
    "detection": (
        ("right", "n", "percent_sign", "z", "z", "z"),
        ("slash", "escape", "f", "escape", "w"),
        ("2", "down", "x", "escape", "slash"),
        ("3", "right", "v", "e"),
        ("5", "escape", "6", "1", "question_mark", "q", "q", "q"),
        ("ctrl+p", "t", "h"),
        ("a", "enter", "down"),
    ),
    "classification": (("right",), ("2", "down", "3", "right"), ("1", "a", "enter", "down")),
}


async def walk(pilot, task: str) -> None:
    """Through all that one can see: tabs, an image, lists, questions, help, commands."""
    app = pilot.app
    for keys in WALKS[task]:
        await pilot.press(*keys)
        while not isinstance(app.screen, AssessScreen):
            await pilot.press("escape")
        await settled(pilot)
    app.notify("→ … ✓")
    await pilot.pause()


def app_in(graphics: Graphics) -> Written:
    demos = [
        Demo("detection", opener_of(opened(confused(), warnings=("One image has no file.",)))),
        Demo("classification", opener_of(opened(sorter()))),
    ]
    return Written(demos[0].opener, graphics, demos)


@pytest.mark.slow
async def test_every_cell_of_every_screen_is_ascii():
    app = app_in(PLAIN)
    async with app.run_test(size=(120, 40)) as pilot:
        for task in WALKS:
            screen = await settled(pilot)
            await walk(pilot, task)
            await pilot.press("D")
            await until(pilot, lambda before=screen: app.screen is not before)
    odd = Counter(letter for text in app.sent for letter in text if not letter.isascii())
    assert odd == {}
    assert len(app.sent) > 50


@pytest.mark.parametrize("colours", [ColorSystem.TRUECOLOR, ColorSystem.STANDARD])
def test_a_picture_of_spaces_or_letters_shows_light_dark_and_the_boxes(tmp_path, colours):
    halves = np.zeros((60, 80, 3), np.uint8)
    halves[:, 40:] = 255
    Image.fromarray(halves).save(tmp_path / "halves.png")
    marks = (
        OutcomeMark((4, 8, 20, 30), "TP", "nut .90"),
        OutcomeMark((50, 8, 20, 30), "FN", dashed=True),
    )
    area = Area(40, 15, PLAIN, colours, Style())
    seen = sketch(Subject(tmp_path / "halves.png", marks=marks), area, DecodedImages(1 << 20))
    rows = ["".join(segment.text for segment in line) for line in seen.lines]
    assert all(row.isascii() and cell_len(row) == seen.columns for row in rows)
    assert any("+--" in row for row in rows)
    assert any("+.." in row for row in rows)
    if colours is ColorSystem.STANDARD:
        assert rows[-1][0] == " "
        assert rows[-1][-1] == "@"
    else:
        first, last = seen.lines[-1][0].style, seen.lines[-1][-1].style
        assert first.bgcolor.get_truecolor() == (0, 0, 0)
        assert last.bgcolor.get_truecolor() == (255, 255, 255)


def test_the_frame_of_a_picture_that_is_not_there_is_ascii_too():
    strips = words_frame("its file was\nnot found …", 30, 6, Style(), ascii=True)
    text = [strip.text for strip in strips]
    assert all(line.isascii() and len(line) == 30 for line in text)
    assert text[0] == "+" + "-" * 28 + "+"
