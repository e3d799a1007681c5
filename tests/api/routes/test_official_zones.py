"""What officials see of a zone: its counts and doubts, behind the token, noted in the audit."""

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
    with TestClient(create_app(settings)) as made:
        yield made


def city_of(client: TestClient) -> City:
    city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    return city


def test_officials_see_the_counts_the_doubts_and_the_digest(client: TestClient) -> None:
    zones, day = city_of(client).zones(LAST), city_of(client).day(LAST)
    code = zones["code"][zones["flag"] == "active-cases"].iloc[0]
    view = city_of(client).zone(code, LAST)
    answer = client.get(f"/officials/zones/{code}", params={"date": str(LAST)}, headers=BEARER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert view.counts is not None
    assert said["counts"] == vars(view.counts)
    assert said["flag"] == "active-cases"
    assert [one["en"] for one in said["uncertain"]] == [one.en for one in view.uncertain]
    assert (said["run"], said["input_digest"]) == (day.public_id, day.run)
    assert view.unplaced is not None
    assert (said["unplaced"]["near"], said["unplaced"]["far"]) == view.unplaced
    assert "still" in said["why"]["en"]
    assert [area["level"] for area in said["within"]] == ["rw", "kelurahan", "kecamatan", "kota"]


def test_above_the_rt_the_counts_are_those_of_its_rt_together(client: TestClient) -> None:
    zones = city_of(client).zones(LAST)
    said = client.get("/officials/zones/33.74.01", headers=BEARER).json()
    assert said["counts"]["cases"] == zones["cases"].sum()
    assert said["measures"] == []


def test_it_is_closed_to_everyone_else_and_is_noted(client: TestClient) -> None:
    path = "/officials/zones/33.74.01"
    origin = {"Origin": "https://elsewhere.example"}
    for headers in ({}, {"Authorization": "Bearer guessed-by-somebody"}):
        refused = client.get(path, headers=headers | origin)
        assert (refused.status_code, refused.json()["code"]) == (401, "token-wanted")
        assert "counts" not in refused.text
    assert "access-control-allow-origin" not in client.get(path, headers=BEARER | origin).headers
    noted = audit_lines(city_of(client).store)
    assert [(line["action"], line["what"]) for line in noted.to_pylist()] == [("read", path)]


def test_without_a_token_nobody_is_let_in(small_settings: Settings) -> None:
    with TestClient(create_app(small_settings)) as client:
        refused = client.get("/officials/zones/33.74.01")
        assert (refused.status_code, refused.json()["code"]) == (403, "officials-closed")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/officials/zones/33.74.99", 404, "no-area"),
        ("/officials/zones/33.74.01?date=2031-01-01", 404, "no-run"),
        ("/officials/zones/33.74.01?date=soon", 422, "invalid-parameter"),
        ("/officials/zones/33.74.01?dat=2021-07-15", 422, "unknown-parameter"),
    ],
)
def test_what_is_asked_wrongly_is_said(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path, headers=BEARER)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
