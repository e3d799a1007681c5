"""Newcomers: until when they stay in, how they stand, who verified, who is listed twice."""

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

WHERE = {"rt": "1", "rw": "1", "kelurahan": "33.74.01.1003"}
LAW = date(2021, 4, 20)


@pytest.fixture
def store(
    small_sample: SampleCity, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, assemble(small_sample.rt), "sample", {})
        yield opened


def take_in(store: Store, *rows: dict[str, Any]) -> None:
    frame = pd.DataFrame([WHERE | row for row in rows]).astype(object)
    load_sheet(store, "newcomers", sheet_of(frame.where(frame.notna(), None)))


def states(store: Store, on: date, state: Asked | None = None) -> dict[str, str]:
    found = newcomers_on(store, City(store).ground(), on, state=state)
    return dict(zip(found["newcomer_id"].tolist(), found["state"].tolist(), strict=True))


def one(arrived: date, on: date, **told: Any) -> tuple[str, Any, Any]:
    blank = dict.fromkeys(
        ("quarantine_until", "tested_on", "test_result", "health_letter", "left_on", "verified_on")
    )
    found = with_states(pd.DataFrame([{"arrived_on": arrived} | blank | told]), on)
    if found.empty:
        return "not yet", None, None
    return found["state"][0], found["due_on"][0], found["rule"][0]


@pytest.mark.parametrize(
    ("arrived", "told", "due", "rule"),
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
def test_the_rule_of_the_day_of_arrival_says_until_when_unless_the_list_does(
    arrived: date, told: dict[str, Any], due: date | None, rule: str | None
) -> None:
    assert one(arrived, arrived, **told)[1:] == (due, rule)


@pytest.mark.parametrize(
    ("after", "told", "state"),
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
        # Due on day 5: to do until day 19, then of no use any more.
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
def test_how_a_newcomer_stands_on_a_day(after: int, told: dict[str, Any], state: str) -> None:
    assert one(LAW, LAW + timedelta(after), **told)[0] == state


def test_rules_follow_one_another_without_a_gap_and_speak_both_languages() -> None:
    first, second = quarantine_rules()
    assert first.in_force.until == second.in_force.since - timedelta(1)
    assert all(rule.title.id and rule.title.en and rule.source.law for rule in (first, second))


def test_a_verification_lasts_when_the_list_comes_anew(store: Store) -> None:
    rows = [{"id": "N-1", "tgl tiba": "20/4/2021"}, {"id": "N-2", "tgl tiba": "20/4/2021"}]
    take_in(store, *rows)
    on = date(2021, 4, 27)
    assert states(store, on, "unverified") == {"N-1": "overdue", "N-2": "overdue"}
    verify(store, "N-1", "Lurah", date(2021, 4, 26))
    verify(store, " n\u20131", "lurah", date(2021, 4, 26))
    take_in(store, *rows, {"id": "N-3", "tgl tiba": "21/4/2021", "surat sehat": "ada"})
    assert states(store, on) == {"N-1": "released", "N-2": "overdue", "N-3": "exempt"}
    assert states(store, on, "unverified") == {"N-2": "overdue"}
    assert states(store, on, "overdue") == {"N-2": "overdue"}


def test_what_ended_long_ago_is_a_list_of_its_own_and_nobody_is_lost(store: Store) -> None:
    take_in(store, *({"id": f"N-{k}", "tgl tiba": "20/4/2021"} for k in range(3)))
    take_in(store, {"id": "N-9", "tgl tiba": "4/6/2021"})
    tested = {"tgl tes": "22/4/2021", "hasil tes": "negatif"}
    take_in(store, {"id": "N-2", "tgl tiba": "20/4/2021"} | tested)
    on = date(2021, 6, 14)
    every = {"N-0": "lapsed", "N-1": "lapsed", "N-2": "released", "N-9": "overdue"}
    assert states(store, on) == every
    assert states(store, on, "lapsed") == {"N-0": "lapsed", "N-1": "lapsed"}
    assert states(store, on, "overdue") == {"N-9": "overdue"}
    # What is over for long waits for nobody, whether somebody was tested or not.
    assert states(store, on, "unverified") == {"N-9": "overdue"}
    verify(store, "N-0", "lurah", date(2021, 6, 13))
    assert states(store, on) == every | {"N-0": "released"}
    one_of_each: list[State] = list(STATES)
    assert sum(len(states(store, on, state)) for state in one_of_each) == len(every)


@pytest.mark.parametrize("by", ["Budi Santoso", "sendiri", ""])
def test_who_verified_is_an_office_and_never_a_name(store: Store, by: str) -> None:
    take_in(store, {"id": "N-1", "tgl tiba": "20/4/2021"})
    with pytest.raises(InputError) as refused:
        verify(store, "N-1", by)
    assert refused.value.code == "no-office"
    assert "Budi" not in refused.value.message


def test_a_verification_is_of_somebody_who_is_there_and_not_before(store: Store) -> None:
    take_in(store, {"id": "N-1", "tgl tiba": "20/4/2021"})
    with pytest.raises(NotFoundError):
        verify(store, "N-9", "lurah")
    with pytest.raises(InputError, match="before"):
        verify(store, "N-1", "lurah", date(2021, 4, 19))


def test_the_same_person_and_the_same_family_are_listed_together(store: Store) -> None:
    def row(number: str, nik: int, kk: int, day: str) -> dict[str, Any]:
        return {"id": number, "nik": f"0000{nik:012}", "kk": f"0000{kk:012}", "tgl tiba": day}

    take_in(
        store,
        row("N-1", 1, 1, "20/4/2021"),
        row("N-2", 1, 2, "25/4/2021"),
        row("N-3", 1, 3, "25/7/2021"),
        row("N-4", 4, 9, "20/4/2021"),
        row("N-5", 5, 9, "20/4/2021"),
        row("N-6", 6, 9, "21/4/2021"),
    )
    found = duplicates(store, City(store).ground())
    groups = found.groupby(["why", "group"])["newcomer_id"].apply(list).to_dict()
    assert groups == {("person", 1): ["N-1", "N-2"], ("family", 1): ["N-4", "N-5"]}
