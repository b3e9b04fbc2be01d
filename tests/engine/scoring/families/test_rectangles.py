"""Dynamic exports of Ultralytics get the least rectangle that an image fits, as it has it."""

import pytest

from engine.core.errors import CardError
from engine.scoring.card import card_beside
from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.detector_cases import ANY, V8
from tests.engine.scoring.family_cases import CLASSES, NAMES
from tests.engine.scoring.graphs import Out, graph, names_metadata

DYNAMIC = {"author": "Ultralytics", "imgsz": "[96, 96]", "args": "{'dynamic': True}"}


def made(folder, shape=ANY, **said):
    return graph(
        folder / "model.onnx",
        {"output0": Out(V8, ["batch", 6, "anchors"])},
        shape=shape,
        metadata=names_metadata() | DYNAMIC | said,
    )


def test_a_dynamic_export_is_fed_rectangles(tmp_path, photos, store):
    scorer = open_scorer(made(tmp_path))
    assert scorer.preprocessing == (
        "RGB 0 to 1, letterbox-rectangle of 96 at most, sides multiples of 32"
    )
    assert (scorer.card.input.size, scorer.batch) == ((), 1)
    images = photos((120, 60), (60, 120))
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, NAMES).predictions
    assert found.class_.tolist() == CLASSES * 2
    # 120 x 60 becomes 96 x 48 in 96 x 64: eight rows above, and .8 of a pixel for each.
    assert found.box[0] == pytest.approx([20, 10, 20, 20], abs=0.01)
    assert found.box[2] == pytest.approx([10, 20, 20, 20], abs=0.01)


@pytest.mark.parametrize(
    ("options", "words", "told"),
    [
        ({"author": "me"}, "letterbox to 96 x 96", False),
        ({"shape": ["batch", 3, 96, 96]}, "letterbox to 96 x 96", False),
        ({"imgsz": "[48, 64]"}, "letterbox to 64 x 48", True),
    ],
)
def test_others_are_fed_one_size_and_told_where_ultralytics_is_not(tmp_path, options, words, told):
    scorer = open_scorer(made(tmp_path, **options))
    assert words in scorer.preprocessing
    assert any("the least rectangle" in note for note in scorer.notes) == told


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('resize = "letterbox"', "letterbox to 96 x 96"),
        ("size = [64, 64]", "letterbox to 64 x 64"),
    ],
)
def test_a_card_may_ask_for_one_size(tmp_path, said, words):
    model = made(tmp_path)
    card_beside(model).write_text(f"[input]\n{said}\n")
    assert words in open_scorer(model).preprocessing


def test_a_graph_of_one_size_takes_no_rectangles(tmp_path):
    model = made(tmp_path, shape=[1, 3, 96, 96])
    card_beside(model).write_text('[input]\nresize = "letterbox-rectangle"\n')
    with pytest.raises(CardError, match="gives each image its own size, but the model takes"):
        open_scorer(model)
