"""The processor cores that this process may use."""

import os


def available_cores() -> int:
    """How many there are, also where a scheduler allows fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
