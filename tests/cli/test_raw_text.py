"""Names from files and graphs reach a terminal as text, whatever stands in them."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.core.errors import DataError
from engine.report.matrix_text import aligned, cut, document
from engine.util.visible import visible, visible_csv, visible_json
from tests.engine.scoring.making import constant_answer_model, ultralytics_metadata, yolo_answer

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["bolt\x1b[31m", "nut\nNoticed: all is well", "tab\there", "csi\x9b2J", "漢字", "bell\x07"]
CASE = ROOT.parent / "shared" / "cases" / "20_names"


@given(st.text())
def test_what_is_visible_is_one_line_that_obeys_nobody_and_stays_so(text):
    shown = visible(text)
    assert shown.isprintable()
    assert visible(shown) == shown


@given(st.text())
def test_json_keeps_its_values_without_controls(text):
    shown = visible_json(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(shown) == {text: text}
    assert not re.search("[\x00-\x1f\x7f-\x9f]", shown)


@given(st.lists(st.lists(st.text(), min_size=1), min_size=1))
def test_csv_keeps_its_cells_each_on_one_line(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    shown = visible_csv(text.getvalue())
    assert [*csv.reader(io.StringIO(shown))] == [[visible(cell) for cell in row] for row in rows]
    assert all(line.isprintable() for line in shown.split("\n"))


def test_an_error_is_one_line_and_its_example_keeps_its_own():
    error = DataError(Path("a\nb.json"), "names \x1b[2J", example=("", "    [input]\x1b"))
    assert str(error) == "a\\nb.json: names \\x1b[2J\n\n    [input]\\x1b"


def test_a_table_survives_a_newline_in_a_name():
    table = aligned([["class", "images"], [cut("nut\nbolt"), "3"], ["washer", "12"]])
    assert document(table).splitlines() == [
        "  class      images",
        "  nut\\nbolt       3",
        "  washer         12",
    ]


@pytest.fixture
def hostile(tmp_path):
    truth = {
        "images": [
            {"id": i, "width": 100, "height": 80, "file_name": f"{name}.jpg"}
            for i, name in enumerate(NAMES)
        ],
        "categories": [{"id": i + 1, "name": name} for i, name in enumerate(NAMES)],
        "annotations": [
            {"id": i, "image_id": i, "category_id": i + 1, "bbox": [20, 20, 30, 30], "area": 900}
            for i in range(len(NAMES))
        ],
    }
    found = [
        {"image_id": i, "category_id": (i + 1) % 6 + 1, "bbox": [20, 20, 30, 30], "score": 0.9}
        for i in range(len(NAMES))
    ]
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    (tmp_path / "found.json").write_text(json.dumps(found))
    (tmp_path / "wrong.json").write_text(json.dumps([{**found[0], "score": "\x1b[31m\nhigh"}]))
    return tmp_path


def on_a_terminal(*arguments: str, folder: Path) -> tuple[int, str]:
    """The exit code, and every byte that reached the terminal, stdout and stderr together."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tui.cli", *arguments]
    homes = {f"XDG_{name}_HOME": str(folder) for name in ("CACHE", "STATE", "CONFIG")}
    environ = {**os.environ, **homes, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environ, cwd=folder)
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    return process.wait(), said.decode()


BAR = re.compile(r"\r|\x1b\[\?25[hl]|\x1b\[K|\x1b\[2K")  # what a progress bar says of its own


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_of_hostile_names_sends_no_control_to_a_terminal(hostile, form):
    files = ("--data", "truth.json", "--predictions", "found.json")
    code, said = on_a_terminal("report", *files, "--format", form, folder=hostile)
    assert code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", BAR.sub("", said))
    assert not any(line.startswith("Noticed: all") for line in said.splitlines())
    assert "漢字" in said


def test_an_error_about_a_hostile_name_sends_no_control_to_a_terminal(hostile):
    (hostile / "no\x1b[31m\nbody.json").write_text("[")
    for predictions in ("wrong.json", "no\x1b[31m\nbody.json"):
        files = ("--data", "truth.json", "--predictions", predictions)
        code, said = on_a_terminal("report", *files, folder=hostile)
        assert code == 2
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", BAR.sub("", said))
        assert len(BAR.sub("", said).splitlines()) <= 2


@pytest.mark.skipif(not CASE.exists(), reason="the shared cases are not here")
def test_the_shared_case_sends_no_control_to_a_terminal(tmp_path):
    files = ("--data", str(CASE / "gt.json"), "--predictions", str(CASE / "pred.json"))
    code, said = on_a_terminal("report", *files, folder=tmp_path)
    assert code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", BAR.sub("", said))


@pytest.mark.parametrize("form", ["csv", "jsonl", "coco"])
@pytest.mark.slow
def test_scores_of_hostile_names_send_no_control_to_a_terminal_and_all_bytes_to_a_pipe(
    tmp_path, form
):
    (tmp_path / "shots").mkdir()
    Image.new("RGB", (64, 64)).save(tmp_path / "shots" / f"{NAMES[0]}\n\x9b.png")
    metadata = ultralytics_metadata((NAMES[0], NAMES[3]))
    answer = yolo_answer([(30, 30, 20, 20, 0.9, 0.1), (40, 40, 20, 20, 0.1, 0.9)])
    constant_answer_model(tmp_path / "m.onnx", answer, metadata=metadata)
    asked = ("score", "m.onnx", "shots", "--out", "-", "--format", form, "--confidence", ".5")
    code, said = on_a_terminal(*asked, "--provider", "cpu", folder=tmp_path)
    assert code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", BAR.sub("", said))
    assert "x1b[31m" in said or "u001b[31m" in said
    command = [sys.executable, "-m", "tui.cli", *asked, "--provider", "cpu"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)}
    piped = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, check=True)
    assert "\x9b".encode() in piped.stdout
