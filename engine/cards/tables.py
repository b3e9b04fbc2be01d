"""Keys of a card as in "output.nms.iou", and the tables of TOML they stand in."""

from collections.abc import Mapping
from typing import Any

from engine.scoring.families.family import Keys


def nested(values: Keys) -> dict[str, Any]:
    """The tables that hold these keys, as TOML would read them."""
    tables: dict[str, Any] = {}
    for key, value in values.items():
        *above, name = key.split(".")
        table = tables
        for step in above:
            table = table.setdefault(step, {})
        table[name] = list(value) if isinstance(value, tuple) else value
    return tables


def merged_tables(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """The tables below with all that those above say put over them."""
    both = dict(below)
    for name, value in above.items():
        before = both.get(name)
        deeper = isinstance(value, Mapping) and isinstance(before, Mapping)
        both[name] = merged_tables(before, value) if deeper else value  # type: ignore[arg-type]
    return both
