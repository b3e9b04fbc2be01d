"""What schemas of documents are built of: records without unknown keys, numbers with a range."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def record(
    description: str, properties: Mapping[str, Schema], optional: Collection[str] = ()
) -> Schema:
    """An object with these keys and no others; all are there but the optional ones."""
    return {
        "description": description,
        "type": "object",
        "properties": dict(properties),
        "required": [key for key in properties if key not in optional],
        "additionalProperties": False,
    }


def by_name(description: str, values: Schema) -> Schema:
    """An object whose keys are names of the data, such as classes."""
    return {"description": description, "type": "object", "additionalProperties": values}


def rows(description: str, items: Schema, length: int | None = None) -> Schema:
    """A list of any length, or of this one."""
    exact = {} if length is None else {"minItems": length, "maxItems": length}
    return {"description": description, "type": "array", "items": items, **exact}


def count(description: str) -> Schema:
    """A whole number from 0 on."""
    return {"description": description, "type": "integer", "minimum": 0}


def whole(description: str) -> Schema:
    """A whole number that may be negative."""
    return {"description": description, "type": "integer"}


def number(
    description: str,
    least: float | None = None,
    most: float | None = None,
    *,
    defined: bool = False,
) -> Schema:
    """A number in a range; null where it is undefined, unless it always is defined."""
    ends = {"minimum": least, "maximum": most}
    return {
        "description": description,
        "type": "number" if defined else ["number", "null"],
        **{key: end for key, end in ends.items() if end is not None},
    }


def ratio(description: str, *, defined: bool = False) -> Schema:
    """A number from 0 to 1."""
    return number(description, 0, 1, defined=defined)


def text(description: str) -> Schema:
    """Any text."""
    return {"description": description, "type": "string"}


def texts(description: str) -> Schema:
    """A list of texts."""
    return {"description": description, "type": "array", "items": {"type": "string"}}


def one_of(description: str, words: Sequence[str]) -> Schema:
    """One of these words."""
    return {"description": description, "enum": list(words)}


def truth(description: str) -> Schema:
    """True or false."""
    return {"description": description, "type": "boolean"}


def either(title: str, description: str, *documents: Schema) -> Schema:
    """The schema of a command that writes several kinds of documents, as a whole."""
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        "oneOf": list(documents),
    }


def task(word: str) -> Schema:
    """What the model does."""
    return {"description": "What the model does.", "const": word}


WARNINGS: Final = texts("What was noticed about the files, in sentences.")
LEFT_OUT: Final = record(
    "What the numbers do not count, on either side.",
    {
        "images": count("Images that the model could not be run on."),
        "classes": texts("Classes of the model that the ground truth does not have."),
    },
)
CONFIDENCE: Final = ratio("Least confidence that counts.")
MATCHING: Final = "How predictions are paired with ground truths."
