"""The routes of the server."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from engine.serving.api_node import ApiNode
from engine.serving.door import Door
from engine.serving.inference_protocol import InferenceProtocol
from engine.serving.limits import Refusal, accident
from engine.serving.openapi import description
from engine.serving.score_route import ScoreRoute
from engine.serving.service import Service, reply, told

MODEL = "/v2/models/{name}"
VERSION = MODEL + "/versions/{version}"
API_NODE = "/public/api/v1/{service}/{endpoint}"


def application(service: Service, log: Callable[[str], None]) -> ASGIApp:
    """All routes behind the door; `log` gets a line a request."""
    protocol, api_node = InferenceProtocol(service), ApiNode(service)
    described = reply(description(service.served)).body

    async def metrics(request: Request) -> Response:
        content, kind = service.measures.exposition(request.headers.get("accept", ""))
        return Response(content, headers={"content-type": kind})

    async def openapi(request: Request) -> Response:
        return Response(described, media_type="application/json")

    routes = [  # of GET, where nothing else is said
        Route("/openapi.json", openapi),
        Route("/metrics", metrics),
        _post("/score", ScoreRoute(service).score),
        Route("/v2", protocol.server),
        Route("/v2/health/live", protocol.live),
        Route("/v2/health/ready", protocol.ready),
        *(Route(path, protocol.model) for path in (MODEL, VERSION)),
        *(Route(f"{path}/ready", protocol.model_ready) for path in (MODEL, VERSION)),
        *(_post(f"{path}/infer", protocol.infer) for path in (MODEL, VERSION)),
        _post(f"{API_NODE}/predict", api_node.predict),
        _post(f"{API_NODE}/predict-multi", api_node.predict_multi),
    ]
    handlers = {HTTPException: _http, Refusal: _refused, Exception: _accident}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Door(app, service, log)


def _post(path: str, endpoint: Any) -> Route:
    return Route(path, endpoint, methods=["POST"])


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return told(refusal)


async def _accident(request: Request, error: Exception) -> Response:
    return told(accident())  # and raised again, so that the door logs it


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        sentence = "there is nothing here; GET /openapi.json tells what there is"
    elif error.status_code == 405:
        sentence = f"this route does not take {request.method}"
    else:
        sentence = error.detail
    return told(Refusal(error.status_code, sentence, error.headers))
