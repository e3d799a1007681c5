"""Newcomers by week of three villages, by hand and compared with records counted one by one."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.ledger.withdrawing import withdraw
from geodata.settings import SECRET
from geodata.store import Store
from tests.databases import NewDatabase
from tests.zoning.disclosure.newcomer_city import (
    TODAY,
    load,
    newcomers,
    open_villages,
    publish,
)
from tests.zoning.disclosure.three_villages import CITY, NORTH, SOUTH, A, B, C
from zoning import City
from zoning.public.newcomer_weeks import NewcomerWeeks
from zoning.records.intake import load_records

MONDAY = date(2021, 6, 7)
ALL = (CITY, NORTH, SOUTH, A, B, C)


def day(number: int) -> date:
    """Days counted from the first Monday."""
    return MONDAY + timedelta(days=number)


ELSEWHERE = [{**row, "kabupaten tujuan": "Kabupaten Kendal"} for row in newcomers(6, day(3))]
ROWS = [
    *newcomers(3, day(-7), B),
    *newcomers(4, day(0), A),
    *newcomers(3, day(6), A),
    *newcomers(2, day(2), B),
    *newcomers(6, day(3), C),
    *newcomers(3, day(4)),
    *ELSEWHERE,
    *newcomers(12, day(14), A),
    *newcomers(9, day(21), A),
]


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_villages(f"duckdb:///{tmp_path}/city.duckdb")) as opened:
        yield opened


def weeks_of(store: Store, minimum: int = 5) -> NewcomerWeeks:
    return City(store).public(minimum).newcomer_weeks()


def ranges(weeks: NewcomerWeeks, code: str, until: date, number: int) -> list[Any]:
    """The ranges of an area; None for a week without data."""
    figures = weeks.last_weeks(code, until, number)
    assert [(figure.last - figure.first).days for figure in figures] == [6] * number
    return [
        None if figure.state == "no-data" else (figure.least, figure.most) for figure in figures
    ]


def test_each_area_has_its_newcomers_by_week_in_ranges(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    """In both databases. The ranges of the larger areas are computed by hand."""
    with closing(open_villages(new_database())) as store:
        load(store, tmp_path, ROWS)
        # The fourth week has one more day.
        publish(store, day(26))
        weeks = weeks_of(store)
        assert weeks.first == MONDAY
        of_areas = {code: ranges(weeks, code, day(26), 5) for code in ALL}
        # The week before has a small number only: for the whole city the range reaches zero.
        assert of_areas == {
            A: [None, None, (5, 9), (0, 4), (10, 14)],
            B: [None, None, (0, 4), (0, 4), (0, 4)],
            C: [None, None, (5, 9), (0, 4), (0, 4)],
            NORTH: [None, None, (5, 13), (0, 8), (10, 18)],
            SOUTH: [None, None, (5, 9), (0, 4), (0, 4)],
            CITY: [None, None, (10, 26), (0, 16), (10, 26)],
        }
        publish(store, day(27))
        assert ranges(weeks_of(store), A, day(27), 2) == [(10, 14), (5, 9)]


def test_a_week_is_that_of_the_day_and_never_ends_after_it(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROWS)
    publish(store, day(30))
    weeks = weeks_of(store)
    for until in (day(13), day(16), day(19)):
        [week] = weeks.last_weeks(A, until, 1)
        assert week[:2] == (day(7), day(13))
    [week] = weeks.last_weeks(A, day(20), 1)
    assert week[:2] == (day(14), day(20))
    # Nobody knows whether the list was kept after the last week with enough newcomers.
    assert ranges(weeks, A, day(41), 3) == [(5, 9), None, None]


def test_states_have_a_value_only_where_the_number_is_not_small(
    store: Store, tmp_path: Path
) -> None:
    load(store, tmp_path, ROWS)
    publish(store, day(27))
    figures = weeks_of(store).last_weeks(A, day(27), 5)
    states = ["no-data", "counted", "suppressed", "counted", "counted"]
    assert [figure.state for figure in figures] == states
    assert [figure.value for figure in figures] == [None, 5, None, 10, 5]
    # With fewer than 100 persons in the past, two weeks count as incomplete.
    assert [figure.complete for figure in figures] == [True, True, True, False, False]


def counted(rows: list[dict[str, Any]], weeks: list[date]) -> pd.DataFrame:
    """Counts by week and area, by pandas; the area is read from the coordinates."""
    frame = pd.DataFrame(rows).reindex(columns=["arrived_on", "lon", "lat", "kabupaten tujuan"])
    frame = frame[frame["kabupaten tujuan"].isna()]
    column = np.floor((frame["lon"] - 110.4) / 0.001).fillna(-1).astype(int)
    frame["kelurahan"] = column.map({0: A, 1: A, 2: A, 3: B, 4: C})
    frame["week"] = pd.to_datetime(frame["arrived_on"]).dt.to_period("W-SUN").dt.start_time.dt.date
    by_kelurahan = pd.crosstab(frame["week"], frame["kelurahan"])
    table = by_kelurahan.reindex(index=weeks, columns=[A, B, C], fill_value=0)
    table[NORTH], table[SOUTH] = table[A] + table[B], table[C]
    table[CITY] = frame.groupby("week").size().reindex(weeks, fill_value=0)
    return table


def random_rows(seed: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(seed)
    rows = list(ELSEWHERE)
    for number in range(0, 70, 2):
        for kelurahan in (A, B, C, None):
            rows += newcomers(int(random.geometric(0.25)) - 1, day(number), kelurahan)
    return rows


def test_ranges_hold_the_counts_that_pandas_counts(store: Store, tmp_path: Path) -> None:
    rows = random_rows(3)
    load(store, tmp_path, rows)
    publish(store, day(70))
    weeks, exact = weeks_of(store), weeks_of(store, minimum=1)
    mondays = [day(7 * number) for number in range(10)]
    table = counted(rows, mondays)
    for code in ALL:
        truth = table[code].tolist()
        assert ranges(exact, code, day(69), 10) == [(count, count) for count in truth]
        found = ranges(weeks, code, day(69), 10)
        assert all(
            least <= count <= most for (least, most), count in zip(found, truth, strict=True)
        )
        if code in {A, B, C}:
            assert found == [(count // 5 * 5, count // 5 * 5 + 4) for count in truth]


def test_a_city_that_publishes_all_counts_has_zeros_between_its_weeks(
    store: Store, tmp_path: Path
) -> None:
    load(store, tmp_path, ROWS)
    publish(store, day(27))
    weeks = weeks_of(store, minimum=1)
    assert weeks.first == day(-7)
    figures = weeks.last_weeks(C, day(27), 6)
    states = ["no-data", "zero", "counted", "zero", "zero", "zero"]
    assert [figure.state for figure in figures] == states
    assert [figure.value for figure in figures] == [None, 0, 6, 0, 0, 0]
    assert [week.value for week in weeks.last_weeks(CITY, day(27), 4)] == [18, 0, 12, 9]


@pytest.mark.parametrize("rows", [[], newcomers(4, day(0), A), ELSEWHERE])
def test_a_city_without_enough_newcomers_has_no_weeks(
    store: Store, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    if rows:
        load(store, tmp_path, rows)
    publish(store, day(20))
    weeks = weeks_of(store)
    assert weeks.n_weeks == 0
    assert weeks.stamp == "none"
    with pytest.raises(NotFoundError, match="no daily figures"):
        weeks.last_weeks(A, day(20), 1)


def test_nothing_is_public_before_a_day_is_published(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROWS)
    assert weeks_of(store).n_weeks == 0
    assert weeks_of(store, minimum=1).n_weeks == 0


def test_records_count_as_of_the_newest_publication(store: Store, tmp_path: Path) -> None:
    ids = load(store, tmp_path, ROWS)
    publish(store, day(27))
    city = City(store).public()
    before = city.newcomer_weeks()
    load(store, tmp_path, newcomers(5, day(15), B), first=500)
    withdraw(store, "newcomers", ids[3:10], "counted twice")
    assert city.newcomer_weeks() is before
    publish(store, day(28))
    after = city.newcomer_weeks()
    assert after.stamp != before.stamp
    assert ranges(after, B, day(20), 1) == [(5, 9)]
    assert ranges(after, A, day(6), 1) == [(0, 4)]


def test_one_more_newcomer_in_the_same_ranges_changes_nothing(store: Store, tmp_path: Path) -> None:
    """Also a newcomer with a wrong year, before all weeks."""
    load(store, tmp_path, ROWS)
    publish(store, day(27))
    before = weeks_of(store)
    more = [
        *newcomers(1, day(1), A),
        *newcomers(1, day(1)),
        *newcomers(1, day(8), B),
        *newcomers(1, day(-365), C),
        *newcomers(1, day(3), B),
    ]
    load(store, tmp_path, more, first=500)
    publish(store, day(27))
    after = weeks_of(store)
    assert after.stamp == before.stamp
    assert after.first == before.first
    assert weeks_of(store, minimum=1).stamp != before.stamp


def test_an_indicator_of_newcomers_is_not_public_beside_the_counted_weeks(
    store: Store, tmp_path: Path
) -> None:
    """Two sources of one count, in two ranges, disclose more than one."""
    path = tmp_path / "angka.csv"
    rows = [
        {"indikator": name, "wilayah": A, "tanggal": MONDAY.isoformat(), "nilai": 7}
        for name in ("pendatang", "tes")
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    load_records(store, "indicators", path, today=TODAY)
    city = City(store)
    assert set(city.indicators()["indicator"]) == {"newcomers", "tests"}
    assert set(city.public().indicators()["indicator"]) == {"tests"}


def test_a_week_is_complete_once_95_percent_of_the_arrivals_usually_are_known(
    tmp_path: Path,
) -> None:
    """All newcomers are known three days after their arrival."""
    today = [0]

    def clock() -> datetime:
        return datetime(2021, 6, 7, 5) + timedelta(days=today[0])  # noqa: DTZ001  (UTC in the tables)

    url = f"duckdb:///{tmp_path}/late.duckdb"
    with closing(open_villages(url, clock)) as store:
        for number in range(0, 36, 7):
            today[0] = number + 3
            load(store, tmp_path, newcomers(30, day(number), A), first=100 * number)
        publish(store, day(36))
        weeks = weeks_of(store)
    assert weeks.last_complete == day(33)
    assert [week.complete for week in weeks.last_weeks(A, day(36), 2)] == [True, False]


def test_cells_are_areas_and_weeks_by_their_sunday(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROWS)
    publish(store, day(27))
    weeks = weeks_of(store)
    cells = weeks.cells([A, "33.74.01.1001-001", SOUTH], DayRange(day(6), day(19)))
    table = weeks.table(cells)
    assert table["code"].tolist() == [A, A, SOUTH, SOUTH]
    assert table["level"].tolist() == ["kelurahan"] * 2 + ["kecamatan"] * 2
    assert table["date"].tolist() == [day(6), day(13)] * 2
    assert table["least"].tolist() == [5, 0, 5, 0]
    assert table["suppressed"].tolist() == [False, True, False, True]
