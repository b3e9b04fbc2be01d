"""Images that nobody labelled, found and scored: as they come, and until someone stops it."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from engine.batch.inputs import named_images
from engine.core.errors import EngineError
from engine.images.pixels import UNKNOWN_SIZE, ReadImage, read_image, why_no_file
from engine.scoring.model.session import Stopped
from engine.scoring.run.found import FoundBoxes
from engine.scoring.run.pipeline import Pipeline
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer, ImageFile
from engine.whatif.pasted import from_elsewhere, there

TOGETHER: Final = 64  # images that go through one pipeline: so many files are known at a time
TOLD_EVERY: Final = 500  # names between two words about the listing


@dataclass(frozen=True)
class Problem:
    """What a person named and nothing can be done with."""

    named: str
    reason: str  # a sentence without the name
    elsewhere: bool = False  # it may be on the machine that the person sits at


@dataclass(frozen=True)
class Listed:
    """The images of what was named; all of them only once complete."""

    paths: tuple[str, ...]  # new since the last event
    complete: bool = False


def listed(
    named: Sequence[str], cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Listed | Problem]:
    """The images of files, folders, patterns and @lists, a few at a time; what is not there too.

    Ends early when cancelled. Names are absolute.
    """
    for text in named:
        if text == "-":
            yield Problem(text, "standard input belongs to the screen here: name a file")
            continue
        if not there(text):
            yield _missing(text)
            continue
        found = named_images([text])
        try:
            while some := tuple(os.path.abspath(each.path) for each in islice(found, TOLD_EVERY)):  # noqa: PTH100
                yield Listed(some)
                if cancelled():
                    return
        except (EngineError, ValueError, OSError) as error:
            yield Problem(text, _without(text, str(error)))
    yield Listed((), complete=True)


def scored(
    scorer: Scorer,
    paths: Sequence[str],
    cancelled: Callable[[], bool] = lambda: False,
    read: ReadImage = read_image,
) -> Iterator[list[ImageAnswer]]:
    """What the model says of the images, in their order, some at a time with their timing.

    The way is that of a dataset and of `offdiag score`, so numbers are the same to the
    last bit. Only so many files as TOGETHER are looked at ahead. Raises `ModelError`;
    ends early when cancelled.
    """
    for start in range(0, len(paths), TOGETHER):
        some = [_file_at(path) for path in paths[start : start + TOGETHER]]
        files = [file for file in some if isinstance(file, ImageFile)]
        portions = Pipeline(scorer, cancelled, together=1, read=read).answers(files)
        waiting = iter(some)
        try:
            for portion in portions:
                yield [*_in_order(waiting, portion)]
                if cancelled():
                    return
        finally:
            portions.close()
        if cancelled():
            return
        if left := [each for each in waiting if isinstance(each, ImageAnswer)]:
            yield left


def score_one(scorer: Scorer, path: str, read: ReadImage = read_image) -> ImageAnswer:
    """What the model says of one image; a run that something else stopped is made again."""
    while True:
        try:
            return next(answer for some in scored(scorer, [path], read=read) for answer in some)
        except Stopped:
            continue


def _in_order(
    waiting: Iterator[ImageFile | ImageAnswer], portion: Sequence[ImageAnswer]
) -> Iterator[ImageAnswer]:
    """A portion, and the files before and between that are known to fail."""
    for answer in portion:
        for each in waiting:
            if isinstance(each, ImageFile):
                break
            yield each
        yield answer


def _file_at(path: str) -> ImageFile | ImageAnswer:
    """The file as it is now, or the reason why it cannot be scored."""
    nothing = ImageFile(path, 0, 0, UNKNOWN_SIZE)
    try:
        state = Path(path).stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _failed(nothing, reason[:1].lower() + reason[1:])
    if reason := why_no_file(state):
        return _failed(nothing, reason)
    return ImageFile(path, state.st_size, state.st_mtime_ns, UNKNOWN_SIZE)


def _failed(file: ImageFile, reason: str) -> ImageAnswer:
    return ImageAnswer(file, UNKNOWN_SIZE, False, FoundBoxes.nothing(), reason, may_pass=True)


def _missing(text: str) -> Problem:
    if text.startswith("~") and os.path.expanduser(text) == text:  # noqa: PTH111
        return Problem(text, "nobody here has this home folder", elsewhere=True)
    if from_elsewhere(text):
        return Problem(text, "is not on this machine", elsewhere=True)
    return Problem(text, f"there is no such file or folder in {Path.cwd()}")


def _without(name: str, sentence: str) -> str:
    return sentence.removeprefix(f"{name}: ")
