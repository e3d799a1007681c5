"""RT from `divide` tile their kelurahan exactly, nest, and are the same in every run."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from geodata.areas import RtNumber, rt_code, rt_name
from geodata.boundaries import repair
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual
from geodata.tessellate import divide
from tests.geodata.boundaries.kelurahan_shapes import (
    frame_of,
    kelurahan,
    shapes_of,
    square,
    without_crs,
)

CANONICAL = [
    "code",
    "kind",
    "name",
    "rw",
    "rt",
    "kelurahan_code",
    "kelurahan_name",
    "kecamatan_code",
    "kecamatan_name",
]


def digest_of(frame: gpd.GeoDataFrame) -> str:
    text = frame.drop(columns="geometry").to_csv().encode()
    return hashlib.sha256(text + b"".join(frame.geometry.to_wkb())).hexdigest()


def unshared_edges(frame: gpd.GeoDataFrame) -> set[tuple[tuple[float, float], ...]]:
    """Segments of only one RT, without a neighbour; counted in plain Python as an oracle."""
    edges: Counter[tuple[tuple[float, float], ...]] = Counter()
    for shape in frame.geometry:
        for part in getattr(shape, "geoms", [shape]):
            for ring in (part.exterior, *part.interiors):
                corners = list(ring.coords)
                for a, b in pairwise(corners):
                    edges[tuple(sorted((a, b)))] += 1
    assert max(edges.values()) <= 2
    return {edge for edge, count in edges.items() if count == 1}


def assert_tiles(rt: gpd.GeoDataFrame, kelurahan_frame: gpd.GeoDataFrame) -> None:
    """RT are a coverage, and the union of the RT of a kelurahan is the kelurahan."""
    shapes = shapes_of(rt)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    for code, shape in zip(kelurahan_frame["code"], kelurahan_frame.geometry, strict=True):
        union = shapely.union_all(shapes[(rt["kelurahan_code"] == code).to_numpy()])
        metres = union.symmetric_difference(shape).area * 111_320.0**2
        assert metres < 1e-3 + 1e-12 * shape.area * 111_320.0**2
    # Every border segment inside the city is shared: unshared segments are the outline of the city.
    outline = shapely.union_all(shapes_of(kelurahan_frame)).boundary
    west, south, east, north = kelurahan_frame.total_bounds
    tolerance = 1e-9 * max(east - west, north - south) + 1e-13
    for edge in unshared_edges(rt):
        middle = shapely.Point(np.mean(edge, axis=0))
        assert middle.distance(outline) <= tolerance


@settings(max_examples=60, deadline=None)
@given(kelurahan(), st.integers(0, 40), st.integers(0, 2**32))
def test_rt_tile_any_kelurahan_exactly(
    kelurahan_frame: gpd.GeoDataFrame, more: int, seed: int
) -> None:
    rt = divide(kelurahan_frame, rt=len(kelurahan_frame) + more, seed=seed)
    assert len(rt) == len(kelurahan_frame) + more
    assert set(rt["kelurahan_code"]) == set(kelurahan_frame["code"])
    assert_tiles(rt, kelurahan_frame)


@settings(max_examples=40, deadline=None)
@given(kelurahan(), st.integers(0, 40))
def test_an_rt_is_one_polygon_unless_it_contains_an_island(
    kelurahan_frame: gpd.GeoDataFrame, more: int
) -> None:
    rt = divide(kelurahan_frame, rt=len(kelurahan_frame) + more)
    islanded = set(kelurahan_frame["code"][kelurahan_frame.geom_type == "MultiPolygon"])
    several = rt[rt.geom_type != "Polygon"]
    assert set(several["kelurahan_code"]) <= islanded
    parts = int(shapely.get_num_geometries(shapes_of(several)).sum())
    assert parts <= len(several) + len(islanded)


@settings(max_examples=25, deadline=None)
@given(kelurahan(), st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_kelurahan_does_not_matter(
    kelurahan_frame: gpd.GeoDataFrame, more: int, random: Random
) -> None:
    order = list(range(len(kelurahan_frame)))
    random.shuffle(order)
    number = len(kelurahan_frame) + more
    assert digest_of(divide(kelurahan_frame, number)) == digest_of(
        divide(kelurahan_frame.iloc[order], number)
    )


def test_another_seed_gives_other_rt() -> None:
    kelurahan_frame = frame_of([square()])
    assert digest_of(divide(kelurahan_frame, 9, seed=1)) != digest_of(
        divide(kelurahan_frame, 9, seed=2)
    )


def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "from tests.geodata.boundaries.kelurahan_shapes import frame_of, square\n"
        "from tests.geodata.boundaries.test_tessellate import digest_of\n"
        "from geodata.tessellate import divide\n"
        "print(digest_of(divide(frame_of([square(), square(1)]), 60, seed=5)))\n"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[3],
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_the_table_has_the_canonical_columns_sorted_by_code() -> None:
    rt = divide(frame_of([square(), square(1)], kota_code="33.74", kota_name="Semarang"), 30)
    assert list(rt.columns) == [*CANONICAL, "kota_code", "kota_name", "geometry"]
    assert rt["code"].is_monotonic_increasing
    assert rt["code"].is_unique
    assert rt.crs == 4326
    first = rt.iloc[0]
    number = RtNumber(int(first["rw"]), int(first["rt"]))
    assert first["code"] == rt_code(first["kelurahan_code"], number)
    assert first["name"] == rt_name(number)


def test_rt_numbers_begin_at_1_in_each_rw_without_gaps() -> None:
    rt = divide(frame_of([square(), square(1)]), 141)
    for _, kelurahan_rt in rt.groupby("kelurahan_code"):
        assert sorted(set(kelurahan_rt["rw"])) == list(range(1, kelurahan_rt["rw"].max() + 1))
        for _, rw_rt in kelurahan_rt.groupby("rw"):
            assert sorted(rw_rt["rt"]) == list(range(1, len(rw_rt) + 1))


def test_an_rw_has_about_seven_connected_rt() -> None:
    rt = divide(frame_of([square(), square(1)]), 280)
    rw = rt.dissolve(["kelurahan_code", "rw"])
    assert 36 <= len(rw) <= 44
    assert set(rw.geom_type) == {"Polygon"}


def test_rt_are_apportioned_by_population_or_else_by_area() -> None:
    shapes = [square(), square(1), square(2)]
    by_people = divide(frame_of(shapes, population=[100, 300, 600]), 50)
    assert list(by_people.groupby("kelurahan_code").size()) == [5, 15, 30]
    assert list(by_people.groupby("kelurahan_code")["population"].sum()) == [100, 300, 600]
    wide = Polygon([(110.3, -7.0), (110.33, -7.0), (110.33, -6.99), (110.3, -6.99)])
    by_ground = divide(frame_of([wide, square(3)]), 40)
    assert list(by_ground.groupby("kelurahan_code").size()) == [30, 10]


def test_a_kelurahan_without_population_is_one_rt() -> None:
    rt = divide(frame_of([square(), square(1)], population=[0, 1000]), 20)
    assert list(rt.groupby("kelurahan_code").size()) == [1, 19]


def test_a_large_island_gets_its_own_rt_and_a_small_island_joins_the_nearest() -> None:
    island, skerry = square(3, 0, 0.008), square(-40, 0, 0.0003)
    rt = divide(frame_of([MultiPolygon([square(), island, skerry])]), 12)
    on_island = rt[rt.geometry.intersects(island.buffer(-1e-5))]
    assert len(on_island) >= 3
    assert set(on_island.geom_type) == {"Polygon"}
    host = rt[rt.geometry.intersects(skerry)]
    assert list(host.geom_type) == ["MultiPolygon"]
    assert host.geometry.iloc[0].distance(skerry) == 0


def test_lines_are_rough_like_drawn_borders() -> None:
    rt = divide(frame_of([square(0, 0, 0.02)]), 100)
    inner = rt[~rt.geometry.intersects(rt.union_all().boundary)]
    vertices = shapely.get_num_coordinates(shapes_of(inner))
    assert np.percentile(vertices, 2) >= 40
    assert np.percentile(vertices, 98) <= 130
    assert 70 <= np.median(vertices) <= 100
    # A rough border is longer than its convex hull, but not much longer.
    geometries = shapes_of(inner)
    length_ratio = shapely.length(geometries) / shapely.length(shapely.convex_hull(geometries))
    assert 1.0 < np.median(length_ratio) < 1.3


def test_a_gap_between_kelurahan_stays_a_gap() -> None:
    kelurahan_frame = frame_of([square(), square(1.001)])
    rt = divide(kelurahan_frame, 20)
    assert_tiles(rt, kelurahan_frame)
    assert rt.union_all().area == pytest.approx(
        sum(shape.area for shape in kelurahan_frame.geometry), rel=1e-9
    )


def test_a_node_of_one_neighbour_is_added_to_the_other() -> None:
    left = Polygon([(110.3, -7.0), (110.31, -7.001), (110.314, -6.99), (110.3, -6.99)])
    # On the common border except for the last bit, like most nodes on a straight line.
    node = (110.31 + 0.004 / 3, -7.001 + 0.011 / 3)
    right = Polygon([(110.31, -7.001), (110.32, -7.0), (110.32, -6.99), (110.314, -6.99), node])
    kelurahan_frame = frame_of([left, right])
    for seed in range(20):
        rt = divide(kelurahan_frame, 30, seed=seed)
        assert_tiles(rt, kelurahan_frame)
        for _, rows in rt.groupby("kelurahan_code"):
            corners = shapely.get_coordinates(np.array(list(rows["geometry"]), dtype=object))
            assert node in set(map(tuple, corners.tolist()))


def test_progress_is_reported_for_each_step() -> None:
    reports: list[tuple[Bilingual, int, int]] = []
    divide(frame_of([square(), square(1)]), 10, progress=lambda *report: reports.append(report))
    for name in ("Drawing lines", "Cutting RT"):
        steps = [(count, total) for step_name, count, total in reports if step_name.en == name]
        assert steps == [(1, 2), (2, 2)]


BAD: list[tuple[str, Callable[[], object]]] = [
    ("rt-number", lambda: divide(frame_of([square(), square(1)]), 1)),
    ("rt-number", lambda: divide(frame_of([square()]))),
    ("missing-column", lambda: divide(frame_of([square()]).drop(columns="name"), 3)),
    ("no-crs", lambda: divide(without_crs(frame_of([square()])), 3)),
    ("empty", lambda: divide(frame_of([square()]).iloc[:0], 3)),
    ("duplicate-code", lambda: divide(frame_of([square(), square(1)], code="a"), 3)),
    ("missing-code", lambda: divide(frame_of([square(), square(1)], code=["a", None]), 3)),
    ("not-polygons", lambda: divide(frame_of([square().boundary]), 3)),
    ("not-polygons", lambda: divide(frame_of([Polygon()]), 3)),
    ("overlapping-kelurahan", lambda: divide(frame_of([square(), square(0.9)]), 3)),
    ("bad-population", lambda: divide(frame_of([square()], population=-1), 3)),
    ("bad-population", lambda: divide(frame_of([square()], population="many"), 3)),
    (
        "invalid-polygons",
        lambda: divide(
            frame_of([Polygon([(110, -7), (110.1, -7.1), (110.1, -7), (110, -7.1)])]), 3
        ),
    ),
]


@pytest.mark.parametrize(("code", "run"), BAD)
def test_input_that_cannot_be_divided_raises_an_error_with_a_reason(
    code: str, run: Callable[[], object]
) -> None:
    with pytest.raises(InputError) as raised:
        run()
    assert raised.value.code == code
    assert len(raised.value.message) > 40


def test_kelurahan_of_semarang_are_divided_into_10628_rt_that_form_a_coverage(
    shared_data: Callable[[str], Path],
) -> None:
    kelurahan_frame = semarang(shared_data("semarang/kelurahan.geojson"))
    rt = divide(kelurahan_frame, 10_628, seed=1)
    assert len(rt) == 10_628
    shapes = shapes_of(rt)
    assert shapely.coverage_is_valid(shapes)
    assert set(rt.geom_type) == {"Polygon"}
    for level in (["kelurahan_code"], ["kelurahan_code", "rw"]):
        parents = shapes_of(rt.dissolve(level, method="coverage"))
        assert shapely.is_valid(parents).all()
        assert shapely.coverage_is_valid(parents)
    unions = shapes_of(rt.dissolve("kelurahan_code", method="coverage"))
    difference = shapely.symmetric_difference(
        unions, shapes_of(kelurahan_frame.sort_values("code"))
    )
    assert shapely.area(difference).max() * 111_320.0**2 < 1e-3
    # Numbers are proportional to the area, within one.
    metres = kelurahan_frame.to_crs(32749).set_index("code").area
    share = 10_628 * metres / metres.sum()
    assert (rt.groupby("kelurahan_code").size() - share).abs().max() < 1.01


def test_overlapping_kelurahan_raise_an_error_and_divide_after_the_repair(
    shared_data: Callable[[str], Path],
) -> None:
    untidy = gpd.read_file(shared_data("semarang/kelurahan_untidy.geojson"))
    untidy = untidy.rename(columns={"kode": "code", "nama": "name"})
    untidy[["kecamatan_code", "kecamatan_name"]] = "33.74"
    with pytest.raises(BoundaryError, match="boundaries mend"):
        divide(untidy, 1000)
    mended, _ = repair(untidy[["code", "geometry"]])
    tidy = untidy.loc[mended.index].set_geometry(mended.geometry)
    rt = divide(tidy, 1000)
    assert len(rt) == 1000
    assert shapely.coverage_is_valid(shapes_of(rt))


def semarang(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(path).rename(
        columns={
            "village_code": "code",
            "village": "name",
            "district_code": "kecamatan_code",
            "district": "kecamatan_name",
        }
    )
