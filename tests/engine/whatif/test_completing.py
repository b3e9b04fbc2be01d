import pytest

from engine.whatif.completing import completed, joined
from engine.whatif.pasted import pasted_paths


@pytest.fixture
def here(tmp_path, monkeypatch):
    for name in ("cat one.jpg", "cat two.jpg", "dog.jpg", ".hidden.jpg", "it's.jpg", "two\nlines"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.jpg").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("d", "dog.jpg"),
        ("fo", "folder/"),
        ("folder/", "folder/a.jpg"),
        ("c", "cat "),
        ("cat t", "cat two.jpg"),
        ("~/d", "~/dog.jpg"),
        ("dog.jpg cat\\ t", "dog.jpg cat\\ two.jpg"),
        ("dog.jpg i", "dog.jpg it\\'s.jpg"),
        ("dog.jpg 'cat t", "dog.jpg 'cat two.jpg'"),
        (".h", ".hidden.jpg"),
        ("x", "x"),
        ("nowhere/x", "nowhere/x"),
        ("two", "two"),
    ],
)
def test_a_line_grows_by_what_is_certain(here, line, becomes):
    assert completed(line).line == becomes


def test_candidates_are_told_in_order_and_the_first_is_shown(here):
    found = completed("cat ")
    assert found.candidates == ("cat one.jpg", "cat two.jpg")
    assert found.first == "cat one.jpg"


@pytest.mark.parametrize("line", ["dog.jpg cat\\ t", "dog.jpg 'cat t", "dog.jpg i"])
def test_what_is_completed_can_be_read(here, line):
    parts = pasted_paths(completed(line).line)
    assert len(parts) == 2
    assert all((here / part).exists() for part in parts)


def test_paths_in_one_line_are_read_again(here):
    paths = ("cat one.jpg", "it's.jpg", "dog.jpg")
    assert pasted_paths(joined(paths)) == paths
    assert pasted_paths(joined(paths[:1])) == paths[:1]
