"""Tables of ours to Parquet, by DuckDB."""

import shutil
from pathlib import Path
from typing import Final

from engine.core.errors import DataError
from engine.formats.parts.duck import quoted

ROW_GROUP: Final = 122_880  # rows of a Parquet file that are kept in memory together
PARQUET_MEMORY: Final = "1GB"


def csv_source(path: Path, types: dict[str, str]) -> str:
    """A CSV file of ours for a FROM clause."""
    listed = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in types.items())
    return (
        f"read_csv({quoted(str(path.absolute()))}, header=true, auto_detect=false, delim=',', "
        f"quote='\"', escape='\"', new_line='\\n', parallel=false, columns={{{listed}}})"
    )


def write_parquet(out: Path, source: str) -> None:
    """The rows of a FROM clause as a Parquet file, whole or not at all, in their order.

    One thread and row groups of one size: equal rows make equal bytes.
    """
    import duckdb

    made = out.with_name(f".{out.name}.made")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": PARQUET_MEMORY,
        "temp_directory": f"{made.absolute()}.duckdb",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
    }
    try:
        with duckdb.connect(":memory:", config=settings) as connection:
            connection.execute(
                f"COPY (SELECT * FROM {source}) TO {quoted(str(made.absolute()))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
            )
        made.replace(out)
    except duckdb.Error as error:
        raise DataError(out, f"cannot be written as Parquet ({error})") from None
    finally:
        made.unlink(missing_ok=True)
        shutil.rmtree(f"{made}.duckdb", ignore_errors=True)
