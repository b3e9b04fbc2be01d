"""Which keys there are, by the ids that a config file names them by."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

import tui
from tui.controls.bindings import sentence
from tui.terminal.textual_private import normal_keymap

WITHOUT_KEYS: Final = ("tui.cli", "tui.commands")


@dataclass(frozen=True)
class KnownKey:
    """A thing that keys do, somewhere in the app."""

    id: str
    owner: str  # the class that has it
    keys: str  # by default, with commas between
    does: str
    everywhere: bool  # the app itself has it


def known_bindings() -> tuple[KnownKey, ...]:
    """Everything of ours that has an id, sorted by it. Imports what nobody has opened yet."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if not module.name.startswith(WITHOUT_KEYS):
            importlib.import_module(module.name)
    found: dict[str, KnownKey] = {}
    keys: dict[str, list[str]] = defaultdict(list)
    for owner in _classes(DOMNode):
        if not owner.__module__.startswith("tui."):
            continue
        everywhere = issubclass(owner, App)
        for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", ())):
            if not binding.id:
                continue
            if binding.key not in keys[binding.id]:
                keys[binding.id].append(binding.key)
            does = sentence(binding)
            if binding.id not in found or everywhere:
                found[binding.id] = KnownKey(binding.id, owner.__qualname__, "", does, everywhere)
    return tuple(
        KnownKey(known.id, known.owner, ",".join(keys[id]), known.does, known.everywhere)
        for id, known in sorted(found.items())
    )


def key_problems(chosen: Mapping[str, str]) -> list[str]:
    """What is wrong with the keys a person chose, in sentences.

    Two things of one pane cannot have the same key, nor can one of the whole app and one
    of a pane: the pane would win, and the other could not be reached there.
    """
    known = {each.id: each for each in known_bindings()}
    problems = [
        f"Nothing is called '{id}' in config.toml; `offdiag keys` lists what there is."
        for id in chosen
        if id not in known
    ]
    normal = normal_keymap({id: keys for id, keys in chosen.items() if id in known})
    held: dict[str, list[KnownKey]] = defaultdict(list)
    for each in known.values():
        for key in normal.get(each.id, each.keys).split(","):
            held[key].append(each)
    for id, keys in normal.items():
        for key in keys.split(","):
            for other in held[key]:
                near = other.owner == known[id].owner or other.everywhere or known[id].everywhere
                twice = other.id in normal and other.id < id  # said once for a pair
                if other.id != id and near and not twice:
                    problems.append(
                        f"'{key}' is both {id} and {other.id} ({other.does}) in config.toml."
                    )
    return problems


def _classes(base: type) -> Iterator[type]:
    subclasses: list[type] = base.__subclasses__()
    for each in subclasses:
        yield each
        yield from _classes(each)
