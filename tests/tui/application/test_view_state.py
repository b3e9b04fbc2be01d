"""What is written of a dataset is read again, by an earlier and a later version too."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.application.view_state import (
    Point,
    ViewState,
    read_view_state,
    state_file,
    write_view_state,
)

DATA = Path("somewhere/data.json")
POINT = {"iou": 0.5, "confidence": None, "matching": "iou", "per_class": True, "own": [0.25, None]}
WRITTEN = {
    "data": "/somewhere/data.json",
    "tab": "feed",
    "theme": "nord",
    "goal": "f1",
    "order": "confidence",
    "descending": False,
    "started": POINT,
    "point": POINT | {"confidence": 0.75},
}
"""As it stands on disk, whatever the classes are called."""


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_the_file_has_the_same_words_in_every_version():
    started = Point(0.5, None, "iou", True, (0.25, None))
    point = Point(0.5, 0.75, "iou", True, (0.25, None))
    state = ViewState(
        "/somewhere/data.json", "feed", "nord", "f1", "confidence", False, started, point
    )
    write_view_state(DATA, state)
    assert json.loads(state_file(DATA).read_bytes()) == WRITTEN
    assert read_view_state(DATA) == (state, "")


def test_what_a_later_version_adds_and_an_earlier_one_lacks_is_no_problem():
    state_file(DATA).parent.mkdir(parents=True)
    state_file(DATA).write_text(json.dumps({"data": "x", "hologram": 3}))
    assert read_view_state(DATA) == (ViewState("x"), "")


def test_a_dataset_never_seen_has_no_state_and_no_problem():
    assert read_view_state(DATA) == (None, "")


@settings(max_examples=20, deadline=None)  # each is a file that is written to the disk
@given(st.text(max_size=20), st.text(max_size=20), st.booleans(), st.floats(0, 1))
def test_any_state_is_read_as_it_was_written(tab, order, descending, confidence):
    point = Point(0.5, confidence, "iou")
    state = ViewState("x", tab, order=order, descending=descending, point=point)
    write_view_state(DATA, state)
    assert read_view_state(DATA) == (state, "")
