"""Pages of all kinds: one file, read back by a parser."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.opening import LeftOut
from engine.report.html.comparison_page import comparison_page
from engine.report.html.page import html_page
from engine.report.html.stylesheet import stylesheet
from engine.report.making import ReportMaking
from tests.engine.report.html.making import (
    COMMAND,
    HOSTILE,
    MAKING,
    answers,
    page,
    renamed,
    sides,
    two_detectors,
    with_images,
)
from tests.engine.report.html.reading import PageReader
from tests.making import detection
from tests.opening import INPUTS, confused


def compared_page(a, b, making=MAKING) -> str:
    return html_page(comparison_page(sides(a, b), making))


def changed_answers():
    b = answers()
    value = b.probabilities.value.copy()
    value[[1, 0]] = value[[0, 1]]
    return answers(), replace(b, probabilities=replace(b.probabilities, value=value))


PAGES = {
    "detection": lambda folder: page(with_images(confused(), folder), intervals=True),
    "classification": lambda folder: page(with_images(answers(), folder), intervals=True),
    "detectors": lambda folder: compared_page(*two_detectors(folder)),
    "classifiers": lambda folder: compared_page(
        *(with_images(each, folder) for each in changed_answers())
    ),
    "nothing": lambda _: page(detection([], [], images=2)),
}
SECTIONS = {
    "detection": ["summary", "noticed", "matrix", "errors", "classes", "ap", "curves"],
    "classification": ["summary", "noticed", "matrix", "errors", "classes", "curves"],
    "detectors": ["summary", "numbers", "noticed", "matrix", "objects", "classes"],
    "classifiers": ["summary", "numbers", "noticed", "matrix", "objects", "classes"],
}


@pytest.fixture(params=PAGES)
def kind(request):
    return request.param


@pytest.fixture
def text(kind, tmp_path):
    return PAGES[kind](tmp_path)


def test_every_element_is_closed_and_the_headings_are_in_order(text):
    read = PageReader(text)
    levels = [level for level, _ in read.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(words for _, words in read.headings)
    assert read.named("html")[0]["lang"] == "en"
    assert read.title == read.headings[0][1]


def test_nothing_is_fetched_and_nothing_runs(text):
    read = PageReader(text)
    names = {name for name, _ in read.tags}
    assert not names & {"script", "link", "iframe", "object", "form", "base", "foreignobject"}
    assert "http://" not in text
    assert "https://" not in text
    for name, attributes in read.tags:
        for attribute, value in attributes.items():
            assert not attribute.startswith("on"), name
            assert attribute != "style"
            if attribute in ("src", "href"):
                assert value.startswith(("#", "data:image/jpeg;base64,"))
    (policy,) = (each["content"] for each in read.named("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "url(" not in text
    assert "@import" not in text


def test_who_does_not_see_it_is_told_what_there_is(text):
    read = PageReader(text)
    assert all(len(each["alt"]) > 10 for each in read.named("img"))
    for each in read.named("svg"):
        assert each.get("aria-hidden") == "true" or (each["role"] == "img" and each["aria-label"])
    ids = [each["id"] for _, each in read.tags if "id" in each]
    assert len(set(ids)) == len(ids)
    for _, each in read.tags:
        if "aria-labelledby" in each:
            assert each["aria-labelledby"] in ids
        if each.get("href", "").startswith("#"):
            assert each["href"][1:] in ids
    for each in read.named("th"):
        assert each["scope"] in ("row", "col")
    scrolled = [each for _, each in read.tags if each.get("class") == "scroll"]
    assert len(read.tables) <= len(scrolled)
    assert all(each["tabindex"] == "0" for each in scrolled)
    assert all(table.caption for table in read.tables)
    assert all(len({len(row) for row in table.rows}) == 1 for table in read.tables)


def test_every_section_is_there_and_led_to(kind, text):
    wanted = [*SECTIONS.get(kind, SECTIONS["detection"]), "counting", "made"]
    read = PageReader(text)
    assert [each["id"] for each in read.named("section")] == wanted
    assert [each["href"] for each in read.named("a")][1:] == [f"#{each}" for each in wanted]
    assert COMMAND in read.text


def test_the_same_input_gives_the_same_bytes(kind, text, tmp_path):
    assert PAGES[kind](tmp_path) == text


@pytest.mark.parametrize("task", ["detection", "classification", "comparison"])
def test_hostile_names_are_text(task):
    match task:
        case "detection":
            text = page(renamed(confused(), HOSTILE, HOSTILE[1]))
        case "classification":
            text = page(renamed(answers(), HOSTILE[:3], HOSTILE[0]))
        case _:
            text = compared_page(*(renamed(e, HOSTILE, HOSTILE[1]) for e in two_detectors()))
    read = PageReader(text)
    assert not {"script", "img"} & {name for name, _ in read.tags}
    assert "<script>alert(1)</script>" in read.text
    assert "49" not in re.findall(r"lines\S* (\S+)", read.text)
    for letter in "\x1b\u202e":
        assert letter not in text


def test_names_of_images_are_text_below_their_pictures(tmp_path):
    made = renamed(with_images(confused(), tmp_path), HOSTILE, HOSTILE[0])
    read = PageReader(page(made))
    assert "script" not in {name for name, _ in read.tags}
    assert any("<script>" in each["alt"] for each in read.named("img"))


@pytest.mark.parametrize(("most", "shown"), [(0, 0), (1, 1), (3, 3), (24, 7)])
def test_there_are_no_more_pictures_than_asked_for(tmp_path, most, shown):
    made = with_images(confused(), tmp_path)
    read = PageReader(page(made, replace(MAKING, pictures=most)))
    assert len(read.pictures()) == shown
    assert "could not be shown" not in read.text


def test_pictures_of_both_sides_come_in_pairs(tmp_path):
    read = PageReader(compared_page(*two_detectors(tmp_path), replace(MAKING, pictures=5)))
    said = [each["alt"].split(":")[0] for each in read.named("img")]
    assert said == ["A is right", "B is wrong", "A is wrong", "B is right"]


def test_boxes_are_drawn_into_the_pictures(tmp_path):
    made = with_images(confused(), tmp_path)
    for picture in PageReader(page(made)).pictures():
        assert picture.format == "JPEG"
        assert max(picture.size) == 420
        colours = picture.convert("RGB").quantize(32).convert("RGB").getcolors()
        assert any(red > 200 and blue < 190 for _, (red, _, blue) in colours)


def test_images_that_are_not_there_are_said():
    read = PageReader(page(confused()))
    assert not read.named("img")
    assert "could not be shown (7 no such file): name their folder with --images." in read.text


def test_a_broken_image_is_said_and_the_others_are_shown(tmp_path):
    made = with_images(confused(), tmp_path)
    (tmp_path / made.images.name[0]).write_bytes(b"no image")
    read = PageReader(page(made))
    assert read.named("img")
    assert "not an image that Pillow knows" in read.text


def test_the_numbers_are_those_of_the_report(tmp_path):
    read = PageReader(page(confused(), intervals=True))
    matrix = read.table("How often")
    head, bolt, *_ = matrix.rows
    assert head == ["truth ↓ · predicted →", *confused().classes, "Not detected"]
    assert bolt == ["bolt", "1", "2", "·", "·", "·"]
    assert "bolt seen as nut: 2 (66.7 % of true bolt)" in [words for _, words in read.headings]
    classes = read.table("Each class")
    assert [row[0].split()[0] for row in classes.rows[1:]] == [*confused().classes, "all"]
    assert " to " in classes.rows[1][classes.rows[0].index("R")]
    assert read.table("AP at each IoU").rows[0] == [
        "class",
        *(".50", ".55", ".60", ".65", ".70", ".75", ".80", ".85", ".90", ".95"),
    ]


def test_of_many_classes_those_that_are_confused_most_are_shown():
    truths = [(c, c, (0, 0, 10, 10)) for c in range(40)]
    names = tuple(f"class {c}" for c in range(40))
    made = detection(truths, [(0, 39, 0.9, (0, 0, 10, 10))], images=40, classes=names)
    read = PageReader(page(made))
    matrix = read.table("How often")
    assert "the 30 of 40 classes confused most" in matrix.caption
    assert len(matrix.rows) == 1 + 30 + 1
    assert "class 39" in [row[0] for row in matrix.rows]
    assert len(read.table("Each class").rows) == 1 + 40 + 1


def test_folders_of_what_was_named_are_not_told(tmp_path):
    made = confused()
    secret = tmp_path / "secret" / "truth.json"
    read = page(
        made,
        facts=(("Ground truth", str(secret)),),
        warnings=(f"something of {secret} is odd",),
        inputs=replace(INPUTS, data=secret),
    )
    assert "secret" not in read
    assert "something of truth.json is odd" in PageReader(read).text


def test_fingerprints_follow_the_content():
    def told(made):
        return re.findall(r"[0-9a-f]{64}", PageReader(page(made)).text)

    made = confused()
    other = replace(made, predictions=made.predictions.where(np.arange(5)))
    assert len(told(made)) == 2
    assert told(made)[0] == told(other)[0]
    assert told(made)[1] != told(other)[1]
    moved = replace(made, dataset=renamed(made, ("bolt", "nut", "washer", "cog")).dataset)
    assert told(made)[0] != told(moved)[0]


def test_a_page_without_a_command_is_a_page():
    read = PageReader(page(confused(), ReportMaking()))
    assert "The command" not in read.text


def test_what_is_left_out_is_said():
    text = page(
        confused(),
        left_out=LeftOut(2, 5, ("cog",)),
        failures=(("x.jpg", "is empty"),),
        warnings=("odd",),
    )
    read = PageReader(text).text
    for words in ("2 of 5 left out", "x.jpg: is empty", "odd", "data lack: cog"):
        assert words in read


def test_the_stylesheet_is_within_the_package():
    assert "@media print" in stylesheet()
    assert "</" not in stylesheet()
