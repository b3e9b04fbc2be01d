"""Providers that no machine of ours has are pretended: a list of names, and a session."""

from pathlib import Path
from types import SimpleNamespace

import onnxruntime
import pytest

from engine.core.errors import ModelError
from engine.scoring.model import providers
from engine.scoring.model.providers import NAMES, engine_cache, running
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.making import ANSWER, constant_answer_model, ultralytics_metadata
from tui.commands.options import PROVIDERS as NAMES_OF_THE_COMMAND

CUDA, TENSORRT, ON_CPU = (f"{name}ExecutionProvider" for name in ("CUDA", "Tensorrt", "CPU"))
MODEL = Path("model.onnx")


class Session:
    def __init__(self, runs_on, placement=()):
        self.runs_on, self.placement = runs_on, placement

    def get_providers(self):
        return self.runs_on

    def get_inputs(self):
        image, sizes = ["N", 3, 640, 640], ["N", 2]
        return [SimpleNamespace(name="images", shape=image), SimpleNamespace(name="s", shape=sizes)]

    def get_provider_graph_assignment_info(self):
        return [
            SimpleNamespace(ep_name=name, get_nodes=lambda count=count: [None] * count)
            for name, count in self.placement
        ]


def tried(listed, asked="auto", loads=None, placement=(), refuses=()):
    """What `running` came to, and each list of providers that a session was asked for."""
    wanted = []

    def start(execution, record):
        names = [each[0] if isinstance(each, tuple) else each for each in execution]
        wanted.append(execution)
        if names[0] in refuses:
            raise ModelError(MODEL, "no kernel for it")
        return Session([name for name in names if loads is None or name in loads], placement)

    runtime = SimpleNamespace(
        __version__="1.32.0", get_available_providers=lambda: [*listed, ON_CPU]
    )
    return running(runtime, MODEL, asked, "0" * 64, start), wanted


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(providers, "NVIDIA_DRIVER", tmp_path / "driver")
    monkeypatch.setattr(providers, "user_cache_path", lambda _: tmp_path / "cache")


@pytest.mark.parametrize(
    ("listed", "best"),
    [
        ([TENSORRT, CUDA], "CUDA"),
        (["CoreMLExecutionProvider"], "CoreML"),
        (["OpenVINOExecutionProvider"], "OpenVINO"),
        (["AzureExecutionProvider"], "CPU"),
    ],
)
def test_the_best_provider_there_is_is_taken(listed, best):
    found, _ = tried(listed)
    assert (found.provider, found.notes) == (best, ())


def test_the_processor_is_taken_where_it_is_asked_for():
    found, wanted = tried([CUDA], "cpu")
    assert (found.provider, wanted, found.notes) == ("CPU", [[ON_CPU]], ())


def test_a_silent_fall_to_the_processor_is_said_with_its_cure():
    found, wanted = tried([CUDA], loads=[ON_CPU])
    assert found.provider == "CPU"
    (note,) = found.notes
    assert note == (
        "CUDA could not be loaded; pip install 'onnxruntime-gpu[cuda,cudnn]' brings its files. "
        "The model runs on the CPU."
    )
    assert wanted == [[CUDA, ON_CPU], [ON_CPU]]


def test_a_model_that_a_provider_cannot_run_goes_to_the_processor_with_a_reason():
    found, _ = tried([CUDA], refuses=[CUDA])
    assert found.provider == "CPU"
    assert "CUDA cannot run this model" in found.notes[0]
    assert "no kernel for it" in found.notes[0]


@pytest.mark.parametrize("asked", [name for name in NAMES if name not in ("auto", "cpu")])
def test_what_was_asked_for_by_name_is_never_replaced(asked):
    with pytest.raises(ModelError, match=r"pip install.*or --provider cpu"):
        tried([], asked)
    with pytest.raises(ModelError, match=r"could not be loaded; .*; or --provider cpu"):
        tried(
            [providers.PROVIDERS[asked].execution], asked, loads=[ON_CPU, CUDA][: asked != "cuda"]
        )
    found, _ = tried([providers.PROVIDERS[asked].execution], asked)
    assert found.provider == providers.PROVIDERS[asked].title


def test_a_gpu_that_this_onnxruntime_does_not_know_of_is_pointed_out():
    providers.NVIDIA_DRIVER.mkdir()
    found, _ = tried([])
    assert "NVIDIA GPU" in found.notes[0]
    assert 'pip install "offdiag[gpu]"' in found.notes[0]
    assert tried([], "cpu")[0].notes == ()


def test_how_much_of_a_graph_runs_there_is_known():
    found, _ = tried([CUDA], placement=[(CUDA, 170), (ON_CPU, 9), (CUDA, 1)])
    assert found.placement == "171 of 180 operators"
    assert tried([CUDA], placement=[(CUDA, 180)])[0].placement == ""


def test_engines_of_tensorrt_are_kept_for_a_model_its_versions_and_its_gpu(monkeypatch):
    _, wanted = tried([TENSORRT, CUDA], "tensorrt")
    (name, options), *others = wanted[-1]
    assert (name, others) == (TENSORRT, [CUDA, ON_CPU])
    assert Path(options["trt_engine_cache_path"]).is_dir()
    # One engine for a call of one image and for a full one.
    assert options["trt_profile_min_shapes"] == "images:1x3x640x640,s:1x2"
    assert options["trt_profile_opt_shapes"] == "images:16x3x640x640,s:16x2"
    assert options["trt_profile_max_shapes"] == "images:16x3x640x640,s:16x2"
    runtime = SimpleNamespace(__version__="1.32.0")
    places = {engine_cache(runtime, "a"), engine_cache(runtime, "b")}
    places.add(engine_cache(SimpleNamespace(__version__="1.33.0"), "a"))
    with monkeypatch.context() as patch:
        patch.setattr(providers, "version", lambda _: "10.3")
        places.add(engine_cache(runtime, "a"))
    (providers.NVIDIA_DRIVER / "gpus" / "0").mkdir(parents=True)
    driver = providers.NVIDIA_DRIVER / "gpus" / "0" / "information"
    driver.write_text("Model: \t\t NVIDIA L4\nIRQ:  1\n")
    places.add(engine_cache(runtime, "a"))
    assert len(places) == 5
    assert engine_cache(runtime, "a") in places


@pytest.fixture
def model(tmp_path):
    return constant_answer_model(tmp_path / "m.onnx", ANSWER, metadata=ultralytics_metadata())


def test_a_scorer_says_what_its_model_really_runs_on(model, monkeypatch):
    """The whole way through a session of onnxruntime that runs on the processor."""
    real = onnxruntime.InferenceSession

    class Falls(real):
        def __init__(self, path, options, providers, **rest):
            super().__init__(path, options, providers=[ON_CPU], **rest)

    class Claims(Falls):
        def get_providers(self):
            return [CUDA, ON_CPU]

        def get_provider_graph_assignment_info(self):
            return []

    class ClaimsAll(Claims):
        get_provider_graph_assignment_info = real.get_provider_graph_assignment_info

    def opened(kind):
        monkeypatch.setattr(onnxruntime, "InferenceSession", kind)
        return open_scorer(model)

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, ON_CPU])
    fallen, claims, idle = opened(Falls), opened(Claims), opened(ClaimsAll)
    assert idle.provider == "CPU"
    assert any("CUDA takes none of this model's operators" in note for note in idle.notes)
    assert (fallen.provider, claims.provider) == ("CPU", "CUDA")
    assert (fallen.fixed_batch, claims.fixed_batch) == (False, True)
    assert any("CUDA" in note for note in fallen.notes)
    assert fallen.run_key == claims.run_key
    # Another device rounds another way, so its predictions are kept apart.
    assert fallen.store_key != claims.store_key


def test_the_command_offers_what_there_is():
    assert NAMES_OF_THE_COMMAND == ("auto", "cpu", "cuda", "tensorrt", "coreml", "openvino")
    assert set(NAMES_OF_THE_COMMAND) == set(NAMES)
