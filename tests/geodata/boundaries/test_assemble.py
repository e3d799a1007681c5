"""Codes, names and parents from the columns of a file."""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import (
    Boundaries,
    Columns,
    assemble,
    identity,
    name_areas,
    prepare_boundaries,
)
from geodata.errors import BoundaryError, NotFoundError
from tests.cities.drawn_city import (
    KELURAHAN,
    drawn_city,
    set_shape,
    shares_every_edge,
    square_metres,
)

SLS = Columns(
    kelurahan_code="desaID",
    kelurahan_name="Nama_desa",
    kecamatan_code="kecID",
    kecamatan_name="Nama_kecam",
    rt_label="sls_non",
)


def bps_city(seed: int = 1) -> gpd.GeoDataFrame:
    """16 areas with labels of BPS: two kecamatan, three kelurahan, a market and a pond."""
    city = drawn_city(seed)
    frame = gpd.GeoDataFrame(geometry=city.geometry)
    frame["kecID"] = ["72010"] * 8 + ["72020"] * 8
    frame["Nama_kecam"] = ["LAWEYAN"] * 8 + ["SERENGAN"] * 8
    frame["desaID"] = ["72010003"] * 8 + ["72020001"] * 4 + ["72020002"] * 4
    frame["Nama_desa"] = ["BUMI"] * 8 + ["JOYOTAKAN"] * 4 + ["DANUKUSUMAN"] * 4
    frame["sls_non"] = [f"RT {row % 4 + 1:03d} RW {row // 4 + 1:03d}" for row in range(16)]
    frame.loc[2, "sls_non"] = "PASAR JONGKE"
    frame.loc[7, "sls_non"] = "KOLAM"
    return frame


def raised_error(frame: gpd.GeoDataFrame, columns: Columns) -> BoundaryError:
    with pytest.raises(BoundaryError) as raised:
        assemble(frame, columns)
    return raised.value


def test_every_level_has_codes_names_and_parents() -> None:
    boundaries = assemble(bps_city(), SLS)
    counts = boundaries.areas.groupby("kind").size().to_dict()
    assert counts == {"kota": 1, "kecamatan": 2, "kelurahan": 3, "rw": 4, "rt": 14, "other": 2}
    assert boundaries.level("kota")["code"].tolist() == ["720"]
    assert boundaries.level("kota")["name"].tolist() == ["Kota 720"]
    assert boundaries.level("kecamatan")["name"].tolist() == ["LAWEYAN", "SERENGAN"]
    assert boundaries.level("kelurahan")["parent"].tolist() == ["72010", "72020", "72020"]
    assert boundaries.level("rw")["code"].tolist() == [
        "72010003-001", "72010003-002", "72020001-003", "72020002-004",
    ]  # fmt: skip
    first = boundaries.area("72010003-001-001")
    assert (first.name, first.level, first.rw, first.rt) == ("RT 001 RW 001", "rt", 1, 1)
    assert first.parent == "72010003-001"


def test_an_area_that_is_no_rt_is_other_in_a_kelurahan_and_in_no_rw() -> None:
    boundaries = assemble(bps_city(), SLS)
    others = boundaries.smallest_zones[boundaries.smallest_zones["kind"] == "other"]
    assert others["code"].tolist() == ["72010003-x-001", "72010003-x-002"]
    assert others["name"].tolist() == ["KOLAM", "PASAR JONGKE"]
    assert set(others["parent"]) == {"72010003"}
    assert len(boundaries.level("rt")) == 14
    market = others.geometry.iloc[1]
    assert boundaries.area("72010003").geometry.covers(market)
    assert square_metres(boundaries.area("72010003-001").geometry.intersection(market)) < 1e-3


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_parents_are_the_union_of_their_rt_and_share_edges(seed: int) -> None:
    boundaries = assemble(bps_city(seed), SLS)
    for level in ("rw", "kelurahan", "kecamatan", "kota"):
        areas = boundaries.level(level)
        assert shares_every_edge(areas.geometry.to_numpy())
        ancestors = boundaries.ancestors(level)
        for code, shape in zip(areas["code"], areas.geometry, strict=True):
            children = boundaries.smallest_zones.geometry[ancestors == code]
            assert square_metres(shape) == pytest.approx(
                sum(square_metres(child) for child in children), rel=1e-9
            )


@cache
def ordered_city() -> Boundaries:
    """The city with its rows in order: the same for every example."""
    return assemble(bps_city(), SLS)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(16)))
def test_the_id_and_the_areas_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    ordered, shuffled = ordered_city(), assemble(bps_city().iloc[order], SLS)
    assert ordered.id == shuffled.id
    pd.testing.assert_frame_equal(
        pd.DataFrame(ordered.areas.drop(columns="geometry")),
        pd.DataFrame(shuffled.areas.drop(columns="geometry")),
    )
    assert ordered.areas.geometry.to_wkb().tolist() == shuffled.areas.geometry.to_wkb().tolist()


def test_the_id_changes_with_a_vertex_a_name_a_kind_and_a_population() -> None:
    frames = [bps_city() for _ in range(5)]
    ring = shapely.get_coordinates(frames[1].geometry[0])
    ring[0] += 1e-9
    ring[-1] = ring[0]
    set_shape(frames[1], 0, shapely.Polygon(ring))
    frames[2]["Nama_desa"] = frames[2]["Nama_desa"].replace("BUMI", "BUMI BARU")
    frames[3].loc[0, "sls_non"] = "TAMAN"
    frames[4]["population"] = 100
    cities = [assemble(frame, SLS) for frame in frames]
    assert len({city.id for city in cities}) == 5
    assert all(len(city.id) == 16 and int(city.id, 16) >= 0 for city in cities)


def test_the_id_does_not_depend_on_the_first_vertex_of_a_ring() -> None:
    frame = bps_city()
    rotated = bps_city()
    ring = shapely.get_coordinates(rotated.geometry[5])[:-1]
    set_shape(rotated, 5, shapely.Polygon(np.roll(ring, 3, axis=0)))
    assert assemble(frame, SLS).id == assemble(rotated, SLS).id


def test_canonical_columns_need_no_options_and_kemendagri_codes_give_the_parents() -> None:
    boundaries = assemble(drawn_city(2))
    assert boundaries.level("kecamatan")["code"].tolist() == ["33.74.06"]
    assert boundaries.level("kota")["code"].tolist() == ["33.74"]
    assert boundaries.level("kecamatan")["name"].tolist() == ["Kecamatan 33.74.06"]
    assert boundaries.smallest_zones["code"][0] == f"{KELURAHAN}-001-001"
    assert boundaries.smallest_zones.index.tolist() == list(range(16))


def test_a_value_for_all_rows_begins_with_an_equals_sign() -> None:
    frame = drawn_city(3)[["rw", "rt", "geometry"]]
    columns = Columns(
        kelurahan_code="=33.02.17.2005", kelurahan_name="=Pekunden", kota_name="=Banyumas"
    )
    boundaries = assemble(frame, columns)
    assert boundaries.level("kelurahan")["name"].tolist() == ["Pekunden"]
    assert boundaries.level("kota")[["code", "name"]].values.tolist() == [["33.02", "Banyumas"]]


def test_the_population_of_a_parent_is_the_sum_of_its_rt() -> None:
    frame = bps_city()
    frame["jiwa"] = range(100, 116)
    frame.loc[3, "jiwa"] = np.nan
    columns = Columns(**{**vars(SLS), "population": "jiwa"})
    boundaries = assemble(frame, columns)
    assert boundaries.level("kota")["population"].tolist() == [sum(range(100, 116)) - 103]
    assert np.isnan(assemble(bps_city(), SLS).level("kota")["population"]).all()


@pytest.mark.parametrize(
    ("rw", "rt"), [("01", "003"), (1.0, 3.0), ("RW 1", "RT 3"), ("RW.01", "RT. 03")]
)
def test_numbers_of_rt_and_rw_are_read_in_usual_notations(rw: str | float, rt: str | float) -> None:
    frame = drawn_city(4).iloc[:1].drop(columns=["rw", "rt"])
    assert assemble(frame.assign(rw=rw, rt=rt)).smallest_zones["code"].tolist() == [
        f"{KELURAHAN}-001-003"
    ]


def test_rows_of_one_code_become_one_area_and_are_reported() -> None:
    frame = bps_city()
    frame.loc[5, "sls_non"] = "RT 001 RW 001"
    frame["jiwa"] = 10
    prepared = prepare_boundaries(frame, Columns(**{**vars(SLS), "population": "jiwa"}))
    assert prepared.merged == {"72010003-001-001": 2}
    area = prepared.boundaries.area("72010003-001-001")
    assert area.population == 20
    assert square_metres(area.geometry) == pytest.approx(
        square_metres(frame.geometry[0]) + square_metres(frame.geometry[5]), rel=1e-9
    )


@pytest.mark.parametrize("text", ["1.250", "1,250", "1250", " 1.250 "])
def test_separators_of_thousands_in_the_population_are_read(text: str) -> None:
    frame = bps_city().assign(jiwa=text)
    boundaries = assemble(frame, Columns(**{**vars(SLS), "population": "jiwa"}))
    assert boundaries.level("kota")["population"].tolist() == [16 * 1250]
    fractions = frame.assign(jiwa=1.125)
    fractional = assemble(fractions, Columns(**{**vars(SLS), "population": "jiwa"}))
    assert fractional.level("kota")["population"].tolist() == [16 * 1.125]


@pytest.mark.parametrize(
    ("label", "is_reported"),
    [
        *((label, True) for label in ("RT O3 RW 01", "002/001", "RT 2 RW 1 A", "RT II", "2")),
        *((label, False) for label in ("RTH Taman", "PASAR", "RUKO 2", "SD 03", "Blok RT")),
    ],
)
def test_an_unreadable_label_is_reported_and_a_name_is_not(
    label: str, *, is_reported: bool
) -> None:
    frame = bps_city()
    frame.loc[0, SLS.rt_label] = label
    assert prepare_boundaries(frame, SLS).unread == [label] * is_reported


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_row_without_a_label_is_reported_as_no_rt(blank: str | None) -> None:
    frame = bps_city()
    frame.loc[0, SLS.rt_label] = blank
    [remark] = [
        remark
        for remark in prepare_boundaries(frame, SLS).remarks
        if "without a label" in remark.en
    ]
    assert "row 1" in remark.en
    assert not any(
        "without a label" in remark.en for remark in prepare_boundaries(bps_city(), SLS).remarks
    )


def test_a_label_that_looks_like_an_rt_is_reported() -> None:
    frame = bps_city()
    frame.loc[5, "sls_non"] = "RT O3 RW 04"
    assert prepare_boundaries(frame, SLS).unread == ["RT O3 RW 04"]


def test_a_missing_column_raises_an_error_with_the_existing_columns() -> None:
    error = raised_error(bps_city(), Columns(**{**vars(SLS), "kecamatan_code": "kecid"}))
    assert error.code == "missing-column"
    assert "desaID" in error.message
    assert "Perhaps --kecamatan-code kecID?" in error.message


def test_polygons_of_kelurahan_raise_an_error_with_the_remedy() -> None:
    kelurahan = drawn_city(5)[["kelurahan_code", "kelurahan_name", "geometry"]]
    error = raised_error(kelurahan, Columns())
    assert error.code == "no-rt"
    assert "boundaries make" in error.message


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("desaID", "99990001", "code-not-nested"),
        ("desaID", "72010", "code-not-nested"),
        ("desaID", None, "empty-cells"),
        ("Nama_desa", "LAIN", "two-names"),
    ],
)
def test_inconsistent_codes_raise_an_error(column: str, value: str | None, code: str) -> None:
    frame = bps_city()
    frame.loc[0, column] = value
    assert raised_error(frame, SLS).code == code


def test_a_missing_kota_code_raises_an_error_that_asks_for_it() -> None:
    frame = bps_city()
    frame["kecID"] = "72010"
    frame["desaID"] = "72010003"
    frame[["Nama_kecam", "Nama_desa"]] = "BUMI"
    error = raised_error(frame, SLS)
    assert error.code == "no-kota-code"
    assert "--kota-code" in error.message
    boundaries = assemble(frame, Columns(**{**vars(SLS), "kota_code": "=72", "kota_name": "=Solo"}))
    assert boundaries.level("kota")[["code", "name"]].values.tolist() == [["72", "Solo"]]


@pytest.mark.parametrize("number", ["0", "x", "1000", "-3"])
def test_invalid_rt_numbers_raise_an_error(number: str) -> None:
    frame = drawn_city(6).astype({"rt": object})
    frame.loc[3, "rt"] = number
    assert raised_error(frame, Columns()).code == "not-a-number"


@pytest.mark.parametrize("people", ["many", "-4"])
def test_an_invalid_population_raises_an_error(people: str) -> None:
    frame = drawn_city(6)
    frame["population"] = ["10"] * 15 + [people]
    assert raised_error(frame, Columns()).code == "not-a-number"


def test_codes_of_the_file_are_used_if_they_nest_and_raise_an_error_if_not() -> None:
    frame = drawn_city(7)
    frame["code"] = [f"{KELURAHAN}-{row // 4 + 1:03d}-{row % 4 + 1:03d}a" for row in range(16)]
    assert assemble(frame).smallest_zones["code"][0].endswith("-001-001a")
    frame["code"] = [f"BPS{row}" for row in range(16)]
    assert raised_error(frame, Columns()).code == "code-not-nested"


def test_an_area_is_found_by_its_code_and_an_unknown_code_raises_an_error() -> None:
    boundaries = assemble(drawn_city(8))
    assert boundaries.area(KELURAHAN).level == "kelurahan"
    assert boundaries.area("33.74").parent is None
    with pytest.raises(NotFoundError) as raised:
        boundaries.area("33.99")
    assert raised.value.code == "no-area"


def test_every_smallest_zone_has_one_ancestor_per_level_or_none() -> None:
    boundaries: Boundaries = assemble(bps_city(), SLS)
    kinds = boundaries.smallest_zones["kind"].to_numpy()
    assert (boundaries.ancestors("rt") == boundaries.smallest_zones["code"].to_numpy())[
        kinds == "rt"
    ].all()
    assert [code is None for code in boundaries.ancestors("rw")] == (kinds == "other").tolist()
    for level in ("rw", "kelurahan", "kecamatan", "kota"):
        for code, ancestor in zip(
            boundaries.smallest_zones["code"], boundaries.ancestors(level), strict=True
        ):
            assert ancestor is None or code.startswith(ancestor)


def test_metres_are_in_the_local_utm_zone() -> None:
    assert assemble(drawn_city(9)).metres.to_epsg() == 32749
    north = drawn_city(9)
    north["geometry"] = north.translate(-15, 12)
    assert assemble(north).metres.to_epsg() == 32646


def test_named_zones_are_sorted_and_assemble_is_reproducible() -> None:
    zones = name_areas(bps_city(), SLS)
    assert zones["code"].is_monotonic_increasing
    assert identity(assemble(bps_city(), SLS).areas) == assemble(bps_city(), SLS).id
