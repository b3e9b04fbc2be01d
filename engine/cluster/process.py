"""A scoring run on a cluster, in a process of its own: Ray writes to the terminal at will."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

from engine.batch.inputs import InputError
from engine.batch.job import Finished, Request
from engine.batch.run import BatchEvent
from engine.cards.operating_point import Thresholds
from engine.cluster.ray_answers import ROOT, ClusterError

PATIENCE: Final = 10.0  # seconds that the process gets to end
START: Final = (
    f"import sys; sys.path.insert(0, {ROOT!r}); "
    "from engine.cluster.driver import main; main(*map(int, sys.argv[1:]))"
)


@dataclass(frozen=True)
class ClusterRun:
    """What the process is asked to do."""

    request: Request
    model: Path
    card: Path | None
    provider: str  # on the machines of the cluster
    thresholds: Thresholds
    address: str
    facts: dict[str, Any] = field(default_factory=dict)


def log_file(out: Path) -> Path:
    """Where the process and Ray write what they have to say."""
    return out.with_name(f"{out.name}.ray.log")


def score_on_cluster(run: ClusterRun) -> Iterator[BatchEvent]:
    """As `score_images`, from another process; closing the iterator ends it.

    Raises InputError and ClusterError, which name the log.
    """
    out = run.request.out
    if out is None:
        raise InputError("a cluster cannot write to standard output: name a file with --out")
    if find_spec("ray") is None:
        raise ClusterError('scoring on a cluster needs Ray Data: pip install "offdiag[cluster]"')
    ask, answer = os.pipe(), os.pipe()
    with log_file(out).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(ask[0]), str(answer[1])],
            stdout=log,
            stderr=log,
            pass_fds=(ask[0], answer[1]),
            start_new_session=True,  # Ctrl+C is for us, who end it in order
        )
    os.close(ask[0])
    os.close(answer[1])
    # The first pipe stays open as long as we live: its end is how the process learns of ours.
    asking, answers = os.fdopen(ask[1], "wb"), os.fdopen(answer[0], "rb")
    try:
        with suppress(BrokenPipeError):
            pickle.dump(run, asking)
            asking.flush()
        yield from _events(answers, log_file(out))
    finally:
        with suppress(BrokenPipeError):
            asking.close()
        answers.close()
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _events(answers: IO[bytes], log: Path) -> Iterator[BatchEvent]:
    """What the process tells until it ends, which is after it has tidied up."""
    finished = False
    while True:
        try:
            event = pickle.load(answers)
        except EOFError:
            if finished:
                return
            raise ClusterError(f"the run on the cluster ended early: see {log}") from None
        if isinstance(event, str):
            raise ClusterError(f"{event} (see {log})")
        finished = isinstance(event, Finished)
        yield event
