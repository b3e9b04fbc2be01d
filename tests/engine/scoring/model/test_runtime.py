"""onnxruntime writes no device id, keeps no events and opens no connection."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[4]
MODEL = SOURCES / "demo_data" / "classification" / "model.onnx"
RUN = f"""
import time
from pathlib import Path
from engine.scoring.model.session import open_model
open_model(Path({str(MODEL)!r}))
time.sleep(1)  # what it reports it writes from a thread of its own
"""


def run(home, *before):
    known = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG", "ORT"))
    }
    environment = {**known, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*before, sys.executable, "-c", RUN]
    return subprocess.run(
        command, cwd=SOURCES, env=environment, capture_output=True, text=True, check=True
    )


def test_a_model_that_is_opened_leaves_nothing_in_the_home_of_its_user(tmp_path):
    run(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_model_that_is_opened_opens_no_socket(tmp_path):
    log = tmp_path / "calls"
    run(tmp_path, "strace", "-f", "-e", "trace=socket,connect", "-o", str(log))
    assert "exited with 0" in log.read_text()
    assert re.findall(r"(?:socket|connect)\(.*", log.read_text()) == []


def test_no_other_module_imports_it():
    importing = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)
    modules = [path for room in ("engine", "tui") for path in (SOURCES / room).rglob("*.py")]
    found = [path.name for path in modules if importing.search(path.read_text())]
    assert found == ["runtime.py"]
