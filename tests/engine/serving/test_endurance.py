"""Many requests one after the other: quick, and without a trace."""

import gc
import os
import time
from pathlib import Path

import httpx

from tests.engine.serving.making import bomb, files, png


def test_answers_on_one_connection_are_not_held_back_by_the_network_stack(server):
    with server.client() as client:
        client.get("/v2")
        began = time.monotonic()
        for _ in range(50):
            client.get("/v2")
    assert time.monotonic() - began < 50 * 0.04  # what Nagle's algorithm costs


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_neither_answers_nor_refusals_leak_memory(server):
    image, many = png(180), files(png(), b"none", png())

    def round_of_requests(client: httpx.Client) -> None:
        for content in (image, image[:60], bomb(20_000), b"x" * 500_000):
            client.post("/score", content=content)
        client.post("/score", files=many)
        client.post("/score", json={})
        client.get("/metrics")

    with server.client() as client:
        for _ in range(5):
            round_of_requests(client)
        gc.collect()
        before = resident()
        for _ in range(20):
            round_of_requests(client)
    gc.collect()
    assert resident() - before < 8 << 20
    assert server.service.memory.used == 0
