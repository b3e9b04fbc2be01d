"""What the server takes on, and how it says no."""

from collections.abc import Mapping
from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one request, and all of them together, may cost."""

    request_bytes: int = 32 * MIB
    bytes_at_once: int = 512 * MIB  # of all requests that are being received or answered
    pixels: int = 64_000_000  # of one image
    images: int = 64  # in one request
    queue: int = 256  # images that wait or are being scored
    seconds: float = 30.0  # to receive a request, and as long again to answer it

    @property
    def stall_seconds(self) -> float:
        """How long a client may send nothing while it sends."""
        return min(10.0, self.seconds)


class Refusal(Exception):  # noqa: N818  # an answer, not an accident
    """A request that is not fulfilled; the message is a sentence for the client."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = dict(headers or {})


def full(retry_after: int) -> Refusal:
    """Too much at once: 429, with the seconds after which it may go."""
    return Refusal(
        429, f"the server is busy: try again in {retry_after} s", {"Retry-After": str(retry_after)}
    )


def accident() -> Refusal:
    """What nobody foresaw."""
    return Refusal(500, "the server failed at this request; its log says why")
