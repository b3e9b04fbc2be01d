"""The Open Inference Protocol, version 2, with its extension for binary tensors.

Source: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol.
The one input is `image`, BYTES of shape [n]: image files, in JSON as base64. The version
of the model is its sha256.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from engine.batch.judged import ScoredImage
from engine.serving.api_node import from_base64, parsed
from engine.serving.bodies import body
from engine.serving.limits import Refusal
from engine.serving.service import Service, off_loop, reply, unless_failed
from engine.serving.tensors import Tensor, outputs_of, tensors, unpacked_strings

INPUT: Final = "image"
DEEPEST: Final = 8  # axes of a tensor
HEADER_LENGTH: Final = "Inference-Header-Content-Length"


class InputTensor(msgspec.Struct):
    """An input of a request."""

    name: str
    shape: list[int]
    datatype: str
    parameters: dict[str, Any] = {}
    data: list[Any] | None = None


class WantedOutput(msgspec.Struct):
    """An output that is asked for."""

    name: str
    parameters: dict[str, Any] = {}


class InferRequest(msgspec.Struct):
    """The JSON of a request."""

    inputs: list[InputTensor]
    id: str = ""
    parameters: dict[str, Any] = {}
    outputs: list[WantedOutput] = []


class InferenceProtocol:
    """Health, metadata and inference."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.outputs = outputs_of(service.served.task)

    async def server(self, request: Request) -> Response:
        """GET /v2."""
        return reply(
            {
                "name": "offdiag",
                "version": self.service.served.version,
                "extensions": ["binary_tensor_data"],
            }
        )

    async def live(self, request: Request) -> Response:
        """GET /v2/health/live."""
        return reply({"live": True})

    async def ready(self, request: Request) -> Response:
        """GET /v2/health/ready: it is, as long as it runs, and what there is to know."""
        return reply({"ready": True, "warnings": list(self.service.watched.warnings)})

    async def model_ready(self, request: Request) -> Response:
        """GET /v2/models/{name}/ready."""
        self._check_name(request)
        served = self.service.served
        return reply(
            {"name": served.name, "ready": True, "warnings": list(self.service.watched.warnings)}
        )

    async def model(self, request: Request) -> Response:
        """GET /v2/models/{name}."""
        self._check_name(request)
        served = self.service.served
        return reply(
            {
                "name": served.name,
                "versions": [served.scorer.digest],
                "platform": "onnxruntime_onnx",
                "inputs": [{"name": INPUT, "datatype": "BYTES", "shape": [-1]}],
                "outputs": [
                    {"name": name, "datatype": datatype, "shape": list(shape)}
                    for name, (datatype, shape) in self.outputs.items()
                ],
            }
        )

    async def infer(self, request: Request) -> Response:
        """POST /v2/models/{name}/infer."""
        self._check_name(request)
        self.service.check_room()
        length = request.headers.get(HEADER_LENGTH)
        with self.service.memory.guest() as guest:
            content = await body(request, self.service.served.limits, guest)
            asked, files = await off_loop(lambda given: _read(given, length), content)
            del content
            self._check_outputs(asked)
            images = [(f"image {index}", file) for index, file in enumerate(files)]
            judged = await self.service.judged(request, guest, images)
        return self._response(asked, [unless_failed(image) for image in judged])

    def _response(self, asked: InferRequest, judged: Sequence[ScoredImage]) -> Response:
        served, echo = self.service.served, self.service.echo()
        found = {each.name: each for each in tensors(judged, served.scorer.class_names)}
        names = [each.name for each in asked.outputs] or list(found)
        binary = {
            each.name: bool(each.parameters["binary_data"])
            for each in asked.outputs
            if "binary_data" in each.parameters
        }
        all_binary = bool(asked.parameters.get("binary_data_output", False))
        heads, raws = [], []
        for name in names:
            head, raw = _output(found[name], binary=binary.get(name, all_binary))
            heads.append(head)
            raws.append(raw)
        told: dict[str, Any] = {
            "model_name": served.name,
            "model_version": served.scorer.digest,
            "outputs": heads,
            "parameters": {
                "confidence": served.thresholds.confidence,
                "confidence_source": served.thresholds.source,
                **({"warning": " ".join(echo["warnings"])} if echo["warnings"] else {}),
            },
        }
        if asked.id:
            told["id"] = asked.id
        if not any(raws):
            return reply(told)
        header = msgspec.json.encode(told)
        return Response(
            b"".join([header, *raws]),
            headers={HEADER_LENGTH: str(len(header))},
            media_type="application/octet-stream",
        )

    def _check_name(self, request: Request) -> None:
        served = self.service.served
        name, version = request.path_params["name"], request.path_params.get("version")
        if name != served.name:
            raise Refusal(404, f"there is no model {name!r} here, only {served.name!r}")
        if version not in (None, served.scorer.digest):
            raise Refusal(404, f"there is only version {served.scorer.digest} of {name!r}")

    def _check_outputs(self, asked: InferRequest) -> None:
        for each in asked.outputs:
            if each.name not in self.outputs:
                known = ", ".join(self.outputs)
                raise Refusal(400, f"there is no output {each.name!r}; there are {known}")


def _output(tensor: Tensor, *, binary: bool) -> tuple[dict[str, Any], bytes]:
    if not binary:
        return tensor.head | {"data": tensor.data}, b""
    raw = tensor.raw()
    return tensor.head | {"parameters": {"binary_data_size": len(raw)}}, raw


def _read(content: bytes, length: str | None) -> tuple[InferRequest, list[bytes]]:
    """The request and its image files; Refusal with 400 for what does not fit together."""
    if length is None:
        end = len(content)
    elif length.isdecimal() and int(length) <= len(content):
        end = int(length)
    else:
        raise Refusal(400, f"{HEADER_LENGTH} must be the length of the JSON, got {length!r}")
    asked = parsed(content[:end], InferRequest)
    if len(asked.inputs) != 1 or asked.inputs[0].name != INPUT:
        raise Refusal(400, f"this model has one input, {INPUT!r}: image files as BYTES")
    given = asked.inputs[0]
    files = _files(given, content[end:])
    count = math.prod(given.shape[:DEEPEST])
    fits = 0 < len(given.shape) <= DEEPEST and count == len(files)
    if given.datatype != "BYTES" or not fits:
        raise Refusal(
            400,
            f"{INPUT!r} must be BYTES of shape [{len(files)}] for {len(files)} images, got "
            f"{given.datatype} of shape {given.shape}",
        )
    return asked, files


def _files(given: InputTensor, rest: bytes) -> list[bytes]:
    size = given.parameters.get("binary_data_size")
    if size is not None:
        if size != len(rest) or given.data is not None:
            raise Refusal(400, f"binary_data_size says {size}, but {len(rest)} bytes follow")
        try:
            return unpacked_strings(rest)
        except ValueError as error:
            raise Refusal(400, f"the binary data of {INPUT!r} is damaged: {error}") from None
    if rest:
        raise Refusal(400, "binary data follows the JSON, but no binary_data_size tells of it")
    return [from_base64(text) for text in _strings(given.data or [])]


def _strings(data: list[Any], depth: int = 1) -> list[str]:
    """Base64 strings, flat or in lists of lists as the protocol allows."""
    flat: list[str] = []
    for each in data:
        if isinstance(each, str):
            flat.append(each)
        elif isinstance(each, list) and depth < DEEPEST:
            flat.extend(_strings(each, depth + 1))
        else:
            raise Refusal(400, f"data of {INPUT!r} must be strings in base64, got {each!r}")
    return flat
