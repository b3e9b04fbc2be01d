"""The Open Inference Protocol, the shape of Dataiku's API node, tokens, health and metrics."""

import base64
import json
import struct

import numpy as np
import pytest

from engine.serving.tensors import Tensor, unpacked_strings
from engine.serving.tokens import read_tokens
from tests.engine.batch.making import classifier
from tests.engine.serving.making import files, png, serving

INFER = "/v2/models/parts/infer"
PREDICT = "/public/api/v1/service/endpoint/predict"
TOKENS = (b"0123456789abcdef", b"the-one-that-comes-next")


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def asked(*contents: bytes, **others) -> dict:
    data = [encoded(content) for content in contents]
    shape = [len(contents)]
    given = {"name": "image", "shape": shape, "datatype": "BYTES", "data": data}
    return {"inputs": [given], **others}


def outputs(told: dict) -> dict[str, list]:
    return {each["name"]: each["data"] for each in told["outputs"]}


def test_inference_gives_the_boxes_that_score_gives(server, scorer):
    contents = png(210), png(0), png(255)
    scored = server.post(files=files(*contents)).json()["images"]
    told = server.post(INFER, json=asked(*contents, id="seven")).json()
    assert (told["id"], told["model_name"], told["model_version"]) == (
        "seven",
        "parts",
        scorer.digest,
    )
    assert told["parameters"] == {"confidence": 0.3, "confidence_source": "given"}
    found = outputs(told)
    rows = [(index, row) for index, image in enumerate(scored) for row in image["predictions"]]
    assert len({index for index, _ in rows}) == 2
    assert found["image_index"] == [index for index, _ in rows]
    assert found["boxes"] == [side for _, row in rows for side in row["box"]]
    assert found["scores"] == [row["score"] for _, row in rows]
    assert found["labels"] == [row["class_id"] for _, row in rows]
    assert found["class_names"] == [row["class"] for _, row in rows]
    assert found["image_size"] == [64, 64] * 3
    shapes = {each["name"]: each["shape"] for each in told["outputs"]}
    assert shapes["boxes"] == [len(rows), 4]


def test_binary_tensors_are_the_same_numbers(server):
    content = png(210)
    plain = outputs(server.post(INFER, json=asked(content)).json())
    raw = struct.pack("<I", len(content)) + content
    given = {"name": "image", "shape": [1], "datatype": "BYTES"}
    given["parameters"] = {"binary_data_size": len(raw)}
    wanted = [
        {"name": "class_names"},
        {"name": "boxes"},
        {"name": "labels", "parameters": {"binary_data": False}},
    ]
    header = json.dumps(
        {"inputs": [given], "outputs": wanted, "parameters": {"binary_data_output": True}}
    ).encode()
    length = {"Inference-Header-Content-Length": str(len(header))}
    answer = server.post(INFER, content=header + raw, headers=length)
    assert answer.headers["content-type"] == "application/octet-stream"
    end = int(answer.headers["inference-header-content-length"])
    names, boxes, labels = json.loads(answer.content[:end])["outputs"]
    size = names["parameters"]["binary_data_size"]
    rest = answer.content[end:]
    assert [text.decode() for text in unpacked_strings(rest[:size])] == plain["class_names"]
    assert len(rest) - size == boxes["parameters"]["binary_data_size"]
    assert np.frombuffer(rest[size:], "<f8").tolist() == plain["boxes"]
    assert labels["data"] == plain["labels"]
    assert server.post(INFER, content=header + raw[:-1], headers=length).status_code == 400


def test_strings_survive_as_raw_bytes():
    names = ["", "écrou", "bolt" * 100]
    assert [part.decode() for part in unpacked_strings(Tensor("n", names).raw())] == names


def test_a_classifier_gives_a_row_an_image(scorer):
    with serving(classifier(scorer)) as server:
        told = outputs(server.post(INFER, json=asked(png(255), png(0))).json())
        assert told["class_names"] == ["bolt", "nut"]
        assert told["probabilities"] == [1.0, 0.0, 0.0, 1.0]
        listed = server.get("/v2/models/parts").json()["outputs"]
        assert {each["name"] for each in listed} == set(told)
        node = server.post(PREDICT, json={"features": {"input": encoded(png(255))}}).json()
        assert node["result"] == {"prediction": "bolt", "probas": {"bolt": 1.0, "nut": 0.0}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "pixels"}, "one input, 'image'"),
        ({"datatype": "FP32"}, "must be BYTES of shape [1] for 1 images, got FP32"),
        ({"shape": [2]}, "got BYTES of shape [2]"),
        ({"shape": []}, "got BYTES of shape []"),
        ({"data": ["not base64!"]}, "not in base64"),
        ({"data": [7]}, "must be strings in base64, got 7"),
        ({"data": json.loads("[" * 20 + "]" * 20)}, "must be strings in base64"),
        ({"data": [encoded(b"no image")]}, "image 0 cannot be scored: not an image"),
        ({"parameters": {"binary_data_size": 4}}, "says 4, but 0 bytes follow"),
        ({"shape": "wide"}, "Expected `array`, got `str` - at `$.inputs[0].shape`"),
    ],
)
def test_a_wrong_inference_request_is_told_with_its_place(server, changes, words):
    request = asked(png())
    request["inputs"][0] |= changes
    answer = server.post(INFER, json=request)
    assert answer.status_code in (400, 422)
    assert words in answer.json()["error"]


def test_deep_json_unknown_models_and_outputs_are_told(server, scorer):
    deep = b'{"inputs": ' + b"[" * 100_000
    assert server.post(INFER, content=deep).status_code == 400
    answer = server.post("/v2/models/cats/infer", json=asked(png()))
    assert (answer.status_code, answer.json()["error"]) == (
        404,
        "there is no model 'cats' here, only 'parts'",
    )
    assert server.get(f"/v2/models/parts/versions/{scorer.digest}/ready").json()["ready"]
    assert server.get("/v2/models/parts/versions/1").status_code == 404
    answer = server.post(INFER, json=asked(png(), outputs=[{"name": "masks"}]))
    assert "there is no output 'masks'; there are boxes, scores" in answer.json()["error"]
    length = {"Inference-Header-Content-Length": "999999"}
    assert server.post(INFER, content=b"{}", headers=length).status_code == 400


def test_the_api_node_gives_boxes_as_left_top_width_height(server):
    content = png(210)
    rows = server.post(content=content).json()["images"][0]["predictions"]
    told = server.post(PREDICT, json={"features": {"input": encoded(content)}}).json()
    assert told["model"]["name"] == "parts"
    found = told["result"]["prediction"]
    assert [(row["category"], row["confidence"]) for row in found] == [
        (row["class"], row["score"]) for row in rows
    ]
    for ours, (left, top, right, bottom) in zip(found, (row["box"] for row in rows), strict=True):
        x, y, width, height = ours["bbox"]
        assert [x, y, x + width, y + height] == [left, top, right, bottom]
    both = {"items": [{"features": {"input": encoded(png(gray))}} for gray in (210, 0)]}
    results = server.post(f"{PREDICT}-multi", json=both).json()["results"]
    assert results == [{"prediction": found}, {"prediction": []}]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"{", "cannot be read as JSON of this route"),
        (b'{"features": {"input": 7}}', "$.features.input"),
        (b'{"features": {}}', "missing required field `input`"),
        (b'{"features": {"input": "%%%"}}', "not in base64"),
        (b'{"features": {"input": ""}}', "item 0 cannot be scored: is empty"),
    ],
)
def test_a_wrong_record_is_told(server, sent, words):
    answer = server.post(PREDICT, content=sent)
    assert answer.status_code in (400, 422)
    assert words in answer.json()["error"]


def test_with_tokens_only_health_is_open(scorer):
    with serving(scorer, tokens=TOKENS) as server:
        for path in ("/v2/health/live", "/v2/health/ready"):
            assert server.get(path).status_code == 200
        for path in ("/v2", "/metrics", "/openapi.json", "/v2/models/parts", "/nothing"):
            answer = server.get(path)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert "Authorization: Bearer TOKEN" in answer.json()["error"]
        assert server.post(content=png()).status_code == 401
        wrong = ["Bearer", "Bearer 0123456789abcde", "Basic !", "Digest 0123456789abcdef", "\xe9"]
        for header in wrong:
            given = {"authorization": header.encode("latin-1")}
            assert server.get("/v2", headers=given).status_code == 401
        for token in TOKENS:
            given = {"authorization": f"bearer {token.decode()}"}
            assert server.post(content=png(), headers=given).status_code == 200
        with server.client(auth=(TOKENS[0].decode(), "")) as client:
            features = {"features": {"input": encoded(png())}}
            assert client.post(PREDICT, json=features).status_code == 200


def test_tokens_are_read_one_a_line_and_must_be_long(tmp_path):
    path = tmp_path / "tokens"
    path.write_bytes(TOKENS[0] + b"\r\n\n " + TOKENS[1] + b"\n")
    assert read_tokens(path) == TOKENS
    for content in (b"", b"secret\n"):
        path.write_bytes(content)
        with pytest.raises(Exception, match=r"16 characters at least: `openssl rand"):
            read_tokens(path)
    with pytest.raises(Exception, match="cannot be read: No such file"):
        read_tokens(tmp_path / "none")


def test_metrics_count_images_predictions_and_refusals(scorer):
    with serving(scorer) as server:
        rows = server.post(files=files(png(210), b"none")).json()["images"][0]["predictions"]
        server.post(json={})
        server.get("/a/path/that/nobody/knows")
        answer = server.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        lines = set(answer.text.splitlines())
    assert 'offdiag_images_total{result="scored"} 1.0' in lines
    assert 'offdiag_images_total{result="failed"} 1.0' in lines
    bolts = sum(row["class"] == "bolt" for row in rows)
    assert f'offdiag_predictions_total{{class="bolt"}} {float(bolts)}' in lines
    assert 'offdiag_requests_total{code="415",route="score"} 1.0' in lines
    assert 'offdiag_requests_total{code="404",route="none"} 1.0' in lines
    assert f'offdiag_model_info{{name="parts",sha256="{scorer.digest}"}} 1.0' in lines
    assert "offdiag_queue_images 0.0" in lines
