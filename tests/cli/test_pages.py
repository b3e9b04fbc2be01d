"""Reports and comparisons as Markdown and as pages of HTML, as a user asks for them."""

import json
import sys

import pytest

from tests.cli.test_command import DEMO, offdiag
from tests.cli.test_command import files as files  # a fixture
from tests.cli.test_command import inside as inside  # a fixture
from tests.engine.report.html.reading import PageReader

PAGE = ("--format", "html", "--out", "page.html")


def test_the_page_tells_the_command_that_makes_it_anew(tmp_path, files, inside):
    folder = tmp_path / "of this machine"
    folder.mkdir()
    for name in ("truth.json", "results.json"):
        (tmp_path / name).rename(folder / name)
    named = ["--data", folder / "truth.json", "--predictions", "of this machine/results.json"]
    done = inside("report", *named, *PAGE, "--iou", "0.4", "--intervals", "--force", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = (tmp_path / "page.html").read_text()
    page = PageReader(text)
    command = "offdiag report --data truth.json --predictions results.json"
    assert f"{command} --format html --iou 0.4 --intervals" in page.text
    assert "of this machine" not in text
    assert page.title == "results.json on truth.json"


def test_the_same_files_give_the_same_bytes_wherever_they_stand(tmp_path, files, inside):
    other = tmp_path / "elsewhere"
    other.mkdir()
    for name in ("truth.json", "results.json"):
        (other / name).write_bytes((tmp_path / name).read_bytes())
    for place, moved in ((tmp_path, files), (other, files[2:] + files[:2])):
        assert inside("report", *moved, *PAGE, cwd=place).returncode == 0
    assert (tmp_path / "page.html").read_bytes() == (other / "page.html").read_bytes()


def test_a_page_that_is_there_is_kept_unless_told_otherwise(tmp_path, files, inside):
    (tmp_path / "page.html").write_text("mine")
    done = inside("report", *files, *PAGE, cwd=tmp_path)
    assert done.returncode == 2
    assert "page.html: is there already: name another file, or add --force" in done.stderr
    assert (tmp_path / "page.html").read_text() == "mine"
    assert inside("report", *files, *PAGE, "--force", cwd=tmp_path).returncode == 0
    assert (tmp_path / "page.html").read_text().endswith("</html>\n")


@pytest.mark.parametrize("verb", ["report", "compare"])
def test_a_page_is_not_shown_on_a_terminal(tmp_path, files, inside, monkeypatch, verb):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    named = ["results.json", "results.json", *files[:2]] if verb == "compare" else files
    done = inside(verb, *named, "--format", "html", cwd=tmp_path)
    assert done.returncode == 2
    assert "name a file with --out, or pipe it" in done.stderr


def test_a_page_may_be_piped(tmp_path, files, inside):
    done = inside("report", *files, "--format", "html", cwd=tmp_path)
    assert done.returncode == 0
    assert PageReader(done.stdout).headings[0] == (1, "results.json on truth.json")


def test_the_report_is_markdown_where_it_is_asked_for(tmp_path, files, inside):
    done = inside("report", *files, "--format", "md", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("### results.json on truth.json\n")
    assert "| recall | .500 |" in done.stdout


def test_other_forms_say_what_they_said(tmp_path, files, inside):
    """A page is made of the same facts, so the numbers agree."""
    values = json.loads(inside("report", *files, "--format", "json", cwd=tmp_path).stdout)
    page = PageReader(inside("report", *files, "--format", "html", cwd=tmp_path).stdout)
    counts = values["matrix"]["counts"]
    shown = page.table("How often").rows[1:]
    assert [[int(cell.replace("·", "0")) for cell in row[1:]] for row in shown] == counts


@pytest.mark.parametrize(
    ("options", "code"), [((), 0), (("--pictures", "0"), 0), (("--pictures", "many"), 2)]
)
def test_compare_takes_a_number_of_pictures_or_a_way_to_draw_them(
    tmp_path, files, inside, options, code
):
    named = ["results.json", "results.json", *files[:2], "--samples", "20", *options]
    done = inside("compare", *named, *PAGE, cwd=tmp_path)
    assert done.returncode == code
    if code:
        assert "'many' is neither a number nor one of 'auto'" in done.stderr
        return
    page = PageReader((tmp_path / "page.html").read_text())
    assert page.title == "results.json against results.json"
    said = " ".join(("--samples 20", *options, "--format html"))
    assert all(word in page.text for word in said.split(" --"))


@pytest.mark.slow
def test_the_demo_with_24_pictures_is_below_2_megabytes(tmp_path):
    named = ["--data", DEMO / "truth.json", "--images", DEMO / "images"]
    done = offdiag("report", DEMO / "model.onnx", *named, "--intervals", *PAGE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = PageReader((tmp_path / "page.html").read_text())
    assert len(page.pictures()) == 24
    assert (tmp_path / "page.html").stat().st_size < 2_000_000


@pytest.mark.slow
def test_a_check_without_labels_is_a_page_too(tmp_path):
    models = [DEMO / "model.onnx", DEMO / "model_int8.onnx"]
    images = sorted((DEMO / "images").glob("*.jpg"))[:6]
    done = offdiag("compare", *models, *images, *PAGE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = PageReader((tmp_path / "page.html").read_text())
    assert page.title == "model_int8.onnx against model.onnx"
    assert [each["id"] for each in page.named("section")] == [
        "summary",
        "images",
        "noticed",
        "made",
    ]


ASKED = ("--fail-under", "AP=.99", "--fail-under", "recall=.1", "--error-types")


def test_limits_baseline_and_error_types_stand_in_markdown_and_in_the_page(tmp_path, files, inside):
    kept = inside("report", *files, "--write-baseline", "main.bl", cwd=tmp_path)
    assert kept.returncode == 0
    asked = (*files, *ASKED, "--baseline", "main.bl")
    done = inside("report", *asked, "--format", "md", cwd=tmp_path)
    assert done.returncode == 1
    sections = [line[4:] for line in done.stdout.splitlines() if line.startswith("### ")]
    assert sections[1:] == ["Limits", "Against the baseline", "Error types"]
    assert "| AP | fail |" in done.stdout
    assert "| recall | pass |" in done.stdout
    assert "| localisation |" in done.stdout
    assert inside("report", *asked, *PAGE, cwd=tmp_path).returncode == 1
    page = PageReader((tmp_path / "page.html").read_text())
    for words in ("Limits", "under .99", "Against the baseline", "not certain", "localisation"):
        assert words in page.text, words
    assert inside("report", *files, *PAGE, "--force", cwd=tmp_path).returncode == 0
    plain = PageReader((tmp_path / "page.html").read_text())
    assert "Against the baseline" not in plain.text
    assert "Whether the numbers keep their limits." not in plain.text


@pytest.mark.parametrize(
    "written",
    [("--out", "truth.json"), ("--write-baseline", "results.json"), ("--out", "./link.json")],
)
def test_an_output_is_never_one_of_the_inputs(tmp_path, files, inside, written):
    (tmp_path / "link.json").symlink_to("truth.json")
    before = {name: (tmp_path / name).read_bytes() for name in ("truth.json", "results.json")}
    done = inside("report", *files, *written, "--force", cwd=tmp_path)
    assert done.returncode == 2
    assert f"{written[0]} and an input are the same file" in done.stderr
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_two_outputs_are_two_files_however_they_are_spelled(tmp_path, files, inside):
    limits = ("--fail-under", "f1=.1", "--junit", "./a.xml", "--out", str(tmp_path / "a.xml"))
    done = inside("report", *files, *limits, cwd=tmp_path)
    assert done.returncode == 2
    assert "--junit and --out are the same file" in done.stderr


def test_false_alarms_in_an_image_are_said_in_every_form(tmp_path, files, inside):
    said = [
        inside("report", *files, "--intervals", "--format", form, cwd=tmp_path).stdout.casefold()
        for form in ("text", "md", "html")
    ]
    assert ["false alarms per image" in each for each in said] == [True] * 3
