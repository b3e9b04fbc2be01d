"""How images go through a model: in order, each once, in calls of one size, few at once."""

import random
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from engine.scoring.run import pipeline
from engine.scoring.run.pipeline import PORTION, Pipeline
from engine.scoring.run.store import ImageFile
from tests.engine.scoring.making import ANSWER

AHEAD = 9  # portions that may be under way, with four calls at once


def files_of(images):
    found = [ImageFile.at(path, (0, 0)) for path in images.path]
    return [file for file in found if file is not None]


class Model:
    """Takes a moment of a random length, and remembers its calls."""

    def __init__(self, longest=0.0):
        self.calls, self.longest = [], longest
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def __call__(self, batch):
        with self.lock:
            self.calls.append(len(batch))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(random.uniform(0, self.longest))
        with self.lock:
            self.at_once -= 1
        table = np.repeat(ANSWER[None].astype(np.float32), len(batch), axis=0)
        table[:, 4, 1] = 0.5 + batch[:, 0, 0, 0] / 2  # the image's own gray as its confidence
        return (table,)


@pytest.mark.parametrize("count", [0, 1, 5, 16, 33])
@pytest.mark.parametrize(
    ("provider", "batch", "fixed"), [("CPU", 1, True), ("CPU", 4, True), ("CUDA", 16, True)]
)
def test_every_image_comes_out_once_and_in_order(
    scorer, photos, monkeypatch, count, provider, batch, fixed
):
    monkeypatch.setattr(pipeline, "available_cores", lambda: 8)
    images = photos(*[(8, 8)] * count) if count else photos((8, 8))
    model = Model(0.01)
    run = replace(scorer, detector=model, provider=provider, batch=batch, fixed_batch=fixed)
    files = files_of(images)[:count]
    answers = [
        answer for portion in Pipeline(run, lambda: False).answers(files) for answer in portion
    ]
    assert [answer.file for answer in answers] == files
    assert {answer.failure for answer in answers} <= {""}
    # The last call is filled up, so that the model meets one shape only.
    assert model.calls == [batch] * -(-count // batch)


def test_answers_belong_to_their_images_in_a_batch_with_broken_ones(scorer, photos, tmp_path):
    grays = [10, 60, 110, 160, 210, 250]
    paths = []
    for index, gray in enumerate(grays):
        (path,) = photos((8, 8), gray=gray).path
        paths.append(path.rename(tmp_path / f"own-{index}.jpg"))
    broken = tmp_path / "broken.jpg"
    broken.write_text("no image")
    paths.insert(2, broken)
    run = replace(scorer, detector=Model(), provider="CUDA", batch=4, fixed_batch=True)
    files = [ImageFile.at(path, (0, 0)) for path in paths]
    answers = [
        answer for portion in Pipeline(run, lambda: False).answers(files) for answer in portion
    ]
    assert [bool(answer.failure) for answer in answers] == [index == 2 for index in range(7)]
    found = [answer.found.confidence[0] for answer in answers if not answer.failure]
    # 8 x 8 in 64 x 64 leaves no padding, so the first pixel is the image's own.
    assert np.array(found) == pytest.approx(0.5 + np.array(grays) / 510, abs=0.01)


def test_work_goes_on_while_the_caller_takes_its_time_but_not_without_end(scorer, photos):
    images = photos(*[(8, 8)] * 100)
    model = Model()
    run = replace(scorer, detector=model)
    portions = Pipeline(run, lambda: False).answers(files_of(images))
    next(portions)
    before = -1
    while len(model.calls) != before:  # until nothing happens any more
        before = len(model.calls)
        time.sleep(0.15)
    assert 2 * PORTION <= len(model.calls) <= AHEAD * PORTION
    assert len([answer for portion in portions for answer in portion]) == 100 - PORTION


@pytest.mark.parametrize(
    ("provider", "cores", "calls"), [("CPU", 2, 2), ("CPU", 64, 4), ("CUDA", 64, 2)]
)
def test_calls_of_one_image_run_side_by_side(scorer, photos, monkeypatch, provider, cores, calls):
    monkeypatch.setattr(pipeline, "available_cores", lambda: cores)
    together = threading.Barrier(calls)

    class Meeting(Model):
        def __call__(self, batch):
            outputs = super().__call__(batch)
            if len(self.calls) <= calls * PORTION:
                together.wait(timeout=10)  # breaks when the others never come
            return outputs

    model = Meeting()
    run = replace(scorer, detector=model, provider=provider)
    files = files_of(photos(*[(8, 8)] * (calls * PORTION)))
    answers = [
        answer for portion in Pipeline(run, lambda: False).answers(files) for answer in portion
    ]
    assert (len(answers), together.broken) == (len(files), False)


def test_the_next_image_is_decoded_into_a_buffer_only_when_its_run_is_over(scorer, photos):
    """A run that is late must not find the pixels of another image under it."""
    changed = []

    class Slow(Model):
        def __call__(self, batch):
            before = batch.copy()
            time.sleep(0.02)
            changed.append(not np.array_equal(before, batch))
            return super().__call__(batch)

    images = photos(*[(8 + index % 5, 8) for index in range(60)])
    list(Pipeline(replace(scorer, detector=Slow()), lambda: False).answers(files_of(images)))
    assert len(changed) == 60
    assert not any(changed)


def test_the_model_waits_for_a_slow_decoding_of_its_outputs(scorer, photos, monkeypatch):
    """Otherwise outputs would pile up in memory."""
    model, finished, ahead = Model(), [], []
    quick = pipeline.answer_of

    def slow(*given):
        time.sleep(0.01)
        ahead.append(len(model.calls) - len(finished))
        finished.append(given)
        return quick(*given)

    monkeypatch.setattr(pipeline, "answer_of", slow)
    run = replace(scorer, detector=model)
    list(Pipeline(run, lambda: False).answers(files_of(photos(*[(8, 8)] * 80))))
    assert len(finished) == 80
    assert max(ahead) <= AHEAD * PORTION
