"""The published days of the city or of one area, and the ETags of days and histories."""

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
from zoning.public.city import PublicCity
from zoning.records.intake import load_records

RT = "33.74.01.1003-001-001"
OLDER = date(2021, 7, 1)
WITH_OLDER = [
    "/days",
    "/days?area=33.74",
    f"/days?area={RT}",
    f"/zones/{RT}/history",
    "/zones/33.74/history",
    f"/zones/33.74/history?start={OLDER}&end=2021-07-02",
]
"""Addresses whose answers contain the older day."""
WITHOUT_OLDER = [f"/zones/{RT}/history?start=2021-07-02", f"/zones/{RT}/history?end=2021-06-30"]


@pytest.fixture
def url(small_database: str, tmp_path: Path) -> str:
    """A copy of the small city that the test may change."""
    return copy_of(small_database, tmp_path)


@pytest.fixture
def changing(url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database=url))) as client:
        yield client


def get_city(client: TestClient) -> City:
    city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    return city


def get_days(client: TestClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/days", params=query)
    assert answer.status_code == 200, answer.text
    days: list[dict[str, Any]] = answer.json()["days"]
    return days


def etags(client: TestClient, addresses: list[str]) -> dict[str, str]:
    """ETag of each address; with this ETag, the address answers 304."""
    tags = {address: client.get(address).headers["etag"] for address in addresses}
    for address, tag in tags.items():
        answer = client.get(address, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b""), address
    return tags


def publish_older_day_again(client: TestClient, folder: Path) -> None:
    """Load a late case and publish its day again: one more RT gets another colour."""
    path = folder / "late.csv"
    path.write_text(
        "id_kasus,status,tgl_konfirmasi,rt,rw,kelurahan\nLATE,konfirmasi,2021-07-01,1,1,33.74.01.1003\n"
    )
    city = get_city(client)
    load_records(city.store, "cases", path)
    run_days(city.store, city.ground(OLDER).boundaries, [OLDER])


@pytest.mark.parametrize("area", ["33.74", "33.74.01.1010", "33.74.01.1003-001"])
def test_the_days_of_an_area_count_the_rt_of_the_area(
    client: TestClient, small_city: City, area: str
) -> None:
    days = {day["date"]: day for day in get_days(client, area=area)}
    assert len(days) == (LAST - FIRST).days + 1
    for day in (FIRST, FIRST + timedelta(17), LAST):
        zones = small_city.zones(day)
        risks = zones["risk"][zones["code"].str.startswith(area)]
        entry = days[day.isoformat()]
        assert entry["run"] == small_city.published(day).public_id
        assert [entry[key] for key in KEYS] == [int((risks == risk).sum()) for risk in range(4)]


def test_the_days_of_the_area_of_the_city_are_the_days_of_the_city(client: TestClient) -> None:
    assert get_days(client, area="33.74") == get_days(client)


@pytest.mark.parametrize("address", ["/days?area=33.99", "/zones/33.99/history"])
def test_an_unknown_area_answers_404_also_with_if_none_match(
    client: TestClient, address: str
) -> None:
    for headers in ({}, {"If-None-Match": "*"}):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-area")


def test_a_code_with_wrong_characters_is_rejected(client: TestClient) -> None:
    assert client.get("/days?area=<b>").status_code == 422


def test_a_page_shows_a_day_that_was_published_after_its_etag(changing: TestClient) -> None:
    page = changing.get(f"/map?date={LAST}")
    headers = {"If-None-Match": page.headers["etag"]}
    assert changing.get(f"/map?date={LAST}", headers=headers).status_code == 304
    assert f'max="{LAST}"' in page.text
    later = LAST + timedelta(1)
    city = get_city(changing)
    run_days(city.store, city.ground(later).boundaries, [later])
    answer = changing.get(f"/map?date={LAST}", headers=headers)
    assert (answer.status_code, f'max="{later}"' in answer.text) == (200, True)


def test_only_the_day_that_was_published_again_changes(
    changing: TestClient, tmp_path: Path
) -> None:
    before = get_days(changing)
    publish_older_day_again(changing, tmp_path)
    pairs = zip(before, get_days(changing), strict=True)
    assert [after["date"] for day, after in pairs if day != after] == [OLDER.isoformat()]


# --- ETags


@pytest.mark.parametrize("address", [*WITH_OLDER[1:], *WITHOUT_OLDER])
def test_a_304_reads_no_colours(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    tag = client.get(address).headers["etag"]

    def fail(*_: object) -> None:
        raise AssertionError("the colours of the area were read")

    monkeypatch.setattr(PublicCity, "history", fail)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_an_older_day_that_is_published_again_changes_the_etags_of_the_answers_with_this_day(
    changing: TestClient, tmp_path: Path
) -> None:
    before = etags(changing, [*WITH_OLDER, *WITHOUT_OLDER])
    bodies = {address: changing.get(address).content for address in before}
    publish_older_day_again(changing, tmp_path)
    after = etags(changing, [*WITH_OLDER, *WITHOUT_OLDER])
    for address in WITH_OLDER:
        assert after[address] != before[address], address
        assert changing.get(address).content != bodies[address], address
    for address in WITHOUT_OLDER:
        assert after[address] == before[address], address
        assert changing.get(address).content == bodies[address], address


def test_a_new_day_changes_the_etags_of_the_answers_without_a_last_day(
    changing: TestClient,
) -> None:
    open_range = [address for address in [*WITH_OLDER, *WITHOUT_OLDER] if "end" not in address]
    before = etags(changing, open_range)
    bodies = {address: changing.get(address).content for address in open_range}
    city, later = get_city(changing), LAST + timedelta(1)
    run_days(city.store, city.ground(later).boundaries, [later])
    after = etags(changing, open_range)
    for address in open_range:
        assert after[address] != before[address], address
        assert changing.get(address).content != bodies[address], address


@pytest.mark.parametrize("changes", [{"minimum_count": 10}, {"background_attribution": "Peta"}])
def test_changed_settings_change_the_etags(
    client: TestClient, small_settings: Settings, changes: dict[str, Any]
) -> None:
    with TestClient(create_app(small_settings.model_copy(update=changes))) as changed:
        before, after = (etags(caller, WITH_OLDER) for caller in (client, changed))
    assert not [address for address in WITH_OLDER if before[address] == after[address]]
