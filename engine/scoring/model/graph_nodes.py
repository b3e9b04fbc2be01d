"""The operators of a graph, and what is known of a value by the operators that made it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# Their answer is their first input in another shape, or also in another type, or nearly so.
RESHAPING: Final = frozenset(
    ("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose")
)
PASSING: Final = RESHAPING | frozenset(
    ("Cast", "CastLike", "QuantizeLinear", "DequantizeLinear", "ZipMap")
)
SIGMOIDS: Final = frozenset({"Sigmoid", "QLinearSigmoid", "HardSigmoid"})
SOFTMAXES: Final = frozenset({"Softmax", "QLinearSoftmax"})
# Where the scale of the integers that an operator gives stands; their zero point follows.
SCALE_PLACES: Final = {
    "QuantizeLinear": 1,
    "QLinearConcat": 0,
    **dict.fromkeys(("QLinearSigmoid", "QLinearSoftmax", "QLinearLeakyRelu"), 3),
    **dict.fromkeys(("QLinearAveragePool", "QLinearGlobalAveragePool", "QLinearReduceMean"), 3),
    **dict.fromkeys(("QLinearConv", "QLinearMatMul", "QLinearAdd", "QLinearMul"), 6),
    "QGemm": 7,
}
MOST_RESHAPED: Final = 20  # times in a row; a damaged graph may go round and round
ZERO_POINT: Final = 2  # place among the inputs of QuantizeLinear and DequantizeLinear


@dataclass(frozen=True)
class Node:
    """One operator."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    number: int = 0  # `to` of a Cast, `bits` of a MatMulNBits

    @property
    def zero_point(self) -> str:
        """The name of the zero point of a QuantizeLinear or DequantizeLinear, or nothing."""
        return self.inputs[ZERO_POINT] if len(self.inputs) > ZERO_POINT else ""


@dataclass(frozen=True)
class IntegerScale:
    """Integers that stand for numbers: number = (integer - zero_point) * scale."""

    scale: float
    zero_point: int


def producers(nodes: Iterable[Node]) -> dict[str, Node]:
    """Every value by its name -> the operator that gives it."""
    return {name: node for node in nodes for name in node.outputs}


def given_by(nodes: Iterable[Node], operators: frozenset[str]) -> frozenset[str]:
    """The values that these operators give, also in another shape or type; nodes in order."""
    found: set[str] = set()
    for node in nodes:
        passed = node.operator in PASSING and node.inputs and node.inputs[0] in found
        if passed or node.operator in operators:
            found.update(node.outputs)
    return frozenset(found)


def integer_scales(
    outputs: Iterable[str], nodes: list[Node], scalars: Mapping[str, float]
) -> dict[str, IntegerScale]:
    """The outputs of a graph that are left as integers, with their scale, where one is known."""
    return _scales(outputs, SCALE_PLACES, nodes, scalars)


def rounded_to(
    outputs: Iterable[str], nodes: list[Node], scalars: Mapping[str, float]
) -> dict[str, float]:
    """The outputs of a graph that are floats again, and whose numbers are multiples of a step."""
    found = _scales(outputs, {"DequantizeLinear": 1}, nodes, scalars)
    return {name: scale.scale for name, scale in found.items()}


def _scales(
    outputs: Iterable[str],
    places: Mapping[str, int],
    nodes: list[Node],
    scalars: Mapping[str, float],
) -> dict[str, IntegerScale]:
    """The scale at its place among the inputs of the operator that gives an output.

    What only changes the shape in between does not count.
    """
    made_by = producers(nodes)
    found = {}
    for output in outputs:
        node = made_by.get(output)
        for _ in range(MOST_RESHAPED):
            if node is None or node.operator not in RESHAPING or not node.inputs:
                break
            node = made_by.get(node.inputs[0])
        if node is None or node.operator not in places:
            continue
        scale, zero, *_ = (*node.inputs[places[node.operator] :], "", "")
        known = (scalars.get(scale, math.nan), scalars.get(zero, math.nan) if zero else 0.0)
        if all(map(math.isfinite, known)):
            found[output] = IntegerScale(known[0], int(known[1]))
    return found
