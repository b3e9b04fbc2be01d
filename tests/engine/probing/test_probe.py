"""A probe finds out how a model wants to be fed, and says how sure that is."""

import shutil
from threading import Event

import numpy as np
import pytest

from engine.core.errors import DataError, ModelError
from engine.opening import Inputs, Stage
from engine.probing import running
from engine.probing.probe import NothingOpenError, probing, write_winner
from engine.probing.ranking import VariantRanking
from engine.probing.running import Trying
from engine.scoring.card import card_beside, changed
from engine.scoring.run.scorer import open_scorer
from tests.probing import RIGHT, in_folders, inputs_of, labelled, particular_model


def ranked(inputs, **options) -> VariantRanking:
    *_, last = probing(inputs, **options)
    assert isinstance(last, VariantRanking)
    return last


def test_a_probe_finds_colour_order_range_and_resize(tmp_path):
    ranking = ranked(inputs_of(tmp_path))
    assert (ranking.metric, ranking.images, len(ranking.variants)) == ("AP", 8, 18)
    assert ranking.best.variant.words == RIGHT
    assert ranking.best.score == pytest.approx(1)
    assert not ranking.best.assumed
    assert ranking.places[1].score < 0.9
    assert [answer.words for answer in ranking.answers] == list(RIGHT)
    assert [answer.assumed for answer in ranking.answers] == ["0 to 1", "RGB", "letterbox"]
    assert not any(answer.margin.within_noise for answer in ranking.answers)
    assert not ranking.margin.within_noise


def test_a_classifier_is_ranked_by_accuracy(tmp_path):
    model = particular_model(tmp_path / "model.onnx", classifies=True)
    ranking = ranked(Inputs(in_folders(tmp_path / "data"), model, provider="cpu"))
    assert ranking.metric == "accuracy"
    assert ranking.best.score == 1
    assert ranking.best.variant.values["input.color"] == "BGR"
    assert ranking.best.variant.values["input.scale"] == 1
    crop = next(answer for answer in ranking.answers if answer.about == "resize")
    assert crop.margin.within_noise  # a plain colour looks the same however it is cropped
    assert crop.words == crop.assumed


def test_the_winner_is_what_the_model_is_fed_with_when_it_is_opened_again(tmp_path):
    inputs = inputs_of(tmp_path)
    before = open_scorer(inputs.model)
    place = card_beside(inputs.model)
    place.write_text("# mine\n[output.nms]\niou = 0.45   # as trained\n")
    ranking = ranked(inputs)
    assert write_winner(ranking, inputs.model) == place
    text = place.read_text()
    assert "# mine" in text
    assert "iou = 0.45   # as trained" in text
    after = open_scorer(inputs.model)
    assert after.open_questions == ()
    wanted = changed(before.card, {**ranking.values, "output.nms.iou": 0.45})
    assert (after.card.input, after.card.output) == (wanted.input, wanted.output)
    with pytest.raises(NothingOpenError, match="BGR 0 to 255, letterbox-topleft to 64 x 64"):
        list(probing(inputs))


def test_ways_that_do_not_differ_on_the_images_are_a_tie_and_the_assumed_one_stays(tmp_path):
    inputs = inputs_of(tmp_path, size=(64, 64))
    ranking = ranked(inputs)
    resize = next(answer for answer in ranking.answers if answer.about == "resize")
    assert resize.words == resize.assumed == "letterbox"
    assert resize.margin.value == 0
    assert resize.margin.within_noise
    assert ranking.margin.within_noise


def test_a_settled_model_is_tried_in_all_ways_only_when_asked(tmp_path):
    truth = labelled(tmp_path / "data")
    model = particular_model(tmp_path / "model.onnx", metadata=True)
    inputs = Inputs(truth, model, truth.parent / "images", provider="cpu")
    with pytest.raises(NothingOpenError, match="--all-variants"):
        list(probing(inputs))
    ranking = ranked(inputs, every=True)
    assert ranking.variants[0].words == ("RGB", "0 to 1", "letterbox")
    assert set(ranking.best.variant.words) == set(RIGHT)
    card_beside(model).write_text("[input]\nscale = 1.0\nmean = [0.0, 0.0, 1.0]\n")
    ranking = ranked(inputs, every=True)
    assert ranking.variants[0].words == ("RGB", "as now", "letterbox")
    assert ranking.variants[0].values["input.mean"] == (0, 0, 1)


def test_each_image_is_decoded_once(tmp_path, monkeypatch):
    inputs, decoded = inputs_of(tmp_path), []

    def counted(path, *given, **options):
        decoded.append(path)
        return read_image(path, *given, **options)

    read_image = running.read_image
    monkeypatch.setattr(running, "read_image", counted)
    ranked(inputs)
    assert len(decoded) == len(set(decoded)) == 8


def test_progress_reaches_the_number_of_runs(tmp_path):
    events = list(probing(inputs_of(tmp_path), limit=3))
    trying = [event for event in events if isinstance(event, Trying)]
    assert (trying[0].done, trying[-1].done) == (0, 3 * 18)
    assert [event.done for event in trying] == sorted(event.done for event in trying)
    assert "Trying 18 ways on 3 images" in [
        event.words for event in events if isinstance(event, Stage)
    ]


def test_a_cancelled_probe_ends_without_a_ranking(tmp_path):
    begun = Event()
    events = []
    probe = probing(inputs_of(tmp_path), cancelled=begun.is_set)
    while event := next(probe, None):
        events.append(event)
        if isinstance(event, Trying):
            begun.set()
    assert not any(isinstance(event, VariantRanking) for event in events)
    assert isinstance(events[-1], Trying)


def test_images_that_cannot_be_read_are_counted_and_left_out(tmp_path):
    inputs = inputs_of(tmp_path)
    (inputs.images / "3.png").write_bytes(b"no image")
    ranking = ranked(inputs)
    assert ranking.images == 7
    assert ranking.unread == (("3.png", "not an image that Pillow knows"),)
    assert ranking.best.variant.words == RIGHT
    for image in inputs.images.iterdir():
        image.write_bytes(b"no image")
    with pytest.raises(DataError, match="none of the images tried can be read"):
        list(probing(inputs))
    shutil.rmtree(inputs.images)
    inputs.images.mkdir()
    with pytest.raises(DataError, match="none of its 8 images is there"):
        list(probing(inputs))


def test_where_nothing_is_right_no_card_is_written(tmp_path):
    inputs = inputs_of(tmp_path)
    text = inputs.data.read_text().replace("[22, 11, 20, 10]", "[0, 0, 2, 2]")
    inputs.data.write_text(text)
    ranking = ranked(inputs)
    assert ranking.found_nothing
    with pytest.raises(ModelError, match="gets nothing right however it is fed"):
        write_winner(ranking, inputs.model)
    assert not card_beside(inputs.model).exists()


def test_a_margin_of_a_few_images_is_within_noise(tmp_path):
    """One image of eight decides between two ways: the other might as well have won."""
    from engine.probing.ranking import JudgedClasses
    from engine.probing.variants import variants_of
    from engine.scoring.families.family import COLOR

    label = np.zeros(8, np.intp)
    right = JudgedClasses.of(label, label, np.full(8, 0.9))
    nearly = JudgedClasses.of(label, np.eye(1, 8, dtype=np.intp)[0], np.full(8, 0.9))
    ranking = VariantRanking("accuracy", 8, (), (COLOR,), variants_of((COLOR,)), (nearly, right))
    assert ranking.best.variant.words == ("BGR",)
    assert ranking.margin.value == pytest.approx(1 / 8)
    assert ranking.margin.within_noise


def test_a_ranking_has_nothing_left_to_work_out_when_it_is_shown(tmp_path, monkeypatch):
    ranking = ranked(inputs_of(tmp_path), limit=2)
    monkeypatch.setattr(type(ranking.judged[0]), "score", None)
    assert len(ranking.answers) == 3
    assert ranking.margin is not None
    assert len(ranking.places) == 18
