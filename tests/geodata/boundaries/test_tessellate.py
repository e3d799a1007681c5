"""RT made from kelurahan tile them exactly, nest, and come out the same every time."""

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


def bytes_of(frame: gpd.GeoDataFrame) -> str:
    text = frame.drop(columns="geometry").to_csv().encode()
    return hashlib.sha256(text + b"".join(frame.geometry.to_wkb())).hexdigest()


def loose_edges(frame: gpd.GeoDataFrame) -> set[tuple[tuple[float, float], ...]]:
    """Segments that only one RT has: nobody's neighbour. Counted in plain Python."""
    edges: Counter[tuple[tuple[float, float], ...]] = Counter()
    for shape in frame.geometry:
        for part in getattr(shape, "geoms", [shape]):
            for ring in (part.exterior, *part.interiors):
                corners = list(ring.coords)
                for a, b in pairwise(corners):
                    edges[tuple(sorted((a, b)))] += 1
    assert max(edges.values()) <= 2
    return {edge for edge, count in edges.items() if count == 1}


def assert_tiles(made: gpd.GeoDataFrame, ground: gpd.GeoDataFrame) -> None:
    """RT are a coverage, and those of a kelurahan are the kelurahan."""
    shapes = shapes_of(made)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    for code, shape in zip(ground["code"], ground.geometry, strict=True):
        own = shapely.union_all(shapes[(made["kelurahan_code"] == code).to_numpy()])
        metres = own.symmetric_difference(shape).area * 111_320.0**2
        assert metres < 1e-3 + 1e-12 * shape.area * 111_320.0**2
    # Every border segment inside the city is shared: what is loose is the city's own outline.
    outline = shapely.union_all(shapes_of(ground)).boundary
    west, south, east, north = ground.total_bounds
    reach = 1e-9 * max(east - west, north - south) + 1e-13
    for edge in loose_edges(made):
        middle = shapely.Point(np.mean(edge, axis=0))
        assert middle.distance(outline) <= reach


@settings(max_examples=60, deadline=None)
@given(kelurahan(), st.integers(0, 40), st.integers(0, 2**32))
def test_rt_tile_any_kelurahan_exactly(ground: gpd.GeoDataFrame, more: int, seed: int) -> None:
    made = divide(ground, rt=len(ground) + more, seed=seed)
    assert len(made) == len(ground) + more
    assert set(made["kelurahan_code"]) == set(ground["code"])
    assert_tiles(made, ground)


@settings(max_examples=40, deadline=None)
@given(kelurahan(), st.integers(0, 40))
def test_an_rt_is_one_polygon_unless_it_holds_an_island(
    ground: gpd.GeoDataFrame, more: int
) -> None:
    made = divide(ground, rt=len(ground) + more)
    islanded = set(ground["code"][ground.geom_type == "MultiPolygon"])
    several = made[made.geom_type != "Polygon"]
    assert set(several["kelurahan_code"]) <= islanded
    parts = int(shapely.get_num_geometries(shapes_of(several)).sum())
    assert parts <= len(several) + len(islanded)


@settings(max_examples=25, deadline=None)
@given(kelurahan(), st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_kelurahan_does_not_matter(
    ground: gpd.GeoDataFrame, more: int, random: Random
) -> None:
    order = list(range(len(ground)))
    random.shuffle(order)
    number = len(ground) + more
    assert bytes_of(divide(ground, number)) == bytes_of(divide(ground.iloc[order], number))


def test_another_seed_makes_other_rt() -> None:
    ground = frame_of([square()])
    assert bytes_of(divide(ground, 9, seed=1)) != bytes_of(divide(ground, 9, seed=2))


def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "from tests.geodata.boundaries.kelurahan_shapes import frame_of, square\n"
        "from tests.geodata.boundaries.test_tessellate import bytes_of\n"
        "from geodata.tessellate import divide\n"
        "print(bytes_of(divide(frame_of([square(), square(1)]), 60, seed=5)))\n"
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
    made = divide(frame_of([square(), square(1)], kota_code="33.74", kota_name="Semarang"), 30)
    assert list(made.columns) == [*CANONICAL, "kota_code", "kota_name", "geometry"]
    assert made["code"].is_monotonic_increasing
    assert made["code"].is_unique
    assert made.crs == 4326
    first = made.iloc[0]
    number = RtNumber(int(first["rw"]), int(first["rt"]))
    assert first["code"] == rt_code(first["kelurahan_code"], number)
    assert first["name"] == rt_name(number)


def test_rt_numbers_restart_in_each_rw_and_leave_none_out() -> None:
    made = divide(frame_of([square(), square(1)]), 141)
    for _, kelurahan_rt in made.groupby("kelurahan_code"):
        assert sorted(set(kelurahan_rt["rw"])) == list(range(1, kelurahan_rt["rw"].max() + 1))
        for _, rw_rt in kelurahan_rt.groupby("rw"):
            assert sorted(rw_rt["rt"]) == list(range(1, len(rw_rt) + 1))


def test_there_is_about_one_rw_for_seven_rt_and_its_rt_hang_together() -> None:
    made = divide(frame_of([square(), square(1)]), 280)
    rw = made.dissolve(["kelurahan_code", "rw"])
    assert 36 <= len(rw) <= 44
    assert set(rw.geom_type) == {"Polygon"}


def test_rt_are_shared_out_by_people_where_given_and_else_by_ground() -> None:
    shapes = [square(), square(1), square(2)]
    by_people = divide(frame_of(shapes, population=[100, 300, 600]), 50)
    assert list(by_people.groupby("kelurahan_code").size()) == [5, 15, 30]
    assert list(by_people.groupby("kelurahan_code")["population"].sum()) == [100, 300, 600]
    wide = Polygon([(110.3, -7.0), (110.33, -7.0), (110.33, -6.99), (110.3, -6.99)])
    by_ground = divide(frame_of([wide, square(3)]), 40)
    assert list(by_ground.groupby("kelurahan_code").size()) == [30, 10]


def test_an_empty_kelurahan_still_is_one_rt() -> None:
    made = divide(frame_of([square(), square(1)], population=[0, 1000]), 20)
    assert list(made.groupby("kelurahan_code").size()) == [1, 19]


def test_an_island_large_enough_gets_its_own_rt_and_a_skerry_joins_the_nearest() -> None:
    island, skerry = square(3, 0, 0.008), square(-40, 0, 0.0003)
    made = divide(frame_of([MultiPolygon([square(), island, skerry])]), 12)
    on_island = made[made.geometry.intersects(island.buffer(-1e-5))]
    assert len(on_island) >= 3
    assert set(on_island.geom_type) == {"Polygon"}
    host = made[made.geometry.intersects(skerry)]
    assert list(host.geom_type) == ["MultiPolygon"]
    assert host.geometry.iloc[0].distance(skerry) == 0


def test_lines_look_drawn_not_ruled() -> None:
    made = divide(frame_of([square(0, 0, 0.02)]), 100)
    inner = made[~made.geometry.intersects(made.union_all().boundary)]
    vertices = shapely.get_num_coordinates(shapes_of(inner))
    assert np.percentile(vertices, 2) >= 40
    assert np.percentile(vertices, 98) <= 130
    assert 70 <= np.median(vertices) <= 100
    # A rough border is longer than a hull's, but no fjord.
    drawn = shapes_of(inner)
    crooked = shapely.length(drawn) / shapely.length(shapely.convex_hull(drawn))
    assert 1.0 < np.median(crooked) < 1.3


def test_a_gap_between_kelurahan_stays_a_gap() -> None:
    ground = frame_of([square(), square(1.001)])
    made = divide(ground, 20)
    assert_tiles(made, ground)
    assert made.union_all().area == pytest.approx(
        sum(shape.area for shape in ground.geometry), rel=1e-9
    )


def test_a_node_that_only_one_neighbour_has_is_put_into_the_other() -> None:
    left = Polygon([(110.3, -7.0), (110.31, -7.001), (110.314, -6.99), (110.3, -6.99)])
    # On the border between them but for the last bit, as a node in a straight line mostly is.
    between = (110.31 + 0.004 / 3, -7.001 + 0.011 / 3)
    right = Polygon([(110.31, -7.001), (110.32, -7.0), (110.32, -6.99), (110.314, -6.99), between])
    ground = frame_of([left, right])
    for seed in range(20):
        made = divide(ground, 30, seed=seed)
        assert_tiles(made, ground)
        for _, own in made.groupby("kelurahan_code"):
            corners = shapely.get_coordinates(np.array(list(own["geometry"]), dtype=object))
            assert between in set(map(tuple, corners.tolist()))


def test_work_is_told_from_nothing_to_all() -> None:
    told: list[tuple[Bilingual, int, int]] = []
    divide(frame_of([square(), square(1)]), 10, progress=lambda *step: told.append(step))
    for what in ("Drawing lines", "Cutting RT"):
        steps = [(done, total) for said, done, total in told if said.en == what]
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


@pytest.mark.parametrize(("code", "attempt"), BAD)
def test_what_cannot_be_divided_is_refused_with_a_reason(
    code: str, attempt: Callable[[], object]
) -> None:
    with pytest.raises(InputError) as refused:
        attempt()
    assert refused.value.code == code
    assert len(refused.value.message) > 40


def test_kelurahan_of_semarang_become_10628_rt_that_fit(
    shared_data: Callable[[str], Path],
) -> None:
    ground = semarang(shared_data("semarang/kelurahan.geojson"))
    made = divide(ground, 10_628, seed=1)
    assert len(made) == 10_628
    shapes = shapes_of(made)
    assert shapely.coverage_is_valid(shapes)
    assert set(made.geom_type) == {"Polygon"}
    for level in (["kelurahan_code"], ["kelurahan_code", "rw"]):
        parents = shapes_of(made.dissolve(level, method="coverage"))
        assert shapely.is_valid(parents).all()
        assert shapely.coverage_is_valid(parents)
    whole = shapes_of(made.dissolve("kelurahan_code", method="coverage"))
    off = shapely.symmetric_difference(whole, shapes_of(ground.sort_values("code")))
    assert shapely.area(off).max() * 111_320.0**2 < 1e-3
    # Numbers follow the ground, within one.
    metres = ground.to_crs(32749).set_index("code").area
    share = 10_628 * metres / metres.sum()
    assert (made.groupby("kelurahan_code").size() - share).abs().max() < 1.01


def test_untidy_kelurahan_are_refused_and_divide_once_mended(
    shared_data: Callable[[str], Path],
) -> None:
    untidy = gpd.read_file(shared_data("semarang/kelurahan_untidy.geojson"))
    untidy = untidy.rename(columns={"kode": "code", "nama": "name"})
    untidy[["kecamatan_code", "kecamatan_name"]] = "33.74"
    with pytest.raises(BoundaryError, match="boundaries mend"):
        divide(untidy, 1000)
    mended, _ = repair(untidy[["code", "geometry"]])
    tidy = untidy.loc[mended.index].set_geometry(mended.geometry)
    made = divide(tidy, 1000)
    assert len(made) == 1000
    assert shapely.coverage_is_valid(shapes_of(made))


def semarang(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(path).rename(
        columns={
            "village_code": "code",
            "village": "name",
            "district_code": "kecamatan_code",
            "district": "kecamatan_name",
        }
    )
