"""What the graph of an ONNX file consists of: its operators, its thresholds, its other files."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.scoring.model.graph_nodes import (
    SIGMOIDS,
    SOFTMAXES,
    IntegerScale,
    Node,
    given_by,
    integer_scales,
    rounded_to,
)
from engine.scoring.model.precision import BFLOAT16, precision
from engine.scoring.model.protobuf import fields, inside, varint

# Field numbers of onnx.proto.
MODEL_GRAPH: Final = 7
MODEL_TRAINING: Final = 20
MODEL_FUNCTIONS: Final = 25
TRAINING_GRAPHS: Final = (1, 2)
FUNCTION_NODE: Final = 7
GRAPH_NODE: Final = 1
GRAPH_INITIALIZER: Final = 5
GRAPH_OUTPUT: Final = 12
GRAPH_SPARSE_INITIALIZER: Final = 15
VALUE_NAME: Final = 1
NODE_INPUT: Final = 1
NODE_OUTPUT: Final = 2
NODE_OP_TYPE: Final = 4
NODE_ATTRIBUTE: Final = 5
ATTRIBUTE_NAME: Final = 1
ATTRIBUTE_INT: Final = 3
ATTRIBUTE_TENSORS: Final = (5, 10)
ATTRIBUTE_GRAPHS: Final = (6, 11)
ATTRIBUTE_SPARSE: Final = (22, 23)
SPARSE_TENSORS: Final = (1, 2)
TENSOR_TYPE: Final = 2
TENSOR_FLOATS: Final = 4
TENSOR_INT32: Final = 5  # integers of 32 bits and fewer
TENSOR_NAME: Final = 8
TENSOR_RAW: Final = 9
TENSOR_EXTERNAL: Final = 13
ENTRY_KEY: Final = 1
ENTRY_VALUE: Final = 2

DEEPEST: Final = 50  # graphs within graphs; deeper ones are made to overflow a reader
# A scalar in raw bytes, by the number of its type.
RAW_SCALARS: Final = {1: "<f", 2: "<B", 3: "<b", 4: "<H", 5: "<h", 6: "<i", 10: "<e"}
NUMBERS: Final = {"Cast": b"to", "MatMulNBits": b"bits"}  # attributes that are kept
SCORE_THRESHOLD: Final = 4  # place among the inputs of NonMaxSuppression


@dataclass(frozen=True)
class GraphFacts:
    """What was found in the graph and in every graph and function within it."""

    operators: frozenset[str]
    external_data: tuple[str, ...]  # locations of weights in other files, as written
    score_threshold: float | None  # constant of a NonMaxSuppression, the lowest of several
    probabilities: frozenset[str]  # values that a Softmax or a Sigmoid gives
    sigmoids: frozenset[str]  # those of them that a Sigmoid gives
    precision: str = ""  # of its layers, in words; nothing where all are floats of 32 bits
    bfloat16: bool = False  # whether anything in it is one
    integers: Mapping[str, IntegerScale] = field(default_factory=dict)
    """Outputs that are left as integers, and what these stand for."""
    steps: Mapping[str, float] = field(default_factory=dict)
    """Outputs that were integers, whose numbers are all multiples of one."""

    @property
    def suppresses(self) -> bool:
        """Whether boxes are suppressed inside."""
        return any("NonMaxSuppression" in name or "NMS" in name for name in self.operators)


def graph_facts(content: memoryview) -> GraphFacts:
    """Look through a whole model; `ValueError` or `IndexError` when it is none."""
    found = _Found({}, {}, {}, [], {}, [])
    outputs: list[str] = []
    for number, value in fields(content):
        if number == MODEL_GRAPH:
            found.graph(value, 0)
            outputs += [
                bytes(name).decode()
                for port in inside(value, GRAPH_OUTPUT)
                for name in inside(port, VALUE_NAME)
            ]
        elif number == MODEL_TRAINING:
            for part, graph in fields(value):
                if part in TRAINING_GRAPHS:
                    found.graph(graph, 0)
        elif number == MODEL_FUNCTIONS:
            for node in inside(value, FUNCTION_NODE):
                found.node(node, 0)
    known = [found.scalars[name] for name in found.thresholds if name in found.scalars]
    return GraphFacts(
        operators=frozenset(found.operators),
        external_data=tuple(found.locations),
        score_threshold=min(known) if known else None,
        probabilities=given_by(found.nodes, SIGMOIDS | SOFTMAXES),
        sigmoids=given_by(found.nodes, SIGMOIDS),
        precision=precision(found.nodes, found.kinds),
        bfloat16=BFLOAT16 in found.kinds.values()
        or any(node.operator == "Cast" and node.number == BFLOAT16 for node in found.nodes),
        integers=integer_scales(outputs, found.nodes, found.scalars),
        steps=rounded_to(outputs, found.nodes, found.scalars),
    )


@dataclass(frozen=True)
class _Found:
    operators: dict[str, None]
    locations: dict[str, None]  # dictionaries keep the order
    scalars: dict[str, float]  # constants that are one number, by name
    thresholds: list[str]  # names of the score thresholds of NonMaxSuppression
    kinds: dict[str, int]  # types of all constants, by name
    nodes: list[Node]

    def graph(self, graph: memoryview, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError(depth)
        for number, value in fields(graph):
            if number == GRAPH_NODE:
                self.node(value, depth)
            elif number == GRAPH_INITIALIZER:
                self.tensor(value, "")
            elif number == GRAPH_SPARSE_INITIALIZER:
                self.sparse(value)

    def node(self, node: memoryview, depth: int) -> None:
        parts = list(fields(node))
        operator = "".join(
            bytes(value).decode() for number, value in parts if number == NODE_OP_TYPE
        )
        self.operators[operator] = None
        inputs = [bytes(value).decode() for number, value in parts if number == NODE_INPUT]
        outputs = [bytes(value).decode() for number, value in parts if number == NODE_OUTPUT]
        if operator == "NonMaxSuppression" and len(inputs) > SCORE_THRESHOLD:
            self.thresholds.append(inputs[SCORE_THRESHOLD])
        kept = 0
        constant = outputs[0] if operator == "Constant" and outputs else ""
        for number, attribute in parts:
            if number != NODE_ATTRIBUTE:
                continue
            for kind, value in fields(attribute):
                if kind in ATTRIBUTE_TENSORS:
                    self.tensor(value, constant)
                elif kind in ATTRIBUTE_GRAPHS:
                    self.graph(value, depth + 1)
                elif kind in ATTRIBUTE_SPARSE:
                    self.sparse(value)
            if operator in NUMBERS:
                kept = kept or _number(attribute, NUMBERS[operator])
        self.nodes.append(Node(operator, tuple(inputs), tuple(outputs), kept))

    def sparse(self, sparse: memoryview) -> None:
        for number, tensor in fields(sparse):
            if number in SPARSE_TENSORS:
                self.tensor(tensor, "")

    def tensor(self, tensor: memoryview, name: str) -> None:
        kind, content = 0, memoryview(b"")
        plain = 0
        for number, value in fields(tensor):
            if number == TENSOR_EXTERNAL:
                entry = dict(_text(fields(value)))
                if entry.get(ENTRY_KEY) == "location":
                    self.locations[entry.get(ENTRY_VALUE, "")] = None
            elif number == TENSOR_NAME:
                name = name or bytes(value).decode()
            elif number == TENSOR_TYPE:
                kind, _ = varint(value, 0)
            elif number in (TENSOR_FLOATS, TENSOR_RAW, TENSOR_INT32):
                content, plain = value, number
        if not name:
            return
        self.kinds[name] = kind
        scalar = _scalar(kind, plain, content)
        if scalar is not None:
            self.scalars[name] = scalar


def _scalar(kind: int, field_number: int, content: memoryview) -> float | None:
    """The number of a tensor that holds one; None for others."""
    if field_number == TENSOR_INT32:
        try:
            value, end = varint(content, 0)
        except (IndexError, ValueError):
            return None
        if end != len(content):
            return None
        return float(value - 2**64 if value >= 2**63 else value)
    layout = RAW_SCALARS.get(kind, "")
    if not layout or len(content) != struct.calcsize(layout):
        return None
    return float(struct.unpack(layout, content)[0])


def _number(attribute: memoryview, name: bytes) -> int:
    """The integer of an attribute of this name; 0 for others."""
    parts = dict(fields(attribute))
    if bytes(parts.get(ATTRIBUTE_NAME, b"")) != name or ATTRIBUTE_INT not in parts:
        return 0
    return varint(parts[ATTRIBUTE_INT], 0)[0]


def _text(entry: Iterator[tuple[int, memoryview]]) -> Iterator[tuple[int, str]]:
    return ((number, bytes(value).decode()) for number, value in entry)
