"""DuckDB, as a reader of one file of the user and of nothing else.

It gets no other file, no network, no extension, no secret and no folder of its own.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import DataError
from engine.util.cores import available_cores
from engine.util.words import number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def connected(path: Path) -> Iterator["DuckDBPyConnection"]:
    """A database in memory that can read this one file; its errors are DataErrors."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": available_cores(),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
        "temp_directory": "",
    }
    with closing(duckdb.connect(":memory:", config=settings)) as connection:
        connection.execute(f"SET allowed_paths = [{quoted(str(path.absolute()))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            yield connection
        except duckdb.Error as error:
            raise in_words(path, error) from None


def parquet_columns(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the columns of a Parquet file, and DuckDB's types of them."""
    source = f"read_parquet({quoted(str(path.absolute()))}, hive_partitioning=false)"
    with connected(path) as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return tuple(row[0] for row in described), tuple(row[1] for row in described)


def in_words(path: Path, error: Exception) -> DataError:
    """What DuckDB says of a file, as far as it means anything to its owner."""
    message = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    place = int(line[1]) if line else None
    if counts := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message):
        cells = number(int(counts[2]), "cell")
        return DataError(path, f"has {cells}, where the header has {counts[1]}", line=place)
    if "unterminated quote" in message:
        return DataError(path, "a quotation mark is opened and never closed", line=place)
    if "nvalid unicode" in message or "utf-8" in message:
        return DataError(path, "this is not UTF-8 text; save the table as CSV in UTF-8", line=place)
    said = message.splitlines()[0].rpartition("Error: ")[2]
    return DataError(path, f"cannot be read as a table ({said})", line=place)


def quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
