"""Answers from the machines of a Ray cluster, in the order of the images.

Shards of paths go to actors; each holds a model of its own and runs the same pipeline
as a run on one machine. Images and model must lie at the same paths everywhere.
"""

import os
import pickle
import socket
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.core.errors import EngineError
from engine.images.pixels import UNKNOWN_SIZE
from engine.scoring.run.pipeline import Pipeline
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import ImageAnswer, ImageFile

SHARD: Final = 128  # images that go to an actor together
LOCAL: Final = "local"
REACHED_WITHIN: Final = 5.0  # seconds
ROOT: Final = str(Path(__file__).resolve().parents[2])


class ClusterError(EngineError):
    """A cluster that cannot be reached, or that gave up."""


@dataclass(frozen=True)
class Work:
    """What each actor has to do; absolute paths."""

    model: str
    card: str | None
    provider: str
    run_key: str  # of the model and card as the driver sees them


class ScoringActor:
    """A model, made ready once, for shard after shard."""

    def __init__(self, work: Work) -> None:
        card = None if work.card is None else Path(work.card)
        try:
            self.scorer = open_scorer(Path(work.model), card, work.provider)
        except EngineError as error:
            raise RuntimeError(str(error)) from None  # which Ray can send
        if self.scorer.run_key != work.run_key:
            raise RuntimeError(f"{work.model} is another model, or has another card, on a node")

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """The answers of some shards; both are pickled, one element a shard."""
        told = []
        for shard in batch["shard"]:
            files = [ImageFile(path, 0, 0, UNKNOWN_SIZE) for path in pickle.loads(shard)]
            answers: list[ImageAnswer] = []
            for portion in Pipeline(self.scorer, lambda: False).answers(files):
                answers.extend(portion)
            told.append(pickle.dumps(answers))
        return {"answers": np.array(told, object)}


@dataclass(frozen=True)
class RayAnswers:
    """A cluster at an address, or one of this machine alone for "local"."""

    address: str
    work: Work

    def answers(self, files: Sequence[ImageFile]) -> Generator[list[ImageAnswer], None, None]:
        """The answers, shard after shard. Raises ClusterError."""
        import ray
        import ray.data
        from ray.exceptions import RayError

        try:
            _connect(ray, self.address)
            options = ray.data.DataContext.get_current()
            options.enable_progress_bars = False
            options.execution_options.preserve_order = True
            paths = [os.path.abspath(file.path) for file in files]  # noqa: PTH100  # a str
            shards = [
                {"shard": pickle.dumps(paths[start : start + SHARD])}
                for start in range(0, len(paths), SHARD)
            ]
            actors, needs = _actors(ray, self.work.provider, len(shards))
            scored = ray.data.from_items(shards, override_num_blocks=len(shards)).map_batches(
                ScoringActor,
                fn_constructor_args=(self.work,),
                batch_size=1,
                compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors),
                **needs,
            )
            for row in scored.iter_rows():
                yield pickle.loads(row["answers"])
        except (RayError, ConnectionError, RuntimeError, ValueError) as error:
            raise ClusterError(f"the cluster {self.address!r} failed: {_cause(error)}") from None
        finally:
            ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    _check_reachable(address)
    # A worker may stand in a folder that has an engine.py of its own.
    environment = {"PYTHONPATH": os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")])}
    ray.init(
        address=address,
        include_dashboard=False if address == LOCAL else None,
        runtime_env={"env_vars": environment},
    )


def _check_reachable(address: str) -> None:
    """Ray itself would try for minutes. Raises ConnectionError."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), REACHED_WITHIN).close()
        except (OSError, OverflowError):
            raise ConnectionError("nothing answers there; is it the address of the head?") from None


def _actors(ray: Any, provider: str, shards: int) -> tuple[int, dict[str, float]]:
    """How many actors, and what each needs: a graphics card, or most of a machine."""
    cards = 0 if provider == "cpu" else int(ray.cluster_resources().get("GPU", 0))
    if cards:
        return min(cards, shards), {"num_gpus": 1}
    nodes = [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]
    able = [cores for cores in nodes if cores >= 1] or [1]
    # One core stays for what feeds the actors; onnxruntime takes all there are anyway.
    return min(len(able), shards), {"num_cpus": max(1, int(min(able)) - 1)}


def _cause(error: BaseException) -> str:
    """The last line of what Ray reports is what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
