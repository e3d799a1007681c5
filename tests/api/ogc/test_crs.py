"""OGC API Features part 2: coordinates in the system asked for, in that system's own order."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from tests.api.ogc.schemas import ask, ids, refused
from zoning import City

ITEMS = "/collections/zones-kelurahan/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
UTM, MERCATOR, DEGREES = f"{EPSG}32749", f"{EPSG}3857", f"{EPSG}4326"
# To the last decimal that is written, and the half of it that rounding takes.
NEAR = {CRS84: 1e-7, DEGREES: 1e-7, UTM: 0.01, MERCATOR: 0.01}


def shapes(found: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.array([shapely.geometry.shape(one["geometry"]) for one in found["features"]])


def latitude_first(frame: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    return shapely.transform(frame.geometry.to_numpy(), lambda points: points[:, [1, 0]])


@pytest.mark.parametrize("crs", [CRS84, DEGREES, UTM, MERCATOR])
def test_coordinates_are_those_of_the_system_asked_for(
    client: TestClient, small_city: City, crs: str
) -> None:
    # geopandas keeps x before y whatever the authority says, so 4326 is turned here by hand.
    zones = small_city.zones(level="kelurahan")
    plane = "EPSG:4326" if crs in {CRS84, DEGREES} else crs.replace(EPSG, "EPSG:")
    wanted = zones.to_crs(plane).geometry.to_numpy()
    if crs == DEGREES:
        wanted = latitude_first(zones)
    found = shapes(ask(client, ITEMS, crs=crs))
    assert shapely.equals_exact(
        shapely.normalize(found), shapely.normalize(wanted), NEAR[crs]
    ).all()
    answer = client.get(f"/ogc{ITEMS}", params={"crs": crs})
    assert answer.headers["content-crs"] == f"<{crs}>"


def test_epsg_4326_says_latitude_first_and_crs84_longitude(client: TestClient) -> None:
    for crs, first in ((DEGREES, -7.0), (CRS84, 110.4)):
        one = ask(client, f"{ITEMS}/33.74.01.1001", crs=crs)
        x, _ = shapely.get_coordinates(shapely.geometry.shape(one["geometry"]))[0]
        assert x == pytest.approx(first, abs=0.1)
    assert client.get(f"/ogc{ITEMS}").headers["content-crs"] == f"<{CRS84}>"


@pytest.mark.parametrize(
    ("short", "meant"),
    [
        ("EPSG:32749", UTM),
        ("[EPSG:32749]", UTM),
        ("EPSG:4326", DEGREES),
        ("OGC:CRS84", CRS84),
        ("[OGC:CRS84]", CRS84),
    ],
)
def test_systems_have_short_names(client: TestClient, short: str, meant: str) -> None:
    answer = client.get(f"/ogc{ITEMS}", params={"crs": short, "limit": 1})
    assert answer.headers["content-crs"] == f"<{meant}>"


@pytest.mark.parametrize(
    "name",
    ["OGC:CRS99", "OGC:CRS84h", "OGC:4326", "EPSG:CRS84", "[EPSG:3857", "EPSG:3857]", f"[{UTM}]"],
)
@pytest.mark.parametrize("parameter", ["crs", "bbox-crs", "filter-crs"])
def test_a_name_that_is_almost_one_is_refused(
    client: TestClient, parameter: str, name: str
) -> None:
    assert refused(client, ITEMS, **{parameter: name}) == (400, "unknown-crs")


@pytest.mark.parametrize("crs", [UTM, MERCATOR])
def test_a_box_in_metres_has_its_west_first(client: TestClient, crs: str) -> None:
    x, y = (434000, 9226000) if crs == UTM else (12290000, -790000)
    box = f"{x + 4000},{y},{x},{y + 4000}"
    assert refused(client, ITEMS, bbox=box, bbox_crs=crs) == (400, "invalid-parameter")


@pytest.mark.parametrize("crs", [CRS84, DEGREES, UTM, MERCATOR])
def test_a_box_is_read_in_its_own_system(client: TestClient, small_city: City, crs: str) -> None:
    plane = "EPSG:4326" if crs in {CRS84, DEGREES} else crs.replace(EPSG, "EPSG:")
    zones = small_city.zones(level="kelurahan").to_crs(plane)
    west, south, east, north = map(float, zones.total_bounds)
    box = (west, south, (west + east) / 2, (south + north) / 2)
    wanted = zones["code"][zones.intersects(shapely.box(*box))].tolist()
    assert 0 < len(wanted) < len(zones)
    ordered = (box[1], box[0], box[3], box[2]) if crs == DEGREES else box
    text = ",".join(repr(float(side)) for side in ordered)
    assert ids(ask(client, ITEMS, bbox=text, bbox_crs=crs)) == wanted
    # The same numbers in the wrong order meet nothing.
    turned = ",".join(repr(float(ordered[at])) for at in (1, 0, 3, 2))
    assert ids(ask(client, ITEMS, bbox=turned, bbox_crs=crs)) == []


@pytest.mark.parametrize("crs", [CRS84, DEGREES, UTM, MERCATOR])
def test_a_geometry_in_a_filter_is_read_in_its_own_system(
    client: TestClient, small_city: City, crs: str
) -> None:
    plane = "EPSG:4326" if crs in {CRS84, DEGREES} else crs.replace(EPSG, "EPSG:")
    zones = small_city.zones(level="kelurahan").to_crs(plane)
    inside = zones.geometry.iloc[3].representative_point()
    x, y = (inside.y, inside.x) if crs == DEGREES else (inside.x, inside.y)
    for shape in (f"POINT({x!r} {y!r})", f"BBOX({x!r},{y!r},{x!r},{y!r})"):
        chosen = f"S_INTERSECTS(geometry, {shape})"
        found = ask(client, ITEMS, filter=chosen, filter_crs=crs)
        assert ids(found) == [zones["code"].iloc[3]]


def test_a_collection_lists_its_systems_and_the_one_it_is_kept_in(client: TestClient) -> None:
    found = ask(client, "/collections/zones-rt")
    assert found["crs"] == [CRS84, DEGREES, MERCATOR, UTM]
    assert found["storageCrs"] == CRS84
    assert ask(client, "/collections")["crs"] == found["crs"]
