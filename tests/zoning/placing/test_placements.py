"""Placing a record: by coordinates, nearest RT, or address."""

import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.boundaries import assemble
from geodata.text.area_names import fold_name, spelling_variants
from tests.cities.small_city import (
    BRINGIN,
    SIDE,
    SOUTH,
    TEMBALANG,
    VILLAGES,
    WEST,
    code,
    middle,
    small_city,
    square_row,
    square_rows,
)
from zoning.placing.placements import Placement, Placer

PLACER = Placer(small_city(), prefer="coordinates")
SCHEMA = pa.schema(
    [
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("rt", pa.int64()),
        ("rw", pa.int64()),
        ("kelurahan", pa.string()),
        ("kecamatan", pa.string()),
        ("point_reading", pa.string()),
        ("address", pa.string()),
        ("non_resident", pa.bool_()),
    ]
)
AREA = st.tuples(st.integers(0, 3), st.integers(1, 2), st.integers(1, 3))
SQUARES = [(village, rw, rt) for village in range(4) for rw in (1, 2) for rt in (1, 2, 3)]
FEW = settings(max_examples=50, deadline=None)


def _place(*records: Mapping[str, Any], placer: Placer = PLACER) -> Placement:
    rows = [{name: record.get(name) for name in SCHEMA.names} for record in records]
    return placer.place(pa.Table.from_pylist(rows, schema=SCHEMA))


def _fields(village: int, rw: int, rt: int) -> dict[str, Any]:
    kelurahan = VILLAGES[village]
    return {"rt": rt, "rw": rw, "kelurahan": kelurahan.name, "kecamatan": kelurahan.kecamatan_name}


def _coordinates(village: int, rw: int, rt: int) -> dict[str, float]:
    lon, lat = middle(village, rw, rt)
    return {"lon": lon, "lat": lat}


def test_a_point_lies_in_the_square_around_it() -> None:
    placed = _place(*(_coordinates(*square) for square in SQUARES))
    assert placed.zone.tolist() == [square_row(*square) for square in SQUARES]
    assert placed.methods.tolist() == ["coordinates"] * len(SQUARES)
    market = SQUARES.index((BRINGIN, 2, 3))
    codes, rows = [code(*square) for square in SQUARES], placed.zone.tolist()
    codes[market], rows[market] = VILLAGES[BRINGIN].code, -1
    assert placed.area.tolist() == codes
    assert placed.rt.tolist() == rows


def test_fields_name_an_rt_and_never_a_market() -> None:
    placed = _place(*(_fields(*square) for square in SQUARES))
    codes, rows = [code(*square) for square in SQUARES], [square_row(*s) for s in SQUARES]
    methods = ["address"] * len(SQUARES)
    market = SQUARES.index((BRINGIN, 2, 3))
    codes[market], rows[market], methods[market] = VILLAGES[BRINGIN].code, -1, "unplaced"
    assert placed.area.tolist() == codes
    assert placed.zone.tolist() == placed.rt.tolist() == rows
    assert placed.methods.tolist() == methods


def test_a_point_outside_belongs_to_the_nearest_rt_within_fifty_metres() -> None:
    # The oracle is a geodesic on the ellipsoid; the placer measures in a projected plane.
    edges = [(WEST + SIDE / 2, SOUTH, 180), (WEST, SOUTH + SIDE / 2, 270)]
    points = [
        Geod(ellps="WGS84").fwd(*edge, metres) for edge in edges for metres in (1, 49.9, 50.1, 120)
    ]
    placer = Placer(small_city(), prefer="coordinates")
    placed = _place(*({"lon": lon, "lat": lat} for lon, lat, _ in points), placer=placer)
    row = square_row(0, 1, 1)
    assert placed.zone.tolist() == [row, row, -1, -1] * 2
    assert placed.methods.tolist() == ["nearest", "nearest", "unplaced", "unplaced"] * 2


def test_of_two_equally_near_rt_the_lowest_row_wins() -> None:
    # Due south of the line between RW 001 and RW 002 of the first kelurahan.
    placed = _place({"lon": WEST + SIDE, "lat": SOUTH - SIDE / 10})
    assert placed.zone.tolist() == [min(square_row(0, 1, 1), square_row(0, 2, 1))]


def test_the_distance_can_be_set() -> None:
    point = {"lon": WEST - SIDE / 10, "lat": SOUTH + SIDE / 2}  # about 11 metres
    assert _place(point).methods.tolist() == ["nearest"]
    placer = Placer(small_city(), prefer="coordinates", nearest_within=5.0)
    assert _place(point, placer=placer).methods.tolist() == ["unplaced"]


@pytest.mark.parametrize("point", [(0.0, 0.0), (435000.0, 9220000.0), (1e300, -7.0)])
def test_points_that_are_no_place_on_earth_fall_back_to_the_address(
    point: tuple[float, float],
) -> None:
    placed = _place(_fields(TEMBALANG, 1, 2) | {"lon": point[0], "lat": point[1]})
    assert placed.methods.tolist() == ["address"]
    assert placed.area.tolist() == [code(TEMBALANG, 1, 2)]
    assert not placed.disagrees.any()


def test_near_points_are_found_among_points_inside_and_far_away() -> None:
    """Each nearest RT goes to its own row, also the RT of row 0."""
    inside, far = middle(TEMBALANG, 2, 3), (WEST - 1, SOUTH)
    squares = [(1, 1, 1), (0, 2, 1), (TEMBALANG, 1, 1)]
    south = [(middle(*square)[0], SOUTH - SIDE / 10) for square in squares]
    nowhere = [(math.nan, math.nan), (WEST, math.nan), (math.nan, SOUTH), (math.inf, SOUTH)]
    points = [far, south[0], inside, south[1], *nowhere, south[2]]
    lon, lat = np.array(points).T
    zone, methods = PLACER.place_points(lon, lat)
    rows = [square_row(*square) for square in squares]
    assert rows[0] == 0
    assert zone.tolist() == [
        *(-1, rows[0], square_row(TEMBALANG, 2, 3), rows[1]),
        *(-1, -1, -1, -1),
        rows[2],
    ]
    assert methods.tolist() == [
        *("unplaced", "nearest", "coordinates", "nearest"),
        *["unplaced"] * 4,
        "nearest",
    ]
    assert zone.dtype == np.int32


def test_an_area_without_rt_may_be_the_first_of_the_city() -> None:
    """A harbour that is a whole kelurahan: row 0 is no RT, and row 1 is one."""
    rows = [row for row in square_rows() if row["kelurahan_code"] != VILLAGES[1].code]
    [harbour] = [row for row in square_rows() if row["code"] == code(1, 1, 1)]
    harbour |= {"code": f"{VILLAGES[1].code}-x-001", "kind": "other", "name": "Pelabuhan"}
    harbour |= {"rw": None, "rt": None}
    city = assemble(gpd.GeoDataFrame([harbour, *rows], crs="EPSG:4326"))
    placed = _place(
        _coordinates(1, 1, 1),
        _coordinates(1, 1, 1) | _fields(TEMBALANG, 1, 1),
        _coordinates(TEMBALANG, 1, 1),
        {},
        placer=Placer(city, prefer="coordinates"),
    )
    assert placed.zone.tolist() == [0, 0, 1, -1]
    assert placed.rt.tolist() == [-1, -1, 1, -1]
    assert placed.area.tolist() == [
        *(VILLAGES[1].code, VILLAGES[1].code, code(TEMBALANG, 1, 1), "33.74"),
    ]
    # A harbour is no RT that an address could contradict.
    assert placed.disagrees.tolist() == [False] * 4


def test_a_person_who_lives_in_another_city_lies_in_no_area() -> None:
    here = _fields(TEMBALANG, 1, 2) | _coordinates(BRINGIN, 1, 1)
    placed = _place(*(here | {"non_resident": answer} for answer in (True, False, None)))
    row = square_row(BRINGIN, 1, 1)
    assert placed.zone.tolist() == placed.rt.tolist() == [-1, row, row]
    assert placed.area.tolist() == ["luar kota", code(BRINGIN, 1, 1), code(BRINGIN, 1, 1)]
    assert placed.methods.tolist() == ["non-resident", "coordinates", "coordinates"]


def test_columns_that_a_table_lacks_are_unknown() -> None:
    records = [
        _coordinates(BRINGIN, 1, 1) | _fields(TEMBALANG, 1, 2),
        {"lon": None, "lat": None} | _fields(TEMBALANG, 1, 2),
    ]
    few = pa.schema(list(SCHEMA)[:6])
    placed = PLACER.place(pa.Table.from_pylist(records, schema=few))
    for column, expected in zip(placed, _place(*records), strict=True):
        assert column.tolist() == expected.tolist()
    assert placed.methods.tolist() == ["coordinates", "address"]


@pytest.mark.parametrize("records", [[], [{}], [_coordinates(BRINGIN, 1, 1)]])
def test_the_columns_of_a_placement_have_their_types(records: list[dict[str, Any]]) -> None:
    placed = _place(*records)
    dtypes = [column.dtype.name for column in placed]
    assert dtypes == ["int32", "int32", "object", "object", "bool"]


def test_coordinates_and_address_are_placed_separately() -> None:
    point, fields = _coordinates(BRINGIN, 1, 1), _fields(TEMBALANG, 1, 2)
    outside = {"lon": WEST + SIDE / 2, "lat": SOUTH - SIDE / 10}
    records = [
        point | fields,
        point,
        fields,
        outside | fields,
        point | {"point_reading": "rough"},
        point | fields | {"point_reading": "rough"},
        point | fields | {"point_reading": "outside"},
        # Too coarse for an RT, and in no area of the city: the point gives no kelurahan.
        {"lon": WEST - 1, "lat": SOUTH, "point_reading": "rough"},
        {},
    ]
    rows = [{name: record.get(name) for name in SCHEMA.names} for record in records]
    separate = PLACER.by_coordinates_and_by_address(pa.Table.from_pylist(rows, schema=SCHEMA))
    here, there, near = (
        square_row(*square) for square in ((BRINGIN, 1, 1), (TEMBALANG, 1, 2), (0, 1, 1))
    )
    assert separate.by_coordinates.tolist() == [here, here, -1, near, -1, -1, -1, -1, -1]
    assert separate.by_address.tolist() == [there, -1, there, there, -1, there, there, -1, -1]
    assert separate.methods.tolist() == [
        *("coordinates", "coordinates", "unplaced", "nearest"),
        *["unplaced"] * 5,
    ]
    bringin, tembalang = VILLAGES[BRINGIN].code, VILLAGES[TEMBALANG].code
    assert separate.kelurahan.tolist() == [
        *(tembalang, None, tembalang, tembalang),
        *(bringin, tembalang, tembalang, None, None),
    ]


def test_a_coarse_point_in_the_first_zone_gives_the_kelurahan_of_this_zone() -> None:
    first = _coordinates(1, 1, 1) | {"point_reading": "rough"}
    assert _place(first).area.tolist() == [VILLAGES[1].code]


def test_only_residents_in_two_rt_disagree() -> None:
    """For each condition of a disagreement, one record that fails only this condition."""
    apart = _fields(TEMBALANG, 1, 2) | _coordinates(BRINGIN, 1, 1)
    market = {"lon": WEST - SIDE, "lat": SOUTH}  # in no RT, and far from all of them
    placed = _place(
        apart,
        apart | {"non_resident": False},
        apart | {"non_resident": True},
        _fields(TEMBALANG, 1, 2) | _coordinates(TEMBALANG, 1, 2),
        _fields(TEMBALANG, 1, 2) | market,
        _fields(TEMBALANG, 1, 2),
        _coordinates(BRINGIN, 1, 1),
        # Row 0 is an RT like any other.
        _fields(1, 1, 1) | _coordinates(BRINGIN, 1, 1),
        _fields(TEMBALANG, 1, 2) | _coordinates(1, 1, 1),
    )
    assert placed.disagrees.tolist() == [True, True, *[False] * 5, True, True]
    assert placed.methods[2] == "non-resident"


def test_coordinates_win_over_the_address_and_the_disagreement_is_reported() -> None:
    apart = _fields(TEMBALANG, 1, 2) | _coordinates(BRINGIN, 1, 1)
    same = _fields(TEMBALANG, 1, 2) | _coordinates(TEMBALANG, 1, 2)
    placed = _place(apart, same)
    assert placed.area.tolist() == [code(BRINGIN, 1, 1), code(TEMBALANG, 1, 2)]
    assert placed.disagrees.tolist() == [True, False]


def test_with_prefer_address_the_address_wins_over_the_coordinates() -> None:
    placer = Placer(small_city(), prefer="address")
    apart = _fields(TEMBALANG, 1, 2) | _coordinates(BRINGIN, 1, 1)
    placed = _place(apart, _coordinates(BRINGIN, 1, 1), placer=placer)
    assert placed.area.tolist() == [code(TEMBALANG, 1, 2), code(BRINGIN, 1, 1)]
    assert placed.methods.tolist() == ["address", "coordinates"]
    assert placed.disagrees.tolist() == [True, False]


@pytest.mark.parametrize("reading", ["zero", "outside", "vague", "city-middle", "exchanged+vague"])
def test_a_point_that_is_set_aside_places_no_record(reading: str) -> None:
    doubted = _coordinates(BRINGIN, 1, 1) | {"point_reading": reading}
    placed = _place(doubted, doubted | _fields(TEMBALANG, 1, 2))
    assert placed.methods.tolist() == ["unplaced", "address"]
    assert placed.area.tolist() == ["33.74", code(TEMBALANG, 1, 2)]
    assert not placed.disagrees.any()


@pytest.mark.parametrize("reading", ["rough", "middle", "piled", "exchanged+piled"])
def test_a_point_too_coarse_for_an_rt_gives_the_kelurahan_where_no_address_does(
    reading: str,
) -> None:
    doubted = _coordinates(BRINGIN, 1, 1) | {"point_reading": reading}
    half = _fields(TEMBALANG, 1, 2) | {"rt": None}
    placed = _place(doubted, doubted | half, doubted | _fields(TEMBALANG, 1, 2))
    assert placed.methods.tolist() == ["unplaced", "unplaced", "address"]
    assert placed.area.tolist() == [
        VILLAGES[BRINGIN].code,
        VILLAGES[TEMBALANG].code,
        code(TEMBALANG, 1, 2),
    ]
    assert not placed.disagrees.any()


def test_a_corrected_point_places_a_record_like_any_other_point() -> None:
    placed = _place(_coordinates(BRINGIN, 1, 1) | {"point_reading": "exchanged+sign"})
    assert placed.area.tolist() == [code(BRINGIN, 1, 1)]


def test_a_name_of_two_kelurahan_needs_the_kecamatan() -> None:
    first, second = _fields(0, 1, 1), _fields(1, 1, 1)
    placed = _place(first, second, first | {"kecamatan": None}, first | {"kecamatan": "Tugu"})
    assert placed.zone.tolist() == [square_row(0, 1, 1), square_row(1, 1, 1), -1, -1]
    assert placed.area.tolist()[2:] == ["33.74", "33.74"]


def test_a_kecamatan_that_contradicts_the_kelurahan_leaves_the_record_unplaced() -> None:
    placed = _place(_fields(TEMBALANG, 1, 1) | {"kecamatan": "Ngaliyan"})
    assert placed.methods.tolist() == ["unplaced"]


@pytest.mark.parametrize(
    "name",
    ["BERINGIN", "Kel. Beringin", "kelurahan bringin", "Bring in", "33.74.15.1003", "3374151003"],
)
def test_spellings_and_codes_of_a_kelurahan(name: str) -> None:
    placed = _place(_fields(BRINGIN, 1, 1) | {"kelurahan": name})
    assert placed.area.tolist() == [code(BRINGIN, 1, 1)]


@pytest.mark.parametrize("name", ["Tembaleng", "Tambalang", "TEMBALNG", "Kel. Tembalan"])
def test_a_typing_error_is_corrected_where_only_one_name_is_similar(name: str) -> None:
    placed = _place(_fields(TEMBALANG, 1, 1) | {"kelurahan": name, "kecamatan": None})
    assert placed.area.tolist() == [code(TEMBALANG, 1, 1)]


@pytest.mark.parametrize("name", ["Brngn", "Temalon", "Purwasari", "", "Kel.", "9"])
def test_a_name_that_is_similar_to_no_kelurahan_or_to_two_stays_unplaced(name: str) -> None:
    placed = _place(_fields(BRINGIN, 1, 1) | {"kelurahan": name, "kecamatan": None})
    assert placed.methods.tolist() == ["unplaced"]
    assert placed.area.tolist() == ["33.74"]


@pytest.mark.parametrize(
    "record",
    [
        {"address": "Jl. Mawar 5 RT 2/RW 1 Kel. Tembalang"},
        {"address": "RT 2 RW 1", "kelurahan": "Tembalang"},
        {"address": "Kel. Tembalang", "rt": 2, "rw": 1},
        {"address": "Mawar 5 rt 02", "rw": 1, "kelurahan": "Tembalang", "kecamatan": "Tembalang"},
    ],
)
def test_a_free_text_address_places_what_the_fields_do_not(record: dict[str, Any]) -> None:
    placed = _place(record)
    assert placed.methods.tolist() == ["address"]
    assert placed.zone.tolist() == [square_row(TEMBALANG, 1, 2)]


def test_fields_that_name_an_rt_win_over_the_free_text() -> None:
    placed = _place(_fields(TEMBALANG, 1, 1) | {"address": "RT 3 RW 2 Kel. Tembalang"})
    assert placed.zone.tolist() == [square_row(TEMBALANG, 1, 1)]


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("Kel. Tembalang", VILLAGES[TEMBALANG].code),
        ("RT 1, RT 2 RW 1 Kel. Tembalang", VILLAGES[TEMBALANG].code),
        ("RT 2 RW 1 Purwosari", "33.74"),
        ("RT 2 RW 1 Kel. Tembalang Kab. Semarang", "33.74"),
        ("RT 2 RW 1 Jl. Tembalang Raya", "33.74"),
    ],
)
def test_an_address_that_is_not_certain_counts_in_the_smallest_area_it_names(
    address: str, area: str
) -> None:
    placed = _place({"address": address})
    assert placed.methods.tolist() == ["unplaced"]
    assert placed.area.tolist() == [area]


def test_a_decision_places_every_record_whose_address_names_the_same_area() -> None:
    decisions = {PLACER.addresses.reader.read("RT 2 RW 1 Purwosari").area_part: code(0, 1, 2)}
    placer = Placer(small_city(), prefer="coordinates", decisions=decisions)
    by_text = {"address": "Jl. Mawar, Purwosari RT 02 RW 01"}
    by_fields = {"rt": 2, "rw": 1, "kelurahan": "Kel. PURWOSARI"}
    placed = _place(by_text, by_fields, {"address": "RT 3 RW 1 Purwosari"}, placer=placer)
    assert placed.zone.tolist() == [square_row(0, 1, 2), square_row(0, 1, 2), -1]


def test_a_placer_with_other_decisions_is_a_copy() -> None:
    ambiguous = {"address": "RT 2 RW 1 Purwosari"}
    area_part = PLACER.addresses.reader.read("RT 2 RW 1 Purwosari").area_part
    decided = PLACER.with_decisions({area_part: code(1, 1, 2)})
    assert _place(ambiguous, placer=decided).zone.tolist() == [square_row(1, 1, 2)]
    assert _place(ambiguous).zone.tolist() == [-1]
    apart = _fields(TEMBALANG, 1, 2) | _coordinates(BRINGIN, 1, 1)
    for prefer, square in (("coordinates", (BRINGIN, 1, 1)), ("address", (TEMBALANG, 1, 2))):
        copied = Placer(small_city(), prefer=prefer).with_decisions({})  # type: ignore[arg-type]
        assert _place(apart, placer=copied).zone.tolist() == [square_row(*square)]


@pytest.mark.parametrize("missing", ["rt", "rw"])
def test_an_rt_without_rw_or_an_rw_without_rt_is_unplaced_in_its_kelurahan(missing: str) -> None:
    placed = _place(_fields(TEMBALANG, 1, 1) | {missing: None})
    assert placed.methods.tolist() == ["unplaced"]
    assert placed.area.tolist() == [VILLAGES[TEMBALANG].code]


def test_an_rt_number_that_does_not_exist_is_unplaced_in_its_kelurahan() -> None:
    placed = _place(_fields(TEMBALANG, 1, 1) | {"rt": 99})
    assert placed.area.tolist() == [VILLAGES[TEMBALANG].code]


def test_an_empty_table_gives_an_empty_placement() -> None:
    assert all(len(column) == 0 for column in _place())


@FEW
@given(
    areas=st.lists(AREA, min_size=1, max_size=8),
    methods=st.lists(st.sampled_from("pnab"), min_size=8, max_size=8),
    order=st.permutations(range(8)),
)
def test_the_placement_of_a_record_does_not_depend_on_other_records(
    areas: list[tuple[int, int, int]], methods: list[str], order: list[int]
) -> None:
    records = []
    for method, area in zip(methods, areas, strict=False):
        named = _fields(*area) if method in "ab" else {}
        point = _coordinates(*area) if method in "pb" else {}
        records.append(named | point)
    order = [position for position in order if position < len(records)]
    together = _place(*records)
    shuffled = _place(*(records[position] for position in order))
    for column, shuffled_column in zip(together, shuffled, strict=True):
        assert np.array_equal(column[order], shuffled_column)


def test_prefixes_are_removed_from_a_name_but_similar_beginnings_of_names_are_kept() -> None:
    assert fold_name("Kel. Tanjung Mas") == fold_name("TANJUNGMAS") == "tanjungmas"
    assert fold_name("Desa Wonosari") == "wonosari"
    assert fold_name("Kelud") == "kelud"
    assert fold_name("Kotabaru") == "kotabaru"


def test_official_variants_are_the_same_name_both_ways() -> None:
    assert spelling_variants("jrakah") == spelling_variants("jerakah") == {"jrakah", "jerakah"}
    assert spelling_variants("tambakrejo") == {"tambakrejo"}
