"""What a person asked for, and whether it can be done without losing anything."""

import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

from engine.batch.coco_ids import CocoIds, digest_of
from engine.batch.counts import BatchCounts
from engine.batch.encoders import readable
from engine.batch.inputs import InputError, Shard
from engine.batch.run_file import counts_of, differences, read_run_file, run_file
from engine.batch.sinks import empty_or_missing
from engine.batch.wanted import Format, OutputPlan
from engine.cards.operating_point import Thresholds
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer, ImageFile

FEW: Final = 5  # failures that are told at the end


@dataclass(frozen=True)
class Request:
    """What a person asked for."""

    inputs: tuple[str, ...]
    out: Path | None  # None for standard output
    format: Format
    everything: bool = False  # predictions that do not count too, with the decision
    shard: Shard | None = None
    draw: Path | None = None  # folder for annotated pictures
    data: Path | None = None  # the ground truth whose ids COCO results are to have
    synonyms: bool = True  # classes may have other well-known names than in data
    resume: bool = False
    force: bool = False


class AnswerSource(Protocol):
    """Whoever scores images, such as a cluster."""

    def answers(self, files: Sequence[ImageFile]) -> Generator[list[ImageAnswer], None, None]:
        """The answers, some at a time, in the order of the files."""


@dataclass(frozen=True)
class Job:
    """A request, and what is needed to fulfil it."""

    request: Request
    scorer: Scorer
    thresholds: Thresholds
    facts: Mapping[str, Any] = field(default_factory=dict)  # for OUT.run.json: versions, card, ...
    source: AnswerSource | None = None  # where the answers come from, if not from this process

    @cached_property
    def wanted(self) -> OutputPlan:
        """What the output is to hold. Raises DataError and InputError for --data."""
        names, card, request = self.scorer.class_names, self.scorer.card, self.request
        ids = None
        if request.data is not None:
            if request.format != "coco" or card.task != "detect":
                raise InputError(
                    "--data gives COCO results their ids: leave it out, or take --format coco"
                )
            ids = CocoIds.read(request.data, card, names, request.synonyms)
        return OutputPlan(request.format, card.task, names, request.everything, ids)


@dataclass(frozen=True)
class Finished:
    """The end of a run."""

    counts: BatchCounts
    failures: tuple[tuple[str, str], ...]  # the first few: image, reason
    already: bool = False  # the output was complete before


def journal_file(out: Path) -> Path:
    """Where the journal of an unfinished output is."""
    return out.with_name(f"{out.name}.journal")


def remove_journal(out: Path) -> None:
    """The output is complete: only its run file tells of it from now on."""
    for path in (journal_file(out), out.with_name(f"{journal_file(out).name}-journal")):
        path.unlink(missing_ok=True)


def check_places(request: Request) -> None:
    """InputError when something would be overwritten, or cannot be written at all.

    To be called before a model is opened, so that a mistake is told at once.
    """
    out, is_folder = request.out, request.format == "yolo"
    for folder in (request.draw, out if is_folder else None):
        if folder is not None:
            _check_folder(folder, request)
    if out is None:
        if request.resume or request.shard is not None:
            raise InputError("standard output cannot be resumed or merged: name a file with --out")
        return
    if not out.absolute().parent.is_dir():
        raise InputError(f"{out.parent}: there is no such folder for the output")
    if not is_folder and out.is_dir():
        raise InputError(f"{out} is a folder; name a file in it")
    if request.resume or request.force:
        return
    if journal_file(out).exists():
        raise InputError(
            f"{out} was begun and not finished: --resume goes on with it, --force starts again"
        )
    if out.exists() and not is_folder:
        raise InputError(f"{out} exists already: --force overwrites it")


def _check_folder(folder: Path, request: Request) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder")
    if not folder.absolute().parent.is_dir():
        raise InputError(f"{folder.parent}: there is no such folder for the output")
    for text in request.inputs:
        if os.path.isdir(text) and folder.resolve().is_relative_to(Path(text).resolve()):  # noqa: PTH112
            raise InputError(f"{folder} lies among the images in {text}: name another folder")
    if not (request.resume or request.force or empty_or_missing(folder)):
        raise InputError(f"{folder} is not empty: --force writes into it, --resume goes on")


def header_of(job: Job) -> dict[str, Any]:
    """What a run must share with the one that it goes on with."""
    request, scorer, thresholds = job.request, job.scorer, job.thresholds
    return {
        "settings_sha256": scorer.run_key,
        "operating_point": thresholds.told(scorer.class_names),
        "format": request.format,
        "all": request.everything,
        "shard": None if request.shard is None else str(request.shard),
        "inputs": [readable(text) for text in request.inputs],
        "provider": scorer.provider,
        "ids_of": None if job.wanted.ids is None else job.wanted.ids.source,
        "ids": digest_of(job.wanted.ids),
    }


def complete(request: Request, header: dict[str, Any]) -> Finished | None:
    """What to say of an output that an earlier run completed; None when there is work."""
    out = request.out
    if out is None or not request.resume or not out.exists() or journal_file(out).exists():
        return None
    if not run_file(out).exists():
        if request.format == "yolo" and empty_or_missing(out):
            return None
        raise InputError(f"{out} was not made by a run that can be resumed: --force overwrites it")
    told = read_run_file(out)
    if other := differences(header, told):
        raise InputError(f"{out} is complete, but with another choice of {other}: --force again")
    failures = tuple((each["image"], each["reason"]) for each in told["failures"][:FEW])
    return Finished(counts_of(told), failures, already=True)
