"""Files that are damaged in every way: each reader reads them or says why not.

    python -m tests.benchmarks.fuzz --runs 20000 --seed 1
    python -m tests.benchmarks.fuzz --only npz --minutes 10

A run takes one sound file of a format, damages it, and lets its reader have it. What is
raised must be an error of the project; a run may take five seconds and 2 GB more than
the start. Each kind of find is shown once, with the seed that brings it back.
"""

import argparse
import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.core.errors import EngineError
from tests.benchmarks.fuzz_seeds import SEEDS, Reading

LONGEST = 5  # seconds
MEMORY = 2 << 30  # bytes beyond what there is at the start
ROOT = Path(__file__).resolve().parents[2]
TOKENS = (
    *(b"\x00", b"\xff", b"\xed\xa0\x80", b"\xe9", b"\xef\xbb\xbf", b"\x1b]52;c;aGk=\x07", b"\r"),
    *(b"NaN", b"-Infinity", b"1e400", b"-1", b"0", b"9" * 21, b"9" * 5000, b"1_0", b".5e-320"),
    *(
        b"null",
        b"true",
        b'""',
        b"[]",
        b"{}",
        b'{"a":',
        b"[" * 3000,
        b"[" * 120_000,
        b"(((",
        b"<!--",
    ),
    *(
        b'"',
        b"'",
        b",",
        b";",
        b"\n",
        b"\t",
        b":",
        b"=",
        b"[a]\n",
        b"a.b.c",
        b"../../x",
        b"a\\u0000b",
    ),
    *(b"x" * 5000, b"x" * 140_000, "\u202e\u0085".encode(), b"%s", b"inf", b"1e308", b"id", b"no"),
)


@dataclass(frozen=True)
class Find:
    """What went wrong, as far as it tells one kind from another."""

    reading: str
    error: str
    place: str


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The same file with one to four things done to it."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at, size = dice.randrange(len(content) + 1), len(content)
        to = min(size, at + dice.choice((1, 1, 2, 8, 64, 1024)))
        match dice.randrange(9):
            case 0:
                content = content[:at]
            case 1:
                content = content[:at] + content[to:]
            case 2:
                content = content[:at] + content[at:to] * 2 + content[to:]
            case 3:
                content = content[:at] + bytes(dice.randbytes(to - at)) + content[to:]
            case 4:
                content = content[:at] + dice.choice(TOKENS) + content[at:]
            case 5 | 6:
                content = in_place_of_a_value(content, dice)
            case 7:
                flipped = bytearray(content)
                if flipped:
                    flipped[at % size] ^= 1 << dice.randrange(8)
                content = bytes(flipped)
            case _:
                content = content[:at] + content[to:] + content[at:to]
    return content


def in_place_of_a_value(content: bytes, dice: random.Random) -> bytes:
    """A word, a number or a quoted text becomes something else."""
    edges = b' ,:;="\n\t[]{}<>'
    starts = [at for at in range(1, len(content)) if content[at - 1] in edges]
    if not starts:
        return content
    at = dice.choice(starts)
    to = at
    while to < len(content) and content[to] not in edges:
        to += 1
    return content[:at] + dice.choice(TOKENS) + content[to:]


@contextmanager
def in_time() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def once(reading: Reading, sound: Path, seed: int, work: Path) -> Find | None:
    """One damaged file read; None where all is well."""
    dice = random.Random(f"{reading.name} {seed}")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(sound, work, symlinks=True)
    path = dice.choice([work / name for name in reading.files(sound)])
    path.write_bytes(damaged(path.read_bytes(), dice))
    try:
        with in_time(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reading.read(work)
    except EngineError as error:
        if not str(error).strip() or "Traceback" in str(error):
            return Find(reading.name, f"no sentence: {error!r}", "")
    except BaseException as error:  # what nobody foresaw is what is looked for
        if isinstance(error, KeyboardInterrupt):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        ours = [
            frame for frame in frames if "/engine/" in frame.filename or "/tui/" in frame.filename
        ]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}" if ours else ""
        return Find(reading.name, type(error).__name__, place)
    return None


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=2000)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--only", default="", help="a part of the name of a reading")
    chosen = options.parse_args()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY + (4 << 30), resource.RLIM_INFINITY))
    end, number = time.monotonic() + 60 * chosen.minutes, 0
    finds: dict[Find, int] = {}
    times: Counter[Find] = Counter()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        readings = [each for each in SEEDS if chosen.only in each.name]
        for reading in readings:
            (sound := Path(folder) / "sound" / reading.name).mkdir(parents=True)
            reading.write(sound)
            reading.read(sound)  # a seed that is not sound finds nothing
        while number < chosen.runs and time.monotonic() < end:
            reading = readings[number % len(readings)]
            seed = chosen.seed * 10_000_000 + number
            number += 1
            found = once(reading, Path(folder) / "sound" / reading.name, seed, Path(folder) / "now")
            if found is not None:
                times[found] += 1
                if found not in finds:
                    finds[found] = seed
                    print(
                        f"{found.reading}: {found.error} in {found.place} (seed {seed})", flush=True
                    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        "runs": number,
        "finds": sum(times.values()),
        "kinds": len(finds),
        "peak_MB": round(peak),
    }
    print(json.dumps(told))
    sys.exit(bool(finds))


if __name__ == "__main__":
    main()
