from pathlib import Path

import onnx
import pytest

from engine.scoring.run.scorer import open_scorer
from tui.commands.comparing import demo_sides
from tui.commands.options import DEMO_TASKS

FOLDER = Path(__file__).parents[2] / "demo_data"


@pytest.mark.parametrize("task", DEMO_TASKS)
def test_the_copy_in_8_bits_is_small_and_known_as_the_model_is(task):
    sides = demo_sides(task)
    assert (sides.a.parent, sides.b.parent) == (FOLDER / task, FOLDER / task)
    assert sides.b.stat().st_size < sides.a.stat().st_size / 2
    assert "QuantizeLinear" in {node.op_type for node in onnx.load(sides.b).graph.node}
    one, other = (open_scorer(path, provider="cpu").card for path in (sides.a, sides.b))
    assert one.input == other.input
    assert one.output == other.output
    assert one.classes == other.classes
    assert one.provenance.family == other.provenance.family
