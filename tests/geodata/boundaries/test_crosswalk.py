"""The crosswalk: shares on a row of square RT that is divided again, with known areas."""

from datetime import date

import geopandas as gpd
import pytest
import shapely

from geodata.boundaries import (
    Boundaries,
    assemble,
    boundaries_in_force,
    crosswalk,
    save_boundaries,
    timeline,
)
from geodata.errors import NotFoundError
from geodata.store import now, open_store
from tests.cities.drawn_city import drawn_city
from tests.databases import NewDatabase

SIDE = 0.001
WEST, SOUTH = 110.4, -7.0
Strip = tuple[int, float, float]
"""Number of an RT, and its start and end along the row."""


def row(*strips: Strip) -> Boundaries:
    """RT in a row, side by side, of height one."""
    frame = gpd.GeoDataFrame(
        {
            "rw": [1] * len(strips),
            "rt": [number for number, _, _ in strips],
            "kelurahan_code": "33.74.10.1004",
            "kelurahan_name": "Tembalang",
            "population": [100.0] * len(strips),
        },
        geometry=[
            shapely.box(WEST + SIDE * start, SOUTH, WEST + SIDE * end, SOUTH + SIDE)
            for _, start, end in strips
        ],
        crs="EPSG:4326",
    )
    return assemble(frame)


OLD = row((1, 0, 1), (2, 1, 2), (3, 2, 3), (4, 3, 4))


def shares(new: Boundaries) -> dict[tuple[str, str | None], float]:
    pairs = crosswalk(OLD, new)
    codes = zip(pairs["from"], pairs["to"], strict=True)
    short_codes = [
        (old_code[-3:], None if not isinstance(new_code, str) else new_code[-3:])
        for old_code, new_code in codes
    ]
    return dict(zip(short_codes, pairs["share"], strict=True))


def test_unchanged_rt_have_share_one_exactly() -> None:
    assert shares(OLD) == {
        ("001", "001"): 1,
        ("002", "002"): 1,
        ("003", "003"): 1,
        ("004", "004"): 1,
    }


def test_renumbered_rt_are_recognised_by_their_polygons() -> None:
    share_by_pair = shares(row((4, 0, 1), (3, 1, 2), (2, 2, 3), (1, 3, 4)))
    assert share_by_pair == {
        ("001", "004"): 1,
        ("002", "003"): 1,
        ("003", "002"): 1,
        ("004", "001"): 1,
    }


def test_a_split_has_shares_of_its_area_and_other_rt_do_not_change() -> None:
    share_by_pair = shares(row((1, 0, 1), (2, 1, 1.25), (5, 1.25, 2), (3, 2, 3), (4, 3, 4)))
    assert share_by_pair == {
        ("001", "001"): 1,
        ("002", "002"): pytest.approx(0.25, abs=1e-6),
        ("002", "005"): pytest.approx(0.75, abs=1e-6),
        ("003", "003"): 1,
        ("004", "004"): 1,
    }


def test_a_merged_rt_has_share_one_of_both() -> None:
    share_by_pair = shares(row((1, 0, 1), (2, 1, 3), (4, 3, 4)))
    assert share_by_pair[("002", "002")] == pytest.approx(1)
    assert share_by_pair[("003", "002")] == pytest.approx(1)


def test_a_part_outside_all_new_areas_is_reported_and_a_sliver_is_not() -> None:
    share_by_pair = shares(row((1, 0, 1.0005), (2, 1.0005, 2), (3, 2, 2.6)))
    assert share_by_pair == {
        ("001", "001"): pytest.approx(1),
        ("002", "002"): pytest.approx(1),
        ("003", "003"): pytest.approx(0.6, abs=1e-6),
        ("003", None): pytest.approx(0.4, abs=1e-6),
        ("004", None): 1,
    }


def test_shares_of_an_rt_add_up_to_one_and_population_follows_area() -> None:
    pairs = crosswalk(OLD, row((1, 0, 0.7), (2, 0.7, 2.2), (3, 2.2, 3.9), (4, 3.9, 4)))
    assert pairs.groupby("from")["share"].sum().tolist() == pytest.approx([1, 1, 1, 1])
    assert pairs["population"].tolist() == pytest.approx((100 * pairs["share"]).tolist())
    assert pairs["population"].sum() == pytest.approx(400)


def test_shares_of_two_drawings_equal_their_intersections() -> None:
    old, new = assemble(drawn_city(1)), assemble(drawn_city(2))
    pairs = crosswalk(old, new).set_index(["from", "to"])["share"]
    for _, old_zone in old.smallest_zones.iterrows():
        for _, new_zone in new.smallest_zones.iterrows():
            share = old_zone.geometry.intersection(new_zone.geometry).area / old_zone.geometry.area
            if share > 0.01:
                assert pairs[(old_zone["code"], new_zone["code"])] == pytest.approx(share, rel=0.01)


AUGUST, OCTOBER = date(2021, 8, 1), date(2021, 10, 1)


def test_boundaries_are_in_force_from_their_date_and_the_newest_entry_counts(
    new_database: NewDatabase,
) -> None:
    split = row((1, 0, 1), (2, 1, 1.25), (5, 1.25, 2), (3, 2, 3), (4, 3, 4))
    with open_store(new_database()) as store:
        assert save_boundaries(store, OLD, "old", {})
        before_split = now()
        assert save_boundaries(store, split, "split", {}, in_force=AUGUST)
        assert not save_boundaries(store, split, "split", {}, in_force=AUGUST)
        assert save_boundaries(store, OLD, "back", {}, in_force=OCTOBER)

        def id_in_force(month: int, day: int, known_at: object = None) -> str:
            return boundaries_in_force(store, date(2021, month, day), known_at)  # type: ignore[arg-type]  # None or a moment

        assert [id_in_force(7, 31), id_in_force(8, 1), id_in_force(9, 30), id_in_force(10, 1)] == [
            OLD.id,
            split.id,
            split.id,
            OLD.id,
        ]
        assert id_in_force(8, 1, before_split) == OLD.id
        assert [version.since for version in timeline(store)] == [None, AUGUST, OCTOBER]
        # A correction moves the split to October.
        save_boundaries(store, OLD, "mended", {}, in_force=AUGUST)
        save_boundaries(store, split, "mended", {}, in_force=OCTOBER)
        assert [id_in_force(9, 30), id_in_force(10, 1)] == [OLD.id, split.id]


def test_the_first_boundaries_are_in_force_before_their_date(new_database: NewDatabase) -> None:
    with open_store(new_database()) as store:
        with pytest.raises(NotFoundError):
            boundaries_in_force(store, AUGUST)
        save_boundaries(store, OLD, "old", {}, in_force=AUGUST)
        assert boundaries_in_force(store, date(2020, 3, 1)) == OLD.id
