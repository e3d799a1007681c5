"""An older database gets its public past: every change of colours, and none that was hidden."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from geodata.errors import StoreError
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import Domain, Pseudonymiser
from geodata.public_runs import public_id
from geodata.settings import SECRET as VARIABLE
from geodata.store import SCHEMA_VERSION, Store, is_embedded, open_store, translating
from geodata.upgrading import upgrade_store
from tests.databases import NewDatabase
from tests.geodata.store.test_migrating import MOMENT, empty, run_sql  # noqa: F401  (a fixture)
from tests.zoning.ward import TODAY, Case, days, new_ward
from zoning.days.daily import run_days

SECRET = "a secret of sixteen and more"
FOLDER = Path(__file__).parents[3] / "geodata/migrations"
DAYS = [date(2021, 7, 1) + timedelta(n) for n in range(12)]
CODES = [f"33.74.01.1001-001-{n:03}" for n in range(1, 7)]


class Old(NamedTuple):
    """A run of an older database, and its zones."""

    run: str
    day: date
    risks: dict[str, int]


def history() -> list[tuple[Old, int]]:
    """Runs in the order of their publications, with the version of each; some came back."""
    random = Random(11)  # noqa: S311  (no secret)
    found: list[tuple[Old, int]] = []
    for n, day in enumerate(DAYS):
        own: list[Old] = []
        for version in range(1, random.randint(2, 7)):
            risks = {code: random.randint(0, 2) for code in random.sample(CODES, 3)}
            kept = own[-1].risks if own and random.random() < 0.5 else risks  # a hidden change
            one = Old(f"{n:08x}{version:08x}", day, kept)
            if len(own) > 2 and random.random() < 0.3:
                one = own[0]
            own.append(one)
            found.append((one, version))
    return found


HISTORY = history()


def row(table: str, *values: object) -> str:
    """A statement that adds a row."""
    said = ", ".join(str(one) if isinstance(one, int) else f"'{one}'" for one in values)
    return f"insert into {table} values ({said})"  # noqa: S608  (our own words)


def sql() -> str:
    """What an older version wrote."""
    check = Pseudonymiser(SECRET.encode()).check_value()
    summary = json.dumps({"secret_check": check})
    lines = [row("schema_version", n, "2021-07-01 00:00:00") for n in (1, 2, 3)]
    lines.append(row("batch", "b", "cases", "list.csv", MOMENT, summary))
    for one in {one.run: one for one, _ in HISTORY}.values():
        coloured = [sum(risk == n for risk in one.risks.values()) for n in (1, 2, 3)]
        green = len(CODES) - sum(coloured)
        said = (one.run, one.day, "rule", "d", f"r{one.run}", "b", "2", MOMENT)
        lines.append(row("run", *said, green, *coloured))
        lines += [row("run_zone", one.run, code, k, k, 1, 1, 1) for code, k in one.risks.items()]
        lines.append(row("run_unplaced", one.run, "33.74", 2, 1))
    lines += [
        row("published", one.day, version, one.run, MOMENT + timedelta(minutes=place))
        for place, (one, version) in enumerate(HISTORY)
    ]
    return ";\n".join(lines)


def public_of(one: Old) -> str:
    coloured = [(code, risk) for code, risk in one.risks.items() if risk > 0]
    return public_id(one.day, "rule", "d", "b", coloured)


@pytest.fixture
def old(empty: str, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: F811
    """URL of a database of version 3 with a past."""
    monkeypatch.setenv(VARIABLE, SECRET)
    server = "" if is_embedded(empty) else (FOLDER / "0002.postgresql.sql").read_text()
    made = [(FOLDER / f"{n:04}.sql").read_text() for n in (1, 2, 3)]
    run_sql(empty, ";\n".join([made[0], made[1], server, made[2], sql()]))
    return empty


@pytest.fixture
def upgraded(old: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(translating, "_RUNS_AT_ONCE", 7)
    assert upgrade_store(old) == (3, SCHEMA_VERSION, False)
    with open_store(old) as store:
        yield store


def rows(store: Store, query: str) -> list[dict[str, Any]]:
    return list(store.read(query).to_pylist())


def test_each_day_has_every_change_of_its_colours_at_its_moment(upgraded: Store) -> None:
    wanted = []
    for day in DAYS:
        stands, version = "", 0
        for place, (one, _) in enumerate(HISTORY):
            if one.day == day and public_of(one) != stands:
                stands, version = public_of(one), version + 1
                wanted.append((day, version, stands, MOMENT + timedelta(minutes=place)))
    found = rows(upgraded, "select * from public_publication order by date, version")
    assert [tuple(row.values()) for row in found] == wanted
    assert len(DAYS) < len(wanted) < len(HISTORY)


def test_each_public_run_has_the_colours_of_the_run_once(upgraded: Store) -> None:
    wanted = {
        (public_of(one), code, risk)
        for one, _ in HISTORY
        for code, risk in one.risks.items()
        if risk
    }
    found = [tuple(row.values()) for row in rows(upgraded, "select * from public_zone")]
    assert sorted(found) == sorted(wanted)
    runs = {row["public_id"]: row for row in rows(upgraded, "select * from public_run")}
    assert runs.keys() == {public_of(one) for one, _ in HISTORY}
    for one, _ in HISTORY:
        said = runs[public_of(one)]
        assert said["date"] == one.day
        assert said["orange"] == sum(risk == 2 for risk in one.risks.values())


def test_no_id_of_before_stands_anywhere_and_each_table_agrees(upgraded: Store) -> None:
    keyed = Pseudonymiser(SECRET.encode()).pseudonym
    stood = {one.run for one, _ in HISTORY}
    wanted = {keyed("run", run): keyed("records", f"r{run}") for run in stood}
    found = upgraded.read("select run, records from run").to_pydict()
    assert dict(zip(found["run"], found["records"], strict=True)) == wanted
    for one in {one.run: one for one, _ in HISTORY}.values():
        zones = upgraded.read(
            "select code, risk, houses from run_zone where run = $1", keyed("run", one.run)
        ).to_pylist()
        assert {row["code"]: row["risk"] for row in zones} == one.risks
        assert all(row["houses"] == row["risk"] for row in zones)
    for table in ("published", "run_unplaced", "run_zone"):
        left = upgraded.read(f"select distinct run from {table}")["run"].to_pylist()  # noqa: S608
        assert not stood & set(left)
        assert set(left) <= wanted.keys()
    order = rows(upgraded, "select date, version, run from published order by date, version")
    stands = sorted((one.day, version, keyed("run", one.run)) for one, version in HISTORY)
    assert [tuple(row.values()) for row in order] == stands


def test_without_the_secret_ids_are_keyed_all_the_same_and_it_is_said(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    assert upgrade_store(old) == (3, SCHEMA_VERSION, True)
    keyed = Pseudonymiser(SECRET.encode()).pseudonym
    stood = {one.run for one, _ in HISTORY}
    with open_store(old) as store:
        runs = set(store.read("select run from run")["run"].to_pylist())
        assert len(runs) == len(stood)
        assert not runs & (stood | {keyed("run", run) for run in stood})
        assert store.read("select * from public_publication").num_rows > len(DAYS)
    if is_embedded(old):
        assert not key_path(old).exists()


def test_another_secret_is_refused_and_nothing_is_changed(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET[::-1])
    with pytest.raises(StoreError) as refused:
        upgrade_store(old)
    assert refused.value.code == "other-secret"
    monkeypatch.setenv(VARIABLE, SECRET)
    assert upgrade_store(old)[:2] == (3, SCHEMA_VERSION)


_KILLED = """
import os, signal, sys
from geodata.store import migrating
from geodata.upgrading import upgrade_store

def cut_off(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def later(*asked):
    translated(*asked)
    cut_off()

translated = migrating.rekey_runs
migrating.rekey_runs = later
upgrade_store(sys.argv[1])
"""


def test_an_upgrade_killed_at_its_end_leaves_the_old_state(old: str) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, old], check=False)
    assert killed.returncode == -9
    with pytest.raises(StoreError) as caught:
        open_store(old)
    assert caught.value.code == "schema-older"
    assert upgrade_store(old)[:2] == (3, SCHEMA_VERSION)


def test_it_says_how_far_it_is(old: str) -> None:
    told: list[tuple[str, int, int]] = []
    upgrade_store(old, lambda doing, done, total: told.append((doing.en, done, total)))
    assert {doing for doing, _, _ in told} == {
        "Finding the public part of each run",
        "Giving runs keyed ids",
    }
    assert all(done <= total for _, done, total in told)


class Unkeyed(Pseudonymiser):
    """Gives ids as versions before 4 did."""

    def pseudonym(self, domain: Domain, text: str) -> str:  # noqa: ARG002
        """The text itself."""
        return text


def test_days_run_again_after_an_upgrade_with_nothing_new_stay_as_they_are(
    new_database: NewDatabase,
) -> None:
    url = new_database()
    cases = [Case((0, 1, 1), house, 3, 30) for house in ("a", "b", None)]
    with new_ward(url, cases) as store:
        ran = run_days(store, None, days(3, 8), today=TODAY, pseudonymiser=Unkeyed(b""))
    again = "; ".join(
        [
            *(f"drop table {name}" for name in ("public_run", "public_zone", "public_publication")),
            "alter table run drop column counts",
            "delete from schema_version where version >= 4",
        ]
    )
    run_sql(url, again)
    assert upgrade_store(url)[:2] == (3, SCHEMA_VERSION)
    with open_store(url) as store:
        after = run_days(store, None, days(3, 8), today=TODAY)
    assert {one.state for one in after} == {"unchanged"}
    assert [one.run for one in after] == [one.run for one in ran]
    assert not {one.input_digest for one in after} & {one.input_digest for one in ran}
