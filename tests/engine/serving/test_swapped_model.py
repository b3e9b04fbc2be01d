"""A model or a card that is exchanged under a running server."""

import numpy as np
import pytest

from engine.scoring.run.scorer import open_scorer
from engine.serving.watched import WatchedFiles
from tests.engine.scoring.making import ANSWER, constant_answer_model, ultralytics_metadata
from tests.engine.serving.making import png, serving, until


@pytest.fixture
def scorer(tmp_path):
    path = tmp_path / "m.onnx"
    constant_answer_model(path, ANSWER, metadata=ultralytics_metadata())
    return open_scorer(path, provider="cpu")


def test_the_loaded_model_goes_on_answering_and_every_answer_says_so(scorer):
    model = scorer.model
    content = model.read_bytes()
    with serving(scorer) as server:
        before = server.post(content=png()).json()
        assert before["warnings"] == []
        other = np.concatenate([ANSWER, ANSWER], axis=1)
        constant_answer_model(model, other, metadata=ultralytics_metadata())
        until(lambda: server.service.watched.warnings, "the server has noticed")
        after = server.post(content=png()).json()
        (warning,) = after["warnings"]
        assert "m.onnx has changed on disk" in warning
        assert "restart the server to load it anew" in warning
        assert {**after, "warnings": []} == before
        ready = server.get("/v2/health/ready")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "warnings": [warning]})
        assert "offdiag_model_file_changed 1.0" in server.get("/metrics").text
        model.write_bytes(content)
        until(lambda: not server.service.watched.warnings, "it is the same again")


def test_a_model_that_is_gone_or_broken_is_told_too(scorer, tmp_path):
    watched = WatchedFiles(scorer.model, scorer.digest, tmp_path / "m.card.toml")
    watched.look()
    assert not watched.model_changed
    scorer.model.write_bytes(scorer.model.read_bytes()[:100])
    watched.look()
    assert "m.onnx is gone or no longer a model" in watched.warnings[0]
    scorer.model.unlink()
    watched.look()
    assert watched.model_changed


def test_a_card_that_changes_is_told(scorer, tmp_path):
    card = tmp_path / "m.card.toml"
    watched = WatchedFiles(scorer.model, scorer.digest, card)
    card.write_text("[operating_point]\nconfidence = 0.9\n")
    watched.look()
    (warning,) = watched.warnings
    assert warning.startswith("m.card.toml has changed since it was read")
    assert not watched.model_changed
