"""Offdiag beside other COCO tools: the same files, alternating, each run a fresh process.

    python -m tests.benchmarks.peers S M [L] [--runs 5] [--tools Offdiag hotcoco] [--data FOLDER]

Prints a Markdown table for each size. A tool that is not installed is left out with a
line. The slow ones run less often, and not on files they were not made for.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.tools import (
    AGAIN,
    BEHIND,
    CONFIDENCE_STEP,
    IOU_STEP,
    MATRIX,
    OPENING,
    SUMMARY,
    TOOLS,
    Figures,
    measured,
)

PEERS = ("Offdiag", "hotcoco", "faster-coco-eval", "pycocotools")
PACKAGES = {"hotcoco": "hotcoco", "faster-coco-eval": "faster_coco_eval"}
PACKAGES["pycocotools"] = "pycocotools"
SIZES_OF = {"faster-coco-eval": ("XS", "S", "M"), "pycocotools": ("XS", "S")}
MOST_RUNS = {"faster-coco-eval": 1, "pycocotools": 1}
TO_SUMMARY = "file to summary"
ROWS = (TO_SUMMARY, AGAIN, SUMMARY, MATRIX, BEHIND, CONFIDENCE_STEP, IOU_STEP)
MEMORY = {"peak to summary": "peak memory, file to summary", "peak": "peak memory, with matrices"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="+", choices=("XS", "S", "M", "L"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tools", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "offdiag-coco")
    parser.add_argument("--child", choices=("make", *TOOLS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child == "make":
        from tests.benchmarks.coco_shaped import SIZES, make, write

        write(make(SIZES[options.sizes[0]]), options.data / options.sizes[0])
        return
    if options.child:
        print(json.dumps(measured(options.child, options.data / options.sizes[0])))
        return
    tools = [tool for tool in options.tools if is_installed(tool)]
    print("\n".join(conditions(tools)))
    for size in options.sizes:
        if not (options.data / size / "results.json").exists():
            in_fresh_process("make", size, options.data)
        print("\n".join(["", *table(size, figures_of(tools, size, options.runs, options.data))]))


def is_installed(tool: str) -> bool:
    if tool not in PACKAGES or importlib.util.find_spec(PACKAGES[tool]) is not None:
        return True
    print(f"{tool} is not installed: left out.\n")
    return False


def conditions(tools: list[str]) -> Iterator[str]:
    """What a reader must know of the machine and of the figures."""
    names = [*(tool for tool in tools if tool in PACKAGES), "numpy", "msgspec"]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    yield f"{os.cpu_count()} cores ({processor()}), Python {platform.python_version()}, {versions};"
    yield f"load {os.getloadavg()[0]:.1f} at the start. Each cell: best / median wall time,"
    yield "and in brackets best / median CPU time; fresh processes, in turns."


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")


def figures_of(tools: list[str], size: str, runs: int, data: Path) -> dict[str, list[Figures]]:
    figures: dict[str, list[Figures]] = defaultdict(list)
    for run in range(runs):
        for tool in tools:
            if size in SIZES_OF.get(tool, size) and run < MOST_RUNS.get(tool, runs):
                figures[tool].append(in_fresh_process(tool, size, data))
        if "Offdiag" in tools:
            if run == 0:
                in_fresh_process("Offdiag again", size, data)  # the opening before
            again = in_fresh_process("Offdiag again", size, data)
            figures["Offdiag"][-1][AGAIN] = again[AGAIN]
    for answer in (answer for answers in figures.values() for answer in answers):
        pair = zip(answer[OPENING], answer[SUMMARY], strict=True)
        answer[TO_SUMMARY] = [opening + summary for opening, summary in pair]
    return figures


def in_fresh_process(child: str, size: str, data: Path) -> Figures:
    """Memory, imports and caches of one run must not touch the next.

    Even the data is made in a process of its own: a child's peak begins at its parent's.
    """
    command = [sys.executable, "-m", __spec__.name, size, "--child", child, "--data", str(data)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        raise SystemExit(f"{child} failed on {size}:\n{answer.stderr}")
    return json.loads(answer.stdout) if answer.stdout else {}


def table(size: str, figures: dict[str, list[Figures]]) -> Iterator[str]:
    """A row for each step, a column for each tool."""
    yield (
        f"| {size} | "
        + " | ".join(f"{tool} ({len(runs)})" for tool, runs in figures.items())
        + " |"
    )
    yield "|---" * (len(figures) + 1) + "|"
    for row in ROWS:
        yield f"| {row} | " + " | ".join(times(runs, row) for runs in figures.values()) + " |"
    for row, words in MEMORY.items():
        cells = (f"{min(run[row][0] for run in runs):,.0f} MB" for runs in figures.values())
        yield f"| {words} | " + " | ".join(cells) + " |"
    cells = (f"{runs[0]['AP'][0]:.6f}" for runs in figures.values())
    yield "| AP | " + " | ".join(cells) + " |"


def times(runs: list[Figures], row: str) -> str:
    if row not in runs[0]:
        return "\N{EN DASH}"
    wall, cpu = zip(*(run[row] for run in runs), strict=True)
    return f"{best_and_median(wall)} ({best_and_median(cpu)})"


def best_and_median(seconds: tuple[float, ...]) -> str:
    """In seconds from one on, else in milliseconds."""
    pair = min(seconds), statistics.median(seconds)
    if pair[0] >= 1:
        return " / ".join(f"{value:.2f}" for value in pair) + " s"
    return " / ".join(f"{value * 1000:.{1 if value < 0.1 else 0}f}" for value in pair) + " ms"


if __name__ == "__main__":
    main()
