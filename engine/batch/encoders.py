"""One image's part of the output, as bytes, in each format.

What an encoder writes for an image depends on that image alone, so parts may be
written, cut off, or joined from several shards, and come to the same bytes.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, Final, Protocol, assert_never

import msgspec

from engine.batch.inputs import InputError
from engine.batch.judged import Boxed, Classed, FailedImage, JudgedImage, decision
from engine.batch.wanted import OutputPlan, columns

BETWEEN: Final = b",\n"  # after each row of a COCO file
DIGITS: Final = 12  # of the names of COCO's images


class Encoder(Protocol):
    """Images to bytes."""

    header: bytes
    """What the output begins with."""

    def part(self, image: JudgedImage) -> tuple[bytes, int]:
        """The bytes of an image, and how many rows they are."""


def encoder(wanted: OutputPlan) -> Encoder:
    """The encoder of a format; InputError where a format cannot say what is wanted."""
    match wanted.format:
        case "jsonl":
            return JsonLines(wanted)
        case "csv" | "parquet":
            return CsvEncoder(wanted)
        case "coco":
            _refuse_all_but_boxes(wanted, "COCO results")
            return CocoResults(wanted)
        case "yolo":
            _refuse_all_but_boxes(wanted, "YOLO labels")
            if wanted.everything:
                raise InputError(
                    "YOLO labels have no place for a decision: leave --all out, or choose another "
                    "--format"
                )
            return YoloLabels()
        case _:
            assert_never(wanted.format)


def _refuse_all_but_boxes(wanted: OutputPlan, what: str) -> None:
    match wanted.task:
        case "detect":
            return
        case "classify":
            raise InputError(
                f"{what} hold boxes, and this model classifies: choose "
                "--format csv, jsonl or parquet"
            )
        case _:
            assert_never(wanted.task)


class JsonLines:
    """A line an image, failed ones too."""

    header = b""

    def __init__(self, wanted: OutputPlan) -> None:
        self.wanted = wanted

    def part(self, image: JudgedImage) -> tuple[bytes, int]:
        names, everything = self.wanted.names, self.wanted.everything
        line: dict[str, Any] = {"image": image.path}
        if isinstance(image, FailedImage):
            line["error"] = image.reason
        else:
            line["width"], line["height"] = image.size
            line |= image.told(names, everything=everything)
        return as_json(line) + b"\n", 1


class CsvEncoder:
    """CSV: a line a box, or an image that is classified; failed images have none."""

    def __init__(self, wanted: OutputPlan) -> None:
        self.wanted = wanted
        self.columns = columns(wanted)
        self.header = self._lines([list(self.columns)])

    def part(self, image: JudgedImage) -> tuple[bytes, int]:
        """The lines of an image, none where nothing was found."""
        match image:
            case Boxed():
                rows = list(self._boxes(image))
            case Classed():
                rows = list(self._classes(image))
            case FailedImage():
                rows = []
            case _:
                assert_never(image)
        return self._lines(rows), len(rows)

    def _boxes(self, image: Boxed) -> Iterator[list[Any]]:
        for row in image.predictions(self.wanted.names, everything=self.wanted.everything):
            told = [row["class"], row["class_id"], row["score"], *row["box"], *image.size]
            if self.wanted.everything:
                told += [row["threshold"], row["decision"]]
            yield [image.path, *told]

    def _classes(self, image: Classed) -> Iterator[list[Any]]:
        everything = self.wanted.everything
        told = image.told(self.wanted.names, everything=everything)
        row = [image.path, told["class"], told["class_id"], told["score"], *image.size]
        if everything:
            row += [image.threshold, decision(image.kept), *image.probability.tolist()]
        yield row

    def _lines(self, rows: Sequence[Sequence[Any]]) -> bytes:
        if not rows:
            return b""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        if self.wanted.format == "parquet":
            return readable(text.getvalue()).encode()  # which holds nothing but UTF-8
        return text.getvalue().encode("utf-8", "surrogateescape")


class CocoResults:
    """Rows as pycocotools reads them, each followed by a comma; boxes are left, top, width, height.

    With a data set the ids are those that it has, and classes that it lacks have no rows.
    Without one the id of an image is that in its name where COCO named it, else its path, the
    id of a category is the place of the class among the model's, from 1, and each row says
    both names too, which tell what these ids are.
    """

    header = b"[\n"

    def __init__(self, wanted: OutputPlan) -> None:
        self.wanted = wanted

    def part(self, image: JudgedImage) -> tuple[bytes, int]:
        if (boxed := _with_boxes(image)) is None:
            return b"", 0
        everything, ids = self.wanted.everything, self.wanted.ids
        id_ = image_id(boxed.path) if ids is None else ids.image(boxed.path)
        told = zip(
            boxed.predictions(self.wanted.names, everything=True), boxed.box.tolist(), strict=True
        )
        rows = []
        for row, box in told:
            class_ = row["class_id"]
            category = class_ + 1 if ids is None else ids.category(class_)
            if category is not None and (everything or row["decision"] == "keep"):
                wanted = {"image_id": id_, "category_id": category, "bbox": box}
                wanted["score"] = row["score"]
                if ids is None:
                    wanted |= {"file_name": boxed.path, "category_name": row["class"]}
                if everything:
                    wanted |= {"threshold": row["threshold"], "decision": row["decision"]}
                rows.append(as_json(wanted) + BETWEEN)
        return b"".join(rows), len(rows)


class YoloLabels:
    """A line a box: class, centre, width and height as parts of the image, confidence last."""

    header = b""

    def part(self, image: JudgedImage) -> tuple[bytes, int]:
        """The whole file of an image."""
        if (boxed := _with_boxes(image)) is None:
            return b"", 0
        width, height = boxed.size
        lines = []
        rows = zip(boxed.class_, boxed.box.tolist(), boxed.confidence, boxed.kept, strict=True)
        for class_, (left, top, across, down), confidence, kept in rows:
            if kept:
                center = f"{(left + across / 2) / width!r} {(top + down / 2) / height!r}"
                size = f"{across / width!r} {down / height!r}"
                lines.append(f"{class_} {center} {size} {float(confidence)!r}\n")
        return "".join(lines).encode(), len(lines)


def _with_boxes(image: JudgedImage) -> Boxed | None:
    """The image, unless it failed: `encoder` gives no format of boxes to a classifier."""
    match image:
        case Boxed():
            return image
        case FailedImage() | Classed():
            return None
        case _:
            assert_never(image)


def image_id(path: str) -> int | str:
    """The id of an image in COCO results: 139 for 000000000139.jpg, the path for others.

    Other numbers are no ids: of 0000.jpg the ground truth may well say 1.
    """
    stem = PurePath(path).stem
    named_by_coco = stem.isascii() and stem.isdecimal() and len(stem) == DIGITS
    return int(stem) if named_by_coco else path


def as_json(value: object) -> bytes:
    """JSON in UTF-8; a byte of a file name that is none is written as an escape, and kept."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def readable(path: str) -> str:
    """A path as text in UTF-8, with an escape for each byte that is none."""
    return path.encode("utf-8", "backslashreplace").decode()
