"""The store: all or nothing, and a sentence where it cannot be used."""

import itertools
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from geodata.errors import InputError, StoreError
from geodata.store import Store, database_path, open_store

_INSERT = "insert into run_unplaced select run, code, cases, active from stage order by run, code"
_COUNT = "select cast(count(*) as bigint) as n from run_unplaced"


def _rows(run: str, n: int = 3) -> pa.Table:
    return pa.table(
        {"run": [run] * n, "code": [str(i) for i in range(n)], "cases": [1] * n, "active": [0] * n}
    )


def _count(store: Store) -> int:
    found: int = store.read(_COUNT)["n"][0].as_py()
    return found


def _write(store: Store, *runs: str) -> None:
    with store.transaction() as work:
        for run in runs:
            work.append(_INSERT, _rows(run))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"duckdb:///{tmp_path}/city.duckdb"


def test_what_was_committed_is_there_after_opening_again(url: str) -> None:
    with open_store(url, create=True) as store:
        _write(store, "a")
    with open_store(url) as store:
        assert _count(store) == 3
        assert store.read("select code from run_unplaced where code = any($1)", ["1", "9"])[
            "code"
        ].to_pylist() == ["1"]


def test_a_transaction_that_fails_leaves_nothing(url: str) -> None:
    with open_store(url, create=True) as store:
        with pytest.raises(duckdb.ConstraintException):
            _write(store, "a", "a")
        assert _count(store) == 0
        _write(store, "a")
        assert _count(store) == 3


def test_many_threads_write_and_read_at_once(url: str) -> None:
    with open_store(url, create=True) as store:

        def write(name: str) -> None:
            for turn in range(5):
                _write(store, f"{name}-{turn}")
                # Never a part of a transaction: always whole threes.
                assert _count(store) % 3 == 0

        threads = [threading.Thread(target=write, args=(str(i),)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert _count(store) == 8 * 5 * 3


def test_a_second_process_is_told_who_holds_the_file(url: str) -> None:
    script = f"from geodata.store import open_store\nopen_store({url!r})"
    with open_store(url, create=True):
        second = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
    assert second.returncode != 0
    assert "held by another process (PID" in second.stderr


@pytest.mark.parametrize(
    "wrong", ["", "city.duckdb", "sqlite:///x.db", "duckdb://x", "duckdb:///", "postgresql://h/d"]
)
def test_a_url_of_another_form_is_said_to_be_wrong(wrong: str) -> None:
    with pytest.raises(InputError, match="Write duckdb:///") as caught:
        database_path(wrong)
    assert caught.value.code == "database-url"


def test_relative_and_absolute_urls_name_their_files() -> None:
    assert database_path("duckdb:///city.duckdb") == Path("city.duckdb")
    assert database_path("duckdb:////data/city.duckdb") == Path("/data/city.duckdb")


def _code_of_opening(url: str, *, create: bool) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(url, create=create)
    return caught.value.code


def test_no_file_no_folder_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    assert _code_of_opening(f"duckdb:///{tmp_path}/none.duckdb", create=False) == "no-database"
    assert not (tmp_path / "none.duckdb").exists()
    assert _code_of_opening(f"duckdb:///{tmp_path}/no/x.duckdb", create=True) == "no-folder"
    (tmp_path / "letter.duckdb").write_text("Dear city, " * 100)
    unreadable = _code_of_opening(f"duckdb:///{tmp_path}/letter.duckdb", create=False)
    assert unreadable == "database-unreadable"
    with duckdb.connect(tmp_path / "shop.duckdb") as shop:
        shop.execute("create table sales (n bigint)")
    assert _code_of_opening(f"duckdb:///{tmp_path}/shop.duckdb", create=True) == "foreign-database"


def test_tables_of_another_version_are_refused(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True) as store, store.transaction() as work:
        work.execute("insert into schema_version values (99, now()::timestamp)")
    assert _code_of_opening(url, create=False) == "schema-version"


def test_moments_only_go_on_whatever_the_clock_says(url: str) -> None:
    noon = datetime(2021, 7, 5, 12)  # noqa: DTZ001  (the tables keep UTC without a zone)
    said = [noon, noon, noon - timedelta(days=400), noon + timedelta(hours=1)]
    taken = []
    for moment in said:
        with (
            open_store(url, create=True, clock=itertools.repeat(moment).__next__) as store,
            store.transaction() as work,
        ):
            taken.append(work.moment)
    step = timedelta(microseconds=1)
    assert taken == [noon, noon + step, noon + 2 * step, noon + timedelta(hours=1)]


def test_threads_that_write_at_once_are_committed_in_the_order_of_their_moments(url: str) -> None:
    committed: list[datetime] = []

    def write(store: Store, run: str) -> None:
        with store.transaction() as work:
            work.append(_INSERT, _rows(run))
            committed.append(work.moment)

    with open_store(url, create=True, clock=lambda: datetime(2021, 7, 5)) as store:  # noqa: DTZ001
        threads = [threading.Thread(target=write, args=(store, str(n))) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(committed)) == 12
    assert committed == sorted(committed)


def test_a_transaction_that_fails_takes_no_moment(url: str) -> None:
    moments = iter([datetime(2021, 7, 6), datetime(2021, 7, 5), datetime(2021, 7, 5)])  # noqa: DTZ001
    with open_store(url, create=True, clock=lambda: next(moments)) as store:
        with pytest.raises(duckdb.ConstraintException):
            _write(store, "a", "a")
        with store.transaction() as work:
            assert work.moment == datetime(2021, 7, 5)  # noqa: DTZ001
