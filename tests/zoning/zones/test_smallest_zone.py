"""A city without polygons of RT: its smallest zones, and the remark that the law means RT."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from geodata.addresses import AddressReader
from geodata.areas import SmallestZone
from geodata.boundaries import Columns, load_boundaries, prepare_boundaries, save_boundaries
from geodata.store import open_store
from tests.cities.city_without_rt import DUSUN, RW, SLS, middle, squares
from tests.databases import NewDatabase
from zoning import City, open_city
from zoning.days.daily import run_days
from zoning.drawing.messages import WORDS, words_for
from zoning.export import export_zones
from zoning.records.intake import load_records
from zoning.risk import FOUR_COLOURS
from zoning.tiles.formats.tilejson import tilejson

COLUMNS = Columns(rt_label="label", kota_name="=Kota Semarang")
DAY = date(2021, 7, 15)


def cases() -> list[str]:
    """Six houses in RW 1 of Melati by points, one in RW 2 by its address, one in the market.

    The RT of the houses differ: an RW with 6 houses is red, but each RT would be orange or yellow.
    """
    (lon, lat), (x, y) = middle(0, 0), middle(1, 3)
    return [
        "id,tanggal konfirmasi,status,alamat,rt,rw,kelurahan,lon,lat",
        *(
            f"A{house},2021-07-14,konfirmasi,Jl Mawar {house},{house // 2 + 1},1,Melati,"
            f"{lon + house * 1e-4:.6f},{lat}"
            for house in range(6)
        ),
        "B,2021-07-14,konfirmasi,Jl Melur 1,7,2,Melati,,",
        f"C,2021-07-14,konfirmasi,,,,,{x},{y}",
    ]


def make_city(
    url: str, folder: Path, labels: tuple[str | None, ...], smallest: SmallestZone
) -> None:
    prepared = prepare_boundaries(squares(labels), COLUMNS, smallest=smallest)
    path = folder / "kasus.csv"
    path.write_text("\n".join(cases()))
    with open_store(url, create=True) as store:
        save_boundaries(store, prepared.boundaries, "squares", prepared.summary())
        load_records(store, "cases", path)
        run_days(store, None, [DAY])


@pytest.fixture
def rw_city(new_database: NewDatabase, tmp_path: Path) -> Iterator[City]:
    url = new_database()
    make_city(url, tmp_path, RW, "rw")
    with open_city(url) as city:
        yield city


def test_labels_of_rw_in_many_spellings_are_read_and_stored(
    rw_city: City,
) -> None:
    boundaries = load_boundaries(rw_city.store)
    assert (boundaries.smallest_zone, boundaries.smallest_level) == ("rw", "rw")
    assert boundaries.smallest_zones["code"].tolist() == [
        *(f"33.74.10.1001-{rw:03d}" for rw in (1, 2, 3, 4)),
        *(f"33.74.10.1002-{rw:03d}" for rw in (1, 2, 3)),
        "33.74.10.1002-x-001",
    ]
    assert boundaries.smallest_zones["name"].tolist()[:3] == ["RW 001", "RW 002", "RW 003"]
    assert set(boundaries.areas["level"]) == {"kota", "kecamatan", "kelurahan", "rw"}


def test_the_level_rt_gives_the_rw_each_with_a_remark(rw_city: City) -> None:
    zones = rw_city.zones(DAY)
    assert set(zones["level"]) == {"rw"}
    assert zones["code"].tolist() == rw_city.zones(DAY, "rw")["code"].tolist()
    assert len(zones) == 7
    assert all("not an RT" in remark for remark in zones["remark"])
    assert rw_city.smallest_zone() == "rw"


def test_houses_of_an_rw_are_counted_by_points_and_by_addresses(rw_city: City) -> None:
    zones = rw_city.zones(DAY).set_index("code")
    # Counted by hand from `cases`: six houses by points, one by RT 7 RW 2, none in the market.
    assert zones["houses"].to_dict() == {
        **dict.fromkeys(zones.index, 0),
        "33.74.10.1001-001": 6,
        "33.74.10.1001-002": 1,
    }
    assert zones["colour"]["33.74.10.1001-001"] == "merah"
    kelurahan = rw_city.zones(DAY, "kelurahan").set_index("code")
    assert [kelurahan[name]["33.74.10.1001"] for name in ("green", "yellow", "red")] == [2, 1, 1]
    assert all("RW, not RT" in remark for remark in kelurahan["remark"])
    summary = rw_city.summary(DAY, "kota")
    assert summary[["green", "yellow", "orange", "red"]].to_numpy().tolist() == [[5, 1, 0, 1]]
    assert rw_city.series("rw", DAY, DAY)["houses"].sum() == 7
    assert rw_city.zones_for_officials(DAY)["in_quarantine"].tolist() == [0] * 7


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("RT 03 RW 02 Kelurahan Melati", "33.74.10.1001-002"),
        ("RT 1, 2 RW 2 Kel. Melati", "33.74.10.1001-002"),
        ("RW 2 Kel. Melati", "33.74.10.1001-002"),
        ("Jl Mawar 3 RT 01/04 Melati", "33.74.10.1001-004"),
        ("RT 1 RW 9 Kel. Melati", "33.74.10.1001"),
        ("RW 1 dan RW 2 Kel. Melati", "33.74.10.1001"),
        ("Kel. Melati", "33.74.10.1001"),
    ],
)
def test_an_address_with_an_rt_gives_the_rw_of_the_rt(address: str, code: str) -> None:
    reader = AddressReader(prepare_boundaries(squares(RW), COLUMNS, smallest="rw").boundaries)
    assert reader.read(address).code == code


def test_the_explanation_says_that_the_law_means_rt(rw_city: City) -> None:
    zone = rw_city.zone("33.74.10.1001-001", DAY)
    assert (zone.level, zone.kind, zone.colour) == ("rw", "rw", "merah")
    public = rw_city.public().zone("33.74.10.1001-001", DAY)
    for why in (zone.why, public.why):
        assert "This zone is an RW, not an RT" in why.en
        assert "Zona ini RW, bukan RT" in why.id
    kelurahan = rw_city.zone("33.74.10.1001", DAY)
    assert "among its RW: 1 red, 1 yellow, 2 green" in kelurahan.why.en
    assert "ambang dalam aturan berlaku untuk RT" in kelurahan.why.id
    assert rw_city.zone("33.74.10.1002-x-001", DAY).colour is None


def test_exports_say_that_the_law_means_rt(rw_city: City, tmp_path: Path) -> None:
    zones = rw_city.zones(DAY)
    export_zones(zones, tmp_path / "zones.geojson", "geojson")
    features = json.loads((tmp_path / "zones.geojson").read_text())["features"]
    assert all("not an RT" in feature["properties"]["remark"] for feature in features)
    export_zones(zones, tmp_path / "zones.csv", "csv")
    assert "not an RT" in (tmp_path / "zones.csv").read_text()


def test_one_house_number_in_two_rt_of_an_rw_is_two_houses(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    url = new_database()
    make_city(url, tmp_path, RW, "rw")
    path = tmp_path / "more.csv"
    path.write_text(
        "id,tanggal konfirmasi,status,alamat,rt,rw,kelurahan\n"
        "M1,2021-07-14,konfirmasi,No 5,1,3,Melati\n"
        "M2,2021-07-14,konfirmasi,No 5,2,3,Melati\n"
        "M3,2021-07-14,konfirmasi,no. 05 RT 2 RW 3,,,Melati\n"
    )
    with open_city(url) as city:
        load_records(city.store, "cases", path)
        run_days(city.store, None, [DAY])
        assert city.zones(DAY).set_index("code")["houses"]["33.74.10.1001-003"] == 2


def test_maps_and_tiles_say_that_the_law_means_rt(rw_city: City) -> None:
    page = rw_city.map(DAY).get_root().render()
    # The script replaces the rule when the day changes; the remark must stay.
    assert page.count('class="rule by"') == 1
    assert page.count('class="rule"') == 1
    assert "The smallest zones of this city are RW, not RT" in page
    assert "Zona terkecil kota ini RW, bukan RT" in page
    assert "<small>RW</small>" in page
    boundaries = rw_city.ground(DAY).boundaries
    description = tilejson(boundaries, rw_city.public().day(DAY), "mvt", "", FOUR_COLOURS)
    assert "RW, not RT" in description["description"]
    rt_layer = next(layer for layer in description["vector_layers"] if layer["id"] == "rt")
    assert rt_layer["description"] == "RW, the smallest zones"


def test_words_are_unchanged_for_a_city_with_rt_and_name_the_smallest_zones_of_other_cities() -> (
    None
):
    assert words_for("rt") is WORDS
    assert words_for("dusun")["legend"].en == "Colours of the dusun"
    assert words_for("dusun")["other"].en == "Not a dusun, has no colour"
    assert words_for("rw")["hint"].en == "Tap the map for the details of an RW"


def test_dusun_have_codes_from_their_labels_and_no_rw(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    make_city(url, tmp_path, DUSUN, "dusun")
    with open_city(url) as city:
        boundaries = city.ground(DAY).boundaries
        assert boundaries.smallest_zone == "dusun"
        assert sorted(boundaries.smallest_zones["code"].tolist()[:4]) == [
            "33.74.10.1001-dusun-001",
            "33.74.10.1001-dusun-002",
            "33.74.10.1001-krajan",
            "33.74.10.1001-lingkungan-003",
        ]
        assert boundaries.smallest_zones["name"].tolist()[0] == "DUSUN I"
        zones = city.zones(DAY).set_index("code")
        # Only by points: the address of case B names an RW, and this city has no RW.
        assert zones["houses"]["33.74.10.1001-dusun-001"] == 6
        assert zones["houses"].sum() == 7  # with the house in the square of RW 04 of Kenanga
        assert "a dusun, not an RT" in city.zone("33.74.10.1001-dusun-001", DAY).why.en
        assert set(boundaries.ancestors("kelurahan")) == {"33.74.10.1001", "33.74.10.1002"}


def test_an_sls_that_is_an_rt_has_no_remark(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    make_city(url, tmp_path, SLS, "sls")
    with open_city(url) as city:
        zones = city.zones(DAY).set_index("code")
        assert set(zones["level"]) == {"rt"}
        assert zones["remark"]["33.74.10.1001-001-001"] == ""
        assert "an SLS, not an RT" in zones["remark"]["33.74.10.1001-dusun-mawar"]
        assert len(zones) == 7
        assert city.zone("33.74.10.1001-001-001", DAY).kind == "rt"
        assert "not an RT" not in city.zone("33.74.10.1001-001-001", DAY).why.en


def test_the_ancestors_of_each_zone_have_codes_that_begin_its_code(rw_city: City) -> None:
    boundaries = rw_city.ground(DAY).boundaries
    for level in ("kelurahan", "kecamatan", "kota"):
        parents = boundaries.ancestors(level)
        assert all(
            code.startswith(parent_code)
            for code, parent_code in zip(boundaries.smallest_zones["code"], parents, strict=True)
        )
    market = (boundaries.smallest_zones["kind"] == "other").to_numpy()
    assert [parent_code is None for parent_code in boundaries.ancestors("rw")] == market.tolist()
    assert np.array_equal(
        boundaries.ancestors("rt"), boundaries.smallest_zones["code"].to_numpy(dtype=object)
    )


def test_the_same_polygons_as_rw_dusun_and_sls_are_three_versions() -> None:
    frame: gpd.GeoDataFrame = squares(RW)
    kinds: tuple[SmallestZone, ...] = ("rw", "dusun", "sls")
    ids = {prepare_boundaries(frame, COLUMNS, smallest=kind).boundaries.id for kind in kinds}
    assert len(ids) == 3
