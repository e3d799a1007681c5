"""A failed transaction leaves nothing: no row, no lock, no connection inside a transaction.

On PostgreSQL a connection returns to a pool and is reused. A connection whose commit failed must
not return: the driver would begin a transaction with the next statement, so that a read would leave
a transaction open, and a snapshot could not begin.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import adbc_driver_postgresql.dbapi as postgres
import pyarrow as pa
import pytest

from geodata.errors import StoreError
from geodata.store import Store, Transaction, open_store
from tests.databases import NewDatabase, Server

_INSERT = "insert into run_unplaced select run, code, cases, active from stage order by run, code"
_COUNT = "select cast(count(*) as bigint) as n from run_unplaced"
_LOCKS = """
select cast(count(*) as bigint) as n from pg_locks
where locktype = 'advisory' and database = (select oid from pg_database where datname = $1)
"""
_IN_TRANSACTION = """
select cast(count(*) as bigint) as n from pg_stat_activity
where datname = current_database() and state like 'idle in transaction%'
"""
_FAIL_FUNCTION = """
create function refuse_at_commit() returns trigger language plpgsql as $$
begin
    if new.code = 'refused' then
        raise exception using errcode = '{state}', message = 'refused at commit';
    end if;
    return null;
end $$
"""
_FAIL_TRIGGER = """
create constraint trigger refused after insert on run_unplaced
deferrable initially deferred for each row execute function refuse_at_commit()
"""
"""Fails at the commit, like PostgreSQL's deferred constraints, after every statement."""


def _rows(run: str, code: str = "a") -> pa.Table:
    return pa.table({"run": [run], "code": [code], "cases": [1], "active": [0]})


def _count(store: Store) -> int:
    count: int = store.read(_COUNT)["n"][0].as_py()
    return count


def _write(store: Store, run: str, code: str = "a") -> None:
    with store.transaction() as work:
        work.append(_INSERT, _rows(run, code))


def _write_then(
    store: Store, continue_with: Callable[[Transaction], object], run: str = "a"
) -> None:
    """Write a row, check that other readers do not see it, and continue in the transaction."""
    before = _count(store)
    with store.transaction() as work:
        work.append(_INSERT, _rows(run))
        assert _count(store) == before, "a statement was committed before the transaction"
        continue_with(work)


def _raise(error: type[BaseException]) -> Callable[[Transaction], object]:
    def fail(_: Transaction) -> None:
        raise error

    return fail


def _sql(url: str, *statements: str) -> None:
    with postgres.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _database_failing_at_commit(server: Server, state: str = "23514") -> str:
    url = server.new()
    _sql(url, _FAIL_FUNCTION.format(state=state), _FAIL_TRIGGER)
    return url


def _advisory_locks(url: str) -> int:
    name = url.partition("?")[0].rpartition("/")[2]
    with postgres.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(_LOCKS, [name])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _check_next_transactions(store: Store) -> None:
    """Check that the next transactions are all or nothing and visible only after the commit."""
    before = _count(store)
    if store.dialect == "postgresql":
        assert store.read(_IN_TRANSACTION)["n"].to_pylist() == [0], "a read left one open"
    with store.snapshot() as snapshot:
        assert snapshot.read(_COUNT)["n"].to_pylist() == [before]
    with pytest.raises(ZeroDivisionError):
        _write_then(store, _raise(ZeroDivisionError), "undone")
    assert _count(store) == before
    _write(store, "kept")
    assert _count(store) == before + 1
    with store.transaction() as work:
        work.execute("delete from run_unplaced where run = 'kept'")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("23514", "conflict"),  # check_violation, as a deferred constraint
        ("53100", "disk-full"),
        ("53200", "out-of-memory"),
        ("53400", "database-limit"),  # temp_file_limit
        ("58030", "database-failed"),  # io_error
        ("40001", "database-busy"),  # serialization_failure
        ("40P01", "database-busy"),  # deadlock_detected
        ("57014", "database-timeout"),  # statement_timeout
        ("25006", "database-read-only"),
        ("57P01", "database-lost"),
        ("XX001", "database-failed"),  # data_corrupted
    ],
)
def test_after_a_failed_commit_the_next_transaction_is_all_or_nothing(
    postgres_server: Server, state: str, code: str
) -> None:
    url = _database_failing_at_commit(postgres_server, state)
    with open_store(url) as store:
        with pytest.raises(StoreError) as caught:
            _write(store, "a", "refused")
        assert caught.value.code == code
        assert "refused at commit" not in caught.value.message
        assert _count(store) == 0
        assert _advisory_locks(url) == 0
        _check_next_transactions(store)


def test_many_failed_commits_leave_no_connection_open(postgres_server: Server) -> None:
    url = _database_failing_at_commit(postgres_server)
    with open_store(url) as store:
        for _ in range(40):  # more than a process may have
            with pytest.raises(StoreError, match="Nothing was written"):
                _write(store, "a", "refused")
        _check_next_transactions(store)


def test_the_connection_of_a_failed_snapshot_is_not_reused(postgres_server: Server) -> None:
    with open_store(postgres_server.new()) as store:
        with pytest.raises(postgres.Error, match="nowhere"), store.snapshot() as snapshot:
            snapshot.read("select * from nowhere")
        # A snapshot is read-only: a reused connection could not write.
        _check_next_transactions(store)


def test_a_block_that_ends_by_a_signal_is_rolled_back(postgres_server: Server) -> None:
    url = postgres_server.new()
    with open_store(url) as store:
        with pytest.raises(KeyboardInterrupt):
            _write_then(store, _raise(KeyboardInterrupt))
        assert _count(store) == 0
        assert _advisory_locks(url) == 0
        _check_next_transactions(store)


def test_a_failed_rollback_keeps_the_error_and_a_working_pool(
    postgres_server: Server,
) -> None:
    url = postgres_server.new()
    with open_store(url) as store:

        def lose_it_and_fail(_: Transaction) -> None:
            postgres_server.disconnect(url)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            _write_then(store, lose_it_and_fail)
        assert _count(store) == 0
        _check_next_transactions(store)


def test_a_connection_lost_at_the_commit_is_reported_and_no_row_is_double(
    postgres_server: Server,
) -> None:
    url = postgres_server.new()
    with open_store(url) as store:
        with pytest.raises(StoreError, match="Try again") as caught:
            _write_then(store, lambda _: postgres_server.disconnect(url))
        assert caught.value.code == "database-lost"
        _write(store, "a")
        assert _count(store) == 1


def test_a_statement_timeout_is_reported(postgres_server: Server) -> None:
    url = postgres_server.new()
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run(f"alter database {name} set statement_timeout = '100ms'")
    with open_store(url) as store:
        with pytest.raises(StoreError, match="time") as caught:
            store.read("select pg_sleep(30)")
        assert caught.value.code == "database-timeout"
        with pytest.raises(StoreError) as caught:
            _write_then(store, lambda work: work.execute("select pg_sleep(30)"))
        assert caught.value.code == "database-timeout"
        _check_next_transactions(store)


def test_a_read_only_database_is_reported(postgres_server: Server) -> None:
    url = postgres_server.new()
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run(f"alter database {name} set default_transaction_read_only = on")
    with open_store(url) as store, pytest.raises(StoreError) as caught:
        _write(store, "a")
    assert caught.value.code == "database-read-only"


def test_a_server_without_a_free_connection_is_reported_as_crowded(
    postgres_server: Server,
) -> None:
    url = postgres_server.new()
    postgres_server.add_locked_role()
    name = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run("alter role locked connection limit 0")
    try:
        with pytest.raises(StoreError) as caught:
            open_store(url.replace("//postgres@", "//locked:right-enough@"))
    finally:
        postgres_server.run("alter role locked connection limit -1")
    assert caught.value.code == "database-crowded"
    postgres_server.run(f"alter database {name} connection limit 0")
    with pytest.raises(StoreError) as caught:
        open_store(url.replace("//postgres@", "//locked:right-enough@"))
    assert caught.value.code == "database-crowded"


@contextmanager
def _writer_in_another_process(url: str, last_statement: str) -> Iterator["subprocess.Popen[str]"]:
    """A writer that holds the lock, has written a row, and runs its last statement."""
    script = f"""
from geodata.store import open_store
with open_store({url!r}) as store, store.transaction() as work:
    work.execute("insert into run_unplaced values ('killed', 'a', 1, 0)")
    print("writing", flush=True)
    {last_statement}
"""  # noqa: S608  (our own)
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    "last_statement",
    [
        "import time; time.sleep(600)",
        # The server runs a statement of the writer and does not check the connection.
        "work.execute('select pg_sleep(600)')",
    ],
)
def test_a_killed_writer_does_not_block_other_writers(
    postgres_server: Server, last_statement: str
) -> None:
    url = postgres_server.new()
    with open_store(url) as store:
        with _writer_in_another_process(url, last_statement) as process:
            assert _advisory_locks(url) == 1
            process.send_signal(signal.SIGKILL)
            process.wait()
            _write(store, "next")
        assert store.read("select run from run_unplaced")["run"].to_pylist() == ["next"]
        _check_next_transactions(store)


# --- On both databases ---


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, MemoryError, SystemExit])
def test_any_exception_rolls_the_block_back_and_the_next_block_works(
    new_database: NewDatabase, error: type[BaseException]
) -> None:
    with open_store(new_database()) as store:
        with pytest.raises(error):
            _write_then(store, _raise(error))
        _check_next_transactions(store)


@pytest.mark.parametrize(
    "fail",
    [
        lambda store: _write_then(store, lambda work: work.append(_INSERT, _rows("a"))),
        lambda store: store.read("select * from nowhere"),
        lambda store: store.read("select cast('x' as bigint) as n"),
    ],
)
def test_after_any_failure_the_next_transaction_works(
    new_database: NewDatabase, fail: Callable[[Store], None]
) -> None:
    with open_store(new_database()) as store:
        for _ in range(5):
            with pytest.raises(Exception, match=r"."):
                fail(store)
        _check_next_transactions(store)


def test_a_caught_failure_inside_the_block_stores_nothing(
    new_database: NewDatabase,
) -> None:
    """PostgreSQL answers the commit of such a transaction without an error and stores nothing."""
    with open_store(new_database()) as store:

        def fail_unheard(work: Transaction) -> None:
            with suppress(StoreError):
                work.append(_INSERT, _rows("a"))

        with pytest.raises(StoreError, match="not stored"):
            _write_then(store, fail_unheard)
        assert _count(store) == 0
        _check_next_transactions(store)
