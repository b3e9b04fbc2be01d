"""The outputs of all shards, joined into what one run would have written."""

import heapq
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from engine.batch.counts import BatchCounts
from engine.batch.encoders import BETWEEN, CocoResults
from engine.batch.inputs import InputError, Shard
from engine.batch.job import FEW, Finished
from engine.batch.parquet import write_parquet
from engine.batch.run_file import (
    COMPARED,
    counted,
    counts_of,
    put_run_file,
    read_run_file,
    unpacked,
)
from engine.batch.sinks import FOOTER, empty_or_missing, unfinished
from engine.batch.wanted import format_of
from engine.core.errors import DataError
from engine.formats.parts.duck import quoted
from engine.util.files import write_whole

RunFacts = Mapping[str, Any]
ShardPlaces = Iterator[tuple[int, int, int]]  # position in the whole, part, length there


def merge(out: Path, parts: Sequence[Path], *, force: bool = False) -> Finished:
    """Write the whole to `out`, byte for byte what a run without shards would have written.

    The parts must come from one model with one operating point over the same images, and
    all shards must be there, each once. Raises InputError and DataError.
    """
    told = [read_run_file(part) for part in parts]
    _check_out(out, parts, is_folder=told[0]["format"] == "yolo", force=force)
    _check_suffix(out, parts[0], told[0]["format"])
    _check_alike(parts, told)
    for part in parts:
        if not part.exists():
            raise InputError(f"{part}: there is no such output")
    try:
        _JOINED[told[0]["format"]](out, parts, told)
        return _write_facts(out, told)
    except OSError as error:
        raise DataError(out, f"cannot be written: {error.strerror}") from None
    finally:
        unfinished(out).unlink(missing_ok=True)


def _check_out(out: Path, parts: Sequence[Path], *, is_folder: bool, force: bool) -> None:
    if any(out.resolve() == part.resolve() for part in parts):
        raise InputError(f"{out} is one of the parts: name another output")
    if not out.absolute().parent.is_dir():
        raise InputError(f"{out.parent}: there is no such folder for the output")
    if is_folder and out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; name a folder")
    if not force and (not empty_or_missing(out) if is_folder else out.exists()):
        raise InputError(f"{out} exists already: --force overwrites it")


def _check_suffix(out: Path, part: Path, written: str) -> None:
    """A name may be as odd as the parts', but not promise another format."""
    other = written != "yolo" and out.suffix.lower() not in (part.suffix.lower(), "")
    if other and format_of(out.name) != written:
        raise InputError(f"{out}: the parts are {written}: give it the suffix that {part} has")


def _check_alike(parts: Sequence[Path], told: Sequence[RunFacts]) -> None:
    shards: dict[int, Path] = {}
    first = told[0]
    for part, facts in zip(parts, told, strict=True):
        if facts["shard"] is None or "order" not in facts:
            raise InputError(f"{part} was not written with --shard: there is nothing to merge")
        shard, of = Shard.parse(facts["shard"]), Shard.parse(first["shard"]).of
        if shard.of != of:
            raise InputError(f"{part} is one of {shard.of} shards, and {parts[0]} one of {of}")
        if shard.index in shards:
            raise InputError(f"{part} and {shards[shard.index]} are the same shard, {shard}")
        shards[shard.index] = part
        for key, words in COMPARED.items():
            if key not in ("shard", "provider") and facts[key] != first[key]:
                raise InputError(f"{part} and {parts[0]} differ in {words}: they do not belong")
        if facts["listed"] != first["listed"]:
            raise InputError(
                f"{part} and {parts[0]} were made from other lists of images, though named alike"
            )
    missing = [str(index) for index in range(1, of + 1) if index not in shards]
    if missing:
        raise InputError(f"of {of} shards these are missing: {', '.join(missing)}")


def _places(parts: Sequence[Path], told: Sequence[RunFacts]) -> ShardPlaces:
    def of_part(index: int) -> ShardPlaces:
        try:
            for position, length in unpacked(told[index]["order"]):
                yield position, index, length
        except ValueError:
            raise DataError(
                parts[index], "its run.json is damaged: score this shard again"
            ) from None

    return heapq.merge(*(of_part(index) for index in range(len(parts))))


def _join_files(out: Path, parts: Sequence[Path], told: Sequence[RunFacts]) -> None:
    with ExitStack() as stack:
        files = [stack.enter_context(part.open("rb")) for part in parts]
        headers = []
        for index, file in enumerate(files):
            lengths = (length for _, length in unpacked(told[index]["order"]))
            if (begin := os.fstat(file.fileno()).st_size - sum(lengths)) < 0:
                raise _changed(parts[index])
            headers.append(file.read(begin))
        if len(set(headers)) != 1:
            raise _changed(parts[[header == headers[0] for header in headers].index(False)])
        made = stack.enter_context(unfinished(out).open("wb"))
        made.write(headers[0])
        for _, part, length in _places(parts, told):
            if len(content := files[part].read(length)) < length:
                raise _changed(parts[part])
            made.write(content)
        _into_place(made, out)


def _join_lists(out: Path, parts: Sequence[Path], told: Sequence[RunFacts]) -> None:
    with ExitStack() as stack:
        files = [stack.enter_context(part.open("rb")) for part in parts]
        for index, file in enumerate(files):
            if file.read(len(CocoResults.header)) != CocoResults.header:
                raise _changed(parts[index])
        made = stack.enter_context(unfinished(out).open("wb"))
        made.write(CocoResults.header)
        for _, part, length in _places(parts, told):
            content = files[part].read(length)
            # The last comma of a file is left out, its last bracket stands there.
            made.write(_with_comma(content, parts[part]) if content else b"")
        end = made.tell()
        made.seek(end - (len(BETWEEN) if end > len(CocoResults.header) else 0))
        made.truncate()
        made.write(FOOTER)
        _into_place(made, out)


def _with_comma(content: bytes, part: Path) -> bytes:
    if content.endswith(BETWEEN):
        return content
    if not content.endswith(FOOTER[: len(BETWEEN)]):
        raise _changed(part)
    return content[: -len(BETWEEN)] + BETWEEN


def _join_parquet(out: Path, parts: Sequence[Path], told: Sequence[RunFacts]) -> None:
    order = out.with_name(f"{out.name}.order")
    begins = [0] * len(parts)
    try:
        with order.open("w") as file:
            file.write("part,first,position\n")
            for position, part, rows in _places(parts, told):
                if rows:
                    file.write(f"{part},{begins[part]},{position}\n")
                begins[part] += rows
        write_parquet(out, _in_order(order, parts))
    finally:
        order.unlink(missing_ok=True)


def _in_order(order: Path, parts: Sequence[Path]) -> str:
    """All rows in the order of the whole, for a FROM clause."""
    read = " UNION ALL ".join(
        f"SELECT *, {index}::BIGINT AS part_ FROM "
        f"read_parquet({quoted(str(part.absolute()))}, file_row_number=true)"
        for index, part in enumerate(parts)
    )
    places = (
        f"read_csv({quoted(str(order.absolute()))}, header=true, auto_detect=false, "
        "columns={'part': 'BIGINT', 'first': 'BIGINT', 'position': 'BIGINT'})"
    )
    return (
        f"(SELECT r.* EXCLUDE (file_row_number, part_) FROM ({read}) r "
        f"ASOF JOIN {places} o ON r.part_ = o.part AND r.file_row_number >= o.first "
        "ORDER BY o.position, r.file_row_number)"
    )


def _join_folders(out: Path, parts: Sequence[Path], told: Sequence[RunFacts]) -> None:
    out.mkdir(exist_ok=True)
    written: set[str] = set()
    for part in parts:
        for place, _, names in os.walk(part):
            for name in names:
                source = Path(place) / name
                inside = str(source.relative_to(part))
                if inside in written:
                    raise InputError(f"{source} is the label of two images: score them apart")
                written.add(inside)
                target = out / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                write_whole(target, source.read_bytes())


def _write_facts(out: Path, told: Sequence[RunFacts]) -> Finished:
    total = BatchCounts()
    for counts in map(counts_of, told):
        total.images += counts.images
        total.failed += counts.failed
        total.kept += counts.kept
        total.dropped += counts.dropped
        total.silent += counts.silent
        total.by_class.update(counts.by_class)
    failures = [failure for facts in told for failure in facts["failures"]]
    merged = {
        **{key: value for key, value in told[0].items() if key != "order"},
        "shard": None,
        "merged_from": len(told),
        "provider": " and ".join(dict.fromkeys(facts["provider"] for facts in told)),
        "counts": counted(total),
        "failures": failures,
        "started": min(facts["started"] for facts in told),
        "finished": max(facts["finished"] for facts in told),
    }
    put_run_file(out, merged)
    return Finished(total, tuple((f["image"], f["reason"]) for f in failures[:FEW]))


def _into_place(made: IO[bytes], out: Path) -> None:
    made.flush()
    os.fsync(made.fileno())
    Path(made.name).replace(out)


def _changed(part: Path) -> DataError:
    return DataError(part, "was changed since it was scored: score this shard again")


_JOINED: Mapping[str, Callable[[Path, Sequence[Path], Sequence[RunFacts]], None]] = {
    "csv": _join_files,
    "jsonl": _join_files,
    "coco": _join_lists,
    "parquet": _join_parquet,
    "yolo": _join_folders,
}
