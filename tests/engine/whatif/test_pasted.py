import os
import shlex
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.whatif.pasted import copy_line, from_elsewhere, pasted_paths

HERE = {
    "/data/a.jpg",
    "/data/b.jpg",
    "/data/cat 1.jpg",
    "/data/it's.jpg",
    "/data/img[1].jpg",
    "/data/caf\u00e9.jpg",
    "/data/two\nlines.jpg",
    "/data/100%.jpg",
    "/data/new photos",
    "rel.jpg",
}


def parsed(text):
    return pasted_paths(text, HERE.__contains__)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("/data/a.jpg", ["/data/a.jpg"]),
        ("  /data/a.jpg \n", ["/data/a.jpg"]),
        ("/data/cat 1.jpg", ["/data/cat 1.jpg"]),
        ("/data/cat\\ 1.jpg ", ["/data/cat 1.jpg"]),
        ("'/data/cat 1.jpg'", ["/data/cat 1.jpg"]),
        ('"/data/cat 1.jpg"', ["/data/cat 1.jpg"]),
        ("\u201c/data/cat 1.jpg\u201d", ["/data/cat 1.jpg"]),
        ("/data/it's.jpg", ["/data/it's.jpg"]),
        ("'/data/it'\\''s.jpg' /data/a.jpg", ["/data/it's.jpg", "/data/a.jpg"]),
        ("/data/img\\[1\\].jpg", ["/data/img[1].jpg"]),
        ("/data/a.jpg /data/b.jpg", ["/data/a.jpg", "/data/b.jpg"]),
        ("'/data/cat 1.jpg' /data/b.jpg", ["/data/cat 1.jpg", "/data/b.jpg"]),
        ("/data/a.jpg\n/data/b.jpg\n", ["/data/a.jpg", "/data/b.jpg"]),
        ("/data/a.jpg\r\n/data/cat 1.jpg\r\n", ["/data/a.jpg", "/data/cat 1.jpg"]),
        ("/data/a.jpg\r/data/b.jpg", ["/data/a.jpg", "/data/b.jpg"]),
        ("file:///data/cat%201.jpg", ["/data/cat 1.jpg"]),
        ("file://localhost/data/a.jpg", ["/data/a.jpg"]),
        (
            "# from files\r\nfile:///data/a.jpg\r\nfile:///data/b.jpg",
            ["/data/a.jpg", "/data/b.jpg"],
        ),
        ("/data/cat%201.jpg", ["/data/cat 1.jpg"]),
        ("/data/100%.jpg", ["/data/100%.jpg"]),
        ("/data/cafe\u0301.jpg", ["/data/caf\u00e9.jpg"]),
        ("/data/two\nlines.jpg", ["/data/two\nlines.jpg"]),
        ("/data/new photos", ["/data/new photos"]),
        ("rel.jpg /data/none.jpg", ["rel.jpg", "/data/none.jpg"]),
        # What is not here is still told apart.
        ("/Users/ana/cat 1.jpg", ["/Users/ana/cat 1.jpg"]),
        ("/Users/ana/cat\\ 1.jpg", ["/Users/ana/cat 1.jpg"]),
        ("'/Users/ana/cat 1.jpg'", ["/Users/ana/cat 1.jpg"]),
        ("/Users/a.jpg /Users/b.jpg", ["/Users/a.jpg", "/Users/b.jpg"]),
        ("C:\\Users\\ana\\cat 1.jpg", ["C:\\Users\\ana\\cat 1.jpg"]),
        ('"C:\\Users\\ana\\cat 1.jpg"', ["C:\\Users\\ana\\cat 1.jpg"]),
        ("file:///C:/Users/cat%201.jpg", ["C:/Users/cat 1.jpg"]),
        ("file:///Users/ana/cat%201.jpg", ["/Users/ana/cat 1.jpg"]),
        ("it's a note", ["it's a note"]),
        ("/data/a.jpg\0", ["/data/a.jpg"]),
        ("", []),
        (" \r\n ", []),
    ],
)
def test_a_text_becomes_the_paths_that_were_meant(text, paths):
    assert list(parsed(text)) == paths


letters = st.text(
    st.characters(blacklist_characters="\0/", blacklist_categories=("Cs",)), min_size=1
)


@given(st.lists(letters.map(lambda name: f"/data/{name}.jpg"), min_size=1, max_size=4, unique=True))
def test_quoted_by_a_shell_or_as_addresses_any_names_come_back(names):
    def exists(path):
        return path in names

    if not any(end in name for name in names for end in "\r\n"):
        assert list(pasted_paths(shlex.join(names), exists)) == names
    addresses = "\r\n".join(f"file://{quote(name)}" for name in names)
    assert list(pasted_paths(addresses, exists)) == names


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text):
    for path in pasted_paths(text):
        assert path


def test_a_home_folder_and_a_pattern_below_a_folder_with_blanks_are_known(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "new photos").mkdir()
    (tmp_path / "a.jpg").touch()
    assert pasted_paths("~/a.jpg") == (str(tmp_path / "a.jpg"),)
    pattern = str(tmp_path / "new photos" / "*.jpg")
    assert pasted_paths(pattern) == (pattern,)


def test_names_in_bytes_that_are_no_text_are_found(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff.jpg"
    Path(os.fsdecode(name)).touch()
    assert pasted_paths(os.fsdecode(name)) == (os.fsdecode(name),)


def test_what_to_type_on_the_other_machine():
    assert (
        copy_line("/Users/ana/cat 1.jpg", "gpu", "/tmp/")
        == "scp -r '/Users/ana/cat 1.jpg' gpu:/tmp/"
    )
    assert copy_line("C:\\a b.jpg", "gpu", "/tmp/") == 'scp -r "C:\\a b.jpg" gpu:/tmp/'
    assert copy_line("~/a b.jpg", "gpu", "/tmp/") == "scp -r ~/'a b.jpg' gpu:/tmp/"
    assert from_elsewhere("/Users/ana/cat.jpg")
    assert from_elsewhere("C:\\cat.jpg")
    assert not from_elsewhere("imags/cat.jpg")
