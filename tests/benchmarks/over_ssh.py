"""Offdiag through a real sshd on this machine: what the probe finds, pictures, held keys, a cut.

    python -m tests.benchmarks.over_ssh [--data truth.json --predictions results.json] [--kernel]

A relay between ssh and sshd delays and limits the rate; with --kernel (root, Linux) the rate
is the kernel's, by tbf between two network namespaces. Prints Markdown tables. Without --data
it measures on data in the shape of COCO with 500,000 predictions, made for it.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.benchmarks.coco_shaped import SIZES, make, write
from tests.terminal import data
from tests.terminal.emulated import KINDS
from tests.terminal.far_app import PROMPT, FarShell, command, far_shell
from tests.terminal.images import kitty_images, sixel_sizes
from tests.terminal.line import Line
from tests.terminal.shaped import behind
from tests.terminal.sshd import Server, sshd, why_not

SIZE = (120, 40)
HELD = (Line(0.15, 1e6), Line(0.04, 1e7))
TRIPS = (0.005, 0.12, 0.35)  # seconds
SAID = ("name", "pictures", "cell", "24-bit colour", "background")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="of each held key; the middle counts")
    parser.add_argument("--only", choices=("probe", "pictures", "held", "cut"))
    parser.add_argument("--kernel", action="store_true", help="tbf in a network namespace")
    options = parser.parse_args()
    if reason := why_not():
        sys.exit(f"It cannot be measured here: {reason}.")
    if options.kernel and os.environ.get("OFFDIAG_UNSHARED") != "1":
        again = [sys.executable, "-m", "tests.benchmarks.over_ssh", *sys.argv[1:]]
        os.environ["OFFDIAG_UNSHARED"] = "1"
        os.execvp("unshare", ["unshare", "-n", *again])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in (probes, pictures, held, cut):
            if options.only in (None, part.__name__.rstrip("s")) or options.only == part.__name__:
                print(part.__doc__, "\n")
                part(folder, options)
                print()


@contextmanager
def far(folder: Path, line: Line, kernel: bool) -> Iterator[tuple[Server, Line]]:
    """A server, and what is left for the relay to do."""
    place = Path(tempfile.mkdtemp(dir=folder))
    with (
        behind(line.rate) if kernel else nullcontext(("127.0.0.1", [])) as (host, within),
        sshd(place, host, within) as server,
    ):
        yield server, Line(line.round_trip) if kernel else line


def probes(folder: Path, options: argparse.Namespace) -> None:
    """What `offdiag doctor` says there; every line has 1 Mbit/s."""
    print(f"| terminal | round trip | {' | '.join(SAID)} | leaked into the shell |")
    print("|---" * (len(SAID) + 3) + "|")
    for kind in KINDS:
        for trip in TRIPS:
            with (
                far(folder, Line(trip, 1e6), options.kernel) as (server, line),
                far_shell(server, line, KINDS[kind], SIZE) as shell,
            ):
                shell.run(command(folder, "doctor"))
                shell.until(b"log of native code")
                said = found(shell)
                leaked = shell.leaks(2 * trip + 0.2) or b"nothing"
                values = " | ".join(said[name] for name in SAID)
                print(f"| {kind} | {trip * 1e3:g} ms | {values} | {leaked.decode()} |")


def found(shell: FarShell) -> dict[str, str]:
    """What the doctor printed, by the name that stands before it."""
    lines = shell.seen.decode(errors="replace").splitlines()
    parts = [line[2:].split("  ", 1) for line in lines if line.startswith("  ")]
    return {part[0]: part[1].strip() for part in parts if len(part) == 2}


def pictures(folder: Path, options: argparse.Namespace) -> None:
    """The feed and an image of six small photos, at 10 Mbit/s and 40 ms."""
    (place := folder / "few").mkdir()
    files = data.make(place)
    print("| terminal | uploads | pixels and cells of the last | left when it ended | modes left |")
    print("|---|---|---|---|---|")
    for kind in ("kitty", "xterm"):
        with (
            far(folder, Line(0.04, 1e7), options.kernel) as (server, line),
            far_shell(server, line, KINDS[kind], SIZE) as shell,
        ):
            shell.run(command(place, "open", *files))
            shell.until(b"bolt")
            shell.calm(1.0)
            for key in ("a", "\r"):
                shell.press(key)
                shell.calm(2.0)
            seen = bytes(shell.seen)
            held, sizes = kitty_images(seen), sixel_sizes(seen)
            shell.press("q")
            shell.until(lambda shell=shell: shell.seen.endswith(PROMPT))
            leaked = shell.leaks(0.5)
            assert not leaked, leaked
            if held.images:
                last = held.images[max(held.images)]
                shown = f"{last.image.size} in {last.columns}x{last.rows}"
            else:
                shown = str(sizes[-1])
            left = len(kitty_images(bytes(shell.seen)).images)
            on = shell.modes.changed or "none"
            print(f"| {kind} | {held.uploads or len(sizes)} | {shown} | {left} | {on} |")


def held(folder: Path, options: argparse.Namespace) -> None:
    """The confidence slider held down for 3 s at 30 keys a second, and let go."""
    truth, results = options.data, options.predictions
    if truth is None:
        (place := folder / "M").mkdir()
        truth, results = write(make(SIZES["M"]), place)
    print("| line | last slider frame | last byte | bytes while held |")
    print("|---|---|---|---|")
    for line in HELD:
        lags = []
        with (
            far(folder, line, options.kernel) as (server, rest),
            far_shell(server, rest, KINDS["kitty"], SIZE) as shell,
        ):
            shell.run(command(folder, "open", "--data", str(truth), "--predictions", str(results)))
            shell.until(b"1 Matrix", 120)
            shell.calm(4.0)
            for run in range(options.runs):
                before = len(shell.seen)
                released = shell.hold("]["[run % 2], 3.0)
                sent = len(shell.seen) - before
                shell.calm(1.5)
                lags.append((*shell.lags(released), sent))
        slider, last, sent = (statistics.median(each) for each in zip(*lags, strict=True))
        print(f"| {line} | {slider * 1e3:.0f} ms | {last * 1e3:.0f} ms | {sent / 1e3:.0f} kB |")


def cut(folder: Path, options: argparse.Namespace) -> None:
    """The connection is cut: the client is killed."""
    (place := folder / "cut").mkdir()
    files = data.make(place)
    print("| tab kept | seconds until nothing is left of the app |")
    print("|---|---|")
    with (
        far(folder, Line(0.04, 1e7), options.kernel) as (server, line),
        far_shell(server, line, KINDS["kitty"], SIZE) as shell,
    ):
        shell.run(command(place, "open", *files))
        shell.until(b"bolt")
        shell.press("2")
        shell.calm(1.0)
        shell.process.kill()
        begin = time.monotonic()
        while running(str(place)) and time.monotonic() - begin < 20:
            time.sleep(0.02)
        took = time.monotonic() - begin
    states = list((place / "STATE").rglob("datasets/*.json"))
    kept = '"tab":"metrics"' in states[0].read_text() if states else False
    print(f"| {'yes' if kept else 'no'} | {took:.2f} |")


def running(word: str) -> list[int]:
    """The processes with a word among their arguments, but for this one."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = place.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(word in each for each in arguments) and "cli.py" in " ".join(arguments):
            found.append(int(place.parent.name))
    return found


if __name__ == "__main__":
    main()
