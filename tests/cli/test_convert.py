"""`offdiag convert`, as a user runs it."""

import json

import click
import pytest
from click.testing import CliRunner

from engine.core.errors import DataError
from engine.core.thresholds import MATCHINGS
from engine.formats import READERS
from tests.cli.test_command import offdiag
from tests.engine.formats.dialects import SCENE, pictures, voc, yolo_yaml
from tui.cli import offdiag as command
from tui.commands.options import DATA_FORMATS


@pytest.fixture
def data(tmp_path):
    return yolo_yaml(tmp_path / "data", SCENE)


def convert(*arguments):
    """In this process, which is ten times as fast; errors come as the engine raises them."""
    return CliRunner().invoke(command, ["convert", *map(str, arguments)], catch_exceptions=False)


def test_the_formats_of_the_command_are_those_that_have_a_reader():
    assert tuple(READERS) == DATA_FORMATS


def test_the_rules_of_the_command_are_those_of_the_engine():
    for verb in ("open", "report"):
        options = {each.name: each.type for each in command.get_command(None, verb).params}
        assert tuple(options["matching"].choices) == MATCHINGS


def test_every_verb_that_reads_data_offers_all_formats():
    context = click.Context(command)
    for verb in ("open", "report", "convert"):
        options = {each.name: each.type for each in command.get_command(context, verb).params}
        assert isinstance(options["data_format"], click.Choice)
        assert tuple(options["data_format"].choices) == DATA_FORMATS


@pytest.mark.slow
def test_ground_truth_and_predictions_become_coco_that_belongs_together(tmp_path, data):
    (labels := tmp_path / "labels").mkdir()
    (labels / "000.txt").write_text("0 .2 .5 .2 .5 .75\n0 .9 .9 .1 .1 .25\n")
    for arguments in (["--out", "truth.json"], ["--predictions", labels, "--out", "found.json"]):
        done = offdiag("convert", data, *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "3 images, 2 predictions" in done.stderr
    assert "confidence last" in done.stderr
    files = ["--data", "truth.json", "--predictions", "found.json", "--format", "json"]
    report = json.loads(offdiag("report", *files, "--confidence", "0.5", cwd=tmp_path).stdout)
    assert (report["ground_truths"], report["predictions"]) == (4, 2)
    assert report["matrix"]["counts"][0][0] == 1
    assert report["warnings"] == []


def test_standard_output_holds_nothing_but_the_file(data, tmp_path):
    done = convert(data, "--out", "-")
    assert done.exit_code == 0
    assert len(json.loads(done.stdout)["annotations"]) == 4
    assert "3 images, 4 boxes of 3 classes" in done.stderr
    assert not (tmp_path / "-").exists()


def test_a_file_is_written_over_only_by_force(tmp_path, data):
    (out := tmp_path / "out.json").write_text("precious")
    done = offdiag("convert", data, "--out", out, cwd=tmp_path)
    assert done.returncode == 2
    assert "out.json: is there already: name another file, or add --force" in done.stderr
    assert out.read_text() == "precious"
    assert convert(data, "--out", out, "--force").exit_code == 0
    assert len(json.loads(out.read_text())["images"]) == 3


def test_what_cannot_be_written_is_a_sentence_and_leaves_nothing(tmp_path, data):
    with pytest.raises(DataError, match="there is no such folder for the output"):
        convert(data, "--out", tmp_path / "nowhere" / "out.json")
    assert not (tmp_path / "nowhere").exists()


def test_classes_without_boxes_are_no_coco(tmp_path):
    pictures(tmp_path / "set" / "bolt")
    pictures(tmp_path / "set" / "nut")
    with pytest.raises(DataError, match="has a class for each image and no boxes"):
        convert(tmp_path / "set", "--out", "-")


def test_difficult_boxes_are_said_to_become_crowds(tmp_path):
    path = voc(tmp_path / "voc", SCENE)
    file = path / "Annotations" / "000.xml"
    file.write_text(file.read_text().replace("<bndbox>", "<difficult>1</difficult><bndbox>", 1))
    assert "1 difficult box written as crowds" in convert(path, "--out", "-").stderr
