"""The OpenAPI description, held against the running server by Schemathesis."""

import base64

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.openapi import from_url

from tests.engine.batch.making import classifier
from tests.engine.serving.making import files, png, serving

EXAMPLES = 4  # of each operation, good and bad ones each
HELD = ("not_a_server_error", "status_code_conformance", "content_type_conformance")
HELD += ("response_schema_conformance", "response_headers_conformance")
OPERATIONS = 13  # the description itself is not asked for


@pytest.fixture(params=["detect", "classify"], scope="module")
def described(request, scorer):
    served = scorer if request.param == "detect" else classifier(scorer)
    with serving(served) as server:
        yield server, from_url(f"{server.url}/openapi.json")


@pytest.fixture(scope="module")
def held():
    checks.load_all_checks()
    return [schemathesis.checks.CHECKS.get_one(name) for name in HELD]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.slow
def test_no_request_breaks_the_server_or_its_description(described, held, mode):
    _, schema = described
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == OPERATIONS
    asked = 0

    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue  # no name can be wrong in a way that the description rules out

        @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def hold(case):
            nonlocal asked
            asked += 1
            case.validate_response(case.call(), checks=held)

        hold()
    assert asked >= OPERATIONS


def test_good_answers_are_as_described(described):
    server, schema = described
    encoded = base64.b64encode(png(210)).decode()
    tensor = {"name": "image", "datatype": "BYTES", "shape": [1], "data": [encoded]}
    record = {"features": {"input": encoded}}
    place = "/public/api/v1/{service}/{endpoint}"
    for path, sent in (
        ("/score", {"files": files(png(210), b"none")}),
        ("/score?all=true", {"content": png(210)}),
        ("/v2/models/{name}/infer", {"json": {"inputs": [tensor]}}),
        (f"{place}/predict", {"json": record}),
        (f"{place}/predict-multi", {"json": {"items": [record, record]}}),
    ):
        answer = server.post(path.format(name="parts", service="s", endpoint="e"), **sent)
        assert answer.status_code == 200
        answer.request.read()
        schema[path.partition("?")[0]]["POST"].validate_response(answer)
