"""QGIS as it comes from Debian, reading a running server: OGC API Features and both kinds of tiles.

PyQGIS belongs to Debian's own Python, so `qgis_reads.py` is run by that one.
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
from tests.servers import prepared, served
from zoning import City, open_city
from zoning.drawing.palette import rgb

PYTHON: Final = "/usr/bin/python3"
SCRIPT: Final = Path(__file__).with_name("qgis_reads.py")
SIZE: Final = 1000
ZONES: Final = tuple(f"zones-{level}" for level in LEVELS)


class Seen(NamedTuple):
    city: City
    answers: dict[str, Any]
    folder: Path
    box: tuple[float, float, float, float]

    def layer(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.answers["layers"][name]
        return found

    def codes(self, name: str) -> list[str]:
        return [one["properties"]["code"] for one in self.layer(name)["features"]]


@pytest.fixture(scope="module")
def seen(small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """What QGIS made of a server, asked once."""
    _need_qgis()
    folder = tmp_path_factory.mktemp("qgis")
    url = make_database(_with_an_rt_in_two_parts(small_sample), folder)
    tiles = {"MIKROZONASI_TILES": str(folder / "tiles")}
    with served(url, **tiles) as client, open_city(url) as city:
        west, south, east, north = city.zones(LAST).total_bounds.tolist()
        box = (west, south, (west + east) / 2, (south + north) / 2)
        answers = _ask(f"{prepared(client).base_url}".rstrip("/"), folder, _questions(city, box))
        yield Seen(city, answers, folder, box)


def _need_qgis() -> None:
    found = Path(PYTHON).exists() and subprocess.run(
        [PYTHON, "-c", "import qgis.core"],
        capture_output=True,
        env=_environment(Path("/nonexistent")),
        check=False,
    )
    if not found or found.returncode != 0:
        pytest.skip("QGIS is absent: apt-get install --no-install-recommends python3-qgis")


def _environment(home: Path) -> dict[str, str]:
    own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **own}


def _with_an_rt_in_two_parts(sample: SampleCity) -> SampleCity:
    """The kind of a layer's geometries must not hang on its first ten features."""
    rt = sample.rt.copy()
    one, other = rt.index[50], rt.index[60]
    rt.loc[other, ["code", "name", "rw", "rt"]] = rt.loc[one, ["code", "name", "rw", "rt"]]
    return sample._replace(rt=rt)


def _questions(city: City, box: tuple[float, ...]) -> dict[str, Any]:
    usual = {name: {"collection": name} for name in (*ZONES, "places")}
    others = {
        "paged": {"collection": "zones-rt", "options": {"pageSize": 50}},
        "box": {"collection": "zones-rt", "box": box, "options": {"restrictToRequestBBOX": 1}},
        "day": {"collection": "zones-kelurahan", "subset": "\"date\" = '2021-07-14'"},
        "days": {"collection": "zones-kelurahan", "subset": "\"date\" >= '2021-07-14'"},
        "never": {"collection": "zones-kelurahan", "subset": "\"date\" = '2031-01-01'"},
        "red": {"collection": "zones-rt", "subset": '"risk" = 3'},
        "mistyped": {"collection": "zones-desa"},
    }
    return {"layers": usual | others, "draw": {"extent": _square(city), "size": [SIZE, SIZE]}}


def _square(city: City) -> list[float]:
    """A square around the city in Web Mercator."""
    west, south, east, north = city.boundaries("kota").to_crs(3857).total_bounds.tolist()
    half = max(east - west, north - south) / 2
    x, y = (west + east) / 2, (south + north) / 2
    return [x - half, y - half, x + half, y + half]


def _ask(address: str, folder: Path, questions: dict[str, Any]) -> dict[str, Any]:
    home = folder / "home"
    home.mkdir(mode=0o700)
    done = subprocess.run(
        [PYTHON, SCRIPT, address, home, json.dumps(questions)],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads((home / "answers.json").read_text())
    return found


def test_qgis_lists_every_collection(seen: Seen) -> None:
    listed = seen.answers["listed"]
    assert len(listed) == len(ZONES) + 1
    for name in (*ZONES, "places"):
        assert sum(f"typename='{name}'" in source for source in listed.values()) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_qgis_reads_every_zone_as_the_city_has_it(seen: Seen, level: Level) -> None:
    layer = seen.layer(f"zones-{level}")
    zones = _by_code(seen.city.zones(LAST, level))
    found = {one["properties"]["code"]: one for one in layer["features"]}
    assert len(layer["features"]) == layer["count"] == len(zones)
    assert found.keys() == set(zones.index)
    for one in ("name", "risk", "colour", "run"):
        said = [found[code]["properties"][one] for code in zones.index]
        assert said == zones[one].tolist()
    shapes = shapely.from_wkb([found[code]["geometry"] for code in zones.index])
    assert shapely.equals_exact(
        shapely.normalize(_in_parts(shapes)),
        shapely.normalize(_in_parts(zones.geometry.to_numpy())),
        1e-7,
    ).all()
    assert {one["date"] for one in layer["features"]} == {LAST.isoformat()}


def test_qgis_knows_what_a_layer_is(seen: Seen) -> None:
    layer = seen.layer("zones-rt")
    assert layer["crs"] == "EPSG:4326"
    assert layer["extent"] == pytest.approx(seen.city.boundaries("kota").total_bounds, abs=1e-6)
    fields = layer["fields"]
    assert (fields["code"], fields["risk"], fields["date"]) == ("String", "Integer", "Date")
    places = seen.layer("places")["fields"]
    assert (places["capacity"], places["updated_at"]) == ("Integer", "DateTime")


def test_the_kind_of_a_layer_is_that_of_all_its_features(seen: Seen) -> None:
    zones = seen.city.zones(LAST)
    assert set(zones.geom_type) == {"Polygon", "MultiPolygon"}
    assert set(zones.geom_type.iloc[:10]) == {"Polygon"}
    for name, kind in (("zones-rt", "MultiPolygon"), ("zones-kelurahan", "Polygon")):
        assert seen.layer(name)["kind"] == kind
        shapes = shapely.from_wkb([one["geometry"] for one in seen.layer(name)["features"]])
        assert {shape.geom_type for shape in shapes} == {kind}


def test_qgis_reads_all_pages(seen: Seen) -> None:
    assert sorted(seen.codes("paged")) == sorted(seen.city.zones(LAST)["code"])


def test_qgis_reads_what_lies_in_a_box(seen: Seen) -> None:
    zones = seen.city.zones(LAST)
    wanted = zones["code"][zones.intersects(shapely.box(*seen.box))]
    assert sorted(seen.codes("box")) == sorted(wanted)
    assert 0 < len(wanted) < len(zones)


def test_qgis_reads_the_days_its_filter_names(seen: Seen) -> None:
    before = _by_code(seen.city.zones(LAST.replace(day=14), "kelurahan"))
    features = seen.layer("day")["features"]
    risks = {one["properties"]["code"]: one["properties"]["risk"] for one in features}
    assert risks == before["risk"].to_dict()
    assert {one["date"] for one in features} == {"2021-07-14"}
    days = seen.layer("days")["features"]
    assert len(days) == 2 * len(before)
    assert {one["date"] for one in days} == {"2021-07-14", "2021-07-15"}
    assert seen.layer("never")["features"] == []


def test_qgis_filters_by_risk(seen: Seen) -> None:
    zones = seen.city.zones(LAST)
    wanted = zones["code"][zones["risk"] == 3].tolist()
    assert sorted(seen.codes("red")) == sorted(wanted)
    assert 0 < len(wanted) < len(zones)


def test_qgis_refuses_a_collection_that_is_none(seen: Seen) -> None:
    assert seen.layer("mistyped") == {"valid": False}


@pytest.mark.parametrize("name", ["vector", "pictures"])
def test_qgis_draws_every_rt_in_its_colour_and_its_place(seen: Seen, name: str) -> None:
    """At the middle of each RT that is wide enough for its border not to be there."""
    with Image.open(seen.folder / "home" / f"{name}.png") as picture:
        drawn = np.asarray(picture.convert("RGB"))
    zones = seen.city.zones(LAST)
    columns, rows, pixels = _middles(zones, _square(seen.city))
    wide = pixels > 6
    risks = zones["risk"].to_numpy()[wide]
    wanted = np.array([rgb(tint.fill) for tint in TINTS])[risks]
    found = drawn[rows[wide], columns[wide]]
    assert np.abs(found.astype(int) - wanted).max() <= 2
    assert set(risks) == set(zones["risk"])
    assert wide.sum() > 100
    assert (drawn[0, 0] == 255).all()


def test_the_styles_of_the_tiles_name_each_colour(seen: Seen) -> None:
    for tint in TINTS:
        assert f"RT {tint.id} · {tint.en}" in seen.answers["styles"]


def _by_code(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return zones.set_index("code")


def _in_parts(shapes: Any) -> list[shapely.MultiPolygon]:
    return [shapely.MultiPolygon(shapely.get_parts(one).tolist()) for one in shapes]


def _middles(zones: gpd.GeoDataFrame, square: list[float]) -> tuple[Any, Any, Any]:
    """Columns and rows of the middles of RT in a picture, and pixels from there to the border."""
    west, south, east, north = square
    circles = shapely.maximum_inscribed_circle(zones.to_crs(3857).geometry.to_numpy(), 1.0)
    middles = shapely.get_coordinates(shapely.get_point(circles, 0))
    columns = ((middles[:, 0] - west) / (east - west) * SIZE).astype(int)
    rows = ((north - middles[:, 1]) / (north - south) * SIZE).astype(int)
    return columns, rows, shapely.length(circles) / (east - west) * SIZE
