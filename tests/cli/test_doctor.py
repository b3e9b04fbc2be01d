"""What a person pastes into a report of a bug, and what the shell is told."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command import ROOT, offdiag
from tui import __version__
from tui.cli import offdiag as group
from tui.commands import doctor as doctor_command


def test_the_doctor_prints_versions_terminal_providers_and_places_in_a_pipe(tmp_path):
    done = offdiag("doctor", cwd=tmp_path, TERM="xterm-kitty", TMUX="/run/secret,1,0")
    assert (done.returncode, done.stderr) == (0, "")
    facts = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if line[:1] == " ")
    assert facts["offdiag"] == __version__
    assert facts["TERM"] == "xterm-kitty"
    assert facts["TMUX"] == "set"
    assert facts["asked"].startswith("no: standard input or output is no terminal")
    assert "CPUExecutionProvider" in facts["listed"]
    assert "config.toml" in done.stdout
    assert str(tmp_path / "cache") in done.stdout
    assert "\x1b" not in done.stdout


def test_the_doctor_works_without_onnxruntime_and_says_what_to_install(tmp_path):
    (tmp_path / "onnxruntime.py").write_text("raise ImportError")
    done = offdiag("doctor", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "not installed: pip install 'offdiag[cpu]'" in done.stdout


@pytest.mark.slow
def test_the_doctor_says_what_is_wrong_with_the_config(tmp_path):
    (tmp_path / "offdiag").mkdir()
    (tmp_path / "offdiag" / "config.toml").write_text('[keys]\n"matrix.row" = "c"\nnone = "x"\n')
    done = offdiag("doctor", cwd=tmp_path, XDG_CONFIG_HOME=str(tmp_path))
    problems = [line for line in done.stdout.splitlines() if line.startswith("! ")]
    assert len(problems) == 2
    assert "matrix.row and matrix.column" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_the_function_that_the_command_answers(tmp_path, shell):
    done = offdiag("completion", shell, cwd=tmp_path)
    assert f"_OFFDIAG_COMPLETE={shell}_complete" in done.stdout
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=True)


def test_completion_finds_verbs_and_options_without_what_is_slow(tmp_path):
    command = (
        "import sys, tui.cli; sys.argv[0] = 'offdiag'\n"
        "try: tui.cli.offdiag(prog_name='offdiag')\n"
        "finally: print({'numpy', 'textual', 'onnxruntime'} & set(sys.modules))"
    )
    environ = {
        **os.environ,
        "_OFFDIAG_COMPLETE": "bash_complete",
        "COMP_WORDS": "offdiag open --pic",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.stdout == "plain,--pictures\nset()\n"


def test_a_place_that_may_not_be_used_is_said_and_does_not_end_the_list(monkeypatch):
    def refused(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refused)
    told = dict(doctor_command._places())
    assert "how it was left" in told
    assert told["config"].endswith("(cannot be used: Permission denied)")


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_manual_page_has_every_verb_and_option_and_no_warning(tmp_path):
    page = offdiag("man", cwd=tmp_path).stdout
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-P-cbou", "-ww"], input=page, capture_output=True, text=True
    )
    assert done.stderr == ""
    for name, verb in group.commands.items():
        assert f"offdiag {name}" in done.stdout
        for parameter in verb.params:
            for option in parameter.opts:
                assert not option.startswith("--") or option in done.stdout
    assert ".card.toml" in done.stdout


@pytest.mark.slow
def test_keys_prints_a_config_that_counts_for_nothing_until_it_is_changed(tmp_path):
    done = offdiag("keys", cwd=tmp_path)
    lines = done.stdout.splitlines()
    at = lines.index("[keys]")
    assert all(line.startswith("#") for line in lines[: at - 1])
    assert '# "app.quit" = "q"  # Quit: what was scored is kept' in lines
    assert all(line.startswith("#") for line in lines[at + 1 :])


def in_a_terminal(folder, said: bytes, *arguments: str, **environ: str) -> str:
    """What the command prints where a terminal answers this to the questions."""
    far, near = pty.openpty()
    homes = {
        f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CACHE", "STATE", "CONFIG")
    }
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tui" / "cli.py"), *arguments],
        cwd=folder,
        env={**os.environ, **homes, "TERM": "xterm-256color", **environ},
        stdin=near,
        stdout=near,
        stderr=near,
    )
    os.close(near)
    seen, answered = b"", False
    while True:
        try:
            seen += os.read(far, 65_536)
        except OSError:  # the other end is closed
            break
        if not answered and b"\x1b[c" in seen:
            answered = bool(os.write(far, said))
    os.close(far)
    assert process.wait(20) == 0
    return seen.decode().replace("\r\n", "\n")


def test_the_doctor_says_what_was_chosen_for_this_terminal_and_how_to_forget_it(tmp_path):
    place = tmp_path / "state" / "offdiag"
    place.mkdir(parents=True)
    chosen = {"pictures": "cells", "ascii": True, "theme": "nord"}
    (place / "terminals.json").write_text(json.dumps({"mintty": chosen}))
    said = b"\x1bP>|mintty 3.7.4\x1b\\\x1b[6;18;9t\x1b[?64;1;4c"
    printed = in_a_terminal(tmp_path, said, "doctor")
    facts = dict(re.findall(r"^  (\S.*?)  +(.*)$", printed, re.MULTILINE))
    assert facts["pictures"] == "cells"
    assert facts["chosen: pictures"] == "cells, kept for mintty; --pictures auto forgets it"
    assert facts["chosen: ascii"] == "yes, kept for mintty; --no-ascii forgets it"
    assert facts["chosen: theme"] == "nord, kept for mintty; t chooses another"
    assert facts["inline images"] == "yes"
    assert facts["chosen in terminals"].endswith("terminals.json")
    other = in_a_terminal(tmp_path, b"\x1bP>|iTerm2 3.5.14\x1b\\\x1b[?62;4c", "doctor")
    assert re.search(r"^  pictures +iterm$", other, re.MULTILINE)
    assert "chosen: pictures" not in other
