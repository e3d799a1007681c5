"""Houses per RT from the raw file by pandas and shapely alone equal what is published."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.boundaries import save_boundaries
from geodata.sample_city import SampleCity
from geodata.store import Store, open_store
from tests.cities.small_city import MARKET, SIDE, code, corner, small_city
from zoning import City
from zoning.days.daily import run_days
from zoning.records.intake import load_records

TODAY = date(2021, 7, 31)
JUDGED = (date(2021, 7, 7), date(2021, 7, 15), date(2021, 7, 22))
_STREETS = ("Mawar", "Kenanga", "Flamboyan")
_WAYS = ("Jl {} No {}", "Jalan {} {}", "jl. {} no. {:02d}", "{} {}", "JL {} NOMOR {}")
_PUBLISHED = """
select z.code, z.houses from published p join run_zone z on z.run = p.run
where p.date = $1 and z.houses > 0 order by z.code
"""


def raw_file(path: Path, rng: np.random.Generator, rows: int = 700) -> None:
    """A list of cases as an office keeps it: points, addresses in many writings, some cards."""
    listed = []
    for number in range(rows):
        village, rw, rt = int(rng.integers(4)), int(rng.integers(1, 3)), int(rng.integers(1, 4))
        x, y = corner(village, rw, rt)
        lon, lat = x + SIDE * rng.uniform(0.01, 0.99), y + SIDE * rng.uniform(0.01, 0.99)
        street, house = _STREETS[rng.integers(3)], int(rng.integers(1, 9))
        way = _WAYS[rng.integers(len(_WAYS))]
        # A card belongs to one house of one RT: half of the cases have it.
        card = f"0000{village}{rw}{rt}{_STREETS.index(street)}{house:08d}"
        address = None if rng.random() < 0.1 else way.format(street, house)
        confirmed = date(2021, 7, 1) + timedelta(days=int(rng.integers(21)))
        listed.append(
            {
                "No Kasus": f"K-{number}",
                "KK": card if rng.random() < 0.5 else None,
                "Alamat": address,
                "Bujur": f"{lon:.7f}",
                "Lintang": f"{lat:.7f}",
                "Status": "Konfirmasi" if rng.random() < 0.8 else "Suspek",
                "Tgl konfirmasi": confirmed.strftime("%d/%m/%Y"),
            }
        )
    pd.DataFrame(listed).to_csv(path, index=False)


def houses_by_rt(path: Path, shapes: Mapping[str, shapely.Polygon], day: date) -> dict[str, int]:
    """Houses with a case in the seven days to a day, from the file and the polygons alone."""
    raw = pd.read_csv(path, dtype=str)
    days = pd.to_datetime(raw["Tgl konfirmasi"], format="%d/%m/%Y").dt.date
    recent = (days <= day) & (days > day - timedelta(days=7)) & (raw["Status"] == "Konfirmasi")
    points = shapely.points(raw["Bujur"].astype(float), raw["Lintang"].astype(float))
    found = {}
    for rt, shape in shapes.items():
        inside = pd.Series(shapely.contains(shape, points))
        # What connects houses may be older than the window, or may come after it.
        houses = _connected(raw[inside & (raw["Status"] == "Konfirmasi")])
        count = len(set(houses[recent[inside & (raw["Status"] == "Konfirmasi")]]))
        if count:
            found[rt] = count
    return found


def _connected(cases: pd.DataFrame) -> "pd.Series[int]":
    """A number for each case: the same where a chain of cards and addresses connects two."""
    names: list[set[str]] = []
    for row in cases.itertuples():
        own = {f"card {row.KK}"} if isinstance(row.KK, str) else set()
        if isinstance(row.Alamat, str):
            words = re.findall(r"[a-z]+|\d+", row.Alamat.lower())
            kept = [w.lstrip("0") for w in words if w not in ("jl", "jalan", "no", "nomor")]
            own.add(f"address {' '.join(kept)}")
        names.append(own)
    numbers = list(range(len(names)))
    changed = True
    while changed:
        changed = False
        for one, left in enumerate(names):
            for other, right in enumerate(names):
                if left & right and numbers[one] != numbers[other]:
                    numbers[one] = numbers[other] = min(numbers[one], numbers[other])
                    changed = True
    return pd.Series(numbers, index=cases.index)


def published(store: Store, day: date) -> dict[str, int]:
    rows: Sequence[dict[str, object]] = store.read(_PUBLISHED, day).to_pylist()
    return {str(row["code"]): int(str(row["houses"])) for row in rows}


def test_a_small_city_has_the_houses_that_its_raw_file_has(tmp_path: Path) -> None:
    path = tmp_path / "kasus.csv"
    raw_file(path, np.random.default_rng(3))
    places = [(v, rw, rt) for v in range(4) for rw in (1, 2) for rt in (1, 2, 3)]
    shapes = {}
    for place in places:
        if code(*place) != MARKET:
            x, y = corner(*place)
            shapes[code(*place)] = shapely.box(x, y, x + SIDE, y + SIDE)
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        save_boundaries(store, small_city(), "small", {})
        load_records(store, "cases", path, today=TODAY)
        run_days(store, None, JUDGED, today=TODAY)
        for day in JUDGED:
            assert published(store, day) == houses_by_rt(path, shapes, day)


# --- the sample city ---

_SAMPLE_DAYS = (date(2021, 6, 20), date(2021, 7, 1), date(2021, 7, 12))
_ADDRESS = re.compile(r"(?:jalan|jln|jl)?\W*([a-z]+)\W*(?:nomor|nmr|no)?\W*0*(\d+)")
_METRES = 50.0


def sample_cases(city: SampleCity) -> pd.DataFrame:
    """The newest usable row of each case of the sample's file, with its RT."""
    raw = city.cases[city.cases["case_id"].notna()]
    raw = raw[raw["status"].isin(raw["status"].value_counts().index[:6])]
    newest = raw.drop_duplicates("case_id", keep="last").reset_index(drop=True)
    newest = newest[newest["status"] == "confirmed"].dropna(subset=["confirmed_on"])
    return newest.assign(home=pd.Series(_places(newest, city), index=newest.index))


def _places(cases: pd.DataFrame, city: SampleCity) -> list[str | None]:
    """The RT of each case: by its point, else by the numbers and the kelurahan beside it."""
    rt = city.rt.to_crs("EPSG:32749")
    tree = shapely.STRtree(rt.geometry.to_numpy())
    codes = rt["code"].tolist()
    named = _by_name(city)
    exchanged = cases["lon"].abs() < cases["lat"].abs()
    lon, lat = (
        np.where(exchanged, cases[other], cases[own])
        for own, other in (("lon", "lat"), ("lat", "lon"))
    )
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs("EPSG:32749")
    homes: list[str | None] = []
    told = np.isfinite(np.asarray(lon, dtype=float))
    for point, row, is_told in zip(points, cases.itertuples(), told.tolist(), strict=True):
        near = tree.query(point, "dwithin", distance=_METRES).tolist() if is_told else []
        distances = sorted((rt.geometry.iloc[k].distance(point), codes[k]) for k in near)
        where = (_folded(row.kelurahan), _number(row.rw), _number(row.rt))
        homes.append(distances[0][1] if distances else named.get(where))
    return homes


def _by_name(city: SampleCity) -> dict[tuple[str, int | None, int | None], str]:
    rows = csv.DictReader(
        files("geodata").joinpath("sample_city/kelurahan.csv").read_text("utf-8").splitlines()
    )
    spellings = {row["code"]: [row["kelurahan"], *row["aliases"].split("|")] for row in rows}
    found: dict[tuple[str, int | None, int | None], str] = {}
    for row in city.rt.itertuples():
        for spelling in spellings[str(row.kelurahan_code)]:
            found[(_folded(spelling), int(str(row.rw)), int(str(row.rt)))] = str(row.code)
    return found


def _folded(name: object) -> str:
    return re.sub(r"\W", "", str(name).lower())


def _number(cell: object) -> int | None:
    return int(str(cell)) if str(cell).isdigit() else None


def _sample_houses(cases: pd.DataFrame, day: date) -> dict[str, int]:
    days = pd.to_datetime(cases["confirmed_on"]).dt.date
    recent = (days <= day) & (days > day - timedelta(days=7))
    found = {}
    for home, own in cases.groupby("home"):
        addresses = own["address"].fillna("").str.lower().str.extract(_ADDRESS.pattern)
        plain = own.assign(KK=own["kk"], Alamat=addresses[0] + " " + addresses[1])
        count = len(set(_connected(plain)[recent[own.index]]))
        if count:
            found[str(home)] = count
    return found


def test_the_sample_city_has_the_houses_that_its_raw_file_has(
    small_sample: SampleCity, small_city: City
) -> None:
    cases = sample_cases(small_sample)
    for day in _SAMPLE_DAYS:
        zones = small_city.zones(day)
        counted = zones[zones["houses"] > 0].set_index("code")["houses"].to_dict()
        assert len(counted) > 30
        assert counted == _sample_houses(cases, day)
