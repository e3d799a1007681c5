"""Every path of the application, asked for what no one would: nothing answers 5xx.

Few questions each, the same every time. To ask for longer:
``MIKROZONASI_QUESTIONS=300 pytest tests/api/routes/test_schemathesis.py``.
"""

import os
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis.generation import GenerationMode

from api.app import create_app
from api.settings import Settings
from tests.databases import copy_of

TOKEN = "a-token-for-this-test"
QUESTIONS = int(os.environ.get("MIKROZONASI_QUESTIONS", "15"))
DESCRIPTIONS = {"/openapi.json": "", "/ogc/api": "/ogc"}


@pytest.fixture(scope="module")
def everything(
    small_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The application over a city that may be changed, for one who may do all."""
    folder = tmp_path_factory.mktemp("everything")
    made = Settings(
        database=copy_of(small_database, folder),
        token=SecretStr(TOKEN),
        upload_megabytes=1,
    )
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(create_app(made), raise_server_exceptions=False, headers=bearer) as client:
        yield client


@pytest.mark.parametrize("description", DESCRIPTIONS)
def test_no_question_is_answered_by_a_fault_of_ours(
    everything: TestClient, description: str
) -> None:
    schema = schemathesis.openapi.from_dict(everything.get(description).json())
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]  # what is no operation fails here
    assert len(operations) > 10
    faults = []
    for operation in operations:
        try:
            ask(everything, operation, DESCRIPTIONS[description])
        except AssertionError as fault:
            faults.append(str(fault))
    assert not faults, "\n\n".join(faults)


def ask(client: TestClient, operation: Any, base: str) -> None:
    """Questions that the description allows, and such that it does not."""
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    questions = modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode))

    @settings(
        max_examples=QUESTIONS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(questions)
    def answered(question: Any) -> None:
        asked = question.as_transport_kwargs(base_url=f"http://testserver{base}")
        asked["headers"] = {**asked.get("headers", {}), **client.headers}
        asked.pop("cookies", None)
        if isinstance(asked.get("data"), str | bytes):
            asked["content"] = asked.pop("data")
        try:
            answer = client.request(**asked)
        except httpx.InvalidURL:
            reject()  # longer than this client sends
        assert answer.status_code < 500, question.as_curl_command()

    answered()
