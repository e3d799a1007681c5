"""A number in any spelling is the same record; different numbers are different records."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ledger.current import current_cases
from geodata.ledger.matching.record_numbers import find_keys
from geodata.ledger.withdrawing import record_history, withdraw
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Store
from tests.geodata.ledger.case_rows import FULL_ROW, JULY, KEY, case_row, confirmed_days, load


@pytest.mark.parametrize(
    "written",
    [
        "A-1",
        " a-1 ",
        "A - 1",
        "A\u20131",
        "A\u22121",
        "\uff21-1",
        "A\u200b-1\ufeff",
        "'A-1",
        '="A-1"',
    ],
)
def test_every_spelling_of_a_number_is_the_same_record(store: Store, written: str) -> None:
    load(store, FULL_ROW)
    report = load(store, FULL_ROW | {"No Kasus": written})
    assert (report.new, report.unchanged) == (0, 1)
    assert find_keys(store, "cases", [written]) == ["A-1"]
    assert len(record_history(store, "cases", written)) == 1
    assert withdraw(store, "cases", [written], "entered twice", pseudonymiser=KEY) == 1


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("1", "1.0", True),
        ("1", "1,0", True),
        ("1.10", "1.1", False),
        ("1.000", "1", False),
        ("12", "1 2", True),
        ("1-2", "12", False),
        ("stra\u00dfe-1", "STRASSE-1", True),
        ("A1", "A-1", False),
    ],
)
def test_numbers_are_equal_when_their_normal_forms_are_equal(
    first: str,
    second: str,
    same: bool,  # noqa: FBT001
) -> None:
    assert (normal_id(first) == normal_id(second)) is same


CHARACTERS = st.sampled_from([*"aA1 0.,-'=\"\t", "\u2013", "\u200b", "\uff11", "\u00df"])


@given(st.text(CHARACTERS, max_size=8) | st.text(max_size=8))
def test_normal_ids_of_a_column_equals_normal_id_of_each_number(text: str) -> None:
    assert normal_ids(pa.array([text, None])).to_pylist() == [normal_id(text), None]


@given(st.text(CHARACTERS, min_size=1, max_size=8))
def test_case_dashes_and_outer_spaces_do_not_change_a_number(text: str) -> None:
    written = text.swapcase().replace("-", "\u2212").replace("1", "\uff11")
    assert normal_id(f" {written}\u200b ") == normal_id(text)


def test_numbers_that_differ_by_leading_zeros_are_one_record_for_the_same_person(
    store: Store,
) -> None:
    load(store, case_row("1", 0), case_row("2", 1), case_row("3", 2) | {"NIK": None})
    report = load(
        store,
        case_row("001", 0),
        case_row("002", 5, JULY + timedelta(40)),
        case_row("003", 2) | {"NIK": None},
    )
    assert (report.new, report.unchanged) == (2, 1)
    assert report.numbers_alike == (("002", "2"), ("003", "3"))
    assert report.warnings["numbers-alike"] == 2
    assert set(confirmed_days(store)) == {"1", "2", "3", "002", "003"}


def test_a_withdrawn_record_with_the_number_of_another_record_does_not_come_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older databases have numbers without a normal form: `1` and `1.0` may both be known."""
    load(store, case_row("1", 0))
    # As an older program kept it.
    monkeypatch.setattr(
        "geodata.ledger.matching.record_matching._normal_forms",
        lambda keys: np.array(keys, dtype=object),
    )
    load(store, case_row("1.0", 0) | {"NIK": None})
    monkeypatch.undo()
    assert set(confirmed_days(store)) == {"1", "1.0"}
    assert load(store, case_row("1.0", 0, Alamat="Jl. Contoh 1") | {"NIK": None}).corrected == 1
    withdraw(store, "cases", ["1.0"], "it is number 1", pseudonymiser=KEY)
    load(store, case_row("1.0", 0, Alamat="Jl. Contoh 2") | {"NIK": None})
    assert set(confirmed_days(store)) == {"1"}
    assert current_cases(store)["address"].to_pylist() == ["Jl. Contoh 2"]
