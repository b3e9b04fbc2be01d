"""Score the images of a dataset, keep what the model found, and read it back."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.arrays import NOTHING
from engine.dataset import Images, Predictions
from engine.pixels import UNKNOWN_SIZE, Size
from engine.scoring.class_names import class_mapping
from engine.scoring.pipeline import Pipeline
from engine.scoring.scorer import Scorer
from engine.scoring.store import Answer, ImageFile, Store

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


def _never() -> bool:
    return False


def score(
    scorer: Scorer, images: Images, store: Store, *, cancelled: Callable[[], bool] = _never
) -> Iterator[Progress]:
    """Score the images that the store does not know yet; what is done is kept.

    Yields at once, then after each batch written. Ends within half a second when
    `cancelled` says so or the iterator is closed. Raises `ModelError` and
    `StoreError`.
    """
    files = _files(images)
    times = Counter(file.path for file in files if file is not None)
    unique = list({file.path: file for file in files if file is not None}.values())
    with store.opened(scorer.run_key) as answers:
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
    scorer: Scorer, images: Images, store: Store, dataset_classes: Sequence[str]
) -> Scored:
    """What the store holds for these images, in classes of the dataset."""
    files = _files(images)
    with store.opened(scorer.run_key) as kept:
        answers = iter(kept.of([file for file in files if file is not None]))
    of_image = [None if file is None else next(answers) for file in files]
    scored = [
        (index, answer)
        for index, answer in enumerate(of_image)
        if answer is not None and not answer.failure
    ]
    mapping = class_mapping(scorer.class_names, dataset_classes, scorer.card.classes.map)
    found = _joined(scored)
    class_ = mapping.to_dataset[found.class_]
    mapped = class_ != NOTHING
    found = Predictions(found.image, class_, found.confidence, found.box).where(mapped)
    failures = tuple(_failures(files, of_image))
    warnings = list(scorer.notes)
    if mapping.without_dataset or mapping.without_model or "order" in mapping.sentence:
        warnings.append(mapping.sentence)
    if left_out := int((~mapped).sum()):
        warnings.append(f"{left_out} predictions of classes not in the dataset are left out.")
    if failures:
        warnings.append(f"{len(failures)} of {len(images)} images could not be scored.")
    if waiting := len(images) - len(failures) - len(scored):
        warnings.append(f"{waiting} of {len(images)} images are not scored yet.")
    if odd := sum(_of_other_size(images, index, answer) for index, answer in scored):
        warnings.append(
            f"{odd} images are not of the size that the dataset gives: their boxes may not fit."
        )
    return Scored(found, failures, tuple(warnings))


def _joined(scored: Sequence[tuple[int, Answer]]) -> Predictions:
    """One table, its classes still the model's own."""
    if not scored:
        return Predictions.none()
    found = [answer.found for _, answer in scored]
    return Predictions(
        np.repeat([index for index, _ in scored], [len(part.class_) for part in found]),
        np.concatenate([part.class_ for part in found]).astype(np.intp),
        np.concatenate([part.confidence for part in found]).astype(np.float64),
        np.concatenate([part.box for part in found]).astype(np.float64),
    )


def _failures(
    files: Sequence[ImageFile | None], of_image: Sequence[Answer | None]
) -> Iterator[tuple[int, str]]:
    for index, (file, answer) in enumerate(zip(files, of_image, strict=True)):
        if file is None:
            yield index, "no such file"
        elif answer is not None and answer.failure:
            yield index, answer.failure


def _files(images: Images) -> list[ImageFile | None]:
    return [
        ImageFile.at(path, _dataset_size(images, index)) for index, path in enumerate(images.path)
    ]


def _dataset_size(images: Images, index: int) -> Size:
    width, height = (int(side) for side in images.size[index])
    return (width, height) if width > 0 and height > 0 else UNKNOWN_SIZE


def _of_other_size(images: Images, index: int, answer: Answer) -> bool:
    return _dataset_size(images, index) not in (UNKNOWN_SIZE, answer.size)
