"""Newcomers: end of quarantine, state, verification, and duplicates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from geodata.boundaries import Boundaries, save_boundaries
from geodata.errors import InputError, NotFoundError
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.databases import NewDatabase
from zoning import City
from zoning.quarantine import STATES, State, quarantine_rules, with_states
from zoning.quarantine.newcomers import StateFilter, duplicates, list_newcomers, verify
from zoning.records.intake import load_sheet

ADDRESS = {"rt": "1", "rw": "1", "kelurahan": "33.74.01.1003"}
LAW = date(2021, 4, 20)


@pytest.fixture
def store(
    small_boundaries: Boundaries, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_boundaries, "sample", {})
        yield opened


def load_rows(store: Store, *rows: dict[str, Any]) -> None:
    frame = pd.DataFrame([ADDRESS | row for row in rows]).astype(object)
    load_sheet(store, "newcomers", sheet_from_frame(frame.where(frame.notna(), None)))


def states(store: Store, on: date, state: StateFilter | None = None) -> dict[str, str]:
    newcomers = list_newcomers(store, City(store).ground(), on, state=state)
    return dict(zip(newcomers["newcomer_id"].tolist(), newcomers["state"].tolist(), strict=True))


RULES = quarantine_rules(["33.74"])


def state_of_one(arrived: date, on: date, **overrides: Any) -> tuple[str, Any, Any]:
    blank = dict.fromkeys(
        ("quarantine_until", "tested_on", "test_result", "health_letter", "left_on", "verified_on")
    )
    rows = with_states(pd.DataFrame([{"arrived_on": arrived} | blank | overrides]), on, RULES)
    if rows.empty:
        return "not yet", None, None
    return rows["state"][0], rows["due_on"][0], rows["rule"][0]


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
def test_the_rule_of_the_arrival_day_sets_the_end_unless_the_list_does(
    arrived: date, fields: dict[str, Any], due: date | None, rule: str | None
) -> None:
    assert state_of_one(arrived, arrived, **fields)[1:] == (due, rule)


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
    assert state_of_one(LAW, LAW + timedelta(after), **fields)[0] == state


def test_rules_have_no_gap_and_titles_in_both_languages() -> None:
    first, second = RULES
    assert first.in_force.until == second.in_force.since - timedelta(1)
    assert all(rule.title.id and rule.title.en and rule.source.law for rule in (first, second))


def test_a_rule_of_another_kota_is_in_force_nowhere_else() -> None:
    national = [rule for rule in RULES if rule.kota is None]
    assert [rule.id for rule in national] == ["inmendagri-9-2021"]
    assert list(quarantine_rules(["33.72"])) == national
    assert quarantine_rules(["33.72", "3374"]) == RULES


def test_a_verification_stays_when_the_list_is_loaded_again(store: Store) -> None:
    rows = [{"id": "N-1", "tgl tiba": "20/4/2021"}, {"id": "N-2", "tgl tiba": "20/4/2021"}]
    load_rows(store, *rows)
    on = date(2021, 4, 27)
    assert states(store, on, "unverified") == {"N-1": "overdue", "N-2": "overdue"}
    verify(store, "N-1", "Lurah", date(2021, 4, 26))
    verify(store, " n\u20131", "lurah", date(2021, 4, 26))
    load_rows(store, *rows, {"id": "N-3", "tgl tiba": "21/4/2021", "surat sehat": "ada"})
    assert states(store, on) == {"N-1": "released", "N-2": "overdue", "N-3": "exempt"}
    assert states(store, on, "unverified") == {"N-2": "overdue"}
    assert states(store, on, "overdue") == {"N-2": "overdue"}


def test_lapsed_newcomers_are_a_list_of_their_own(store: Store) -> None:
    load_rows(store, *({"id": f"N-{k}", "tgl tiba": "20/4/2021"} for k in range(3)))
    load_rows(store, {"id": "N-9", "tgl tiba": "4/6/2021"})
    tested = {"tgl tes": "22/4/2021", "hasil tes": "negatif"}
    load_rows(store, {"id": "N-2", "tgl tiba": "20/4/2021"} | tested)
    on = date(2021, 6, 14)
    all_states = {"N-0": "lapsed", "N-1": "lapsed", "N-2": "released", "N-9": "overdue"}
    assert states(store, on) == all_states
    assert states(store, on, "lapsed") == {"N-0": "lapsed", "N-1": "lapsed"}
    assert states(store, on, "overdue") == {"N-9": "overdue"}
    # A lapsed newcomer is not unverified, with a test or without.
    assert states(store, on, "unverified") == {"N-9": "overdue"}
    verify(store, "N-0", "lurah", date(2021, 6, 13))
    assert states(store, on) == all_states | {"N-0": "released"}
    each_state: list[State] = list(STATES)
    assert sum(len(states(store, on, state)) for state in each_state) == len(all_states)


@pytest.mark.parametrize("office", ["Budi Santoso", "sendiri", ""])
def test_the_verifier_is_an_office_and_never_a_name(store: Store, office: str) -> None:
    load_rows(store, {"id": "N-1", "tgl tiba": "20/4/2021"})
    with pytest.raises(InputError) as raised:
        verify(store, "N-1", office)
    assert raised.value.code == "no-office"
    assert "Budi" not in raised.value.message


def test_a_verification_needs_a_known_newcomer_and_a_day_after_arrival(store: Store) -> None:
    load_rows(store, {"id": "N-1", "tgl tiba": "20/4/2021"})
    with pytest.raises(NotFoundError):
        verify(store, "N-9", "lurah")
    with pytest.raises(InputError, match="before"):
        verify(store, "N-1", "lurah", date(2021, 4, 19))


def test_duplicates_group_the_same_person_and_the_same_family(store: Store) -> None:
    def row(number: str, nik: int, kk: int, day: str) -> dict[str, Any]:
        return {"id": number, "nik": f"0000{nik:012}", "kk": f"0000{kk:012}", "tgl tiba": day}

    load_rows(
        store,
        row("N-1", 1, 1, "20/4/2021"),
        row("N-2", 1, 2, "25/4/2021"),
        row("N-3", 1, 3, "25/7/2021"),
        row("N-4", 4, 9, "20/4/2021"),
        row("N-5", 5, 9, "20/4/2021"),
        row("N-6", 6, 9, "21/4/2021"),
    )
    rows = duplicates(store, City(store).ground())
    groups = rows.groupby(["why", "group"])["newcomer_id"].apply(list).to_dict()
    assert groups == {("person", 1): ["N-1", "N-2"], ("family", 1): ["N-4", "N-5"]}
