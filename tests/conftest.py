"""How hypothesis looks for counterexamples."""

import os

from hypothesis import HealthCheck, settings

# A busy machine is no counterexample. Where CI is set the examples are the same each time.
settings.register_profile(
    "offdiag",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("offdiag")
