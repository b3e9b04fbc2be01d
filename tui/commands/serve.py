"""The verb serve: a model behind HTTP, at its operating point."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.util.words import threshold
from tui import __version__
from tui.commands.options import CARD, DEBUG, FILE, PROVIDER
from tui.commands.point_option import CONFIDENCE, opened_at
from tui.commands.telling import tell

if TYPE_CHECKING:
    from engine.cards.operating_point import Thresholds
    from engine.scoring.run.scorer import Scorer
    from engine.serving.limits import Limits

INTERRUPTED = 130


def _limit(
    name: str, least: click.IntRange | click.FloatRange, default: int, words: str
) -> Callable[[Any], Any]:
    """An option for a number that the server may not exceed."""
    return click.option(name, type=least, default=default, show_default=True, help=words)


ABOVE_0 = click.FloatRange(0, min_open=True)
FROM_1 = click.IntRange(1)


@click.command()
@click.argument("model", type=FILE)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes a free one.",
)
@click.option(
    "--token-file",
    type=FILE,
    help="Answer only who sends a token in this file, one a line; needed beyond this machine.",
)
@CONFIDENCE
@click.option("--name", help="Of the model in /v2/models/NAME; otherwise that of its file.")
@_limit("--queue", FROM_1, 256, "Images that may wait; beyond that clients get 429.")
@_limit("--max-mb", ABOVE_0, 32, "Largest request in MiB.")
@_limit("--max-megapixels", ABOVE_0, 64, "Largest image.")
@_limit("--max-images", FROM_1, 64, "Most images in one request.")
@_limit(
    "--timeout",
    ABOVE_0,
    30,
    "Seconds that a client has to send a request, and the model to answer it.",
)
@CARD
@PROVIDER
@DEBUG
def serve(
    model: Path,
    host: str,
    port: int,
    token_file: Path | None,
    confidence: str,
    name: str | None,
    card: Path | None,
    provider: str,
    debug: bool,
    **limits: Any,
) -> None:
    """Serve a model over HTTP at the saved operating point, as `offdiag score` applies it.

    POST /score takes an image, or several in a form. The Open Inference Protocol (/v2) and the
    shape of Dataiku's API node are there too; /openapi.json describes all of it, and /metrics
    is for Prometheus. Ends with SIGTERM or Ctrl+C, after it has answered what it took.
    """
    from engine.scoring.card import card_beside

    _check_extra()
    from engine.serving import http_server
    from engine.serving.service import Served, Service
    from engine.serving.tokens import read_tokens

    tokens = () if token_file is None else read_tokens(token_file)
    listening = http_server.bound(host, port, has_tokens=bool(tokens))
    with listening:
        scorer, _, thresholds = opened_at(model, card, provider, confidence)
        served = Served(
            name=name or model.stem,
            scorer=scorer,
            thresholds=thresholds,
            card=card or card_beside(model),
            version=__version__,
            limits=_limits(**limits),
            tokens=tokens,
        )
        for note in (*scorer.notes, *thresholds.notes):
            tell(note, err=True)
        service = Service.begin(served)
        server = http_server.server_of(service, _log)
        tell(_greeting(listening.getsockname(), scorer, thresholds), err=True)
        ended_by = http_server.run(server, service, listening)
    tell("Stopped; what was taken is answered.", err=True)
    if ended_by == signal.SIGINT:
        sys.exit(INTERRUPTED)


def _limits(
    queue: int, max_mb: float, max_megapixels: float, max_images: int, timeout: float
) -> "Limits":
    from engine.serving.limits import MIB, Limits

    largest = int(max_mb * MIB)
    return Limits(
        request_bytes=largest,
        bytes_at_once=max(Limits.bytes_at_once, 4 * largest),
        pixels=int(max_megapixels * 1e6),
        images=max_images,
        queue=queue,
        seconds=timeout,
    )


def _check_extra() -> None:
    from importlib.util import find_spec

    from engine.core.errors import EngineError

    for package in ("starlette", "uvicorn", "prometheus_client", "python_multipart"):
        if find_spec(package) is None:
            raise EngineError(f'serving needs {package}: pip install "offdiag[serve]"')


def _greeting(address: Any, scorer: "Scorer", thresholds: "Thresholds") -> str:
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    own = len(thresholds.told(scorer.class_names)["classes"])
    classes = f" ({own} classes at their own)" if own else ""
    return (
        f"Serving {scorer.model.name} ({scorer.digest[:12]}…) on {scorer.provider} at confidence "
        f"{threshold(thresholds.confidence)} ({thresholds.source}){classes}: "
        f"http://{host}:{address[1]}/score"
    )


def _log(line: str) -> None:
    from datetime import UTC, datetime

    when = datetime.now(UTC).isoformat(timespec="milliseconds")
    tell(f"{when} {line}", err=True)
