"""What is assumed of a model stands on the screen while it is still being run."""

import json
from pathlib import Path
from threading import Event

from PIL import Image

from engine.opening import Inputs, Noticed, Opened, opening
from engine.scoring.run.runner import Progress
from tests.engine.scoring.detector_cases import ENDED
from tests.engine.scoring.graphs import Out, graph
from tests.opening import confused, opened
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.assess.loading import LoadingScreen

NOTE = "Its output [1, 3549, 85] was ASSUMED"


async def test_assumptions_are_read_before_anything_is_counted():
    end = Event()

    def opener(cancelled):
        yield Noticed((NOTE, "Classes by order"))
        yield Progress(1, 3, 0, 12.0, 0.2, 0)
        end.wait(20)
        yield opened(confused())

    app = OffdiagApp(opener)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot, LoadingScreen)
        notes = screen.query_one("#loading-notes")
        await until(pilot, lambda: str(notes.render()) != "")
        assert str(notes.render()) == f"{NOTE}\nClasses by order"
        end.set()
        await settled(pilot)


def test_a_guessed_model_and_its_unnamed_classes_are_noticed_before_the_first_image(tmp_path: Path):
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    truth = {
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
        "categories": [{"id": 1, "name": "bolt"}, {"id": 2, "name": "nut"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 9, 9], "area": 81}
        ],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    model = graph(tmp_path / "model.onnx", {"output0": Out(ENDED)})
    (tmp_path / "labels.txt").write_text("Bolt\nNUT\n")
    inputs = Inputs(tmp_path / "truth.json", model, tmp_path, store=tmp_path / "store.sqlite")
    events = list(opening(inputs))
    kinds = [type(event) for event in events]
    assert kinds.index(Noticed) < kinds.index(Progress)
    told = "\n".join(events[kinds.index(Noticed)].sentences)
    assert "ASSUMED: color order RGB" in told
    assert "labels.txt" in told
    assert "'Bolt' is 'bolt', 'NUT' is 'nut'" in told
    last = events[-1]
    assert isinstance(last, Opened)
    assert dict(last.facts)["Family"] == "end2end (guess, by shapes)"
    assert "six numbers a box" in dict(last.facts)["Recognised"]
