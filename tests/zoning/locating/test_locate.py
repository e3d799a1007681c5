"""`Locator` follows the rules of the design: compared with rational arithmetic."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata import sample_city
from geodata.errors import InputError
from tests.kernels import example_count
from tests.zoning.locating import oracle
from tests.zoning.locating.coverages import Points, coverages, hard_points
from zoning import Locator
from zoning.locating import locator as locate_module

SEEDS = st.integers(0, 2**32 - 1)


def locate_by_oracle(geometries: Sequence[BaseGeometry | None], points: Points) -> list[int]:
    return [oracle.locate(geometries, float(x), float(y)) for x, y in points]


def locate_rows(geometries: Sequence[BaseGeometry | None], points: Points) -> list[int]:
    return [int(row) for row in Locator(geometries).locate(points[:, 0], points[:, 1])]


def transform(
    geometries: Sequence[BaseGeometry | None], change: Callable[[Points], Points]
) -> list[BaseGeometry | None]:
    return [None if g is None else shapely.transform(g, change) for g in geometries]


@given(coverages(), SEEDS)
@settings(max_examples=example_count(150), deadline=None)
def test_every_point_has_the_polygon_that_rational_arithmetic_gives(
    geometries: list[BaseGeometry | None], seed: int
) -> None:
    points = hard_points(geometries, seed, 60)
    assert locate_rows(geometries, points) == locate_by_oracle(geometries, points)


@given(coverages(), SEEDS, st.sampled_from((-1040, -520, -460, -300, -3, 7, 60, 490)))
@settings(max_examples=example_count(60), deadline=None)
def test_scaling_by_a_power_of_two_changes_no_answer(
    geometries: list[BaseGeometry | None], seed: int, exponent: int
) -> None:
    scale = 2.0**exponent
    points = hard_points(geometries, seed, 30)
    # Tiny scales lose bits of a point one ulp off; both sides compare the same rounded point.
    points = points * scale / scale
    assert locate_rows(transform(geometries, lambda c: c * scale), points * scale) == locate_rows(
        geometries, points
    )


@given(coverages(), SEEDS, st.sampled_from((-(2.0**20), 64.0, 2.0**30)))
@settings(max_examples=example_count(40), deadline=None)
def test_moving_by_a_power_of_two_changes_no_answer(
    geometries: list[BaseGeometry | None], seed: int, shift: float
) -> None:
    points = np.round(hard_points(geometries, seed, 30) * 64) / 64
    assert locate_rows(transform(geometries, lambda c: c + shift), points + shift) == locate_rows(
        geometries, points
    )


@given(coverages(), SEEDS)
@settings(max_examples=example_count(40), deadline=None)
def test_swapping_the_axes_swaps_the_boundary_rule_and_changes_no_other_answer(
    geometries: list[BaseGeometry | None], seed: int
) -> None:
    points = hard_points(geometries, seed, 40)
    swapped = transform(geometries, lambda c: c[:, ::-1])
    swapped_rows = locate_rows(swapped, points[:, ::-1])
    # A step east, then north, in swapped axes is a step north, then east, in the original axes.
    assert swapped_rows == locate_by_oracle(swapped, points[:, ::-1])
    off_boundary = [not oracle.on_any_boundary(geometries, float(x), float(y)) for x, y in points]
    assert np.array(swapped_rows)[off_boundary].tolist() == locate_rows(
        geometries, points[off_boundary]
    )


@given(coverages(tidy=True), SEEDS, st.permutations(range(4)))
@settings(max_examples=example_count(60), deadline=None)
def test_the_order_of_polygons_in_a_coverage_changes_no_point_inside_a_polygon(
    geometries: list[BaseGeometry | None], seed: int, order: list[int]
) -> None:
    points = hard_points(geometries, seed, 40)
    is_held = [
        any(
            oracle.holds(part, float(x), float(y))
            for g in geometries
            for part in oracle.polygon_parts(g)
        )
        for x, y in points
    ]
    points = points[np.array(is_held, dtype=bool)]
    reordered = locate_rows([geometries[k] for k in order], points)
    assert [order[row] for row in reordered] == locate_rows(geometries, points)


@pytest.mark.parametrize(
    ("point", "row"),
    [
        ((0.5, 0.5), 0),
        ((1.0, 0.5), 1),  # shared edge: east of it
        ((1.0, 0.0), 1),  # foot of the shared edge: east, then north
        ((1.0, 1.0), 0),  # head of the shared edge: north of both, so the lowest row that touches
        ((0.0, 0.5), 0),  # west border: a step east is inside
        ((2.0, 0.5), 1),  # east border: a step east is outside, so the lowest row that touches
        ((2.0, 1.0), 1),
        ((0.5, 1.0), 0),
        ((np.nextafter(0.0, -1.0), 0.5), -1),
        ((np.nextafter(2.0, 3.0), 0.5), -1),
        ((np.nan, 0.5), -1),
        ((0.5, np.inf), -1),
        ((-np.inf, np.nan), -1),
        ((1e300, 1e300), -1),
        ((-1.7e308, 0.5), -1),
    ],
)
def test_a_point_on_a_shared_edge_belongs_to_the_square_one_step_east(
    point: tuple[float, float], row: int
) -> None:
    squares = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    assert Locator(squares).locate(*point).tolist() == [row]


def test_where_polygons_overlap_the_lowest_row_number_wins() -> None:
    nested = [box(2, 2, 3, 3), box(0, 0, 9, 9), box(1, 1, 4, 4)]
    assert Locator(nested).locate([2.5, 1.5, 3.0], [2.5, 1.5, 3.0]).tolist() == [0, 1, 1]


def test_a_hole_belongs_to_the_polygon_that_fills_it_or_to_no_polygon() -> None:
    ring = box(0, 0, 4, 4).difference(box(1, 1, 3, 3))
    assert Locator([ring]).locate([2, 0.5, 1, 3], [2, 0.5, 2, 2]).tolist() == [-1, 0, 0, 0]
    assert Locator([ring, box(1, 1, 3, 3)]).locate([2, 1, 3], [2, 2, 2]).tolist() == [1, 1, 0]


@given(SEEDS)
@settings(max_examples=example_count(40), deadline=None)
def test_no_hole_is_joined_to_the_ring_around_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    circle = np.column_stack((np.cos(angle), np.sin(angle)))
    holes = [0.1 * np.roll(circle, random.integers(24), 0) + c for c in ((-0.5, 0), (0.4, 0.3))]
    ring = Polygon(circle, holes)
    x, y = random.uniform(-1, 1, (2, 300))
    rows = Locator([ring]).locate(x, y)
    np.testing.assert_array_equal(rows, np.where(shapely.intersects_xy(ring, x, y), 0, -1))


def test_parts_of_one_multipolygon_that_overlap_do_not_cancel() -> None:
    overlapping = MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)])
    assert Locator([overlapping]).locate(1.5, 1.5).tolist() == [0]


@pytest.mark.large
@given(SEEDS, st.sampled_from((1e-12, 1e-3, 1.0, 1e9)))
@settings(max_examples=example_count(25), deadline=None)
def test_irregular_rings_of_thousands_of_vertices_are_exact(seed: int, size: float) -> None:
    random = np.random.default_rng(seed)
    angle = np.sort(random.random(3000)) * 2 * np.pi
    radius = size * (1 + random.random(3000))
    star = Polygon(np.column_stack((110 + radius * np.cos(angle), -7 + radius * np.sin(angle))))
    halves = [star, Polygon(shapely.get_coordinates(star)[:1500])]
    points = hard_points([*halves], seed, 25)
    assert locate_rows(halves, points) == locate_by_oracle(halves, points)


@given(SEEDS)
@settings(max_examples=example_count(50), deadline=None)
def test_slivers_thinner_than_a_cell_are_exact(seed: int) -> None:
    random = np.random.default_rng(seed)
    a, b = random.uniform(100, 120, (2, 2))
    off = np.nextafter(np.nextafter(b, np.inf), np.inf)
    slivers = [Polygon([a, b, off]), Polygon([a, off, (b[0], b[1] + 5.0)])]
    points = hard_points([*slivers], seed, 40)
    assert locate_rows(slivers, points) == locate_by_oracle(slivers, points)


@given(
    st.lists(
        st.tuples(*[st.floats(-1e150, 1e150, allow_subnormal=True) for _ in range(2)]),
        min_size=3,
        max_size=6,
        unique=True,
    ),
    SEEDS,
)
@example([(0.0, 0.0), (5e-324, 0.0), (0.0, 5e-324)], 0)
@example([(0.0, 0.0), (1e-200, 3e-200), (2e-200, 1e-200)], 1)
@example([(-1e150, -1e150), (1e150, -1e150), (1e-160, 1e150)], 2)
@settings(max_examples=example_count(150), deadline=None)
def test_any_ring_of_floats_is_exact_even_when_tangled_or_tiny(
    corners: list[tuple[float, float]], seed: int
) -> None:
    ring: list[BaseGeometry | None] = [Polygon(corners)]
    with np.errstate(all="ignore"):
        points = hard_points(ring, seed, 30)
    assert locate_rows(ring, points) == locate_by_oracle(ring, points)


@pytest.mark.large
@pytest.mark.parametrize(
    "name",
    ["surakarta/rt.geojson", "semarang/kelurahan.geojson", "semarang/kelurahan_untidy.geojson"],
)
def test_real_polygons_agree_with_rational_arithmetic(
    shared_data: Callable[[str], Path], name: str
) -> None:
    geometries = list(gpd.read_file(shared_data(name)).geometry)
    points = hard_points(geometries, 5, 400)
    assert_rows_are_exact(geometries, points)


@pytest.mark.large
def test_the_sample_citys_polygons_agree_with_rational_arithmetic() -> None:
    geometries = list(sample_city.build(3, kecamatan=["33.74.03"]).rt.geometry)
    assert_rows_are_exact(geometries, hard_points(geometries, 8, 600))


def assert_rows_are_exact(geometries: Sequence[BaseGeometry | None], points: Points) -> None:
    """Compare with the oracle; it gets only polygons whose bounding box holds the point."""
    boxes = shapely.bounds(np.array(geometries, dtype=object))
    for (x, y), row in zip(points, locate_rows(geometries, points), strict=True):
        holds_point = (
            (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
        )
        candidates = [g if holds_point[k] else None for k, g in enumerate(geometries)]
        assert row == oracle.locate(candidates, float(x), float(y))


def test_empty_and_missing_geometries_are_accepted_and_hold_no_points() -> None:
    assert Locator([]).locate([0.0, np.nan], [0.0, 0.0]).tolist() == [-1, -1]
    assert Locator([None, Polygon(), MultiPolygon()]).locate(0, 0).tolist() == [-1]
    assert Locator([None, box(0, 0, 1, 1)]).locate(0.5, 0.5).tolist() == [1]
    assert len(Locator([None, box(0, 0, 1, 1)])) == 2
    assert Locator([box(0, 0, 1, 1)]).locate([], []).tolist() == []


@pytest.mark.parametrize(
    "x",
    [
        [0.5, 1.5],
        (0.5, 1.5),
        np.array([0.5, 9.0, 1.5])[::2],
        np.array([0.5, 1.5], dtype=np.float32),
        np.array([0.5, 1.5], dtype=">f8"),
        pd.Series([0.5, 1.5], index=[7, 3]),
        pd.Series([0.5, 1.5], dtype="Float64"),
    ],
)
def test_coordinates_are_accepted_in_any_form(x: Sequence[float]) -> None:
    rows = Locator([box(0, 0, 1, 1), box(1, 0, 2, 1)]).locate(x, [0, 1])
    assert rows.dtype == np.int32
    assert rows.tolist() == [0, 1]


def test_polygons_are_accepted_in_any_form_and_stay_unchanged() -> None:
    squares = np.array([box(0, 0, 1, 1), Polygon()], dtype=object)
    for form in (
        squares,
        gpd.GeoSeries(squares),
        gpd.GeoDataFrame(geometry=squares),
        list(squares),
    ):
        assert Locator(form).locate(0.5, 0.5).tolist() == [0]
    assert squares[1] == Polygon()


def test_float32_coordinates_keep_their_exact_values() -> None:
    tenth = np.float32(0.1)
    assert float(tenth) > 0.1
    assert Locator([box(0, 0, 0.1, 1)]).locate(np.array([tenth]), [0.5]).tolist() == [-1]


@pytest.mark.parametrize(
    ("x", "y"),
    [([1, 2], [1]), ([[1.0]], [[1.0]]), (["east"], [1]), ([1], [1j]), ([object()], [1])],
)
def test_coordinates_that_are_no_points_are_refused_with_a_sentence(x: object, y: object) -> None:
    with pytest.raises(InputError, match="must be") as refused:
        Locator([box(0, 0, 1, 1)]).locate(x, y)  # type: ignore[arg-type]
    assert refused.value.code == "points"


def test_the_answer_is_written_to_the_out_array() -> None:
    out = np.full(3, 7, dtype=np.int32)
    rows = Locator([box(0, 0, 1, 1)]).locate([0.5, 2, np.nan], [0.5, 0.5, 0.5], out=out)
    assert rows is out
    assert out.tolist() == [0, -1, -1]


@pytest.mark.parametrize(
    "out",
    [
        np.empty(2, dtype=np.int64),
        np.empty(3, dtype=np.int32),
        np.empty((2, 1), dtype=np.int32),
        np.empty(4, dtype=np.int32)[::2],
        np.broadcast_to(np.int32(0), (2,)),
        [0, 0],
    ],
)
def test_an_array_that_cannot_take_the_answer_is_refused_with_a_sentence(out: object) -> None:
    with pytest.raises(InputError, match="must be int32 of shape") as refused:
        Locator([box(0, 0, 1, 1)]).locate([1, 2], [1, 2], out=out)  # type: ignore[arg-type]
    assert refused.value.code == "out"


def _not_a_number() -> Polygon:
    with np.errstate(invalid="ignore"):
        return Polygon([(0, 0), (np.nan, 0), (0, 1), (1, 1)])


@pytest.mark.parametrize(
    ("geometries", "code"),
    [
        ([shapely.Point(0, 0)], "not-polygons"),
        ([shapely.GeometryCollection([box(0, 0, 1, 1)])], "not-polygons"),
        (["POLYGON"], "not-polygons"),
        ([Polygon([(0, 0), (1e151, 0), (0, 1)])], "coordinates"),
        ([_not_a_number()], "coordinates"),
        ([Polygon([(0, 0), (np.inf, 0), (0, 1)])], "coordinates"),
    ],
)
def test_geometries_that_are_no_polygons_are_refused(
    geometries: list[BaseGeometry], code: str
) -> None:
    with pytest.raises(InputError) as refused:
        Locator(geometries)
    assert refused.value.code == code


@pytest.fixture(scope="module")
def mosaic() -> list[BaseGeometry]:
    random = np.random.default_rng(11)
    cells = shapely.voronoi_polygons(shapely.multipoints(random.uniform(0, 100, (300, 2))))
    return list(shapely.get_parts(cells))


@pytest.mark.large
def test_one_thread_and_many_give_the_same_answers(
    mosaic: list[BaseGeometry], monkeypatch: pytest.MonkeyPatch
) -> None:
    locator = Locator(mosaic)
    x, y = np.random.default_rng(3).uniform(-5, 105, (2, 5 * locate_module._CHUNK + 17))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    expected = locator.locate(x, y)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    np.testing.assert_array_equal(locator.locate(x, y), expected)


@pytest.mark.large
def test_sixteen_threads_at_once_get_the_same_answers_as_one(mosaic: list[BaseGeometry]) -> None:
    locator = Locator(mosaic)
    points = np.random.default_rng(4).uniform(-5, 105, (16, 2, 150_000))
    expected = [locator.locate(x, y) for x, y in points]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda xy: locator.locate(*xy), points))
    for rows, rows_together in zip(expected, answers, strict=True):
        np.testing.assert_array_equal(rows, rows_together)


_UNCOMPILED = """
import sys
import numpy as np, shapely
from zoning import Locator
import zoning.kernels.join as join
assert not hasattr(join.locate_points, "signatures"), "compiled after all"
sample = np.load(sys.argv[1])
rows = Locator(shapely.from_wkb(sample["polygons"])).locate(sample["x"], sample["y"])
np.save(sys.argv[2], rows)
"""


@pytest.mark.large
def test_uncompiled_kernels_give_the_same_answers(
    mosaic: list[BaseGeometry], tmp_path: Path
) -> None:
    geometries = [*mosaic[:40], box(20, 20, 60, 60)]
    points = hard_points([*geometries], 9, 1500)
    # numpy's bytes drop trailing zero bytes; hex keeps them.
    wkb = np.array([shapely.to_wkb(g, hex=True) for g in geometries])
    np.savez(tmp_path / "sample.npz", polygons=wkb, x=points[:, 0], y=points[:, 1])
    subprocess.run(
        [sys.executable, "-c", _UNCOMPILED, tmp_path / "sample.npz", tmp_path / "rows.npy"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        check=True,
    )
    assert np.load(tmp_path / "rows.npy").tolist() == locate_rows(geometries, points)
