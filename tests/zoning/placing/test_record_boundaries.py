"""Boundaries with a placer of records: the setting of the city decides between two RT."""

import pyarrow as pa
import pytest

from geodata.settings import Preference
from tests.cities.small_city import BRINGIN, TEMBALANG, VILLAGES, middle, small_city, square_row
from zoning.placing.record_boundaries import RecordBoundaries


def _record_in_two_rt() -> pa.Table:
    """A point in RT 001 RW 001 of Bringin, and an address in RT 002 RW 001 of Tembalang."""
    lon, lat = middle(BRINGIN, 1, 1)
    kelurahan = VILLAGES[TEMBALANG]
    record = {"lon": lon, "lat": lat, "rt": 2, "rw": 1}
    named = {"kelurahan": kelurahan.name, "kecamatan": kelurahan.kecamatan_name}
    return pa.Table.from_pylist([record | named])


@pytest.mark.parametrize(
    ("prefer", "square"), [("coordinates", (BRINGIN, 1, 1)), ("address", (TEMBALANG, 1, 2))]
)
def test_the_placer_follows_the_setting_and_is_made_once(
    prefer: Preference, square: tuple[int, int, int]
) -> None:
    indexed = RecordBoundaries(small_city(), prefer)
    placed = indexed.placer.place(_record_in_two_rt())
    assert placed.zone.tolist() == [square_row(*square)]
    assert indexed.placer is indexed.placer


def test_a_point_and_a_record_get_their_zone_from_one_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    indexed = RecordBoundaries(small_city(), "coordinates")
    built = indexed.locator

    def refuse(_shapes: object) -> None:
        raise AssertionError("a second index of the same shapes")

    monkeypatch.setattr("zoning.placing.placements.Locator", refuse)
    assert indexed.placer.place(_record_in_two_rt()).methods.tolist() == ["coordinates"]
    assert indexed.locator is built
