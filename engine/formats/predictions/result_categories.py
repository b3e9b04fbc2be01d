"""What the categories of COCO results are: by the names beside them, or counted otherwise.

`offdiag score` counts the classes of its model and names each; other tools mostly have the
ids of the ground truth, and the names are only for people.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from engine.core.arrays import NOTHING, Indices, Mask
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.core.similar_names import FoundNames, found_names
from engine.formats.parts.class_evidence import objects_under, plainly
from engine.formats.parts.class_matching import said_twice
from engine.formats.parts.ids import Id
from engine.util.parsed import NO_JSON
from engine.util.words import listed

NAMED_WITHIN: Final = 2**12  # bytes of a file, within which the first rows stand
OURS: Final = re.compile(
    rb'"score"\s*:[^,{}]+,\s*"file_name"\s*:\s*"(?:[^"\\]|\\.)*",\s*"category_name"\s*:'
)
STRAY: Final = 20  # rows, of which one may have an id that a way to read does not know
MODEL: Final = "category ids count the classes of the model that scored, which are known by name"


class _Run(msgspec.Struct):
    """What the run file of `offdiag score` tells of the output it lies beside."""

    format: str
    classes: list[str]
    ids: str | None = None  # a digest where its ids are those of a data set


class _NamedCategory(msgspec.Struct, gc=False):
    category_id: int
    category_name: str


@dataclass(frozen=True, eq=False)
class NamedCategories:
    """Where the categories of results are in the dataset; ids are none where its own decide."""

    ids: tuple[int, ...] = ()  # [K] of the results
    place: Indices = field(default_factory=lambda: np.zeros(0, np.intp))  # [K] class, or NOTHING
    notes: tuple[str, ...] = ()  # how they were found


def run_file(path: Path) -> Path:
    """Where `offdiag score` tells how it made an output."""
    return path.with_name(f"{path.name}.run.json")


def named_categories(path: Path, dataset: DetectionDataset, synonyms: bool) -> NamedCategories:
    """What the rows of results, or the file beside them, say of their categories.

    Results of `offdiag score` are matched by name alone. Of others the name of a category
    decides only if it is another class of the dataset than its id; where one does, ids that
    are not named as any class are of none. Raises DataError for an id with two names.
    """
    names, ours = _names(path)
    if not names:
        return NamedCategories()
    found = found_names(tuple(names.values()), dataset.classes, synonyms)
    if ours:
        if found.ambiguous:
            raise DataError(path, said_twice(dataset, found.ambiguous[0]))
        return NamedCategories(tuple(names), found.place, (MODEL, *_sentence(found)))
    return _of_others(names, found, dataset)


def classes_named(path: Path) -> tuple[str, ...]:
    """The classes that the rows of results, or the file beside them, name; none where none is.

    Of results of `offdiag score` these are the classes of its model, in its order.
    """
    names, ours = _names(path)
    if not ours:
        return tuple(dict.fromkeys(names[id_] for id_ in sorted(names)))
    if min(names, default=0) < 1:
        return ()
    return tuple(names.get(id_, f"category {id_}") for id_ in range(1, max(names) + 1))


def _of_others(
    names: Mapping[int, str], found: FoundNames, dataset: DetectionDataset
) -> NamedCategories:
    index = {id_: at for at, id_ in enumerate(dataset.category_ids)}
    by_id = np.array([index.get(id_, NOTHING) for id_ in names], np.intp)
    named = found.place != NOTHING
    other = np.flatnonzero(named & (found.place != by_id)).tolist()
    words = list(names.items())
    if other:
        id_, name = words[other[0]]
        said = f"category names are not those of the ids in {dataset.source.name} ({id_} is {name})"
        note = f"{said}: the names decide"
        return NamedCategories(tuple(names), found.place, (note, *_sentence(found)))
    odd = np.flatnonzero(~named & (by_id != NOTHING)).tolist()
    odd = [row for row in odd if words[row][1] not in found.ambiguous]
    if not odd:
        return NamedCategories()
    pairs = [
        f"{words[row][0]} is {words[row][1]}, here {dataset.classes[by_id[row]]}" for row in odd
    ]
    if dataset.ids_are_ours:
        pairs = [words[row][1] for row in odd]
    said = f"category names that are no classes of {dataset.source.name} ({listed(pairs)})"
    return NamedCategories(notes=(f"{said}: the ids decide",))


def _sentence(found: FoundNames) -> Sequence[str]:
    return (found.sentence,) if found.sentence else ()


def _names(path: Path) -> tuple[dict[int, str], bool]:
    """The name of each category id, and whether `offdiag score` wrote them.

    Its rows name their categories; older ones leave that to the file beside them.
    """
    try:
        with path.open("rb") as file:
            head = file.read(NAMED_WITHIN)
        if b'"category_name"' in head:
            rows = msgspec.json.decode(path.read_bytes(), type=list[_NamedCategory])
            pairs = dict.fromkeys((row.category_id, row.category_name) for row in rows)
            return _distinct(path, list(pairs)), OURS.search(head) is not None
    except (OSError, *NO_JSON):
        pass
    try:
        run = msgspec.json.decode(run_file(path).read_bytes(), type=_Run)
    except (OSError, msgspec.MsgspecError):
        return {}, False
    if run.format != "coco" or run.ids is not None:
        return {}, False
    return dict(enumerate(run.classes, start=1)), True


def _distinct(path: Path, pairs: Sequence[tuple[int, str]]) -> dict[int, str]:
    names: dict[int, str] = {}
    for id_, name in pairs:
        if names.setdefault(id_, name) != name:
            raise DataError(
                path,
                f"category {id_} is called {names[id_]} and {name}: its rows do not tell which "
                "is meant",
            )
    return names


@dataclass(frozen=True)
class CountedCategories:
    """Ids that count the classes, where those of the ground truth are others."""

    ids: tuple[int, ...]  # [C]
    sentence: str
    why: str = ""  # what to add to a sentence on them


def counted_otherwise(
    dataset: DetectionDataset, found: Predictions, unknown: Sequence[Id]
) -> CountedCategories | None:
    """Another way to read the ids of categories, None where they are what they were read as.

    found are the predictions so read, unknown some ids that are none. Ids may count the classes
    from 0 or from 1. A single stray row can have a 0, and a model may never have found the first
    class, so the objects have the last word where they are plain. Where the ids are not those
    of the dataset nothing else speaks against a 0, nor where there is but one class.
    """
    objects = objects_under(dataset, found)
    class_, ids = found.class_[objects.row], dataset.category_ids
    right = objects.class_ == class_
    number_ = np.array(ids, np.int64).take(class_)
    counted = {
        first: number_ - first
        for first in ((0,) if dataset.ids_are_ours else (0, 1))
        if ids != tuple(range(first, first + len(ids)))
    }
    if 0 in unknown and dataset.ids_are_ours and 0 in counted:
        return (
            None if plainly(_sum(right), _sum(objects.class_ == counted[0])) else _way(dataset, 0)
        )
    if len(ids) == 1 and not len(found) and list(unknown) == [0]:
        return _way(dataset, 0)
    every = np.bincount(found.class_, minlength=len(ids))
    for first, otherwise in counted.items():
        none = ~np.isin(ids, range(first, first + len(ids)))
        if STRAY * int(every[none].sum()) > len(found):
            continue  # more than a few would be of no class so
        tells, so = otherwise != class_, objects.class_ == otherwise
        if plainly(_sum(so & tells), _sum(right & tells)):
            return _way(
                dataset,
                first,
                f": {_sum(so):,} of {len(class_):,} boxes that lie on an object have its class "
                f"so, {_sum(right):,} {'counted from 1' if ids[0] == 1 else 'otherwise'}",
            )
    return None


def _sum(which: Mask) -> int:
    return int(which.sum())


def _way(dataset: DetectionDataset, first: int, why: str = "") -> CountedCategories:
    count, ids, name = len(dataset.classes), dataset.category_ids, dataset.source.name
    whole = ids == tuple(range(ids[0], ids[0] + count))
    theirs = f"not from {ids[0]} as in {name}" if whole else f"and are not those of {name}"
    return CountedCategories(
        tuple(range(first, first + count)),
        f"category ids count from {first}, {theirs}, so {first} is {dataset.classes[0]}",
        why,
    )
