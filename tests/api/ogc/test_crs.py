"""OGC API Features part 2: coordinates in the requested system, with the axes of this system."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from tests.api.ogc.schemas import ask, get_error, ids
from zoning import City

ITEMS = "/collections/zones-kelurahan/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
UTM, MERCATOR, DEGREES = f"{EPSG}32749", f"{EPSG}3857", f"{EPSG}4326"
# The last decimal that is written.
TOLERANCES = {CRS84: 1e-7, DEGREES: 1e-7, UTM: 0.01, MERCATOR: 0.01}


def shapes(collection: dict[str, Any]) -> np.ndarray[Any, Any]:
    features = collection["features"]
    return np.array([shapely.geometry.shape(feature["geometry"]) for feature in features])


def latitude_first(frame: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    return shapely.transform(frame.geometry.to_numpy(), lambda points: points[:, [1, 0]])


@pytest.mark.parametrize("crs", [CRS84, DEGREES, UTM, MERCATOR])
def test_coordinates_are_in_the_requested_system(
    client: TestClient, small_city: City, crs: str
) -> None:
    # geopandas always writes x before y, so the test swaps the axes of EPSG:4326.
    zones = small_city.zones(level="kelurahan")
    plane = "EPSG:4326" if crs in {CRS84, DEGREES} else crs.replace(EPSG, "EPSG:")
    expected = zones.to_crs(plane).geometry.to_numpy()
    if crs == DEGREES:
        expected = latitude_first(zones)
    actual = shapes(ask(client, ITEMS, crs=crs))
    assert shapely.equals_exact(
        shapely.normalize(actual), shapely.normalize(expected), TOLERANCES[crs]
    ).all()
    answer = client.get(f"/ogc{ITEMS}", params={"crs": crs})
    assert answer.headers["content-crs"] == f"<{crs}>"


def test_epsg_4326_has_latitude_first_and_crs84_longitude_first(client: TestClient) -> None:
    for crs, first in ((DEGREES, -7.0), (CRS84, 110.4)):
        zone = ask(client, f"{ITEMS}/33.74.01.1001", crs=crs)
        x, _ = shapely.get_coordinates(shapely.geometry.shape(zone["geometry"]))[0]
        assert x == pytest.approx(first, abs=0.1)
    assert client.get(f"/ogc{ITEMS}").headers["content-crs"] == f"<{CRS84}>"


@pytest.mark.parametrize(
    ("short_name", "uri"),
    [
        ("EPSG:32749", UTM),
        ("[EPSG:32749]", UTM),
        ("EPSG:4326", DEGREES),
        ("OGC:CRS84", CRS84),
        ("[OGC:CRS84]", CRS84),
    ],
)
def test_systems_have_short_names(client: TestClient, short_name: str, uri: str) -> None:
    answer = client.get(f"/ogc{ITEMS}", params={"crs": short_name, "limit": 1})
    assert answer.headers["content-crs"] == f"<{uri}>"


@pytest.mark.parametrize(
    "name",
    ["OGC:CRS99", "OGC:CRS84h", "OGC:4326", "EPSG:CRS84", "[EPSG:3857", "EPSG:3857]", f"[{UTM}]"],
)
@pytest.mark.parametrize("parameter", ["crs", "bbox-crs", "filter-crs"])
def test_a_misspelled_name_of_a_system_is_rejected(
    client: TestClient, parameter: str, name: str
) -> None:
    assert get_error(client, ITEMS, **{parameter: name}) == (400, "unknown-crs")


@pytest.mark.parametrize("crs", [UTM, MERCATOR])
def test_a_box_in_metres_has_west_before_east(client: TestClient, crs: str) -> None:
    x, y = (434000, 9226000) if crs == UTM else (12290000, -790000)
    box = f"{x + 4000},{y},{x},{y + 4000}"
    assert get_error(client, ITEMS, bbox=box, bbox_crs=crs) == (400, "invalid-parameter")


@pytest.mark.parametrize("crs", [CRS84, DEGREES, UTM, MERCATOR])
def test_a_box_is_read_in_the_system_of_bbox_crs(
    client: TestClient, small_city: City, crs: str
) -> None:
    plane = "EPSG:4326" if crs in {CRS84, DEGREES} else crs.replace(EPSG, "EPSG:")
    zones = small_city.zones(level="kelurahan").to_crs(plane)
    west, south, east, north = map(float, zones.total_bounds)
    box = (west, south, (west + east) / 2, (south + north) / 2)
    expected = zones["code"][zones.intersects(shapely.box(*box))].tolist()
    assert 0 < len(expected) < len(zones)
    ordered = (box[1], box[0], box[3], box[2]) if crs == DEGREES else box
    text = ",".join(repr(float(side)) for side in ordered)
    assert ids(ask(client, ITEMS, bbox=text, bbox_crs=crs)) == expected
    # The same numbers in the wrong order intersect no zone.
    swapped = ",".join(repr(float(ordered[index])) for index in (1, 0, 3, 2))
    assert ids(ask(client, ITEMS, bbox=swapped, bbox_crs=crs)) == []


@pytest.mark.parametrize("crs", [CRS84, DEGREES, UTM, MERCATOR])
def test_a_geometry_in_a_filter_is_read_in_the_system_of_filter_crs(
    client: TestClient, small_city: City, crs: str
) -> None:
    plane = "EPSG:4326" if crs in {CRS84, DEGREES} else crs.replace(EPSG, "EPSG:")
    zones = small_city.zones(level="kelurahan").to_crs(plane)
    point = zones.geometry.iloc[3].representative_point()
    x, y = (point.y, point.x) if crs == DEGREES else (point.x, point.y)
    for shape in (f"POINT({x!r} {y!r})", f"BBOX({x!r},{y!r},{x!r},{y!r})"):
        text = f"S_INTERSECTS(geometry, {shape})"
        items = ask(client, ITEMS, filter=text, filter_crs=crs)
        assert ids(items) == [zones["code"].iloc[3]]


def test_a_collection_lists_its_systems_and_its_storage_system(client: TestClient) -> None:
    collection = ask(client, "/collections/zones-rt")
    assert collection["crs"] == [CRS84, DEGREES, MERCATOR, UTM]
    assert collection["storageCrs"] == CRS84
    assert ask(client, "/collections")["crs"] == collection["crs"]
