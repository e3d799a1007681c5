"""Every path of the application with generated requests: no answer is 5xx.

A few requests for each path, always the same. To send more requests:
``MIKROZONASI_QUESTIONS=300 pytest tests/api/routes/test_schemathesis.py``.
"""

import os
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, reject
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis.generation import GenerationMode

from api.app import create_app
from api.settings import Settings
from tests.databases import copy_of

TOKEN = "a-token-for-this-test"
REQUESTS = int(os.environ.get("MIKROZONASI_QUESTIONS", "15"))
DESCRIPTIONS = {"/openapi.json": "", "/ogc/api": "/ogc"}


@pytest.fixture(scope="module")
def everything(
    small_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client with the token, for a city that the test may change."""
    folder = tmp_path_factory.mktemp("everything")
    settings = Settings(
        database=copy_of(small_database, folder),
        token=SecretStr(TOKEN),
        upload_megabytes=1,
    )
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(create_app(settings), raise_server_exceptions=False, headers=bearer) as client:
        yield client


@pytest.mark.parametrize("description", DESCRIPTIONS)
def test_no_request_is_answered_with_a_server_error(
    everything: TestClient, description: str
) -> None:
    schema = schemathesis.openapi.from_dict(everything.get(description).json())
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]  # an invalid operation fails here
    assert len(operations) > 10
    failures = []
    for operation in operations:
        try:
            send_requests(everything, operation, DESCRIPTIONS[description])
        except AssertionError as failure:
            failures.append(str(failure))
    assert not failures, "\n\n".join(failures)


def send_requests(client: TestClient, operation: Any, base: str) -> None:
    """Send valid and invalid requests of an operation."""
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    cases = modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode))

    @hypothesis_settings(
        max_examples=REQUESTS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def check(case: Any) -> None:
        arguments = case.as_transport_kwargs(base_url=f"http://testserver{base}")
        arguments["headers"] = {**arguments.get("headers", {}), **client.headers}
        arguments.pop("cookies", None)
        if isinstance(arguments.get("data"), str | bytes):
            arguments["content"] = arguments.pop("data")
        try:
            answer = client.request(**arguments)
        except httpx.InvalidURL:
            reject()  # The URL is longer than this client can send.
        assert answer.status_code < 500, case.as_curl_command()

    check()
