"""A long file is read while somebody watches, and no longer than anybody wants it."""

import json
import threading

import pytest

import engine.opening
from engine.formats import read_dataset, read_predictions
from engine.opening import Inputs, Opened, Stage, opening
from engine.util.progress import Reading, StoppedError, watched
from tests.engine.formats.test_strict_reading import RESULTS, TRUTH


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "long.json"
    path.write_bytes(b"x" * 100)
    return path


def test_how_far_it_is_is_said_until_there_is_a_result(file):
    go_on = threading.Event()

    def read(seen):
        seen(30)
        assert go_on.wait(10)
        seen(70)
        return "columns"

    reading = watched(file, read, lambda: False)
    while next(reading).done != 30:
        pass
    assert next(reading) == Reading(30, 100)
    go_on.set()
    results = []

    def rest():
        results.append((yield from reading))

    assert all(step.total == 100 for step in rest())
    assert results == ["columns"]


def until_stopped(seen):
    """Reads a file that has no end."""
    while True:
        seen(1)


def test_a_cancelled_reading_ends(file):
    with pytest.raises(StoppedError):
        list(watched(file, until_stopped, lambda: True))


def test_who_stops_asking_ends_the_reading(file):
    reading = watched(file, until_stopped, lambda: False)
    next(reading)
    reading.close()
    assert not any("ThreadPoolExecutor" in thread.name for thread in threading.enumerate())


def test_an_error_of_the_reader_is_the_error_of_who_asked(file):
    def read(seen):
        raise FileNotFoundError(file)

    with pytest.raises(FileNotFoundError):
        list(watched(file, read, lambda: False))


@pytest.fixture
def files(tmp_path):
    for name, content in (("truth.json", TRUTH), ("results.json", RESULTS)):
        (tmp_path / name).write_text(json.dumps(content))
    return tmp_path / "truth.json", tmp_path / "results.json"


def test_every_byte_of_ground_truth_and_of_results_is_told(files):
    truth, results = files
    told = {truth: 0, results: 0}

    def seen_of(path):
        def seen(more):
            told[path] += more

        return seen

    dataset = read_dataset(truth, seen=seen_of(truth))
    read_predictions(results, dataset, None, seen=seen_of(results))
    assert told == {path: path.stat().st_size for path in files}


@pytest.mark.parametrize("slow", ["read_dataset", "read_predictions"])
def test_an_opening_says_how_far_it_is_and_can_be_cancelled_while_it_reads(
    files, slow, monkeypatch
):
    cancelled = threading.Event()
    monkeypatch.setattr(
        engine.opening, slow, lambda *given, seen=None, **_: until_stopped(seen or given[-1])
    )
    events = []
    for event in opening(Inputs(files[0], predictions=files[1]), cancelled.is_set):
        events.append(event)
        if isinstance(event, Reading):
            cancelled.set()
    assert isinstance(events[-1], Reading)
    named = files[0] if slow == "read_dataset" else files[1]
    assert events[-2] == Stage(f"Reading {named.name}")
    assert not any(isinstance(event, Opened) for event in events)
