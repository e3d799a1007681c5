"""One person within one episode is one case, and a case is counted once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.ledger.current import current_cases
from geodata.ledger.doubles import decide_one_case, decide_two_cases
from geodata.ledger.matching.record_numbers import find_keys
from geodata.ledger.withdrawing import withdraw
from geodata.store import Store
from tests.cities.small_city import small_city
from tests.geodata.ledger.case_rows import FULL_ROW, JULY, KEY, NIKS, case_row, confirmed_days, load
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.records.doubles import double_cases


def test_a_corrected_date_is_reported_and_adds_no_case(store: Store) -> None:
    load(store, case_row(None, 0, date(2021, 7, 13)))
    report = load(store, case_row(None, 0, date(2021, 7, 14)))
    assert (report.new, report.corrected) == (0, 1)
    [(key, day)] = confirmed_days(store).items()
    assert day == date(2021, 7, 14)
    assert report.dates_corrected == ((key, date(2021, 7, 13), day, day),)
    assert report.warnings["dates-corrected"] == 1
    assert load(store, case_row(None, 0, date(2021, 7, 14)), case_row(None, 1)).unchanged == 1


@pytest.mark.parametrize(
    ("days", "episodes"),
    [
        ((0, 14), {14}),
        ((0, 15), {0}),
        ((15, 0), {0}),
        ((0, 90), {0}),
        ((0, 91), {0, 91}),
        ((0, 80, 160), {0, 160}),
        # Each earlier test becomes the first test of the episode.
        ((160, 80, 0), {0}),
        ((80, 0, 160), {0, 160}),
    ],
)
def test_an_episode_lasts_ninety_days_from_its_first_day(
    store: Store, days: Sequence[int], episodes: set[int]
) -> None:
    for number in days:
        load(store, case_row(None, 0, JULY - timedelta(180) + timedelta(number)))
    first_days = {(day - (JULY - timedelta(180))).days for day in confirmed_days(store).values()}
    assert first_days == episodes


def test_the_setting_reinfection_days_is_the_length_of_an_episode(store: Store) -> None:
    store.settings = replace(store.settings, reinfection_days=30)
    load(store, case_row(None, 0, JULY))
    load(store, case_row(None, 0, JULY + timedelta(31)))
    assert len(confirmed_days(store)) == 2


def test_a_later_number_becomes_an_alias_of_the_case_without_a_number(store: Store) -> None:
    load(store, case_row(None, 0))
    report = load(store, case_row("K-1", 0, JULY + timedelta(1)))
    assert (report.new, report.corrected) == (0, 1)
    [key] = confirmed_days(store)
    assert load(store, {"No Kasus": "k-1", "Status": "Suspek"}).corrected == 1
    assert find_keys(store, "cases", ["K-1"]) == [key]


def test_a_row_without_a_number_updates_the_numbered_case_of_the_person(store: Store) -> None:
    load(store, case_row("K-1", 0))
    report = load(store, case_row(None, 0, JULY + timedelta(3)))
    assert (report.new, report.corrected) == (0, 1)
    assert confirmed_days(store) == {"K-1": JULY + timedelta(3)}


def test_an_old_contact_record_is_not_the_episode_of_a_later_case(store: Store) -> None:
    load(store, case_row(None, 0, Status="Kontak erat"))
    load(store, case_row(None, 0, JULY + timedelta(15)))
    assert len(confirmed_days(store)) == 2
    load(store, case_row(None, 1, Status="Kontak erat"))
    load(store, case_row(None, 1, JULY + timedelta(5)))
    assert len(confirmed_days(store)) == 3


def open_doubles(store: Store) -> pd.DataFrame:
    return double_cases(store, RecordBoundaries(small_city(), "coordinates"))


def test_two_numbers_of_one_person_are_counted_once_until_an_official_decides(
    store: Store,
) -> None:
    load(store, case_row("H-1", 0))
    report = load(store, case_row("D-1", 0, JULY + timedelta(2), RT="3"))
    assert (report.new, report.doubles) == (1, (("D-1", "H-1"),))
    assert report.warnings["double"] == 1
    assert set(confirmed_days(store)) == {"H-1"}
    rows = open_doubles(store)
    assert rows["case_id"].tolist() == ["D-1", "H-1"]
    assert rows["counted"].tolist() == [False, True]
    assert decide_one_case(store, "d-1", ["H-1"], by="dinkes", pseudonymiser=KEY) == 2
    assert set(confirmed_days(store)) == {"D-1"}
    assert open_doubles(store).empty
    # New versions of the records do not change the decision.
    load(store, case_row("H-1", 0, RT="1"))
    load(store, case_row("D-1", 0, JULY + timedelta(3)))
    assert confirmed_days(store) == {"D-1": JULY + timedelta(3)}
    assert decide_two_cases(store, ["D-1", "H-1"], by="dinkes", pseudonymiser=KEY) == 1
    assert set(confirmed_days(store)) == {"D-1", "H-1"}
    load(store, case_row("H-1", 0, RT="2"))
    assert set(confirmed_days(store)) == {"D-1", "H-1"}
    assert len(double_cases(store, RecordBoundaries(small_city(), "coordinates"), "all")) == 2


def test_a_double_is_counted_when_its_counted_case_is_withdrawn_or_discarded(store: Store) -> None:
    load(store, case_row("H-1", 0))
    load(store, case_row("D-1", 0, JULY + timedelta(2)))
    withdraw(store, "cases", ["H-1"], "entered twice", pseudonymiser=KEY)
    assert set(confirmed_days(store)) == {"D-1"}
    load(store, case_row("H-1", 0, Status="Discarded"))
    assert set(confirmed_days(store)) == {"D-1", "H-1"}


def test_a_decision_on_cases_of_several_persons_is_rejected(store: Store) -> None:
    load(store, case_row("A", 0), case_row("B", 1), case_row("C", 1, JULY + timedelta(1)))
    for ids, error_code in ((["A", "B"], "not-one-person"), (["B", "b"], "one-record")):
        with pytest.raises(InputError) as raised:
            decide_two_cases(store, ids, by="dinkes", pseudonymiser=KEY)
        assert raised.value.code == error_code
    with pytest.raises(InputError) as raised:
        decide_two_cases(store, ["B", "C"], by=NIKS[0], pseudonymiser=KEY)
    assert raised.value.code == "no-decider"
    assert NIKS[0] not in raised.value.message


def test_a_file_that_is_loaded_again_after_corrections_changes_nothing(store: Store) -> None:
    part = {"No Kasus": "A-1", "Status": "Konfirmasi", "RT": "3"}
    load(store, FULL_ROW)
    load(store, part)
    load(store, part | {"RT": "1", "RW": "2"})
    before = current_cases(store)
    for rows in ([part], [FULL_ROW]):
        report = load(store, *rows)
        assert (report.corrected, report.unchanged, report.rejected) == (0, 1, 0)
    assert current_cases(store) == before
