"""What the graph of an ONNX file consists of: its operators, its thresholds, its other files."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.scoring.model.protobuf import fields, inside

# Field numbers of onnx.proto.
MODEL_GRAPH: Final = 7
MODEL_TRAINING: Final = 20
MODEL_FUNCTIONS: Final = 25
TRAINING_GRAPHS: Final = (1, 2)
FUNCTION_NODE: Final = 7
GRAPH_NODE: Final = 1
GRAPH_INITIALIZER: Final = 5
GRAPH_SPARSE_INITIALIZER: Final = 15
NODE_INPUT: Final = 1
NODE_OUTPUT: Final = 2
NODE_OP_TYPE: Final = 4
NODE_ATTRIBUTE: Final = 5
ATTRIBUTE_TENSORS: Final = (5, 10)
ATTRIBUTE_GRAPHS: Final = (6, 11)
ATTRIBUTE_SPARSE: Final = (22, 23)
SPARSE_TENSORS: Final = (1, 2)
TENSOR_NAME: Final = 8
TENSOR_FLOATS: Final = 4
TENSOR_RAW: Final = 9
TENSOR_EXTERNAL: Final = 13
ENTRY_KEY: Final = 1
ENTRY_VALUE: Final = 2

DEEPEST: Final = 50  # graphs within graphs; deeper ones are made to overflow a reader
SIGMOID: Final = "Sigmoid"
PROBABILITIES: Final = ("Softmax", SIGMOID)
SCORE_THRESHOLD: Final = 4  # place among the inputs of NonMaxSuppression


@dataclass(frozen=True)
class GraphFacts:
    """What was found in the graph and in every graph and function within it."""

    operators: frozenset[str]
    external_data: tuple[str, ...]  # locations of weights in other files, as written
    score_threshold: float | None  # constant of a NonMaxSuppression, the lowest of several
    probabilities: frozenset[str]  # values that a Softmax or a Sigmoid gives
    sigmoids: frozenset[str]  # those of them that a Sigmoid gives

    @property
    def suppresses(self) -> bool:
        """Whether boxes are suppressed inside."""
        return any("NonMaxSuppression" in name or "NMS" in name for name in self.operators)


def graph_facts(content: memoryview) -> GraphFacts:
    """Look through a whole model; `ValueError` or `IndexError` when it is none."""
    found = _Found({}, {}, {}, [], set(), set())
    for number, value in fields(content):
        if number == MODEL_GRAPH:
            found.graph(value, 0)
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
        probabilities=frozenset(found.probabilities),
        sigmoids=frozenset(found.sigmoids),
    )


@dataclass(frozen=True)
class _Found:
    operators: dict[str, None]
    locations: dict[str, None]  # dictionaries keep the order
    scalars: dict[str, float]  # constants that are one float, by name
    thresholds: list[str]  # names of the score thresholds of NonMaxSuppression
    probabilities: set[str]
    sigmoids: set[str]

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
        if operator in PROBABILITIES:
            self.probabilities.update(outputs)
        if operator == SIGMOID:
            self.sigmoids.update(outputs)
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

    def sparse(self, sparse: memoryview) -> None:
        for number, tensor in fields(sparse):
            if number in SPARSE_TENSORS:
                self.tensor(tensor, "")

    def tensor(self, tensor: memoryview, name: str) -> None:
        scalar: float | None = None
        for number, value in fields(tensor):
            if number == TENSOR_EXTERNAL:
                entry = dict(_text(fields(value)))
                if entry.get(ENTRY_KEY) == "location":
                    self.locations[entry.get(ENTRY_VALUE, "")] = None
            elif number == TENSOR_NAME:
                name = name or bytes(value).decode()
            elif number in (TENSOR_FLOATS, TENSOR_RAW) and len(value) == 4:
                (scalar,) = struct.unpack("<f", value)
        if scalar is not None and name:
            self.scalars[name] = scalar


def _text(entry: Iterator[tuple[int, memoryview]]) -> Iterator[tuple[int, str]]:
    return ((number, bytes(value).decode()) for number, value in entry)
