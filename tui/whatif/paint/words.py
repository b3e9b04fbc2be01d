"""What the What if tab says in words."""

from rich.cells import cell_len

from engine.util.timing import Latency, Spread, Timing
from engine.util.visible import visible
from engine.util.words import number
from tui.drawing.title_line import CROSS, DOT

INTRO = """\
Press i, then paste, drop or type paths; Enter scores them:

  a file      shots/0001.jpg
  a folder    shots/
  a pattern   shots/**/*.jpg
  a list      @LIST.txt, a path a line
  several     "first shot.jpg" shots/0002.jpg more/

Tab completes a path, ctrl+o browses.
"""
CHECK = "\N{CHECK MARK}"
FAILED = "\N{BALLOT X}"


def progress_words(done: int, total: int, complete: bool, seconds: float) -> str:
    """`Scoring 120 of 500 · 54/s · escape stops`."""
    if not complete:
        return f"Looking for images: {total:,} so far{DOT}escape stops"
    rate = f"{DOT}{done / seconds:,.0f}/s" if done and seconds > 0.5 else ""
    return f"Scoring {done:,} of {total:,}{rate}{DOT}escape stops"


def ended_words(
    scored: int, failed: int, problems: int, latency: Latency, provider: str, stopped: bool
) -> tuple[str, ...]:
    """How many images, and how long a step of one takes; the fullest first."""
    parts = [f"{CHECK} {number(scored - failed, 'image')}"]
    if failed + problems:
        parts.append(f"{FAILED} {failed + problems:,}")
    if stopped:
        parts.append("stopped")
    head = "  ".join(parts)
    if not latency.images:
        return f"{head}{DOT}{provider}", head
    steps = (
        f"decode {_spread(latency.decode)}",
        f"model {_spread(latency.inference)}",
        f"post {_spread(latency.post)}",
    )
    long = f"{head}{DOT}{'  '.join(steps)} ms (p50/p95){DOT}{provider}"
    spreads = "+".join(_spread(each) for each in (latency.decode, latency.inference, latency.post))
    short = f"{head}{DOT}decode+model+post {spreads} ms p50/p95"
    whole = sum(each.p50 for each in (latency.decode, latency.inference, latency.post))
    return (
        long,
        f"{short}{DOT}{provider}",
        f"{head}{DOT}{_ms(whole)} ms an image{DOT}{provider}",
        head,
    )


def _spread(spread: Spread) -> str:
    return f"{_ms(spread.p50)}/{_ms(spread.p95)}"


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def image_words(
    name: str, size: tuple[int, int], place: int, total: int, timing: Timing | None, width: int
) -> tuple[str, str]:
    """`a.jpg · 640x480 · 3 of 12`, and at the right how long it took, in as much as fits."""
    head = f"{visible(name)}{DOT}{size[0]}{CROSS}{size[1]}{DOT}{place + 1:,} of {total:,}"
    if timing is None:
        return head, ""
    steps = [_ms(value) for value in (timing.decode, timing.inference, timing.post)]
    choices = (
        f"decode {steps[0]} + model {steps[1]} + post {steps[2]} ms",
        f"model {steps[1]} of {_ms(timing.total)} ms",
        f"model {steps[1]} ms",
    )
    room = width - cell_len(head) - 2
    return head, next((each for each in choices if len(each) <= room), "")


def elsewhere_words(named: str, host: str, line: str) -> str:
    """What to do about a path of another machine."""
    return (
        f"{visible(named)}\nis not on this machine ({host}).\n\n"
        "If you dropped it from your own computer, copy it here first:\n\n"
        f"{visible(line)}\n\ny copies this line."
    )
