"""An official decides which of two records is counted; every later version keeps the decision."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from geodata.errors import InputError, NotFoundError
from geodata.ledger.current import current_cases
from geodata.ledger.doubles import (
    decide_one_case,
    decide_two_cases,
    double_decisions,
    episode_groups,
)
from geodata.store import Store
from tests.geodata.ledger.record_tables import known_records
from tests.geodata.ledger.versions.file_loads import JULY, KEY, NIKS, case, load, stored, versions


def decide(store: Store, stands: str | None, *ids: str, by: str = "dinkes") -> int:
    """Decide that records are one case, or (None) that each is a case."""
    if stands is None:
        return decide_two_cases(store, ids, by=by, pseudonymiser=KEY)
    return decide_one_case(store, stands, ids, by=by, pseudonymiser=KEY)


def counted(store: Store) -> list[str]:
    return [str(key) for key in current_cases(store)["case_id"].to_pylist()]


def test_the_record_that_stands_is_counted_in_place_of_its_doubles(store: Store) -> None:
    load(store, case("A", 0, RT="1"), case("B", 0), case("C", 0), case("D", 1))
    assert counted(store) == ["A", "D"]
    assert decide(store, "b", "A") == 2
    assert counted(store) == ["B", "D"]
    assert versions(store, "case_id", "version", "double_of", "rt") == [
        ("A", 1, None, 1),
        ("A", 2, "B", 1),
        ("B", 1, "A", None),
        ("B", 2, None, None),
        ("C", 1, "A", None),
        ("D", 1, None, None),
    ]


def test_a_decision_is_stored_for_each_pair_with_its_decider(store: Store) -> None:
    load(store, case("C", 0), case("A", 0), case("B", 0), case("Z", 1))
    assert decide(store, "A", "C", "b", by=" dinkes ") == 3
    [batch] = [row for row in stored(store, "batch") if row["source"] == "decision"]
    assert batch["batch"].startswith("decision-")
    assert batch["kind"] == "cases"
    assert batch["summary"] == json.dumps({"decided": 3, "secret_check": KEY.check_value()})
    names = ("first_id", "second_id", "stands", "decided_at", "decided_by")
    rows = [tuple(row.values()) for row in stored(store, "double_decision", *names)]
    moment = batch["recorded_at"]
    assert rows == [
        ("A", "B", "A", moment, "dinkes"),
        ("A", "C", "A", moment, "dinkes"),
        ("B", "C", "A", moment, "dinkes"),
    ]
    assert versions(store, "case_id", "version", "double_of", "batch")[1::2][:1] == [
        ("A", 2, None, batch["batch"])
    ]
    assert {
        row[1] for row in versions(store, "batch", "recorded_at", "version") if row[2] == 2
    } == {moment}
    # The decision that is in force already adds no version.
    assert decide(store, "A", "B", "C") == 0
    assert len(versions(store, "case_id")) == 7
    assert decide(store, None, "A", "B") == 1
    assert double_decisions(store) == {("A", "B"): None, ("A", "C"): "A", ("B", "C"): "A"}
    assert counted(store) == ["A", "B", "Z"]


@pytest.mark.parametrize(
    ("stands", "ids", "by", "error", "code"),
    [
        (None, ["A", "B"], "dinkes", InputError, "not-one-person"),
        (None, ["B", "N"], "dinkes", InputError, "not-one-person"),
        (None, ["N", "M"], "dinkes", InputError, "not-one-person"),
        (None, ["B", "b"], "dinkes", InputError, "one-record"),
        ("B", ["B"], "dinkes", InputError, "one-record"),
        (None, ["B", "Z-9"], "dinkes", NotFoundError, "no-record"),
        (None, ["B", "C"], " ", InputError, "no-decider"),
        (None, ["B", "C"], "ana 2", InputError, "no-decider"),
        (None, ["B", "C"], "a" * 81, InputError, "no-decider"),
    ],
)
def test_a_decision_needs_records_of_one_person_and_a_decider(
    store: Store, stands: str | None, ids: list[str], by: str, error: type[Exception], code: str
) -> None:
    load(store, case("A", 0), case("B", 1), case("C", 1), case("N"), case("M"))
    with pytest.raises(error) as raised:
        decide(store, stands, *ids, by=by)
    assert raised.value.code == code  # type: ignore[attr-defined]  # both are of our own
    assert stored(store, "double_decision") == []


def test_a_name_of_eighty_letters_may_decide(store: Store) -> None:
    load(store, case("B", 1), case("C", 1))
    assert decide(store, None, "B", "C", by=f" {'a' * 80} ") == 1
    assert stored(store, "double_decision", "decided_by") == [{"decided_by": "a" * 80}]


def record(key: str, day: int | None, nik: str = "n", status: str | None = "confirmed") -> Any:
    confirmed_on = None if day is None else JULY + timedelta(day)
    return {"case_id": key, "nik": nik, "status": status, "confirmed_on": confirmed_on}


@pytest.mark.parametrize(
    ("records", "groups"),
    [
        ([record("A", 0), record("B", 90)], {"A": 0, "B": 0}),
        ([record("A", 0), record("B", 91)], {}),
        ([record("A", 0), record("B", 5, nik="m")], {}),
        ([record("A", 0), record("B", 14, status="suspect")], {"A": 0, "B": 0}),
        ([record("A", 0), record("B", 15, status="suspect")], {}),
        ([record("A", 0, status=None), record("B", 20, status="probable")], {"A": 0, "B": 0}),
        # The episode lasts from its first record, in the order of the days.
        ([record("C", 100), record("B", 80), record("A", 0)], {"A": 0, "B": 0}),
        ([record("B", 0), record("A", 0), record("C", None)], {"A": 0, "B": 0}),
        ([record("A", None), record("B", None)], {}),
        (
            [record("X", -300), record("A", 0), record("B", 1), record("C", 200), record("D", 201)],
            {"A": 1, "B": 1, "C": 2, "D": 2},
        ),
        (
            [record("A", 5), record("B", 1, nik="m"), record("C", 6), record("D", 3, nik="m")],
            {"B": 0, "D": 0, "A": 1, "C": 1},
        ),
    ],
)
def test_records_of_one_episode_are_one_group(
    records: list[dict[str, Any]], groups: dict[str, int]
) -> None:
    assert episode_groups(known_records(*records), 90) == groups


def test_the_first_known_date_of_a_record_is_its_day() -> None:
    other_dates = {"specimen_on": JULY + timedelta(100), "reported_on": JULY}
    records = known_records(record("A", 0), record("B", None) | other_dates)
    assert episode_groups(records, 90) == {}
    assert episode_groups(records, 100) == {"A": 0, "B": 0}
    reported = known_records(record("A", 0), record("B", None) | {"reported_on": date(2021, 7, 2)})
    assert episode_groups(reported, 90) == {"A": 0, "B": 0}


def test_the_newest_decision_on_a_pair_counts(store: Store) -> None:
    assert double_decisions(store) == {}
    load(store, case("A", 0), case("B", 0))
    decide(store, "A", "B")
    decide(store, "B", "A")
    assert double_decisions(store) == {("A", "B"): "B"}
    assert NIKS[0] not in str(stored(store, "double_decision"))
