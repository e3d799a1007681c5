"""Where a record lies."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.text.area_names import fold_name, spellings_of
from tests.cities.small_city import (
    BRINGIN,
    MARKET,
    SIDE,
    SOUTH,
    TEMBALANG,
    VILLAGES,
    WEST,
    code,
    leaf_row,
    middle,
    small_city,
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
FEW = settings(max_examples=50, deadline=None)


def _place(*records: Mapping[str, Any], placer: Placer = PLACER) -> Placement:
    rows = [{name: record.get(name) for name in SCHEMA.names} for record in records]
    return placer.place(pa.Table.from_pylist(rows, schema=SCHEMA))


def _named(village: int, rw: int, rt: int) -> dict[str, Any]:
    named = VILLAGES[village]
    return {"rt": rt, "rw": rw, "kelurahan": named.name, "kecamatan": named.above_name}


def _at(village: int, rw: int, rt: int) -> dict[str, float]:
    lon, lat = middle(village, rw, rt)
    return {"lon": lon, "lat": lat}


@FEW
@given(area=AREA)
def test_a_point_lies_in_the_square_around_it(area: tuple[int, int, int]) -> None:
    placed = _place(_at(*area))
    assert placed.leaf.tolist() == [leaf_row(*area)]
    assert placed.how.tolist() == ["coordinates"]
    market = code(*area) == MARKET
    assert placed.area.tolist() == [VILLAGES[BRINGIN].code if market else code(*area)]
    assert placed.rt.tolist() == [-1 if market else leaf_row(*area)]


@FEW
@given(area=AREA)
def test_fields_name_an_rt_and_never_a_market(area: tuple[int, int, int]) -> None:
    placed = _place(_named(*area))
    if code(*area) == MARKET:
        assert placed.leaf.tolist() == [-1]
        assert placed.how.tolist() == ["unplaced"]
        assert placed.area.tolist() == [VILLAGES[BRINGIN].code]
    else:
        assert placed.leaf.tolist() == [leaf_row(*area)]
        assert placed.how.tolist() == ["address"]
        assert placed.area.tolist() == [code(*area)]


@FEW
@given(metres=st.floats(1, 120), bearing=st.sampled_from([180, 270]))
def test_a_point_outside_belongs_to_the_nearest_rt_within_fifty_metres(
    metres: float, bearing: int
) -> None:
    # The oracle is a geodesic on the ellipsoid; the placer measures on a plane.
    from_lon, from_lat = WEST + SIDE / 2, SOUTH + SIDE / 2
    edge_lon = from_lon if bearing == 180 else WEST
    edge_lat = SOUTH if bearing == 180 else from_lat
    lon, lat, _ = Geod(ellps="WGS84").fwd(edge_lon, edge_lat, bearing, metres)
    placed = _place({"lon": lon, "lat": lat})
    if metres < 49.9:
        assert placed.leaf.tolist() == [leaf_row(0, 1, 1)]
        assert placed.how.tolist() == ["nearest"]
    elif metres > 50.1:
        assert placed.leaf.tolist() == [-1]
        assert placed.how.tolist() == ["unplaced"]


def test_of_two_equally_near_the_lowest_row_is_taken() -> None:
    # Due south of the line between RW 001 and RW 002 of the first kelurahan.
    placed = _place({"lon": WEST + SIDE, "lat": SOUTH - SIDE / 10})
    assert placed.leaf.tolist() == [min(leaf_row(0, 1, 1), leaf_row(0, 2, 1))]


def test_the_distance_can_be_set() -> None:
    point = {"lon": WEST - SIDE / 10, "lat": SOUTH + SIDE / 2}  # about 11 metres
    assert _place(point).how.tolist() == ["nearest"]
    near = Placer(small_city(), prefer="coordinates", nearest_within=5.0)
    assert _place(point, placer=near).how.tolist() == ["unplaced"]


@pytest.mark.parametrize("point", [(0.0, 0.0), (435000.0, 9220000.0), (1e300, -7.0)])
def test_points_of_nowhere_fall_back_to_the_address(point: tuple[float, float]) -> None:
    placed = _place(_named(TEMBALANG, 1, 2) | {"lon": point[0], "lat": point[1]})
    assert placed.how.tolist() == ["address"]
    assert placed.area.tolist() == [code(TEMBALANG, 1, 2)]
    assert not placed.disagrees.any()


def test_only_residents_in_two_rt_disagree() -> None:
    """Of each condition of a disagreement one record that lacks only that one."""
    apart = _named(TEMBALANG, 1, 2) | _at(BRINGIN, 1, 1)
    market = {"lon": WEST - SIDE, "lat": SOUTH}  # in no RT, and far from all of them
    placed = _place(
        apart,
        apart | {"non_resident": False},
        apart | {"non_resident": True},
        _named(TEMBALANG, 1, 2) | _at(TEMBALANG, 1, 2),
        _named(TEMBALANG, 1, 2) | market,
        _named(TEMBALANG, 1, 2),
        _at(BRINGIN, 1, 1),
    )
    assert placed.disagrees.tolist() == [True, True, False, False, False, False, False]
    assert placed.how[2] == "non-resident"


def test_coordinates_are_believed_before_the_address_and_the_disagreement_is_said() -> None:
    elsewhere = _named(TEMBALANG, 1, 2) | _at(BRINGIN, 1, 1)
    same = _named(TEMBALANG, 1, 2) | _at(TEMBALANG, 1, 2)
    placed = _place(elsewhere, same)
    assert placed.area.tolist() == [code(BRINGIN, 1, 1), code(TEMBALANG, 1, 2)]
    assert placed.disagrees.tolist() == [True, False]


def test_a_city_may_believe_the_address_before_the_coordinates() -> None:
    placer = Placer(small_city(), prefer="address")
    elsewhere = _named(TEMBALANG, 1, 2) | _at(BRINGIN, 1, 1)
    placed = _place(elsewhere, _at(BRINGIN, 1, 1), placer=placer)
    assert placed.area.tolist() == [code(TEMBALANG, 1, 2), code(BRINGIN, 1, 1)]
    assert placed.how.tolist() == ["address", "coordinates"]
    assert placed.disagrees.tolist() == [True, False]


@pytest.mark.parametrize("reading", ["zero", "outside", "vague", "city-middle", "exchanged+vague"])
def test_a_point_that_is_set_aside_places_nothing(reading: str) -> None:
    doubted = _at(BRINGIN, 1, 1) | {"point_reading": reading}
    placed = _place(doubted, doubted | _named(TEMBALANG, 1, 2))
    assert placed.how.tolist() == ["unplaced", "address"]
    assert placed.area.tolist() == ["33.74", code(TEMBALANG, 1, 2)]
    assert not placed.disagrees.any()


@pytest.mark.parametrize("reading", ["rough", "middle", "piled", "exchanged+piled"])
def test_a_point_that_cannot_tell_an_rt_tells_its_kelurahan_where_no_address_does(
    reading: str,
) -> None:
    doubted = _at(BRINGIN, 1, 1) | {"point_reading": reading}
    half = _named(TEMBALANG, 1, 2) | {"rt": None}
    placed = _place(doubted, doubted | half, doubted | _named(TEMBALANG, 1, 2))
    assert placed.how.tolist() == ["unplaced", "unplaced", "address"]
    assert placed.area.tolist() == [
        VILLAGES[BRINGIN].code,
        VILLAGES[TEMBALANG].code,
        code(TEMBALANG, 1, 2),
    ]
    assert not placed.disagrees.any()


def test_a_point_that_was_mended_places_like_any_other() -> None:
    placed = _place(_at(BRINGIN, 1, 1) | {"point_reading": "exchanged+sign"})
    assert placed.area.tolist() == [code(BRINGIN, 1, 1)]


def test_a_name_that_two_kelurahan_bear_is_settled_by_the_kecamatan_or_by_nobody() -> None:
    first, second = _named(0, 1, 1), _named(1, 1, 1)
    placed = _place(first, second, first | {"kecamatan": None}, first | {"kecamatan": "Tugu"})
    assert placed.leaf.tolist() == [leaf_row(0, 1, 1), leaf_row(1, 1, 1), -1, -1]
    assert placed.area.tolist()[2:] == ["33.74", "33.74"]


def test_a_kecamatan_that_contradicts_settles_nothing() -> None:
    placed = _place(_named(TEMBALANG, 1, 1) | {"kecamatan": "Ngaliyan"})
    assert placed.how.tolist() == ["unplaced"]


@pytest.mark.parametrize(
    "name",
    ["BERINGIN", "Kel. Beringin", "kelurahan bringin", "Bring in", "33.74.15.1003", "3374151003"],
)
def test_spellings_and_codes_of_a_kelurahan(name: str) -> None:
    placed = _place(_named(BRINGIN, 1, 1) | {"kelurahan": name})
    assert placed.area.tolist() == [code(BRINGIN, 1, 1)]


@pytest.mark.parametrize("name", ["Tembaleng", "Tambalang", "TEMBALNG", "Kel. Tembalan"])
def test_a_typing_error_is_read_where_one_name_alone_is_near(name: str) -> None:
    placed = _place(_named(TEMBALANG, 1, 1) | {"kelurahan": name, "kecamatan": None})
    assert placed.area.tolist() == [code(TEMBALANG, 1, 1)]


@pytest.mark.parametrize("name", ["Brngn", "Temalon", "Purwasari", "", "Kel.", "9"])
def test_what_is_not_near_or_near_two_is_not_guessed_at(name: str) -> None:
    placed = _place(_named(BRINGIN, 1, 1) | {"kelurahan": name, "kecamatan": None})
    assert placed.how.tolist() == ["unplaced"]
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
    assert placed.how.tolist() == ["address"]
    assert placed.leaf.tolist() == [leaf_row(TEMBALANG, 1, 2)]


def test_fields_that_name_an_rt_are_believed_before_the_free_text() -> None:
    placed = _place(_named(TEMBALANG, 1, 1) | {"address": "RT 3 RW 2 Kel. Tembalang"})
    assert placed.leaf.tolist() == [leaf_row(TEMBALANG, 1, 1)]


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
    assert placed.how.tolist() == ["unplaced"]
    assert placed.area.tolist() == [area]


def test_what_was_decided_places_every_record_that_says_the_same_of_its_area() -> None:
    decisions = {PLACER.addresses.reader.read("RT 2 RW 1 Purwosari").area_part: code(0, 1, 2)}
    placer = Placer(small_city(), prefer="coordinates", decisions=decisions)
    by_text = {"address": "Jl. Mawar, Purwosari RT 02 RW 01"}
    by_fields = {"rt": 2, "rw": 1, "kelurahan": "Kel. PURWOSARI"}
    placed = _place(by_text, by_fields, {"address": "RT 3 RW 1 Purwosari"}, placer=placer)
    assert placed.leaf.tolist() == [leaf_row(0, 1, 2), leaf_row(0, 1, 2), -1]


@pytest.mark.parametrize("missing", ["rt", "rw"])
def test_a_half_named_rt_is_unplaced_in_its_kelurahan(missing: str) -> None:
    placed = _place(_named(TEMBALANG, 1, 1) | {missing: None})
    assert placed.how.tolist() == ["unplaced"]
    assert placed.area.tolist() == [VILLAGES[TEMBALANG].code]


def test_a_number_that_does_not_exist_is_unplaced_in_its_kelurahan() -> None:
    placed = _place(_named(TEMBALANG, 1, 1) | {"rt": 99})
    assert placed.area.tolist() == [VILLAGES[TEMBALANG].code]


def test_no_records_are_placed_nowhere() -> None:
    assert all(len(column) == 0 for column in _place())


@FEW
@given(
    areas=st.lists(AREA, min_size=1, max_size=8),
    ways=st.lists(st.sampled_from("pnab"), min_size=8, max_size=8),
    order=st.permutations(range(8)),
)
def test_a_record_is_placed_alike_in_any_company(
    areas: list[tuple[int, int, int]], ways: list[str], order: list[int]
) -> None:
    records = []
    for way, area in zip(ways, areas, strict=False):
        named = _named(*area) if way in "ab" else {}
        point = _at(*area) if way in "pb" else {}
        records.append(named | point)
    order = [position for position in order if position < len(records)]
    together = _place(*records)
    shuffled = _place(*(records[position] for position in order))
    for one, other in zip(together, shuffled, strict=True):
        assert np.array_equal(one[order], other)


def test_prefixes_are_no_part_of_a_name_but_names_that_begin_alike_are_kept() -> None:
    assert fold_name("Kel. Tanjung Mas") == fold_name("TANJUNGMAS") == "tanjungmas"
    assert fold_name("Desa Wonosari") == "wonosari"
    assert fold_name("Kelud") == "kelud"
    assert fold_name("Kotabaru") == "kotabaru"


def test_official_variants_are_the_same_name_both_ways() -> None:
    assert spellings_of("jrakah") == spellings_of("jerakah") == {"jrakah", "jerakah"}
    assert spellings_of("tambakrejo") == {"tambakrejo"}
