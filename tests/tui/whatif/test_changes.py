"""What breaks a model, and a second model beside the first."""

import shutil
import threading

import numpy as np
import pytest
from PIL import Image

from engine.whatif.perturbing import BLUR, NONE, Perturbation
from tests.tui.asking import (
    CLASSIFIER,
    CROPS,
    MODEL,
    PHOTOS,
    asking,
    drawn,
    models,
    notices,
    results,
    seen,
    told,
)
from tests.tui.waiting import until
from tui.controls.path_ask import PathAsk
from tui.controls.path_input import PathInput
from tui.image.probability_bars import ProbabilityBars


async def changed(pilot, tab, change):
    await until(pilot, lambda: not tab.session.image.busy and seen(tab).look.change == change)


async def with_second(pilot, tab, path):
    await pilot.press("m")
    await until(pilot, lambda: isinstance(pilot.app.screen, PathAsk))
    pilot.app.screen.query_one(PathInput).value = str(path)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, PathAsk))


async def test_a_key_changes_the_image_scores_it_again_and_tells_what_changed():
    async with asking(*PHOTOS[:2]) as (pilot, tab):
        await pilot.press("b", "n")
        await changed(pilot, tab, Perturbation(blur=1.0, noise=5.0))
        assert "blur 1 px, noise 5: " in told(tab)
        assert seen(tab).shown != str(PHOTOS[0])
        with Image.open(seen(tab).shown) as shown, Image.open(PHOTOS[0]) as photo:
            expected = Perturbation(blur=1.0, noise=5.0).of(photo.convert("RGB"))
            assert np.array_equal(np.asarray(shown), np.asarray(expected))
        assert tab.pane.table.shown.compared == "was"
        first = seen(tab).original
        await pilot.press("r")
        await changed(pilot, tab, NONE)
        assert seen(tab).now is first
        assert tab.query_one("#whatif-first").subject.path == PHOTOS[0]
        assert told(tab).split("\n")[1] == ""
        await pilot.press(*["b"] * 10)
        await changed(pilot, tab, Perturbation(blur=BLUR[-1]))
        assert "lost" in told(tab)
        assert any(label.endswith("lost") for label in drawn(tab))
        await pilot.press("down")  # another image is seen as it is
        await until(pilot, lambda: seen(tab).look.path == str(PHOTOS[1]))
        assert seen(tab).look.change == NONE


async def test_while_one_change_is_scored_only_the_newest_wish_is_kept():
    async with asking(PHOTOS[0]) as (pilot, tab):
        image, goes_on, looks = tab.session.image, threading.Event(), []
        worked_out = image.worked_out

        def slow(wanted, *rest):
            looks.append(wanted.change)
            goes_on.wait(10)
            return worked_out(wanted, *rest)

        image.worked_out = slow
        await pilot.press("b", "b", "b")
        await until(pilot, lambda: tab.session.image.wished.change == Perturbation(blur=3.0))
        await until(pilot, lambda: bool(looks))
        assert looks == [Perturbation(blur=1.0)]
        goes_on.set()
        await changed(pilot, tab, Perturbation(blur=3.0))
        assert looks == [Perturbation(blur=1.0), Perturbation(blur=3.0)]


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("b", Perturbation(blur=1.0)),
        ("n", Perturbation(noise=5.0)),
        ("l", Perturbation(brightness=1.2)),
        ("L", Perturbation(brightness=0.85)),
        ("c", Perturbation(contrast=1.25)),
        ("C", Perturbation(contrast=0.8)),
        ("g", Perturbation(quality=75)),
        ("z", Perturbation(scale=0.7)),
        ("Z", Perturbation(scale=1.4)),
        ("o", Perturbation(turns=1)),
        ("f", Perturbation(flipped=True)),
        ("x", Perturbation(crop=0.9)),
    ],
)
def test_every_change_has_its_key(key, change):
    from tui.whatif.keys import BINDINGS

    (action,) = (binding.action for binding in BINDINGS if binding.key == key)
    name, by = action.removeprefix("change(").removesuffix(")").split(", ")
    assert NONE.step(name.strip("'"), int(by)) == change


@pytest.mark.slow
async def test_a_flipped_image_keeps_its_detections_where_its_objects_are():
    async with asking(PHOTOS[0]) as (pilot, tab):
        before = {line.name for line in tab.pane.table.shown.lines if line.kept}
        await pilot.press("f")
        await changed(pilot, tab, Perturbation(flipped=True))
        paired = [line for line in tab.pane.table.shown.lines if line.kept and line.other_kept]
        assert len(paired) > len(before) / 2
        for line in paired:
            assert abs(line.box[0] - line.other_box[0]) < 12


@pytest.mark.slow
async def test_a_second_model_answers_beside_the_first_and_can_be_taken_away(tmp_path):
    shutil.copy(MODEL, tmp_path / "other.onnx")
    card = '[input]\ncolor = "BGR"\n'
    (tmp_path / "other.card.toml").write_text(card)
    async with asking(*PHOTOS[:2]) as (pilot, tab):
        await with_second(pilot, tab, tmp_path / "other.onnx")
        await until(pilot, lambda: seen(tab).second is not None)
        assert told(tab).splitlines()[1].startswith("other.onnx: ")
        assert tab.query_one("#whatif-second").display
        shown = tab.pane.table.shown
        assert shown.compared == "2nd"
        assert len(drawn(tab, "#whatif-second")) == sum(line.other_kept for line in shown.lines)
        await pilot.press("down")
        await until(
            pilot,
            lambda: seen(tab).look.place == 1 and seen(tab).second is not None,
        )
        await pilot.press("b")
        await until(
            pilot,
            lambda: seen(tab).look.change.blur == 1.0 and not tab.session.image.busy,
        )
        assert seen(tab).second is not None
        await with_second(pilot, tab, "")
        await until(pilot, lambda: seen(tab).second is None and not tab.session.image.busy)
        assert not tab.query_one("#whatif-second").display


async def test_a_second_model_that_cannot_be_is_refused_and_the_first_goes_on(tmp_path):
    async with asking(PHOTOS[0]) as (pilot, tab):
        await with_second(pilot, tab, CLASSIFIER)
        await until(pilot, lambda: any("cannot be compared" in each for each in notices(pilot)))
        assert models(tab).second is None
        assert len(drawn(tab)) > 0
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, PathAsk))
        box = pilot.app.screen
        box.query_one(PathInput).value = str(tmp_path / "none.onnx")
        await pilot.press("enter")
        await until(pilot, lambda: len(box.query(".-problem")) == 1)
        assert pilot.app.screen is box


@pytest.mark.slow
async def test_a_classifier_shows_its_classes_as_bars_and_tells_what_a_change_does():
    async with asking(*CROPS[:2], model=CLASSIFIER) as (pilot, tab):
        bars = tab.query(ProbabilityBars).first()
        value = results(tab).at([0])[0].found.value
        assert bars.display
        assert not tab.pane.table.display
        assert bars.shown.probability.tolist() == sorted(value.astype(float), reverse=True)
        assert bars.shown.mark(0) == "answer"
        assert tab.pane.images.rows[0].tops[0][0] == models(tab).names[int(value.argmax())]
        await pilot.press("o")
        await changed(pilot, tab, Perturbation(turns=1))
        assert told(tab).splitlines()[1].startswith("turned 90")
        assert np.array_equal(bars.shown.probability, np.sort(seen(tab).now.found.value)[::-1])
        tab.set_limits(0.99999)
        assert bars.shown.mark(0) == "withheld"
        assert tab.pane.images.rows[0].lead == "no answer  "
        await with_second(pilot, tab, CLASSIFIER)
        await until(pilot, lambda: seen(tab).second is not None)
        first, second = tab.query(ProbabilityBars)
        assert second.display
        assert np.array_equal(first.shown.probability, second.shown.probability)
        assert "model.onnx: still " in told(tab)
