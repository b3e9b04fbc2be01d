"""The session of What if: models, images, runs, and what is looked at. It knows no widget."""

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from engine.cards.operating_point import Thresholds, given
from engine.detection.class_thresholds import ClassOptima
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer
from engine.util.visible import visible
from engine.whatif.perturbing import NONE, Perturbation
from engine.whatif.trial import Problem
from tui.desk.model_source import ModelSource
from tui.pictures.paint.crops import DecodedImages
from tui.whatif.chosen_image import ChosenImage
from tui.whatif.models import ModelOpened, ModelRefused, TrialModels
from tui.whatif.paint.words import ended_words
from tui.whatif.scoring_run import Cancelled, RunEnd, RunEvent, RunProgress, score
from tui.whatif.seen_image import SeenImage, TrialLook
from tui.whatif.trial_images import TrialImages, problem_words

RUN: Final = "whatif-run"  # the group of the jobs that score what was named


@dataclass(frozen=True)
class AnswersFetched:
    """Answers that were asked for are at hand."""


SessionEvent = RunEvent | ModelOpened | ModelRefused | SeenImage | AnswersFetched
Tell = Callable[[SessionEvent], object]
Job = Callable[[Tell, Cancelled], None]  # for a thread


class WhatIfSession:
    """Asks for things to be done in threads (due), and takes what comes of them (take)."""

    def __init__(self, source: ModelSource, pictures: DecodedImages) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="offdiag-", ignore_cleanup_errors=True)
        folder = Path(self._temporary.name)
        self.pictures = pictures
        self.models = TrialModels(source)
        self.trials = TrialImages(folder)
        self.image = ChosenImage(folder)
        self.confidence = 0.5
        self.optima: ClassOptima | None = None
        self.classes: tuple[str, ...] = ()  # of the dataset, to which the optima belong
        self.limits: Thresholds = given(0.5, 0)
        self.waiting: deque[str] = deque()  # texts to be scored
        self.running = False
        self.chosen: int | None = None  # among the entries
        self.note = self.models.intro()  # in place of an image
        self._arrived = False  # the first image of the run is chosen
        self._to_open: deque[tuple[Path, bool]] = deque()
        self._opening = self._fetching = False
        self._awaited: Perturbation | None = None  # wished of an image whose answer is fetched
        self._placing = 0  # the index of the image that is seen

    # Work for threads

    @property
    def offers(self) -> tuple[bool, bool, bool]:
        """Whether there is a run to stop, an image to perturb, an answer to export."""
        return self.running, self.image.seen is not None, len(self.trials.results) > 0

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or waits, but for models."""
        return not (self.running or self.waiting or self.image.busy or self._fetching)

    def begin(self, *texts: str) -> None:
        """Score what the texts name, after what is waiting already."""
        self.waiting.extend(texts)

    def open(self, path: Path, *, second: bool) -> None:
        """Open a model."""
        self._to_open.append((path, second))

    def ensure_model(self) -> None:
        """Open the model unless that is done or under way."""
        path = self.models.source.path
        if self.models.first is None and path is not None and not self._opening:
            self._opening = True
            self.open(path, second=False)

    def due(self, sight: range) -> Iterator[tuple[str, Job]]:
        """Jobs to begin now, each with its group; sight is the entries in sight."""
        while self._to_open:
            yield "whatif-model", partial(self._open, *self._to_open.popleft())
        first = self.models.first
        if first is not None and self.waiting and not self.running:
            texts = tuple(self.waiting)
            self.waiting.clear()
            self.running, self._arrived = True, False
            yield RUN, partial(score, first, texts, self.trials.results, self.pictures)
        if first is not None and (look := self.image.next_look()) is not None:
            yield "whatif-look", partial(self._work_out, *look, first, self.models.second)
        if not self._fetching and (places := self._to_fetch(sight)):
            self._fetching = True
            yield "whatif-fetch", partial(self._fetch, places)

    def _open(self, path: Path, second: bool, tell: Tell, _: Cancelled) -> None:
        tell(self.models.open(path, second=second))

    def _work_out(
        self,
        look: TrialLook,
        original: ImageAnswer,
        first: Scorer,
        second: Scorer | None,
        tell: Tell,
        _: Cancelled,
    ) -> None:
        tell(self.image.worked_out(look, original, first, second))

    def _to_fetch(self, sight: range) -> list[int]:
        places, entry = self.trials.to_fetch(sight), self.trials.entry(self.chosen)
        if self._awaited is not None and isinstance(entry, int):
            places.append(entry)
        return places

    def _fetch(self, places: list[int], tell: Tell, _: Cancelled) -> None:
        self.trials.fetch(places)
        tell(AnswersFetched())

    # What came of it

    def take(self, event: SessionEvent) -> int | None:
        """Take what a job came to; the entry to go to where there is one."""
        match event:
            case RunProgress():
                self._take_results()
                index = None if self._arrived else self.trials.index_of(event.first)
                self._arrived = self._arrived or index is not None
                return index
            case Problem():
                index = self.trials.add(event)
                self._take_results()
                return None if self._arrived or not self.running else index
            case RunEnd():
                self.running = False
                self._take_results()
                if event.stopped:
                    self.waiting.clear()
            case ModelOpened():
                self._take_model(event)
            case ModelRefused():
                if not event.second:
                    self._opening = False
                    self.note = f"{event.problem}\n\nm opens another model."
            case SeenImage():
                self.image.take(event)
            case AnswersFetched():
                self._fetching = False
                self.trials.revision += 1
                if self._awaited is not None:
                    self.want(self._awaited)
        return None

    def _take_results(self) -> None:
        """New answers become entries; the chosen image may have a newer one."""
        self.trials.take_results()
        seen = self.image.seen
        if seen is not None:
            answer = self.trials.answer(seen.look.place)
            if answer is not None and answer.timing != seen.original.timing:
                self.image.seen = None
                self.look_at(self.chosen)

    def _take_model(self, opened: ModelOpened) -> None:
        self.models.take(opened)
        if opened.second:
            self._want_again()
            return
        self._opening = False
        self.set_limits(self.confidence, self.optima, self.classes)
        if not self.trials.entries:
            self.note = self.models.intro()

    def drop_second(self) -> None:
        """Take the model beside the first away."""
        self.models.second = None
        self._want_again()

    def end_words(self, end: RunEnd) -> tuple[str, ...]:
        """What came of a run, the longest way to say it first."""
        scorer, results = self.models.first, self.trials.results
        if end.problem or scorer is None:
            return (end.problem,)
        count, problems = len(results), len(self.trials.entries) - len(results)
        about = (count, results.failed, problems, results.latency, scorer.provider, end.stopped)
        return tuple(ended_words(*about))

    # What is looked at

    @property
    def shown(self) -> SeenImage | str | None:
        """The image to show, or words in its place; None while there is neither."""
        seen = self.image.seen
        if self.note or seen is None:
            return self.note or None
        return f"{visible(seen.look.path)}\n\n{visible(seen.failure)}" if seen.failure else seen

    @property
    def placing(self) -> tuple[int, int]:
        """The place of the image that is seen, and of how many."""
        return self._placing, len(self.trials.entries)

    def look_at(self, index: int | None) -> None:
        """Another entry: as it is, and by the other model where there is one."""
        entry = self.trials.entry(index)
        if entry is None:
            return
        self.chosen, self._awaited = index, None
        if isinstance(entry, Problem):
            self.image.forget()
            self.note = problem_words(entry)
        elif self.image.seen is None or self.image.seen.look.place != entry:
            self.want(NONE)

    def want(self, change: Perturbation) -> None:
        """Look at the chosen image with this change."""
        entry = self.trials.entry(self.chosen)
        if not isinstance(entry, int):
            return
        answer = self.trials.answer(entry)
        self._awaited = change if answer is None else None
        if answer is not None:
            second = self.models.second.digest if self.models.second is not None else ""
            self.image.wish(TrialLook(entry, answer.file.path, change, second), answer)
            self._placing, self.note = self.chosen or 0, ""

    def _want_again(self) -> None:
        seen = self.image.seen
        self.want(NONE if seen is None else seen.look.change)

    @property
    def change(self) -> Perturbation:
        """What is done to the chosen image, worked out or not."""
        wished = self.image.wished
        return NONE if wished is None else wished.change

    def step(self, name: str, by: int) -> None:
        """A level further of a change to the image."""
        wished, seen = self.image.wished, self.image.seen
        if wished is not None and seen is not None and not seen.original.failure:
            self.want(wished.change.step(name, by))

    def reset(self) -> None:
        """The image as it is."""
        if self.image.wished is not None:
            self.want(NONE)

    # What counts

    def set_limits(
        self, confidence: float, optima: ClassOptima | None = None, classes: tuple[str, ...] = ()
    ) -> None:
        """Another confidence, perhaps one for each class of the dataset."""
        self.confidence, self.optima, self.classes = confidence, optima, classes
        self.limits = self.models.limits(confidence, optima, classes)

    # The end

    def clear(self) -> bool:
        """Forget all images, unless they are being scored; whether there were any."""
        if self.running or not self.trials.entries:
            return False
        self.trials.clear()
        self.image.forget()
        self.chosen = self._awaited = None
        self.note = self.models.intro()
        return True

    def close(self) -> None:
        """Let go of everything."""
        self.trials.results.close()
        self._temporary.cleanup()
