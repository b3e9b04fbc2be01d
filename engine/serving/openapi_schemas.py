"""The shapes of requests and answers, as OpenAPI 3.1 has them."""

from typing import Any, Final, TypeAlias, assert_never

from engine.scoring.card import Task

Schema: TypeAlias = dict[str, Any]

NUMBER: Final[Schema] = {"type": "number"}
SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
INTEGER: Final[Schema] = {"type": "integer"}
TEXT: Final[Schema] = {"type": "string"}
BINARY: Final[Schema] = {"type": "string", "format": "binary"}
BASE64: Final[Schema] = {"type": "string", "contentEncoding": "base64", "format": "byte"}


def items(of: Schema, **others: Any) -> Schema:
    """A list."""
    return {"type": "array", "items": of, **others}


def table(properties: Schema, *optional: str, **others: Any) -> Schema:
    """An object; all properties but the optional ones are always there."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **others}


def or_null(schema: Schema) -> Schema:
    """The value, or null."""
    return {**schema, "type": [schema["type"], "null"]}


SHARES: Final = {"type": "object", "additionalProperties": SHARE}
DECIDED: Final = {"threshold": SHARE, "decision": {"enum": ["keep", "drop"]}}
ERROR: Final = table({"error": TEXT})
WARNINGS: Final = items(TEXT)
ECHO: Final = {
    "operating_point": table(
        {"confidence": SHARE, "classes": SHARES, "source": {"enum": ["saved", "given"]}}
    ),
    "model": table({"name": TEXT, "sha256": TEXT}),
    "warnings": WARNINGS,
}
BOX: Final = items(NUMBER, minItems=4, maxItems=4)
PREDICTION: Final = table(
    {"class": TEXT, "class_id": INTEGER, "score": SHARE, "box": BOX, **DECIDED}, *DECIDED
)
SIZE: Final = {"width": INTEGER, "height": INTEGER}
FAILED: Final = table({"image": TEXT, "error": TEXT})
BOXED: Final = table({"image": TEXT, **SIZE, "predictions": items(PREDICTION)})
CLASSED: Final = table(
    {
        "image": TEXT,
        **SIZE,
        "class": or_null(TEXT),
        "class_id": or_null(INTEGER),
        "score": SHARE,
        **DECIDED,
        "probabilities": SHARES,
    },
    *DECIDED,
    "probabilities",
)
FORM: Final = {
    "type": "object",
    "properties": {"image": BINARY},
    "additionalProperties": BINARY,
    "minProperties": 1,
}
RECORD: Final = table({"features": table({"input": BASE64})})
DATAIKU_BOXES: Final = table(
    {"prediction": items(table({"bbox": BOX, "category": TEXT, "confidence": SHARE}))}
)
DATAIKU_CLASS: Final = table({"prediction": or_null(TEXT), "probas": SHARES})


def answers_of(task: Task) -> tuple[Schema, Schema]:
    """What a model of this kind says of an image: to /score, and in the shape of the API node."""
    match task:
        case "detect":
            return BOXED, DATAIKU_BOXES
        case "classify":
            return CLASSED, DATAIKU_CLASS
        case _:
            assert_never(task)


PARAMETERS: Final = {"type": "object"}
SHAPE: Final = items(INTEGER, minItems=1, maxItems=8)
TENSOR: Final = table(
    {"name": TEXT, "datatype": TEXT, "shape": SHAPE, "data": items({}), "parameters": PARAMETERS},
    "data",
    "parameters",
)
METADATA_TENSOR: Final = table({"name": TEXT, "datatype": TEXT, "shape": SHAPE})
SERVER: Final = table({"name": TEXT, "version": TEXT, "extensions": items(TEXT)})
MODEL: Final = table(
    {
        "name": TEXT,
        "versions": items(TEXT),
        "platform": TEXT,
        "inputs": items(METADATA_TENSOR),
        "outputs": items(METADATA_TENSOR),
    }
)
INFER_REQUEST: Final = table(
    {
        "id": TEXT,
        "parameters": PARAMETERS,
        "inputs": items(
            table(
                {
                    "name": {"const": "image"},
                    "shape": SHAPE,
                    "datatype": {"const": "BYTES"},
                    "parameters": PARAMETERS,
                    "data": items(BASE64),
                },
                "parameters",
            ),
            minItems=1,
            maxItems=1,
        ),
        "outputs": items(table({"name": TEXT, "parameters": PARAMETERS}, "parameters")),
    },
    "id",
    "parameters",
    "outputs",
)
INFER_ANSWER: Final = table(
    {
        "model_name": TEXT,
        "model_version": TEXT,
        "id": TEXT,
        "parameters": PARAMETERS,
        "outputs": items(TENSOR),
    },
    "id",
)
