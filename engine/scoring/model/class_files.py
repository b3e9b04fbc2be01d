"""Files beside a model that name its classes."""

import json
import re
from pathlib import Path
from typing import Final

from engine.core.errors import ModelError
from engine.util.unique_keys import RepeatedKeyError, unique_keys

BIGGEST: Final = 5_000_000  # bytes that are read
FILES: Final = (
    "{stem}.names",
    "{stem}.labels.txt",
    "labels.txt",
    "classes.txt",
    "class_names.txt",
    "names.txt",
    "labels.json",
    "label_map.pbtxt",
)
PATTERNS: Final = ("*classes*.txt", "*labels*.txt", "*names*.txt", "*.names", "*label_map*.pbtxt")
ITEM: Final = re.compile(r"item\s*\{(.*?)\}", re.DOTALL)
ITEM_ID: Final = re.compile(r"\bid\s*:\s*(\d+)")
ITEM_NAME: Final = re.compile(r"\b(?:display_name|name)\s*:\s*(?:'([^']*)'|\"([^\"]*)\")")


def names_beside(model: Path, classes: int) -> tuple[tuple[str, ...], Path] | None:
    """Class names in the model's order and the file they stand in; None where there is none.

    A file counts only with as many names as the model has classes; where those are
    not known (0), only under one of the usual names. Raises ModelError where a number has two.
    """
    folder = model.parent
    listed = [folder / name.format(stem=model.stem) for name in FILES]
    if classes:
        listed += [path for pattern in PATTERNS for path in sorted(folder.glob(pattern))]
    for path in listed:
        names = _names(path)
        if names and classes in (0, len(names)):
            return names, path
    return None


def _names(path: Path) -> tuple[str, ...]:
    try:
        if not path.is_file() or path.stat().st_size > BIGGEST:
            return ()
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".json":
            return _from_json(json.loads(text, object_pairs_hook=unique_keys))
    except RepeatedKeyError as error:
        raise ModelError(path, f"{error}: each class has one name, take one of them away") from None
    except (OSError, ValueError, RecursionError):
        return ()
    if path.suffix == ".pbtxt":
        return _from_label_map(text)
    return _without_indices([line.strip() for line in text.splitlines() if line.strip()])


def _without_indices(lines: list[str]) -> tuple[str, ...]:
    """The names, without the index that Teachable Machine writes before each of them."""
    parts = [line.partition(" ") for line in lines]
    counted = all(index == str(row) and name for row, (index, _, name) in enumerate(parts))
    return tuple(name.strip() for _, _, name in parts) if counted else tuple(lines)


def _from_json(value: object) -> tuple[str, ...]:
    if isinstance(value, dict) and set(value) == {str(index) for index in range(len(value))}:
        value = [value[str(index)] for index in range(len(value))]
    fine = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return tuple(value) if fine and isinstance(value, list) else ()


def _from_label_map(text: str) -> tuple[str, ...]:
    """TensorFlow's `item { id: 1 name: 'bolt' }`; gaps in the ids are kept as numbers."""
    found: dict[int, str] = {}
    for item in ITEM.findall(text):
        number, names = ITEM_ID.search(item), ITEM_NAME.findall(item)
        if number and names:
            found[int(number[1])] = "".join(names[-1])
    if not found or max(found) > 100_000:
        return ()
    return tuple(found.get(number, f"(id {number})") for number in range(1, max(found) + 1))
