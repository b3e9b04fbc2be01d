"""YAML files, read safely: nothing but plain values comes out of them."""

from pathlib import Path
from typing import Any, Final

from engine.core.errors import DataError
from engine.formats.parts.text_files import read_text
from engine.util.parsed import whole_number

AS_WRITTEN: Final = "names"
"""The field whose words stay words: YAML would make no a truth value and 12:30 a number."""


def read_yaml(path: Path) -> dict[str, Any]:
    """The named fields of a YAML file; DataError says where it is broken.

    The names of classes are text as it is written, under whole numbers where they have any.
    A key that stands twice is refused: YAML itself would take the last.
    """
    import yaml

    try:
        loader = yaml.SafeLoader(read_text(path))
        try:
            node = loader.get_single_node()
            _refuse_repeated(path, node)
            found = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DataError(path, f"broken YAML: {error.problem or error.context}", line=line) from None
    except yaml.YAMLError as error:
        raise DataError(path, f"broken YAML: {error}".splitlines()[0]) from None
    except (ValueError, RecursionError) as error:  # such as a date that is none
        raise DataError(path, f"broken YAML: {error}") from None
    if not isinstance(found, dict):
        raise DataError(path, "expected named fields such as val and names")
    for key, value in node.value:
        if key.value == AS_WRITTEN and not isinstance(value.value, str):
            found[AS_WRITTEN] = _as_written(value.value)
    return found


def _refuse_repeated(path: Path, root: Any) -> None:
    """Raise DataError for a mapping with two keys that mean the same, as 1 and '1' do."""
    waiting, done = [root], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in done or isinstance(node.value, str):
            continue
        done.add(id(node))
        known: set[Any] = set()
        for part in node.value:
            waiting += part if isinstance(part, tuple) else (part,)
            key = part[0] if isinstance(part, tuple) else None
            if key is None or not isinstance(key.value, str):
                continue
            said = _number(key.value)
            if said in known:
                raise DataError(
                    path,
                    f"the key {key.value} stands twice, and only one can be meant: take one away",
                    line=key.start_mark.line + 1,
                )
            known.add(said)


def _as_written(parts: list[Any]) -> list[Any] | dict[Any, Any]:
    """The nodes of a list, or of names under numbers, without what YAML makes of plain words."""
    if parts and isinstance(parts[0], tuple):
        return {_number(key.value): _word(value) for key, value in parts}
    return [_word(part) for part in parts]


def _word(node: Any) -> Any:
    """The text of a node; what is no plain value is only shown to be none."""
    if isinstance(node.value, str):
        return node.value
    return {} if node.id == "mapping" else []


def _number(key: Any) -> Any:
    number = whole_number(key) if isinstance(key, str) else None
    return key if number is None else number
