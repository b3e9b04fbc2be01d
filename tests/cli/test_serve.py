"""`offdiag serve` as a user starts, asks and stops it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from click.testing import CliRunner

from engine.cards.operating_point import PointError
from engine.core.errors import EngineError
from tests.cli.test_command import ROOT
from tests.engine.scoring.making import (
    ANSWER,
    constant_answer_model,
    slow_model,
    ultralytics_metadata,
)
from tests.engine.serving.making import files, png
from tui.cli import offdiag

TOKEN = "a-token-that-is-long-enough"
CARD = "[operating_point]\nconfidence = 0.35\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "token").write_text(TOKEN + "\n")
    (tmp_path / "slow.card.toml").write_text(CARD)
    slow_model(tmp_path / "slow.onnx", 60)
    return tmp_path


def started(*arguments: str) -> tuple[subprocess.Popen[str], str, str]:
    """The process, its first line, and where it listens."""
    command = [sys.executable, str(ROOT / "tui" / "cli.py"), "serve", *arguments]
    process = subprocess.Popen(
        [*command, "--port", "0", "--provider", "cpu"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, line + process.stderr.read()
    return process, line, found.group()


@pytest.mark.slow
def test_a_server_is_started_asked_and_stopped_and_finishes_what_it_took(here):
    process, line, url = started("slow.onnx", "--token-file", "token", "--host", "0.0.0.0")
    try:
        url = url.replace("0.0.0.0", "127.0.0.1")
        assert line.startswith("Serving slow.onnx (")
        assert "on CPU at confidence .350 (saved)" in line
        assert httpx.get(f"{url}/v2/health/ready", trust_env=False).json()["ready"]
        assert httpx.post(f"{url}/score", content=png(), trust_env=False).status_code == 401
        given = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=url, headers=given, timeout=60, trust_env=False) as client:
            told = client.get("/v2/models/slow").json()
            assert told["inputs"][0]["name"] == "image"
            with ThreadPoolExecutor(1) as pool:
                answer = pool.submit(client.post, "/score", files=files(*[png()] * 12))
                while "offdiag_queue_images 12" not in client.get("/metrics").text:
                    time.sleep(0.01)
                process.send_signal(signal.SIGTERM)
                assert answer.result().status_code == 200
        stdout, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, stdout) == (0, "")
    lines = stderr.splitlines()
    assert lines[-1] == "Stopped; what was taken is answered."
    when = (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 127\.0\.0\.1 (GET|POST) /\S+ \d+ [\d.]+ ms"
    )
    assert all(re.fullmatch(when, line) for line in lines[:-1])
    assert sum("POST /score 200" in line for line in lines) == 1
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))


def test_ctrl_c_ends_with_130(here):
    process, line, url = started("slow.onnx", "--confidence", "0.2", "--name", "parts")
    try:
        assert "at confidence .200 (given)" in line
        assert httpx.get(f"{url}/v2/models/parts", trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in stderr


def refused(*arguments: str) -> str:
    with pytest.raises(EngineError) as error:
        CliRunner().invoke(
            offdiag, ["serve", *arguments, "--provider", "cpu"], catch_exceptions=False
        )
    return str(error.value)


def test_what_cannot_be_served_is_refused_with_the_way_out(here):
    everywhere = refused("slow.onnx", "--host", "0.0.0.0", "--port", "0")
    assert "can be reached from other machines: give --token-file" in everywhere
    (here / "empty").write_text("\n")
    assert "openssl rand -hex 32" in refused("slow.onnx", "--token-file", "empty")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "Address already in use; choose another" in refused("slow.onnx", "--port", port)
    assert "cannot listen at nowhere.invalid" in refused("slow.onnx", "--host", "nowhere.invalid")
    assert "there is no such file" in refused("none.onnx", "--port", "0")


def test_a_model_without_a_point_or_with_another_ones_is_refused(here):
    constant_answer_model(here / "m.onnx", ANSWER, metadata=ultralytics_metadata())
    assert "no operating point is saved for it: give --confidence" in refused("m.onnx", "--port=0")
    digest = json.dumps("0" * 64)
    (here / "m.card.toml").write_text(f"{CARD}sha256 = {digest}\n")
    with pytest.raises(PointError, match="has changed since its operating point was saved"):
        CliRunner().invoke(
            offdiag, ["serve", "m.onnx", "--port", "0", "--provider", "cpu"], catch_exceptions=False
        )
