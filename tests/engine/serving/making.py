"""Real servers on loopback, in threads of this process, and what to send them."""

import io
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from engine.cards.operating_point import Thresholds, given
from engine.scoring.run.scorer import Scorer
from engine.serving import http_server
from engine.serving.limits import Limits
from engine.serving.service import Served, Service

POINT = 0.3
PATIENCE = 20.0


@dataclass
class Running:
    """A server that runs, and what it wrote to its log."""

    service: Service
    port: int
    log: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False, **options)

    def post(self, path: str = "/score", **options) -> httpx.Response:
        with self.client() as client:
            return client.post(path, **options)

    def get(self, path: str, **options) -> httpx.Response:
        with self.client() as client:
            return client.get(path, **options)

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)


@contextmanager
def serving(
    scorer: Scorer,
    *,
    thresholds: Thresholds | None = None,
    tokens: tuple[bytes, ...] = (),
    card: Path | None = None,
    **limits,
) -> Iterator[Running]:
    at = thresholds or given(POINT, len(scorer.class_names))
    place = card or scorer.model.with_suffix(".card.toml")
    served = Served("parts", scorer, at, place, "1.2.3", Limits(**limits), tokens)
    service = Service.begin(served)
    listening = http_server.bound("127.0.0.1", 0, has_tokens=bool(tokens))
    running = Running(service, listening.getsockname()[1])
    server = http_server.server_of(service, running.log.append)
    thread = threading.Thread(target=http_server.run, args=(server, service, listening))
    thread.start()
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()
        assert not thread.is_alive()


def png(gray: int = 200, size: tuple[int, int] = (64, 64)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, (gray,) * 3).save(content, "PNG")
    return content.getvalue()


def jpeg(size: tuple[int, int] = (64, 64)) -> bytes:
    noise = np.random.default_rng(0).integers(0, 255, (*size[::-1], 3), np.uint8)
    content = io.BytesIO()
    Image.fromarray(noise).save(content, "JPEG")
    return content.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it has billions of pixels."""
    small = png(size=(1, 1))
    start = small.index(b"IHDR") + 4
    head = side.to_bytes(4, "big") * 2
    content = small[:start] + head + small[start + 8 :]
    end = start + 13
    crc = zlib.crc32(content[start - 4 : end]).to_bytes(4, "big")
    return content[:end] + crc + content[end + 4 :]


def files(*contents: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    """A form with these images, called 0.png, 1.png and so on."""
    return [
        (f"image{index}", (f"{index}.png", content, "image/png"))
        for index, content in enumerate(contents)
    ]


def until(true, what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.005)


class Gate:
    """A model that answers only while it is open, and tells how many are inside."""

    def __init__(self, detector) -> None:
        self.detector = detector
        self.open = threading.Event()
        self.inside = 0
        self.batches: list[int] = []

    def __call__(self, batch, *further):
        self.inside += 1
        self.batches.append(len(batch))
        assert self.open.wait(PATIENCE)
        self.inside -= 1
        return self.detector(batch, *further)
