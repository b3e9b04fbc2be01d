"""The operating point saved in the app, obeyed by scoring, and where the app begins again."""

import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from textual.widgets import Static

from engine.cards.operating_point import applied, saved_point
from engine.core.arrays import NOTHING
from engine.opening import Inputs, opening
from engine.scoring.run.scorer import open_scorer
from tests.engine.batch.making import job, lines, run
from tests.engine.batch.test_one_truth import DEMO
from tests.tui.saving.saving_point import save
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, words
from tui.app import OffdiagApp
from tui.saving.save_point import SavePointScreen


def banner_of(screen) -> Static:
    return screen.query_one("#banner", Static)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Inputs:
    """A few images of the demo with their ground truth, and a copy of its model."""
    place = tmp_path_factory.mktemp("demo")
    truth = json.loads((DEMO / "truth.json").read_text())
    truth["images"] = truth["images"][15:65]
    known = {image["id"] for image in truth["images"]}
    truth["annotations"] = [row for row in truth["annotations"] if row["image_id"] in known]
    (place / "truth.json").write_text(json.dumps(truth))
    (place / "images").mkdir()
    for name in [Path(image["file_name"]).name for image in truth["images"]]:
        shutil.copy(DEMO / "images" / name, place / "images" / name)
    shutil.copy(DEMO / "model.onnx", place / "model.onnx")
    return Inputs(
        place / "truth.json",
        place / "model.onnx",
        place / "images",
        provider="cpu",
        store=place / "store.sqlite",
    )


def app_of_files(inputs: Inputs) -> OffdiagApp:
    return OffdiagApp(lambda cancelled: opening(inputs, cancelled))


def drawn(table) -> str:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def counted_in(screen) -> list:
    """Every box that counts on the screen: image, class, confidence, corners."""
    assessed, classes = screen.assessed, screen.desk.assessment.classes
    outcomes = assessed.counted.outcomes(assessed.floor)
    found = assessed.counted.detection.predictions
    rows = outcomes.prediction[outcomes.predicted != NOTHING]
    names = screen.desk.assessment.images.name
    return sorted(
        (Path(names[image]).name, classes[class_], score, [x, y, x + w, y + h])
        for image, class_, score, (x, y, w, h) in zip(
            found.image[rows].tolist(),
            found.class_[rows].tolist(),
            found.confidence[rows].tolist(),
            found.box[rows].tolist(),
            strict=True,
        )
    )


def scored(inputs: Inputs, out: Path) -> list:
    """Every box that `offdiag score` gives of the same images, as counted_in has them."""
    scorer = open_scorer(inputs.model, provider="cpu")
    point = saved_point(inputs.model)
    thresholds = applied(point, scorer.model, scorer.digest, scorer.class_names, scorer.card)
    run(job(scorer, out, inputs.images, thresholds=thresholds))
    return sorted(
        (Path(line["image"]).name, each["class"], each["score"], each["box"])
        for line in lines(out)
        for each in line["predictions"]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "keys",
    [
        ["right_curly_bracket", "right_square_bracket", "greater_than_sign"],
        ["R", "R", "0"],  # matching by IoU: a confidence must exceed the point
        ["left_curly_bracket", "P"],  # a confidence of its own for each class
    ],
)
async def test_score_gives_the_boxes_that_the_app_counts_at_the_saved_point(demo, tmp_path, keys):
    demo.model.with_name("model.card.toml").unlink(missing_ok=True)
    async with app_of_files(demo).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        counted, card, point = counted_in(screen), screen.assessed.card, screen.wish.point
        assert len(counted) > 50
        await save(pilot)
        assert "saved on" in words(screen, "#summary")
        assert counted_in(screen) == counted
    assert scored(demo, tmp_path / "found.jsonl") == counted
    kept = saved_point(demo.model)
    assert kept.value == pytest.approx(card.f1)
    assert kept.offdiag
    assert kept.date.startswith("20")

    async with app_of_files(demo).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        again = screen.wish.point
        assert (again.iou, again.matching) == (point.iou, point.matching)
        assert again.confidence == point.confidence
        assert bool(again.own) == point.per_class == again.per_class == bool(kept.classes)
        assert counted_in(screen) == counted
        assert not banner_of(screen).display
        assert "saved on" in words(screen, "#summary")
        await pilot.press("5")  # What if shows what counts here
        tab = screen.tab("whatif")
        assert tab.session.confidence == point.confidence
        assert (tab.session.optima is not None) == point.per_class
        if point.per_class:
            own = dict(
                zip(screen.desk.assessment.classes, tab.session.optima.confidence, strict=True)
            )
            assert own | dict(kept.classes) == own


async def test_the_box_compares_with_the_optimum_and_says_where_it_goes(demo):
    demo.model.with_name("model.card.toml").unlink(missing_ok=True)
    async with app_of_files(demo).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        best = screen.assessed.card
        assert "= best F1" in words(screen, "#summary")
        await pilot.press("right_curly_bracket")
        await settled(pilot)
        assert "you moved it" in words(screen, "#summary")
        now = screen.assessed.card
        await pilot.press("w")
        box = await settled(pilot, SavePointScreen)
        await until(pilot, lambda: box.proposal is not None)
        shown = drawn(box.proposal.table)
        change = now.false_positives - best.false_positives
        assert change
        assert f"{now.false_positives} ({change:+,})" in shown
        assert shown.split()[:2] == ["optimal", "now"]
        told = str(box.query_one("#save-words", Static).render())
        assert str(demo.model.with_name("model.card.toml")) in told
        assert "offdiag score and offdiag serve" in told
        await pilot.press("escape")
        await settled(pilot)
    assert not demo.model.with_name("model.card.toml").exists()


async def test_the_box_measures_the_goal_at_both_points(demo):
    demo.model.with_name("model.card.toml").unlink(missing_ok=True)
    async with app_of_files(demo).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("asterisk", "asterisk", "0")  # F0.5, F2
        await settled(pilot)
        assert "= best F2" in words(screen, "#summary")
        best = screen.assessed.best.value
        await pilot.press("right_curly_bracket")
        await settled(pilot)
        card = screen.assessed.card
        wanted, found = card.ground_truths, card.true_positives
        now = 5 * found / (4 * wanted + card.predictions)
        await pilot.press("w")
        box = await settled(pilot, SavePointScreen)
        await until(pilot, lambda: box.proposal is not None)
        (row,) = (line for line in drawn(box.proposal.table).splitlines() if "F2" in line)
        assert row.split() == ["F2", f"{best:.3f}"[1:], f"{now:.3f}"[1:]]
        assert best > now
