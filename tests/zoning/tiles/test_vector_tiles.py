"""Decoded vector tiles: every area in place, with its colour, and with shared borders."""

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
from geodata.boundaries import Columns, assemble, prepare_boundaries, read_polygons
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
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.risk import NO_RISK
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, tiles_over
from zoning.tiles.pyramid import Pyramid, open_pyramid

OUTLINE = 8
"""Units by which the simplified outline of the city may move."""
LEVELS: tuple[Level, ...] = ("kecamatan", "kelurahan", "rw", "rt")


@pytest.fixture(scope="module")
def day(small_city: City, small_pyramid: Pyramid) -> DayTiles:
    return DayTiles(small_pyramid, small_city.public().risks(LAST))


def decoded_tiles(day: DayTiles, zoom: int) -> dict[Tile, dict[str, list[Zone]]]:
    bounds = day.pyramid.ground.boundaries.areas.total_bounds
    tiles = {tile: day.vector(tile) for tile in tiles_over(bounds, zoom)}
    return {tile: decoded(bytes_) for tile, bytes_ in tiles.items() if bytes_ is not None}


def zones_by_code(day: DayTiles, zoom: int, layer: str) -> dict[str, list[tuple[Tile, Zone]]]:
    zones = defaultdict(list)
    for tile, layers in decoded_tiles(day, zoom).items():
        for zone in layers.get(layer, []):
            zones[zone.properties["code"]].append((tile, zone))
    return zones


@pytest.mark.parametrize("zoom", [12, 14, 16, 18])
@pytest.mark.parametrize("level", LEVELS)
def test_every_area_has_its_name_and_the_risk_of_city_zones(
    day: DayTiles, small_city: City, level: Level, zoom: int
) -> None:
    drawn = zones_by_code(day, zoom, level)
    zones = small_city.zones(LAST, level)
    expected = {
        code: {"code": code, "name": name, "risk": risk}
        for code, name, risk in zip(zones["code"], zones["name"], zones["risk"], strict=True)
    }
    assert drawn.keys() == expected.keys()
    for code, pieces in drawn.items():
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
    assert set().union(*decoded_tiles(day, zoom).values()) == layers


@pytest.mark.parametrize("level", ["rt", "kelurahan"])
def test_at_zoom_14_every_area_keeps_its_size_within_one_percent(
    day: DayTiles, small_city: City, level: Level
) -> None:
    exact = small_city.boundaries(level).set_index("code").geometry
    for code, pieces in zones_by_code(day, 14, level).items():
        drawn_area = sum(shapely.intersection(zone.shape, INSIDE).area for _, zone in pieces)
        (exact_shape,) = in_units(np.array([exact[code]], dtype=object), Tile(14, 0, 0))
        # Stricter than one percent: a city of thirty times as many RT has harder shapes.
        assert drawn_area == pytest.approx(exact_shape.area, rel=0.007), code


def check_borders_are_shared(day: DayTiles, zoom: int) -> None:
    """Every border of an RT inside the city has the same corners as its neighbour's."""
    (city,) = day.pyramid.ground.boundaries.level("kota").geometry
    total = slivers = 0
    for tile, layers in decoded_tiles(day, zoom).items():
        zones = [*layers.get("rt", []), *layers.get("other", [])]
        assert shapely.is_valid([zone.shape for zone in zones]).all()
        (outline,) = in_units(np.array([city], dtype=object), tile)
        lines = as_lines(unshared(zones))
        inside = lines[shapely.distance(shapely.centroid(lines), outline.boundary) > OUTLINE]
        check_slivers(inside)
        total += len(segments(zones))
        slivers += len(inside)
    assert total > 1000
    # At most two in a thousand: rounding can push a corner over the opposite border, and each
    # shape is repaired alone.
    assert slivers <= total / 500


def check_slivers(lines: NDArray[np.object_]) -> None:
    """Borders that two sides do not share differ only by the rounding of both."""
    for number, line in enumerate(lines):
        others = shapely.union_all(np.delete(lines, number))
        points_on_line = shapely.line_interpolate_point(line, np.linspace(0, 1, 9), normalized=True)
        assert (shapely.distance(points_on_line, others) <= 2**0.5).all(), line


@pytest.mark.parametrize("zoom", range(10, 17))
def test_neighbours_share_their_borders(day: DayTiles, zoom: int) -> None:
    check_borders_are_shared(day, zoom)


def test_the_check_of_borders_sees_one_corner_moved_by_one_unit(day: DayTiles) -> None:
    layers = max(decoded_tiles(day, 14).values(), key=lambda layers: len(layers["rt"]))
    rt = layers["rt"]
    k = int(np.argmin([shapely.distance(zone.shape, INSIDE.centroid) for zone in rt]))
    corners = shapely.get_coordinates(rt[k].shape)
    moved_corners = np.where(
        (corners == corners[1]).all(axis=1, keepdims=True), corners + 1, corners
    )
    moved = rt[k]._replace(shape=shapely.set_coordinates(rt[k].shape, moved_corners))
    before, after = unshared(rt), unshared([*rt[:k], moved, *rt[k + 1 :]])
    assert len(after) - len(before) >= 4
    assert len(without(after, before)) >= 4


@pytest.mark.parametrize("zoom", range(10, 17))
@pytest.mark.parametrize("level", ["rw", "kelurahan", "kecamatan"])
def test_borders_above_the_rt_are_borders_of_rt(day: DayTiles, level: Level, zoom: int) -> None:
    for layers in decoded_tiles(day, zoom).values():
        zone_segments = segments([*layers["rt"], *layers.get("other", [])])
        assert len(without(segments(layers.get(level, [])), zone_segments)) == 0


@pytest.mark.parametrize("zoom", range(MIN_ZOOM, MAX_ZOOM + 1))
def test_rings_have_the_standard_orientation_and_stay_within_the_buffer(
    day: DayTiles, zoom: int
) -> None:
    for layers in decoded_tiles(day, zoom).values():
        for zone in (zone for zones in layers.values() for zone in zones):
            assert shapely.is_valid(zone.shape)
            assert zone.id > 0
            assert min(zone.shape.bounds) >= -64
            assert max(zone.shape.bounds) <= EXTENT + 64


def test_a_tile_away_from_the_city_is_none(day: DayTiles) -> None:
    assert day.vector(Tile(14, 0, 0)) is None
    assert day.vector(Tile(3, 0, 0)) is None


def test_days_differ_only_in_colours(small_city: City, small_pyramid: Pyramid) -> None:
    shapes = set()
    for date in (FIRST, FIRST + timedelta(9), LAST):
        day = DayTiles(small_pyramid, small_city.public().risks(date))
        zones = small_city.zones(date)
        tiles = decoded_tiles(day, 13)
        drawn_risks = {
            zone.properties["code"]: zone.properties["risk"]
            for layers in tiles.values()
            for zone in layers["rt"]
        }
        assert drawn_risks == dict(zip(zones["code"], zones["risk"], strict=True))
        shapes.add(tuple(zone.shape.wkb for layers in tiles.values() for zone in layers["rt"]))
    assert len(shapes) == 1


def test_an_rt_without_data_is_not_green(small_city: City, small_pyramid: Pyramid) -> None:
    risks = small_city.public().risks(LAST).copy()
    risks[:5] = NO_DATA
    drawn = zones_by_code(DayTiles(small_pyramid, risks), 12, "rt")
    unknown = small_pyramid.ground.boundaries.smallest_zones["code"][:5]
    assert {code for code, pieces in drawn.items() if pieces[0][1].properties["risk"] == -1} == set(
        unknown
    )


def test_gdal_reads_the_same_values(day: DayTiles, small_city: City, tmp_path: Path) -> None:
    zones = small_city.zones(LAST).set_index("code")
    frames = []
    for tile in decoded_tiles(day, 14):
        path = tmp_path / "14" / str(tile.x) / f"{tile.y}.pbf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(day.vector(tile) or b"")
        frame = pyogrio.read_dataframe(f"MVT:{path}", layer="rt", use_arrow=False)
        frames.append(frame.set_crs("EPSG:3857", allow_override=True))
    frame = pd.concat(frames).drop_duplicates("code").set_index("code")
    assert frame["risk"].astype(int).to_dict() == zones["risk"].to_dict()
    assert frame["name"].to_dict() == zones["name"].to_dict()


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
    boundaries = prepare_boundaries(
        read_polygons(shared_data("surakarta/rt.geojson")), columns
    ).boundaries
    risks = np.where(boundaries.smallest_zones["kind"] == "rt", 1, NO_RISK).astype(np.uint8)
    return DayTiles(
        open_pyramid(IndexedBoundaries(boundaries), tmp_path_factory.mktemp("surakarta")), risks
    )


def test_all_real_rt_of_surakarta_are_in_the_tiles_and_valid(surakarta: DayTiles) -> None:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for layers in decoded_tiles(surakarta, 16).values():
        for name, zones in layers.items():
            assert all(zone.shape.is_valid for zone in zones)
            codes[name] |= {zone.properties["code"] for zone in zones}
    areas = surakarta.pyramid.ground.boundaries.areas
    expected = areas.groupby("kind")["code"].agg(set).drop("kota")
    assert dict(codes) == expected.to_dict()


@pytest.mark.parametrize("zoom", range(10, 17))
def test_the_real_rt_of_surakarta_share_their_borders(surakarta: DayTiles, zoom: int) -> None:
    check_borders_are_shared(surakarta, zoom)


@pytest.mark.parametrize(
    ("lon", "lat"), [(110.4, 7.0), (11.04, -7.0), (110.4, -89.9), (179.9995, -7.0)]
)
def test_an_rt_far_away_by_mistake_adds_only_its_own_tiles(
    tmp_path: Path, lon: float, lat: float
) -> None:
    side = squares.SIDE
    rows = squares.square_rows()
    rows[0]["geometry"] = shapely.box(lon, lat, lon + side, lat + side)
    boundaries = assemble(gpd.GeoDataFrame(rows, crs="EPSG:4326"))
    steps: dict[str, int] = {}
    pyramid = open_pyramid(
        IndexedBoundaries(boundaries),
        tmp_path,
        lambda task, _, total: steps.update({task.en: total}),
    )
    assert steps["picture tiles"] < 40
    tiles = list(pyramid.vectors)
    assert len(tiles) < 100
    assert all(tile.exists for tile in tiles)
