"""A row gets the record of its number, else the known case of its person in the same episode."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from geodata.ledger.matching.record_matching import (
    NumberMatches,
    RecordMatches,
    match_by_number,
    match_by_person,
)
from geodata.records import CASES, NEWCOMERS, PLACES
from tests.geodata.ledger.record_tables import checked_rows, known_records

JULY = date(2021, 7, 1)
COMPUTED = "0123456789abcdef" * 2
LIMIT = 90


def number(key: str, nik: str | None = None, **more: Any) -> dict[str, Any]:
    return {"case_id": key, "nik": nik} | more


def unnumbered(key: str, nik: str | None = None, **more: Any) -> dict[str, Any]:
    return number(key, nik, numbered=False, **more)


def case(key: str, nik: str | None = None, day: int | None = 0, **more: Any) -> dict[str, Any]:
    """A confirmed case of a person, some days after the first of July."""
    confirmed_on = None if day is None else JULY + timedelta(day)
    return {"case_id": key, "nik": nik, "status": "confirmed", "confirmed_on": confirmed_on} | more


def by_number(
    known: list[dict[str, Any]], *rows: dict[str, Any], aliases: dict[str, str] | None = None
) -> NumberMatches:
    return match_by_number(checked_rows(*rows), known_records(*known), CASES, aliases or {})


def by_person(
    known: list[dict[str, Any]], *rows: dict[str, Any], limit: int = LIMIT
) -> RecordMatches:
    keys = np.array([row["case_id"] for row in rows], dtype=object)
    return match_by_person(checked_rows(*rows), known_records(*known), CASES, keys, limit=limit)


def test_a_number_in_another_spelling_is_the_known_record() -> None:
    matches = by_number(
        [number("A-1"), number("B-1")],
        *(number(key) for key in ("B-1", "a - 1", "C-1", "c-1", "A-1")),
    )
    assert matches.keys.tolist() == ["B-1", "A-1", "C-1", "C-1", "A-1"]
    assert matches.numbers_alike == []
    assert by_number([number("A - 1")], number("a-1")).keys.tolist() == ["A - 1"]


def test_an_alias_is_the_known_record_and_a_key_comes_before_an_alias() -> None:
    aliases = {"x-1": "A-1", "b-1": "A-1"}
    matches = by_number(
        [number("A-1"), number("B-1")],
        *(number(key) for key in ("X-1", "b-1", "Y-1")),
        aliases=aliases,
    )
    assert matches.keys.tolist() == ["A-1", "B-1", "Y-1"]


def test_a_computed_key_is_not_read_as_a_number() -> None:
    """The computed key of a row is compared as it is."""
    matches = by_number([number("A-1")], unnumbered("a-1"), number("a-1"), unnumbered("A-1"))
    assert matches.keys.tolist() == ["a-1", "A-1", "A-1"]
    assert by_number([number("A-1")], unnumbered("a-1")).keys.tolist() == ["a-1"]


def test_of_two_records_of_one_number_the_record_that_is_not_withdrawn_counts() -> None:
    known = [number("1.0", withdrawn=True), number("1")]
    assert by_number(known, number("1.0"), number("1,0")).keys.tolist() == ["1", "1"]
    withdrawn = [number("A-1", withdrawn=True), number("B", withdrawn=None)]
    assert by_number(withdrawn, number("a-1"), number("B")).keys.tolist() == ["A-1", "B"]


@pytest.mark.parametrize(
    ("known", "row", "is_joined"),
    [
        ({"nik": "n"}, {"nik": "n"}, True),
        ({"nik": "n"}, {"nik": "m"}, False),
        ({"nik": "n", "person": "p"}, {"nik": "m", "person": "p"}, False),
        ({"nik": "n", "person": "p"}, {"person": "p"}, True),
        ({"person": "p"}, {"nik": "n", "person": "p"}, True),
        ({"person": "p"}, {"person": "q"}, False),
        ({}, {}, False),
    ],
)
def test_numbers_that_differ_by_leading_zeros_are_joined_for_the_same_person(
    known: dict[str, Any],
    row: dict[str, Any],
    is_joined: bool,  # noqa: FBT001
) -> None:
    matches = by_number(
        [number("K-9"), number("K-1") | known],
        number("K-01") | row,
        number("L-1"),
        number("K-01") | row,
    )
    key = "K-1" if is_joined else "K-01"
    assert matches.keys.tolist() == [key, "L-1", key]
    assert matches.numbers_alike == ([] if is_joined else [("K-01", "K-1")])


def test_new_numbers_that_differ_by_leading_zeros_are_joined_or_listed_too() -> None:
    matches = by_number(
        [],
        number("1", "n"),
        number("01", "n"),
        number("001", "m"),
        number("0001", "m"),
        number("2"),
        number("0002"),
    )
    assert matches.keys.tolist() == ["1", "1", "001", "001", "2", "0002"]
    assert matches.numbers_alike == [("001", "1"), ("0002", "2")]


def test_places_have_no_persons_so_similar_numbers_are_only_listed() -> None:
    rows = checked_rows({"place_id": "01"}, {"place_id": "2"}, kind=PLACES)
    known = known_records({"place_id": "1"}, {"place_id": "3"}, kind=PLACES)
    matches = match_by_number(rows, known, PLACES, {})
    assert matches.keys.tolist() == ["01", "2"]
    assert matches.numbers_alike == [("01", "1")]


@pytest.mark.parametrize(
    ("known", "row", "key"),
    [
        # Within the days of an episode, the same case.
        (case("K", "n"), case(COMPUTED, "n", 90, numbered=False), "K"),
        (case("K", "n"), case(COMPUTED, "n", 91, numbered=False), None),
        (case("K", "n"), case(COMPUTED, "n", -90, numbered=False), "K"),
        (case("K", "n"), case(COMPUTED, "m", numbered=False), None),
        (case("K", None), case(COMPUTED, None, numbered=False), None),
        (case("K", "n", withdrawn=True), case(COMPUTED, "n", numbered=False), None),
        # A suspect is the same episode within fourteen days only.
        (case("K", "n"), case(COMPUTED, "n", 14, numbered=False, status="suspect"), "K"),
        (case("K", "n"), case(COMPUTED, "n", 15, numbered=False, status="suspect"), None),
        (case("K", "n", status="contact"), case(COMPUTED, "n", 14, numbered=False), "K"),
        (case("K", "n", status="contact"), case(COMPUTED, "n", 15, numbered=False), None),
        (case("K", "n", status=None), case(COMPUTED, "n", 80, numbered=False, status=None), "K"),
        (case("K", "n", status="probable"), case(COMPUTED, "n", 80, numbered=False), "K"),
        # The first known date is the day, in the order of the kind.
        (
            case("K", "n", None, specimen_on=JULY, reported_on=JULY + timedelta(30)),
            case(COMPUTED, "n", 15, numbered=False, status="suspect"),
            None,
        ),
        # A row without a date belongs to the only case, or to the last case before its outcome.
        (case("K", "n"), case(COMPUTED, "n", None, numbered=False), "K"),
        (case("K", "n"), case(COMPUTED, "n", None, numbered=False, outcome_on=JULY), "K"),
        (
            case("K", "n"),
            case(COMPUTED, "n", None, numbered=False, outcome_on=JULY - timedelta(1)),
            None,
        ),
        # A number joins a case without a number.
        (case(COMPUTED, "n"), case("A", "n", 3), COMPUTED),
        (case("erased-1", "n"), case("A", "n", 3), "erased-1"),
    ],
)
def test_a_row_whose_key_is_unknown_gets_the_case_of_its_person(
    known: dict[str, Any], row: dict[str, Any], key: str | None
) -> None:
    matches = by_person([case("Z", "z"), known], row)
    assert matches.keys.tolist() == [key or row["case_id"]]
    assert matches.by_person.tolist() == [key is not None]
    assert matches.by_person.dtype == np.bool_
    assert matches.double_of.tolist() == [None]
    assert matches.aliases == ({} if key is None else {row["case_id"].casefold(): key})


def test_two_numbers_of_one_case_stay_two_records_and_the_known_record_is_counted() -> None:
    matches = by_person([case("H-1", "n")], case("D-1", "n", 2), case("D-1", "n", 3))
    assert matches.keys.tolist() == ["D-1", "D-1"]
    assert matches.double_of.tolist() == ["H-1", "H-1"]
    assert (matches.by_person.tolist(), matches.aliases) == ([False, False], {})
    # The double of a double names the record that is counted.
    known = [case("D-1", "n", 2, double_of="H-1"), case("H-1", "n", 40)]
    assert by_person(known, case("E-1", "n", 2)).double_of.tolist() == ["H-1"]


def test_rows_of_one_file_are_matched_with_each_other_in_their_order() -> None:
    matches = by_person(
        [],
        case("A", "n"),
        case("B", "n", 3),
        case(COMPUTED, "n", 5, numbered=False),
        case("C", "m"),
        case("D", "n", 200),
        case("E", "n", 4),
    )
    assert matches.keys.tolist() == ["A", "B", "B", "C", "D", "E"]
    assert matches.double_of.tolist() == [None, "A", None, None, None, "A"]
    assert matches.by_person.tolist() == [False, False, True, False, False, False]
    assert matches.aliases == {COMPUTED: "B"}


def test_a_row_of_a_known_record_stays_with_its_record() -> None:
    known = [case("A", "n"), case("B", "n", 2)]
    matches = by_person(known, case("B", "n"), case("A", "n", 40), case("C", "n"))
    assert matches.keys.tolist() == ["B", "A", "C"]
    assert matches.double_of.tolist() == [None, None, "A"]


def test_a_known_record_without_a_nik_stays_a_record_when_its_row_names_the_nik() -> None:
    """A row of the same person later in the file gets this record."""
    row_without_number = case(COMPUTED, "n", 1, numbered=False)
    for known in ([case("A", None)], [case("A", None, withdrawn=None)], []):
        rows = [case("A", None), case("A", "n"), row_without_number]
        matches = by_person(known, *rows[bool(known) :])
        assert matches.keys.tolist()[-2:] == ["A", "A"]
        assert matches.by_person.tolist()[-2:] == [False, True]
    # So it does not become the case of another known record.
    matches = by_person([case("A", None), case("B", "n")], case("A", "n"))
    assert (matches.keys.tolist(), matches.double_of.tolist()) == (["A"], [None])
    matches = by_person([case(COMPUTED, "n")], case("A", None), case("A", "n"))
    assert matches.keys.tolist() == ["A", "A"]


def test_a_withdrawn_record_without_a_nik_does_not_hold_its_number() -> None:
    known = [case("A", None, withdrawn=True), case(COMPUTED, "n")]
    assert by_person(known, case("A", "n")).keys.tolist() == ["A"]


def test_an_episode_lasts_from_the_known_day_of_its_record() -> None:
    """Another day of the record in the file does not make the episode longer."""
    rows = [case("A", None), case("A", "n", 60), case(COMPUTED, "n", 120, numbered=False)]
    assert by_person([case("A", "n")], *rows).keys.tolist() == ["A", "A", COMPUTED]


def test_only_kinds_with_episodes_are_matched_by_person() -> None:
    rows = checked_rows({"newcomer_id": "B", "nik": "n", "arrived_on": JULY}, kind=NEWCOMERS)
    known = known_records({"newcomer_id": "A", "nik": "n", "arrived_on": JULY}, kind=NEWCOMERS)
    keys = np.array(["B"], dtype=object)
    matches = match_by_person(rows, known, NEWCOMERS, keys, limit=LIMIT)
    assert (matches.keys.tolist(), matches.aliases) == (["B"], {})
    assert (matches.by_person.tolist(), matches.double_of.tolist()) == ([False], [None])
    assert matches.keys is not keys
