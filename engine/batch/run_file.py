"""OUT.run.json: how an output was made, and which images it lacks."""

import base64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.batch.counts import BatchCounts
from engine.batch.encoders import as_json
from engine.batch.inputs import InputError
from engine.batch.journal import Journal
from engine.core.errors import DataError
from engine.util.files import write_whole
from engine.util.parsed import NO_JSON

COMPARED: Final = {
    "settings_sha256": "the model or its card",
    "operating_point": "the operating point",
    "format": "--format",
    "all": "--all",
    "shard": "--shard",
    "inputs": "the images named",
    "provider": "--provider",
    "ids": "--data",
}
"""What two runs must share to make one output, and what it is called."""


def run_file(out: Path) -> Path:
    """Where the facts about an output stand."""
    return out.with_name(f"{out.name}.run.json")


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """What differs between two runs, in words; "" when nothing does."""
    return " and ".join(
        words for key, words in COMPARED.items() if ours.get(key) != theirs.get(key)
    )


def write_run_file(out: Path, facts: Mapping[str, Any], journal: Journal) -> dict[str, Any]:
    """Write and return the facts, completed with what the journal knows."""
    told = {
        **facts,
        "listed": journal.listed,
        "counts": counted(journal.counts),
        "failures": [{"image": path, "reason": reason} for path, reason in journal.failures()],
    }
    if facts["shard"] is not None:
        told["order"] = packed(journal.lengths())
    put_run_file(out, told)
    return told


def put_run_file(out: Path, told: Mapping[str, Any]) -> None:
    """Write the facts beside an output."""
    write_whole(run_file(out), msgspec.json.format(as_json(told), indent=1) + b"\n")


def read_run_file(out: Path) -> dict[str, Any]:
    """The facts beside an output. Raises DataError and InputError."""
    path = run_file(out)
    try:
        read = msgspec.json.decode(path.read_bytes())
    except FileNotFoundError:
        raise InputError(
            f"{out}: {path.name} is not beside it; it tells how the output was made"
        ) from None
    except OSError as error:
        raise DataError(path, f"cannot be read: {error.strerror}") from None
    except NO_JSON as error:
        raise DataError(path, f"is damaged ({error}): score again") from None
    if not isinstance(read, dict) or not {"counts", "listed", *COMPARED} - {"ids"} <= set(read):
        raise DataError(path, "was not written by `offdiag score`")
    return read


def counted(counts: BatchCounts) -> dict[str, Any]:
    """Counts with the names that the file has."""
    return {
        "images": counts.images,
        "scored": counts.images - counts.failed,
        "failed": counts.failed,
        "kept": counts.kept,
        "dropped": counts.dropped,
        "images_without": counts.silent,
        "by_class": dict(sorted(counts.by_class.items())),
    }


def counts_of(told: Mapping[str, Any]) -> BatchCounts:
    """The counts in a run file."""
    kept = told["counts"]
    return BatchCounts(
        images=kept["images"],
        failed=kept["failed"],
        kept=kept["kept"],
        dropped=kept["dropped"],
        silent=kept["images_without"],
        by_class=Counter(kept["by_class"]),
    )


def packed(lengths: Iterable[tuple[int, int]]) -> str:
    """Position and length of each image as short text: where in the whole its part belongs.

    Each position as its distance from the one before, each number in LEB128, and all of
    it in base64.
    """
    content, last = bytearray(), -1
    for position, length in lengths:
        for number in (position - last, length):
            while number > 0x7F:
                content.append(number & 0x7F | 0x80)
                number >>= 7
            content.append(number)
        last = position
    return base64.b64encode(bytes(content)).decode()


def unpacked(text: str) -> Iterator[tuple[int, int]]:
    """What was packed. Raises ValueError for what was not."""
    number = shift = 0
    numbers: list[int] = []
    last = -1
    for byte in base64.b64decode(text, validate=True):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
        if len(numbers) == 2:
            last += numbers[0]
            yield last, numbers[1]
            numbers = []
