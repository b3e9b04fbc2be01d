"""onnxruntime's refusals in words for people."""

from typing import Final

from engine.scoring.model.runtime import runtime

# Signs of whose operators they are, and what to do then.
CUSTOM: Final = {
    ("_TRT", "TRT:", "TensorRT", "trt.plugins"): " of TensorRT, which only TensorRT itself runs; "
    "export it for onnxruntime, without the TensorRT plugins",
    ("mmdeploy",): " of mmdeploy; export it without them, with mmdeploy's plain onnxruntime "
    "configuration",
    ("ai.onnx.contrib", "com.microsoft.extensions"): " of onnxruntime-extensions, a library that "
    "is not loaded here; export it without pre- and postprocessing inside",
}
OTHERS: Final = ", which are not run here; export it without them"


def refusals() -> tuple[type[Exception], ...]:
    """onnxruntime's own errors, which share no base class."""
    state = runtime().capi.onnxruntime_pybind11_state

    return (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoSuchFile,
        state.NotImplemented,
        state.RuntimeException,
        state.EPFail,
        RuntimeError,
        ValueError,
    )


def in_words(error: str, *, bfloat16: bool = False) -> str:
    """What went wrong and what to do, with onnxruntime's last line where it helps.

    bfloat16 is whether the graph has such numbers, for which most devices have few operators.
    """
    last = error.strip().splitlines()[-1].strip() if error.strip() else "no reason given"
    if bfloat16 and ("bfloat16" in error.lower() or "could not find an impl" in error.lower()):
        return (
            "computes in bfloat16, for which onnxruntime has no operators here; export it in "
            f"float32 or float16 ({last})"
        )
    if (
        "is not a registered function/op" in error
        or "No Op registered for" in error
        or "could not find an implementation" in error.lower()
    ):
        return f"{_custom_operators(error)} ({last})"
    if "opset" in error.lower() or "ir version" in error.lower():
        return (
            f"is newer than this onnxruntime; update onnxruntime or export a lower opset ({last})"
        )
    if "Unrecognized attribute: axis for operator DequantizeLinear" in error:
        return (
            "was quantised channel by channel, which its opset does not know; convert it to opset "
            f"13 or higher, and then quantise it ({last})"
        )
    if "Protobuf parsing failed" in error or "No graph was found" in error:
        return "is not an ONNX model, or is damaged; compare its size with the original"
    if "Failed to allocate memory" in error or "bad_alloc" in error or "BFCArena" in error:
        return f"needs more memory than there is; lower input.max_batch in its card ({last})"
    return f"onnxruntime refuses it: {last}"


def _custom_operators(error: str) -> str:
    whose = (words for signs, words in CUSTOM.items() if any(sign in error for sign in signs))
    return f"needs custom operators{next(whose, OTHERS)}"
