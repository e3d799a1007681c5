"""Codes, names and parents: what a file's columns become."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import Boundaries, Columns, assemble, identity, name_areas, prepare
from geodata.errors import BoundaryError, NotFoundError
from tests.cities.drawn_city import KELURAHAN, drawn_city, put, shares_every_edge, square_metres

SLS = Columns(
    kelurahan_code="desaID",
    kelurahan_name="Nama_desa",
    kecamatan_code="kecID",
    kecamatan_name="Nama_kecam",
    rt_label="sls_non",
)


def surveyed(seed: int = 1) -> gpd.GeoDataFrame:
    """16 areas as BPS labels them: two kecamatan, three kelurahan, a market and a pond."""
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


def refusal(frame: gpd.GeoDataFrame, columns: Columns) -> BoundaryError:
    with pytest.raises(BoundaryError) as caught:
        assemble(frame, columns)
    return caught.value


def test_every_level_is_there_with_its_codes_names_and_parents() -> None:
    found = assemble(surveyed(), SLS)
    counts = found.areas.groupby("kind").size().to_dict()
    assert counts == {"kota": 1, "kecamatan": 2, "kelurahan": 3, "rw": 4, "rt": 14, "other": 2}
    assert found.level("kota")["code"].tolist() == ["720"]
    assert found.level("kota")["name"].tolist() == ["Kota 720"]
    assert found.level("kecamatan")["name"].tolist() == ["LAWEYAN", "SERENGAN"]
    assert found.level("kelurahan")["parent"].tolist() == ["72010", "72020", "72020"]
    assert found.level("rw")["code"].tolist() == [
        "72010003-001", "72010003-002", "72020001-003", "72020002-004",
    ]  # fmt: skip
    first = found.area("72010003-001-001")
    assert (first.name, first.level, first.rw, first.rt) == ("RT 001 RW 001", "rt", 1, 1)
    assert first.parent == "72010003-001"


def test_areas_that_are_no_rt_stay_as_other_in_the_kelurahan_and_in_no_rw() -> None:
    found = assemble(surveyed(), SLS)
    others = found.leaves[found.leaves["kind"] == "other"]
    assert others["code"].tolist() == ["72010003-x-001", "72010003-x-002"]
    assert others["name"].tolist() == ["KOLAM", "PASAR JONGKE"]
    assert set(others["parent"]) == {"72010003"}
    assert len(found.level("rt")) == 14
    market = others.geometry.iloc[1]
    assert found.area("72010003").geometry.covers(market)
    assert square_metres(found.area("72010003-001").geometry.intersection(market)) < 1e-3


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_parents_are_the_rt_put_together_and_share_their_edges_too(seed: int) -> None:
    found = assemble(surveyed(seed), SLS)
    for level in ("rw", "kelurahan", "kecamatan", "kota"):
        areas = found.level(level)
        assert shares_every_edge(areas.geometry.to_numpy())
        above = found.ancestors(level)
        for code, shape in zip(areas["code"], areas.geometry, strict=True):
            children = found.leaves.geometry[above == code]
            assert square_metres(shape) == pytest.approx(
                sum(square_metres(child) for child in children), rel=1e-9
            )


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(16)))
def test_the_id_and_all_areas_are_the_same_whatever_the_order_of_rows(order: list[int]) -> None:
    one, other = assemble(surveyed(), SLS), assemble(surveyed().iloc[order], SLS)
    assert one.id == other.id
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.areas.drop(columns="geometry")),
        pd.DataFrame(other.areas.drop(columns="geometry")),
    )
    assert one.areas.geometry.to_wkb().tolist() == other.areas.geometry.to_wkb().tolist()


def test_the_id_tells_a_moved_vertex_a_name_a_kind_and_a_population_apart() -> None:
    frames = [surveyed() for _ in range(5)]
    ring = shapely.get_coordinates(frames[1].geometry[0])
    ring[0] += 1e-9
    ring[-1] = ring[0]
    put(frames[1], 0, shapely.Polygon(ring))
    frames[2]["Nama_desa"] = frames[2]["Nama_desa"].replace("BUMI", "BUMI BARU")
    frames[3].loc[0, "sls_non"] = "TAMAN"
    frames[4]["population"] = 100
    found = [assemble(frame, SLS) for frame in frames]
    assert len({each.id for each in found}) == 5
    assert all(len(each.id) == 16 and int(each.id, 16) >= 0 for each in found)


def test_where_a_ring_starts_is_no_other_city() -> None:
    frame = surveyed()
    turned = surveyed()
    ring = shapely.get_coordinates(turned.geometry[5])[:-1]
    put(turned, 5, shapely.Polygon(np.roll(ring, 3, axis=0)))
    assert assemble(frame, SLS).id == assemble(turned, SLS).id


def test_canonical_columns_need_no_options_and_kemendagri_codes_tell_their_parents() -> None:
    found = assemble(drawn_city(2))
    assert found.level("kecamatan")["code"].tolist() == ["33.74.06"]
    assert found.level("kota")["code"].tolist() == ["33.74"]
    assert found.level("kecamatan")["name"].tolist() == ["Kecamatan 33.74.06"]
    assert found.leaves["code"][0] == f"{KELURAHAN}-001-001"
    assert found.leaves.index.tolist() == list(range(16))


def test_a_value_for_all_rows_begins_with_an_equals_sign() -> None:
    frame = drawn_city(3)[["rw", "rt", "geometry"]]
    columns = Columns(
        kelurahan_code="=33.02.17.2005", kelurahan_name="=Pekunden", kota_name="=Banyumas"
    )
    found = assemble(frame, columns)
    assert found.level("kelurahan")["name"].tolist() == ["Pekunden"]
    assert found.level("kota")[["code", "name"]].values.tolist() == [["33.02", "Banyumas"]]


def test_people_of_the_parents_are_those_of_their_rt() -> None:
    frame = surveyed()
    frame["jiwa"] = range(100, 116)
    frame.loc[3, "jiwa"] = np.nan
    columns = Columns(**{**vars(SLS), "population": "jiwa"})
    found = assemble(frame, columns)
    assert found.level("kota")["population"].tolist() == [sum(range(100, 116)) - 103]
    assert np.isnan(assemble(surveyed(), SLS).level("kota")["population"]).all()


@pytest.mark.parametrize(
    ("rw", "rt"), [("01", "003"), (1.0, 3.0), ("RW 1", "RT 3"), ("RW.01", "RT. 03")]
)
def test_numbers_of_rt_and_rw_are_read_as_cities_write_them(
    rw: str | float, rt: str | float
) -> None:
    frame = drawn_city(4).iloc[:1].drop(columns=["rw", "rt"])
    assert assemble(frame.assign(rw=rw, rt=rt)).leaves["code"].tolist() == [f"{KELURAHAN}-001-003"]


def test_rows_of_one_code_become_one_area_and_are_said() -> None:
    frame = surveyed()
    frame.loc[5, "sls_non"] = "RT 001 RW 001"
    frame["jiwa"] = 10
    prepared = prepare(frame, Columns(**{**vars(SLS), "population": "jiwa"}))
    assert prepared.merged == {"72010003-001-001": 2}
    area = prepared.boundaries.area("72010003-001-001")
    assert area.population == 20
    assert square_metres(area.geometry) == pytest.approx(
        square_metres(frame.geometry[0]) + square_metres(frame.geometry[5]), rel=1e-9
    )


@pytest.mark.parametrize("written", ["1.250", "1,250", "1250", " 1.250 "])
def test_people_written_with_a_mark_between_thousands_are_so_many(written: str) -> None:
    frame = surveyed().assign(jiwa=written)
    found = assemble(frame, Columns(**{**vars(SLS), "population": "jiwa"}))
    assert found.level("kota")["population"].tolist() == [16 * 1250]
    parts = frame.assign(jiwa=1.125)
    shared = assemble(parts, Columns(**{**vars(SLS), "population": "jiwa"}))
    assert shared.level("kota")["population"].tolist() == [16 * 1.125]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        *((label, True) for label in ("RT O3 RW 01", "002/001", "RT 2 RW 1 A", "RT II", "2")),
        *((label, False) for label in ("RTH Taman", "PASAR", "RUKO 2", "SD 03", "Blok RT")),
    ],
)
def test_a_label_that_reads_like_an_rt_is_said_and_a_name_is_not(label: str, *, said: bool) -> None:
    frame = surveyed()
    frame.loc[0, SLS.rt_label] = label
    assert prepare(frame, SLS).unread == [label] * said


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_row_without_a_label_is_said_to_be_no_rt(blank: str | None) -> None:
    frame = surveyed()
    frame.loc[0, SLS.rt_label] = blank
    [said] = [each for each in prepare(frame, SLS).remarks if "without a label" in each.en]
    assert "row 1" in said.en
    assert not any("without a label" in each.en for each in prepare(surveyed(), SLS).remarks)


def test_a_label_that_meant_an_rt_is_said() -> None:
    frame = surveyed()
    frame.loc[5, "sls_non"] = "RT O3 RW 04"
    assert prepare(frame, SLS).unread == ["RT O3 RW 04"]


def test_a_missing_column_is_refused_with_the_columns_there_are() -> None:
    error = refusal(surveyed(), Columns(**{**vars(SLS), "kecamatan_code": "kecid"}))
    assert error.code == "missing-column"
    assert "desaID" in error.message
    assert "Perhaps --kecamatan-code kecID?" in error.message


def test_polygons_of_kelurahan_are_refused_with_what_to_do() -> None:
    kelurahan = drawn_city(5)[["kelurahan_code", "kelurahan_name", "geometry"]]
    error = refusal(kelurahan, Columns())
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
def test_codes_that_do_not_fit_each_other_are_refused(
    column: str, value: str | None, code: str
) -> None:
    frame = surveyed()
    frame.loc[0, column] = value
    assert refusal(frame, SLS).code == code


def test_a_kota_whose_code_nobody_says_is_asked_for() -> None:
    frame = surveyed()
    frame["kecID"] = "72010"
    frame["desaID"] = "72010003"
    frame[["Nama_kecam", "Nama_desa"]] = "BUMI"
    error = refusal(frame, SLS)
    assert error.code == "no-kota-code"
    assert "--kota-code" in error.message
    found = assemble(frame, Columns(**{**vars(SLS), "kota_code": "=72", "kota_name": "=Solo"}))
    assert found.level("kota")[["code", "name"]].values.tolist() == [["72", "Solo"]]


@pytest.mark.parametrize("number", ["0", "x", "1000", "-3"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    frame = drawn_city(6).astype({"rt": object})
    frame.loc[3, "rt"] = number
    assert refusal(frame, Columns()).code == "not-a-number"


@pytest.mark.parametrize("people", ["many", "-4"])
def test_people_that_are_no_number_are_refused(people: str) -> None:
    frame = drawn_city(6)
    frame["population"] = ["10"] * 15 + [people]
    assert refusal(frame, Columns()).code == "not-a-number"


def test_own_codes_are_taken_where_they_nest_and_refused_where_not() -> None:
    frame = drawn_city(7)
    frame["code"] = [f"{KELURAHAN}-{row // 4 + 1:03d}-{row % 4 + 1:03d}a" for row in range(16)]
    assert assemble(frame).leaves["code"][0].endswith("-001-001a")
    frame["code"] = [f"BPS{row}" for row in range(16)]
    assert refusal(frame, Columns()).code == "code-not-nested"


def test_an_area_is_found_by_its_code_and_an_unknown_code_is_refused() -> None:
    found = assemble(drawn_city(8))
    assert found.area(KELURAHAN).level == "kelurahan"
    assert found.area("33.74").parent is None
    with pytest.raises(NotFoundError) as caught:
        found.area("33.99")
    assert caught.value.code == "no-area"


def test_ancestors_are_one_code_a_leaf_and_none_where_there_is_no_such_parent() -> None:
    found: Boundaries = assemble(surveyed(), SLS)
    kinds = found.leaves["kind"].to_numpy()
    assert (found.ancestors("rt") == found.leaves["code"].to_numpy())[kinds == "rt"].all()
    assert [code is None for code in found.ancestors("rw")] == (kinds == "other").tolist()
    for level in ("rw", "kelurahan", "kecamatan", "kota"):
        for own, above in zip(found.leaves["code"], found.ancestors(level), strict=True):
            assert above is None or own.startswith(above)


def test_metres_are_those_of_the_local_zone() -> None:
    assert assemble(drawn_city(9)).metres.to_epsg() == 32749
    north = drawn_city(9)
    north["geometry"] = north.translate(-15, 12)
    assert assemble(north).metres.to_epsg() == 32646


def test_named_leaves_hold_what_dissolving_needs() -> None:
    leaves = name_areas(surveyed(), SLS)
    assert leaves["code"].is_monotonic_increasing
    assert identity(assemble(surveyed(), SLS).areas) == assemble(surveyed(), SLS).id
