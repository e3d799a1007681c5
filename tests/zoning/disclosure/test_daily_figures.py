"""Daily figures of a small city, compared with cases counted one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.boundaries import save_boundaries
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.settings import SECRET
from geodata.store import Store, open_store
from tests.cities import small_city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import Case, day, days
from zoning import City
from zoning.days.daily import run_days
from zoning.disclosure.figures.lateness import LONGEST_DELAY, usual_delay
from zoning.public.figures import FigureName
from zoning.records.intake import load_records

TEMBALANG, BRINGIN = (small_city.VILLAGES[number].code for number in (3, 2))
KECAMATAN, CITY = "33.74.10", "33.74"
HOME, NEXT = (3, 1, 1), (3, 2, 2)
"""Two RT of Tembalang."""
NOON = datetime(2021, 6, 1, 5)  # noqa: DTZ001  (12:00 in Jakarta; the tables keep UTC)
LAST = 20
CASES = [
    *(Case(HOME, "a", 3, 13) for _ in range(2)),
    *(Case(NEXT, "n", 5, 12) for _ in range(7)),
    Case(HOME, "a", 5, 12),
    *(Case(None, None, 5, 15, village="Tembalang") for _ in range(6)),
]


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_city_store(f"duckdb:///{tmp_path}/city.duckdb")) as opened:
        yield opened


def open_city_store(url: str) -> Store:
    """A new database with the boundaries, at noon of the last day."""
    moment = [NOON + timedelta(days=LAST)]

    def clock() -> datetime:
        moment[0] += timedelta(seconds=1)
        return moment[0]

    store = open_store(url, create=True, clock=clock)
    save_boundaries(store, small_city.small_city(), "by hand", {})
    return store


def publish(store: Store, first: int = 0, last: int = LAST) -> None:
    run_days(store, None, days(first, last), today=ward.TODAY)


def figures(store: Store, code: str, name: FigureName = "cases", minimum: int = 5) -> pd.DataFrame:
    """The rows of one figure by day, counted from the first."""
    figures_of_area = City(store).public(minimum).daily_figures().by_day(code)
    rows = pd.DataFrame(figures_of_area[name])
    assert rows["first"].tolist() == rows["last"].tolist()
    assert rows["first"].tolist() == [day(number) for number in range(len(rows))]
    return rows


def ranges(table: pd.DataFrame) -> dict[int, tuple[int, int]]:
    """The ranges other than zero, by day."""
    columns = (table[name].tolist() for name in ("state", "least", "most"))
    return {
        number: (least, most)
        for number, (state, least, most) in enumerate(zip(*columns, strict=True))
        if state != "zero"
    }


def test_an_area_has_its_cases_by_day_in_ranges(new_database: NewDatabase) -> None:
    """In both databases."""
    with closing(open_city_store(new_database())) as store:
        ward.add_cases(store, CASES)
        publish(store)
        check_ranges(store)


def check_ranges(store: Store) -> None:
    assert ranges(figures(store, TEMBALANG)) == {3: (1, 4), 5: (5, 9)}
    assert ranges(figures(store, KECAMATAN)) == {3: (1, 4), 5: (5, 9)}
    assert not ranges(figures(store, BRINGIN))
    by_day = figures(store, TEMBALANG).iloc[3:6]
    assert by_day["state"].tolist() == ["suppressed", "zero", "counted"]
    assert by_day["value"].isna().tolist() == [True, False, False]
    assert by_day["value"].tolist()[1:] == [0, 5]


def test_the_city_counts_cases_without_an_rt_too(store: Store) -> None:
    ward.add_cases(store, CASES)
    publish(store)
    least, most = ranges(figures(store, CITY))[5]
    assert least <= 14 <= most
    assert most > 9  # more than Tembalang's own range


def test_recoveries_and_deaths_hide_whether_there_was_none(store: Store) -> None:
    ward.add_cases(store, CASES)
    publish(store)
    recovered = figures(store, TEMBALANG, "recovered")
    assert set(recovered["state"]) == {"suppressed", "counted"}
    assert {number: found for number, found in ranges(recovered).items() if found[0]} == {
        12: (5, 9)
    }
    assert set(figures(store, TEMBALANG, "deaths")["state"]) == {"suppressed"}


@pytest.mark.parametrize("code", [CITY, KECAMATAN, TEMBALANG])
def test_a_city_that_publishes_all_counts_has_the_counts(store: Store, code: str) -> None:
    ward.add_cases(store, CASES)
    publish(store)
    is_counted = [case for case in CASES if case.place or code == CITY]
    expected: dict[FigureName, Counter[int]] = {
        "cases": Counter(case.day for case in is_counted),
        "recovered": Counter(case.ended for case in is_counted),
        "deaths": Counter(),
    }
    for figure, dates in expected.items():
        table = figures(store, code, figure, minimum=1)
        assert table["value"].tolist() == [dates[number] for number in range(LAST + 1)]
        assert table["least"].tolist() == table["most"].tolist() == table["value"].tolist()


def test_a_day_that_is_not_published_has_no_data(store: Store) -> None:
    ward.add_cases(store, CASES)
    publish(store, 0, 2)
    publish(store, 5, LAST)
    table = figures(store, TEMBALANG)
    assert len(table) == LAST + 1
    missing = table[table["state"] == "no-data"]
    assert missing.index.tolist() == [3, 4]
    assert missing[["value", "least", "most"]].isna().all(axis=None)


def test_figures_have_the_records_of_the_newest_publication(store: Store) -> None:
    ward.add_cases(store, CASES)
    publish(store)
    city = City(store).public()
    before = city.daily_figures().stamp
    ward.add_cases(store, [Case(HOME, "z", 9, 19)] * 6, first=100)
    assert city.daily_figures().stamp == before
    publish(store)
    assert city.daily_figures().stamp != before
    assert ranges(figures(store, TEMBALANG))[9][0] >= 5


def test_days_whose_later_colours_are_not_published_have_ranges_of_double_width(
    store: Store,
) -> None:
    ward.add_cases(store, [Case(HOME, None, number, 40) for number in (3, 18)])
    publish(store)
    assert ranges(figures(store, TEMBALANG)) == {3: (1, 4), 18: (1, 9)}


def test_weeks_are_whole_weeks_that_have_passed(store: Store) -> None:
    ward.add_cases(store, CASES)
    publish(store)
    weeks = City(store).public().daily_figures().by_week(TEMBALANG)["recovered"]
    # 1 June 2021 is a Tuesday: the first whole week begins on 7 June, the last ends on 20 June.
    assert [week[:2] for week in weeks] == [(day(6), day(12)), (day(13), day(19))]
    by_day = figures(store, TEMBALANG, "recovered")
    for end in ("least", "most"):
        sums = [by_day[end][first : first + 7].sum() for first in (6, 13)]
        assert [getattr(week, end) for week in weeks] == sums
    within = (
        City(store)
        .public()
        .daily_figures()
        .by_week(TEMBALANG, DayRange(day(7), day(19)))["recovered"]
    )
    assert within == weeks[1:]
    assert (
        City(store)
        .public()
        .daily_figures()
        .by_week(TEMBALANG, DayRange(day(7), day(18)))["recovered"]
        == []
    )


def test_a_week_of_the_city_is_narrower_than_its_days(store: Store) -> None:
    """Deaths and recoveries; a week of cases is the sum of its days for the city too."""
    ward.add_cases(store, CASES)
    publish(store)
    city = City(store).public()
    weeks = city.daily_figures().by_week(CITY)
    expected: dict[FigureName, list[int]] = {"recovered": [8, 8], "deaths": [0, 0], "cases": [0, 0]}
    for name, counts in expected.items():
        by_day, of_weeks = figures(store, CITY, name), pd.DataFrame(weeks[name])
        assert of_weeks["first"].tolist() == [day(6), day(13)]
        sums = {
            end: np.array([by_day[end][first : first + 7].sum() for first in (6, 13)])
            for end in ("least", "most")
        }
        least, most = of_weeks["least"].to_numpy(), of_weeks["most"].to_numpy()
        assert (least <= counts).all()
        assert (counts <= most).all()
        assert (sums["least"] <= least).all()
        assert (most <= sums["most"]).all()
        assert (most - least).tolist() == ([0, 0] if name == "cases" else [4, 4])
    assert (
        city.daily_figures().by_week(CITY, DayRange.between(day(7), None))["recovered"]
        == weeks["recovered"][1:]
    )


def test_a_week_with_an_unpublished_day_has_no_data(store: Store) -> None:
    ward.add_cases(store, CASES)
    publish(store, 0, 7)
    publish(store, 9, LAST)
    weeks = City(store).public().daily_figures().by_week(TEMBALANG)["cases"]
    assert [week.state for week in weeks] == ["no-data", "zero"]
    assert weeks[0][3:6] == (None, None, None)
    of_city = City(store).public().daily_figures().by_week(CITY)["deaths"]
    assert [week.state for week in of_city] == ["no-data", "suppressed"]


@pytest.mark.parametrize("code", [small_city.code(*HOME), f"{TEMBALANG}-001", "33.99", ""])
def test_an_area_without_figures_is_refused_in_both_languages(store: Store, code: str) -> None:
    ward.add_cases(store, CASES)
    publish(store)
    with pytest.raises(NotFoundError) as refused:
        City(store).public().daily_figures().by_day(code)
    assert refused.value.code == "no-figures"
    assert refused.value.indonesian != refused.value.message


def test_a_city_without_a_published_day_has_no_figures(store: Store) -> None:
    assert City(store).public().daily_figures().n_days == 0
    with pytest.raises(NotFoundError, match="no daily figures"):
        City(store).public().daily_figures().by_week(CITY)


def test_figures_that_a_file_reports_are_not_public_beside_the_counted_figures(
    store: Store, tmp_path: Path
) -> None:
    """Two sources of one count, in two ranges, disclose more than one."""
    path = tmp_path / "angka.csv"
    rows = [
        {"indikator": name, "kelurahan": "Tembalang", "tanggal": day(3).isoformat(), "nilai": 7}
        for name in ("kasus", "meninggal", "tes")
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    load_records(store, "indicators", path, today=ward.TODAY)
    city = City(store)
    assert set(city.indicators()["indicator"]) == {"cases", "deaths", "tests"}
    assert set(city.public().indicators()["indicator"]) == {"tests"}


def open_late_city(folder: Path, arrivals: list[tuple[int, list[Case]]]) -> Store:
    """A city whose cases become known on some days; a later case of one number replaces it."""
    today = [0]
    url = f"duckdb:///{folder}/late.duckdb"
    store = open_store(url, create=True, clock=lambda: NOON + timedelta(days=today[0]))
    save_boundaries(store, small_city.small_city(), "by hand", {})
    first = 0
    for today[0], cases in arrivals:
        ward.add_cases(store, cases, first=first)
        first += len(cases)
    return store


PER_DAY = 6


@pytest.mark.parametrize(
    ("delays", "expected"),
    [
        ([1] * 132, 1),
        ([1] * 120 + [5] * 12, 5),  # 9 % come after 5 days
        ([1] * 126 + [5] * 6, 1),  # 4.5 % do
        ([1] * 60, LONGEST_DELAY),  # too few persons for a share
        ([20] * 132, LONGEST_DELAY),  # loaded long after
        ([], LONGEST_DELAY),
    ],
)
def test_a_day_is_complete_once_95_percent_of_its_cases_usually_are_known(
    tmp_path: Path, delays: list[int], expected: int
) -> None:
    by_arrival: dict[int, list[Case]] = defaultdict(list)
    for number, delay in enumerate(delays):
        by_arrival[number // PER_DAY + delay].append(Case(HOME, None, number // PER_DAY, 400))
    # The last days are not complete yet, so they do not count.
    by_arrival[60] = [Case(HOME, None, 59, 400)]
    with closing(open_late_city(tmp_path, sorted(by_arrival.items()))) as store:
        assert usual_delay(store, "confirmed", None) == expected
        assert usual_delay(store, "died", None) == LONGEST_DELAY


def test_the_delay_of_a_recovery_counts_from_the_recovery(tmp_path: Path) -> None:
    """All cases are confirmed on one day, recover on others and are known three days later."""
    arrivals = [(13 + n, [Case(HOME, None, 0, 10 + n)] * PER_DAY) for n in range(20)]
    arrivals.append((60, [Case(HOME, None, 59, 60)]))
    with closing(open_late_city(tmp_path, arrivals)) as store:
        assert usual_delay(store, "recovered", None) == 3
        assert usual_delay(store, "confirmed", None) == LONGEST_DELAY
