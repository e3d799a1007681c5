"""The upgrade of an older database publishes every change of colours, and no other change."""

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
from geodata.store import SCHEMA_VERSION, Store, is_embedded, open_store, upgrade_to_version_4
from geodata.upgrading import upgrade_store
from tests.databases import NewDatabase
from tests.geodata.store.test_migrating import MOMENT, empty, run_sql  # noqa: F401  (a fixture)
from tests.zoning.ward import TODAY, Case, days, new_ward
from zoning.days.daily import run_days

SECRET = "a secret of sixteen and more"
FOLDER = Path(__file__).parents[3] / "geodata/migrations"
DAYS = [date(2021, 7, 1) + timedelta(n) for n in range(12)]
CODES = [f"33.74.01.1001-001-{n:03}" for n in range(1, 7)]


class OldRun(NamedTuple):
    """A run of an older database, and its zones."""

    run: str
    day: date
    risks: dict[str, int]


def history() -> list[tuple[OldRun, int]]:
    """Runs in the order of their publications, with versions; some runs are published twice."""
    random = Random(11)  # noqa: S311  (no secret)
    runs: list[tuple[OldRun, int]] = []
    for number, day in enumerate(DAYS):
        day_runs: list[OldRun] = []
        for version in range(1, random.randint(2, 7)):
            risks = {code: random.randint(0, 2) for code in random.sample(CODES, 3)}
            day_risks = (
                day_runs[-1].risks if day_runs and random.random() < 0.5 else risks
            )  # a hidden change
            run = OldRun(f"{number:08x}{version:08x}", day, day_risks)
            if len(day_runs) > 2 and random.random() < 0.3:
                run = day_runs[0]
            day_runs.append(run)
            runs.append((run, version))
    return runs


HISTORY = history()


def insert_row(table: str, *values: object) -> str:
    """A statement that inserts a row."""
    sql_values = ", ".join(
        str(value) if isinstance(value, int) else f"'{value}'" for value in values
    )
    return f"insert into {table} values ({sql_values})"  # noqa: S608  (our own words)


def version_3_rows() -> str:
    """Statements with the rows of a version 3 database."""
    check = Pseudonymiser(SECRET.encode()).check_value()
    summary = json.dumps({"secret_check": check})
    lines = [insert_row("schema_version", number, "2021-07-01 00:00:00") for number in (1, 2, 3)]
    lines.append(insert_row("batch", "b", "cases", "list.csv", MOMENT, summary))
    for run in {run.run: run for run, _ in HISTORY}.values():
        class_counts = [sum(risk == number for risk in run.risks.values()) for number in (1, 2, 3)]
        green = len(CODES) - sum(class_counts)
        columns = (run.run, run.day, "rule", "d", f"r{run.run}", "b", "2", MOMENT)
        lines.append(insert_row("run", *columns, green, *class_counts))
        lines += [
            insert_row("run_zone", run.run, code, risk, risk, 1, 1, 1)
            for code, risk in run.risks.items()
        ]
        lines.append(insert_row("run_unplaced", run.run, "33.74", 2, 1))
    lines += [
        insert_row("published", run.day, version, run.run, MOMENT + timedelta(minutes=minute))
        for minute, (run, version) in enumerate(HISTORY)
    ]
    return ";\n".join(lines)


def public_id_of_run(run: OldRun) -> str:
    coloured = [(code, risk) for code, risk in run.risks.items() if risk > 0]
    return public_id(run.day, "rule", "d", "b", coloured)


@pytest.fixture
def old(empty: str, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: F811
    """URL of a version 3 database with published runs."""
    monkeypatch.setenv(VARIABLE, SECRET)
    server = "" if is_embedded(empty) else (FOLDER / "0002.postgresql.sql").read_text()
    migrations = [(FOLDER / f"{number:04}.sql").read_text() for number in (1, 2, 3)]
    run_sql(
        empty, ";\n".join([migrations[0], migrations[1], server, migrations[2], version_3_rows()])
    )
    return empty


@pytest.fixture
def upgraded(old: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(upgrade_to_version_4, "_RUNS_AT_ONCE", 7)
    assert upgrade_store(old) == (3, SCHEMA_VERSION, False)
    with open_store(old) as store:
        yield store


def rows(store: Store, query: str) -> list[dict[str, Any]]:
    return list(store.read(query).to_pylist())


def test_each_day_has_every_change_of_its_colours_with_its_moment(upgraded: Store) -> None:
    expected = []
    for day in DAYS:
        last_id, version = "", 0
        for minute, (run, _) in enumerate(HISTORY):
            if run.day == day and public_id_of_run(run) != last_id:
                last_id, version = public_id_of_run(run), version + 1
                expected.append((day, version, last_id, MOMENT + timedelta(minutes=minute)))
    publications = rows(upgraded, "select * from public_publication order by date, version")
    assert [tuple(row.values()) for row in publications] == expected
    assert len(DAYS) < len(expected) < len(HISTORY)


def test_each_public_run_has_the_colours_of_the_run_once(upgraded: Store) -> None:
    expected = {
        (public_id_of_run(run), code, risk)
        for run, _ in HISTORY
        for code, risk in run.risks.items()
        if risk
    }
    zones = [tuple(row.values()) for row in rows(upgraded, "select * from public_zone")]
    assert sorted(zones) == sorted(expected)
    runs = {row["public_id"]: row for row in rows(upgraded, "select * from public_run")}
    assert runs.keys() == {public_id_of_run(run) for run, _ in HISTORY}
    for run, _ in HISTORY:
        public_run = runs[public_id_of_run(run)]
        assert public_run["date"] == run.day
        assert public_run["orange"] == sum(risk == 2 for risk in run.risks.values())


def test_no_old_id_remains_in_any_table(upgraded: Store) -> None:
    pseudonym = Pseudonymiser(SECRET.encode()).pseudonym
    old_ids = {run.run for run, _ in HISTORY}
    expected = {pseudonym("run", run): pseudonym("records", f"r{run}") for run in old_ids}
    runs = upgraded.read("select run, records from run").to_pydict()
    assert dict(zip(runs["run"], runs["records"], strict=True)) == expected
    for run in {run.run: run for run, _ in HISTORY}.values():
        zones = upgraded.read(
            "select code, risk, houses from run_zone where run = $1", pseudonym("run", run.run)
        ).to_pylist()
        assert {row["code"]: row["risk"] for row in zones} == run.risks
        assert all(row["houses"] == row["risk"] for row in zones)
    for table in ("published", "run_unplaced", "run_zone"):
        ids = upgraded.read(f"select distinct run from {table}")["run"].to_pylist()  # noqa: S608
        assert not old_ids & set(ids)
        assert set(ids) <= expected.keys()
    published = rows(upgraded, "select date, version, run from published order by date, version")
    expected_runs = sorted(
        (run.day, version, pseudonym("run", run.run)) for run, version in HISTORY
    )
    assert [tuple(row.values()) for row in published] == expected_runs


def test_without_the_secret_ids_are_keyed_with_a_random_key(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    assert upgrade_store(old) == (3, SCHEMA_VERSION, True)
    pseudonym = Pseudonymiser(SECRET.encode()).pseudonym
    old_ids = {run.run for run, _ in HISTORY}
    with open_store(old) as store:
        runs = set(store.read("select run from run")["run"].to_pylist())
        assert len(runs) == len(old_ids)
        assert not runs & (old_ids | {pseudonym("run", run) for run in old_ids})
        assert store.read("select * from public_publication").num_rows > len(DAYS)
    if is_embedded(old):
        assert not key_path(old).exists()


def test_another_secret_is_rejected_and_nothing_changes(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET[::-1])
    with pytest.raises(StoreError) as raised:
        upgrade_store(old)
    assert raised.value.code == "other-secret"
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


def test_an_upgrade_killed_before_its_commit_leaves_the_old_state(old: str) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, old], check=False)
    assert killed.returncode == -9
    with pytest.raises(StoreError) as caught:
        open_store(old)
    assert caught.value.code == "schema-older"
    assert upgrade_store(old)[:2] == (3, SCHEMA_VERSION)


def test_the_upgrade_reports_its_progress(old: str) -> None:
    steps: list[tuple[str, int, int]] = []
    upgrade_store(old, lambda step, done, total: steps.append((step.en, done, total)))
    assert {step for step, _, _ in steps} == {
        "Finding the public part of each run",
        "Giving runs keyed ids",
    }
    assert all(done <= total for _, done, total in steps)


class Unkeyed(Pseudonymiser):
    """Gives the unkeyed ids of versions before 4."""

    def pseudonym(self, domain: Domain, text: str) -> str:  # noqa: ARG002
        """The text itself."""
        return text


def test_days_computed_again_after_an_upgrade_are_unchanged(
    new_database: NewDatabase,
) -> None:
    url = new_database()
    cases = [Case((0, 1, 1), house, 3, 30) for house in ("a", "b", None)]
    with new_ward(url, cases) as store:
        first_runs = run_days(store, None, days(3, 8), today=TODAY, pseudonymiser=Unkeyed(b""))
    downgrade = "; ".join(
        [
            *(f"drop table {name}" for name in ("public_run", "public_zone", "public_publication")),
            "alter table run drop column counts",
            "delete from schema_version where version >= 4",
        ]
    )
    run_sql(url, downgrade)
    assert upgrade_store(url)[:2] == (3, SCHEMA_VERSION)
    with open_store(url) as store:
        second_runs = run_days(store, None, days(3, 8), today=TODAY)
    assert {run.state for run in second_runs} == {"unchanged"}
    assert [run.run for run in second_runs] == [run.run for run in first_runs]
    assert not {run.input_digest for run in second_runs} & {run.input_digest for run in first_runs}
