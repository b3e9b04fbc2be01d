import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.inputs import InputError, NamedImage, named_images
from engine.core.errors import DataError


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in ("b.jpg", "a.PNG", "sub/c.webp", "sub/deep/d.tif", ".hidden/x.jpg", "notes.txt"):
        path = tmp_path / "shots" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def paths(*inputs: str, stdin: bytes = b"") -> list[str]:
    return [image.path for image in named_images(inputs, io.BytesIO(stdin))]


def test_a_folder_gives_its_images_in_sorted_order_and_no_others(tree):
    assert list(named_images(["shots"])) == [
        NamedImage("shots/a.PNG", "a.PNG"),
        NamedImage("shots/b.jpg", "b.jpg"),
        NamedImage("shots/sub/c.webp", "sub/c.webp"),
        NamedImage("shots/sub/deep/d.tif", "sub/deep/d.tif"),
    ]


def test_inputs_keep_their_order_and_their_spelling(tree):
    assert paths("shots/sub", "./shots/b.jpg") == [
        "shots/sub/c.webp",
        "shots/sub/deep/d.tif",
        "./shots/b.jpg",
    ]


def test_a_named_file_may_be_called_anything(tree):
    assert paths("shots/notes.txt") == ["shots/notes.txt"]


def test_globs_are_sorted_and_named_below_where_they_start(tree):
    assert list(named_images(["shots/**/*.[jw]*"])) == [
        NamedImage("shots/b.jpg", "b.jpg"),
        NamedImage("shots/sub/c.webp", "sub/c.webp"),
    ]
    assert paths("sho*") == paths("shots")


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree):
    (tree / "shots" / "[1].jpg").touch()
    assert paths("shots/[1].jpg") == ["shots/[1].jpg"]


@pytest.mark.parametrize(
    "listed",
    [b"b.jpg\r\n\n/tmp/../x y.jpg\n", b"b.jpg\0/tmp/../x y.jpg\0", b"b.jpg\n/tmp/../x y.jpg"],
)
def test_lists_and_standard_input_hold_a_path_a_line_or_between_nuls(tree, listed):
    (tree / "list.txt").write_bytes(listed)
    expected = [NamedImage("b.jpg", "b.jpg"), NamedImage("/tmp/../x y.jpg", "tmp/x y.jpg")]
    assert list(named_images(["@list.txt"])) == expected
    assert list(named_images(["-"], io.BytesIO(listed))) == expected


@given(st.lists(st.binary(min_size=1).filter(lambda b: not {0, 10, 13} & set(b) and b.strip())))
def test_the_bytes_of_a_listed_name_are_kept_whatever_they_are(names):
    named = named_images(["-"], io.BytesIO(b"\n".join(names)))
    if names:
        assert [os.fsencode(image.path) for image in named] == names


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (["none.jpg"], "none.jpg: there is no such file or folder"),
        (["*.gif"], r"\*\.gif: nothing matches this pattern"),
        (["empty"], "empty: there is no image in this folder"),
        (["-"], "standard input: lists no image"),
        (["@shots/notes.txt"], "shots/notes.txt: lists no image"),
    ],
)
def test_what_names_no_image_is_told(tree, inputs, words):
    with pytest.raises(InputError, match=words):
        list(named_images(inputs, io.BytesIO()))


def test_a_list_that_cannot_be_read_is_told(tree):
    with pytest.raises(DataError, match="this list cannot be read: No such file"):
        list(named_images(["@gone.txt"]))
    with pytest.raises(DataError, match="this list cannot be read: Is a directory"):
        list(named_images(["@shots"]))


def test_links_that_lead_back_end_somewhere(tree):
    (tree / "shots" / "sub" / "back").symlink_to(tree / "shots")
    (tree / "shots" / "other").symlink_to(tree / "shots" / "sub" / "deep")
    assert paths("shots") == [
        "shots/a.PNG",
        "shots/b.jpg",
        "shots/other/d.tif",
        "shots/sub/c.webp",
        "shots/sub/deep/d.tif",
    ]


def test_a_part_of_a_folder_that_cannot_be_listed_stands_for_itself(tree, monkeypatch):
    scandir = os.scandir

    def denied(folder):
        if folder == "shots/sub":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("os.scandir", denied)
    (tree / "shots" / "loop").symlink_to("loop")
    (tree / "shots" / "loop.jpg").symlink_to("loop.jpg")
    assert paths("shots") == ["shots/a.PNG", "shots/b.jpg", "shots/loop.jpg", "shots/sub"]
    with pytest.raises(DataError, match="cannot be read: Permission denied"):
        paths("shots/sub")
