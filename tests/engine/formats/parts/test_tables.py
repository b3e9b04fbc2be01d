import csv
import io
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.formats.parts import tables
from engine.formats.parts.duck import connected
from engine.formats.parts.tables import column_named, header_of, open_table
from tests.engine.formats.tabular import parquet, written

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=["Cs"]))
CELLS = st.tuples(TEXTS, st.one_of(st.just(""), st.floats(width=64).map(repr)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@settings(max_examples=15, deadline=None)
@given(st.lists(CELLS, max_size=6), st.sampled_from(",;\t"), st.booleans())
def test_what_pythons_csv_writes_is_read_back(folder, rows, delimiter, mark):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["image", "p"])
    writer.writerows(rows)
    path = written(folder, "t.csv", ("\ufeff" if mark else "") + out.getvalue())
    table = open_table(path)
    text, number = table.read(["image"], ["p"])
    assert table.columns == ("image", "p")
    assert text["image"] == [name.strip() for name, _ in rows]
    expected = np.array([float(cell or "nan") for _, cell in rows]).reshape(-1, 1)
    assert np.array_equal(number, expected, equal_nan=True)


@pytest.mark.parametrize("name", ["a*b [1].csv", "it's.csv", "k=1/t.csv", "s3:/x.csv"])
def test_a_path_is_no_pattern(tmp_path, name):
    path = written(tmp_path, name, "image,p\na,1\n")
    assert open_table(path).read(["image"], ["p"])[0] == {"image": ["a"]}
    assert open_table(path).columns == ("image", "p")


def test_a_folder_with_an_equals_sign_adds_no_column(tmp_path):
    (tmp_path / "k=1").mkdir()
    path = parquet(tmp_path / "k=1" / "t.parquet", "SELECT 'a' AS image, 1 AS p")
    assert open_table(path).columns == ("image", "p")
    assert open_table(path).read(["image"])[0] == {"image": ["a"]}


def test_a_comma_may_stand_for_the_point_where_semicolons_part_columns(tmp_path):
    table = open_table(written(tmp_path, "t.csv", "image;p\na;0,25\nb;.5\n"))
    assert table.read([], ["p"])[1].ravel().tolist() == [0.25, 0.5]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("image,p\na,1\nb,x\n", ":3: column 'p' has 'x', where a number belongs"),
        ('image,p\n"a\nb",1\n\nb,x\n', ":5: column 'p' has 'x', where a number belongs"),
        ("image,p\na,1\nb\n", ":3: has 1 cell, where the header has 2"),
        ("image,p\na,1,2\n", ":2: has 3 cells, where the header has 2"),
        ('image,p\n"a,1\n', ":2: a quotation mark is opened and never closed"),
        (b"image,p\n\xff\xfe\xfa,1\n", "this is not UTF-8 text; save the table as CSV in UTF-8"),
        ("", "the file is empty; expected a table, CSV or Parquet"),
        ("image,p,p\na,1,1\n", ":1: has two columns named 'p': rename one"),
        ("<!doctype html>", "this is a web page or XML; expected a table"),
        ("version https://git-lfs.github.com/spec/v1", "this is a Git LFS pointer"),
    ],
)
def test_a_broken_table_is_a_sentence_with_its_line(tmp_path, content, sentence):
    path = written(tmp_path, "t.csv", content)
    with pytest.raises(DataError) as caught:
        open_table(path).read(["image"], ["p"])
    assert f"t.csv{sentence}" in str(caught.value) or f": {sentence}" in str(caught.value)


def test_parquet_keeps_its_types_and_its_nested_cells(tmp_path):
    path = parquet(
        tmp_path / "t.parquet",
        "SELECT 7 AS image, .5::FLOAT AS p, .25::DOUBLE AS q, [1, 2] AS box, NULL AS gap "
        "UNION ALL SELECT 8, NULL, 1, [3], NULL",
    )
    table = open_table(path)
    text, numbers = table.read(["image", "box", "gap"], ["q", "p"], np.float32)
    assert text == {"image": ["7", "8"], "box": ["[1, 2]", "[3]"], "gap": ["", ""]}
    assert np.array_equal(numbers, [[0.25, 0.5], [1, np.nan]], equal_nan=True)
    assert table.single_precision(["p"])
    assert not table.single_precision(["p", "q"])
    assert table.place(1) == "row 2"


def test_wide_parquet_is_read_some_columns_at_a_time(tmp_path, monkeypatch):
    columns = ", ".join(f"{index} + i AS c{index}" for index in range(7))
    path = parquet(tmp_path / "t.parquet", f"SELECT i, {columns} FROM range(3) r(i)")
    monkeypatch.setattr(tables, "COLUMNS_AT_ONCE", 3)
    text, numbers = open_table(path).read(["i"], [f"c{index}" for index in range(7)])
    assert text == {"i": ["0", "1", "2"]}
    assert np.array_equal(numbers, np.arange(7) + np.arange(3)[:, None])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PAR1 and no more", "cannot be read as a table"),
        ("SELECT 'x' AS p", "row 1: column 'p' has 'x', where a number belongs"),
        ("SELECT [1] AS p", "row 1: column 'p' has"),
    ],
)
def test_broken_parquet_is_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "t.parquet"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        parquet(path, content)
    with pytest.raises(DataError, match=sentence.replace("[", r"\[")):
        open_table(path).read([], ["p"])


def test_what_is_no_table_has_no_header(tmp_path):
    assert header_of(written(tmp_path, "t.json", "a,b\n")) == ()
    assert header_of(written(tmp_path, "t.csv", "")) == ()
    assert header_of(tmp_path) == header_of(tmp_path / "none.csv") == ()


def test_a_column_is_found_by_the_first_name_that_any_has():
    assert column_named(["File", "IMAGE"], ["image", "file"]) == "IMAGE"
    assert column_named(["x"], ["image"]) is None


def test_duckdb_reaches_no_other_file_and_writes_none(tmp_path):
    path = written(tmp_path, "t.csv", "a\n1\n")
    other = written(tmp_path, "other.csv", "a\n1\n")
    for sql in (
        f"SELECT * FROM '{other}'",
        f"COPY (SELECT 1) TO '{tmp_path}/new.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(DataError, match="cannot be read as a table"), connected(path) as duck:
            duck.execute(sql)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["other.csv", "t.csv"]


def test_duckdb_is_imported_when_a_table_is_read_and_not_before():
    code = "import engine.opening, sys; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
