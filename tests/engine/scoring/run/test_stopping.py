import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.core.dataset import Predictions
from engine.core.errors import ModelError
from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import Store
from tests.engine.scoring.making import NAMES, faked, slow_model


def test_cancelling_keeps_what_is_done_and_says_what_is_not(scorer, photos, store):
    images = photos(*[(40, 30)] * 40)
    cancelled = threading.Event()
    for step in score(scorer, images, store, cancelled=cancelled.is_set):
        if step.done:
            cancelled.set()
    assert step.done == 4
    result = predictions(scorer, images, store, NAMES)
    assert sorted(set(result.predictions.image.tolist())) == [0, 1, 2, 3]
    assert "36 of 40 images are not scored yet." in result.warnings
    *_, last = score(scorer, images, store)
    assert (last.from_store, last.done) == (4, 40)


def wait_for_end(seconds: float = 5) -> None:
    """Until no thread of a pipeline is left."""
    until = time.monotonic() + seconds
    names = ("score-decode", "score-run", "score-finish")
    while time.monotonic() < until:
        if not any(thread.name.startswith(names) for thread in threading.enumerate()):
            return
        time.sleep(0.02)
    pytest.fail("a thread of the pipeline went on")


@pytest.mark.parametrize("how", ["cancel", "close", "interrupt"])
def test_a_slow_model_is_stopped_within_half_a_second(tmp_path, photos, store, how):
    images = photos(*[(64, 64)] * 16)
    for path in images.path[:4]:
        Image.new("RGB", (64, 64)).save(path)
    scorer = open_scorer(slow_model(tmp_path / "slow.onnx", 60))
    quick, _ = faked(scorer)
    began, asked, cancelled = threading.Event(), [], threading.Event()

    def slow_after_the_first_portion(batch):
        if batch.max() == 0:
            return quick.detector(batch)
        began.set()
        for _ in range(500):
            outputs = scorer.detector(batch)
        return outputs

    def stop_it() -> None:
        began.wait()
        asked.append(time.monotonic())
        if how == "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
        cancelled.set()

    slow = replace(scorer, detector=slow_after_the_first_portion)
    running = score(slow, images, store, cancelled=cancelled.is_set)
    assert [next(running).done, next(running).done] == [0, 4]
    stopper = threading.Thread(target=stop_it)

    def run_to_its_end() -> None:
        stopper.start()
        list(running)

    if how == "interrupt":
        with pytest.raises(KeyboardInterrupt):
            run_to_its_end()
        running.close()  # the interrupt may have come outside the generator's own frame
    elif how == "cancel":
        run_to_its_end()
    else:
        stopper.start()
        began.wait()
        running.close()
    wait_for_end()
    assert time.monotonic() - asked[0] < 0.5


def test_a_model_that_refuses_its_input_is_an_error_and_ends_the_run(scorer, photos, store):
    odd = replace(scorer, batch=2)  # the model takes one image at a time
    with pytest.raises(ModelError, match="onnxruntime refuses it"):
        list(score(odd, photos(*[(40, 30)] * 8), store))
    wait_for_end()


def same(one: Predictions, other: Predictions) -> bool:
    return all(
        np.array_equal(getattr(one, column), getattr(other, column))
        for column in ("image", "class_", "confidence", "box")
    )


KILLED = """
import sys, time
from dataclasses import replace
from pathlib import Path
from engine.scoring.run.runner import score
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import Store
from tests.engine.scoring.making import images_of

model, store, log, *paths = map(Path, sys.argv[1:])
scorer = open_scorer(model)
for step in score(scorer, images_of(paths), Store(store)):
    with log.open("a") as file:
        print(step.done, file=file, flush=True)
    time.sleep(0.05)
"""


def test_a_killed_run_resumes_where_it_stopped(tmp_path, scorer, photos, store):
    images = photos(*[(40 + index, 30) for index in range(60)])
    log = tmp_path / "log"
    arguments = [scorer.model, store.path, log, *images.path]
    process = subprocess.Popen([sys.executable, "-c", KILLED, *map(str, arguments)])
    while not (log.exists() and len(log.read_text().splitlines()) > 4):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    written = int(log.read_text().splitlines()[-1])

    faked_scorer, calls = faked(scorer)
    first, *_, last = score(faked_scorer, images, store)
    assert written <= first.from_store < 60
    assert last.done == 60
    assert sum(calls) == 60 - first.from_store
    resumed = predictions(scorer, images, store, NAMES).predictions

    afresh = Store(tmp_path / "another.sqlite")
    list(score(scorer, images, afresh))
    assert same(resumed, predictions(scorer, images, afresh, NAMES).predictions)
