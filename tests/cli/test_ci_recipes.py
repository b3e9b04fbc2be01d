"""The recipes for CI in the documents, run by a real shell on the demo."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from defusedxml import ElementTree

from tests.cli.test_command import DEMO, ROOT

PAGE = ROOT / "docs" / "production.md"
INSTALL = "pip install 'offdiag[cpu]'"


def recipes() -> tuple[list[str], list[str]]:
    """The lines for a shell of each: what is run, and on GitHub what is run whatever failed."""
    github, gitlab = (
        yaml.safe_load(text)
        for text in re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    )
    steps = [step for step in github["jobs"]["model"]["steps"] if "run" in step]
    usual = [step["run"] for step in steps if "if" not in step]
    always = [step["run"] for step in steps if step.get("if") == "always()"]
    assert usual[0] == gitlab["model"]["script"][0] == INSTALL
    assert gitlab["model"]["artifacts"]["reports"] == {"junit": "gate.xml"}
    assert "gate.xml" in github["jobs"]["model"]["steps"][-1]["with"]["path"].split()
    assert len(always) == 1
    return [*usual[1:], *always], gitlab["model"]["script"][1:]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model is run once for all of these."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def checkout(tmp_path: Path, cache: Path) -> dict[str, str]:
    """A repository with a model and its data, and what a runner of CI sets; without a word."""
    shutil.copy(DEMO / "model.onnx", tmp_path / "best.onnx")
    shutil.copy(DEMO / "truth.json", tmp_path / "val.json")
    (tmp_path / "val").symlink_to(DEMO / "images")
    command = tmp_path / "bin" / "offdiag"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "tui" / "cli.py"}" "$@"\n')
    command.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(cache),
        "CI": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }


def run(lines: Sequence[str], cwd: Path, environment: dict[str, str]) -> list[int]:
    """How each ends, in a shell of its own as GitHub's runner has it."""
    return [
        subprocess.run(
            ["bash", "-e", "-c", line], cwd=cwd, env=environment, capture_output=True
        ).returncode
        for line in lines
    ]


def outcomes(path: Path) -> list[list[str]]:
    return [[child.tag for child in case] for case in ElementTree.parse(path).iter("testcase")]


@pytest.mark.slow
@pytest.mark.parametrize("recipe", recipes(), ids=["GitHub", "GitLab"])
def test_a_recipe_passes_on_the_demo_and_fails_where_more_is_asked(tmp_path, checkout, recipe):
    assert run(recipe, tmp_path, checkout) == [0] * len(recipe)
    assert outcomes(tmp_path / "gate.xml") == [[], [], []]
    assert "confusion" in (tmp_path / "report.txt").read_text().lower()
    if len(recipe) > 1:
        assert (tmp_path / "report.txt").read_text() in (tmp_path / "summary.md").read_text()

    harder = [line.replace("AP=.5", "AP=.9") for line in recipe]
    assert run(harder, tmp_path, checkout)[0] == 1
    assert outcomes(tmp_path / "gate.xml") == [["failure"], [], []]
    # Inside the interval: CI is set, so it fails, and so it does not where the recipe says.
    unsure = [line.replace("AP=.5", "AP=.614") for line in recipe]
    assert run(unsure, tmp_path, checkout)[0] == 1
    warned = [line.replace("--intervals", "--intervals --cannot-tell pass") for line in unsure]
    assert run(warned, tmp_path, checkout)[0] == 0
    assert outcomes(tmp_path / "gate.xml") == [["skipped"], [], []]


def test_the_limits_of_the_recipes_are_those_of_one_another():
    github, gitlab = recipes()
    assert github[0].split() == gitlab[0].split()
