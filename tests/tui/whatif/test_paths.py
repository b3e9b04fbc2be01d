"""Paths into the What if tab: pasted, completed, browsed, missing, bad."""

import socket

import pytest
from PIL import Image

from tests.engine.whatif.test_trial import bad_files, odd_files
from tests.tui.asking import (
    PHOTOS,
    asking,
    ended,
    entries,
    noted,
    pasted,
    results,
    said,
    seen,
    typed,
)
from tests.tui.waiting import until
from tui.controls.file_picker import FilePicker, ImageTree
from tui.controls.path_input import PathInput


async def test_a_paste_of_many_lines_waits_for_enter_and_loses_none():
    async with asking() as (pilot, tab):
        await pasted(pilot, tab, "\r\n".join(map(str, PHOTOS[:4])) + "\r\n")
        assert entries(tab) == []
        await pilot.press("enter")
        await until(pilot, lambda: len(entries(tab)) == 4)
        await ended(pilot, tab)
        assert [results(tab).path(place) for place in range(4)] == list(map(str, PHOTOS[:4]))


@pytest.mark.slow
async def test_a_paste_too_long_for_the_line_is_counted_kept_and_can_be_dropped():
    async with asking() as (pilot, tab):
        line, text = tab.query_one(PathInput), "\n".join(map(str, PHOTOS[:60]))
        await pasted(pilot, tab, text)
        await until(pilot, lambda: said(tab).startswith("60 pasted lines"))
        await pilot.press("escape")
        await until(pilot, lambda: line.kept == ())
        await pasted(pilot, tab, text)
        await until(pilot, lambda: bool(line.kept))
        assert line.value == ""
        await pilot.press("enter")
        await until(pilot, lambda: len(entries(tab)) == 60)


@pytest.mark.slow
async def test_lines_typed_one_after_the_other_are_all_scored(tmp_path, monkeypatch):
    """Without bracketed paste a paste arrives as keys, each line with its Enter."""
    monkeypatch.chdir(tmp_path)
    for name in ("b", "n", "s"):  # letters that are keys of the tab
        Image.new("RGB", (64, 48)).save(tmp_path / name, "PNG")
    async with asking() as (pilot, tab):
        tab.rest.seconds = 3  # a busy machine types slowly
        await pilot.press("i", "b", "enter", "n", "enter", "s", "enter")
        await until(pilot, lambda: len(entries(tab)) == 3)
        await ended(pilot, tab)
        await until(pilot, lambda: tab.pane.images.has_focus)
        assert not seen(tab).look.change
        assert pilot.app.screen is tab.screen


@pytest.mark.slow
async def test_a_path_of_another_machine_comes_with_the_line_that_copies_it():
    async with asking() as (pilot, tab):
        await typed(pilot, tab, "/Users/ana/Desktop/cat 1.jpg")
        host = socket.gethostname()
        line = f"scp -r '/Users/ana/Desktop/cat 1.jpg' {host}:/tmp/"
        assert "is not on this machine" in noted(tab)
        assert line in noted(tab)
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.clipboard == line)
        await typed(pilot, tab, "imags/cat.jpg")
        assert "there is no such file or folder" in noted(tab)
        assert "scp" not in noted(tab)


async def test_bad_files_are_lines_of_the_list_and_the_others_are_scored(tmp_path):
    bad, odd = bad_files(tmp_path), odd_files(tmp_path)
    named = [tmp_path / name for name in (*bad, *odd)]
    async with asking(*named, size=(120, 60)) as (pilot, tab):
        rows = tab.pane.images.rows
        failed = [row for row in rows.values() if row.failed]
        assert len(failed) == len(bad)
        for row in failed:
            assert row.words
        assert sum(not row.failed for row in rows.values()) == len(odd)
        assert f"\N{BALLOT X} {len(bad)}" in said(tab)
        await pilot.press("home")
        await until(pilot, lambda: bool(noted(tab)))


@pytest.mark.slow
async def test_a_name_never_reaches_the_terminal_as_it_is(tmp_path):
    names = ["two\nlines \x1b[31m.png", "bell\x07.png", "[red]markup.png"]
    for name in names:
        Image.new("RGB", (64, 48)).save(tmp_path / name)
    (tmp_path / "bad\x1b]52;c;AAAA\x07.png").write_bytes(b"no image")
    written = []
    async with asking() as (pilot, tab):
        driver = pilot.app._driver
        write = driver.write
        driver.write = lambda data: (written.append(data), write(data))
        await typed(pilot, tab, tmp_path)
        assert len(entries(tab)) == 4
        shown = [row.name for row in tab.pane.images.rows.values()]
        assert "two\\nlines \\x1b[31m.png" in shown
        assert "[red]markup.png" in shown
        for _ in range(4):
            await pilot.press("down")
        await pilot.press("y")
        screenshot = pilot.app.export_screenshot()
        assert "\x07" not in screenshot
        assert "\x1b" not in screenshot
    assert not any("\x1b]52;c;AAAA" in data for data in written)


async def test_tab_completes_a_path_as_far_as_it_is_certain(tmp_path):
    for name in ("cat one.jpg", "cat two.jpg", "dog.jpg"):
        (tmp_path / name).touch()
    async with asking() as (pilot, tab):
        line = tab.query_one(PathInput)
        line.focus()
        line.value = f"{tmp_path}/d"
        await pilot.press("tab")
        await until(pilot, lambda: line.value == f"{tmp_path}/dog.jpg")
        line.value = f"{tmp_path}/c"
        await pilot.press("tab")
        await until(pilot, lambda: line.value == f"{tmp_path}/cat ")
        await pilot.press("tab")
        await until(pilot, lambda: said(tab) == "cat one.jpg  cat two.jpg")
        line.value = f"{tmp_path}/none"
        await pilot.press("tab")
        await until(pilot, lambda: "nothing here begins like this" in said(tab))


@pytest.mark.slow
async def test_files_are_chosen_by_browsing(tmp_path, monkeypatch):
    for name in ("a.png", "b.png"):
        Image.new("RGB", (64, 48)).save(tmp_path / name)
    (tmp_path / "notes.txt").touch()
    (tmp_path / "evil\x1b[2J[b]x.png").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    async with asking() as (pilot, tab):
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePicker))
        tree = pilot.app.screen.query_one(ImageTree)
        await until(pilot, lambda: len(tree.root.children) == 3)
        labels = [str(node.label) for node in tree.root.children]
        assert labels == ["a.png", "b.png", "evil\\x1b[2J[b]x.png"]
        await pilot.press("down", "space", "space", "s")
        await until(pilot, lambda: len(entries(tab)) == 2)
        await ended(pilot, tab)
        paths = sorted(results(tab).path(place) for place in range(2))
        await pilot.press("delete", "ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePicker))
        tree = pilot.app.screen.query_one(ImageTree)
        await until(pilot, lambda: len(tree.root.children) == 3)
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(entries(tab)) == 1)
        assert paths == [str(tmp_path / "a.png"), str(tmp_path / "b.png")]
