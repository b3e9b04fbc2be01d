"""onnxruntime, imported in this one place, so that it never reports to its maker."""

import os
from functools import cache
from typing import Any, Final

NO_REPORTS: Final = "ORT_DISABLE_TELEMETRY"
"""Read when onnxruntime is imported: its own function comes after a device id is written."""


@cache
def runtime() -> Any:
    """The library, loaded at the first call. Raises ImportError where it is not installed."""
    os.environ[NO_REPORTS] = "1"
    import onnxruntime
    import onnxruntime.capi.onnxruntime_pybind11_state

    return onnxruntime
