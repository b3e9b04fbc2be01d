"""Reports as Markdown, read back by a parser."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from engine.opening import LeftOut
from engine.report.comparison_markdown import comparison_markdown
from engine.report.markdown_parts import CUT, MOST_BYTES, escaped, fitting
from engine.report.reporting import reported
from tests.engine.report.html.making import HOSTILE, answers, renamed, sides, two_detectors
from tests.engine.report.html.reading import PageReader
from tests.making import detection
from tests.opening import INPUTS, confused, opened

GITHUB_HAS = 65_536


def markdown(made, *, intervals=False, **changes) -> str:
    return reported(opened(made, **changes), 0.5, None, with_intervals=intervals).markdown()


def read(text: str) -> PageReader:
    return PageReader(MarkdownIt("commonmark").enable("table").render(text))


@pytest.fixture(params=["detection", "classification", "comparison"])
def written(request):
    match request.param:
        case "detection":
            return lambda names: markdown(renamed(confused(), names, names[0]))
        case "classification":
            return lambda names: markdown(renamed(answers(), names[:3], names[0]))
        case _:
            return lambda names: comparison_markdown(
                sides(*(renamed(each, names, names[0]) for each in two_detectors()))
            )


def test_hostile_names_are_text_in_it(written):
    page = read(written(HOSTILE))
    assert not {"script", "img", "code", "em", "a"} & {name for name, _ in page.tags}
    assert "<script>alert(1)</script>" in page.text.replace("…", "</script>")
    width = {len({len(row) for row in table.rows}) for table in page.tables}
    assert width == {1}


def test_what_a_name_would_be_in_html_is_shown_as_it_stands():
    for name in ("&lt;b&gt;", "a|b", "*a*", "_a_", "<b>", "[a](b)", "`a`", "\\|", "#1", "@all"):
        page = read(f"| x |\n| --- |\n| {escaped(name)} |\n")
        assert page.tables[0].rows == [["x"], [name]]


def test_it_fits_a_merge_request_whatever_the_names(written):
    long = tuple(f"{place}" + "|`<*\N{PILE OF POO}" * 2000 for place in range(4))
    text = written(long)
    assert len(text.encode()) < GITHUB_HAS
    assert text.count("<details>") == text.count("</details>")


def test_with_many_classes_what_is_left_out_is_said():
    names = tuple(f"{c} " + "x" * 300 for c in range(400))
    made = detection([(0, c, (0, 0, 9, 9)) for c in range(400)], [], classes=names)
    text = markdown(made)
    assert len(text.encode()) < GITHUB_HAS
    assert "Classes, the first 100 of 400 (--format json has all of them)" in text


def test_longer_tables_are_tried_before_shorter_ones():
    asked = []

    def text_of(room: float) -> str:
        asked.append(room)
        return "x" * int(room * 5 * MOST_BYTES)

    assert CUT in fitting(text_of)
    assert asked == [1.0, 0.5, 0.2, 0.04]
    assert fitting(lambda room: "short\n") == "short\n"


def test_the_numbers_of_a_detector_are_there_with_their_intervals():
    page = read(markdown(confused(), intervals=True))
    totals, matrix, classes = page.tables
    assert totals.rows[0] == ["", "value", "95 % interval"]
    assert [row[0] for row in totals.rows[1:4]] == ["precision", "recall", "F1"]
    assert " to " in totals.rows[1][2]
    assert matrix.rows[1][:3] == ["bolt", "1", "2"]
    assert [row[0] for row in classes.rows[1:]] == list(confused().classes)
    assert page.headings == [(3, "parts.onnx on truth.json")]
    assert "bolt seen as nut: 2 (66.7 % of its ground truths)" in page.text


def test_the_numbers_of_a_classifier_are_there():
    page = read(markdown(answers()))
    assert page.tables[0].rows[1] == ["accuracy", ".600"]
    assert "bolt seen as nut: 1 (50.0 % of its ground truths)" in page.text


def test_what_is_left_out_is_said_without_folders(tmp_path):
    data = tmp_path / "truth.json"
    text = markdown(
        confused(),
        inputs=replace(INPUTS, data=data),
        left_out=LeftOut(2, 5),
        warnings=(f"{data} is odd",),
        failures=tuple((f"{place}.jpg", "is empty") for place in range(30)),
    )
    page = read(text).text
    assert "2 of 5 left out" in page
    assert "truth.json is odd" in page
    assert str(tmp_path) not in page
    assert "and 10 more images that could not be scored" in page


def test_the_same_input_gives_the_same_bytes(written):
    assert written(HOSTILE) == written(HOSTILE)
