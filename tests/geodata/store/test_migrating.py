"""Tables of an older version are upgraded with their rows, or rejected with a sentence."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgres
import duckdb
import pytest

from geodata.errors import StoreError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.settings import SECRET as VARIABLE
from geodata.store import SCHEMA_VERSION, is_embedded, open_store
from geodata.upgrading import upgrade_store
from tests.databases import Server

FIRST_MIGRATION = (Path(__file__).parents[3] / "geodata/migrations/0001.sql").read_text()
MOMENT = datetime(2021, 7, 5, 11)  # noqa: DTZ001  (the tables keep UTC without a zone)
SECRET = "a secret of sixteen and more"
CHECK = Pseudonymiser(SECRET.encode()).check_value()
ROWS = """
insert into schema_version values (1, '2021-07-01 00:00:00');
insert into batch values ('b', 'cases', 'list.csv', '2021-07-05 11:00:00', 'SUMMARY');
insert into case_version (case_id, version, batch, recorded_at, digest, status, confirmed_on)
values ('c1', 1, 'b', '2021-07-05 11:00:00', 'd', 'confirmed', '2021-07-01');
insert into run
values ('r', '2021-07-01', 'rule', 'd', 'd', 'b', '1', '2021-07-05 11:00:00', 1, 0, 0, 0);
insert into run_zone values ('r', '33.74', 1, 1, 1, 1, 1);
""".replace("SUMMARY", f'{{"secret_check": "{CHECK}"}}')


def run_sql(url: str, text: str) -> None:
    """Run statements with the driver of the database."""
    without_comments = re.sub(r"--[^\n]*", "", text)
    statements = [statement for statement in without_comments.split(";") if statement.strip()]
    if is_embedded(url):
        with duckdb.connect(url.removeprefix("duckdb:///")) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    with postgres.connect(url, autocommit=True) as server, server.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(params=["duckdb", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without any table."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path}/city.duckdb"
    server: Server = request.getfixturevalue("postgres_server")
    return server.new_empty()


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@pytest.fixture
def old(empty: str) -> str:
    """URL of a database of version 1 with rows."""
    run_sql(empty, FIRST_MIGRATION + ROWS)
    return empty


def test_an_older_database_is_rejected_with_the_upgrade_command(old: str) -> None:
    for create in (False, True):
        with pytest.raises(StoreError, match="mikrozonasi database upgrade --database") as caught:
            open_store(old, create=create)
        assert caught.value.code == "schema-older"


def test_an_upgrade_keeps_rows_and_adds_columns(old: str) -> None:
    assert upgrade_store(old)[:2] == (1, SCHEMA_VERSION)
    with open_store(old) as store:
        [case] = store.read("select * from case_version").to_pylist()
        assert (case["case_id"], case["confirmed_on"]) == ("c1", date(2021, 7, 1))
        assert case["recorded_at"] == MOMENT
        assert case["withdrawn"] is False
        keyed = Pseudonymiser(SECRET.encode()).pseudonym("run", "r")
        assert store.read("select code from run_zone where run = $1", keyed).num_rows == 1
        with store.transaction() as work:
            assert work.moment > MOMENT
            work.execute("update case_version set withdrawn = true")


def test_a_second_upgrade_changes_nothing(old: str) -> None:
    upgrade_store(old)
    with open_store(old) as store:
        before = store.read("select * from schema_version").to_pylist()
    assert upgrade_store(old)[:2] == (SCHEMA_VERSION, SCHEMA_VERSION)
    with open_store(old) as store:
        assert store.read("select * from schema_version").to_pylist() == before


def test_a_new_database_has_the_same_tables_as_an_upgraded_database(
    empty: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert upgrade_store(empty)[:2] == (0, SCHEMA_VERSION)
    if is_embedded(empty):
        older_url = f"duckdb:///{tmp_path}/other.duckdb"
    else:
        older_url = request.getfixturevalue("postgres_server").new_empty()
    run_sql(older_url, FIRST_MIGRATION + ROWS)
    upgrade_store(older_url)
    columns = """
select cast(table_name as text) as t, cast(column_name as text) as c, cast(data_type as text) as d,
       cast(is_nullable as text) as n
from information_schema.columns
where cast(table_schema as text) = cast(current_schema() as text) order by 1, 2
"""
    with open_store(empty) as new, open_store(older_url) as upgraded:
        assert new.read(columns).equals(upgraded.read(columns))
        assert new.read(columns).num_rows > 80


def test_a_newer_database_is_rejected(empty: str) -> None:
    with open_store(empty, create=True) as store, store.transaction() as work:
        work.execute("insert into schema_version values (99, '2030-01-01 00:00:00')")
    attempts: list[Callable[[], object]] = [lambda: open_store(empty), lambda: upgrade_store(empty)]
    for attempt in attempts:
        with pytest.raises(StoreError, match="newer version") as caught:
            attempt()
        assert caught.value.code == "schema-newer"


_KILLED = """
import os, signal, sys
from geodata.store import migrating
from geodata.upgrading import upgrade_store

statements = migrating._statements

def cut_off(version, dialect):
    yield from statements(version, dialect)
    os.kill(os.getpid(), signal.SIGKILL)

migrating._statements = cut_off
upgrade_store(sys.argv[1])
"""


def test_a_killed_upgrade_leaves_the_old_state(old: str) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, old], check=False)
    assert killed.returncode == -9
    with pytest.raises(StoreError) as caught:
        open_store(old)
    assert caught.value.code == "schema-older"
    assert upgrade_store(old)[:2] == (1, SCHEMA_VERSION)


def test_simultaneous_upgrades_make_the_tables_once(postgres_server: Server) -> None:
    url = postgres_server.new_empty()
    script = "import sys; from geodata.upgrading import upgrade_store; upgrade_store(sys.argv[1])"
    processes = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    with open_store(url) as store:
        assert store.read("select version from schema_version").num_rows == SCHEMA_VERSION
