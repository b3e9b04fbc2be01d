"""COCO's summary: ours beside hotcoco's, on the same files, in alternating fresh processes.

    python -m tests.benchmarks.coco_summary S M [--runs 5] [--data FOLDER]

Read: JSON files to the tool's own form. Summary: from there to the twelve numbers and
the average precision of each class. Ours runs on one thread, hotcoco on all cores.
"""

import argparse
import contextlib
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.benchmarks.coco_shaped import SIZES, make, write

TOOLS = ("offdiag", "hotcoco")
Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="+", choices=SIZES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "offdiag-coco")
    parser.add_argument("--child", choices=("make", *TOOLS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child == "make":
        write(make(SIZES[options.sizes[0]]), options.data / options.sizes[0])
        return
    if options.child:
        print(json.dumps(measured(options.child, options.data / options.sizes[0])))
        return
    for size in options.sizes:
        if not (options.data / size / "results.json").exists():
            in_fresh_process("make", size, options.data)
        figures: dict[str, list[Figures]] = defaultdict(list)
        for _ in range(options.runs):
            for tool in TOOLS:
                answer = in_fresh_process(tool, size, options.data)
                figures[tool].append(json.loads(answer))
        print(table(size, figures))


def in_fresh_process(child: str, size: str, data: Path) -> str:
    """Memory, imports and caches of one run must not touch the next.

    Even the data is made in a process of its own: a child's peak begins at its parent's.
    """
    command = [sys.executable, "-m", __spec__.name, size, "--child", child, "--data", str(data)]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def measured(tool: str, folder: Path) -> Figures:
    """Seconds of wall and CPU for each step, the peak in MB, and AP to see they agree."""
    truth_file, results_file = folder / "truth.json", folder / "results.json"
    run = _offdiag if tool == "offdiag" else _hotcoco
    with contextlib.redirect_stdout(io.StringIO()):
        figures = run(truth_file, results_file)
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def _offdiag(truth_file: Path, results_file: Path) -> Figures:
    from engine.average_precision import average_precision, rank_of_ids
    from engine.formats.coco import read_dataset, read_predictions

    watch = _Watch()
    dataset = read_dataset(truth_file)
    predictions, _ = read_predictions(results_file, dataset)
    watch.stop("read")
    ranks = rank_of_ids(dataset.image_ids)
    values = average_precision(dataset.ground_truths, predictions, len(dataset.classes), ranks)
    summary, _ = values.summary, values.ap_by_iou
    watch.stop("summary")
    return {**watch.figures, "AP": summary.AP}


def _hotcoco(truth_file: Path, results_file: Path) -> Figures:
    import hotcoco

    watch = _Watch()
    truth = hotcoco.COCO(str(truth_file))
    found = truth.load_res(str(results_file))
    watch.stop("read")
    evaluation = hotcoco.COCOeval(truth, found, "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    evaluation.results(per_class=True)
    watch.stop("summary")
    return {**watch.figures, "AP": float(evaluation.stats[0])}


class _Watch:
    """Wall and CPU seconds since the last stop."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self._since = time.perf_counter(), time.process_time()

    def stop(self, step: str) -> None:
        now = time.perf_counter(), time.process_time()
        for clock, before, after in zip(("wall", "CPU"), self._since, now, strict=True):
            self.figures[f"{step} {clock}"] = after - before
        self._since = time.perf_counter(), time.process_time()


def table(size: str, figures: dict[str, list[Figures]]) -> str:
    """Best / median of each figure, a row for each tool."""
    columns = ["read wall", "read CPU", "summary wall", "summary CPU"]
    lines = [
        f"{size:8}" + "".join(f"{name + ' s':>18}" for name in columns) + f"{'peak MB':>10}  AP"
    ]
    for tool, runs in figures.items():
        cells = []
        for name in columns:
            values = [run[name] for run in runs]
            cells.append(f"{min(values):.3f} / {statistics.median(values):.3f}".rjust(18))
        peak = min(run["peak"] for run in runs)
        lines.append(f"{tool:8}" + "".join(cells) + f"{peak:10.0f}  {runs[0]['AP']:.6f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
