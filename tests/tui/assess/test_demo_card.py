"""What one keeps of the demo lies in one's own folders, never in those of the program."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cards.operating_point import saved_point
from engine.core.errors import CardError
from engine.opening import Opened, opening
from engine.scoring.run.scorer import open_scorer
from tests.tui.saving.saving_point import notices, save
from tests.tui.waiting import settled
from tests.tui.walking import SIZE, app_of
from tui.application.probers import prober_of
from tui.cli import offdiag
from tui.commands import plain
from tui.commands.plain import DEMOS, demo_inputs


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """The folders of a user who has none yet."""
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    return tmp_path


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """The demos as they are installed for everybody: nobody may write there."""
    folder = tmp_path / "installed"
    shutil.copytree(DEMOS, folder, ignore=shutil.ignore_patterns("make", "pictures"))
    kept = sorted((folder / "classification" / "images").rglob("*.jpg"))[::20]
    for picture in (folder / "classification" / "images").rglob("*.jpg"):
        if picture not in kept:
            picture.unlink()
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setattr(plain, "DEMOS", folder)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


def state(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


async def test_what_w_saves_in_a_demo_is_the_users_own_and_begins_the_next_one(own, installed):
    before, inputs = state(installed), demo_inputs()
    async with app_of(inputs=inputs).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        at = screen.wish.point.confidence
        await save(pilot)
        assert "with --card" in notices(pilot)
    assert state(installed) == before
    card = own / "DATA" / "offdiag" / "demo" / "detection" / "model.card.toml"
    assert saved_point(inputs.model, card).confidence == at
    assert open_scorer(inputs.model, demo_inputs().card).card.operating_point["confidence"] == at


def test_a_demo_without_a_card_opens_where_nobody_may_write(own, installed):
    before = state(installed)
    inputs = demo_inputs("classification")
    assert not inputs.card.exists()
    *_, last = opening(inputs)
    assert isinstance(last, Opened)
    assert last.saved is None
    assert state(installed) == before
    assert prober_of(inputs).card == inputs.card
    assert (own / "CACHE" / "offdiag").is_dir()


def test_the_command_prints_its_report_there(own, installed):
    before = state(installed)
    made = CliRunner().invoke(offdiag, ["demo", "--task", "classification"])
    assert made.exit_code == 0
    assert "accuracy" in made.output.lower()
    assert state(installed) == before


def test_a_home_that_cannot_be_written_to_does_not_keep_the_demo_from_opening(own):
    (own / "DATA").write_text("not a folder")
    assert demo_inputs().card.parent.parent.parent.parent == own / "DATA"


def test_a_card_that_somebody_named_must_be_there(tmp_path):
    with pytest.raises(CardError, match="cannot be read"):
        open_scorer(DEMOS / "detection" / "model.onnx", tmp_path / "typed_wrong.toml")
