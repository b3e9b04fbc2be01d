"""Score the images of a dataset, keep what the model found, and read it back."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING
from engine.core.dataset import Images, Predictions, Probabilities
from engine.images.pixels import UNKNOWN_SIZE, Size
from engine.images.tones import NOTES
from engine.scoring.model.class_names import mapping_of
from engine.scoring.model.embedded import silence_of
from engine.scoring.run.found import FoundBoxes, only_boxes, only_probabilities
from engine.scoring.run.pipeline import Pipeline
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ASKED_AT_ONCE, ImageAnswer, ImageFile, Store

NO_FILE: Final = "no such file"  # why an image could not be scored
RATE_OVER: Final = 30  # portions that the shown speed is an average of


@dataclass(frozen=True)
class Progress:
    """How far a scoring run is."""

    done: int  # images scored, failed or known from before
    total: int
    failed: int
    images_per_second: float  # lately; 0 before the first are through
    seconds_left: float  # NaN while the speed is not known
    from_store: int  # images that an earlier run had scored


@dataclass(frozen=True, eq=False)
class Scored:
    """What a model found in the images of a dataset."""

    predictions: Predictions  # in the order of the images, most confident first in each
    failures: tuple[tuple[int, str], ...]  # index of the image, reason
    warnings: tuple[str, ...]
    classes_left_out: tuple[str, ...]  # those of the model that the dataset lacks
    silent_below: float = 0.0  # confidence below which the model gives nothing; 0 for none known


@dataclass(frozen=True, eq=False)
class ScoredClasses:
    """What a classifier says of the images of a dataset."""

    probabilities: Probabilities  # in the order of the images; a column for each model class
    failures: tuple[tuple[int, str], ...]  # index of the image, reason
    warnings: tuple[str, ...]


def score(
    scorer: Scorer,
    images: Images,
    store: Store,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Progress]:
    """Score the images that the store does not know yet; what is done is kept.

    Yields at once, then after each batch written. Ends within half a second when
    `cancelled` says so or the iterator is closed. Raises `ModelError` and
    `StoreError`.
    """
    files = _files(images)
    times = Counter(file.path for file in files if file is not None)
    unique = list({file.path: file for file in files if file is not None}.values())
    with store.opened(scorer.store_key) as answers:
        known = [
            None if answer is None or answer.may_pass else answer
            for answer in answers.of(unique, boxes=False)
        ]
        to_score = [file for file, answer in zip(unique, known, strict=True) if answer is None]
        from_store = sum(times[answer.file.path] for answer in known if answer)
        failed = missing = len(images) - times.total()
        failed += sum(times[answer.file.path] for answer in known if answer and answer.failure)
        done = missing + from_store
        left = 0.0 if done == len(images) else np.nan
        yield Progress(done, len(images), failed, 0.0, left, from_store)
        pipeline = Pipeline(scorer, cancelled)
        recent = deque([(time.monotonic(), done)], maxlen=RATE_OVER + 1)
        portions = pipeline.answers(to_score)
        try:
            for portion in portions:
                answers.keep(portion)
                done += sum(times[answer.file.path] for answer in portion)
                failed += sum(times[answer.file.path] for answer in portion if answer.failure)
                recent.append((time.monotonic(), done))
                rate = (done - recent[0][1]) / max(recent[-1][0] - recent[0][0], 1e-9)
                left = (len(images) - done) / rate
                yield Progress(done, len(images), failed, rate, left, from_store)
                if cancelled():
                    return
        finally:
            portions.close()


def predictions(
    scorer: Scorer,
    images: Images,
    store: Store,
    dataset_classes: Sequence[str],
    synonyms: bool = True,
) -> Scored:
    """What the store holds of a detector for these images, in classes of the dataset."""
    run = _Run()
    answers = [
        (index, answer.size, only_boxes(answer.found))
        for index, answer in _answers(scorer, images, store, run)
    ]
    found = joined([(index, boxes) for index, _, boxes in answers])
    mapping = mapping_of(
        scorer.card, dataset_classes, int(found.class_.max(initial=-1)) + 1, synonyms
    )
    nms = scorer.card.output.nms
    silence = silence_of(
        nms.embedded_conf, found.confidence, scorer.confidence_floor, by_itself=not nms.needed
    )
    class_ = mapping.to_dataset[found.class_]
    mapped = class_ != NOTHING
    found = Predictions(found.image, class_, found.confidence, found.box).where(mapped)
    warnings = list(scorer.notes)
    if mapping.to_check:
        warnings.append(mapping.sentence)
    if left_out := int((~mapped).sum()):
        warnings.append(f"{left_out} predictions of classes not in the dataset are left out.")
    if silence.sentence:
        warnings.append(silence.sentence)
    warnings += run.warnings(len(images))
    said = [(dataset_size(images, index), size) for index, size, _ in answers]
    if odd := sum(wanted not in (UNKNOWN_SIZE, size) for wanted, size in said):
        warnings.append(
            f"{odd} images are not of the size that the dataset gives: their boxes may not fit."
        )
    return Scored(
        found, tuple(run.failures), tuple(warnings), mapping.without_dataset, silence.below
    )


def probabilities(scorer: Scorer, images: Images, store: Store) -> ScoredClasses:
    """What the store holds of a classifier for these images, in the model's own classes."""
    run, rows = _Run(), 0
    image = np.empty(len(images), np.intp)
    dtype = np.float32 if scorer.card.output.activation == "none" else np.float64
    value = np.empty((len(images), len(scorer.class_names)), dtype)
    for index, answer in _answers(scorer, images, store, run):
        image[rows], value[rows] = index, only_probabilities(answer.found).value
        rows += 1
    return ScoredClasses(
        Probabilities(image[:rows], value[:rows]),
        tuple(run.failures),
        (*scorer.notes, *run.warnings(len(images))),
    )


@dataclass
class _Run:
    """What became of the images of a dataset."""

    failures: list[tuple[int, str]] = field(default_factory=list)  # index of the image, reason
    scored: int = 0
    notes: Counter[str] = field(default_factory=Counter)  # keys of `tones.NOTES`

    def warnings(self, images: int) -> Iterator[str]:
        if waiting := images - len(self.failures) - self.scored:
            yield f"{waiting} of {images} images are not scored yet."
        for note, count in sorted(self.notes.items()):
            yield f"{count} of {images} images {NOTES[note]}."


def _answers(
    scorer: Scorer, images: Images, store: Store, run: _Run
) -> Iterator[tuple[int, ImageAnswer]]:
    """The images that were scored, a portion in memory at a time; the others are noted."""
    files = _files(images)
    with store.opened(scorer.store_key) as kept:
        for start in range(0, len(files), ASKED_AT_ONCE):
            some = files[start : start + ASKED_AT_ONCE]
            known = iter(kept.of([file for file in some if file is not None]))
            for index, file in enumerate(some, start):
                answer = None if file is None else next(known)
                if file is None:
                    run.failures.append((index, NO_FILE))
                elif answer is not None and answer.failure:
                    run.failures.append((index, answer.failure))
                elif answer is not None:
                    run.scored += 1
                    run.notes.update(answer.notes)
                    yield index, answer


def joined(scored: Sequence[tuple[int, FoundBoxes]]) -> Predictions:
    """One table, its classes still the model's own."""
    if not scored:
        return Predictions.none()
    found = [part for _, part in scored]
    return Predictions(
        np.repeat([index for index, _ in scored], [len(part.class_) for part in found]),
        np.concatenate([part.class_ for part in found]).astype(np.intp),
        np.concatenate([part.confidence for part in found]).astype(np.float64),
        np.concatenate([part.box for part in found]).astype(np.float64),
    )


def _files(images: Images) -> list[ImageFile | None]:
    return [
        ImageFile.at(path, dataset_size(images, index)) for index, path in enumerate(images.path)
    ]


def dataset_size(images: Images, index: int) -> Size:
    """Width and height as the dataset says; UNKNOWN_SIZE where it does not."""
    width, height = (int(side) for side in images.size[index])
    return (width, height) if width > 0 and height > 0 else UNKNOWN_SIZE
