"""Answers from elsewhere make the output that this process would have made."""

import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from engine.batch.inputs import InputError
from engine.batch.job import Finished, Request, journal_file
from engine.cards.operating_point import given
from engine.cluster.process import ClusterRun, log_file, score_on_cluster
from engine.cluster.ray_answers import ClusterError
from engine.scoring.run.pipeline import Pipeline
from engine.scoring.run.scorer import open_scorer
from tests.engine.batch.making import (
    FORMATS,
    SUFFIX,
    content,
    facts,
    gray_model,
    job,
    killed_after,
    photos,
    run,
)
from tests.engine.scoring.making import (
    ANSWER,
    NAMES,
    constant_answer_model,
    ultralytics_metadata,
)


class Elsewhere:
    """Scores in portions of its own, and notes what it was asked for."""

    def __init__(self, scorer):
        self.scorer, self.asked = scorer, []

    def answers(self, files):
        self.asked.append(len(files))
        answers = [
            answer
            for portion in Pipeline(self.scorer, lambda: False).answers(files)
            for answer in portion
        ]
        for start in range(0, len(answers), 7):
            yield answers[start : start + 7]


@pytest.fixture(scope="module")
def scorer(tmp_path_factory):
    return gray_model(tmp_path_factory.mktemp("model"))


@pytest.mark.parametrize("form", FORMATS)
def test_another_source_of_answers_gives_the_same_bytes(scorer, tmp_path, form):
    folder = photos(tmp_path / "photos", 23)
    here, there = tmp_path / f"a.{SUFFIX[form]}", tmp_path / f"b.{SUFFIX[form]}"
    run(job(scorer, here, folder, format=form))
    source = Elsewhere(scorer)
    run(replace(job(scorer, there, folder, format=form), source=source))
    assert source.asked == [23]  # all at once: it makes its own shards
    assert content(there) == content(here)
    assert facts(there)["failures"] == facts(here)["failures"] != []


def test_an_interrupted_run_asks_only_for_the_rest(scorer, tmp_path):
    folder = photos(tmp_path / "photos", 23)
    whole, left = tmp_path / "whole.jsonl", tmp_path / "run"
    run(job(scorer, whole, folder))
    left.mkdir()
    source = Elsewhere(scorer)
    begun = replace(job(scorer, left / "o.jsonl", folder), source=source)
    killed_after(begun, 3, left, tmp_path / "killed")
    out = tmp_path / "killed" / "o.jsonl"
    run(replace(job(scorer, out, folder, resume=True), source=source))
    assert source.asked[0] == 23
    assert content(out) == content(whole)


def asked(tmp_path, out, **others) -> ClusterRun:
    request = Request((str(tmp_path / "photos"),), out, "parquet")
    model = tmp_path / "m.onnx"
    return ClusterRun(request, model, None, "cpu", given(0.3, len(NAMES)), "local", **others)


def test_standard_output_is_refused(tmp_path):
    with pytest.raises(InputError, match="a cluster cannot write to standard output"):
        list(score_on_cluster(asked(tmp_path, None)))


@pytest.mark.skipif(find_spec("ray") is not None, reason="for where Ray is not installed")
def test_without_ray_the_extra_is_named(tmp_path):
    with pytest.raises(ClusterError, match=r'pip install "offdiag\[cluster\]"'):
        list(score_on_cluster(asked(tmp_path, tmp_path / "o.parquet")))


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ray") is None, reason="the extra `cluster` is not installed")
def test_a_local_cluster_gives_the_rows_of_one_process(tmp_path, capfd):
    folder = photos(tmp_path / "photos", 300)
    answer = np.concatenate([ANSWER, ANSWER], axis=1)
    constant_answer_model(tmp_path / "m.onnx", answer, metadata=ultralytics_metadata())
    scorer = open_scorer(tmp_path / "m.onnx", provider="cpu")
    here, there = tmp_path / "a.parquet", tmp_path / "b.parquet"
    run(job(scorer, here, folder, format="parquet"))
    *_, last = score_on_cluster(asked(tmp_path, there))
    assert isinstance(last, Finished)
    assert there.read_bytes() == here.read_bytes()
    assert facts(there)["provider"] == "Ray"
    assert log_file(there).stat().st_size > 0
    assert not journal_file(there).exists()
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert "ray" not in sys.modules
