"""What once ended a reader with an error that nobody foresaw, and a few files damaged anyhow."""

import json
import zipfile

import pytest

from engine.batch.run_file import read_run_file
from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from engine.formats.predictions.probability_files import read_probabilities
from engine.util.parsed import whole_number
from tests.benchmarks.fuzz import once
from tests.benchmarks.fuzz_seeds import SEEDS
from tests.engine.formats.dialects import DIALECTS, SCENE
from tests.engine.formats.making import TRUTH, truth
from tests.engine.formats.tabular import labelled
from tui.application.settings import read_settings
from tui.application.view_state import read_view_state, state_file

DIGITS = "9" * 5000
DEEP = "[" * 100_000


def test_a_number_is_plain_digits_and_not_too_many_of_them():
    assert whole_number("007") == 7
    assert [whole_number(text) for text in ("", "-1", "1_0", "²", "٣", "1.0", DIGITS)] == [None] * 7


def test_digits_beyond_what_python_reads_are_a_name(tmp_path):
    (tmp_path / "labels.csv").write_text(f"image,class\na.jpg,{DIGITS}\nb.jpg,7\n")
    assert read_dataset(tmp_path / "labels.csv").classes == ("7", DIGITS)


@pytest.mark.parametrize("content", [f'[{{"image_id": {DIGITS}}}]', f"[{DEEP}", '[{"a": "\xff"}]'])
def test_json_that_no_reader_takes_is_a_sentence(tmp_path, content):
    dataset = read_dataset(truth(tmp_path, TRUTH))
    path = tmp_path / "results.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError):
        read_predictions(path, dataset)


def test_names_in_a_table_that_is_no_table_are_a_sentence(tmp_path):
    path = DIALECTS["Open Images"][1](tmp_path, SCENE)
    (tmp_path / "class-descriptions-boxable.csv").write_text(f'/m/0,"{"x" * 140_000}"\n')
    with pytest.raises(DataError, match="cannot be read as CSV"):
        read_dataset(path)


def test_an_archive_of_another_version_is_a_sentence(tmp_path):
    path = tmp_path / "p.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("image.npy", b"")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 6] = 99  # the version that is needed to read it
    path.write_bytes(content)
    with pytest.raises(DataError, match="is no NPZ file"):
        read_probabilities(path, labelled())


@pytest.mark.parametrize("content", [DEEP, '{"a": "\xff"}', "{", json.dumps(5)])
def test_what_the_program_wrote_itself_is_damaged_in_a_sentence(tmp_path, monkeypatch, content):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "out.jsonl.run.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError):
        read_run_file(tmp_path / "out.jsonl")
    state = state_file(tmp_path / "truth.json")
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_bytes(content.encode("latin-1"))
    assert "starts as if" in read_view_state(tmp_path / "truth.json")[1]


@pytest.mark.parametrize("content", [f"a = {DIGITS}", f"a = {DEEP}"])
def test_settings_that_cannot_be_parsed_are_a_problem_and_no_error(tmp_path, content):
    (tmp_path / "config.toml").write_text(content)
    assert len(read_settings(tmp_path / "config.toml").problems) == 1


@pytest.mark.slow
@pytest.mark.parametrize("reading", SEEDS, ids=lambda reading: reading.name)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(tmp_path, reading):
    (sound := tmp_path / "sound").mkdir()
    reading.write(sound)
    finds = [once(reading, sound, seed, tmp_path / "now") for seed in range(12)]
    assert [found for found in finds if found] == []
