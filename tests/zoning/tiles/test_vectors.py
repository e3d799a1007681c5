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
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Columns, assemble, prepare, read_polygons
from tests.cities import small_city as squares
from tests.conftest import FIRST, LAST
from tests.zoning.tiles.tiles_decoded import (
    EXTENT,
    INSIDE,
    Zone,
    as_lines,
    decoded,
    in_units,
    segments,
    unshared,
    without,
)
from zoning import City
from zoning.drawing.palette import NO_DATA
from zoning.placing.indexed_boundaries import Ground
from zoning.risk import NO_RISK
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, tiles_over
from zoning.tiles.pyramid import Pyramid, open_pyramid

OUTLINE = 8
"""Units the city's outline may move when it is made simpler."""
LEVELS: tuple[Level, ...] = ("kecamatan", "kelurahan", "rw", "rt")


@pytest.fixture(scope="module")
def day(small_city: City, small_pyramid: Pyramid) -> DayTiles:
    return DayTiles(small_pyramid, small_city.public().risks(LAST))


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


def check_lines_are_shared(day: DayTiles, zoom: int) -> None:
    """Every line of an RT within the city is its neighbour's, corner for corner."""
    (city,) = day.pyramid.ground.boundaries.level("kota").geometry
    total = slivers = 0
    for tile, layers in tiles_of(day, zoom).items():
        leaves = [*layers.get("rt", []), *layers.get("other", [])]
        assert shapely.is_valid([zone.shape for zone in leaves]).all()
        (whole,) = in_units(np.array([city], dtype=object), tile)
        lines = as_lines(unshared(leaves))
        inside = lines[shapely.distance(shapely.centroid(lines), whole.boundary) > OUTLINE]
        check_slivers(inside)
        total += len(segments(leaves))
        slivers += len(inside)
    assert total > 1000
    # Two in a thousand: rounding can push a corner over the line opposite, which a shape alone
    # mends for itself.
    assert slivers <= total / 500


def check_slivers(lines: NDArray[np.object_]) -> None:
    """Lines that two sides do not share keep within what rounding both may do."""
    for number, line in enumerate(lines):
        others = shapely.union_all(np.delete(lines, number))
        along = shapely.line_interpolate_point(line, np.linspace(0, 1, 9), normalized=True)
        assert (shapely.distance(along, others) <= 2**0.5).all(), line


@pytest.mark.parametrize("zoom", range(10, 17))
def test_neighbours_share_their_lines(day: DayTiles, zoom: int) -> None:
    check_lines_are_shared(day, zoom)


def test_one_corner_a_unit_off_would_be_seen(day: DayTiles) -> None:
    layers = max(tiles_of(day, 14).values(), key=lambda layers: len(layers["rt"]))
    rt = layers["rt"]
    at = int(np.argmin([shapely.distance(zone.shape, INSIDE.centroid) for zone in rt]))
    corners = shapely.get_coordinates(rt[at].shape)
    off = np.where((corners == corners[1]).all(axis=1, keepdims=True), corners + 1, corners)
    moved = rt[at]._replace(shape=shapely.set_coordinates(rt[at].shape, off))
    before, after = unshared(rt), unshared([*rt[:at], moved, *rt[at + 1 :]])
    assert len(after) - len(before) >= 4
    assert len(without(after, before)) >= 4


@pytest.mark.parametrize("zoom", range(10, 17))
@pytest.mark.parametrize("level", ["rw", "kelurahan", "kecamatan"])
def test_lines_above_the_rt_are_lines_of_rt(day: DayTiles, level: Level, zoom: int) -> None:
    for layers in tiles_of(day, zoom).values():
        leaves = segments([*layers["rt"], *layers.get("other", [])])
        assert len(without(segments(layers.get(level, [])), leaves)) == 0


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
        day = DayTiles(small_pyramid, small_city.public().risks(day_of))
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
    risks = small_city.public().risks(LAST).copy()
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


@pytest.fixture(scope="module")
def surakarta(
    shared_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> DayTiles:
    """Tiles of a real city, every RT yellow."""
    columns = Columns(
        kelurahan_code="desaID",
        kelurahan_name="Nama_desa",
        kecamatan_code="kecID",
        kecamatan_name="Nama_kecam",
        rt_label="sls_non",
    )
    boundaries = prepare(read_polygons(shared_data("surakarta/rt.geojson")), columns).boundaries
    risks = np.where(boundaries.leaves["kind"] == "rt", 1, NO_RISK).astype(np.uint8)
    return DayTiles(open_pyramid(Ground(boundaries), tmp_path_factory.mktemp("surakarta")), risks)


def test_the_real_rt_of_surakarta_are_all_there_and_valid(surakarta: DayTiles) -> None:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for layers in tiles_of(surakarta, 16).values():
        for name, zones in layers.items():
            assert all(zone.shape.is_valid for zone in zones)
            codes[name] |= {zone.properties["code"] for zone in zones}
    areas = surakarta.pyramid.ground.boundaries.areas
    expected = areas.groupby("kind")["code"].agg(set).drop("kota")
    assert dict(codes) == expected.to_dict()


@pytest.mark.parametrize("zoom", range(10, 17))
def test_the_real_rt_of_surakarta_share_their_lines(surakarta: DayTiles, zoom: int) -> None:
    check_lines_are_shared(surakarta, zoom)


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
    pyramid = open_pyramid(
        Ground(boundaries), tmp_path, lambda what, _, n: steps.update({what.en: n})
    )
    assert steps["picture tiles"] < 40
    tiles = list(pyramid.vectors)
    assert len(tiles) < 100
    assert all(tile.exists for tile in tiles)
