"""The page of an RT: its history and neighbours, from cached colours."""

from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient

from api.pages.portal.zone.area import area_page, history_days, lowest_by
from zoning import City
from zoning.public.city import PublicCity

FIRST, LAST = date(2021, 6, 15), date(2021, 7, 15)


@pytest.fixture(scope="module")
def public(small_city: City) -> PublicCity:
    return small_city.public(5)


def history_of(client: TestClient, code: str, last: date) -> dict[str, int]:
    """The history as another route gives it, from SQL."""
    first = last - timedelta(days=13)
    answer = client.get(
        f"/zones/{code}/history", params={"start": first.isoformat(), "end": last.isoformat()}
    )
    return {day["date"]: day["risk"] for day in answer.json()["days"]}


@pytest.mark.parametrize("last", [FIRST, date(2021, 6, 20), LAST])
def test_the_history_from_cached_colours_is_the_history_from_the_table(
    client: TestClient, public: PublicCity, last: date
) -> None:
    day = public.day(last)
    codes = public.boundaries("rt", day)["code"].tolist()[::20]
    for code in codes:
        page = area_page(public, day, code, public.publications())
        days = {each.date: each.risk for each in page.history}
        assert list(days) == [last - timedelta(days=13 - number) for number in range(14)]
        expected = history_of(client, code, last)
        assert {
            each.isoformat(): risk for each, risk in days.items() if risk is not None
        } == expected


def test_the_neighbours_share_a_border_and_their_colours_are_of_the_day(
    public: PublicCity,
) -> None:
    day = public.day(LAST)
    zones = public.zones(day)
    risks = dict(zip(zones["code"], zones["risk"].tolist(), strict=True))
    for code, shape in list(zip(zones["code"], zones.geometry, strict=True))[::25]:
        # DE-9IM: the boundaries share a line, the interiors no point.
        related = shapely.relate(shape, zones.geometry.to_numpy())
        expected = [
            other
            for other, relation in zip(zones["code"], related, strict=True)
            if other != code and relation[4] == "1" and relation[0] == "F"
        ]
        for _ in range(2):  # computed, then from the cache
            page = area_page(public, day, code, public.publications())
            assert [each.code for each in page.neighbours] == expected
            assert [each.risk for each in page.neighbours] == [risks[each] for each in expected]


def test_an_rt_is_green_at_the_latest_when_the_window_has_passed() -> None:
    window = (date(2021, 7, 9), date(2021, 7, 15))
    # A case of the last day of the window leaves it on the eighth day: 15 July + 7.
    assert [lowest_by(risk, window) for risk in (1, 2, 3)] == [date(2021, 7, 22)] * 3
    assert lowest_by(0, window) is None
    assert history_days(LAST) == (date(2021, 7, 2), LAST)


def test_a_new_publication_is_on_the_page_at_once(client: TestClient, small_city: City) -> None:
    public: Any = small_city.public(5)
    before = public.publications()
    assert public.publications() is before
    assert before.key(None) == before.key(LAST)
    assert before.key(date(2020, 1, 1)) is None
    assert [key.date for key in before.keys(history_days(date(2021, 6, 20)))] == [
        FIRST + timedelta(days=number) for number in range(6)
    ]
