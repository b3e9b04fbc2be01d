import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(p for part in ("engine", "tui", "demo_data") for p in (ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= 250


def test_the_engine_starts_without_the_terminal():
    code = "import engine.opening, engine.report.text, sys; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["open", "--help"], ["score", "--help"]]
)
def test_help_answers_without_the_heavy_packages(arguments):
    heavy = "{'textual', 'numpy', 'onnxruntime', 'PIL', 'msgspec'}"
    code = (
        "import sys, tui.cli\n"
        "try: tui.cli.main()\n"
        "except SystemExit as end: assert not end.code\n"
        f"found = {heavy} & set(sys.modules)\n"
        "assert not found, found"
    )
    command = [sys.executable, "-c", code, *arguments]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
