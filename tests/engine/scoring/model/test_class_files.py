import pytest

from engine.core.errors import ModelError
from engine.scoring.model.class_files import names_beside


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bolt\nhex nut\n", ("bolt", "hex nut")),
        ("0 bolt\n1 hex nut\n", ("bolt", "hex nut")),  # as Teachable Machine writes them
        ("0\n1\n", ("0", "1")),  # names that are numbers are names
        ("0 bolt\n2 nuts\n", ("0 bolt", "2 nuts")),  # numbers that are part of the names
    ],
)
def test_names_stand_in_lines_with_or_without_their_index(tmp_path, text, names):
    (tmp_path / "labels.txt").write_text(text)
    assert names_beside(tmp_path / "model.onnx", 2) == (names, tmp_path / "labels.txt")
    assert names_beside(tmp_path / "model.onnx", 3) is None


def test_a_number_with_two_names_is_refused(tmp_path):
    (tmp_path / "labels.json").write_text('{"0": "bolt", "1": "nut", "1": "screw"}')
    with pytest.raises(ModelError, match=r"labels\.json: the key '1' stands twice"):
        names_beside(tmp_path / "model.onnx", 2)
