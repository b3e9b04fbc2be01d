from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Input, Static

from tui.controls.path_box import HINT, PathBox


class PathApp(App[None]):
    def __init__(self, suggestion):
        super().__init__()
        self.box, self.answers = PathBox(suggestion), []

    def on_mount(self):
        self.push_screen(self.box, self.answers.append)


def said(app):
    return str(app.box.query_one(Static).render())


async def typed(pilot, path):
    pilot.app.box.query_one(Input).value = str(path)
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def test_it_answers_with_the_suggestion(tmp_path):
    app = PathApp(tmp_path / "metrics.csv")
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
    assert app.answers == [tmp_path / "metrics.csv"]
    assert not (tmp_path / "metrics.csv").exists()


async def test_what_is_typed_is_added_to_the_suggestion(tmp_path):
    app = PathApp(tmp_path / "a")
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("1", "enter")
        await pilot.pause()
    assert app.answers == [tmp_path / "a1"]


async def test_escape_answers_with_nothing(tmp_path):
    app = PathApp(tmp_path / "metrics.csv")
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    assert app.answers == [None]


async def test_home_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    app = PathApp(Path("~/metrics.csv"))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
    assert app.answers == [tmp_path / "metrics.csv"]


async def test_a_file_that_is_there_needs_a_second_enter(tmp_path):
    there = tmp_path / "metrics.csv"
    there.write_text("precious")
    app = PathApp(there)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == []
        assert said(app) == "metrics.csv is there already. Enter again overwrites it."
        await pilot.press("x", "backspace")
        await pilot.pause()
        assert said(app) == HINT
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == []
        await pilot.press("enter")
        await pilot.pause()
    assert app.answers == [there]
    assert there.read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Type the path of a file."),
        ("nowhere/metrics.csv", "There is no folder "),
        (".", "is a folder. Add the name of a file."),
        ("a" * 300, "File name too long."),
        ("file/metrics.csv", "There is no folder "),
        (
            "~nobody-of-this-name/metrics.csv",
            "Nobody here has the home folder ~nobody-of-this-name.",
        ),
    ],
)
async def test_a_path_that_cannot_be_written_is_not_taken(tmp_path, monkeypatch, name, problem):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    app = PathApp(tmp_path / "metrics.csv")
    async with app.run_test() as pilot:
        await pilot.pause()
        await typed(pilot, name)
        assert problem in said(app)
        assert app.answers == []
