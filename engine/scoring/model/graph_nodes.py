"""The operators of a graph, and what is known of a value by the operators that made it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# Their answer is their first input in another shape or type, or nearly so.
PASSING: Final = frozenset(
    (
        *("Cast", "CastLike", "Identity", "QuantizeLinear", "DequantizeLinear", "ZipMap"),
        *("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"),
    )
)
SIGMOIDS: Final = frozenset({"Sigmoid", "QLinearSigmoid", "HardSigmoid"})
SOFTMAXES: Final = frozenset({"Softmax", "QLinearSoftmax"})
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
    return _scales(outputs, "QuantizeLinear", nodes, scalars)


def rounded_to(
    outputs: Iterable[str], nodes: list[Node], scalars: Mapping[str, float]
) -> dict[str, float]:
    """The outputs of a graph that are floats again, and whose numbers are multiples of a step."""
    found = _scales(outputs, "DequantizeLinear", nodes, scalars)
    return {name: scale.scale for name, scale in found.items()}


def _scales(
    outputs: Iterable[str], operator: str, nodes: list[Node], scalars: Mapping[str, float]
) -> dict[str, IntegerScale]:
    made_by = producers(nodes)
    found = {}
    for output in outputs:
        node = made_by.get(output)
        for _ in range(len(PASSING)):
            if node is None or node.operator == operator or node.operator not in PASSING:
                break
            if "Linear" in node.operator:
                break
            node = made_by.get(node.inputs[0]) if node.inputs else None
        if node is None or node.operator != operator or len(node.inputs) < ZERO_POINT:
            continue
        scale = scalars.get(node.inputs[1])
        zero = scalars.get(node.zero_point, 0.0) if node.zero_point else 0.0
        known = not node.zero_point or node.zero_point in scalars
        if scale is not None and known:
            found[output] = IntegerScale(scale, int(zero))
    return found
