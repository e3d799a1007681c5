"""Attacks on the history of a part of the sample city, with public answers only."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import mapbox_vector_tile
import numpy as np
import pandas as pd
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from geodata.public_runs import public_id
from geodata.sample_city import FIRST_DAY, LAST_DAY, REDIVIDED
from tests.attack.conftest import ServeDatabase
from tests.attack.inference import episodes, tightest_bounds
from tests.attack.reading import PublicRequest, ask
from tests.attack.sample_history import open_database
from zoning.rules import built_in

WINDOW = 7
MINIMUM = 5
COLOURS = ("green", "yellow", "orange", "red")
LEVELS = ("kota", "kecamatan", "kelurahan", "rw")
FIGURES = ("cases", "recovered", "deaths")
SAMPLE_DAYS = [
    date(2020, 7, 1),
    REDIVIDED - timedelta(days=1),
    REDIVIDED,
    date(2021, 4, 5),
    date(2021, 4, 6),
    date(2021, 7, 1),
    date(2021, 7, 15),
    LAST_DAY,
]
_PAGE_DAYS = slice(1, None, 3)
"""Of `SAMPLE_DAYS`; the pages of a day show the figures of many days."""
_N_CASES = "select count(distinct case_id) as n from case_version"
_TRUE_COUNTS = """
select p.date, z.code, z.houses, z.cases from run_zone z join
  (select distinct on (date) date, run from published order by date, version desc) p using (run)
where z.cases > 0
"""


def summary(client: TestClient, day: date, level: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/summary?date={day}&level={level}").json()
    return answer


def page_addresses(rt: list[str], run: str, day: date) -> Iterator[str]:
    """Pages for residents, with daily figures, in both languages; and the files of a day."""
    kelurahan = rt[0].partition("-")[0]
    areas = [kelurahan, kelurahan.rpartition(".")[0], rt[-1].partition("-")[0]]
    for lang in ("id", "en"):
        shared = f"date={day}&lang={lang}"
        for path in ("/", "/wilayah", "/tentang", "/aturan", "/rujukan", "/dokter", "/rt"):
            yield f"{path}?{shared}"
        yield from (f"/wilayah/{code}?{shared}" for code in areas)
        yield from (f"/rt/{code}?{shared}" for code in rt[::40])
        for path in ("/vaksinasi", "/bantuan", "/alat", "/pendatang", "/tempat"):
            yield f"{path}?{shared}"
    yield f"/zones.csv?date={day}"
    yield f"/colours/{run}"
    yield f"/picture/{run}.png?width=240"


def test_another_epidemic_with_the_same_colours_has_the_same_answers(
    urls: tuple[str, str], reader: TestClient, serve_database: ServeDatabase, runs: pd.DataFrame
) -> None:
    """Many more cases, other ends of isolation, other counts, another secret."""
    with open_database(urls[0]) as store, open_database(urls[1]) as twin_store:
        cases = [
            opened_store.read("select count(distinct case_id) as n from case_version")["n"][
                0
            ].as_py()
            for opened_store in (store, twin_store)
        ]
        ids = [
            set(opened_store.read("select run from published")["run"].to_pylist())
            for opened_store in (store, twin_store)
        ]
    assert cases[1] > 1.25 * cases[0]
    assert ids[0].isdisjoint(ids[1])
    addresses = [
        "/days",
        "/places",
        "/map",
        "/embed",
        "/ogc/collections",
        "/ogc/collections/zones-kota/items?datetime=..%2F..&limit=10000",
    ]
    addresses += [f"/indicators?level={level}" for level in LEVELS[:3]] + ["/indicators"]
    addresses += [
        f"/indicators?name={name}&level={level}" for name in FIGURES for level in LEVELS[:3]
    ]
    addresses += [f"/summary?date={day}" for day in runs["date"]]
    for day in SAMPLE_DAYS:
        addresses += [f"/zones?date={day}&level={level}" for level in ("rt", *LEVELS)]
        addresses += [f"/tilejson?date={day}", f"/map?date={day}"]
        run = runs["run"][runs["date"] == day.isoformat()].iloc[0]
        addresses += [f"/tiles/{run}/{tile}" for tile in ("12/3304/2127.mvt", "12/3304/2127.png")]
    addresses += [f"/zones/{code}/history.csv" for code in ("33.74", "33.74.01")]
    for day in SAMPLE_DAYS[_PAGE_DAYS]:
        rt = [zone["id"] for zone in reader.get(f"/zones?date={day}").json()["features"]]
        run = runs["run"][runs["date"] == day.isoformat()].iloc[0]
        addresses += page_addresses(rt, run, day)
    with serve_database(urls[1]) as client:
        for address in addresses:
            request = PublicRequest("GET", address)
            assert ask(reader, request) == ask(client, request), address


def test_every_public_id_is_a_function_of_public_values(
    runs: pd.DataFrame, coloured: pd.DataFrame
) -> None:
    """So an id discloses nothing, and nobody can check guessed cases with an id."""
    zones = {
        day: list(zip(rows["code"], rows["risk"], strict=True))
        for day, rows in coloured.groupby("date")
    }
    for row in runs.to_dict("records"):
        public_values = (
            built_in().rule(row["rule"]).digest,
            row["boundaries"],
            zones.get(row["date"], []),
        )
        assert row["run"] == public_id(date.fromisoformat(row["date"]), row["rule"], *public_values)


def test_no_public_answer_has_an_internal_id(
    urls: tuple[str, str], reader: TestClient, runs: pd.DataFrame
) -> None:
    with open_database(urls[0]) as store:
        internal = store.read("select run, records from run").to_pydict()
    hidden = {*internal["run"], *internal["records"]}
    assert len(hidden) > 1000
    addresses = ["/days", "/map", "/ogc/collections/zones-kota/items?datetime=..%2F..&limit=10000"]
    addresses += [
        f"/{path}?date={day}"
        for path in ("summary", "tilejson", "zones/33.74.01")
        for day in SAMPLE_DAYS
    ]
    for address in addresses:
        answer = ask(reader, PublicRequest("GET", address))
        words = set(re.findall(r"[0-9a-f]{16,}", f"{answer.headers}{answer.body!r}"))
        assert words
        assert words.isdisjoint(hidden)
    assert set(runs["run"]).isdisjoint(hidden)


def test_zones_of_the_same_colour_have_the_same_answer(
    reader: TestClient, coloured: pd.DataFrame
) -> None:
    place = ("code", "name", "within")
    counts: Counter[str] = Counter()
    for day in SAMPLE_DAYS:
        coloured_rows = coloured[coloured["date"] == day.isoformat()]
        green = reader.get(f"/zones?date={day}&limit=40").json()["features"]
        codes = [
            *coloured_rows["code"],
            *(zone["id"] for zone in green if zone["id"] not in set(coloured_rows["code"])),
        ]
        answers: dict[str, set[str]] = {}
        for code in codes:
            answer = reader.get(f"/zones/{code}?date={day}")
            answer_without_place = {k: v for k, v in answer.json().items() if k not in place}
            answers.setdefault(answer_without_place["colour"], set()).add(
                json.dumps(answer_without_place)
            )
            counts[answer_without_place["colour"]] += 1
        assert {colour: len(texts) for colour, texts in answers.items()} == dict.fromkeys(
            answers, 1
        )
    assert all(counts[colour] > 20 for colour in ("hijau", "kuning", "oranye"))


def test_counts_of_larger_areas_follow_from_the_colours_of_rt(
    reader: TestClient, coloured: pd.DataFrame, runs: pd.DataFrame
) -> None:
    """Differences between levels disclose nothing more: the counts are sums of public colours."""
    for day in SAMPLE_DAYS:
        zones = reader.get(f"/zones?date={day}").json()["features"]
        rt = pd.DataFrame([zone["properties"] for zone in zones])
        published_run = runs[runs["date"] == day.isoformat()].iloc[0]
        counts = [int((rt["risk"] == risk).sum()) for risk in range(4)]
        assert [published_run[name] for name in COLOURS] == counts
        for level in LEVELS:
            areas = reader.get(f"/zones?date={day}&level={level}").json()["features"]
            highest = {area["id"]: area["properties"]["risk"] for area in areas}
            for area in summary(reader, day, level)["areas"]:
                risks = rt[rt["code"].str.match(re.escape(area["code"]) + r"([.-]|$)")]["risk"]
                assert [area[name] for name in COLOURS] == [
                    int((risks == k).sum()) for k in range(4)
                ]
                assert highest[area["code"]] == risks.max()


def test_a_tile_has_only_codes_names_and_risks(reader: TestClient, runs: pd.DataFrame) -> None:
    for day in SAMPLE_DAYS:
        run = runs["run"][runs["date"] == day.isoformat()].iloc[0]
        tile = reader.get(f"/tiles/{run}/14/13216/8509.mvt")
        for layer in mapbox_vector_tile.decode(tile.content).values():
            for feature in layer["features"]:
                assert set(feature["properties"]) <= {"code", "name", "risk"}


def test_overlapping_windows_do_not_disclose_the_unplaced_cases_of_a_day(
    reader: TestClient, runs: pd.DataFrame
) -> None:
    """The test computes the tightest bounds of the new cases of each day."""
    least, most = [], []
    for day in runs["date"]:
        answer = summary(reader, day, "kota")
        published = answer["unplaced"]
        least.append(1 if answer["unplaced_suppressed"] else published)
        most.append(
            MINIMUM - 1
            if answer["unplaced_suppressed"]
            else published + (MINIMUM - 1 if published else 0)
        )
    assert len(set(least)) > 1
    low, high = tightest_bounds(least, most, WINDOW)
    assert (low <= high).all()
    assert not ((low == high) & (low > 0)).any()


def test_every_count_of_people_is_rounded_to_its_band(reader: TestClient) -> None:
    values = []
    for level in LEVELS[:3]:
        values += reader.get(f"/indicators?level={level}").json()["values"]
    people = [value for value in values if value["rounded_to"] is not None]
    assert len(people) > 100
    for value in people:
        assert value["rounded_to"] == MINIMUM
        assert value["suppressed"] == (value["value"] is None)
        assert value["value"] is None or value["value"] % MINIMUM == 0


def test_the_unavoidable_disclosure_by_colours_is_as_documented(
    urls: tuple[str, str], colours: dict[str, NDArray[np.uint8]], reader: TestClient
) -> None:
    """The test checks and counts the days of confirmation that follow from colours."""
    with open_database(urls[0]) as store:
        cases = store.read(_TRUE_COUNTS).to_pandas()
    cases["date"] = pd.to_datetime(cases["date"])
    houses = cases.set_index(["code", "date"])["houses"]
    total = single = one_house = 0
    for name, first in (("before", FIRST_DAY), ("since", REDIVIDED)):
        zones = reader.get("/zones", params={"date": first.isoformat()}).json()["features"]
        rt = [zone["id"] for zone in zones]
        for episode in episodes(colours[name]):
            total += 1
            assert episode.days >= WINDOW  # a case counts during a whole window
            if episode.days == WINDOW and episode.highest == 1:
                days = pd.date_range(first + timedelta(days=episode.first), periods=WINDOW)
                house_counts = [houses[rt[episode.rt], day] for day in days]
                assert len(set(house_counts)) == 1  # all cases were confirmed on one day
                assert house_counts[0] in {1, 2} or days[0] < pd.Timestamp("2021-04-06")
                single += 1
                one_house += house_counts[0] == 1
    assert total > 300
    assert 0.3 < single / total < 0.6
    assert one_house / single > 0.8
