"""Coordinates in files: corrections, unusable points, and points too vague for an RT."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.records.parsing.degrees import parse_coordinate
from geodata.records.parsing.findings import Findings
from geodata.records.parsing.points import CityReference, point_columns

EXTENT = (110.27, -7.12, 110.51, -6.93)
MIDDLE, CITY_MIDDLE = (110.41234, -7.01234), (110.39, -7.025)
CITY = CityReference(EXTENT, "EPSG:32749", np.array([MIDDLE]), np.array([CITY_MIDDLE]))
LON, LAT = 110.420317, -7.051208
FILLER = [("110.4001", "-7.0001"), ("110.4002", "-7.0002")]

Read = tuple[float | None, float | None, str | None]


def _read_all(
    points: list[tuple[str | None, str | None]],
    *,
    city: CityReference | None = CITY,
    address_columns: dict[str, list[str | None]] | None = None,
) -> tuple[list[Read], dict[str, int]]:
    lon, lat = (pa.array([point[axis] for point in points], pa.string()) for axis in (0, 1))
    n = len(points)
    columns = {name: pa.nulls(n, pa.string()) for name in ("rt", "rw", "kelurahan", "address")}
    columns |= {
        name: pa.array(cells, pa.string()) for name, cells in (address_columns or {}).items()
    }
    findings = Findings(np.zeros(n, dtype=bool))
    point_table = point_columns({"lon": lon, "lat": lat}, columns, city, findings)
    rows = zip(
        *(point_table[name].to_pylist() for name in ("lon", "lat", "point_reading")), strict=True
    )
    return list(rows), findings.warning_counts(np.ones(n, dtype=bool))


IMPOSSIBLE = [
    ("210.4", "99.5"),
    ("110.42", "-99.5"),
    ("-181", "-6.98"),
    ("180.0000001", "0.5"),
    ("1e11", "1e11"),
]


@pytest.mark.parametrize("point", IMPOSSIBLE)
@pytest.mark.parametrize("city", [CITY, None])
def test_a_point_that_is_not_on_earth_is_dropped(
    point: tuple[str, str], city: CityReference | None
) -> None:
    rows, warnings = _read_all([*FILLER, point], city=city)
    assert rows[-1] == (None, None, "impossible")
    assert rows[0][2] is None
    assert warnings["coordinates-impossible"] == 1


@pytest.mark.parametrize("point", [("180", "90"), ("-180", "-90"), ("179.99999", "-0.00001")])
def test_points_at_the_edges_of_the_earth_are_valid(point: tuple[str, str]) -> None:
    rows, _ = _read_all([*FILLER, point], city=None)
    assert rows[-1] == (float(point[0]), float(point[1]), None)


def _read(lon: str | None, lat: str | None) -> Read:
    # Most points of a file must be correct, or the whole file is refused.
    rows, _ = _read_all([*FILLER, (lon, lat)])
    return rows[-1]


def _is_home(point: Read) -> bool:
    lon, lat, _ = point
    return lon is not None and lat is not None and abs(lon - LON) + abs(lat - LAT) < 2e-6


def _utm(lon: float, lat: float) -> tuple[float, float]:
    east, north = pyproj.Proj("+proj=utm +zone=49 +south +ellps=WGS84")(lon, lat)
    return float(east), float(north)


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    radius = 6378137.0
    return radius * np.radians(lon), radius * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))


EAST, NORTH = _utm(LON, LAT)
X, Y = _mercator(LON, LAT)


@pytest.mark.parametrize(
    ("lon", "lat", "reading"),
    [
        (f"{LON}", f"{LAT}", None),
        ("110,420317", "-7,051208", None),
        ("+110.420317", "-07.051208", None),
        (f"{LAT}", f"{LON}", "exchanged"),
        ("-7,051208", "110,420317", "exchanged"),
        (f"{LON}", f"{-LAT}", "sign"),
        (f"{-LAT}", f"{LON}", "exchanged+sign"),
        ("110420317", "-7051208", "scaled"),
        ("110.420.317", "-7.051.208", "scaled"),
        ("110,420,317", "-7,051,208", "scaled"),
        ("110420317", f"{LAT}", "scaled"),
        (f"{LON}", "-7051208", "scaled"),
        ("11.0420317", f"{LAT}", "scaled"),
        ("110420317", "7051208", "sign+scaled"),
        ("-7051208", "110420317", "exchanged+scaled"),
        (f"{EAST:.2f}", f"{NORTH:.2f}", "metres"),
        (f"{NORTH:.2f}", f"{EAST:.2f}", "metres+exchanged"),
        (f"{EAST:.2f}", f"{NORTH - 1e7:.2f}", "metres"),
        (f"{X:.2f}", f"{Y:.2f}", "mercator"),
        ("110°25'13.1412\"E", "7°3'4.3488\"S", "minutes"),
        ("110° 25' 13,1412\" BT", "7° 3' 4,3488\" LS", "minutes"),
        ("110 25 13.1412", "-7 3 4.3488", "minutes"),
        ("BT 110°25\u203213.1412\u2033", "LS 7°3\u20324.3488\u2033", "minutes"),
        ("110:25:13.1412", "7:3:4.3488 S", "minutes"),
        ("110 25 13.1412", "7 3 4.3488", "minutes+sign"),
        ("7°3'4.3488\" LS", "110°25'13.1412\" BT", "minutes+exchanged"),
        ("110.420317° BT", "7.051208° LS", None),
        ("1.10420317E+02", "-7.051208e0", None),
        (None, f"{LAT}, {LON}", None),
        (f"{LAT}, {LON}", None, None),
        (f"{LAT},{LON}", f"{LAT},{LON}", None),
        (None, f"{LON}, {LAT}", "exchanged"),
        (None, f"({LAT}, {LON})", None),
        (None, f"POINT ({LON} {LAT})", None),
        (f"SRID=4326;POINT({LON} {LAT})", None, None),
        (None, f"GPS: {LAT}; {LON}", None),
        (None, f"lat: {LAT}, lon: {LON}", None),
        (None, f"https://maps.google.com/?q={LAT},{LON}", None),
        (None, f"https://www.google.com/maps/@{LAT},{LON},17z", None),
        (None, f"geo:{LAT},{LON}", None),
        (None, "-7,051208, 110,420317", None),
    ],
)
def test_every_form_of_the_same_coordinates_gives_the_same_point(
    lon: str | None, lat: str | None, reading: str | None
) -> None:
    point = _read(lon, lat)
    assert _is_home(point), point
    assert point[2] == reading


@pytest.mark.parametrize(
    ("lon", "lat", "reading"),
    [
        ("0", "0", "zero"),
        ("0.0000", "-0.0", "zero"),
        ("106.8166", "-6.2000", "outside"),
        ("-74.0060", "40.7128", "outside"),
        ("12345678", "87654321", "impossible"),
        ("1e300", "-7.05", "unreadable"),
        ("east", "-7.0512", "unreadable"),
        ("110.4.2", "-7.0512", "unreadable"),
        ("110 75 00", "-7.0512", "unreadable"),
        ("110.4203", None, "incomplete"),
        ("1104", "-7", "impossible"),
        ("110.4", "-7.1", "vague"),
        ("110.42", "-7.05", "vague"),
        ("110 25", "-7 3", "minutes+vague"),
        ("110.42", "-7.051", "rough"),
        (str(MIDDLE[0]), str(MIDDLE[1]), "middle"),
        (str(CITY_MIDDLE[0]) + "00", str(CITY_MIDDLE[1]) + "00", "city-middle"),
    ],
)
def test_points_that_are_unusable_or_too_vague_for_an_rt_are_marked(
    lon: str | None, lat: str | None, reading: str
) -> None:
    assert _read(lon, lat)[2] == reading


def test_four_decimals_in_one_coordinate_are_enough_since_trailing_zeros_are_lost() -> None:
    assert _read("110.42", "-7.0512")[2] is None


def test_coordinates_outside_the_city_are_stored_unchanged() -> None:
    assert _read("106.8166", "-6.2000") == (106.8166, -6.2, "outside")


def test_a_point_with_two_possible_corrections_is_not_corrected() -> None:
    # A city on the equator: a missing minus sign is possible in both directions.
    city_on_equator = CityReference((0.5, -0.9, 1.5, 0.9), "EPSG:32631", CITY.middles, CITY.middles)
    points = [("1.0001", "0.5001"), ("1.0002", "0.5001"), ("5001", "10001")]
    rows, _ = _read_all([*points], city=city_on_equator)
    assert rows[2] == (None, None, "impossible")


def test_each_warning_has_the_number_of_its_rows() -> None:
    points: list[tuple[str | None, str | None]] = [
        *FILLER,
        ("110420317", "7051208"),
        (f"{LON}", f"{-LAT}"),
        ("0", "0"),
        ("110.42", "-7.05"),
        ("x", "y"),
    ]
    assert _read_all(points)[1] == {
        "coordinates-scaled": 1,
        "coordinates-sign": 2,
        "coordinates-zero": 1,
        "coordinates-rough": 1,
        "coordinates-not-numbers": 1,
    }


def test_without_a_city_coordinates_are_not_corrected() -> None:
    rows, warnings = _read_all([("7.05", "10.42")], city=None)
    assert rows == [(7.05, 10.42, None)]
    assert warnings == {}


# --- crowded points ---------------------------------------------------------------------

HERE = (f"{LON}", f"{LAT}")


def _shared(**address_columns: list[str | None]) -> list[str | None]:
    n = len(next(iter(address_columns.values())))
    rows, _ = _read_all([HERE] * n, address_columns=address_columns)
    return [reading for _, _, reading in rows]


def test_a_point_shared_by_three_rt_is_crowded() -> None:
    assert _shared(rt=["1", "2", "3"], rw=["1"] * 3) == ["piled"] * 3
    assert _shared(rt=["1", "2", "2"], rw=["1"] * 3) == [None] * 3


def test_a_block_of_flats_is_not_crowded() -> None:
    flats: list[str | None] = [f"Apartemen Mawar Lt. {k} No. {k}" for k in range(9)]
    assert _shared(address=flats) == [None] * 9
    streets: list[str | None] = [f"Jl. {name} 3" for name in ("Satu", "Dua", "Tiga", "Empat", "X")]
    assert _shared(address=streets) == ["piled"] * 5
    assert _shared(address=streets[:4]) == [None] * 4


def test_one_rt_of_a_kelurahan_in_three_spellings_is_one_rt() -> None:
    spelt: list[str | None] = ["Pindrikan Kidul", "Pendrikan Kidul", "PINDRIKAN KIDUL", "Pindrikan"]
    assert _shared(kelurahan=spelt, rt=["1"] * 4, rw=["1"] * 4) == [None] * 4
    assert _shared(kelurahan=spelt, rt=["1", "2", "3", "3"], rw=["1"] * 4) == ["piled"] * 4


def test_one_street_in_five_spellings_is_one_street() -> None:
    writings: list[str | None] = [
        "Jl. Mawar No. 5",
        "Jalan Mawar Nomor 5",
        "JLN MAWAR 5",
        "Jl. Mawar No. 5, RT 02 / RW 05",
        "jl mawar no.005 Kel. Pekunden Kota Semarang",
        "Mawar 5 Kec. Semarang Tengah",
    ]
    assert _shared(address=writings) == [None] * 6


def test_an_unusable_point_is_not_crowded() -> None:
    rows, _ = _read_all([("0", "0")] * 3, address_columns={"rt": ["1", "2", "3"], "rw": ["1"] * 3})
    assert [reading for _, _, reading in rows] == ["zero"] * 3


# --- properties ---------------------------------------------------------------------------------

homes = st.tuples(
    st.integers(1102800, 1105000).map(lambda k: k * 10 + 3),
    st.integers(69400, 71100).map(lambda k: -(k * 100 + 7)),
)
SPOILT: dict[str, Callable[[float, float], tuple[str, str]]] = {
    "exchanged": lambda lon, lat: (f"{lat:.6f}", f"{lon:.6f}"),
    "sign": lambda lon, lat: (f"{lon:.6f}", f"{-lat:.6f}"),
    "metres": lambda lon, lat: tuple(f"{v:.3f}" for v in _utm(lon, lat)),  # type: ignore[dict-item, return-value]
    "mercator": lambda lon, lat: tuple(f"{v:.3f}" for v in _mercator(lon, lat)),  # type: ignore[dict-item, return-value]
}


@settings(max_examples=60, deadline=None)
@given(home=homes, correction=st.sampled_from(sorted(SPOILT)))
def test_every_point_of_the_city_is_corrected(home: tuple[int, int], correction: str) -> None:
    lon, lat = home[0] / 1e5, home[1] / 1e6
    x, y, reading = _read(*SPOILT[correction](lon, lat))
    assert x == pytest.approx(lon, abs=1e-6)
    assert y == pytest.approx(lat, abs=1e-6)
    assert reading == correction


@settings(max_examples=60, deadline=None)
@given(lon=st.integers(11027001, 11050999), lat=st.integers(6931, 7119).map(lambda k: k * 1000 + 7))
def test_coordinates_without_a_decimal_point_are_corrected(lon: int, lat: int) -> None:
    x, y, reading = _read(str(lon), str(-lat))
    assert (x, y) == (lon / 1e5, -lat / 1e6)
    assert reading == "scaled"


@given(degrees=st.integers(0, 179), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_degrees_minutes_and_seconds_become_decimal_degrees(
    degrees: int, minutes: int, seconds: int
) -> None:
    parsed = parse_coordinate(f"{degrees}° {minutes}' {seconds}\" LS")
    assert parsed is not None
    assert parsed[0] == pytest.approx(-(degrees + minutes / 60 + seconds / 3600))
    assert parsed[1:] == (4, True)


@given(text=st.text(max_size=20))
def test_every_text_gives_a_finite_coordinate_or_none(text: str) -> None:
    parsed = parse_coordinate(text)
    assert parsed is None or np.isfinite(parsed[0])
