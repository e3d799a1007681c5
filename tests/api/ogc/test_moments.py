"""OGC API: all pages of a query show one moment, also if days are published between the pages."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.ogc.features import zones
from api.ogc.features.areas import AreaColumns
from api.settings import Settings
from geodata.boundaries import Boundaries, assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.store import open_store
from tests.api.ogc.schemas import ask, get_error, links
from zoning import open_city
from zoning.caching import Cache
from zoning.days.daily import run_days
from zoning.records.intake import load_records

ITEMS = "/collections/zones-kelurahan/items"
THE_13TH, THE_14TH, THE_15TH = (date(2021, 7, day) for day in (13, 14, 15))
QUERIES: list[dict[str, Any]] = [
    {},
    {"datetime": "../.."},
    {"filter": "date > DATE('2021-07-01') AND risk < 3"},
]


def test_later_pages_show_the_moment_of_the_first_page(
    small_sample: SampleCity, tmp_path: Path
) -> None:
    url, cases = f"duckdb:///{tmp_path}/city.duckdb", tmp_path / "cases.csv"
    small_sample.cases.to_csv(cases, index=False)
    with open_store(url, create=True) as store:
        save_boundaries(store, assemble(small_sample.rt), "sample", {})
        load_records(store, "cases", cases)
        run_days(store, None, [THE_13TH, THE_14TH])
    app = create_app(Settings(database=url))
    with TestClient(app) as client:
        before = [ask(client, ITEMS, **query) for query in QUERIES]
        first_pages = [ask(client, ITEMS, limit=4, **query) for query in QUERIES]
        run_days(app.state.official.city.store, None, [THE_14TH], rule_id="dkk-semarang")
        run_days(app.state.official.city.store, None, [THE_15TH])
        for page, items in zip(first_pages, before, strict=True):
            assert fetch_rest(client, page) == (items["features"], {items["numberMatched"]})
        after = [ask(client, ITEMS, **query) for query in QUERIES]
        assert after[0]["features"][0]["properties"]["date"] == "2021-07-15"
        for items, later_items in zip(before, after, strict=True):
            assert later_items["features"] != items["features"]


def fetch_rest(client: TestClient, page: dict[str, Any]) -> tuple[list[Any], set[int]]:
    """Features of a page and all later pages, and the numbers of matches on these pages."""
    features, matched = list(page["features"]), {page["numberMatched"]}
    while "next" in links(page):
        page = client.get(links(page)["next"]).json()
        features += page["features"]
        matched.add(page["numberMatched"])
    return features, matched


def test_before_the_first_publication_there_are_no_features(client: TestClient) -> None:
    assert ask(client, ITEMS, known_at="2001-01-01T00:00:00+07:00")["numberMatched"] == 0


@pytest.mark.parametrize("moment", ["", "yesterday", "2999-01-01T00:00Z"])
def test_an_invalid_or_future_moment_is_rejected(client: TestClient, moment: str) -> None:
    assert get_error(client, ITEMS, known_at=moment) == (400, "invalid-parameter")


def test_without_a_cache_a_query_over_all_days_makes_the_columns_of_areas_once(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """656 days once held 656 copies of the columns of a city, which took 20 GB."""
    versions: list[str] = []

    def note_version(boundaries: Boundaries, *arguments: Any) -> AreaColumns:
        versions.append(boundaries.id)
        return AreaColumns(boundaries, *arguments)

    monkeypatch.setattr(zones, "AreaColumns", note_version)
    app = create_app(small_settings, lambda url: open_city(url, Cache(0.001)))
    with TestClient(app) as client:
        days = len(app.state.public.city.published_days())
        page = ask(client, ITEMS, datetime="../..", limit=2)
    assert page["numberMatched"] > days > 2
    # Once for the query, and at most once for the description of the collection.
    assert 0 < len(versions) <= 2
