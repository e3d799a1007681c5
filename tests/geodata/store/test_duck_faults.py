"""What DuckDB and the system really say, as errors of ours: raised by them, not made up here."""

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


def _raised(connection: duckdb.DuckDBPyConnection, *statements: str) -> duckdb.Error:
    with pytest.raises(duckdb.Error) as caught:  # noqa: PT012  (one of them, whichever it is)
        for statement in statements:
            connection.execute(statement).fetchall()
    return caught.value


def _code(error: duckdb.Error) -> str | None:
    fault = translate_error(error)
    return None if fault is None else fault.code


_LARGE = "select count(*) from (select distinct md5(range::varchar) from range(3000000))"


def test_memory_that_does_not_suffice_is_told_from_a_disk_that_does_not() -> None:
    small = {"memory_limit": "20MB", "threads": "1"}
    with duckdb.connect(config={**small, "temp_directory": ""}) as nowhere:
        assert _code(_raised(nowhere, _LARGE)) == "out-of-memory"


def test_a_temporary_folder_that_may_not_grow_is_a_full_disk() -> None:
    """In DuckDB's words: it takes gigabytes to make it say them."""
    said = (
        "Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB "
        "used). This limit was set by the 'max_temp_directory_size' setting."
    )
    assert _code(duckdb.OutOfMemoryException(said)) == "disk-full"


def test_keys_that_come_twice_are_a_conflict_at_once_and_at_the_commit() -> None:
    with duckdb.connect() as one:
        one.execute("create table t (n bigint primary key)")
        twice = "insert into t values (1), (1)"
        assert _code(_raised(one, twice)) == "conflict"
        with one.cursor() as other:
            one.execute("begin transaction")
            other.execute("begin transaction")
            one.execute("insert into t values (2)")
            error = _raised(other, "insert into t values (2)", "commit") if _commit(one) else None
        assert error is not None
        assert _code(error) == "conflict"


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
def test_a_mistake_in_the_sql_is_no_fault_of_the_database_whatever_it_says(mistake: str) -> None:
    with duckdb.connect() as one:
        assert _code(_raised(one, mistake)) is None


@contextmanager
def _no_more_files() -> Iterator[None]:
    """This process may open no further file."""
    before, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, highest))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, highest))


def test_too_many_open_files_are_one_sentence_and_pass(tmp_path: Path) -> None:
    url, new = f"duckdb:///{tmp_path}/city.duckdb", f"duckdb:///{tmp_path}/new.duckdb"
    open_store(url, create=True).close()
    path = tmp_path / "table.csv"
    frame = pd.DataFrame({"a": ["1"]})
    write_table(frame, path)
    before = path.read_bytes()
    for ask in (
        lambda: open_store(url),
        lambda: open_store(new, create=True),
        lambda: write_table(frame, path),
        lambda: read_table(path),
    ):
        with _no_more_files(), pytest.raises(MikrozonasiError) as caught:
            ask()
        assert caught.value.code == "too-many-files"
    assert path.read_bytes() == before
    open_store(url).close()
    open_store(new, create=True).close()


def test_every_fault_is_a_sentence_without_what_the_driver_said(tmp_path: Path) -> None:
    (tmp_path / "city.duckdb").write_bytes(b"Budi 3374010101010001" * 1_000)
    with pytest.raises(StoreError) as caught:
        open_store(f"duckdb:///{tmp_path}/city.duckdb")
    assert "Budi" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
