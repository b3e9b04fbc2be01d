"""The verbs score and merge: many images through a model, without a screen."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import __version__
from tui.commands.options import CARD, DEBUG, FILE, PROVIDER, SYNONYMS
from tui.commands.point_option import CONFIDENCE, opened_at
from tui.commands.telling import tell

if TYPE_CHECKING:
    from engine.batch.job import Finished, Request
    from engine.cards.operating_point import SavedPoint, Thresholds
    from engine.scoring.run.runner import Progress
    from engine.scoring.run.scorer import Scorer

FORMATS = ("coco", "csv", "jsonl", "parquet", "yolo")
SHOWN_EVERY = 0.1  # seconds between two looks of the progress bar
FAILED = 1  # exit code of --strict
IDS = (
    "Image ids are paths and category ids count the model's classes from 1: for the ids of a data "
    "set, as pycocotools matches them, add --data TRUTH.json."
)


@click.command()
@click.argument("model", type=FILE)
@click.argument("paths", nargs=-1, required=True)
@click.option("--out", required=True, help="File to write, '-' for standard output.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Of the output; otherwise the suffix of --out decides. yolo writes a folder.",
)
@CONFIDENCE
@click.option("--all", "everything", is_flag=True, help="Keep what does not count too, marked so.")
@click.option(
    "--data",
    type=FILE,
    help="Ground truth whose ids of images and categories COCO results are to have.",
)
@SYNONYMS
@click.option("--draw", type=FILE, help="Folder for the images with the predictions drawn in.")
@click.option("--resume", is_flag=True, help="Go on with an output that was interrupted.")
@click.option("--force", is_flag=True, help="Overwrite an output.")
@click.option("--strict", is_flag=True, help="End with 1 if an image could not be scored.")
@click.option("--shard", help="Only this part of the images: 3/16 is the third of sixteen.")
@click.option(
    "--ray",
    help="Score on the Ray cluster at this address, or with 'local' on one of this machine.",
)
@CARD
@PROVIDER
@DEBUG
def score(
    model: Path,
    paths: tuple[str, ...],
    out: str,
    form: str | None,
    confidence: str,
    card: Path | None,
    provider: str,
    shard: str | None,
    ray: str | None,
    strict: bool,
    debug: bool,
    **rest: Any,
) -> None:
    """Score images at the saved operating point, into one file.

    PATHS are files, folders, patterns such as 'shots/**/*.jpg', @LIST.txt with a path a line,
    or - for paths on standard input. OUT.run.json beside the output tells how it was made and
    which images could not be scored. An interrupted run goes on with --resume.

    Ends with 0 also if images failed, unless --strict is given.
    """
    from engine.batch.inputs import Shard
    from engine.batch.job import Job, Request, check_places
    from engine.batch.run import score_images
    from engine.batch.wanted import format_of

    request = Request(
        inputs=paths,
        out=None if out == "-" else Path(out),
        format=form or format_of(out),  # type: ignore[arg-type]
        shard=None if shard is None else Shard.parse(shard),
        **rest,
    )
    check_places(request)
    here = provider if ray is None else "cpu"
    scorer, point, thresholds = opened_at(model, card, here, confidence)
    for note in (*scorer.notes, *thresholds.notes):
        tell(note, err=True)
    facts = _facts(scorer, thresholds, point, card)
    if request.format == "coco" and request.data is None:
        tell(IDS, err=True)
    events: Any
    if ray is None:
        job = Job(request, scorer, thresholds, facts)
        for note in job.wanted.ids.notes if job.wanted.ids is not None else ():
            tell(note, err=True)
        events = score_images(job, _now, stdin=sys.stdin.buffer, stdout=sys.stdout.buffer)
    else:
        from engine.cluster.process import ClusterRun, score_on_cluster

        run = ClusterRun(request, model, card, provider, thresholds, ray, facts)
        events = score_on_cluster(run)
    try:
        finished = _shown(events)
    except KeyboardInterrupt:
        if request.out is not None:
            tell("", "The same command with --resume goes on with it.", err=True)
        raise
    if finished is None:
        raise KeyboardInterrupt
    _tell(finished, request)
    if strict and finished.counts.failed:
        sys.exit(FAILED)


@click.command()
@click.argument("out", type=FILE)
@click.argument("parts", type=FILE, nargs=-1, required=True)
@click.option("--force", is_flag=True, help="Overwrite an output.")
@DEBUG
def merge(out: Path, parts: tuple[Path, ...], force: bool, debug: bool) -> None:
    """Join the outputs of all shards into OUT, as one run would have written it."""
    from engine.batch.merging import merge as merged

    finished = merged(out, parts, force=force)
    if sys.stderr.isatty():
        tell(_summary(finished), err=True)


def _facts(
    scorer: "Scorer", thresholds: "Thresholds", point: "SavedPoint | None", card: Path | None
) -> dict[str, Any]:
    """What OUT.run.json tells besides."""
    import platform

    import numpy as np
    import PIL

    from engine.batch.encoders import readable
    from engine.cards.operating_point import table_of
    from engine.scoring.card import card_beside
    from engine.scoring.model.runtime import runtime

    place = card or card_beside(scorer.model)
    return {
        "model": {"path": readable(str(scorer.model)), "sha256": scorer.digest},
        "card": readable(str(place)) if place.is_file() else None,
        "task": scorer.card.task,
        "classes": list(scorer.class_names),
        "saved_point": None if point is None else table_of(point),
        "confidence_from": thresholds.source,
        "confidence_floor": scorer.confidence_floor,  # below it nothing is found
        "notes": [*scorer.notes, *thresholds.notes],
        "versions": {
            "offdiag": __version__,
            "python": platform.python_version(),
            "onnxruntime": runtime().__version__,
            "numpy": np.__version__,
            "pillow": PIL.__version__,
        },
    }


def _shown(events: Any) -> "Finished | None":
    """Progress on stderr, and only to a terminal."""
    from engine.batch.job import Finished

    quiet, shown, last = not sys.stderr.isatty(), 0.0, None
    with click.progressbar(
        length=1000,
        label="Listing images",
        file=sys.stderr,
        hidden=quiet,
        show_pos=False,
        show_eta=False,
    ) as bar:
        for event in events:
            if isinstance(event, Finished):
                last = event
            elif not quiet and (event.done == event.total or time.monotonic() > shown):
                shown = time.monotonic() + SHOWN_EVERY
                bar.label = _progress(event)
                bar.update(int(1000 * event.done / max(event.total, 1)) - bar.pos)
                bar.render_progress()
    return last


def _progress(event: "Progress") -> str:
    words = f"Scoring {event.done:,}/{event.total:,}"
    if event.failed:
        words += f" · {event.failed:,} failed"
    if event.images_per_second:
        words += f" · {event.images_per_second:.1f} images/s"
    if event.seconds_left == event.seconds_left:
        minutes, seconds = divmod(round(event.seconds_left), 60)
        hours, minutes = divmod(minutes, 60)
        words += f" · {hours}:{minutes:02}:{seconds:02} left"
    return words


def _tell(finished: "Finished", request: "Request") -> None:
    """What came of it; of failures also where nobody watches."""
    if finished.already:
        tell(f"{request.out} is complete already.", err=True)
    elif sys.stderr.isatty():
        tell(_summary(finished), err=True)
    counts = finished.counts
    if counts.failed:
        from engine.batch.encoders import readable

        where = "" if request.out is None else f"; {request.out}.run.json lists them"
        tell(f"{counts.failed:,} of {counts.images:,} images could not be scored{where}:", err=True)
        for image, reason in finished.failures:
            tell(f"  {readable(image)}: {reason}", err=True)


def _summary(finished: "Finished") -> str:
    from engine.util.words import number

    counts = finished.counts
    return (
        f"{number(counts.images, 'image')}, {number(counts.kept, 'prediction')} kept, "
        f"{counts.dropped:,} below the threshold, {number(counts.silent, 'image')} without any."
    )


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")
