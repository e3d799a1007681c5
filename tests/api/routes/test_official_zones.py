"""A zone for officials: its counts and uncertainty, with the token and a line in the audit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings
from geodata.ledger.audit import audit_lines
from tests.conftest import LAST
from tests.databases import copy_of
from zoning import City

TOKEN = "an-official-token-of-some-length"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(small_database: str, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database=copy_of(small_database, tmp_path), token=SecretStr(TOKEN))
    with TestClient(create_app(settings)) as client:
        yield client


def get_city(client: TestClient) -> City:
    city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    return city


def test_officials_get_the_counts_the_uncertainty_and_the_digest(client: TestClient) -> None:
    zones, day = get_city(client).zones(LAST), get_city(client).day(LAST)
    code = zones["code"][zones["flag"] == "active-cases"].iloc[0]
    view = get_city(client).zone(code, LAST)
    answer = client.get(f"/officials/zones/{code}", params={"date": str(LAST)}, headers=BEARER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    zone = answer.json()
    assert view.counts is not None
    assert zone["counts"] == vars(view.counts)
    assert zone["flag"] == "active-cases"
    assert [text["en"] for text in zone["uncertain"]] == [text.en for text in view.uncertain]
    assert (zone["run"], zone["input_digest"]) == (day.public_id, day.run)
    assert view.unplaced is not None
    assert (zone["unplaced"]["near"], zone["unplaced"]["far"]) == view.unplaced
    assert "still" in zone["why"]["en"]
    assert [area["level"] for area in zone["within"]] == ["rw", "kelurahan", "kecamatan", "kota"]


def test_above_the_rt_the_counts_are_the_sums_of_its_rt(client: TestClient) -> None:
    zones = get_city(client).zones(LAST)
    zone = client.get("/officials/zones/33.74.01", headers=BEARER).json()
    assert zone["counts"]["cases"] == zones["cases"].sum()
    assert zone["measures"] == []


def test_the_route_is_closed_without_the_token_and_adds_a_line_to_the_audit(
    client: TestClient,
) -> None:
    path = "/officials/zones/33.74.01"
    origin = {"Origin": "https://elsewhere.example"}
    for headers in ({}, {"Authorization": "Bearer guessed-by-somebody"}):
        answer = client.get(path, headers=headers | origin)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-wanted")
        assert "counts" not in answer.text
    assert "access-control-allow-origin" not in client.get(path, headers=BEARER | origin).headers
    lines = audit_lines(get_city(client).store).to_pylist()
    assert [(line["action"], line["what"]) for line in lines] == [("read", path)]


def test_without_a_token_in_the_settings_the_route_is_closed(small_settings: Settings) -> None:
    with TestClient(create_app(small_settings)) as client:
        answer = client.get("/officials/zones/33.74.01")
        assert (answer.status_code, answer.json()["code"]) == (403, "officials-closed")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/officials/zones/33.74.99", 404, "no-area"),
        ("/officials/zones/33.74.01?date=2031-01-01", 404, "no-run"),
        ("/officials/zones/33.74.01?date=soon", 422, "invalid-parameter"),
        ("/officials/zones/33.74.01?dat=2021-07-15", 422, "unknown-parameter"),
    ],
)
def test_an_invalid_request_is_rejected(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path, headers=BEARER)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
