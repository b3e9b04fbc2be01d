"""Writing keys into a model card without touching what else the person wrote there."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from engine.core.errors import CardError
from engine.scoring.card import card_of, read_card
from engine.util.files import write_whole

ABSENT: Final = object()
MOST_ON_A_LINE: Final = 6  # entries of a list


def write_keys(path: Path, values: Mapping[str, object], heading: str = "") -> Path:
    """Set keys of the card at a path, each named as in "output.nms.iou"; returns where it is.

    A mapping as the value becomes the whole table of that name. The card is made if there is
    none, with the heading as a comment; comments, order and all other keys stay as they are.
    The file is written whole or not at all. Raises `CardError` for a card that cannot be
    read or written, and for a value that a card may not have.
    """
    try:
        path = path.resolve()  # a link stays a link
        write_whole(path, _with(path, values, heading).encode())
    except OSError as error:
        raise CardError(path, f"cannot be written: {error.strerror}") from None
    return path


def _with(path: Path, values: Mapping[str, object], heading: str) -> str:
    document = _document(path, heading)
    before = document.unwrap()
    for key, value in values.items():
        try:
            _set(document, key.split("."), _plain(value))
        except (TOMLKitError, ValueError, AttributeError, TypeError) as error:
            raise CardError(path, f"{key} cannot be replaced ({error}); remove it") from None
    content = tomlkit.dumps(document)
    _check(path, before, content, values)
    return content


def _document(path: Path, heading: str) -> tomlkit.TOMLDocument:
    if not path.exists():
        document = tomlkit.document()
        if heading:
            document.add(tomlkit.comment(heading))
        return document
    read_card(path)  # its errors name the key
    try:
        return tomlkit.parse(path.read_bytes())
    except TOMLKitError as error:
        raise CardError(path, f"not valid TOML: {error}") from None


def _set(table: Any, place: list[str], value: object) -> None:
    name, *deeper = place
    if not deeper and not isinstance(value, Mapping):
        if name not in table or table[name] != value:  # 1 and 1.0 are one scale
            table[name] = _item(value)
        return
    if name not in table:
        table[name] = tomlkit.table()
    if deeper:
        _set(table[name], deeper, value)
    elif isinstance(value, Mapping):
        _put(table[name], value)


def _put(kept: Any, values: Mapping[str, Any]) -> None:
    """Make a table hold these values, key by key: what stands beside a key stays."""
    for name in [name for name in kept if name not in values]:
        del kept[name]
    for name, value in values.items():
        if not isinstance(value, Mapping):
            kept[name] = value
            continue
        if name not in kept:
            kept[name] = {}
        _put(kept[name], value)


def _plain(value: object) -> object:
    """As TOML has it: no tuples."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _item(value: object) -> object:
    """A long list has a line for each entry, so that a person finds the twelfth."""
    if not isinstance(value, list) or len(value) <= MOST_ON_A_LINE:
        return value
    listed = tomlkit.array()
    listed.extend(value)
    return listed.multiline(True)


def _check(
    path: Path, before: Mapping[str, Any], content: str, values: Mapping[str, object]
) -> None:
    """A card is never left in a state that reads as something else."""
    wanted: dict[str, Any] = tomllib.loads(tomlkit.dumps(before))
    for key, value in values.items():
        _set_plainly(wanted, key.split("."), _plain(value))
    try:
        again = tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        again = {}
    for key, value in values.items():
        if _at(again, key.split(".")) != _plain(value):
            raise CardError(path, f"{key} cannot be replaced as it is written; remove it first")
    if again != wanted:
        raise CardError(path, "cannot be changed as it is written; write its tables as [input]")
    card_of(again, path)


def _set_plainly(table: dict[str, Any], place: list[str], value: object) -> None:
    *above, name = place
    for step in above:
        table = table.setdefault(step, {})
    table[name] = value


def _at(table: Mapping[str, Any], place: list[str]) -> object:
    found: Any = table
    for step in place:
        found = found.get(step, ABSENT) if isinstance(found, Mapping) else ABSENT
    return found
