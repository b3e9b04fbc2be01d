"""How near a scoring run comes to what its machine allows.

    python -m tests.benchmarks.scoring [--model M.onnx --images DIR] [--rounds 5]
    python -m tests.benchmarks.scoring --accelerator 5     a pretended one, 5 ms an image
    python -m tests.benchmarks.scoring --memory            resident memory, 100 and 10,000 images

In every round each of these takes the same images, one after the other: the session
alone on images that are decoded already; a naive loop (Pillow, NumPy, a session as it
comes, a box suppressed after the other); the same loop with our decoding of the outputs, so
that only the loop differs; a scoring run as the app starts it, store and all; and each step
by itself, for its CPU seconds. Shown is the best round of each. On a machine that others use
too, the cores that idle loops get in the same round are what a scoring run is held against.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from engine.core.dataset import Images
from engine.scoring.run.calls import answer_of, call_model, decode, new_buffer
from engine.scoring.run.pipeline import threads_for
from engine.scoring.run.resize import PlacedImage
from engine.scoring.run.runner import score
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.scoring.run.store import ImageFile, Store
from engine.util.cores import available_cores
from tests.benchmarks.naive_loop import naive

DEMO = Path(__file__).resolve().parents[2] / "demo_data" / "detection"
BATCH_ON_ACCELERATOR = 16
NAIVE, NAIVE_WITH_OURS = "naive loop", "naive loop, our decoding of outputs"


@dataclass
class Rate:
    """Images of one round."""

    wall: float  # seconds an image
    cpu: float  # seconds an image, of all threads


def timed(images: int, work: Callable[[], object]) -> Rate:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Rate((time.perf_counter() - wall) / images, (time.process_time() - cpu) / images)


def pretended(scorer: Scorer, milliseconds: float) -> Scorer:
    """The scorer with a model that leaves the processor alone and answers as the real one did.

    One call at a time, as on a device.
    """
    buffer = new_buffer(scorer, 1)
    path = sorted((DEMO / "images").iterdir())[0]
    outputs = call_model(scorer, buffer, [decode(scorer, path, (0, 0), buffer[0])])
    device = ThreadPoolExecutor(1)

    def detector(batch: Any, *_: Any) -> Any:
        device.submit(time.sleep, milliseconds / 1000 * len(batch)).result()
        return tuple(np.repeat(output, len(batch), axis=0) for output in outputs)

    return replace(
        scorer,
        provider="a pretended accelerator",
        batch=BATCH_ON_ACCELERATOR,
        fixed_batch=True,
        detector=detector,
        stop=lambda: None,
    )


def steps(scorer: Scorer, files: Sequence[ImageFile]) -> dict[str, float]:
    """CPU seconds an image of each step, alone in the process; the median."""
    spent: dict[str, list[float]] = defaultdict(list)
    one = replace(scorer, batch=1, fixed_batch=False)
    buffer = new_buffer(one, 1)
    for file in files:
        begin = time.process_time()
        image = decode(one, Path(file.path), file.dataset_size, buffer[0])
        loaded = time.process_time()
        outputs = call_model(one, buffer, [image])
        ran = time.process_time()
        assert isinstance(image, PlacedImage)
        answer_of(one, file, image, tuple(output[0] for output in outputs))
        spent["load"].append(loaded - begin)
        spent["run"].append(ran - loaded)
        spent["post"].append(time.process_time() - ran)
    return {step: statistics.median(values) for step, values in spent.items()}


def raw(scorer: Scorer, images: int) -> None:
    """The model alone, with as many threads as a scoring run gives it."""
    batch = new_buffer(scorer, scorer.batch)
    with ThreadPoolExecutor(threads_for(scorer).run) as pool:
        for _ in pool.map(lambda _: scorer.detector(batch), range(-(-images // scorer.batch))):
            pass


def scored(scorer: Scorer, images: Images) -> None:
    with tempfile.TemporaryDirectory() as folder:
        *_, last = score(scorer, images, Store(Path(folder) / "predictions.sqlite"))
    assert (last.done, last.failed) == (len(images), 0)


def compare(model: Path, folder: Path, rounds: int, accelerator: float) -> None:
    scorer = open_scorer(model, provider="cpu")
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".png"))
    images, files = dataset(paths)
    real = scorer
    if accelerator:
        scorer, session = pretended(scorer, accelerator), None
    kinds: dict[str, Callable[[], object]] = {
        "session alone": lambda: raw(scorer, len(files)),
        NAIVE_WITH_OURS: lambda: naive(scorer, session, files, ours=True),
        "scoring run": lambda: scored(scorer, images),
    }
    if scorer.card.output.decoder == "yolo":
        kinds[NAIVE] = lambda: naive(scorer, session, files, ours=False)
    rates: dict[str, list[Rate]] = defaultdict(list)
    alone: list[dict[str, float]] = []
    given: list[float] = []
    for _ in range(rounds):
        for name, work in kinds.items():
            rates[name].append(timed(len(files), work))
        given.append(cores_given())
        alone.append(steps(real, files))
    best = min(alone, key=lambda each: sum(each.values()))
    if accelerator:
        best["run"] = 0.0
    tell(best, rates, given, f"{len(files)} images on {scorer.provider}")


def cores_given(seconds: float = 0.4) -> float:
    """How many cores this process gets when it wants them all."""
    block, until = bytes(1 << 20), time.perf_counter() + seconds

    def busy(_: int) -> None:
        while time.perf_counter() < until:
            hashlib.sha256(block)

    with ThreadPoolExecutor(available_cores()) as pool:
        rate = timed(1, lambda: list(pool.map(busy, range(available_cores()))))
    return rate.cpu / rate.wall


def tell(
    alone: dict[str, float], rates: dict[str, list[Rate]], given: list[float], what: str
) -> None:
    cores, busy = max(given), os.getloadavg()[0]
    print(f"{what}; {available_cores()} cores, {cores:.2f} of them given, load {busy:.1f}")
    print("CPU ms an image: " + ", ".join(f"{k} {v * 1e3:.2f}" for k, v in alone.items()))
    print("| | images/s | CPU ms an image | cores kept busy |\n|---|---|---|---|")
    best = {name: min(found, key=lambda rate: rate.wall) for name, found in rates.items()}
    for name, rate in best.items():
        cpu = min(each.cpu for each in rates[name])
        print(f"| {name} | {1 / rate.wall:.0f} | {cpu * 1e3:.1f} | {rate.cpu / rate.wall:.2f} |")
    run, alone_rate = 1 / best["scoring run"].wall, 1 / best["session alone"].wall
    asked = min(alone_rate, cores / (alone["load"] + alone["post"]))
    share = cores / sum(alone.values())
    print(f"scoring run / min(session alone, cores / (load + post)) = {run / asked:.2f}")
    print(
        f"scoring run / min(session alone, cores / all steps) = {run / min(alone_rate, share):.2f}"
    )
    for name in set(best) & {NAIVE, NAIVE_WITH_OURS}:
        print(f"scoring run / {name} = {best[name].wall * run:.2f}")


def dataset(paths: Sequence[Path]) -> tuple[Images, list[ImageFile]]:
    sizes = np.zeros((len(paths), 2), np.intp)
    images = Images(tuple(path.name for path in paths), tuple(paths), sizes)
    found = [ImageFile.at(path, (0, 0)) for path in paths]
    return images, [file for file in found if file is not None]


def memory(count: int) -> None:
    """Score so many images and print the resident memory, in MB, that it took at most."""
    scorer = pretended(open_scorer(DEMO / "model.onnx", provider="cpu"), 0.1)
    originals = sorted((DEMO / "images").iterdir())
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{index}.jpg" for index in range(count)]
        for index, path in enumerate(paths):
            path.symlink_to(originals[index % len(originals)])
        images, _ = dataset(paths)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        scored(scorer, images)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"images": count, "before": before / 1024, "most": after / 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=DEMO / "model.onnx")
    parser.add_argument("--images", type=Path, default=DEMO / "images")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--accelerator", type=float, default=0.0, metavar="MS")
    parser.add_argument("--memory", nargs="*", type=int, metavar="IMAGES")
    options = parser.parse_args()
    if options.memory is None:
        compare(options.model, options.images, options.rounds, options.accelerator)
    elif len(options.memory) == 1:
        memory(options.memory[0])
    else:
        for count in options.memory or (100, 1000, 10_000):
            command = [sys.executable, "-m", "tests.benchmarks.scoring", "--memory", str(count)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
