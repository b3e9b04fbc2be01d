"""Images whose gray decides what is found in them, and runs over them."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from engine.batch import run as running
from engine.batch.job import Job, Request
from engine.batch.wanted import Format
from engine.cards.operating_point import Thresholds, given
from engine.scoring.run.scorer import Scorer, open_scorer
from tests.engine.scoring.making import NAMES, constant_answer_model, ultralytics_metadata

FORMATS: tuple[Format, ...] = ("coco", "csv", "jsonl", "parquet", "yolo")
SUFFIX = {"coco": "json", "csv": "csv", "jsonl": "jsonl", "parquet": "parquet", "yolo": "labels"}
CENTERS = ((12, 12), (32, 40), (50, 20))


def gray_model(folder: Path) -> Scorer:
    """Finds up to three boxes of both classes, more and surer ones in brighter images."""
    answer = np.zeros((4 + len(NAMES), 3), np.float32)
    model = constant_answer_model(folder / "m.onnx", answer, metadata=ultralytics_metadata())
    return replace(open_scorer(model, provider="cpu"), detector=_by_gray)


def _by_gray(batch):
    outputs = np.zeros((len(batch), 4 + len(NAMES), len(CENTERS)), np.float32)
    for image, output in zip(batch, outputs, strict=True):
        gray = float(image.mean())
        for anchor, (x, y) in enumerate(CENTERS):
            output[:4, anchor] = x + gray, y - gray, 8 + 4 * gray, 6
            output[4 + anchor % 2, anchor] = gray / (anchor + 1)
            output[4 + (anchor + 1) % 2, anchor] = gray * gray / 2
    return (outputs,)


def classifier(scorer: Scorer) -> Scorer:
    """The same model as a classifier: bolt in bright images, nut in dark ones."""

    def by_gray(batch):
        gray = batch.reshape(len(batch), -1).mean(axis=1)
        return (np.stack([gray, 1 - gray], axis=1).astype(np.float32),)

    output = replace(scorer.card.output, decoder="classify")
    card = replace(scorer.card, task="classify", output=output)
    return replace(scorer, card=card, detector=by_gray)


def photos(folder: Path, count: int) -> Path:
    """A folder of small images, each of another gray, every seventh of them broken."""
    folder.mkdir(exist_ok=True)
    for index in range(count):
        path = folder / f"{index:03d}.png"
        if index % 7 == 3:
            path.write_bytes(b"no image at all")
        else:
            gray = (37 * index) % 256
            Image.new("RGB", (16 + 16 * (index % 3), 16), (gray, gray, gray)).save(path)
    return folder


def job(
    scorer: Scorer,
    out: Path | None,
    *inputs: str | Path,
    format: Format = "jsonl",
    thresholds: Thresholds | None = None,
    **others: object,
) -> Job:
    request = Request(tuple(map(str, inputs)), out, format, **others)  # type: ignore[arg-type]
    return Job(request, scorer, thresholds or given(0.3, len(NAMES)), {"model": "m.onnx"})


def run(made: Job) -> list[running.BatchEvent]:
    return list(running.score_images(made, lambda: "2026-11-23T00:00:00+00:00"))


def printed(made: Job, stdin: bytes = b"") -> bytes:
    out = io.BytesIO()
    events = running.score_images(made, lambda: "now", stdin=io.BytesIO(stdin), stdout=out)
    assert isinstance(list(events)[-1], running.Finished)
    return out.getvalue()


def killed_after(made: Job, events: int, before: Path, after: Path) -> None:
    """Leave in a folder what a kill would leave: the files as they are in mid-run."""
    steps = running.score_images(made, lambda: "2026-11-23T00:00:00+00:00")
    for _, _ in zip(range(events), steps, strict=False):
        pass
    shutil.copytree(before, after)
    steps.close()


def content(out: Path) -> dict[str, bytes] | bytes:
    """A file, or all files of a folder."""
    if out.is_dir():
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}
    return out.read_bytes()


def facts(out: Path) -> dict:
    return json.loads(Path(f"{out}.run.json").read_bytes())


def lines(out: Path) -> list[dict]:
    return [json.loads(line) for line in out.read_bytes().splitlines()]
