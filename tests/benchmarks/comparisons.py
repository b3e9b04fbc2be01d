"""Two models compared by Offdiag and by hotcoco: the same files, each run a fresh process.

    python -m tests.benchmarks.comparisons M [S] [--resamples 1000] [--runs 1]
                                           [--tools Offdiag hotcoco] [--data FOLDER]

Prints a Markdown table for each size. Offdiag has intervals of the twelve numbers of COCO's
summary, of precision, recall and F1, and of AP, recall and F1 of each class, and p-values
from 100,000 exchanges for each class; hotcoco has intervals of the twelve.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.benchmarks.coco_shaped import SIZES, Made, make, write
from tests.benchmarks.peers import conditions, is_installed, times
from tests.benchmarks.tools import Figures, Watch, peak

READ, FIRST, COMPARED = "files of both read", "numbers of both", "comparison with intervals"
SEED = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="+", choices=tuple(SIZES))
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--tools", nargs="+", choices=tuple(TOOLS), default=tuple(TOOLS))
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "offdiag-pairs")
    parser.add_argument("--child", choices=("make", *TOOLS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.data / options.sizes[0]
    if options.child == "make":
        made = make(SIZES[options.sizes[0]])
        write(made, folder / "a")
        write(second_model(made), folder / "b")
        return
    if options.child:
        figures = TOOLS[options.child](folder, options.resamples)
        print(json.dumps({**figures, "peak": [peak()]}))
        return
    tools = [tool for tool in options.tools if is_installed(tool)]
    print("\n".join(conditions(tools)))
    for size in options.sizes:
        if not (options.data / size / "b" / "results.json").exists():
            in_fresh_process("make", size, options)
        figures: dict[str, list[Figures]] = defaultdict(list)
        for _ in range(options.runs):
            for tool in tools:
                figures[tool].append(in_fresh_process(tool, size, options))
        print("\n".join(["", *table(f"{size}, {options.resamples:,} resamples", figures)]))


def second_model(made: Made) -> Made:
    """The same boxes less one in twenty, placed worse, their scores in another order."""
    rng, found = np.random.default_rng(SEED), made.predictions
    kept = found.where(np.flatnonzero(rng.random(len(found)) > 0.05))
    box = kept.box.copy()
    side = np.sqrt(box[:, 2:].prod(axis=1))[:, None]
    box[:, :2] += rng.normal(0, 0.03, (len(kept), 2)) * side
    score = np.clip(kept.confidence + rng.normal(0, 0.05, len(kept)), 1e-5, 1)
    kept = replace(kept, confidence=np.round(score, 5), box=np.round(box, 2))
    return replace(made, predictions=kept)


def offdiag(folder: Path, resamples: int) -> Figures:
    from engine.compare.numbers import compared_numbers, numbers_without_intervals
    from engine.core.thresholds import OperatingPoint
    from engine.detection.detection import Detection
    from engine.formats import read_dataset, read_predictions

    watch = Watch()
    dataset = read_dataset(folder / "a" / "truth.json", cache=None)
    sides = []
    for side in "ab":
        found, _ = read_predictions(folder / side / "results.json", dataset, None)
        sides.append(Detection(dataset, found))
    watch.stop(READ)
    a, b = sides
    at = [OperatingPoint(0.5, each.at_iou(0.5).optimum.confidence) for each in sides]
    numbers_without_intervals(a, at[0], b, at[1])
    watch.stop(FIRST)
    *_, last = compared_numbers(a, at[0], b, at[1], samples=resamples)
    watch.stop(COMPARED)
    ap = last.metrics[0]
    return {**watch.figures, "AP": [ap.delta, ap.low, ap.high]}


def hotcoco(folder: Path, resamples: int) -> Figures:
    import hotcoco

    watch = Watch()
    truth = hotcoco.COCO(str(folder / "a" / "truth.json"))
    found = [truth.load_res(str(folder / side / "results.json")) for side in "ab"]
    watch.stop(READ)
    evaluations = [hotcoco.COCOeval(truth, each, "bbox") for each in found]
    for evaluation in evaluations:
        evaluation.evaluate()
    watch.stop(FIRST)
    made = hotcoco.compare(*evaluations, n_bootstrap=resamples, seed=0, confidence=0.95)
    watch.stop(COMPARED)
    interval = made["ci"]["AP"]
    return {**watch.figures, "AP": [made["deltas"]["AP"], interval["lower"], interval["upper"]]}


TOOLS = {"Offdiag": offdiag, "hotcoco": hotcoco}


def in_fresh_process(child: str, size: str, options: argparse.Namespace) -> Figures:
    command = [sys.executable, "-m", __spec__.name, size, "--child", child]
    command += ["--data", str(options.data), "--resamples", str(options.resamples)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        raise SystemExit(f"{child} failed on {size}:\n{answer.stderr}")
    return json.loads(answer.stdout.splitlines()[-1]) if answer.stdout else {}


def table(title: str, figures: dict[str, list[Figures]]) -> Iterator[str]:
    """A row for each step, a column for each tool."""
    yield f"| {title} | " + " | ".join(f"{tool} ({len(of)})" for tool, of in figures.items()) + " |"
    yield "|---" * (len(figures) + 1) + "|"
    for row in (READ, FIRST, COMPARED):
        yield f"| {row} | " + " | ".join(times(runs, row) for runs in figures.values()) + " |"
    cells = (f"{min(run['peak'][0] for run in runs):,.0f} MB" for runs in figures.values())
    yield "| peak memory | " + " | ".join(cells) + " |"
    deltas = (runs[0]["AP"] for runs in figures.values())
    cells = (f"{delta:+.6f}, {low:+.4f} to {high:+.4f}" for delta, low, high in deltas)
    yield "| AP of B less A, 95 % interval | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
