"""`offdiag card` and `offdiag probe`, as a user runs them."""

import pytest
from click.testing import CliRunner

from engine.scoring.card import card_beside, read_card
from engine.scoring.run.scorer import open_scorer
from tests.cli.test_command import offdiag
from tests.probing import inputs_of, particular_model
from tui.cli import offdiag as command
from tui.commands import card as card_command


@pytest.fixture
def inputs(tmp_path):
    return inputs_of(tmp_path)


@pytest.fixture
def files(inputs):
    return [str(inputs.model), "--data", str(inputs.data), "--images", str(inputs.images)]


def run(*arguments, answers=""):
    return CliRunner().invoke(command, [*map(str, arguments)], input=answers, standalone_mode=False)


def test_in_a_pipe_the_card_lists_what_is_missing_and_ends_with_2(inputs, files, tmp_path):
    done = offdiag("card", *files, cwd=tmp_path)
    assert done.returncode == 2
    assert "Family        yolo-v8-like  [guess]" in done.stdout
    assert "Color order   RGB  [ASSUMED]" in done.stdout
    assert "taken in the order of the dataset" in done.stdout
    assert "pixel values: 0 to 1, or 0 to 255, or ImageNet mean and deviation" in done.stderr
    assert f"offdiag probe {inputs.model} --data {inputs.data}" in done.stderr
    assert not card_beside(inputs.model).exists()


def test_a_model_that_says_all_has_a_card_for_the_asking(tmp_path):
    model = particular_model(tmp_path / "model.onnx", metadata=True)
    done = offdiag("card", model, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Classes       2 classes: bolt, nut  [certain]" in done.stdout
    assert not card_beside(model).exists()
    before = open_scorer(model).card
    assert run("card", model, "--write").exception is None
    assert open_scorer(model).card.input == before.input


def test_on_a_terminal_what_is_missing_is_asked_for(inputs, monkeypatch):
    monkeypatch.setattr(card_command, "_answers_come", lambda: True)
    # 0 to 255, then no such choice, BGR, the third resize; one name too few, two; yes.
    answers = "2\n9\n2\n3\nbolt\nbolt, nut\n\n"
    done = run("card", inputs.model, answers=answers)
    assert done.exception is None, done.output
    assert "2 names are wanted, not 1" in done.output
    card = read_card(card_beside(inputs.model))
    assert (card.input.color, card.input.scale, card.input.resize) == ("BGR", 1.0, "stretch")
    assert card.classes.names == ("bolt", "nut")
    assert open_scorer(inputs.model).open_questions == ()


def test_with_data_the_answers_may_come_from_a_probe(inputs, files, monkeypatch):
    monkeypatch.setattr(card_command, "_answers_come", lambda: True)
    done = run("card", *files, "--write", answers="y\n\n")
    assert done.exception is None, done.output
    assert "18 ways on 8 images, by AP" in done.output
    card = read_card(card_beside(inputs.model))
    assert (card.input.color, card.input.resize) == ("BGR", "letterbox-topleft")


def test_a_card_with_a_slip_is_named_with_its_key(inputs, tmp_path):
    card_beside(inputs.model).write_text('[input]\ncolour = "BGR"\n')
    done = offdiag("card", inputs.model, "--write", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown key 'input.colour'" in done.stderr


@pytest.mark.slow
def test_a_probe_shows_its_ranking_and_writes_only_when_told(inputs, files, tmp_path):
    done = offdiag("probe", *files, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "18 ways on 8 images, by AP"
    assert lines[3].split()[:2] == ["1", "1.000"]
    assert "0 to 255      BGR          letterbox-topleft" in lines[3]
    assert any(line.endswith("assumed") for line in lines[4:])
    assert "RGB was assumed" in done.stdout
    assert "add --write" in done.stdout
    assert not card_beside(inputs.model).exists()
    written = run("probe", *files, "--write", "--limit", "4").output
    assert "4 images" in written
    assert f"Written to {card_beside(inputs.model)}" in written
    done = offdiag("probe", *files, cwd=tmp_path)
    assert done.returncode == 2
    assert "To try other ways all the same: --all-variants" in done.stderr


def test_a_probe_in_which_nothing_is_right_ends_with_2(inputs, files):
    inputs.data.write_text(inputs.data.read_text().replace("[22, 11, 20, 10]", "[0, 0, 2, 2]"))
    runner = CliRunner().invoke(command, ["probe", *files])
    assert runner.exit_code == 2
    assert "No way of feeding it gets anything right" in runner.output
