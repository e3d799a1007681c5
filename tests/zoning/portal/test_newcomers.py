"""Newcomers: due day, state on a day, verifications, possible duplicates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from geodata.boundaries import assemble, save_boundaries
from geodata.errors import InputError, NotFoundError
from geodata.sample_city import SampleCity
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_of
from tests.databases import NewDatabase
from zoning import City
from zoning.quarantine import STATES, State, quarantine_rules, with_states
from zoning.quarantine.newcomers import Asked, duplicates, newcomers_on, verify
from zoning.records.intake import load_sheet

AREA = {"rt": "1", "rw": "1", "kelurahan": "33.74.01.1003"}
LAW = date(2021, 4, 20)


@pytest.fixture
def store(
    small_sample: SampleCity, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, assemble(small_sample.rt), "sample", {})
        yield opened


def load(store: Store, *rows: dict[str, Any]) -> None:
    frame = pd.DataFrame([AREA | row for row in rows]).astype(object)
    load_sheet(store, "newcomers", sheet_of(frame.where(frame.notna(), None)))


def states(store: Store, day: date, state: Asked | None = None) -> dict[str, str]:
    newcomers = newcomers_on(store, City(store).ground(), day, state=state)
    return dict(zip(newcomers["newcomer_id"].tolist(), newcomers["state"].tolist(), strict=True))


def state_of(arrived: date, day: date, **fields: Any) -> tuple[str, Any, Any]:
    empty_fields = dict.fromkeys(
        ("quarantine_until", "tested_on", "test_result", "health_letter", "left_on", "verified_on")
    )
    newcomers = with_states(pd.DataFrame([{"arrived_on": arrived} | empty_fields | fields]), day)
    if newcomers.empty:
        return "not yet", None, None
    return newcomers["state"][0], newcomers["due_on"][0], newcomers["rule"][0]


@pytest.mark.parametrize(
    ("arrived", "fields", "due", "rule"),
    [
        (date(2020, 3, 31), {}, None, None),
        (date(2020, 4, 1), {}, date(2020, 4, 15), "semarang-2020"),
        (date(2021, 4, 19), {"health_letter": "yes"}, date(2021, 5, 3), "semarang-2020"),
        (LAW, {"health_letter": "no"}, date(2021, 4, 25), "inmendagri-9-2021"),
        (LAW, {}, date(2021, 4, 25), "inmendagri-9-2021"),
        (LAW, {"health_letter": "yes"}, None, "inmendagri-9-2021"),
        (LAW, {"quarantine_until": date(2021, 4, 23)}, date(2021, 4, 23), "given"),
    ],
)
def test_the_rule_of_the_day_of_arrival_sets_the_due_day_unless_the_record_has_one(
    arrived: date, fields: dict[str, Any], due: date | None, rule: str | None
) -> None:
    assert state_of(arrived, arrived, **fields)[1:] == (due, rule)


@pytest.mark.parametrize(
    ("after", "fields", "state"),
    [
        (-1, {}, "not yet"),
        (0, {}, "in-quarantine"),
        (4, {}, "in-quarantine"),
        (4, {"tested_on": LAW, "test_result": "negative"}, "in-quarantine"),
        (5, {}, "due-today"),
        (6, {}, "overdue"),
        (6, {"tested_on": LAW, "test_result": "negative"}, "released"),
        (6, {"tested_on": LAW - timedelta(1), "test_result": "negative"}, "overdue"),
        (6, {"tested_on": LAW, "test_result": "positive"}, "overdue"),
        (6, {"verified_on": LAW}, "overdue"),
        (6, {"verified_on": LAW + timedelta(5)}, "released"),
        (6, {"verified_on": LAW + timedelta(9)}, "overdue"),
        (6, {"left_on": LAW + timedelta(2)}, "left"),
        (1, {"left_on": LAW + timedelta(2)}, "in-quarantine"),
        (9, {"health_letter": "yes"}, "exempt"),
        # Due on day 5: overdue until day 19, then lapsed.
        (19, {}, "overdue"),
        (20, {}, "lapsed"),
        (400, {}, "lapsed"),
        (400, {"tested_on": LAW + timedelta(1), "test_result": "positive"}, "lapsed"),
        (400, {"tested_on": LAW + timedelta(1), "test_result": "negative"}, "released"),
        (400, {"verified_on": LAW + timedelta(399)}, "released"),
        (400, {"verified_on": LAW + timedelta(4)}, "lapsed"),
        (400, {"left_on": LAW + timedelta(200)}, "left"),
        (400, {"health_letter": "yes"}, "exempt"),
        (21, {"quarantine_until": LAW + timedelta(7)}, "overdue"),
        (22, {"quarantine_until": LAW + timedelta(7)}, "lapsed"),
    ],
)
def test_the_state_of_a_newcomer_on_a_day(after: int, fields: dict[str, Any], state: str) -> None:
    assert state_of(LAW, LAW + timedelta(after), **fields)[0] == state


def test_quarantine_rules_have_no_gap_in_time_and_both_languages() -> None:
    first, second = quarantine_rules()
    assert first.in_force.until == second.in_force.since - timedelta(1)
    assert all(rule.title.id and rule.title.en and rule.source.law for rule in (first, second))


def test_a_verification_stays_when_the_list_is_loaded_again(store: Store) -> None:
    rows = [{"id": "N-1", "tgl tiba": "20/4/2021"}, {"id": "N-2", "tgl tiba": "20/4/2021"}]
    load(store, *rows)
    day = date(2021, 4, 27)
    assert states(store, day, "unverified") == {"N-1": "overdue", "N-2": "overdue"}
    verify(store, "N-1", "Lurah", date(2021, 4, 26))
    verify(store, " n\u20131", "lurah", date(2021, 4, 26))
    load(store, *rows, {"id": "N-3", "tgl tiba": "21/4/2021", "surat sehat": "ada"})
    assert states(store, day) == {"N-1": "released", "N-2": "overdue", "N-3": "exempt"}
    assert states(store, day, "unverified") == {"N-2": "overdue"}
    assert states(store, day, "overdue") == {"N-2": "overdue"}


def test_lapsed_quarantines_are_a_state_of_their_own_and_every_newcomer_has_a_state(
    store: Store,
) -> None:
    load(store, *({"id": f"N-{k}", "tgl tiba": "20/4/2021"} for k in range(3)))
    load(store, {"id": "N-9", "tgl tiba": "4/6/2021"})
    tested = {"tgl tes": "22/4/2021", "hasil tes": "negatif"}
    load(store, {"id": "N-2", "tgl tiba": "20/4/2021"} | tested)
    day = date(2021, 6, 14)
    expected = {"N-0": "lapsed", "N-1": "lapsed", "N-2": "released", "N-9": "overdue"}
    assert states(store, day) == expected
    assert states(store, day, "lapsed") == {"N-0": "lapsed", "N-1": "lapsed"}
    assert states(store, day, "overdue") == {"N-9": "overdue"}
    # A lapsed quarantine needs no verification, with or without a test.
    assert states(store, day, "unverified") == {"N-9": "overdue"}
    verify(store, "N-0", "lurah", date(2021, 6, 13))
    assert states(store, day) == expected | {"N-0": "released"}
    all_states: list[State] = list(STATES)
    assert sum(len(states(store, day, state)) for state in all_states) == len(expected)


@pytest.mark.parametrize("office", ["Budi Santoso", "sendiri", ""])
def test_a_verification_names_an_office_and_never_a_person(store: Store, office: str) -> None:
    load(store, {"id": "N-1", "tgl tiba": "20/4/2021"})
    with pytest.raises(InputError) as refused:
        verify(store, "N-1", office)
    assert refused.value.code == "no-office"
    assert "Budi" not in refused.value.message


def test_a_verification_needs_a_known_newcomer_and_a_day_after_arrival(store: Store) -> None:
    load(store, {"id": "N-1", "tgl tiba": "20/4/2021"})
    with pytest.raises(NotFoundError):
        verify(store, "N-9", "lurah")
    with pytest.raises(InputError, match="before"):
        verify(store, "N-1", "lurah", date(2021, 4, 19))


def test_newcomers_of_one_person_and_of_one_family_are_grouped(store: Store) -> None:
    def row(number: str, nik: int, kk: int, day: str) -> dict[str, Any]:
        return {"id": number, "nik": f"0000{nik:012}", "kk": f"0000{kk:012}", "tgl tiba": day}

    load(
        store,
        row("N-1", 1, 1, "20/4/2021"),
        row("N-2", 1, 2, "25/4/2021"),
        row("N-3", 1, 3, "25/7/2021"),
        row("N-4", 4, 9, "20/4/2021"),
        row("N-5", 5, 9, "20/4/2021"),
        row("N-6", 6, 9, "21/4/2021"),
    )
    pairs = duplicates(store, City(store).ground())
    groups = pairs.groupby(["why", "group"])["newcomer_id"].apply(list).to_dict()
    assert groups == {("person", 1): ["N-1", "N-2"], ("family", 1): ["N-4", "N-5"]}
