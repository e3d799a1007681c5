"""GDAL and OWSLib as clients of OGC API, with a server in a separate process.

The server needs a separate process, because GDAL holds the interpreter lock while it reads: no
thread of this process could answer.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import geopandas as gpd
import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

from geodata.sample_city import SampleCity
from tests.api.hostile import LAST, make_database
from tests.api.ogc.schemas import ids
from tests.servers import served, wait_for_tiles
from zoning import City, open_city

BEFORE = date(2021, 7, 14)


class RunningServer(NamedTuple):
    address: str
    city: City


@pytest.fixture(scope="module")
def server(
    small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("clients")
    url = make_database(small_sample, folder)
    tiles = {"MIKROZONASI_TILES": str(folder / "tiles")}
    with served(url, **tiles) as client, open_city(url) as city:
        yield RunningServer(f"{wait_for_tiles(client).base_url}".rstrip("/") + "/ogc", city)


def read_with_gdal(server: RunningServer, layer: str, **options: Any) -> gpd.GeoDataFrame:
    frame: gpd.GeoDataFrame = pyogrio.read_dataframe(
        f"OAPIF:{server.address}", layer=layer, **options
    )
    return frame


# --- GDAL


def test_gdal_lists_every_collection(server: RunningServer) -> None:
    layers = [name for name, _ in pyogrio.list_layers(f"OAPIF:{server.address}")]
    assert layers == [
        *(f"zones-{level}" for level in ("rt", "rw", "kelurahan", "kecamatan", "kota")),
        "places",
    ]


@pytest.mark.parametrize("level", ["rt", "kelurahan", "kota"])
def test_gdal_reads_every_zone(server: RunningServer, level: Any) -> None:
    frame = read_with_gdal(server, f"zones-{level}", PAGE_SIZE=100)
    zones = server.city.zones(LAST, level)
    assert len(frame) == len(zones)
    for name in ("code", "name", "risk", "colour", "run"):
        assert frame[name].tolist() == zones[name].tolist()
    assert set(frame["date"].dt.date) == {LAST}
    is_equal = shapely.equals_exact(
        shapely.normalize(frame.geometry.to_numpy()),
        shapely.normalize(zones.geometry.to_numpy()),
        1e-7,
    )
    assert is_equal.all()


def test_gdal_reads_the_zones_in_a_box(server: RunningServer) -> None:
    zones = server.city.zones(LAST)
    west, south, east, north = zones.total_bounds.tolist()
    box = (west, south, (west + east) / 2, (south + north) / 2)
    expected = zones["code"][zones.intersects(shapely.box(*box))].tolist()
    assert read_with_gdal(server, "zones-rt", bbox=box)["code"].tolist() == expected
    assert 0 < len(expected) < len(zones)


def test_gdal_reads_the_zones_of_a_filter(server: RunningServer) -> None:
    zones = server.city.zones(LAST)
    expected = zones[(zones["risk"] == 1) & zones["code"].str.startswith("33.74.01.1007")]
    frame = read_with_gdal(server, "zones-rt", where="risk = 1 AND kelurahan = '33.74.01.1007'")
    assert frame["code"].tolist() == expected["code"].tolist()
    assert 0 < len(expected) < len(zones)
    frame = read_with_gdal(server, "zones-rt", where="risk >= 2 OR name LIKE '%001'")
    is_expected = (zones["risk"] >= 2) | zones["name"].str.endswith("001")
    assert frame["code"].tolist() == zones["code"][is_expected].tolist()


def test_gdal_reads_the_days_of_a_filter(server: RunningServer) -> None:
    frame = read_with_gdal(server, "zones-kelurahan", where="date = '2021/07/14'")
    zones = server.city.zones(BEFORE, "kelurahan")
    assert frame["code"].tolist() == zones["code"].tolist()
    assert frame["risk"].tolist() == zones["risk"].tolist()
    frame = read_with_gdal(
        server, "zones-kelurahan", where="date >= '2021/07/14' AND date <= '2021/07/15'"
    )
    assert len(frame) == 2 * len(zones)
    assert set(frame["date"].dt.date) == {BEFORE, LAST}


def test_gdal_reads_the_places(server: RunningServer) -> None:
    places = server.city.places()
    frame = read_with_gdal(server, "places")
    assert frame["id"].tolist() == places["place_id"].tolist()
    assert len(places) > 1
    for name in ("name", "kind", "address", "area"):
        values = frame[name].astype(object).where(frame[name].notna(), None).tolist()
        assert values == places[name].astype(object).where(places[name].notna(), None).tolist()
    assert frame.geometry.notna().tolist() == places.geometry.notna().tolist()
    points, expected = (
        shapely.get_coordinates(table.geometry.to_numpy()) for table in (frame, places)
    )
    assert points == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("crs", ["EPSG:32749", "EPSG:3857"])
def test_gdal_reads_metres(server: RunningServer, crs: str) -> None:
    frame = read_with_gdal(server, "zones-kelurahan", CRS=crs)
    expected = server.city.zones(LAST, "kelurahan").to_crs(crs)
    assert frame.crs == expected.crs
    assert frame.total_bounds == pytest.approx(expected.total_bounds, abs=0.01)


def test_gdal_reads_tiles_whose_shapes_cover_the_zones(server: RunningServer) -> None:
    kelurahan = server.city.zones(LAST, "kelurahan").to_crs(3857)
    # GDAL reads the bounding box of the collection as metres, so the test passes a box in metres.
    sides = dict(zip(("MINX", "MINY", "MAXX", "MAXY"), kelurahan.total_bounds, strict=True))
    source = f"OGCAPI:{server.address}/collections/zones-kelurahan"
    frame = pyogrio.read_dataframe(
        source,
        layer="Zoom level 15",
        API="TILES",
        **{name: str(side) for name, side in sides.items()},
    )
    assert set(frame["code"]) == set(kelurahan["code"])
    dissolved = frame.dissolve("code").geometry
    for code, shape in zip(kelurahan["code"], kelurahan.geometry, strict=True):
        assert dissolved[code].symmetric_difference(shape).area < 0.02 * shape.area


# --- OWSLib


def test_owslib_reads_the_documents(server: RunningServer) -> None:
    service = Features(server.address)
    names = [collection["id"] for collection in service.collections()["collections"]]
    assert service.feature_collections() == names
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in (service.conformance()["conformsTo"])
    )
    assert service.api()["openapi"].startswith("3.0.")
    queryables = service.collection_queryables("zones-rt")["properties"]
    assert {"risk", "kelurahan", "date"} <= set(queryables)


def test_owslib_reads_features_with_every_kind_of_query(server: RunningServer) -> None:
    service = Features(server.address)
    zones = server.city.zones(LAST)
    items = service.collection_items("zones-rt", limit=10, offset=20)
    assert ids(items) == zones["code"].tolist()[20:30]
    assert items["numberMatched"] == len(zones)
    red = service.collection_items("zones-rt", filter="risk = 3", limit=1000)
    assert ids(red) == zones["code"][zones["risk"] == 3].tolist()
    tree = {"op": "=", "args": [{"property": "risk"}, 3]}
    red_by_json = service.collection_items(
        "zones-rt",
        limit=1000,
        **{"filter-lang": "cql2-json", "filter": str(tree).replace("'", '"')},
    )
    assert red_by_json["features"] == red["features"]
    bounds = zones.geometry.iloc[0].bounds
    in_box = service.collection_items("zones-rt", bbox=list(bounds), datetime_="2021-07-14")
    assert f"{zones['code'].iloc[0]}_2021-07-14" in ids(in_box)
    zone = service.collection_item("zones-rt", zones["code"].iloc[0])
    assert zone["properties"]["name"] == zones["name"].iloc[0]
