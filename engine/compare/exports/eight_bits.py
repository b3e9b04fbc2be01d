"""Whether a model computes in 8 bits, as its operators show, and how much rounding that allows."""

from pathlib import Path
from typing import Final

from engine.compare.exports.closeness import IN_8_BITS, IN_FLOAT, RoundingLimits
from engine.scoring.model.onnx_file import checked_file

QUANTISED: Final = frozenset(
    (
        *("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv"),
        *("QLinearMatMul", "ConvInteger", "MatMulInteger", "DynamicQuantizeMatMul", "MatMulNBits"),
    )
)
"""Operators of a model whose weights or values are in 8 bits or fewer."""


def computes_in_8_bits(model: Path) -> bool:
    """Whether a model has any of these operators. Raises ModelError."""
    return bool(checked_file(model).graph.operators & QUANTISED)


def limits_of(*models: Path | None) -> RoundingLimits:
    """Those of 8 bits where a side may compute so; None stands for predictions from a file."""
    if any(model is None or computes_in_8_bits(model) for model in models):
        return IN_8_BITS
    return IN_FLOAT
