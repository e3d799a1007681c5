"""The OGC API as GDAL and OWSLib use it: a server in a process of its own, asked over HTTP.

In a process of its own also because GDAL reads with the interpreter held, so that no thread of
this one could answer it.
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
from tests.servers import prepared, served
from zoning import City, open_city

BEFORE = date(2021, 7, 14)


class Running(NamedTuple):
    address: str
    city: City


@pytest.fixture(scope="module")
def running(
    small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("clients")
    url = make_database(small_sample, folder)
    tiles = {"MIKROZONASI_TILES": str(folder / "tiles")}
    with served(url, **tiles) as client, open_city(url) as city:
        yield Running(f"{prepared(client).base_url}".rstrip("/") + "/ogc", city)


def gdal(running: Running, layer: str, **options: Any) -> gpd.GeoDataFrame:
    found: gpd.GeoDataFrame = pyogrio.read_dataframe(
        f"OAPIF:{running.address}", layer=layer, **options
    )
    return found


# --- GDAL


def test_gdal_finds_every_collection(running: Running) -> None:
    layers = [name for name, _ in pyogrio.list_layers(f"OAPIF:{running.address}")]
    assert layers == [
        *(f"zones-{level}" for level in ("rt", "rw", "kelurahan", "kecamatan", "kota")),
        "places",
    ]


@pytest.mark.parametrize("level", ["rt", "kelurahan", "kota"])
def test_gdal_reads_every_zone_as_the_city_has_it(running: Running, level: Any) -> None:
    found = gdal(running, f"zones-{level}", PAGE_SIZE=100)
    zones = running.city.zones(LAST, level)
    assert len(found) == len(zones)
    for name in ("code", "name", "risk", "colour", "run"):
        assert found[name].tolist() == zones[name].tolist()
    assert set(found["date"].dt.date) == {LAST}
    same = shapely.equals_exact(
        shapely.normalize(found.geometry.to_numpy()),
        shapely.normalize(zones.geometry.to_numpy()),
        1e-7,
    )
    assert same.all()


def test_gdal_reads_what_lies_in_a_box(running: Running) -> None:
    zones = running.city.zones(LAST)
    west, south, east, north = zones.total_bounds.tolist()
    box = (west, south, (west + east) / 2, (south + north) / 2)
    wanted = zones["code"][zones.intersects(shapely.box(*box))].tolist()
    assert gdal(running, "zones-rt", bbox=box)["code"].tolist() == wanted
    assert 0 < len(wanted) < len(zones)


def test_gdal_reads_what_a_condition_chooses(running: Running) -> None:
    zones = running.city.zones(LAST)
    chosen = zones[(zones["risk"] == 1) & zones["code"].str.startswith("33.74.01.1007")]
    found = gdal(running, "zones-rt", where="risk = 1 AND kelurahan = '33.74.01.1007'")
    assert found["code"].tolist() == chosen["code"].tolist()
    assert 0 < len(chosen) < len(zones)
    red = gdal(running, "zones-rt", where="risk >= 2 OR name LIKE '%001'")
    wanted = (zones["risk"] >= 2) | zones["name"].str.endswith("001")
    assert red["code"].tolist() == zones["code"][wanted].tolist()


def test_gdal_reads_the_days_it_asks_for(running: Running) -> None:
    found = gdal(running, "zones-kelurahan", where="date = '2021/07/14'")
    zones = running.city.zones(BEFORE, "kelurahan")
    assert (found["code"].tolist(), found["risk"].tolist()) == (
        zones["code"].tolist(),
        zones["risk"].tolist(),
    )
    both = gdal(running, "zones-kelurahan", where="date >= '2021/07/14' AND date <= '2021/07/15'")
    assert len(both) == 2 * len(zones)
    assert set(both["date"].dt.date) == {BEFORE, LAST}


def test_gdal_reads_the_places(running: Running) -> None:
    places = running.city.places()
    found = gdal(running, "places")
    assert found["id"].tolist() == places["place_id"].tolist()
    assert len(places) > 1
    for name in ("name", "kind", "address", "area"):
        said = found[name].astype(object).where(found[name].notna(), None).tolist()
        assert said == places[name].astype(object).where(places[name].notna(), None).tolist()
    drawn = places.geometry.notna().to_numpy()
    assert found.geometry.notna().to_numpy().tolist() == drawn.tolist()
    points = (shapely.get_coordinates(one.geometry.to_numpy()) for one in (found, places))
    assert next(points) == pytest.approx(next(points), abs=1e-7)


@pytest.mark.parametrize("crs", ["EPSG:32749", "EPSG:3857"])
def test_gdal_reads_metres(running: Running, crs: str) -> None:
    found = gdal(running, "zones-kelurahan", CRS=crs)
    wanted = running.city.zones(LAST, "kelurahan").to_crs(crs)
    assert found.crs == wanted.crs
    assert found.total_bounds == pytest.approx(wanted.total_bounds, abs=0.01)


def test_gdal_reads_tiles_and_their_shapes_lie_where_the_zones_do(running: Running) -> None:
    kelurahan = running.city.zones(LAST, "kelurahan").to_crs(3857)
    # GDAL takes the collection's box for metres, so it is said again in metres.
    sides = dict(zip(("MINX", "MINY", "MAXX", "MAXY"), kelurahan.total_bounds, strict=True))
    source = f"OGCAPI:{running.address}/collections/zones-kelurahan"
    found = pyogrio.read_dataframe(
        source, layer="Zoom level 15", API="TILES", **{k: str(v) for k, v in sides.items()}
    )
    assert set(found["code"]) == set(kelurahan["code"])
    together = found.dissolve("code").geometry
    for code, shape in zip(kelurahan["code"], kelurahan.geometry, strict=True):
        assert together[code].symmetric_difference(shape).area < 0.02 * shape.area


# --- OWSLib


def test_owslib_finds_what_there_is(running: Running) -> None:
    service = Features(running.address)
    names = [one["id"] for one in service.collections()["collections"]]
    assert service.feature_collections() == names
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in (service.conformance()["conformsTo"])
    )
    assert service.api()["openapi"].startswith("3.0.")
    queryables = service.collection_queryables("zones-rt")["properties"]
    assert {"risk", "kelurahan", "date"} <= set(queryables)


def test_owslib_asks_as_it_can(running: Running) -> None:
    service = Features(running.address)
    zones = running.city.zones(LAST)
    found = service.collection_items("zones-rt", limit=10, offset=20)
    assert [one["id"] for one in found["features"]] == zones["code"].tolist()[20:30]
    assert found["numberMatched"] == len(zones)
    red = service.collection_items("zones-rt", filter="risk = 3", limit=1000)
    assert [one["id"] for one in red["features"]] == zones["code"][zones["risk"] == 3].tolist()
    tree = {"op": "=", "args": [{"property": "risk"}, 3]}
    again = service.collection_items(
        "zones-rt",
        limit=1000,
        **{"filter-lang": "cql2-json", "filter": str(tree).replace("'", '"')},
    )
    assert again["features"] == red["features"]
    bounds = zones.geometry.iloc[0].bounds
    near = service.collection_items("zones-rt", bbox=list(bounds), datetime_="2021-07-14")
    assert f"{zones['code'].iloc[0]}_2021-07-14" in [one["id"] for one in near["features"]]
    one = service.collection_item("zones-rt", zones["code"].iloc[0])
    assert one["properties"]["name"] == zones["name"].iloc[0]
