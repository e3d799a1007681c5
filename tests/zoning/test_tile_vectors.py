"""Vector tiles, decoded: every area where it is, with its colour, sharing its lines."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata.areas import Level
from geodata.boundaries import Columns, assemble, prepare, read_polygons
from tests import small_city as squares
from tests.conftest import FIRST, LAST
from tests.zoning.tiles_decoded import EXTENT, INSIDE, Zone, decoded, in_units
from zoning import City
from zoning.drawing.palette import NO_DATA
from zoning.ground import Ground
from zoning.tiles.day import DayTiles
from zoning.tiles.pyramid import Pyramid, open_pyramid
from zoning.tiles.scheme import MAX_ZOOM, MIN_ZOOM, Tile, tiles_over
from zoning.zones import NO_RISK

LEVELS: tuple[Level, ...] = ("kecamatan", "kelurahan", "rw", "rt")


@pytest.fixture(scope="module")
def day(small_city: City, small_pyramid: Pyramid) -> DayTiles:
    return DayTiles(small_pyramid, small_city.risks(LAST))


def tiles_of(day: DayTiles, zoom: int) -> dict[Tile, dict[str, list[Zone]]]:
    bounds = day.pyramid.ground.boundaries.areas.total_bounds
    made = {tile: day.vector(tile) for tile in tiles_over(bounds, zoom)}
    return {tile: decoded(bytes_) for tile, bytes_ in made.items() if bytes_ is not None}


def zones_of(day: DayTiles, zoom: int, layer: str) -> dict[str, list[tuple[Tile, Zone]]]:
    found = defaultdict(list)
    for tile, layers in tiles_of(day, zoom).items():
        for zone in layers.get(layer, []):
            found[zone.properties["code"]].append((tile, zone))
    return found


@pytest.mark.parametrize("zoom", [12, 14, 16, 18])
@pytest.mark.parametrize("level", LEVELS)
def test_every_area_is_there_with_its_name_and_the_risk_zones_says(
    day: DayTiles, small_city: City, level: Level, zoom: int
) -> None:
    found = zones_of(day, zoom, level)
    zones = small_city.zones(LAST, level)
    expected = {
        code: {"code": code, "name": name, "risk": risk}
        for code, name, risk in zip(zones["code"], zones["name"], zones["risk"], strict=True)
    }
    assert found.keys() == expected.keys()
    for code, pieces in found.items():
        assert all(zone.properties == expected[code] for _, zone in pieces)


@pytest.mark.parametrize(
    ("zoom", "layers"),
    [
        (8, {"kecamatan", "kelurahan"}),
        (10, {"kecamatan", "kelurahan", "rt"}),
        (12, {"kecamatan", "kelurahan", "rt", "rw"}),
        (18, {"kecamatan", "kelurahan", "rt", "rw"}),
    ],
)
def test_each_zoom_has_its_layers(day: DayTiles, zoom: int, layers: set[str]) -> None:
    assert set().union(*tiles_of(day, zoom).values()) == layers


@pytest.mark.parametrize("level", ["rt", "kelurahan"])
def test_at_zoom_14_every_areas_size_is_within_a_hundredth(
    day: DayTiles, small_city: City, level: Level
) -> None:
    exact = small_city.boundaries(level).set_index("code").geometry
    for code, pieces in zones_of(day, 14, level).items():
        drawn = sum(shapely.intersection(zone.shape, INSIDE).area for _, zone in pieces)
        (whole,) = in_units(np.array([exact[code]], dtype=object), Tile(14, 0, 0))
        # Stricter here: a city of thirty times as many RT has some that are harder.
        assert drawn == pytest.approx(whole.area, rel=0.007), code


@pytest.mark.parametrize("zoom", [10, 12, 14, 16])
def test_neighbours_share_their_lines(day: DayTiles, zoom: int) -> None:
    overlaps = apart = lines = 0.0
    for layers in tiles_of(day, zoom).values():
        shapes = np.array([zone.shape for zone in layers["rt"]], dtype=object)
        assert shapely.is_valid(shapes).all()
        overlaps += shapely.area(shapes).sum() - shapely.union_all(shapes).area
        apart += shapely.length(shapely.coverage_invalid_edges(shapes)).sum()
        lines += shapely.length(shapes).sum()
    # Corners come to lie on whole units: two lines a unit apart may cross.
    assert overlaps < EXTENT
    assert apart < lines / 1000


@pytest.mark.parametrize("zoom", [12, 15])
def test_the_lines_of_a_kelurahan_are_lines_of_its_rt(day: DayTiles, zoom: int) -> None:
    for layers in tiles_of(day, zoom).values():
        for kelurahan in layers["kelurahan"]:
            code = kelurahan.properties["code"]
            own = [z.shape for z in layers["rt"] if z.properties["code"].startswith(code)]
            assert shapely.union_all(own).symmetric_difference(kelurahan.shape).area < EXTENT


@pytest.mark.parametrize("zoom", range(MIN_ZOOM, MAX_ZOOM + 1))
def test_rings_turn_as_the_standard_says_and_stay_within_the_margin(
    day: DayTiles, zoom: int
) -> None:
    for layers in tiles_of(day, zoom).values():
        for zone in (zone for zones in layers.values() for zone in zones):
            assert shapely.is_valid(zone.shape)
            assert zone.id > 0
            assert min(zone.shape.bounds) >= -64
            assert max(zone.shape.bounds) <= EXTENT + 64


def test_a_tile_away_from_the_city_is_none(day: DayTiles) -> None:
    assert day.vector(Tile(14, 0, 0)) is None
    assert day.vector(Tile(3, 0, 0)) is None


def test_each_day_has_its_colours_and_nothing_else_changes(
    small_city: City, small_pyramid: Pyramid
) -> None:
    seen = set()
    for day_of in (FIRST, FIRST + timedelta(9), LAST):
        day = DayTiles(small_pyramid, small_city.risks(day_of))
        zones = small_city.zones(day_of)
        tiles = tiles_of(day, 13)
        drawn = {
            zone.properties["code"]: zone.properties["risk"]
            for layers in tiles.values()
            for zone in layers["rt"]
        }
        assert drawn == dict(zip(zones["code"], zones["risk"], strict=True))
        seen.add(tuple(zone.shape.wkb for layers in tiles.values() for zone in layers["rt"]))
    assert len(seen) == 1


def test_an_rt_of_which_nothing_is_known_is_not_green(
    small_city: City, small_pyramid: Pyramid
) -> None:
    risks = small_city.risks(LAST).copy()
    risks[:5] = NO_DATA
    found = zones_of(DayTiles(small_pyramid, risks), 12, "rt")
    unknown = small_pyramid.ground.boundaries.leaves["code"][:5]
    assert {code for code, pieces in found.items() if pieces[0][1].properties["risk"] == -1} == set(
        unknown
    )


def test_gdal_reads_the_same(day: DayTiles, small_city: City, tmp_path: Path) -> None:
    zones = small_city.zones(LAST).set_index("code")
    frames = []
    for tile in tiles_of(day, 14):
        path = tmp_path / "14" / str(tile.x) / f"{tile.y}.pbf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(day.vector(tile) or b"")
        read = pyogrio.read_dataframe(f"MVT:{path}", layer="rt", use_arrow=False)
        frames.append(read.set_crs("EPSG:3857", allow_override=True))
    read = pd.concat(frames).drop_duplicates("code").set_index("code")
    assert read["risk"].astype(int).to_dict() == zones["risk"].to_dict()
    assert read["name"].to_dict() == zones["name"].to_dict()


def test_the_real_rt_of_surakarta_are_all_there_and_valid(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    columns = Columns(
        kelurahan_code="desaID",
        kelurahan_name="Nama_desa",
        kecamatan_code="kecID",
        kecamatan_name="Nama_kecam",
        rt_label="sls_non",
    )
    boundaries = prepare(read_polygons(shared_data("surakarta/rt.geojson")), columns).boundaries
    risks = np.where(boundaries.leaves["kind"] == "rt", 1, NO_RISK).astype(np.uint8)
    day = DayTiles(open_pyramid(Ground(boundaries), tmp_path), risks)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for layers in tiles_of(day, 16).values():
        for name, zones in layers.items():
            assert all(zone.shape.is_valid for zone in zones)
            codes[name] |= {zone.properties["code"] for zone in zones}
    expected = boundaries.areas.groupby("kind")["code"].agg(set).drop("kota")
    assert dict(codes) == expected.to_dict()


@pytest.mark.parametrize(
    ("lon", "lat"), [(110.4, 7.0), (11.04, -7.0), (110.4, -89.9), (179.9995, -7.0)]
)
def test_an_rt_that_lies_far_off_by_mistake_costs_its_own_tiles_only(
    tmp_path: Path, lon: float, lat: float
) -> None:
    side = squares.SIDE
    leaves = squares.leaves()
    leaves[0]["geometry"] = shapely.box(lon, lat, lon + side, lat + side)
    boundaries = assemble(gpd.GeoDataFrame(leaves, crs="EPSG:4326"))
    steps: dict[str, int] = {}
    pyramid = open_pyramid(Ground(boundaries), tmp_path, lambda what, _, n: steps.update({what: n}))
    assert steps["picture tiles"] < 40
    tiles = list(pyramid.vectors)
    assert len(tiles) < 100
    assert all(tile.exists for tile in tiles)
