"""The shape of Dataiku's API node, so that its clients find the same answers here.

Source: https://doc.dataiku.com/dss/latest/machine-learning/computer-vision/endpoints-api.html
and the user API of the API node, `POST /public/api/v1/{service}/{endpoint}/predict`.
Service and endpoint may be called anything.
"""

import base64
import binascii
from typing import Any, TypeVar, assert_never

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from engine.batch.judged import Boxed, Classed, JudgedImage
from engine.serving.bodies import body
from engine.serving.limits import Refusal
from engine.serving.service import Service, off_loop, reply, unless_failed
from engine.util.parsed import NO_JSON

Shape = TypeVar("Shape")


class Features(msgspec.Struct):
    """What a model of images is asked with."""

    input: str  # an image file in base64


class Record(msgspec.Struct):
    """One record to predict."""

    features: Features


class Records(msgspec.Struct):
    """Several."""

    items: list[Record]


class ApiNode:
    """Predicts one record, or several."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def predict(self, request: Request) -> Response:
        """POST .../predict."""
        (judged,) = await self._judged(request, lambda content: [parsed(content, Record)])
        return reply({"result": self._result(judged)} | self.service.echo())

    async def predict_multi(self, request: Request) -> Response:
        """POST .../predict-multi."""
        judged = await self._judged(request, lambda content: parsed(content, Records).items)
        return reply({"results": [self._result(each) for each in judged]} | self.service.echo())

    async def _judged(self, request: Request, records: Any) -> list[JudgedImage]:
        self.service.check_room()
        with self.service.memory.guest() as guest:
            content = await body(request, self.service.served.limits, guest)
            images = await off_loop(
                lambda given: [
                    (f"item {index}", from_base64(record.features.input))
                    for index, record in enumerate(records(given))
                ],
                content,
            )
            del content
            return await self.service.judged(request, guest, images)

    def _result(self, image: JudgedImage) -> dict[str, Any]:
        names = self.service.served.scorer.class_names
        scored = unless_failed(image)
        match scored:
            case Boxed():
                rows = zip(
                    scored.class_.tolist(),
                    scored.confidence.tolist(),
                    scored.box.tolist(),
                    scored.kept,
                    strict=True,
                )
                return {
                    "prediction": [
                        {"bbox": box, "category": names[class_], "confidence": confidence}
                        for class_, confidence, box, kept in rows
                        if kept
                    ]
                }
            case Classed():
                return {
                    "prediction": names[scored.top] if scored.kept else None,
                    "probas": dict(zip(names, scored.probability.tolist(), strict=True)),
                }
            case _:
                assert_never(scored)


def parsed(content: bytes, shape: type[Shape]) -> Shape:
    """JSON in a shape; Refusal with 400 names the place that is wrong."""
    try:
        return msgspec.json.decode(content, type=shape)
    except NO_JSON as error:
        raise Refusal(400, f"the request cannot be read as JSON of this route: {error}") from None


def from_base64(text: str) -> bytes:
    """The bytes; Refusal with 400 for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(
            400, "the image is not in base64: send its file's bytes, encoded, as one string"
        ) from None
