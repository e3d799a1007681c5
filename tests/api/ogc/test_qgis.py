"""QGIS of Debian as a client of a server: OGC API Features, vector tiles and pictures.

PyQGIS belongs to the Python of Debian, so this Python runs `qgis_reads.py`.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from geodata.areas import LEVELS, Level
from geodata.sample_city import SampleCity
from tests.api.hostile import LAST, make_database
from tests.four_colours import TINTS
from tests.servers import served, wait_for_tiles
from zoning import City, open_city
from zoning.drawing.palette import rgb

PYTHON: Final = "/usr/bin/python3"
SCRIPT: Final = Path(__file__).with_name("qgis_reads.py")
SIZE: Final = 1000
ZONES: Final = tuple(f"zones-{level}" for level in LEVELS)


class QgisResults(NamedTuple):
    city: City
    answers: dict[str, Any]
    folder: Path
    box: tuple[float, float, float, float]

    def layer(self, name: str) -> dict[str, Any]:
        layer: dict[str, Any] = self.answers["layers"][name]
        return layer

    def codes(self, name: str) -> list[str]:
        return [feature["properties"]["code"] for feature in self.layer(name)["features"]]


@pytest.fixture(scope="module")
def qgis(
    small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[QgisResults]:
    """The results of QGIS with a server, read once."""
    _need_qgis()
    folder = tmp_path_factory.mktemp("qgis")
    url = make_database(_with_a_multipolygon(small_sample), folder)
    tiles = {"MIKROZONASI_TILES": str(folder / "tiles")}
    with served(url, **tiles) as client, open_city(url) as city:
        west, south, east, north = city.zones(LAST).total_bounds.tolist()
        box = (west, south, (west + east) / 2, (south + north) / 2)
        address = f"{wait_for_tiles(client).base_url}".rstrip("/")
        answers = _run_qgis(address, folder, _requests(city, box))
        yield QgisResults(city, answers, folder, box)


def _need_qgis() -> None:
    run = Path(PYTHON).exists() and subprocess.run(
        [PYTHON, "-c", "import qgis.core"],
        capture_output=True,
        env=_environment(Path("/nonexistent")),
        check=False,
    )
    if not run or run.returncode != 0:
        pytest.skip("QGIS is absent: apt-get install --no-install-recommends python3-qgis")


def _environment(home: Path) -> dict[str, str]:
    folders = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        **folders,
    }


def _with_a_multipolygon(sample: SampleCity) -> SampleCity:
    """An RT in two parts: the type of a layer must not depend on its first ten features."""
    rt = sample.rt.copy()
    first, second = rt.index[50], rt.index[60]
    rt.loc[second, ["code", "name", "rw", "rt"]] = rt.loc[first, ["code", "name", "rw", "rt"]]
    return sample._replace(rt=rt)


def _requests(city: City, box: tuple[float, ...]) -> dict[str, Any]:
    collections = {name: {"collection": name} for name in (*ZONES, "places")}
    queries = {
        "paged": {"collection": "zones-rt", "options": {"pageSize": 50}},
        "box": {"collection": "zones-rt", "box": box, "options": {"restrictToRequestBBOX": 1}},
        "day": {"collection": "zones-kelurahan", "subset": "\"date\" = '2021-07-14'"},
        "days": {"collection": "zones-kelurahan", "subset": "\"date\" >= '2021-07-14'"},
        "never": {"collection": "zones-kelurahan", "subset": "\"date\" = '2031-01-01'"},
        "red": {"collection": "zones-rt", "subset": '"risk" = 3'},
        "mistyped": {"collection": "zones-desa"},
    }
    return {
        "layers": collections | queries,
        "draw": {"extent": _square(city), "size": [SIZE, SIZE]},
    }


def _square(city: City) -> list[float]:
    """A square around the city in Web Mercator."""
    west, south, east, north = city.boundaries("kota").to_crs(3857).total_bounds.tolist()
    half = max(east - west, north - south) / 2
    x, y = (west + east) / 2, (south + north) / 2
    return [x - half, y - half, x + half, y + half]


def _run_qgis(address: str, folder: Path, requests: dict[str, Any]) -> dict[str, Any]:
    home = folder / "home"
    home.mkdir(mode=0o700)
    run = subprocess.run(
        [PYTHON, SCRIPT, address, home, json.dumps(requests)],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    answers: dict[str, Any] = json.loads((home / "answers.json").read_text())
    return answers


def test_qgis_lists_every_collection(qgis: QgisResults) -> None:
    listed = qgis.answers["listed"]
    assert len(listed) == len(ZONES) + 1
    for name in (*ZONES, "places"):
        assert sum(f"typename='{name}'" in source for source in listed.values()) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_qgis_reads_every_zone(qgis: QgisResults, level: Level) -> None:
    layer = qgis.layer(f"zones-{level}")
    zones = _by_code(qgis.city.zones(LAST, level))
    features = {feature["properties"]["code"]: feature for feature in layer["features"]}
    assert len(layer["features"]) == layer["count"] == len(zones)
    assert features.keys() == set(zones.index)
    for name in ("name", "risk", "colour", "run"):
        values = [features[code]["properties"][name] for code in zones.index]
        assert values == zones[name].tolist()
    shapes = shapely.from_wkb([features[code]["geometry"] for code in zones.index])
    assert shapely.equals_exact(
        shapely.normalize(_multipolygons(shapes)),
        shapely.normalize(_multipolygons(zones.geometry.to_numpy())),
        1e-7,
    ).all()
    assert {feature["date"] for feature in layer["features"]} == {LAST.isoformat()}


def test_qgis_reads_the_properties_of_a_layer(qgis: QgisResults) -> None:
    layer = qgis.layer("zones-rt")
    assert layer["crs"] == "EPSG:4326"
    assert layer["extent"] == pytest.approx(qgis.city.boundaries("kota").total_bounds, abs=1e-6)
    fields = layer["fields"]
    assert (fields["code"], fields["risk"], fields["date"]) == ("String", "Integer", "Date")
    places = qgis.layer("places")["fields"]
    assert (places["capacity"], places["updated_at"]) == ("Integer", "DateTime")


def test_all_features_have_the_geometry_type_of_their_layer(qgis: QgisResults) -> None:
    zones = qgis.city.zones(LAST)
    assert set(zones.geom_type) == {"Polygon", "MultiPolygon"}
    assert set(zones.geom_type.iloc[:10]) == {"Polygon"}
    for name, geometry_type in (("zones-rt", "MultiPolygon"), ("zones-kelurahan", "Polygon")):
        assert qgis.layer(name)["type"] == geometry_type
        features = qgis.layer(name)["features"]
        shapes = shapely.from_wkb([feature["geometry"] for feature in features])
        assert {shape.geom_type for shape in shapes} == {geometry_type}


def test_qgis_reads_all_pages(qgis: QgisResults) -> None:
    assert sorted(qgis.codes("paged")) == sorted(qgis.city.zones(LAST)["code"])


def test_qgis_reads_the_zones_in_a_box(qgis: QgisResults) -> None:
    zones = qgis.city.zones(LAST)
    expected = zones["code"][zones.intersects(shapely.box(*qgis.box))]
    assert sorted(qgis.codes("box")) == sorted(expected)
    assert 0 < len(expected) < len(zones)


def test_qgis_reads_the_days_of_a_filter(qgis: QgisResults) -> None:
    before = _by_code(qgis.city.zones(LAST.replace(day=14), "kelurahan"))
    features = qgis.layer("day")["features"]
    properties = [feature["properties"] for feature in features]
    risks = {values["code"]: values["risk"] for values in properties}
    assert risks == before["risk"].to_dict()
    assert {feature["date"] for feature in features} == {"2021-07-14"}
    features = qgis.layer("days")["features"]
    assert len(features) == 2 * len(before)
    assert {feature["date"] for feature in features} == {"2021-07-14", "2021-07-15"}
    assert qgis.layer("never")["features"] == []


def test_qgis_filters_by_risk(qgis: QgisResults) -> None:
    zones = qgis.city.zones(LAST)
    expected = zones["code"][zones["risk"] == 3].tolist()
    assert sorted(qgis.codes("red")) == sorted(expected)
    assert 0 < len(expected) < len(zones)


def test_a_layer_of_an_unknown_collection_is_invalid(qgis: QgisResults) -> None:
    assert qgis.layer("mistyped") == {"valid": False}


@pytest.mark.parametrize("name", ["vector", "pictures"])
def test_qgis_draws_every_rt_in_its_colour(qgis: QgisResults, name: str) -> None:
    """The pixel in the centre of each RT that is so wide that no border covers this pixel."""
    with Image.open(qgis.folder / "home" / f"{name}.png") as picture:
        image = np.asarray(picture.convert("RGB"))
    zones = qgis.city.zones(LAST)
    columns, rows, radii = _centres(zones, _square(qgis.city))
    is_wide = radii > 6
    risks = zones["risk"].to_numpy()[is_wide]
    expected = np.array([rgb(tint.fill) for tint in TINTS])[risks]
    actual = image[rows[is_wide], columns[is_wide]]
    assert np.abs(actual.astype(int) - expected).max() <= 2
    assert set(risks) == set(zones["risk"])
    assert is_wide.sum() > 100
    assert (image[0, 0] == 255).all()


def test_the_styles_of_the_tiles_have_the_name_of_each_colour(qgis: QgisResults) -> None:
    for tint in TINTS:
        assert f"RT {tint.id} · {tint.en}" in qgis.answers["styles"]


def _by_code(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return zones.set_index("code")


def _multipolygons(shapes: Any) -> list[shapely.MultiPolygon]:
    return [shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in shapes]


def _centres(zones: gpd.GeoDataFrame, square: list[float]) -> tuple[Any, Any, Any]:
    """Column and row of the centre of each RT, and its distance to the border, in pixels."""
    west, south, east, north = square
    circles = shapely.maximum_inscribed_circle(zones.to_crs(3857).geometry.to_numpy(), 1.0)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    columns = ((centres[:, 0] - west) / (east - west) * SIZE).astype(int)
    rows = ((north - centres[:, 1]) / (north - south) * SIZE).astype(int)
    return columns, rows, shapely.length(circles) / (east - west) * SIZE
