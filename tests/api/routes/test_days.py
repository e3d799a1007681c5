"""The published days: of the city or of one area, and what was published anew is told."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.conftest import FIRST, LAST
from tests.databases import copy_of
from tests.four_colours import KEYS
from zoning import City
from zoning.days.daily import run_days
from zoning.records.intake import load_records


@pytest.fixture
def changing(small_database: str, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a copy of the small city that may be changed."""
    with TestClient(create_app(Settings(database=copy_of(small_database, tmp_path)))) as client:
        yield client


def days_of(client: TestClient, **asked: str) -> list[dict[str, Any]]:
    answer = client.get("/days", params=asked)
    assert answer.status_code == 200, answer.text
    days: list[dict[str, Any]] = answer.json()["days"]
    return days


@pytest.mark.parametrize("area", ["33.74", "33.74.01.1010", "33.74.01.1003-001"])
def test_the_days_of_an_area_count_its_own_rt(
    client: TestClient, small_city: City, area: str
) -> None:
    told = {day["date"]: day for day in days_of(client, area=area)}
    assert len(told) == (LAST - FIRST).days + 1
    for on in (FIRST, FIRST + timedelta(17), LAST):
        zones = small_city.zones(on)
        own = zones["risk"][zones["code"].str.startswith(area)]
        day = told[on.isoformat()]
        assert day["run"] == small_city.published(on).public_id
        assert [day[name] for name in KEYS] == [int((own == risk).sum()) for risk in range(4)]


def test_the_days_of_the_whole_city_are_the_days(client: TestClient) -> None:
    assert days_of(client, area="33.74") == days_of(client)


def test_an_area_that_is_not_there_has_no_days(client: TestClient) -> None:
    answer = client.get("/days?area=33.99")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-area")
    assert client.get("/days?area=<b>").status_code == 422


def test_a_page_knows_of_a_day_that_was_published_since(changing: TestClient) -> None:
    city: City = changing.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    page = changing.get(f"/map?date={LAST}")
    known = {"If-None-Match": page.headers["etag"]}
    assert changing.get(f"/map?date={LAST}", headers=known).status_code == 304
    assert f'max="{LAST}"' in page.text
    later = LAST + timedelta(1)
    run_days(city.store, city.ground(later).boundaries, [later])
    again = changing.get(f"/map?date={LAST}", headers=known)
    assert (again.status_code, f'max="{later}"' in again.text) == (200, True)


def test_an_older_day_that_is_published_anew_is_told_to_who_knew_the_days(
    changing: TestClient, tmp_path: Path
) -> None:
    city: City = changing.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    older = date(2021, 7, 1)
    known = changing.get("/days")
    late = tmp_path / "late.csv"
    late.write_text(
        "id_kasus,status,tgl_konfirmasi,rt,rw,kelurahan\nLATE,konfirmasi,2021-07-01,1,1,33.74.01.1003\n"
    )
    load_records(city.store, "cases", late)
    run_days(city.store, city.ground(older).boundaries, [older])
    same = {"If-None-Match": known.headers["etag"]}
    answer = changing.get("/days", headers=same)
    assert answer.status_code == 200
    changed = [
        now["date"]
        for was, now in zip(known.json()["days"], answer.json()["days"], strict=True)
        if was != now
    ]
    assert changed == ["2021-07-01"]
    same = {"If-None-Match": answer.headers["etag"]}
    assert changing.get("/days", headers=same).status_code == 304
