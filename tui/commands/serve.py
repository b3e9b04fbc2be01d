"""The verb serve: a model behind HTTP, at its operating point."""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import __version__
from tui.commands.options import CARD, DEBUG, PROVIDER
from tui.commands.point_option import CONFIDENCE, opened_at
from tui.commands.telling import tell

if TYPE_CHECKING:
    from engine.cards.operating_point import Thresholds
    from engine.scoring.run.scorer import Scorer
    from engine.serving.limits import Limits

FILE = click.Path(path_type=Path)
INTERRUPTED = 130


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
@click.option(
    "--queue",
    type=click.IntRange(1),
    default=256,
    show_default=True,
    help="Images that may wait; beyond that clients get 429.",
)
@click.option(
    "--max-mb",
    type=click.FloatRange(0, min_open=True),
    default=32,
    show_default=True,
    help="Largest request in MiB.",
)
@click.option(
    "--max-megapixels",
    type=click.FloatRange(0, min_open=True),
    default=64,
    show_default=True,
    help="Largest image.",
)
@click.option(
    "--max-images",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="Most images in one request.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_default=True,
    help="Seconds that a client has to send a request, and the model to answer it.",
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
        f"{thresholds.confidence:.4f} ({thresholds.source}){classes}: "
        f"http://{host}:{address[1]}/score"
    )


def _log(line: str) -> None:
    from datetime import UTC, datetime

    when = datetime.now(UTC).isoformat(timespec="milliseconds")
    tell(f"{when} {line}", err=True)
