import os
import subprocess
import sys

CODE = """
import os, sys
from pathlib import Path
from tui.application.native_output import libraries_kept_quiet

with libraries_kept_quiet(Path(sys.argv[1])):
    os.write(1, b"a library on stdout\\n")
    os.write(2, b"a library on stderr\\n")
    print("a row of the report")
    print("a word of progress", file=sys.__stderr__)
    sys.__stdout__.write("a picture\\n")
os.write(1, b"after\\n")
print("the end")
print("the last word", file=sys.stderr)
"""


def ran(log, **streams):
    command = [sys.executable, "-c", CODE, str(log)]
    return subprocess.run(command, capture_output=not streams, text=True, **streams)


def test_python_writes_to_the_screen_and_libraries_to_the_log(tmp_path):
    log = tmp_path / "deep" / "native.log"
    done = ran(log)
    assert done.stdout == "a row of the report\na picture\nafter\nthe end\n"
    assert done.stderr == "a word of progress\nthe last word\n"
    assert log.read_text() == "a library on stdout\na library on stderr\n"
    ran(log)
    assert len(log.read_text().splitlines()) == 4


def test_a_log_that_cannot_be_made_keeps_the_screen_clean_too(tmp_path):
    (tmp_path / "file").write_text("")
    done = ran(tmp_path / "file" / "native.log")
    assert done.stdout == "a row of the report\na picture\nafter\nthe end\n"
    assert done.returncode == 0


def test_a_long_log_begins_anew(tmp_path):
    (tmp_path / "native.log").write_text("x" * 1_000_001)
    ran(tmp_path / "native.log")
    assert (tmp_path / "native.log").stat().st_size < 100


def test_what_onnxruntime_prints_while_it_loads_a_model_is_in_the_log(tmp_path):
    """Its own warning, from the native library, at the session's default severity."""
    code = (
        "import sys; from pathlib import Path\n"
        "import tui.application.native_output as quiet\n"
        "with quiet.libraries_kept_quiet(Path(sys.argv[1])):\n"
        "    import onnxruntime\n"
        "    options = onnxruntime.SessionOptions()\n"
        "    options.log_severity_level = 0\n"
        "    onnxruntime.InferenceSession(sys.argv[2], options)\n"
    )
    model = os.path.join("demo_data", "classification", "model.onnx")  # noqa: PTH118
    command = [sys.executable, "-c", code, str(tmp_path / "log"), model]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert "onnxruntime" in (tmp_path / "log").read_text()
