"""Offdiag beside other tools on a classifier's probabilities: 50,000 images of 1,000 classes.

    python -m tests.benchmarks.classifiers [--images 50000] [--classes 1000] [--runs 5]
                                           [--tools Offdiag scikit-learn torchmetrics]

Prints a Markdown table. Each run is a fresh process that reads the same two files. A tool
that is not installed is left out with a line; the slow ones run once.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.classifier_tools import ROWS, TOOLS, Figures, measured
from tests.benchmarks.peers import processor, times

PACKAGES = {"scikit-learn": "sklearn", "torchmetrics": "torchmetrics"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=50_000)
    parser.add_argument("--classes", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tools", nargs="+", choices=tuple(TOOLS), default=tuple(TOOLS))
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "offdiag-cls")
    parser.add_argument("--child", choices=("make", *TOOLS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.data / f"{options.images}x{options.classes}"
    if options.child == "make":
        make(options.images, options.classes, folder)
        return
    if options.child:
        print(json.dumps(measured(options.child, folder)))
        return
    tools = [tool for tool in options.tools if is_installed(tool)]
    print("\n".join(conditions(tools)))
    if not (folder / "value.npy").exists():
        in_fresh_process("make", options)
    figures: dict[str, list[Figures]] = defaultdict(list)
    for run in range(options.runs):
        for tool in tools:
            if run == 0 or tool == "Offdiag":
                figures[tool].append(in_fresh_process(tool, options))
    print("\n".join(["", *table(f"{options.images:,} x {options.classes:,}", figures)]))


def make(images: int, classes: int, folder: Path, seed: int = 21) -> None:
    """Balanced labels, a softmax in float32 that is right four times of five.

    Three neighbours of each class are taken for it, so confusions are not spread evenly.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    label = random.permutation(np.arange(images) % classes)
    every = np.arange(images)
    logit = random.normal(0, 1.1, (images, classes)).astype(np.float32)
    logit[every, label] += random.normal(7.5, 2.6, images)
    for step, mean in ((1, 3.6), (3, 2.6), (11, 1.8)):
        logit[every, (label + step) % classes] += random.normal(mean, 1.5, images)
    logit -= logit.max(axis=1, keepdims=True)
    value = np.exp(logit)
    value /= value.sum(axis=1, keepdims=True)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "label.npy", label)
    np.save(folder / "value.npy", value)


def is_installed(tool: str) -> bool:
    if tool not in PACKAGES or importlib.util.find_spec(PACKAGES[tool]) is not None:
        return True
    print(f"{tool} is not installed: left out.\n")
    return False


def conditions(tools: list[str]) -> Iterator[str]:
    """What a reader must know of the machine and of the figures."""
    names = [*(tool for tool in tools if tool in PACKAGES), "numpy"]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    yield f"{os.cpu_count()} cores ({processor()}), Python {platform.python_version()}, {versions};"
    yield f"load {os.getloadavg()[0]:.1f} at the start. Each cell: best / median wall time,"
    yield "and in brackets best / median CPU time; fresh processes."


def in_fresh_process(child: str, options: argparse.Namespace) -> Figures:
    command = [sys.executable, "-m", __spec__.name, "--child", child, "--data", str(options.data)]
    command += ["--images", str(options.images), "--classes", str(options.classes)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        raise SystemExit(f"{child} failed:\n{answer.stderr}")
    return json.loads(answer.stdout) if answer.stdout else {}


def table(title: str, figures: dict[str, list[Figures]]) -> Iterator[str]:
    """A row for each step, a column for each tool."""
    heads = " | ".join(f"{tool} ({len(runs)})" for tool, runs in figures.items())
    yield f"| {title} | {heads} |"
    yield "|---" * (len(figures) + 1) + "|"
    for row in ROWS:
        yield f"| {row} | " + " | ".join(times(runs, row) for runs in figures.values()) + " |"
    cells = (f"{min(run['peak'][0] for run in runs):,.0f} MB" for runs in figures.values())
    yield "| peak memory | " + " | ".join(cells) + " |"
    cells = (f"{runs[0]['AUC'][0]:.12f}" for runs in figures.values())
    yield "| AUC one against the rest | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
