"""Houses per RT from the raw file, counted only with pandas and shapely, equal published houses."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from itertools import product
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
DAYS = (date(2021, 7, 7), date(2021, 7, 15), date(2021, 7, 22))
_STREETS = ("Mawar", "Kenanga", "Flamboyan")
_ADDRESS_FORMS = ("Jl {} No {}", "Jalan {} {}", "jl. {} no. {:02d}", "{} {}", "JL {} NOMOR {}")
_PUBLISHED = """
select z.code, z.houses from published p join run_zone z on z.run = p.run
where p.date = $1 and z.houses > 0 order by z.code
"""


def raw_file(path: Path, rng: np.random.Generator, n_rows: int = 700) -> None:
    """A file of cases from an office: points, addresses in several spellings, some cards."""
    rows = []
    for number in range(n_rows):
        village, rw, rt = int(rng.integers(4)), int(rng.integers(1, 3)), int(rng.integers(1, 4))
        x, y = corner(village, rw, rt)
        lon, lat = x + SIDE * rng.uniform(0.01, 0.99), y + SIDE * rng.uniform(0.01, 0.99)
        street, house = _STREETS[rng.integers(3)], int(rng.integers(1, 9))
        form = _ADDRESS_FORMS[rng.integers(len(_ADDRESS_FORMS))]
        # A card belongs to one house of one RT; half of the cases have a card.
        card = f"0000{village}{rw}{rt}{_STREETS.index(street)}{house:08d}"
        address = None if rng.random() < 0.1 else form.format(street, house)
        confirmed = date(2021, 7, 1) + timedelta(days=int(rng.integers(21)))
        rows.append(
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
    pd.DataFrame(rows).to_csv(path, index=False)


def houses_by_rt(path: Path, shapes: Mapping[str, shapely.Polygon], day: date) -> dict[str, int]:
    """Houses with a case in the seven days up to `day`, from only the file and the polygons."""
    raw = pd.read_csv(path, dtype=str)
    days = pd.to_datetime(raw["Tgl konfirmasi"], format="%d/%m/%Y").dt.date
    recent = (days <= day) & (days > day - timedelta(days=7)) & (raw["Status"] == "Konfirmasi")
    points = shapely.points(raw["Bujur"].astype(float), raw["Lintang"].astype(float))
    counts = {}
    for rt, shape in shapes.items():
        inside = pd.Series(shapely.contains(shape, points))
        # A case before or after the window may connect two cases of the window.
        houses = _house_numbers(raw[inside & (raw["Status"] == "Konfirmasi")])
        count = len(set(houses[recent[inside & (raw["Status"] == "Konfirmasi")]]))
        if count:
            counts[rt] = count
    return counts


def _house_numbers(cases: pd.DataFrame) -> "pd.Series[int]":
    """A number for each case, equal for cases that a chain of cards and addresses connects."""
    names_of_cases: list[set[str]] = []
    for row in cases.itertuples():
        names = {f"card {row.KK}"} if isinstance(row.KK, str) else set()
        if isinstance(row.Alamat, str):
            words = re.findall(r"[a-z]+|\d+", row.Alamat.lower())
            words = [w.lstrip("0") for w in words if w not in ("jl", "jalan", "no", "nomor")]
            names.add(f"address {' '.join(words)}")
        names_of_cases.append(names)
    numbers = list(range(len(names_of_cases)))
    changed = True
    while changed:
        changed = False
        for (k, names), (n, other_names) in product(enumerate(names_of_cases), repeat=2):
            if names & other_names and numbers[k] != numbers[n]:
                numbers[k] = numbers[n] = min(numbers[k], numbers[n])
                changed = True
    return pd.Series(numbers, index=cases.index)


def published(store: Store, day: date) -> dict[str, int]:
    rows: Sequence[dict[str, object]] = store.read(_PUBLISHED, day).to_pylist()
    return {str(row["code"]): int(str(row["houses"])) for row in rows}


def test_published_houses_of_a_small_city_agree_with_its_raw_file(tmp_path: Path) -> None:
    path = tmp_path / "kasus.csv"
    raw_file(path, np.random.default_rng(3))
    rt_keys = [(v, rw, rt) for v in range(4) for rw in (1, 2) for rt in (1, 2, 3)]
    shapes = {}
    for rt_key in rt_keys:
        if code(*rt_key) != MARKET:
            x, y = corner(*rt_key)
            shapes[code(*rt_key)] = shapely.box(x, y, x + SIDE, y + SIDE)
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        save_boundaries(store, small_city(), "small", {})
        load_records(store, "cases", path, today=TODAY)
        run_days(store, None, DAYS, today=TODAY)
        for day in DAYS:
            assert published(store, day) == houses_by_rt(path, shapes, day)


# --- the sample city ---

_SAMPLE_DAYS = (date(2021, 6, 20), date(2021, 7, 1), date(2021, 7, 12))
_ADDRESS = re.compile(r"(?:jalan|jln|jl)?\W*([a-z]+)\W*(?:nomor|nmr|no)?\W*0*(\d+)")
_NEAREST_WITHIN = 50.0


def sample_cases(city: SampleCity) -> pd.DataFrame:
    """The newest usable row of each case in the file of the sample city, with its RT."""
    raw = city.cases[city.cases["case_id"].notna()]
    raw = raw[raw["status"].isin(raw["status"].value_counts().index[:6])]
    newest = raw.drop_duplicates("case_id", keep="last").reset_index(drop=True)
    newest = newest[newest["status"] == "confirmed"].dropna(subset=["confirmed_on"])
    return newest.assign(rt_code=pd.Series(_rt_codes(newest, city), index=newest.index))


def _rt_codes(cases: pd.DataFrame, city: SampleCity) -> list[str | None]:
    """The RT of each case: by its point, else by its RT, RW and kelurahan."""
    rt = city.rt.to_crs("EPSG:32749")
    tree = shapely.STRtree(rt.geometry.to_numpy())
    codes = rt["code"].tolist()
    codes_by_name = _codes_by_name(city)
    exchanged = cases["lon"].abs() < cases["lat"].abs()
    lon, lat = (
        np.where(exchanged, cases[swapped_axis], cases[axis])
        for axis, swapped_axis in (("lon", "lat"), ("lat", "lon"))
    )
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs("EPSG:32749")
    rt_codes: list[str | None] = []
    has_point = np.isfinite(np.asarray(lon, dtype=float))
    for point, row, is_point in zip(points, cases.itertuples(), has_point.tolist(), strict=True):
        rows = tree.query(point, "dwithin", distance=_NEAREST_WITHIN).tolist() if is_point else []
        distances = sorted((rt.geometry.iloc[k].distance(point), codes[k]) for k in rows)
        rt_name = (_fold_name(row.kelurahan), _number(row.rw), _number(row.rt))
        rt_codes.append(distances[0][1] if distances else codes_by_name.get(rt_name))
    return rt_codes


def _codes_by_name(city: SampleCity) -> dict[tuple[str, int | None, int | None], str]:
    rows = csv.DictReader(
        files("geodata").joinpath("sample_city/kelurahan.csv").read_text("utf-8").splitlines()
    )
    spellings = {row["code"]: [row["kelurahan"], *row["aliases"].split("|")] for row in rows}
    codes: dict[tuple[str, int | None, int | None], str] = {}
    for row in city.rt.itertuples():
        for spelling in spellings[str(row.kelurahan_code)]:
            codes[(_fold_name(spelling), int(str(row.rw)), int(str(row.rt)))] = str(row.code)
    return codes


def _fold_name(name: object) -> str:
    return re.sub(r"\W", "", str(name).lower())


def _number(cell: object) -> int | None:
    return int(str(cell)) if str(cell).isdigit() else None


def _sample_houses(cases: pd.DataFrame, day: date) -> dict[str, int]:
    days = pd.to_datetime(cases["confirmed_on"]).dt.date
    recent = (days <= day) & (days > day - timedelta(days=7))
    counts = {}
    for rt, rt_cases in cases.groupby("rt_code"):
        addresses = rt_cases["address"].fillna("").str.lower().str.extract(_ADDRESS.pattern)
        as_file = rt_cases.assign(KK=rt_cases["kk"], Alamat=addresses[0] + " " + addresses[1])
        count = len(set(_house_numbers(as_file)[recent[rt_cases.index]]))
        if count:
            counts[str(rt)] = count
    return counts


def test_published_houses_of_the_sample_city_agree_with_its_raw_file(
    small_sample: SampleCity, small_city: City
) -> None:
    cases = sample_cases(small_sample)
    for day in _SAMPLE_DAYS:
        zones = small_city.zones(day)
        counts = zones[zones["houses"] > 0].set_index("code")["houses"].to_dict()
        assert len(counts) > 30
        assert counts == _sample_houses(cases, day)
