"""The process that drives a cluster: the same run as on one machine, with answers from afar."""

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Final

from engine.batch.job import Job
from engine.batch.run import BatchEvent, score_images
from engine.cluster.process import PATIENCE, ClusterRun
from engine.cluster.ray_answers import RayAnswers, Work
from engine.core.errors import EngineError
from engine.scoring.run.scorer import open_scorer

PROVIDER: Final = "Ray"  # what a run file says of where the model ran


def main(ask: int, answer: int) -> None:
    """Read a `ClusterRun` from one descriptor, and write events, or a sentence, to another."""
    asking = os.fdopen(ask, "rb")
    run: ClusterRun = pickle.load(asking)
    threading.Thread(target=_end_with, args=(asking,), daemon=True).start()
    with os.fdopen(answer, "wb") as answers:
        try:
            for event in events(run):
                pickle.dump(event, answers)
                answers.flush()
        except EngineError as error:
            pickle.dump(str(error), answers)


def events(run: ClusterRun) -> Iterator[BatchEvent]:
    """The run. Its list of images may come from standard input."""
    scorer = open_scorer(run.model, run.card, "cpu")  # to know the model; it runs elsewhere
    card = None if run.card is None else str(run.card.absolute())
    work = Work(str(run.model.absolute()), card, run.provider, scorer.run_key)
    job = Job(
        run.request,
        replace(scorer, provider=PROVIDER),
        run.thresholds,
        run.facts | {"cluster": run.address},
        RayAnswers(run.address, work),
    )
    yield from score_images(job, _now, stdin=sys.stdin.buffer)


def _end_with(asking: IO[bytes]) -> None:
    """End when whoever asked has ended, however that was."""
    asking.read(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE / 2)  # where Ray is deaf, as while it tries to connect
    os._exit(1)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
