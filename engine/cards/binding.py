"""What decides a model's predictions besides its file, to which its thresholds are bound."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from engine.scoring.card import ModelCard
from engine.scoring.run.scorer import METHOD

PARTS: Final[Mapping[str, str]] = {
    "preprocessing": "how images are fed to it",
    "decoding": "how its output is decoded",
    "suppression": "how its boxes are suppressed",
    "classes": "what its classes are called",
    "method": "offdiag's own way from a file to predictions",
    "synonyms": "whether classes of the same meaning are one (--no-synonyms)",
}
"""What is told apart, and what each is called where it has changed."""

TOGETHER, APART = "one class", "kept apart"

WITHOUT_EFFECT: Final = {"max_batch", "left_out"}


def bound_to(card: ModelCard, synonyms: bool | None = None) -> dict[str, str]:
    """A short digest of each of PARTS, for a complete card as a Scorer has it.

    synonyms is whether the classes of a dataset may have other well-known names; None where
    there is no dataset.

    A key that stands at its default counts as not said, so a version of offdiag that knows
    more keys still gives the same digests.
    """
    classes = _said(card.classes)
    renamed = {model: data for model, data in classes.pop("map", {}).items() if model != data}
    classes.pop("file", None)
    output = _said(card.output)
    nms = output.pop("nms", {})
    return {
        "preprocessing": _digest(_said(card.input)),
        "decoding": _digest([card.task, output]),
        "suppression": _digest(nms),
        "classes": _digest([classes, renamed]),
        "method": str(METHOD),
        **({} if synonyms is None else {"synonyms": TOGETHER if synonyms else APART}),
    }


def changed_parts(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What is another one now, in words; what was not recorded cannot be told."""
    return tuple(
        words
        for part, words in PARTS.items()
        if part in before and part in now and before[part] != now[part]
    )


def _said(table: Any) -> dict[str, Any]:
    """The values of a table of the card that are not its defaults."""
    said = {}
    plain = type(table)()
    for item in fields(table):
        value = getattr(table, item.name)
        if is_dataclass(value):
            if inner := _said(value):
                said[item.name] = inner
        elif value != getattr(plain, item.name) and item.name not in WITHOUT_EFFECT:
            said[item.name] = dict(value) if isinstance(value, Mapping) else value
    return said


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
