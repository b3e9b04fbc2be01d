"""The work of the What if tab, done in threads: open models, score, change and look."""

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from textual.message import Message

from engine.core.errors import EngineError, ModelError
from engine.images.pixels import UnreadableImage, read_image
from engine.scoring.model.session import Stopped
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.scoring.run.store import ImageAnswer
from engine.whatif.pasted import pasted_paths
from engine.whatif.results import Results
from engine.whatif.trial import Problem, listed, score_one, scored
from tui.desk.model_source import ModelSource
from tui.whatif.seen import SeenImage, TrialLook

TOLD_EVERY: Final = 0.05  # seconds between two words about a run
KEPT_FILES: Final = 2  # changed images: the one on show and the one to come

Post = Callable[[Message], object]
Cancelled = Callable[[], bool]


@dataclass
class ModelOpened(Message):
    """A model is ready; second beside the first."""

    scorer: Scorer
    second: bool


@dataclass
class ModelRefused(Message):
    """A model cannot be opened; problem is a whole sentence."""

    problem: str
    second: bool


@dataclass
class Progressed(Message):
    """A run came further: images are found, scored."""

    done: int
    total: int
    complete: bool  # total is all there is
    first: str  # the first image of the run
    seconds: float  # since it began

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Progressed)


@dataclass
class JobNotice(Message):
    """Something that was named and nothing can be done with."""

    problem: Problem


@dataclass
class Ended(Message):
    """A run is over; problem says why before its time."""

    stopped: bool
    problem: str = ""


@dataclass
class Looked(Message):
    """A look is done."""

    seen: SeenImage


class Jobs:
    """Models, results and a folder for what is temporary; each method runs in a thread."""

    def __init__(self, source: ModelSource, post: Post) -> None:
        self.source, self.post = source, post
        self.scorer: Scorer | None = None
        self.second: Scorer | None = None
        self._temporary = tempfile.TemporaryDirectory(prefix="offdiag-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self.results = Results(self.folder)
        self._changed = 0
        self._opening = threading.Lock()

    def clear(self) -> None:
        """Forget the results."""
        self.results.close()
        for left in self.folder.glob("results.sqlite*"):
            left.unlink(missing_ok=True)
        self.results = Results(self.folder)

    def close(self) -> None:
        """Let go of everything."""
        self.results.close()
        self._temporary.cleanup()

    def open_model(self, path: Path, *, second: bool = False) -> None:
        """Open a model: the first with its card and provider, another as it is."""
        source = self.source
        try:
            with self._opening:
                scorer = open_scorer(path, None if second else source.card, source.provider)
                scorer = self._checked(scorer, second)
        except EngineError as error:
            self.post(ModelRefused(str(error), second))
            return
        self.post(ModelOpened(scorer, second))

    def _checked(self, scorer: Scorer, second: bool) -> Scorer:
        first = self.scorer
        if second and first is not None and first.card.task != scorer.card.task:
            kinds = {"detect": "a detector", "classify": "a classifier"}
            raise ModelError(
                scorer.model,
                f"is {kinds[scorer.card.task]}, and {first.model.name} beside it "
                f"{kinds[first.card.task]}: their answers cannot be compared",
            )
        return scorer

    def score(self, texts: tuple[str, ...], cancelled: Cancelled) -> None:
        """Score what the texts name, and tell about it."""
        assert self.scorer is not None
        began, told, problem = time.monotonic(), 0.0, ""
        results, paths, done = self.results, list[str](), 0

        def tell(complete: bool) -> None:
            spent = time.monotonic() - began
            first = paths[0] if paths else ""
            self.post(Progressed(done, len(paths), complete, first, spent))

        try:
            named = [path for text in texts for path in pasted_paths(text)]
            for event in listed(named, cancelled):
                if isinstance(event, Problem):
                    self.post(JobNotice(event))
                else:
                    paths += event.paths
                    tell(event.complete)
            paths = list(dict.fromkeys(paths))
            if not cancelled():
                for answers in scored(self.scorer, paths, cancelled):
                    results.add(answers)
                    done += len(answers)
                    if done == len(paths) or time.monotonic() - told >= TOLD_EVERY:
                        told = time.monotonic()
                        tell(True)
        except Stopped:
            pass
        except (EngineError, OSError) as error:
            problem = str(error)
        tell(True)
        self.post(Ended(cancelled(), problem))

    def look(self, look: TrialLook, original: ImageAnswer) -> None:
        """See an image changed, and by the other model."""
        assert self.scorer is not None
        shown, now, second = look.path, original, None
        try:
            if look.change and not original.failure:
                shown = self._changed_file(look)
                now = score_one(self.scorer, shown)
            if self.second is not None and look.second and not now.failure:
                second = score_one(self.second, shown)
        except (EngineError, UnreadableImage, OSError, ValueError, MemoryError) as error:
            now = replace(original, failure=f"cannot be changed or scored: {error}")
        names = self.second.class_names if self.second is not None else ()
        named = self.second is None or self.second.card.classes.names is not None
        self.post(Looked(SeenImage(look, shown, original, now, second, names, named)))

    def _changed_file(self, look: TrialLook) -> str:
        """The changed pixels as a file without loss, so that they go the way of any image."""
        self._changed += 1
        path = self.folder / f"{self._changed}.bmp"
        look.change.of(read_image(Path(look.path)).pixels).save(path)
        (self.folder / f"{self._changed - KEPT_FILES}.bmp").unlink(missing_ok=True)
        return str(path)
