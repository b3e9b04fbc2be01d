"""A run: what was named is found and scored, and told about as it comes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.core.errors import EngineError
from engine.images.pixels import DecodedImage, Size, read_image
from engine.scoring.model.session import Stopped
from engine.scoring.run.scorer import Scorer
from engine.whatif.pasted import pasted_paths
from engine.whatif.results import Results
from engine.whatif.trial import Problem, listed, scored
from tui.pictures.paint.crops import DecodedImages

TOLD_EVERY: Final = 0.05  # seconds between two words about a run

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class RunProgress:
    """A run came further: images are found, scored."""

    done: int
    total: int
    complete: bool  # total is all there is
    first: str  # the first image of the run
    seconds: float  # since it began


@dataclass(frozen=True)
class RunEnd:
    """A run is over; problem says why before its time."""

    stopped: bool
    problem: str = ""


@dataclass(frozen=True)
class FirstDecoded:
    """The pixels of the first image are there; what is found in it comes later."""

    path: str


RunEvent = RunProgress | RunEnd | FirstDecoded | Problem


def score(
    scorer: Scorer,
    texts: tuple[str, ...],
    results: Results,
    pictures: DecodedImages,
    tell: Callable[[RunEvent], object],
    cancelled: Cancelled,
) -> None:
    """Score what the texts name into results; tells a RunEnd last, early when cancelled.

    The first image will be looked at: pictures keep what is decoded of it for the model.
    """
    began, told, problem = time.monotonic(), 0.0, ""
    paths, done = list[str](), 0

    def tell_progress(complete: bool) -> None:
        spent = time.monotonic() - began
        tell(RunProgress(done, len(paths), complete, paths[0] if paths else "", spent))

    def read(source: Path, size: Size, **how: Any) -> DecodedImage:
        if str(source) != paths[0]:
            return read_image(source, size, **how)
        decoded = pictures.read(source, size, **how)
        tell(FirstDecoded(paths[0]))
        return decoded

    try:
        named = [path for text in texts for path in pasted_paths(text)]
        for event in listed(named, cancelled):
            if isinstance(event, Problem):
                tell(event)
            else:
                paths += event.paths
                tell_progress(event.complete)
        paths = list(dict.fromkeys(paths))
        if not cancelled():
            for answers in scored(scorer, paths, cancelled, read):
                results.add(answers)
                done += len(answers)
                if done == len(paths) or time.monotonic() - told >= TOLD_EVERY:
                    told = time.monotonic()
                    tell_progress(True)
    except Stopped:
        pass
    except (EngineError, OSError) as error:
        problem = str(error)
    tell(RunEnd(cancelled(), problem))
