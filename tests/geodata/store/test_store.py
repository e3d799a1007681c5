"""The store: transactions are all or nothing, both databases behave alike, errors are sentences."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgres
import duckdb
import numpy as np
import pyarrow as pa
import pytest

from geodata.errors import InputError, StoreError
from geodata.store import (
    Store,
    check_url,
    database_path,
    is_embedded,
    open_store,
    shown_url,
)
from geodata.store.postgres import POOL_OVERFLOW, POOL_SIZE, PostgresEngine
from tests.databases import LOCKED, NewDatabase, Server

_INSERT = "insert into run_unplaced select run, code, cases, active from stage order by run, code"
_COUNT = "select cast(count(*) as bigint) as n from run_unplaced"


def _rows(run: str, n: int = 3) -> pa.Table:
    return pa.table(
        {"run": [run] * n, "code": [str(i) for i in range(n)], "cases": [1] * n, "active": [0] * n}
    )


def _count(store: Store) -> int:
    count: int = store.read(_COUNT)["n"][0].as_py()
    return count


def _write(store: Store, *runs: str) -> None:
    with store.transaction() as work:
        for run in runs:
            work.append(_INSERT, _rows(run))


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database()


# --- Reading and writing ---


def test_committed_rows_exist_after_reopening(url: str) -> None:
    with open_store(url) as store:
        _write(store, "a")
    with open_store(url) as store:
        assert _count(store) == 3
        rows = store.read("select code from run_unplaced where code = any($1)", ["1", "9"])
        assert rows["code"].to_pylist() == ["1"]


def test_a_failed_transaction_leaves_no_row(url: str) -> None:
    with open_store(url) as store:
        with pytest.raises(StoreError, match="this key") as caught:
            _write(store, "a", "a")
        assert caught.value.code == "conflict"
        assert _count(store) == 0
        _write(store, "a")
        assert _count(store) == 3


def test_a_mistake_in_the_sql_is_not_reported_as_a_store_error(url: str) -> None:
    with open_store(url) as store, pytest.raises((duckdb.Error, postgres.Error), match="nowhere"):
        store.read("select * from nowhere")


def test_rows_are_visible_inside_their_transaction_before_the_commit(url: str) -> None:
    with open_store(url) as store:
        with store.transaction() as work:
            work.append(_INSERT, _rows("a"))
            assert work.read(_COUNT)["n"].to_pylist() == [3]
            assert _count(store) == 0
        assert _count(store) == 3


def test_a_snapshot_stays_as_it_was_at_its_first_query(url: str) -> None:
    with open_store(url) as store:
        _write(store, "a")
        with store.snapshot() as snapshot:
            assert snapshot.read(_COUNT)["n"].to_pylist() == [3]
            _write(store, "b")
            assert snapshot.read(_COUNT)["n"].to_pylist() == [3]
        assert _count(store) == 6


def test_many_threads_write_and_read_at_once(url: str) -> None:
    failures: list[BaseException] = []
    with open_store(url) as store:

        def write(name: str) -> None:
            try:
                for turn in range(5):
                    _write(store, f"{name}-{turn}")
                    # Only whole transactions of three rows are visible.
                    assert _count(store) % 3 == 0
            except BaseException as failure:  # noqa: BLE001  (told by the test, not the thread)
                failures.append(failure)

        threads = [threading.Thread(target=write, args=(str(i),)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert _count(store) == 8 * 5 * 3


_EVERY_TYPE: dict[str, tuple[pa.DataType, str, list[Any]]] = {
    "whole": (pa.int64(), "bigint", [-(2**63), 2**63 - 1, None]),
    "real": (pa.float64(), "double precision", [0.1, -1.7976931348623157e308, None]),
    "letters": (pa.string(), "text", ["", "RT 01 — 'é' \N{BLACK STAR}\n", None]),
    "yes": (pa.bool_(), "boolean", [True, False, None]),
    "day": (pa.date32(), "date", [date(1, 1, 1), date(9999, 12, 31), None]),
    "moment": (
        pa.timestamp("us"),
        "timestamp",
        [datetime(1, 1, 1), datetime(2021, 7, 1, 23, 59, 59, 999999), None],  # noqa: DTZ001
    ),
    "bytes": (pa.binary(), "bytea", [b"", bytes(range(256)), None]),
}


@pytest.fixture
def odd(url: str) -> str:
    """A database with a table of every type."""
    columns = ", ".join(f"{name} {kind}" for name, (_, kind, _) in _EVERY_TYPE.items())
    with open_store(url) as store, store.transaction() as work:
        work.execute(f"create table odd (n bigint, {columns})")
    return url


def test_every_type_is_stored_exactly(odd: str) -> None:
    stage = pa.table(
        {name: pa.array(values, kind) for name, (kind, _, values) in _EVERY_TYPE.items()}
    )
    names = ", ".join(_EVERY_TYPE)
    with open_store(odd) as store:
        with store.transaction() as work:
            numbered = stage.append_column("n", pa.array([0, 1, 2]))
            work.append(f"insert into odd (n, {names}) select n, {names} from stage", numbered)  # noqa: S608
        assert store.read(f"select {names} from odd order by n").equals(stage)  # noqa: S608


@pytest.mark.parametrize("name", _EVERY_TYPE)
def test_every_type_is_a_parameter_alone_in_a_list_and_as_null(odd: str, name: str) -> None:
    _, _, [value, other, _] = _EVERY_TYPE[name]
    equal_query = f"select n from odd where {name} = $1"  # noqa: S608
    any_query = f"select n from odd where {name} = any($1)"  # noqa: S608
    with open_store(odd) as store:
        with store.transaction() as work:
            for number, row_value in enumerate((value, other, None)):
                work.execute(f"insert into odd (n, {name}) values ($1, $2)", number, row_value)  # noqa: S608
        assert store.read(equal_query, value)["n"].to_pylist() == [0]
        assert store.read(f"{equal_query} or $1 is not null and n = 1", value).num_rows == 2
        if name != "bytes":
            assert sorted(store.read(any_query, [value, other])["n"].to_pylist()) == [0, 1]
        assert store.read(f"select n from odd where {name} is null")["n"].to_pylist() == [2]  # noqa: S608


def test_narrower_types_are_widened_and_other_types_rejected(url: str) -> None:
    stage = pa.table(
        {
            "run": pa.array(["a"]).dictionary_encode(),
            "code": pa.array(["x"], pa.large_string()),
            "cases": pa.array([3], pa.int16()),
            "active": pa.array([4], pa.uint32()),
        }
    )
    with open_store(url) as store:
        with store.transaction() as work:
            work.append(_INSERT, stage)
        assert store.read("select code, cases, active from run_unplaced").to_pylist() == [
            {"code": "x", "cases": 3, "active": 4}
        ]
        for column in (
            pa.array(np.array([1], dtype=np.uint64)),
            pa.array([None]),
            pa.array([1], pa.time64("us")),
        ):
            wrong = stage.set_column(2, "cases", column)
            with pytest.raises(TypeError, match="cases"), store.transaction() as work:
                work.append(_INSERT, wrong)
        assert _count(store) == 1


def test_a_sum_without_a_cast_is_rejected(url: str) -> None:
    with open_store(url) as store:
        with pytest.raises(TypeError, match="cast it"):
            store.read("select sum(cases) as n from run_unplaced")
        total = store.read("select cast(sum(cases) as bigint) as n from run_unplaced")
        assert total["n"].to_pylist() == [None]


def test_a_large_table_is_appended_completely(url: str) -> None:
    with open_store(url) as store:
        with store.transaction() as work:
            work.append(_INSERT, _rows("a", 200_000))
        assert _count(store) == 200_000


# --- Moments ---


def test_moments_increase_even_if_the_clock_is_set_back(url: str) -> None:
    noon = datetime(2021, 7, 5, 12)  # noqa: DTZ001  (the tables keep UTC without a zone)
    clock_moments = [noon, noon, noon - timedelta(days=400), noon + timedelta(hours=1)]
    moments = []
    for moment in clock_moments:
        with (
            open_store(url, clock=itertools.repeat(moment).__next__) as store,
            store.transaction() as work,
        ):
            moments.append(work.moment)
    step = timedelta(microseconds=1)
    assert moments == [noon, noon + step, noon + 2 * step, noon + timedelta(hours=1)]


def test_simultaneous_writers_commit_in_the_order_of_their_moments(url: str) -> None:
    committed: list[datetime] = []

    def write(store: Store, run: str) -> None:
        with store.transaction() as work:
            work.append(_INSERT, _rows(run))
            committed.append(work.moment)

    with open_store(url, clock=lambda: datetime(2021, 7, 5)) as store:  # noqa: DTZ001
        threads = [threading.Thread(target=write, args=(store, str(n))) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(committed)) == 12
    assert committed == sorted(committed)


def test_a_failed_transaction_uses_no_moment(url: str) -> None:
    moments = iter([datetime(2021, 7, 6), datetime(2021, 7, 5), datetime(2021, 7, 5)])  # noqa: DTZ001
    with open_store(url, clock=lambda: next(moments)) as store:
        with pytest.raises(StoreError):
            _write(store, "a", "a")
        with store.transaction() as work:
            assert work.moment == datetime(2021, 7, 5)  # noqa: DTZ001


def test_the_last_write_is_the_moment_of_the_last_commit(url: str) -> None:
    with open_store(url) as store:
        before = store.last_write()
        with store.transaction() as work:
            assert store.last_write() == before
        assert store.last_write() == work.moment > before
        with pytest.raises(StoreError):
            _write(store, "a", "a")
        assert store.last_write() == work.moment


# --- Many processes ---

_ADD_ONE = """
import sys
from geodata.store import open_store
with open_store(sys.argv[1]) as store:
    for _ in range(20):
        with store.transaction() as work:
            n = work.read("select cast(count(*) as bigint) as n from run_unplaced")["n"][0].as_py()
            work.execute("insert into run_unplaced values ('a', $1, 1, 1)", str(n))
"""


def test_processes_that_read_and_then_append_take_turns(postgres_server: Server) -> None:
    url = postgres_server.new()
    writers = [subprocess.Popen([sys.executable, "-c", _ADD_ONE, url]) for _ in range(3)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    with open_store(url) as store:
        codes = store.read("select code from run_unplaced")["code"].to_pylist()
    # Each writer saw all earlier rows: no number is missing or double.
    assert sorted(map(int, codes)) == list(range(60))


def test_a_reader_does_not_wait_for_a_writer_of_another_process(postgres_server: Server) -> None:
    url = postgres_server.new()
    with open_store(url) as writer, open_store(url) as reader, writer.transaction() as work:
        work.append(_INSERT, _rows("a"))
        assert _count(reader) == 0


def _write_during(store: Store, action: Callable[[], None]) -> None:
    with store.transaction() as work:
        work.append(_INSERT, _rows("c"))
        action()
        work.append(_INSERT, _rows("d"))


def test_reads_and_writes_work_after_the_server_ended_every_connection(
    postgres_server: Server,
) -> None:
    url = postgres_server.new()
    with open_store(url) as store:
        _write(store, "a")
        postgres_server.disconnect(url)
        assert _count(store) == 3
        postgres_server.disconnect(url)
        _write(store, "b")
        with pytest.raises(StoreError, match="Try again") as caught:
            _write_during(store, lambda: postgres_server.disconnect(url))
        assert caught.value.code == "database-lost"
        assert _count(store) == 6
        _write(store, "c")
        assert _count(store) == 9


def test_when_every_connection_is_in_use_the_next_request_gets_an_error(
    postgres_server: Server,
) -> None:
    engine = PostgresEngine(postgres_server.new(), timeout=0.01)
    with ExitStack() as stack:
        stack.callback(engine.close)
        for _ in range(POOL_SIZE + POOL_OVERFLOW):
            stack.enter_context(engine.snapshot())
        with pytest.raises(StoreError, match="in use") as caught:
            engine.read("select 1", ())
        assert caught.value.code == "database-crowded"


def test_a_second_process_gets_an_error_with_the_pid_of_the_holder(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    script = f"from geodata.store import open_store\nopen_store({url!r})"
    with open_store(url, create=True):
        second = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
    assert second.returncode != 0
    assert "in use by another process (PID" in second.stderr


# --- URLs ---


@pytest.mark.parametrize(
    "invalid_url",
    [
        "",
        "city.duckdb",
        "sqlite:///x.db",
        "duckdb://x",
        "duckdb:///",
        "postgresql://h",
        "postgresql://user:hunter2@h:port/x",
        "postgresql://user:hunter2@[h/x",
        "mysql://h/d",
    ],
)
def test_an_invalid_url_is_rejected_and_not_repeated(invalid_url: str) -> None:
    with pytest.raises(InputError, match="Write duckdb:///") as caught:
        check_url(invalid_url)
    assert caught.value.code == "database-url"
    assert "hunter2" not in caught.value.message


def test_relative_and_absolute_urls_give_their_paths() -> None:
    assert database_path("duckdb:///city.duckdb") == Path("city.duckdb")
    assert database_path("duckdb:////data/city.duckdb") == Path("/data/city.duckdb")
    assert is_embedded("duckdb:///city.duckdb")
    assert not is_embedded("postgresql://dinkes@db.semarangkota.go.id/zonasi")


def test_a_url_is_shown_without_its_password() -> None:
    shown = shown_url("postgresql://dinkes:hunter2@db:5433/zonasi?password=hunter2&sslmode=require")
    assert shown == "postgresql://dinkes@db:5433/zonasi?sslmode=require"
    assert shown_url("postgresql:///zonasi") == "postgresql:///zonasi"


# --- What cannot be opened ---


def _open_error(url: str, *, create: bool = False) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_store(url, create=create)
    return caught.value


def test_no_file_no_folder_and_foreign_files_have_different_codes(tmp_path: Path) -> None:
    assert _open_error(f"duckdb:///{tmp_path}/none.duckdb").code == "no-database"
    assert not (tmp_path / "none.duckdb").exists()
    assert _open_error(f"duckdb:///{tmp_path}/no/x.duckdb", create=True).code == "no-folder"
    (tmp_path / "letter.duckdb").write_text("Dear city, " * 100)
    assert _open_error(f"duckdb:///{tmp_path}/letter.duckdb").code == "database-unreadable"
    with duckdb.connect(tmp_path / "shop.duckdb") as shop:
        shop.execute("create table sales (n bigint)")
    assert _open_error(f"duckdb:///{tmp_path}/shop.duckdb", create=True).code == "foreign-database"


def test_a_missing_an_empty_and_a_foreign_server_database_have_different_codes(
    postgres_server: Server,
) -> None:
    missing = _open_error(postgres_server.new_empty().replace("/mz_", "/no_"), create=True)
    assert (missing.code, "createdb" in missing.message) == ("no-database", True)
    empty = postgres_server.new_empty()
    assert _open_error(empty).code == "no-database"
    with postgres.connect(empty, autocommit=True) as shop, shop.cursor() as cursor:
        cursor.execute("create table sales (n bigint)")
    assert _open_error(empty, create=True).code == "foreign-database"


def test_the_error_of_an_unreachable_server_has_no_password() -> None:
    unreachable = _open_error("postgresql://dinkes:hunter2@localhost:1/zonasi", create=True)
    assert unreachable.code == "database-unreachable"
    assert "localhost" in unreachable.message
    assert "hunter2" not in str(unreachable)
    assert unreachable.__cause__ is None


def test_the_error_for_a_wrong_password_does_not_contain_it(postgres_server: Server) -> None:
    url = postgres_server.new()
    postgres_server.add_locked_role()
    right = url.replace("//postgres@", f"//{LOCKED}:right-enough@")
    wrong = url.replace("//postgres@", f"//{LOCKED}:hunter2@")
    assert _open_error(wrong).code == "database-refused"
    assert "hunter2" not in str(_open_error(wrong))
    assert _open_error(url.replace("//postgres@", f"//{LOCKED}@")).code == "database-refused"
    with postgres.connect(right) as opened:
        opened.commit()
