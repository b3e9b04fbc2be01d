"""How hypothesis looks for counterexamples, and the terminal that all tests draw for."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings
from textual import constants

# Pictures differ by the colours there are. A plugin has imported Textual by now, so the
# variable that it reads comes too late.
constants.COLOR_SYSTEM = "truecolor"  # type: ignore[misc]
os.environ.pop("NO_COLOR", None)

# A busy machine is no counterexample. Where CI is set the examples are the same each time.
settings.register_profile(
    "offdiag",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("offdiag")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """What is never collected would be told as leaked, by duckdb at the very end."""
    gc.unfreeze()
