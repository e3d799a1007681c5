"""The sample city has the documented size, shape and errors, and is reproducible."""

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata import sample_city
from geodata.errors import InputError
from geodata.sample_city import SampleCity
from tests.geodata.boundaries.kelurahan_shapes import shapes_of

FACTS = Path(sample_city.__file__).parent / "kelurahan.csv"
SMALL = ("33.74.01", "33.74.03")

CASE_COLUMNS = (
    "case_id,nik,kk,address,rt,rw,kelurahan,kecamatan,lon,lat,status,confirmed_on,onset_on,"
    "specimen_on,reported_on,outcome,outcome_on"
)
NEWCOMER_COLUMNS = (
    "newcomer_id,nik,kk,address,rt,rw,kelurahan,kecamatan,lon,lat,origin,arrived_on,"
    "quarantine_until,tested_on,test_result,left_on"
)


@pytest.fixture(scope="module")
def facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rows(city: SampleCity, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The cases, read from CSV without project code."""
    path = tmp_path_factory.mktemp("city") / "cases.csv"
    city.cases.to_csv(path, index=False)
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def houses(
    rows: list[dict[str, str]], facts: list[dict[str, str]]
) -> dict[date, dict[str, set[str]]]:
    """Confirmed houses of each day and RT, counted from the address fields only."""
    names = {}
    for fact in facts:
        for name in (fact["kelurahan"], *filter(None, fact["aliases"].split(";"))):
            names[_plain(fact["kecamatan"]), _plain(name)] = fact["code"]
    newest = {row["case_id"]: row for row in rows if row["case_id"]}
    houses_by_day: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in newest.values():
        if row["status"] == "confirmed" and row["rt"] and row["rw"]:
            code = names.get((_plain(row["kecamatan"]), _plain(row["kelurahan"])))
            if code is None:
                continue  # the kecamatan contradicts the kelurahan: a person must decide
            rt_code = f"{code}-{int(row['rw']):03d}-{int(row['rt']):03d}"
            house = row["kk"] or row["address"]
            houses_by_day[date.fromisoformat(row["confirmed_on"])][rt_code].add(house)
    return houses_by_day


def _plain(name: str) -> str:
    return name.replace(" ", "").upper()


def colours(houses: dict[date, dict[str, set[str]]], day: date) -> tuple[int, int, int]:
    """Yellow, orange and red RT by the law of April 2021: 1-2, 3-5, over 5 houses in 7 days."""
    window: dict[str, set[str]] = defaultdict(set)
    for back in range(7):
        for rt_code, rt_houses in houses.get(day - timedelta(days=back), {}).items():
            window[rt_code] |= rt_houses
    sizes = [len(rt_houses) for rt_houses in window.values()]
    return (
        sum(size in {1, 2} for size in sizes),
        sum(size in {3, 4, 5} for size in sizes),
        sum(size > 5 for size in sizes),
    )


def test_the_city_has_the_areas_of_semarang(city: SampleCity, facts: list[dict[str, str]]) -> None:
    rt = city.rt
    assert rt["kota_code"].unique().tolist() == ["33.74"]
    assert rt["kecamatan_code"].nunique() == 16
    assert sorted(rt["kelurahan_code"].unique()) == [fact["code"] for fact in facts]
    assert len(facts) == 177
    assert len(rt) == 10_628
    assert 1_480 <= rt.groupby(["kelurahan_code", "rw"]).ngroups <= 1_580
    assert all(
        code.startswith(kelurahan_code)
        for code, kelurahan_code in zip(rt["code"], rt["kelurahan_code"], strict=True)
    )


def test_the_population_is_the_census_population(city: SampleCity) -> None:
    people = city.rt.groupby("kecamatan_code")["population"].sum()
    assert people.sum() == 1_653_524
    assert people["33.74.06"] == 193_151
    assert people["33.74.16"] == 32_822
    assert 130 < city.rt["population"].median() < 180


def test_the_rt_are_a_coverage_and_nest_in_all_levels(city: SampleCity) -> None:
    for level in ("code", "kelurahan_code", "kecamatan_code", "kota_code"):
        areas = city.rt.dissolve(level, method="coverage")
        shapes = shapes_of(areas)
        assert shapely.is_valid(shapes).all(), level
        assert shapely.coverage_is_valid(shapes), level
        assert set(areas.geom_type) == {"Polygon"}, level


def test_rt_have_as_many_vertices_as_drawn_borders(city: SampleCity) -> None:
    vertices = shapely.get_num_coordinates(shapes_of(city.rt))
    assert np.mean((vertices >= 40) & (vertices <= 120)) > 0.998
    assert 80 <= np.median(vertices) <= 90
    assert vertices.min() >= 30
    assert vertices.max() <= 150


def test_kelurahan_have_their_real_positions_and_areas(
    city: SampleCity, facts: list[dict[str, str]]
) -> None:
    grown = city.rt.dissolve("kelurahan_code", method="coverage")
    metres = grown.to_crs(32749).area / 1e6
    assert 355 < metres.sum() < 390
    for fact in facts:
        shape = grown.geometry[fact["code"]]
        assert shape.contains(shapely.Point(float(fact["lon"]), float(fact["lat"])))
        assert 0.5 < metres[fact["code"]] / float(fact["km2"]) < 2.1
    ratio = metres[[fact["code"] for fact in facts]] / [float(fact["km2"]) for fact in facts]
    assert 0.9 < ratio.median() < 1.1


def test_no_vertex_is_copied_from_the_published_borders(
    city: SampleCity, shared_data: Callable[[str], Path]
) -> None:
    published = gpd.read_file(shared_data("semarang/kelurahan.geojson"))
    published_points = {tuple(xy) for xy in shapely.get_coordinates(shapes_of(published))}
    sample_points = {tuple(xy) for xy in shapely.get_coordinates(shapes_of(city.rt))}
    assert not published_points & sample_points


def test_columns_are_those_of_record_files(city: SampleCity) -> None:
    assert ",".join(city.cases.columns) == CASE_COLUMNS
    assert ",".join(city.newcomers.columns) == NEWCOMER_COLUMNS


def test_the_number_of_cases_is_plausible(rows: list[dict[str, str]]) -> None:
    confirmed = {row["case_id"] for row in rows if row["status"] == "confirmed"}
    assert 60_000 < len(confirmed) < 90_000
    died = {row["case_id"] for row in rows if row["outcome"] == "died"}
    assert 0.02 < len(died) / len(confirmed) < 0.08


def test_waves_have_the_dates_of_the_waves_of_java(houses: dict[date, dict[str, set[str]]]) -> None:
    weekly = {
        name: sum(
            len(rt_houses)
            for back in range(7)
            for rt_houses in houses.get(day - timedelta(days=back), {}).values()
        )
        for name, day in {
            "start": date(2020, 3, 25),
            "first rise": date(2020, 7, 30),
            "new year": date(2021, 1, 31),
            "between": date(2021, 5, 12),
            "great wave": date(2021, 7, 10),
            "after": date(2021, 8, 31),
            "quiet": date(2021, 10, 15),
            "end": date(2021, 12, 31),
        }.items()
    }
    assert weekly["start"] < 15
    assert weekly["first rise"] > 100
    assert weekly["new year"] > 3 * weekly["first rise"]
    assert weekly["between"] < weekly["new year"] / 4
    assert weekly["great wave"] > 4 * weekly["new year"]
    assert weekly["after"] < weekly["great wave"] / 20
    assert weekly["quiet"] < 25
    assert weekly["end"] < 25


def test_numbers_of_coloured_rt_are_near_the_published_numbers(
    houses: dict[date, dict[str, set[str]]],
) -> None:
    yellow, orange, red = colours(houses, date(2021, 9, 9))
    assert (red, orange <= 5) == (0, True)
    assert 50 <= yellow <= 100
    yellow, orange, red = colours(houses, date(2021, 9, 18))
    assert (red, orange <= 2) == (0, True)
    assert 18 <= yellow <= 48
    yellow, orange, red = colours(houses, date(2021, 10, 17))
    assert (red, orange) == (0, 0)
    assert yellow <= 12


def test_the_largest_wave_has_hundreds_of_orange_and_red_rt(
    houses: dict[date, dict[str, set[str]]],
) -> None:
    yellow, orange, red = colours(houses, date(2021, 7, 10))
    assert red >= 60
    assert orange >= 300
    assert yellow >= 1_500


def test_cases_of_a_house_follow_within_days(city: SampleCity) -> None:
    cases = city.cases[city.cases["status"] == "confirmed"].drop_duplicates("case_id")
    with_kk = cases.dropna(subset=["kk"])
    sizes = with_kk.groupby("kk").size()
    assert 0.25 < (sizes > 1).mean() < 0.7
    days = pd.to_datetime(with_kk["confirmed_on"], errors="coerce").groupby(with_kk["kk"])
    gaps = (days.max() - days.min()).dt.days[sizes > 1]
    assert ((gaps >= 1) & (gaps <= 12)).mean() > 0.85


def test_cases_cluster_in_some_rt(
    houses: dict[date, dict[str, set[str]]],
) -> None:
    per_rt = Counter(
        {
            rt_code: sum(len(day.get(rt_code, ())) for day in houses.values())
            for rt_code in {rt_code for day in houses.values() for rt_code in day}
        }
    )
    counts = np.array([*per_rt.values(), *[0] * (10_628 - len(per_rt))])
    # In a Poisson distribution, the variance equals the mean.
    assert counts.var() > 3 * counts.mean()


def test_the_dates_of_a_case_are_in_order(city: SampleCity) -> None:
    cases = city.cases[
        (city.cases["status"] == "confirmed") & (city.cases["confirmed_on"] < "2022")
    ]
    for early, late in (
        ("onset_on", "specimen_on"),
        ("specimen_on", "confirmed_on"),
        ("confirmed_on", "reported_on"),
        ("confirmed_on", "outcome_on"),
    ):
        dates = cases[[early, late]].dropna()
        assert len(dates) > 1_000
        assert (dates[early] <= dates[late]).all(), (early, late)
    assert cases["confirmed_on"].min() >= "2020-03-01"
    assert city.cases["reported_on"].max() <= "2021-12-31"
    delay = pd.to_datetime(cases["reported_on"]) - pd.to_datetime(cases["confirmed_on"])
    assert 0.5 < delay.dt.days.mean() < 2.5


def test_the_files_contain_the_errors_of_real_files(
    city: SampleCity, rows: list[dict[str, str]]
) -> None:
    number = len(rows)
    west, south, east, north = city.rt.total_bounds

    def share(rule: Callable[[dict[str, str]], bool]) -> float:
        return sum(map(rule, rows)) / number

    points = [(float(row["lon"]), float(row["lat"])) for row in rows if row["lon"]]
    outside = [(x, y) for x, y in points if not (west <= x <= east and south <= y <= north)]
    assert 0.06 < share(lambda row: not row["lon"]) < 0.12
    assert 50 < sum(point == (0.0, 0.0) for point in points) < number / 50
    assert 50 < sum(x < 0 < y for x, y in points) < number / 50
    assert len(outside) > 300
    assert 0.02 < share(lambda row: not row["kk"]) < 0.06
    assert 0.005 < share(lambda row: not row["rt"] or not row["rw"]) < 0.03
    assert share(lambda row: row["kelurahan"].isupper()) > 0.02
    assert {len(row["rt"]) for row in rows} >= {0, 1, 2, 3}
    written = {row["kelurahan"] for row in rows}
    assert {"Tanjung Mas", "Tanjungmas"} <= written
    rows_per_id = Counter(row["case_id"] for row in rows if row["case_id"])
    assert 1_000 < sum(count > 1 for count in rows_per_id.values()) < number / 20
    equal_rows = Counter(tuple(row.values()) for row in rows)
    assert sum(count > 1 for count in equal_rows.values()) > 200
    assert sum(not row["case_id"] for row in rows) >= 10
    assert sum(not row["status"] for row in rows) >= 10
    assert sum(row["confirmed_on"] > "2100" for row in rows) >= 10
    words = Counter(row["status"] for row in rows)
    assert set(words) - {"menunggu hasil", ""} == {
        "confirmed",
        "suspect",
        "probable",
        "contact",
        "discarded",
    }
    assert {row["outcome"] for row in rows} == {"", "recovered", "died"}


def test_some_houses_lie_just_outside_the_border(city: SampleCity) -> None:
    city_polygon = city.rt.dissolve("kota_code", method="coverage").to_crs(32749).geometry.iloc[0]
    west, south, east, north = city.rt.total_bounds
    is_near_lon = city.cases["lon"].between(west - 0.01, east + 0.01)
    nearby_cases = city.cases[is_near_lon & city.cases["lat"].between(south - 0.01, north + 0.01)]
    points = gpd.points_from_xy(nearby_cases["lon"], nearby_cases["lat"], crs=4326).to_crs(32749)
    shapely.prepare(city_polygon)
    positions = np.asarray(points, dtype=object)
    outside = positions[~shapely.contains(city_polygon, positions)]
    distances = shapely.distance(outside, city_polygon)
    assert ((distances > 0) & (distances < 50)).sum() > 50
    assert ((distances > 50) & (distances < 200)).sum() > 50


def test_a_correction_comes_after_the_earlier_version(rows: list[dict[str, str]]) -> None:
    versions: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["case_id"] and row["status"] in {"suspect", "confirmed"}:
            versions[row["case_id"]].append(row["status"])
    mixed = [statuses for statuses in versions.values() if len(set(statuses)) > 1]
    assert len(mixed) > 500
    assert all(statuses == sorted(statuses, reverse=True) for statuses in mixed)


def test_most_coordinates_lie_in_the_rt_of_the_address(
    city: SampleCity, facts: list[dict[str, str]]
) -> None:
    sample = city.cases.dropna(subset=["lon", "rt", "rw"]).iloc[::40]
    rt = city.rt
    matches = shapely.STRtree(list(rt.geometry)).query(
        shapely.points(sample["lon"], sample["lat"]), predicate="within"
    )
    assert len(matches[0]) > 0.97 * len(sample)
    matched_cases = sample.iloc[matches[0]]
    matched_rt = rt.iloc[matches[1]]
    agree = (matched_cases["rt"].astype(int).to_numpy() == matched_rt["rt"].to_numpy()) & (
        matched_cases["rw"].astype(int).to_numpy() == matched_rt["rw"].to_numpy()
    )
    assert agree.mean() > 0.9


def test_no_identity_number_can_be_real(city: SampleCity) -> None:
    for table in (city.cases, city.newcomers):
        for column in ("nik", "kk"):
            numbers = table[column].dropna()
            assert numbers.str.fullmatch(r"0000\d{12}").all()
    people = city.cases.dropna(subset=["nik", "case_id"]).groupby("nik")["case_id"].nunique()
    # Some people are reinfected after months; otherwise a number belongs to one person.
    assert (people > 1).mean() < 0.04


def test_newcomers_come_before_lebaran_and_stay_as_long_as_the_rule_of_the_day(
    city: SampleCity,
) -> None:
    table = city.newcomers
    arrived = table["arrived_on"]
    assert 5_500 < (arrived < "2020-04-15").sum() < 9_000
    lebaran = ((arrived >= "2021-05-01") & (arrived < "2021-05-15")).sum()
    ordinary = ((arrived >= "2021-03-01") & (arrived < "2021-03-15")).sum()
    assert lebaran > 3 * ordinary
    stay = (pd.to_datetime(table["quarantine_until"]) - pd.to_datetime(arrived)).dt.days
    assert stay[arrived < "2021-04-22"].unique().tolist() == [14]
    assert stay[arrived >= "2021-04-22"].unique().tolist() == [5]
    first = table["origin"].value_counts().index[:3].tolist()
    assert first == ["DKI Jakarta", "Jawa Barat", "Banten"]
    tested = table.dropna(subset=["tested_on"])
    assert (tested["tested_on"] >= tested["arrived_on"]).all()
    assert set(table["test_result"].dropna()) == {"positive", "negative"}
    assert table["test_result"][table["tested_on"].isna()].isna().all()
    assert table["newcomer_id"].is_unique


def test_the_city_has_its_37_puskesmas_and_a_command_post_in_every_kecamatan(
    city: SampleCity,
) -> None:
    places = city.places
    assert (places["place_kind"] == "puskesmas").sum() == 37
    posts = places[places["place_kind"] == "post"]
    assert sorted(posts["kecamatan"]) == sorted(city.rt["kecamatan_name"].unique())


def test_a_small_city_has_the_codes_of_the_full_city(city: SampleCity) -> None:
    small = sample_city.build(kecamatan=SMALL)
    full_rt = city.rt[city.rt["kecamatan_code"].isin(SMALL)]
    assert set(small.rt["kelurahan_code"]) == set(full_rt["kelurahan_code"])
    assert len(small.rt) == len(full_rt)
    assert shapely.coverage_is_valid(shapes_of(small.rt))
    share = full_rt["population"].sum() / 1_653_524
    assert 0.6 * share < len(small.cases) / len(city.cases) < 1.6 * share


def test_a_kecamatan_of_another_city_raises_an_error() -> None:
    with pytest.raises(InputError, match=re.escape("33.22.01")) as raised:
        sample_city.build(kecamatan=("33.22.01",))
    assert raised.value.code == "unknown-kecamatan"


def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib\n"
        "from geodata import sample_city\n"
        "city = sample_city.build(3, kecamatan=('33.74.16', '33.74.01'))\n"
        "for rt in (city.rt, city.rt_before):\n"
        "    print(hashlib.sha256(b''.join(rt.geometry.to_wkb())).hexdigest())\n"
        "for table in city:\n"
        "    print(hashlib.sha256(table.to_csv(index=False).encode()).hexdigest())\n"
    )
    outputs = {_run(script, hash_seed) for hash_seed in ("1", "2")}
    assert len(outputs) == 1
    assert len(set(outputs.pop().split())) == 2 + len(SampleCity._fields)


def test_another_seed_gives_another_city() -> None:
    cities = [sample_city.build(seed, kecamatan=("33.74.16",)) for seed in (1, 2)]
    hashes = {
        hashlib.sha256(city.cases.to_csv(index=False).encode()).hexdigest() for city in cities
    }
    assert len(hashes) == 2


def _run(script: str, hash_seed: str) -> str:
    process = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout
