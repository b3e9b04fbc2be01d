"""What the documents name is there, and no room is left out of the map."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
MAP = ROOT / "ARCHITECTURE.md"
OURS = ("engine", "tui", "tests", "demo_data", "docs", ".ci")
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def paths_in(text: str) -> set[str]:
    """What stands in backticks and is a path of this repository."""
    roots = {path.name for path in ROOT.iterdir() if path.is_file()}
    return {name for name in NAMED.findall(text) if name.split("/")[0] in OURS and "/" in name} | (
        set(NAMED.findall(text)) & roots
    )


def without_diagrams(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_document_names_is_there(page):
    named = paths_in(without_diagrams(page))
    assert not sorted(name for name in named if not (ROOT / name).exists())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_document_leads_somewhere(page):
    links = LINK.findall(page.read_text())
    assert not [link for link in links if not (page.parent / link).exists()]


def test_the_map_and_the_guide_name_files():
    assert len(paths_in(MAP.read_text())) > 80
    assert len(paths_in((ROOT / "CONTRIBUTING.md").read_text())) > 30


@pytest.mark.parametrize("part", ["engine", "tui"])
def test_every_room_is_on_the_map(part):
    named = paths_in(MAP.read_text())
    inner = [folder for folder in (ROOT / part).rglob("*") if (folder / "__init__.py").is_file()]
    rooms = {f"{folder.relative_to(ROOT)}/" for folder in inner if folder.name != "paint"}
    modules = {f"{part}/{path.name}" for path in (ROOT / part).glob("*.py")}
    assert not (rooms | modules) - named - {f"{part}/__init__.py"}


def test_the_map_says_of_a_room_what_the_room_says_of_itself():
    rows = dict(re.findall(r"^\| `((?:engine|tui)/[\w/]+/)` \| (.*) \|$", MAP.read_text(), re.M))
    for room, sentence in rows.items():
        first = (ROOT / room / "__init__.py").read_text().split('"""')[1].strip().splitlines()[0]
        said = set(re.findall(r"[a-z]{5,}", first.lower()))
        shared = said & set(re.findall(r"[a-z]{5,}", sentence.lower()))
        assert 2 * len(shared) >= len(said), (room, first, sentence)
