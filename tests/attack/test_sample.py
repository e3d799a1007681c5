"""Attacks on the whole history of a part of the sample city, from public answers alone."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import mapbox_vector_tile
import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from geodata.public_runs import public_id
from geodata.sample_city import FIRST_DAY, LAST_DAY, REDIVIDED, SampleCity
from tests.attack.conftest import Served
from tests.attack.inference import episodes, tightest
from tests.attack.reading import Question, ask
from tests.attack.sample_history import both, opened
from zoning.rules import built_in

WINDOW = 7
MINIMUM = 5
COLOURS = ("green", "yellow", "orange", "red")
LEVELS = ("kota", "kecamatan", "kelurahan", "rw")
SOME = [date(2020, 7, 1), REDIVIDED - timedelta(days=1), REDIVIDED, date(2021, 4, 5),
        date(2021, 4, 6), date(2021, 7, 1), date(2021, 7, 15), LAST_DAY]  # fmt: skip
_TRUE = """
select p.date, z.code, z.houses, z.cases from run_zone z join
  (select distinct on (date) date, run from published order by date, version desc) p using (run)
where z.cases > 0
"""


@pytest.fixture(scope="module")
def urls(small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return both(small_sample, tmp_path_factory)


@pytest.fixture(scope="module")
def reader(urls: tuple[str, str], served: Served) -> Iterator[TestClient]:
    with served(urls[0]) as client:
        yield client


@pytest.fixture(scope="module")
def runs(reader: TestClient) -> pd.DataFrame:
    """What `/days` says."""
    found = pd.DataFrame(reader.get("/days").json()["days"])
    assert len(found) == (LAST_DAY - FIRST_DAY).days + 1
    return found


@pytest.fixture(scope="module")
def coloured(reader: TestClient) -> pd.DataFrame:
    """Every coloured RT of every day, read page by page."""
    address = "/ogc/collections/zones-rt/items"
    asked: dict[str, Any] = {"datetime": "../..", "filter": "risk >= 1", "limit": 10000}
    rows: list[dict[str, Any]] = []
    while True:
        page = reader.get(address, params={**asked, "offset": len(rows)}).json()
        rows += [one["properties"] for one in page["features"]]
        if len(rows) >= page["numberMatched"]:
            return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def colours(reader: TestClient, coloured: pd.DataFrame) -> dict[str, NDArray[np.uint8]]:
    """Colours of all RT by day, of the days before and since the city was divided anew."""
    found = {}
    days = pd.date_range(FIRST_DAY, LAST_DAY)
    for name, span in (
        ("before", days[days < pd.Timestamp(REDIVIDED)]),
        ("since", days[days >= pd.Timestamp(REDIVIDED)]),
    ):
        zones = reader.get("/zones", params={"date": span[0].date().isoformat()}).json()["features"]
        rt = pd.Index([one["properties"]["code"] for one in zones])
        risk = np.zeros((len(span), len(rt)), dtype=np.uint8)
        own = coloured[pd.to_datetime(coloured["date"]).isin(span)]
        risk[span.get_indexer(pd.DatetimeIndex(own["date"])), rt.get_indexer(own["code"])] = own[
            "risk"
        ]
        found[name] = risk
    return found


def summary(client: TestClient, on: date, level: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/summary?date={on}&level={level}").json()
    return found


def test_another_epidemic_behind_the_same_colours_is_told_by_nothing(
    urls: tuple[str, str], reader: TestClient, served: Served, runs: pd.DataFrame
) -> None:
    """Half as many cases more, other ends of isolation, other counts, another secret."""
    with opened(urls[0]) as one, opened(urls[1]) as other:
        cases = [store.read("select count(*) as n from case_version")["n"][0].as_py()
                 for store in (one, other)]  # fmt: skip
        ids = [set(store.read("select run from published")["run"].to_pylist())
               for store in (one, other)]  # fmt: skip
    assert cases[1] > 1.3 * cases[0]
    assert ids[0].isdisjoint(ids[1])
    asked = ["/days", "/places", "/map", "/embed", "/ogc/collections",
             "/ogc/collections/zones-kota/items?datetime=..%2F..&limit=10000"]  # fmt: skip
    asked += [f"/indicators?level={level}" for level in LEVELS[:3]] + ["/indicators"]
    asked += [f"/summary?date={on}" for on in runs["date"]]
    for on in SOME:
        asked += [f"/zones?date={on}&level={level}" for level in ("rt", *LEVELS)]
        asked += [f"/tilejson?date={on}", f"/map?date={on}"]
        run = runs["run"][runs["date"] == on.isoformat()].iloc[0]
        asked += [f"/tiles/{run}/{tile}" for tile in ("12/3304/2127.mvt", "12/3304/2127.png")]
    with served(urls[1]) as client:
        for address in asked:
            question = Question("GET", address)
            assert ask(reader, question) == ask(client, question), address


def test_every_id_can_be_computed_from_what_everyone_sees(
    runs: pd.DataFrame, coloured: pd.DataFrame
) -> None:
    """So an id tells nothing, and no guess at the cases can be tried against one."""
    zones = {on: list(zip(own["code"], own["risk"], strict=True))
             for on, own in coloured.groupby("date")}  # fmt: skip
    for row in runs.to_dict("records"):
        said = (built_in().rule(row["rule"]).digest, row["boundaries"], zones.get(row["date"], []))
        assert row["run"] == public_id(date.fromisoformat(row["date"]), row["rule"], *said)


def test_no_internal_id_stands_in_any_answer(
    urls: tuple[str, str], reader: TestClient, runs: pd.DataFrame
) -> None:
    with opened(urls[0]) as store:
        internal = store.read("select run, records from run").to_pydict()
    hidden = {*internal["run"], *internal["records"]}
    assert len(hidden) > 1000
    asked = ["/days", "/map", "/ogc/collections/zones-kota/items?datetime=..%2F..&limit=10000"]
    asked += [
        f"/{path}?date={on}" for path in ("summary", "tilejson", "zones/33.74.01") for on in SOME
    ]
    for address in asked:
        answer = ask(reader, Question("GET", address))
        words = set(re.findall(r"[0-9a-f]{16,}", f"{answer.headers}{answer.body!r}"))
        assert words
        assert words.isdisjoint(hidden)
    assert set(runs["run"]).isdisjoint(hidden)


def test_two_zones_of_one_colour_are_told_apart_by_nothing(
    reader: TestClient, coloured: pd.DataFrame
) -> None:
    place = ("code", "name", "within")
    seen: Counter[str] = Counter()
    for on in SOME:
        own = coloured[coloured["date"] == on.isoformat()]
        green = reader.get(f"/zones?date={on}&limit=40").json()["features"]
        codes = [*own["code"], *(one["id"] for one in green if one["id"] not in set(own["code"]))]
        answers: dict[str, set[str]] = {}
        for code in codes:
            answer = reader.get(f"/zones/{code}?date={on}")
            said = {k: v for k, v in answer.json().items() if k not in place}
            answers.setdefault(said["colour"], set()).add(json.dumps(said))
            seen[said["colour"]] += 1
        assert {colour: len(found) for colour, found in answers.items()} == dict.fromkeys(
            answers, 1
        )
    assert all(seen[colour] > 20 for colour in ("hijau", "kuning", "oranye"))


def test_what_is_said_above_the_rt_follows_from_their_colours(
    reader: TestClient, coloured: pd.DataFrame, runs: pd.DataFrame
) -> None:
    """Nothing subtracted between levels tells more: they are sums of what is seen."""
    for on in SOME:
        zones = reader.get(f"/zones?date={on}").json()["features"]
        rt = pd.DataFrame([one["properties"] for one in zones])
        day = runs[runs["date"] == on.isoformat()].iloc[0]
        counted = [int((rt["risk"] == risk).sum()) for risk in range(4)]
        assert [day[name] for name in COLOURS] == counted
        for level in LEVELS:
            areas = reader.get(f"/zones?date={on}&level={level}").json()["features"]
            highest = {one["id"]: one["properties"]["risk"] for one in areas}
            for area in summary(reader, on, level)["areas"]:
                own = rt[rt["code"].str.match(re.escape(area["code"]) + r"([.-]|$)")]["risk"]
                assert [area[name] for name in COLOURS] == [int((own == k).sum()) for k in range(4)]
                assert highest[area["code"]] == own.max()


def test_a_tile_holds_codes_names_and_risks_and_nothing_else(
    reader: TestClient, runs: pd.DataFrame
) -> None:
    for on in SOME:
        run = runs["run"][runs["date"] == on.isoformat()].iloc[0]
        tile = reader.get(f"/tiles/{run}/14/13216/8509.mvt")
        for layer in mapbox_vector_tile.decode(tile.content).values():
            for feature in layer["features"]:
                assert set(feature["properties"]) <= {"code", "name", "risk"}


def test_no_chain_of_days_tells_how_many_cases_without_an_rt_a_day_brought(
    reader: TestClient, runs: pd.DataFrame
) -> None:
    """The windows of days overlap; the tightest bounds of each day's cases are worked out."""
    least, most = [], []
    for on in runs["date"]:
        said = summary(reader, on, "kota")
        told = said["unplaced"]
        least.append(1 if said["unplaced_suppressed"] else told)
        most.append(
            MINIMUM - 1 if said["unplaced_suppressed"] else told + (MINIMUM - 1 if told else 0)
        )
    assert len(set(least)) > 1
    low, high = tightest(least, most, WINDOW)
    assert (low <= high).all()
    assert not ((low == high) & (low > 0)).any()


def test_no_figure_of_people_is_known_closer_than_its_band(reader: TestClient) -> None:
    every = []
    for level in LEVELS[:3]:
        every += reader.get(f"/indicators?level={level}").json()["values"]
    people = [one for one in every if one["rounded_to"] is not None]
    assert len(people) > 100
    for one in people:
        assert one["rounded_to"] == MINIMUM
        assert one["suppressed"] == (one["value"] is None)
        assert one["value"] is None or one["value"] % MINIMUM == 0


def test_what_colours_tell_unavoidably_is_what_the_docs_say(
    urls: tuple[str, str], colours: dict[str, NDArray[np.uint8]], reader: TestClient
) -> None:
    """Days of confirmation that the colours alone tell; they are right, and are this many."""
    with opened(urls[0]) as store:
        cases = store.read(_TRUE).to_pandas()
    cases["date"] = pd.to_datetime(cases["date"])
    houses = cases.set_index(["code", "date"])["houses"]
    total = single = one_house = 0
    for name, first in (("before", FIRST_DAY), ("since", REDIVIDED)):
        zones = reader.get("/zones", params={"date": first.isoformat()}).json()["features"]
        rt = [one["id"] for one in zones]
        for found in episodes(colours[name]):
            total += 1
            assert found.days >= WINDOW  # a case counts for a whole window
            if found.days == WINDOW and found.highest == 1:
                days = pd.date_range(first + timedelta(days=found.first), periods=WINDOW)
                known = [houses[rt[found.rt], on] for on in days]
                assert len(set(known)) == 1  # all of them came on one day
                assert known[0] in {1, 2} or days[0] < pd.Timestamp("2021-04-06")
                single += 1
                one_house += known[0] == 1
    assert total > 300
    assert 0.3 < single / total < 0.6
    assert one_house / single > 0.8
