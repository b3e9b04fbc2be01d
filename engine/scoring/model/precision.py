"""In how many bits a graph keeps and computes its layers, in words."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from engine.scoring.model.graph_nodes import PASSING, Node, producers

# Numbers of onnx.TensorProto.DataType.
FLOAT16, BFLOAT16 = 10, 16
BITS: Final = {2: 8, 3: 8, 17: 8, 18: 8, 19: 8, 20: 8, 4: 16, 5: 16, 21: 4, 22: 4}
FLOATS: Final = {FLOAT16: "16-bit floats", BFLOAT16: "bfloat16"}

# Operators with weights, by the place of these among their inputs.
PLAIN: Final = {
    **dict.fromkeys(("Conv", "ConvTranspose", "Gemm", "MatMul"), 1),
    **dict.fromkeys(("FusedConv", "FusedGemm", "FusedMatMul"), 1),
}
QOPERATORS: Final = dict.fromkeys(("QLinearConv", "QLinearMatMul", "QGemm"), 3)
DYNAMIC: Final = dict.fromkeys(
    ("ConvInteger", "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"), 1
)
BLOCKS: Final = "MatMulNBits"  # weights of few bits, each block with a scale of its own


def precision(nodes: list[Node], kinds: Mapping[str, int]) -> str:
    """Nothing where all layers are plain floats, else as in "8-bit, QDQ, 57 of 63 layers".

    `kinds` are the data types of the constants by name. A layer is an operator with weights.
    """
    made_by = producers(nodes)
    layers = Counter(words for node in nodes if (words := _layer(node, made_by, kinds)) is not None)
    total = layers.total()
    return "; ".join(
        f"{words}, {count} of {total} layers" for words, count in layers.most_common() if words
    )


def _layer(node: Node, made_by: Mapping[str, Node], kinds: Mapping[str, int]) -> str | None:
    """How a layer computes, "" for plain floats; None for what has no weights."""
    if node.operator == BLOCKS:
        return f"{node.number or 4}-bit weights"
    places = {**PLAIN, **QOPERATORS, **DYNAMIC}
    place = places.get(node.operator)
    if place is None or len(node.inputs) <= place:
        return None
    kind, dequantised = _constant(node.inputs[place], made_by, kinds)
    if kind is None:
        return None
    bits = f"{BITS.get(kind, 8)}-bit"
    if node.operator in QOPERATORS:
        return f"{bits}, QOperator"
    if node.operator in DYNAMIC:
        return f"{bits}, dynamic"
    if not dequantised:
        return FLOATS.get(kind, "")
    before = made_by.get(node.inputs[0])
    if before is None or before.operator != "DequantizeLinear":
        return f"{bits} weights"
    activations = BITS.get(kinds.get(before.zero_point, 0), 8)
    if f"{activations}-bit" != bits:
        return f"{bits} weights, {activations}-bit activations, QDQ"
    return f"{bits}, QDQ"


def _constant(
    name: str, made_by: Mapping[str, Node], kinds: Mapping[str, int]
) -> tuple[int | None, bool]:
    """The type of the constant that a value is made of, and whether it was dequantised on the way.

    The constant may be kept in floats and quantised in the graph: then as it is quantised.
    """
    dequantised, kind = False, None
    for _ in range(len(PASSING)):
        if name in kinds:
            return kind or kinds[name], dequantised
        node = made_by.get(name)
        if node is None or node.operator not in PASSING or not node.inputs:
            break
        if node.operator == "DequantizeLinear":
            dequantised = True
        if node.operator == "QuantizeLinear":
            kind = kinds.get(node.zero_point, 2)
        name = node.inputs[0]
    return None, dequantised
