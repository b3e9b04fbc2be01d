"""Too much, too slow, too large, gone, or stopped: refused calmly, and others are answered."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.making import slow_model
from tests.engine.serving.making import Gate, files, png, serving, until

GIGABYTE = 1 << 30


def head(length: str, path: str = "/score", kind: str = "image/png") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Type: {kind}", length]
    return "\r\n".join([*lines, "", ""]).encode()


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_a_body_of_a_gigabyte_is_refused_before_it_is_sent(server):
    with server.connected() as connection:
        connection.sendall(head(f"Content-Length: {GIGABYTE}") + bytes(1000))
        connection.settimeout(5)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    assert b"larger than 32 MiB" in answer


def test_a_refused_client_may_go_on_sending_while_it_reads_the_answer(server):
    with server.connected() as connection:
        connection.sendall(head(f"Content-Length: {GIGABYTE}"))
        assert connection.recv(12) == b"HTTP/1.1 413"
        for _ in range(5):  # a connection that was closed would be reset
            connection.sendall(bytes(65536))
            time.sleep(0.01)


def test_an_endless_stream_is_refused_at_the_limit(scorer):
    sent = 0

    def endless():
        nonlocal sent
        while sent < GIGABYTE:
            sent += 65536
            yield bytes(65536)

    with serving(scorer, request_bytes=1 << 20) as server:
        answer = server.post(content=endless())
        assert answer.status_code == 413
        form = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
        kind = {"content-type": "multipart/form-data; boundary=x"}
        assert server.post(content=form + bytes(2 << 20), headers=kind).status_code == 413
        assert server.post(content=png()).status_code == 200
        assert server.service.memory.used == 0
    assert sent < GIGABYTE


def test_memory_for_all_requests_together_is_bounded(scorer):
    with serving(scorer, bytes_at_once=100_000) as server, server.connected() as connection:
        connection.sendall(head("Content-Length: 90000") + bytes(80_000))
        until(lambda: server.service.memory.used == 80_000, "the first request's bytes")
        answer = server.post(content=bytes(30_000))
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        connection.sendall(bytes(10_000))
        assert connection.recv(12) == b"HTTP/1.1 422"
        until(lambda: server.service.memory.used == 0, "the memory is free again")


def test_a_client_that_sends_its_body_too_slowly_gets_408(scorer):
    with serving(scorer, seconds=0.2) as server, server.connected() as connection:
        connection.sendall(head("Content-Length: 5000") + bytes(10))
        assert server.post(content=png()).status_code == 200
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive within 0.2 s" in answer


def test_a_client_that_does_not_finish_its_head_is_left(scorer):
    with serving(scorer, seconds=0.2) as server:
        with server.connected() as silent, server.connected() as slow:
            slow.sendall(b"POST /score HTT")
            assert read_all(slow) == read_all(silent) == b""
        with server.client() as client:  # the head of a second request
            client.get("/v2")
            assert client.get("/v2").status_code == 200


def test_what_is_no_http_gets_a_sentence(server):
    with server.connected() as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert b"not a valid HTTP/1.1 request" in read_all(connection)


def test_a_full_queue_is_429_and_has_room_again_later(scorer):
    gate = Gate(scorer.detector)
    with serving(replace(scorer, detector=gate), queue=6) as server, ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(server.post, content=png()) for _ in range(5)]
        until(lambda: server.service.queue.images == 5, "five images in the queue")
        answer = server.post(files=files(png(), png()))
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert "busy: try again in" in answer.json()["error"]
        gate.open.set()
        assert {future.result().status_code for future in waiting} == {200}
        assert server.post(content=png()).status_code == 200


def test_two_hundred_clients_at_once_are_all_answered(server):
    start = threading.Barrier(200)

    def ask(index: int) -> tuple[int, bytes]:
        start.wait()
        with server.connected() as connection:
            content = png(index)
            lengths = f"Content-Length: {len(content)}\r\nConnection: close"
            connection.sendall(head(lengths) + content)
            answer = read_all(connection)
        return int(answer[9:12]), answer.partition(b"\r\n\r\n")[2].partition(b'],"oper')[0]

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(ask, range(200)))
    assert {status for status, _ in answers} == {200}
    for index in (0, 90, 199):  # nobody gets another's answer
        alone = server.post(content=png(index)).content.partition(b'],"oper')[0]
        assert answers[index][1] == alone


def test_a_client_that_leaves_takes_its_images_out_of_the_queue(scorer):
    gate = Gate(scorer.detector)
    with serving(replace(scorer, detector=gate)) as server:
        with ThreadPoolExecutor(1) as pool:
            busy = pool.submit(server.post, files=files(*[png()] * 12))
            until(lambda: gate.inside >= 2, "the model is busy")
            with server.connected() as connection:
                content = png()
                connection.sendall(head(f"Content-Length: {len(content)}") + content)
                until(lambda: server.service.queue.images == 13, "the image is queued")
            until(lambda: any(" 499 " in line for line in server.log), "it is noticed")
            gate.open.set()
            assert busy.result().status_code == 200
        until(lambda: server.service.queue.images == 0, "the queue is empty")
        assert len(gate.batches) == 12


def test_a_model_that_takes_too_long_is_503(scorer):
    gate = Gate(scorer.detector)
    with serving(replace(scorer, detector=gate), seconds=0.2) as server:
        answer = server.post(content=png())
        assert answer.status_code == 503
        assert "did not answer within 0.2 s" in answer.json()["error"]
        gate.open.set()


def test_what_was_taken_is_answered_before_the_end(scorer):
    gate = Gate(scorer.detector)
    with ThreadPoolExecutor(8) as pool:
        with serving(replace(scorer, detector=gate)) as server:
            waiting = [pool.submit(server.post, content=png()) for _ in range(8)]
            until(lambda: server.service.queue.images == 8, "eight images in the queue")
            threading.Timer(0.3, gate.open.set).start()
        assert {future.result().status_code for future in waiting} == {200}


def test_a_queue_that_is_closed_at_once_stops_the_model_and_drops_the_rest(tmp_path):
    scorer = open_scorer(slow_model(tmp_path / "slow.onnx", 300), provider="cpu")
    with serving(scorer) as server, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(server.post, files=files(*[png()] * 8))
        until(lambda: server.service.queue._running >= 2, "the model runs")
        began = time.monotonic()
        server.service.queue.close(at_once=True)
        assert time.monotonic() - began < 5
        assert answer.result().status_code == 503


def test_images_are_scored_together_while_the_model_is_busy(scorer):
    gate = Gate(scorer.detector)
    together = replace(scorer, detector=gate, batch=4, provider="CUDA", fixed_batch=True)
    with serving(together) as server, ThreadPoolExecutor(10) as pool:
        first = []
        for calls in (1, 2):
            first.append(pool.submit(server.post, content=png(99)))
            until(lambda calls=calls: gate.inside == calls, "the model is busy")
        grays = (10, 60, 110, 160, 210, 240, 250, 255)
        rest = [pool.submit(server.post, content=png(gray)) for gray in grays]
        until(lambda: server.service.queue.images == 10, "eight more")
        gate.open.set()
        told = [future.result().json()["images"][0]["predictions"] for future in rest]
        assert {future.result().status_code for future in first} == {200}
    assert gate.batches == [4, 4, 4, 4]  # always full, as an accelerator is tuned for
    assert all(row["score"] >= 0.3 for rows in told for row in rows)
    assert len(told[-1]) > len(told[0]) == 0


def test_an_accident_in_the_model_is_500_and_the_next_image_is_answered(scorer):
    accidents = [RuntimeError("boom")]

    def detector(batch, *further):
        if accidents:
            raise accidents.pop()
        return scorer.detector(batch)

    with serving(replace(scorer, detector=detector)) as server:
        answer = server.post(content=png())
        assert (answer.status_code, list(answer.json())) == (500, ["error"])
        until(lambda: any("RuntimeError: boom" in line for line in server.log), "the log")
        assert server.post(content=png()).status_code == 200
