"""Real errors of DuckDB and the system become `StoreError`."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from geodata.errors import MikrozonasiError, StoreError
from geodata.store import open_store
from geodata.store.embedded.duck_faults import translate_error
from geodata.tables import read_table, write_table


def _raised_error(connection: duckdb.DuckDBPyConnection, *statements: str) -> duckdb.Error:
    with pytest.raises(duckdb.Error) as caught:  # noqa: PT012  (any of the statements may fail)
        for statement in statements:
            connection.execute(statement).fetchall()
    return caught.value


def _error_code(error: duckdb.Error) -> str | None:
    fault = translate_error(error)
    return None if fault is None else fault.code


_LARGE_QUERY = "select count(*) from (select distinct md5(range::varchar) from range(3000000))"


def test_too_little_memory_is_not_reported_as_a_full_disk() -> None:
    limits = {"memory_limit": "20MB", "threads": "1"}
    with duckdb.connect(config={**limits, "temp_directory": ""}) as connection:
        assert _error_code(_raised_error(connection, _LARGE_QUERY)) == "out-of-memory"


def test_a_full_temporary_folder_is_a_full_disk() -> None:
    """DuckDB's message as a constant: a real failure would need gigabytes."""
    message = (
        "Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB "
        "used). This limit was set by the 'max_temp_directory_size' setting."
    )
    assert _error_code(duckdb.OutOfMemoryException(message)) == "disk-full"


def test_a_double_key_is_a_conflict_in_a_statement_and_at_the_commit() -> None:
    with duckdb.connect() as first:
        first.execute("create table t (n bigint primary key)")
        statement = "insert into t values (1), (1)"
        assert _error_code(_raised_error(first, statement)) == "conflict"
        with first.cursor() as second:
            first.execute("begin transaction")
            second.execute("begin transaction")
            first.execute("insert into t values (2)")
            error = (
                _raised_error(second, "insert into t values (2)", "commit")
                if _commit(first)
                else None
            )
        assert error is not None
        assert _error_code(error) == "conflict"


def _commit(connection: duckdb.DuckDBPyConnection) -> bool:
    connection.execute("commit")
    return True


@pytest.mark.parametrize(
    "mistake",
    [
        "select * from nowhere",
        "selekt",
        "select cast('No space left on device' as bigint)",
        "select nofunction(1)",
    ],
)
def test_a_mistake_in_the_sql_is_no_failure_of_the_database(mistake: str) -> None:
    with duckdb.connect() as connection:
        assert _error_code(_raised_error(connection, mistake)) is None


@contextmanager
def _no_more_files() -> Iterator[None]:
    """Let this process open no further file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_too_many_open_files_is_an_error_and_later_work_succeeds(tmp_path: Path) -> None:
    url, new = f"duckdb:///{tmp_path}/city.duckdb", f"duckdb:///{tmp_path}/new.duckdb"
    open_store(url, create=True).close()
    path = tmp_path / "table.csv"
    frame = pd.DataFrame({"a": ["1"]})
    write_table(frame, path)
    before = path.read_bytes()
    for operation in (
        lambda: open_store(url),
        lambda: open_store(new, create=True),
        lambda: write_table(frame, path),
        lambda: read_table(path),
    ):
        with _no_more_files(), pytest.raises(MikrozonasiError) as caught:
            operation()
        assert caught.value.code == "too-many-files"
    assert path.read_bytes() == before
    open_store(url).close()
    open_store(new, create=True).close()


def test_an_error_does_not_contain_the_message_of_the_driver(tmp_path: Path) -> None:
    (tmp_path / "city.duckdb").write_bytes(b"Budi 3374010101010001" * 1_000)
    with pytest.raises(StoreError) as caught:
        open_store(f"duckdb:///{tmp_path}/city.duckdb")
    assert "Budi" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
