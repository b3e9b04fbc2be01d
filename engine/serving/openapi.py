"""The OpenAPI description of a server, for the kind of model it serves."""

from typing import Any, Final

from engine.serving import openapi_schemas as shapes
from engine.serving.openapi_schemas import Schema, items, table
from engine.serving.service import Served

REFUSALS: Final = {
    400: "The request cannot be read",
    401: "The token is missing or unknown",
    404: "There is no such model",
    408: "The request came too slowly",
    413: "The request is too large, or holds too many images",
    415: "The content is of another type",
    422: "No image in it can be scored",
    429: "The server is busy; Retry-After tells when to try again",
    503: "The model took too long, or the server is stopping",
}
ALWAYS: Final = (400, 401)
TAKES_IMAGES: Final = (*ALWAYS, 408, 413, 422, 429, 503)


def description(served: Served) -> dict[str, Any]:
    """The document that GET /openapi.json returns."""
    image, result = shapes.answers_of(served.task)
    scored = table({"images": items({"oneOf": [image, shapes.FAILED]}), **shapes.ECHO})
    paths: dict[str, Any] = {
        "/score": {
            "post": _operation(
                "Score one image, or several in a form",
                scored,
                (*TAKES_IMAGES, 415),
                body={
                    "image/*": shapes.BINARY,
                    "application/octet-stream": shapes.BINARY,
                    "multipart/form-data": shapes.FORM,
                },
                parameters=[_query("all", "Tell what does not count too, with the decision")],
            )
        },
        "/metrics": {"get": _metrics()},
        "/openapi.json": {"get": _operation("This description", {"type": "object"}, ALWAYS)},
        "/v2": {"get": _operation("About the server", shapes.SERVER, ALWAYS)},
        "/v2/health/live": {"get": _health("Whether it runs", {"live": {"const": True}})},
        "/v2/health/ready": {
            "get": _health(
                "Whether it answers", {"ready": {"type": "boolean"}, "warnings": shapes.WARNINGS}
            )
        },
    }
    for prefix in ("/v2/models/{name}", "/v2/models/{name}/versions/{version}"):
        paths |= _model_paths(prefix, served)
    for path, asked, answer in (
        ("predict", shapes.RECORD, {"result": result}),
        (
            "predict-multi",
            table({"items": items(shapes.RECORD, minItems=1)}),
            {"results": items(result)},
        ),
    ):
        paths[f"/public/api/v1/{{service}}/{{endpoint}}/{path}"] = {
            "post": _operation(
                "As Dataiku's API node answers",
                table({**answer, **shapes.ECHO}),
                TAKES_IMAGES,
                body={"application/json": asked},
                parameters=[_path("service"), _path("endpoint")],
            )
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Offdiag serving {served.name}",
            "version": served.version,
            "description": "A vision model at the operating point that was saved for it. "
            "Boxes are left, top, right, bottom in pixels of the image, unless said otherwise.",
        },
        "paths": paths,
        "components": {
            "schemas": {"Error": shapes.ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        **({"security": [{"token": []}]} if served.tokens else {}),
    }


def _model_paths(prefix: str, served: Served) -> dict[str, Any]:
    parameters = [_path("name", served.name)]
    if "{version}" in prefix:
        parameters.append(_path("version", served.scorer.digest))
    known = (*ALWAYS, 404)
    ready = table({"name": shapes.TEXT, "ready": {"type": "boolean"}, "warnings": shapes.WARNINGS})
    infer = _operation(
        "Infer, by the Open Inference Protocol",
        shapes.INFER_ANSWER,
        (*TAKES_IMAGES, 404),
        body={"application/json": shapes.INFER_REQUEST},
        parameters=parameters,
    )
    infer["responses"]["200"]["content"]["application/octet-stream"] = {"schema": shapes.BINARY}
    return {
        prefix: {"get": _operation("About the model", shapes.MODEL, known, parameters=parameters)},
        f"{prefix}/ready": {
            "get": _operation("Whether it answers", ready, known, parameters=parameters)
        },
        f"{prefix}/infer": {"post": infer},
    }


def _operation(
    summary: str,
    answer: Schema,
    refusals: tuple[int, ...],
    *,
    body: dict[str, Schema] | None = None,
    parameters: list[Any] | None = None,
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {"description": "OK", "content": {"application/json": {"schema": answer}}}
    }
    for status in sorted(refusals):
        responses[str(status)] = _refusal(status)
    operation: dict[str, Any] = {"summary": summary, "responses": responses}
    if parameters:
        operation["parameters"] = parameters
    if body:
        content = {kind: {"schema": schema} for kind, schema in body.items()}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _health(summary: str, answer: Schema) -> dict[str, Any]:
    return _operation(summary, table(answer), (400,)) | {"security": []}


def _metrics() -> dict[str, Any]:
    operation = _operation("For Prometheus", shapes.TEXT, ALWAYS)
    operation["responses"]["200"]["content"] = {
        kind: {"schema": shapes.TEXT} for kind in ("text/plain", "application/openmetrics-text")
    }
    return operation


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    told: dict[str, Any] = {
        "description": REFUSALS[status],
        "content": {"application/json": {"schema": schema}},
    }
    if status == 429:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return told


def _query(name: str, words: str) -> dict[str, Any]:
    schema = {"type": "boolean", "default": False}
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _path(name: str, only: str | None = None) -> dict[str, Any]:
    schema: Schema = {"type": "string", "minLength": 1}
    if only is not None:
        schema["example"] = only
    return {"name": name, "in": "path", "required": True, "schema": schema}
