"""POST /score: what goes in, what comes out, and what is refused."""

import pytest

from engine.cards.operating_point import given
from tests.engine.batch.making import classifier
from tests.engine.serving.making import POINT, bomb, files, jpeg, png, serving, until

IMAGE = {"content-type": "image/png"}


def test_an_image_is_answered_with_boxes_threshold_and_model_hash(server, scorer):
    told = server.post(content=png(210), headers=IMAGE).json()
    (image,) = told["images"]
    assert (image["width"], image["height"]) == (64, 64)
    assert image["predictions"]
    for row in image["predictions"]:
        assert row["class"] == scorer.class_names[row["class_id"]]
        assert row["score"] >= POINT
        left, top, right, bottom = row["box"]
        assert 0 <= left < right <= 64
        assert 0 <= top < bottom <= 64
    assert told["operating_point"] == {"confidence": POINT, "classes": {}, "source": "given"}
    assert told["model"] == {"name": "parts", "sha256": scorer.digest}
    assert told["warnings"] == []


def test_all_tells_what_does_not_count_too(server):
    few = server.post(content=png(210), headers=IMAGE).json()["images"][0]["predictions"]
    many = server.post("/score?all=true", content=png(210), headers=IMAGE).json()["images"][0]
    kept = [row for row in many["predictions"] if row["decision"] == "keep"]
    assert len(kept) == len(few) < len(many["predictions"])
    assert {row["threshold"] for row in kept} == {POINT}


def test_a_form_has_several_images_and_a_broken_one_has_its_reason(server):
    told = server.post(files=files(png(250), b"no image", png(0))).json()["images"]
    assert [image["image"] for image in told] == ["0.png", "1.png", "2.png"]
    assert told[0]["predictions"]
    assert told[1] == {"image": "1.png", "error": "not an image that Pillow knows"}
    assert told[2]["predictions"] == []


def test_a_body_without_a_content_type_is_taken_for_an_image(server):
    assert server.post(content=png()).status_code == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"no image", "not an image that Pillow knows"),
        (jpeg()[:-700], "damaged: image file is truncated"),
        (bomb(9_000), "has 9000 x 9000 pixels, more than 64,000,000; resize it"),
        (bomb(50_000), "has more than 179 million pixels; resize it"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image that Pillow knows"),
    ],
    ids=["empty", "text", "truncated", "large", "bomb", "postscript"],
)
def test_an_image_that_cannot_be_scored_is_422_with_the_reason(server, content, words):
    for sent in ({"content": content, "headers": IMAGE}, {"files": files(content)}):
        answer = server.post(**sent)
        assert answer.status_code == 422
        assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "sent", "status", "words"),
    [
        ("/score", {"json": {}}, 415, "application/json is not scored: send the bytes"),
        ("/score", {"data": {"a": "b"}}, 415, "curl"),
        ("/score?all=perhaps", {"content": b"x"}, 400, "all must be true or false"),
        ("/score", {"files": {}, "headers": {"content-type": "multipart/form-data"}}, 400, "bound"),
        ("/score", {"files": files(*[b""] * 65)}, 400, "Too many files"),
        ("/scores", {"content": b"x"}, 404, "/openapi.json tells"),
    ],
)
def test_a_wrong_request_is_told_in_a_sentence(server, path, sent, status, words):
    answer = server.post(path, **sent)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert words in answer.json()["error"]


def test_a_form_without_files_and_a_wrong_method_are_told(server):
    form = {"content-type": "multipart/form-data; boundary=x"}
    field = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    answer = server.post(content=field, headers=form)
    assert (answer.status_code, answer.json()["error"][:20]) == (422, "there is no image in")
    answer = server.get("/score")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_classifier_answers_its_class_or_abstains(scorer):
    with serving(classifier(scorer)) as server:
        (told,) = server.post(content=png(255), headers=IMAGE).json()["images"]
        assert (told["class"], told["class_id"], told["score"]) == ("bolt", 0, 1.0)
        (told,) = server.post("/score?all=1", content=png(0)).json()["images"]
        assert told["probabilities"] == {"bolt": 0.0, "nut": 1.0}
    with serving(classifier(scorer), thresholds=given(0.9, 2)) as server:
        (told,) = server.post(content=png(128)).json()["images"]
        assert (told["class"], told["class_id"]) == (None, None)


def test_the_log_has_one_line_a_request_and_cannot_be_forged(server):
    server.get("/v2%0Anow/%1b[31m")
    start = "127.0.0.1 GET /v2%0Anow/%1b[31m 404 "
    until(lambda: any(line.startswith(start) for line in server.log), "the line")
    assert all(line.endswith(" ms") for line in server.log)
