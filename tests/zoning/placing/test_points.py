"""The points of a file get their areas; the columns of the file stay."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from geodata.errors import RecordError
from geodata.tables import read_table
from tests.cities.small_city import (
    BRINGIN,
    MARKET,
    SIDE,
    SOUTH,
    WEST,
    code,
    middle,
    small_city,
    square_row,
)
from zoning.placing.points import PlacedPoints, place_sheet

CITY = small_city()
METRE = 1 / 111_000
"""One metre in degrees, about."""


def _place(
    folder: Path, rows: Sequence[str], header: str = "id,x,y", *, lon: str = "x", lat: str = "y"
) -> PlacedPoints:
    path = folder / "points.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return place_sheet(read_table(path), CITY, lon=lon, lat=lat)


def _error(folder: Path, rows: Sequence[str], **names: str) -> RecordError:
    with pytest.raises(RecordError) as raised:
        _place(folder, rows, **names)
    return raised.value


def test_each_point_has_the_area_at_its_coordinates(tmp_path: Path) -> None:
    squares = [(0, 1, 1), (3, 2, 3), (BRINGIN, 2, 3)]
    rows = [f"{row},{lon},{lat}" for row, (lon, lat) in enumerate(middle(*s) for s in squares)]
    placed = _place(tmp_path, rows)
    assert placed.table.column_names == ["id", "x", "y", "code", "name", "placed"]
    assert placed.table["code"].to_pylist() == [code(*square) for square in squares]
    assert placed.table["name"].to_pylist() == ["RT 001 RW 001", "RT 003 RW 002", "Pasar"]
    assert placed.table["code"].to_pylist()[2] == MARKET
    assert placed.table["placed"].to_pylist() == ["coordinates"] * 3
    assert placed.table["x"].to_pylist() == [middle(*square)[0] for square in squares]
    assert placed.table["y"].to_pylist() == [middle(*square)[1] for square in squares]
    assert placed.table["id"].to_pylist() == ["0", "1", "2"]
    assert placed.counts_by_method == {"coordinates": 3, "nearest": 0, "unplaced": 0}
    assert placed.impossible == 0


def test_points_without_an_area_are_counted_and_keep_their_rows(tmp_path: Path) -> None:
    lon, lat = middle(0, 1, 1)
    rows = [
        f"in,{lon},{lat}",
        f"near,{WEST - 20 * METRE},{lat}",
        f"far,{WEST - 200 * METRE},{lat}",
        f"impossible,999,{lat}",
        f"blank,,{lat}",
        "word,there,here",
    ]
    placed = _place(tmp_path, rows)
    rt = code(0, 1, 1)
    assert placed.table["code"].to_pylist() == [rt, rt, None, None, None, None]
    assert placed.table["name"].to_pylist()[1:3] == ["RT 001 RW 001", None]
    assert placed.table["placed"].to_pylist() == [
        *("coordinates", "nearest", "unplaced", "unplaced", "unplaced", "unplaced"),
    ]
    assert placed.counts_by_method == {"coordinates": 1, "nearest": 1, "unplaced": 4}
    assert placed.impossible == 1
    # A column with other cells than numbers keeps its texts.
    assert placed.table["x"].to_pylist()[-1] == "there"


def test_a_column_of_numbers_stays_one_if_the_other_is_mixed(tmp_path: Path) -> None:
    lon, lat = middle(0, 1, 1)
    placed = _place(tmp_path, [f"a,{lon},{lat}", f"b,{lon},?"])
    assert placed.table["x"].to_pylist() == [lon, lon]
    assert placed.table["y"].to_pylist() == [str(lat), "?"]


@pytest.mark.parametrize("taken", ["code", "name", "placed"])
def test_a_column_of_the_file_is_never_replaced(tmp_path: Path, taken: str) -> None:
    lon, lat = middle(0, 1, 1)
    placed = _place(tmp_path, [f"mine,{lon},{lat}"], f"{taken},x,y")
    added = [f"area_{title}" if title == taken else title for title in ("code", "name", "placed")]
    assert placed.table.column_names == [taken, "x", "y", *added]
    assert placed.table[taken].to_pylist() == ["mine"]


def test_a_missing_column_is_named_with_the_columns_there_are(tmp_path: Path) -> None:
    error = _error(tmp_path, ["1,2,3"], lon="bujur")
    assert error.code == "no-column"
    assert str(error) == (
        "points.csv has no column bujur; it has the headings id, x, y. Name the columns of "
        "longitude and latitude with --lon and --lat."
    )
    assert error.indonesian == (
        "points.csv tidak punya kolom bujur; berkas itu punya judul kolom id, x, y. Sebutkan kolom "
        "bujur dan lintang dengan --lon dan --lat."
    )
    assert _error(tmp_path, ["1,2,3"], lat="lintang").code == "no-column"


def test_a_file_without_a_single_point_is_refused(tmp_path: Path) -> None:
    assert _error(tmp_path, ["1,110.4,", "2,,-7"]).code == "coordinates-not-numbers"


def test_most_points_with_exchanged_axes_are_refused_and_few_are_not(tmp_path: Path) -> None:
    lon, lat = middle(0, 1, 1)
    right, exchanged = f"a,{lon},{lat}", f"b,{lat},{lon}"
    assert _error(tmp_path, [right, exchanged, exchanged]).code == "swapped-axes"
    half = _place(tmp_path, [right, exchanged])
    assert half.counts_by_method == {"coordinates": 1, "nearest": 0, "unplaced": 1}
    # Rows without a point do not count.
    assert _error(tmp_path, [exchanged, "c,,", "d,,", "e,,"]).code == "swapped-axes"


def test_a_file_in_metres_is_refused_and_one_place_on_earth_is_enough(tmp_path: Path) -> None:
    metres = "a,437000,9226000"
    assert _error(tmp_path, [metres, metres]).code == "no-place-on-earth"
    lon, lat = middle(0, 1, 1)
    placed = _place(tmp_path, [metres, f"b,{lon},{lat}"])
    assert placed.impossible == 1
    assert placed.table["code"].to_pylist() == [None, code(0, 1, 1)]


def test_the_added_columns_are_texts_even_if_no_point_has_an_area(tmp_path: Path) -> None:
    placed = _place(tmp_path, [f"far,{WEST - 1},{SOUTH}"])
    assert placed.table["code"].to_pylist() == placed.table["name"].to_pylist() == [None]
    added = [placed.table.schema.field(title).type for title in ("code", "name", "placed")]
    assert added == [pa.string()] * 3


def test_the_first_zone_is_an_area_like_any_other(tmp_path: Path) -> None:
    lon, lat = middle(1, 1, 1)
    placed = _place(tmp_path, [f"a,{lon},{lat}"])
    assert square_row(1, 1, 1) == 0
    assert placed.table["code"].to_pylist() == [code(1, 1, 1)]


def test_the_corner_of_the_city_is_a_place(tmp_path: Path) -> None:
    placed = _place(tmp_path, [f"a,{WEST + SIDE * 4},{SOUTH}"])
    assert placed.counts_by_method["unplaced"] == 0
