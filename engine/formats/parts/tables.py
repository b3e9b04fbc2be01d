"""Tables, CSV or Parquet, for every reader of this package: a header, and columns by name.

DuckDB reads them: see engine.formats.parts.duck for what it may and may not do.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import DataError
from engine.formats.parts.column_names import PART_IF_TRUE, SPLIT
from engine.formats.parts.duck import connected, in_words, parquet_columns, quoted
from engine.formats.parts.file_places import chosen_part, no_part
from engine.formats.parts.sniff import cannot_be_read, refuse_impostors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARQUET: Final = (".parquet", ".pq")
TEXT: Final = (".csv", ".tsv")
EXPECTED: Final = "a table, CSV or Parquet, whose header names its columns"
DELIMITERS: Final = ",;\t"
CSV_BUFFER: Final = 2**22  # bytes of a CSV file held by each thread; DuckDB's own 32 MiB add up
LONGEST_LINE: Final = 2**21  # bytes
STACKED: Final = 32  # columns made into rows together: what fits into a core's cache
COLUMNS_AT_ONCE: Final = 128  # of a Parquet file, which keeps each column by itself
TRUE, FALSE = ("true", "1", "yes", "t", "y"), ("false", "0", "no", "f", "n", "")
SINGLE: Final = ("FLOAT",)  # DuckDB's name of float32


def is_table(path: Path) -> bool:
    """Whether a file has the name of a table."""
    return path.suffix.lower() in (*TEXT, *PARQUET) and path.is_file()


def header_of(path: Path) -> tuple[str, ...]:
    """The columns of a table; () for what is none, or cannot be read."""
    if not is_table(path):
        return ()
    state = path.stat()
    return _header(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)  # each reader asks for it in turn
def _header(path: Path, size: int, mtime_ns: int) -> tuple[str, ...]:
    try:
        return open_table(path).columns
    except DataError:
        return ()


def column_named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The column that has the first of these names that any has, in upper or lower case."""
    known = {column.casefold(): column for column in reversed(columns)}
    return next((known[name] for name in names if name in known), None)


def open_table(path: Path) -> "TableFile":
    """A table with its header read, and nothing else. Raises DataError."""
    table = _parquet(path) if path.suffix.lower() in PARQUET else _csv(path)
    named = [column for column in table.columns if column]
    if len(set(named)) < len(named):
        twice = next(name for name in named if named.count(name) > 1)
        raise DataError(path, f"has two columns named {twice!r}: rename one", line=table.first)
    return table


def rows_of_part(
    table: "TableFile", wanted: str | None
) -> tuple[NDArray[np.intp] | None, tuple[str, ...]]:
    """[K] the rows of the part of a dataset to read, None for all, and what to say of that.

    wanted as chosen_part has it. Raises DataError where the table has no such part.
    """
    column = column_named(table.columns, (*SPLIT, *PART_IF_TRUE))
    cells = [] if column is None else _parts(column, table.read([column])[0][column])
    if not cells:
        if wanted is not None:
            raise no_part(table.path, wanted, ())
        return None, ()
    part, notes = chosen_part(table.path, Counter(cells), wanted, "rows")
    if part is None:
        return None, notes
    return np.flatnonzero([cell == part for cell in cells]), notes


def _parts(column: str, cells: Sequence[str]) -> Sequence[str]:
    """[N] the part of each row; nothing where a column of true and false holds other words."""
    part = PART_IF_TRUE.get(column.casefold())
    if part is None:
        return cells
    words = [cell.casefold().removesuffix(".0") for cell in cells]
    if not {*words} <= {*TRUE, *FALSE}:
        return ()
    return [part if word in TRUE else "train" for word in words]


def filled_column(table: "TableFile", names: Sequence[str]) -> str | None:
    """As column_named, of several such columns the first with a cell that is not empty."""
    known = {column.casefold(): column for column in reversed(table.columns)}
    there = [known[name] for name in names if name in known]
    if len(there) > 1:
        cells, _ = table.read(there)
        there.sort(key=lambda column: not any(cells[column]))
    return there[0] if there else None


@dataclass(frozen=True)
class TableFile:
    """A table in a file: its columns are known, its cells are read when they are asked for."""

    path: Path
    columns: tuple[str, ...]  # as the header has them, without the space around them
    delimiter: str  # of a CSV file; "" for Parquet
    types: tuple[str, ...]  # DuckDB's type of each column; VARCHAR throughout a CSV file
    headed: bool = True  # whether the first line names the columns

    @property
    def first(self) -> int | None:
        """The line of the header; Parquet has no lines."""
        return 1 if self.delimiter and self.headed else None

    def single_precision(self, columns: Sequence[str]) -> bool:
        """Whether the file itself keeps these columns as float32."""
        return all(self.types[self.columns.index(column)] in SINGLE for column in columns)

    def read(
        self, text: Sequence[str], numbers: Sequence[str] = (), dtype: Any = np.float64
    ) -> tuple[dict[str, list[str]], NDArray[Any]]:
        """All rows, in file order: columns of text by name, and [N, K] of the columns of numbers.

        An empty cell is "" or NaN. In a CSV file whose columns are parted by semicolons a
        number may have a decimal comma. Raises DataError with the line and the column of
        a cell that should be a number and is none, and of a row of another length.
        """
        words: dict[str, list[str]] = {}
        table: NDArray[Any] = np.empty((0, len(numbers)), dtype)
        at_once = len(numbers) if self.delimiter else COLUMNS_AT_ONCE
        for start in range(0, max(len(numbers), 1), max(at_once, 1)):
            some = numbers[start : start + at_once]
            found = self._fetched(() if words else text, some, np.dtype(dtype))
            for name in text if not words else ():
                values = np.ma.filled(found.pop(0), "").tolist()
                words[name] = [value.strip() for value in values]
            if len(some) and not len(table):
                table = np.empty((len(found[0]), len(numbers)), dtype)
            _stack(found, table[:, start : start + len(some)])
        return words, table

    def _fetched(
        self, text: Sequence[str], numbers: Sequence[str], dtype: np.dtype[Any]
    ) -> list[NDArray[Any]]:
        """The columns of text, then those of numbers, masked where a cell is empty."""
        import duckdb

        # Anything but a cast, a trim for instance, would cost a CSV file its fast way.
        cells = [f"{self._cell(name)}::VARCHAR" for name in text]
        kind = "FLOAT" if dtype == np.float32 else "DOUBLE"
        cells += [f"{self._number(name)}::{kind}" for name in numbers]
        named = ", ".join(f"{cell} AS v{index}" for index, cell in enumerate(cells))
        with connected(self.path) as connection:
            try:
                result = connection.execute(f"SELECT {named} FROM {self._source}")
                return list(result.fetchnumpy().values())
            except duckdb.Error as error:
                bad_cell = self._not_a_number(connection, numbers)
                raise bad_cell or in_words(self.path, error) from None

    def line(self, row: int) -> int | None:
        """The line of the file on which a row begins; None in Parquet, which has no lines."""
        if not self.delimiter:
            return None
        try:
            return self._line(row)
        except csv.Error:  # a cell before it is longer than Python reads
            return None

    def _line(self, row: int) -> int:
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            before, left = 0, row + int(self.headed)
            for record in reader:
                if record:  # an empty line is no row
                    if left == 0:
                        break
                    left -= 1
                before = reader.line_num
            return before + 1

    def place(self, row: int) -> str:
        """Where a row stands, in words: line 7, or row 6."""
        line = self.line(row)
        return f"row {row + 1}" if line is None else f"line {line}"

    def error(self, row: int, problem: str) -> DataError:
        """A DataError about a row."""
        line = self.line(row)
        if line is None:
            return DataError(self.path, f"row {row + 1}: {problem}")
        return DataError(self.path, problem, line=line)

    @cached_property
    def _source(self) -> str:
        """The table for a FROM clause, its columns called c0, c1, ..."""
        file = quoted(str(self.path.absolute()))
        names = [f"c{index}" for index in range(len(self.columns))]
        if not self.delimiter:
            return f"read_parquet({file}, hive_partitioning=false) AS t({', '.join(names)})"
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        return (
            f"read_csv({file}, delim={quoted(self.delimiter)}, quote='\"', escape='\"', "
            f"header={str(self.headed).lower()}, auto_detect=false, hive_partitioning=false, "
            f"buffer_size={max(CSV_BUFFER, 2 * LONGEST_LINE)}, max_line_size={LONGEST_LINE}, "
            f"columns={{{types}}})"
        )

    def _cell(self, name: str) -> str:
        return f"c{self.columns.index(name)}"

    def _number(self, name: str) -> str:
        cell = self._cell(name)
        return f"replace({cell}, ',', '.')" if self.delimiter == ";" else cell

    def _not_a_number(
        self, connection: "DuckDBPyConnection", numbers: Sequence[str]
    ) -> DataError | None:
        """The first cell that is no number, when there is one."""
        if not numbers:
            return None
        import duckdb

        bad = [
            f"({self._cell(n)} IS NOT NULL AND try_cast({self._number(n)} AS DOUBLE) IS NULL)"
            for n in numbers
        ]
        cells = ", ".join(self._cell(name) for name in numbers)
        try:
            found = connection.execute(
                f"SELECT row, [{', '.join(bad)}], [{cells}] FROM "
                f"(SELECT row_number() OVER () - 1 AS row, * FROM {self._source}) "
                f"WHERE {' OR '.join(bad)} ORDER BY row LIMIT 1"
            ).fetchone()
        except duckdb.Error:  # the file itself is broken
            return None
        if found is None:
            return None
        row, marks, values = found
        column = marks.index(True)
        problem = f"column {numbers[column]!r} has {values[column]!r}, where a number belongs"
        return self.error(row, problem)


def _csv(path: Path) -> TableFile:
    try:
        with path.open("rb") as file:
            refuse_impostors(path, file.read(200), EXPECTED)
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline(LONGEST_LINE)
            candidates = []
            for delimiter in DELIMITERS:
                file.seek(0)
                candidates.append((next(csv.reader(file, delimiter=delimiter), []), delimiter))
    except OSError as error:
        raise cannot_be_read(path, error) from None
    except UnicodeDecodeError:
        raise DataError(path, "this is not UTF-8 text; save the table as CSV in UTF-8") from None
    except csv.Error as error:
        raise DataError(path, f"expected {EXPECTED}; {error}", line=1) from None
    header, delimiter = max(candidates, key=lambda candidate: len(candidate[0]))
    if not line.strip():
        raise DataError(path, f"the first line is empty; expected {EXPECTED}")
    columns = tuple(name.strip() for name in header)
    return TableFile(path, columns, delimiter, ("VARCHAR",) * len(columns))


def _parquet(path: Path) -> TableFile:
    try:
        with path.open("rb") as file:
            refuse_impostors(path, file.read(200), EXPECTED)
    except OSError as error:
        raise cannot_be_read(path, error) from None
    columns, types = parquet_columns(path)
    return TableFile(path, tuple(name.strip() for name in columns), "", types)


def _stack(columns: list[NDArray[Any]], table: NDArray[Any]) -> None:
    """Fill [N, K] from K columns, each let go as soon as it is copied."""
    columns.reverse()
    for start in range(0, table.shape[1], STACKED):
        stop = min(start + STACKED, table.shape[1])
        some = [np.ma.filled(columns.pop(), np.nan) for _ in range(start, stop)]
        table[:, start:stop] = np.stack(some, axis=1)
