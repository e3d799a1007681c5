"""OGC API: all pages of one question are of one moment, whatever is published between them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.ogc.features import zones
from api.ogc.features.areas import Areas
from api.settings import Settings
from geodata.boundaries import Boundaries, assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.store import open_store
from tests.api.ogc.schemas import ask, links, refused
from zoning import open_city
from zoning.caching import Cache
from zoning.days.daily import run_days
from zoning.records.intake import load_records

ITEMS = "/collections/zones-kelurahan/items"
THE_13TH, THE_14TH, THE_15TH = (date(2021, 7, day) for day in (13, 14, 15))
QUESTIONS: list[dict[str, Any]] = [
    {},
    {"datetime": "../.."},
    {"filter": "date > DATE('2021-07-01') AND risk < 3"},
]


def test_pages_go_on_as_they_began_though_days_are_published_between_them(
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
        wanted = [ask(client, ITEMS, **question) for question in QUESTIONS]
        begun = [ask(client, ITEMS, limit=4, **question) for question in QUESTIONS]
        run_days(app.state.official.city.store, None, [THE_14TH], rule_id="dkk-semarang")
        run_days(app.state.official.city.store, None, [THE_15TH])
        for first, whole in zip(begun, wanted, strict=True):
            assert ends(client, first) == (whole["features"], {whole["numberMatched"]})
        now = [ask(client, ITEMS, **question) for question in QUESTIONS]
        assert now[0]["features"][0]["properties"]["date"] == "2021-07-15"
        for whole, later in zip(wanted, now, strict=True):
            assert later["features"] != whole["features"]


def ends(client: TestClient, page: dict[str, Any]) -> tuple[list[Any], set[int]]:
    """Features of a page and all that follow it, and how many each said there are."""
    features, matched = list(page["features"]), {page["numberMatched"]}
    while "next" in links(page):
        page = client.get(links(page)["next"]).json()
        features += page["features"]
        matched.add(page["numberMatched"])
    return features, matched


def test_before_anything_was_published_there_are_no_features(client: TestClient) -> None:
    assert ask(client, ITEMS, known_at="2001-01-01T00:00:00+07:00")["numberMatched"] == 0


@pytest.mark.parametrize("moment", ["", "yesterday", "2999-01-01T00:00Z"])
def test_what_is_no_moment_past_is_refused(client: TestClient, moment: str) -> None:
    assert refused(client, ITEMS, known_at=moment) == (400, "invalid-parameter")


def test_all_days_cost_the_columns_of_their_boundaries_once_where_the_cache_keeps_nothing(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """656 days once held 656 copies of a city's columns, and took 20 GB."""
    made: list[str] = []

    def counted(boundaries: Boundaries, *others: Any) -> Areas:
        made.append(boundaries.id)
        return Areas(boundaries, *others)

    monkeypatch.setattr(zones, "Areas", counted)
    app = create_app(small_settings, lambda url: open_city(url, Cache(0.001)))
    with TestClient(app) as client:
        days = len(app.state.public.city.published_days())
        page = ask(client, ITEMS, datetime="../..", limit=2)
    assert page["numberMatched"] > days > 2
    # Once for the question itself, and at most once more for what describes the collection.
    assert 0 < len(made) <= 2
