"""POST /score: images in, what `offdiag score --format jsonl` writes of them out."""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from engine.batch.encoders import JsonLines
from engine.batch.judged import FailedImage
from engine.batch.wanted import OutputPlan
from engine.serving.bodies import body, form_files
from engine.serving.limits import Refusal
from engine.serving.service import Service, reply, unless_failed

FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
ALONE: Final = "image"  # the name of an image that has none
HOW: Final = (
    "send the bytes of one image with Content-Type: image/jpeg (curl --data-binary @a.jpg -H "
    "'Content-Type: image/jpeg'), or several as multipart/form-data (curl -F a=@a.jpg -F b=@b.jpg)"
)


class ScoreRoute:
    """Answers an image body, or a form with several files."""

    def __init__(self, service: Service) -> None:
        self.service = service
        scorer = service.served.scorer
        self.encoders = {
            everything: JsonLines(
                OutputPlan("jsonl", scorer.card.task, scorer.class_names, everything)
            )
            for everything in (False, True)
        }

    async def score(self, request: Request) -> Response:
        """One entry an image, in order; one that cannot be scored has its reason there.

        If that goes for all of them, the answer is 422.
        """
        everything = _everything(request)
        self.service.check_room()
        with self.service.memory.guest() as guest:
            limits = self.service.served.limits
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind == "multipart/form-data":
                images = await form_files(request, limits, guest)
            elif kind in ("", "application/octet-stream") or kind.startswith("image/"):
                images = [(ALONE, await body(request, limits, guest))]
            else:
                raise Refusal(415, f"{kind} is not scored: {HOW}")
            judged = await self.service.judged(request, guest, images)
        if all(isinstance(image, FailedImage) for image in judged):
            unless_failed(judged[0])
        lines = [self.encoders[everything].part(image)[0].rstrip() for image in judged]
        return reply({"images": [msgspec.Raw(line) for line in lines]} | self.service.echo())


def _everything(request: Request) -> bool:
    given = request.query_params.get("all", "false").lower()
    if given not in FLAGS:
        raise Refusal(400, f"all must be true or false, got {given!r}")
    return FLAGS[given]
