"""Out of the What if tab: predictions as a file, the annotated picture, the list to label."""

import csv
import fcntl
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final, assert_never

from engine.batch.encoders import BETWEEN, encoder, readable
from engine.batch.judged import Boxed, Classed, FailedImage, JudgedImage, judged
from engine.batch.pictures import annotated
from engine.batch.sinks import FOOTER
from engine.batch.wanted import OutputPlan, format_of
from engine.cards.operating_point import Thresholds, name_of
from engine.core.errors import DataError
from engine.scoring.card import Task
from engine.scoring.run.store import ImageAnswer
from engine.util.files import write_whole

DRAFT_COLUMNS: Final = ("image", "class", "score")


def predictions_file(
    answers: Iterable[ImageAnswer],
    thresholds: Thresholds,
    names: tuple[str, ...],
    task: Task,
    out: str,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """What counts in the images, as `offdiag score` writes it to a file of this name.

    The suffix decides: .json for COCO results, .csv or .jsonl. Raises InputError where a
    format cannot hold it.
    """
    form = format_of(out)
    if form == "parquet":
        raise DataError(Path(out), "from here predictions go to .json (COCO), .csv or .jsonl")
    encode = encoder(OutputPlan(form, task, names))
    parts = [encode.header]
    for answer in answers:
        if cancelled():
            break
        parts.append(encode.part(judged(answer.file.path, answer, thresholds))[0])
    content = b"".join(parts)
    return content.removesuffix(BETWEEN) + FOOTER if form == "coco" else content


def annotated_png(image: JudgedImage, names: Sequence[str]) -> bytes:
    """A PNG of the image at its own size with what counts drawn in. Raises UnreadableImage."""
    file = BytesIO()
    annotated(image, names).save(file, "PNG", compress_level=3)
    return file.getvalue()


def draft_of(listing: Path, image: JudgedImage) -> Path:
    """Where the predictions for a list of paths stand: COCO, or a label table for classes."""
    match image:
        case Boxed() | FailedImage():
            return listing.with_suffix(".coco.json")
        case Classed():
            return listing.with_suffix(".labels.csv")
        case _:
            assert_never(image)


def add_to_label(listing: Path, image: JudgedImage, names: Sequence[str]) -> int:
    """Add an image to the list of those to label, and what the model found as a draft.

    The list is a text file with a path a line, that `offdiag score MODEL @LIST` reads. The
    draft beside it is a ground truth that `--data` reads. An image that is there already
    gets a new draft. Both are written whole, one process after the other. Returns how many
    images the list has. Raises DataError.
    """
    path = image.path
    if "\n" in path or "\r" in path:
        raise DataError(listing, "a name with a line break has no line in a list: rename the image")
    draft = draft_of(listing, image)
    try:
        with _alone(listing.absolute().parent):
            content = _drafted(draft, image, names)
            listed = _lines(listing)
            if os.fsencode(path) not in listed:
                listed.append(os.fsencode(path))
            write_whole(draft, content)
            write_whole(listing, b"".join(line + b"\n" for line in listed))
    except OSError as error:
        raise DataError(listing, f"cannot be written ({error.strerror})") from None
    return len(listed)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process adds to a list of this folder meanwhile."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lines(listing: Path) -> list[bytes]:
    if not listing.exists():
        return []
    return [line for line in listing.read_bytes().split(b"\n") if line.strip()]


def _drafted(draft: Path, image: JudgedImage, names: Sequence[str]) -> bytes:
    match image:
        case Boxed() | FailedImage():
            return _coco(draft, image, names)
        case Classed():
            return _labels(draft, image, names)
        case _:
            assert_never(image)


def _coco(draft: Path, image: Boxed | FailedImage, names: Sequence[str]) -> bytes:
    """The draft with the boxes of the image in place of those that it had."""
    data = _read_draft(draft)
    images, notes, kinds = data["images"], data["annotations"], data["categories"]
    for each in names:
        _category(kinds, each)
    name = readable(image.path)
    known = next((each for each in images if each.get("file_name") == name), None)
    if known is None:
        known = {"id": 1 + max((each["id"] for each in images), default=0), "file_name": name}
        images.append(known)
    else:
        notes[:] = [note for note in notes if note["image_id"] != known["id"]]
    if isinstance(image, Boxed):
        known["width"], known["height"] = image.size
        next_id = 1 + max((note["id"] for note in notes), default=0)
        rows = zip(image.class_, image.box.tolist(), image.confidence, image.kept, strict=True)
        for class_, box, confidence, kept in rows:
            if kept:
                category = _category(kinds, name_of(names, class_))
                notes.append(
                    {
                        "id": next_id,
                        "image_id": known["id"],
                        "category_id": category,
                        "bbox": box,
                        "area": box[2] * box[3],
                        "iscrowd": 0,
                        "score": float(confidence),
                    }
                )
                next_id += 1
    return json.dumps(data, indent=1).encode() + b"\n"


def _category(kinds: list[dict[str, Any]], name: str) -> int:
    """The id of a class; a new one comes after the others."""
    for kind in kinds:
        if kind["name"] == name:
            return int(kind["id"])
    kinds.append({"id": 1 + max((int(kind["id"]) for kind in kinds), default=0), "name": name})
    return int(kinds[-1]["id"])


def _read_draft(draft: Path) -> dict[str, Any]:
    empty: dict[str, Any] = {"images": [], "annotations": [], "categories": []}
    if not draft.exists():
        return empty
    try:
        data = json.loads(draft.read_bytes())
        whole = all(isinstance(data[name], list) for name in empty)
        if not whole or not all("id" in each for name in empty for each in data[name]):
            raise KeyError
    except (ValueError, KeyError, TypeError):
        raise DataError(
            draft, "is no COCO file that can be added to; name another list, or move it away"
        ) from None
    return dict(data)


def _labels(draft: Path, image: Classed, names: Sequence[str]) -> bytes:
    """A label table with the answer about the image in place of the one that it had."""
    rows = []
    if draft.exists():
        with draft.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        if not rows or tuple(rows[0]) != DRAFT_COLUMNS:
            raise DataError(draft, f"is no table with the columns {', '.join(DRAFT_COLUMNS)}")
    name = readable(image.path)
    rows = [row for row in rows[1:] if row[:1] != [name]]
    if image.kept:
        rows.append([name, name_of(names, image.top), repr(image.score)])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([DRAFT_COLUMNS, *rows])
    return text.getvalue().encode()
