from pathlib import Path

import pytest

from engine.whatif.examples import example_paths


def made(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_a_pattern_for_the_most_frequent_ending_comes_first_then_folders_with_images(tmp_path):
    made(tmp_path, "a.png", "b.png", "c.jpg", "notes.txt", "empty/x.txt", ".hidden/a.jpg")
    made(tmp_path, "shots/a.jpg", "more shots/a.jpg", "third/a.jpg", "deep/er/a.jpg")
    assert example_paths(tmp_path) == ("*.png", "more shots/", "shots/")
    assert example_paths(tmp_path, 9) == ("*.png", "more shots/", "shots/", "third/")


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_where_there_is_nothing_to_see_there_is_no_example(tmp_path, name):
    made(tmp_path, "file.txt")
    assert example_paths(tmp_path) == ()
    assert example_paths(tmp_path / name) == ()
