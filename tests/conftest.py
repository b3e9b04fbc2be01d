"""How hypothesis looks for counterexamples, and the terminal that all tests draw for."""

import os

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
