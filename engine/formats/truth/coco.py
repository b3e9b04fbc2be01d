"""COCO: ground truth (`instances_*.json`) and results (`[{image_id, category_id, ...}]`)."""

from pathlib import Path

from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.column_cache import ColumnCache
from engine.formats.parts.sniff import head_of
from engine.formats.predictions import coco_results, coco_scored
from engine.formats.predictions.result_categories import named_categories
from engine.formats.truth import coco_truth
from engine.formats.truth.several_labels import refuse_json
from engine.util.progress import OnBytes, unwatched

LOOKS_LIKE = coco_truth.LOOKS_LIKE
PREDICTIONS_LOOK_LIKE = coco_results.LOOKS_LIKE


def recognises(path: Path) -> bool:
    """Whether this may be COCO ground truth: any JSON file, which reading then judges."""
    return path.is_file() and path.suffix.lower() == ".json"


def read_dataset(
    path: Path,
    images: Path | None = None,
    seen: OnBytes = unwatched,
    cache: ColumnCache | None = None,
) -> DetectionDataset:
    """Ground truth with classes in the order of their category ids.

    Image files are looked for under images, else beside the file. Annotations that
    cannot be used are left out, counted, and told in the warnings.
    """
    if path.is_dir():
        raise DataError(path, f"this is a folder; expected {LOOKS_LIKE}")
    if _top_level(path) == "list":
        refuse_json(path)
        raise DataError(
            path,
            f"this is a list, as results are; expected {LOOKS_LIKE}. "
            "Give results with --predictions and the ground truth with --data",
        )
    try:
        return coco_truth.read_truth(path, images, seen, cache)
    except DataError:
        refuse_json(path)
        raise


def read_predictions(
    path: Path,
    dataset: DetectionDataset,
    cache: ColumnCache | None = None,
    strict: bool = False,
    seen: OnBytes = unwatched,
    synonyms: bool = True,
) -> tuple[Predictions, tuple[str, ...]]:
    """Results in file order, and what had to be left out or looks wrong, in words.

    Left out are results for images or categories that the ground truth does not
    know, without a finite score, or without a usable box. Raises DataError when more
    than half are for unknown images. A cache makes the second reading of a big file fast.
    strict keeps scores that are NaN or infinite, as pycocotools does.
    """
    if _top_level(path) == "dict" and coco_scored.has_scores(path):
        scored, notes = coco_scored.read_scored(path, dataset, synonyms)
        return scored, tuple(f"{path.name}: {note}" for note in notes)
    if _top_level(path) == "dict":
        raise DataError(
            path,
            f"this holds named fields, as ground truth does; expected {coco_results.LOOKS_LIKE}. "
            "Give ground truth with --data",
        )

    named = named_categories(path, dataset, synonyms)

    def parse() -> tuple[Predictions, tuple[str, ...]]:
        return coco_results.read_results(path, dataset, strict, seen, named=named)

    # What is kept was read with the scores left out that strict reading keeps, and by itself.
    plain = not strict and not named.ids and not named.notes
    found, notes = cache.read(path, dataset, parse) if cache and plain else parse()
    return found, tuple(f"{path.name}: {note}" for note in notes)


def _top_level(path: Path) -> str:
    """Whether a JSON file begins as a list or as named fields; "" for neither."""
    head = head_of(path, 200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return {b"[": "list", b"{": "dict"}.get(head, "")
