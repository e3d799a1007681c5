"""The crosswalk: shares an arithmetic of squares gives, on a row of RT that is cut up anew."""

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
"""Number of an RT, and from where to where it reaches along the row."""


def row(*strips: Strip) -> Boundaries:
    """RT side by side in a row of height one."""
    frame = gpd.GeoDataFrame(
        {
            "rw": [1] * len(strips),
            "rt": [number for number, _, _ in strips],
            "kelurahan_code": "33.74.10.1004",
            "kelurahan_name": "Tembalang",
            "population": [100.0] * len(strips),
        },
        geometry=[
            shapely.box(WEST + SIDE * a, SOUTH, WEST + SIDE * b, SOUTH + SIDE) for _, a, b in strips
        ],
        crs="EPSG:4326",
    )
    return assemble(frame)


OLD = row((1, 0, 1), (2, 1, 2), (3, 2, 3), (4, 3, 4))


def shares(new: Boundaries) -> dict[tuple[str, str | None], float]:
    found = crosswalk(OLD, new)
    codes = zip(found["from"], found["to"], strict=True)
    short = [(one[-3:], None if not isinstance(two, str) else two[-3:]) for one, two in codes]
    return dict(zip(short, found["share"], strict=True))


def test_nothing_changed_is_one_to_the_last_bit() -> None:
    assert shares(OLD) == {
        ("001", "001"): 1,
        ("002", "002"): 1,
        ("003", "003"): 1,
        ("004", "004"): 1,
    }


def test_renumbered_rt_are_known_by_their_polygons() -> None:
    found = shares(row((4, 0, 1), (3, 1, 2), (2, 2, 3), (1, 3, 4)))
    assert found == {("001", "004"): 1, ("002", "003"): 1, ("003", "002"): 1, ("004", "001"): 1}


def test_a_split_has_shares_of_its_area_and_the_rest_is_whole() -> None:
    found = shares(row((1, 0, 1), (2, 1, 1.25), (5, 1.25, 2), (3, 2, 3), (4, 3, 4)))
    assert found == {
        ("001", "001"): 1,
        ("002", "002"): pytest.approx(0.25, abs=1e-6),
        ("002", "005"): pytest.approx(0.75, abs=1e-6),
        ("003", "003"): 1,
        ("004", "004"): 1,
    }


def test_a_merger_takes_both_whole() -> None:
    found = shares(row((1, 0, 1), (2, 1, 3), (4, 3, 4)))
    assert found[("002", "002")] == pytest.approx(1)
    assert found[("003", "002")] == pytest.approx(1)


def test_what_lies_in_no_new_area_is_said_and_slivers_are_not() -> None:
    found = shares(row((1, 0, 1.0005), (2, 1.0005, 2), (3, 2, 2.6)))
    assert found == {
        ("001", "001"): pytest.approx(1),
        ("002", "002"): pytest.approx(1),
        ("003", "003"): pytest.approx(0.6, abs=1e-6),
        ("003", None): pytest.approx(0.4, abs=1e-6),
        ("004", None): 1,
    }


def test_shares_of_an_rt_add_up_to_one_and_people_go_with_the_ground() -> None:
    found = crosswalk(OLD, row((1, 0, 0.7), (2, 0.7, 2.2), (3, 2.2, 3.9), (4, 3.9, 4)))
    assert found.groupby("from")["share"].sum().tolist() == pytest.approx([1, 1, 1, 1])
    assert found["population"].tolist() == pytest.approx((100 * found["share"]).tolist())
    assert found["population"].sum() == pytest.approx(400)


def test_two_drawings_of_one_city_agree_with_every_intersection() -> None:
    old, new = assemble(drawn_city(1)), assemble(drawn_city(2))
    found = crosswalk(old, new).set_index(["from", "to"])["share"]
    for _, one in old.leaves.iterrows():
        for _, two in new.leaves.iterrows():
            share = one.geometry.intersection(two.geometry).area / one.geometry.area
            if share > 0.01:
                assert found[(one["code"], two["code"])] == pytest.approx(share, rel=0.01)


AUGUST, OCTOBER = date(2021, 8, 1), date(2021, 10, 1)


def test_a_date_puts_boundaries_in_force_and_the_newest_word_on_it_counts(
    new_database: NewDatabase,
) -> None:
    split = row((1, 0, 1), (2, 1, 1.25), (5, 1.25, 2), (3, 2, 3), (4, 3, 4))
    with open_store(new_database()) as store:
        assert save_boundaries(store, OLD, "old", {})
        before = now()
        assert save_boundaries(store, split, "split", {}, in_force=AUGUST)
        assert not save_boundaries(store, split, "split", {}, in_force=AUGUST)
        assert save_boundaries(store, OLD, "back", {}, in_force=OCTOBER)

        def on(month: int, day: int, known_at: object = None) -> str:
            return boundaries_in_force(store, date(2021, month, day), known_at)  # type: ignore[arg-type]  # None or a moment

        assert [on(7, 31), on(8, 1), on(9, 30), on(10, 1)] == [OLD.id, split.id, split.id, OLD.id]
        assert on(8, 1, before) == OLD.id
        assert [version.since for version in timeline(store)] == [None, AUGUST, OCTOBER]
        # The split was put off to October after all.
        save_boundaries(store, OLD, "mended", {}, in_force=AUGUST)
        save_boundaries(store, split, "mended", {}, in_force=OCTOBER)
        assert [on(9, 30), on(10, 1)] == [OLD.id, split.id]


def test_the_first_boundaries_are_in_force_before_their_date_too(new_database: NewDatabase) -> None:
    with open_store(new_database()) as store:
        with pytest.raises(NotFoundError):
            boundaries_in_force(store, AUGUST)
        save_boundaries(store, OLD, "old", {}, in_force=AUGUST)
        assert boundaries_in_force(store, date(2020, 3, 1)) == OLD.id
