import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(p for part in ("engine", "tui", "demo_data") for p in (ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= 400


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    """The classes of the engine and the terminal at the level of modules, with their files."""
    for path in SOURCES:
        if "demo_data" not in path.parts:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    yield path.relative_to(ROOT), node


def test_a_public_class_has_a_name_of_its_own():
    places = defaultdict(list)
    for path, node in classes():
        if not node.name.startswith("_"):
            places[node.name].append(str(path))
    assert not {name: paths for name, paths in places.items() if len(paths) > 1}


def bases(node: ast.ClassDef) -> list[str]:
    """The names of what a class stands on, without packages and parameters."""
    return [ast.unparse(base).partition("[")[0].split(".")[-1] for base in node.bases]


def test_no_class_is_a_part_of_its_only_heir():
    """What one class alone needs it holds: a base is for those that share it."""
    ours = {node.name: bases(node) for _, node in classes() if not node.name.startswith("_")}
    heirs = defaultdict(list)
    for name, stands_on in ours.items():
        for base in stands_on:
            if base in ours and base != name and "Protocol" not in ours[base]:
                heirs[base].append(name)
    assert not {base: found for base, found in heirs.items() if len(found) == 1}
    for name, stands_on in ours.items():
        assert sum(base in ours and base != name for base in stands_on) <= 2, name


def test_a_folder_holds_few_modules_and_a_sentence():
    for part in ("engine", "tui"):
        for folder in (ROOT / part, *(path for path in (ROOT / part).rglob("*") if path.is_dir())):
            modules = sorted(folder.glob("*.py"))
            if modules:
                assert len(modules) <= (6 if folder.parent == ROOT else 25), folder
                assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), folder


def test_what_paints_is_no_widget():
    """As the import contract has it: a painter is a function from values to text or pixels."""
    apart = {"app", "containers", "message", "screen", "widget", "widgets"}
    for path in (path for path in SOURCES if "paint" in path.parts or "drawing" in path.parts):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                package, _, module = node.module.partition(".")
                assert package != "textual" or module.split(".")[0] not in apart, path


def test_the_engine_starts_without_the_terminal():
    code = "import engine.opening, engine.report.text, sys; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_classifier_is_measured_without_the_detector():
    """Its goals and intervals are counts of answers: no matching of boxes is loaded for them."""
    code = (
        "import engine.classification.intervals, engine.core.goals, sys\n"
        "found = [name for name in sys.modules if name.startswith('engine.detection')]\n"
        "assert not found, found"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["open", "--help"], ["score", "--help"], ["compare", "--help"]],
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
