"""A full disk under a database: stored rows stay, and repeating the work completes it.

For DuckDB the disk is full at many points, by a limit on file sizes that needs no rights, and on a
small file system (needs root), where DuckDB invalidates the database. For PostgreSQL a trigger
raises the server's error for a full disk (53100) at each step, and a tablespace on a small file
system (needs root) raises the real error.
"""

import os
import pwd
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgres
import pyarrow as pa
import pytest

from benchmarks import kills
from benchmarks.kills import City, Expected, small_city, undisturbed, work
from geodata.errors import MikrozonasiError, StoreError
from geodata.store import Store, database_path, open_store
from geodata.store.backups.restoring import restore_store
from geodata.store.backups.writing import backup_store
from geodata.upgrading import upgrade_store
from tests.databases import SERVER_VARIABLE, Server
from tests.full_disk import files_at_most, fill_disk, small_disk

_ROWS = 3_000
_INSERT = "insert into run_unplaced select run, code, cases, active from stage order by run, code"
_COUNT = "select cast(count(*) as bigint) as n from run_unplaced"


def _count(store: Store) -> int:
    count: int = store.read(_COUNT)["n"][0].as_py()
    return count


def _append(store: Store, run: str, rows: int) -> None:
    codes = [os.urandom(24).hex() for _ in range(rows)]  # nothing that can be compressed
    stage = pa.table(
        {"run": [run] * rows, "code": codes, "cases": [1] * rows, "active": [0] * rows}
    )
    with store.transaction() as transaction:
        transaction.append(_INSERT, stage)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, Expected]]:
    with small_city(tmp_path_factory.mktemp("city"), "duckdb", _ROWS) as new_city:
        undisturbed(new_city)  # compiles kernels now, which writes files
        yield new_city, undisturbed(new_city)


@pytest.fixture(scope="module")
def served_city(
    city: tuple[City, Expected],
    postgres_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[City, Expected]:
    """The same city on a server, from a backup."""
    backup = tmp_path_factory.mktemp("backup") / "base.zip"
    with open_store(city[0].new()) as store:
        backup_store(store, backup)
    base = postgres_server.new()
    with open_store(base) as store:
        restore_store(store, backup)
    new_city = City(city[0].file, lambda: postgres_server.copy(base))
    return new_city, undisturbed(new_city)


def _work_on_full_disk(url: str, file: Path) -> tuple[str, str]:
    """The code of the error, and the last step that began."""
    steps = ["reading"]
    with pytest.raises(MikrozonasiError) as caught:
        work(url, file, steps.append)
    return caught.value.code, steps[-1]


_KEPT_AFTER_STEP = {"reading": "nothing", "keeping": "nothing", "running": "records"}


def _restore(url: str, file: Path) -> None:
    with open_store(url, create=True) as store:
        restore_store(store, file)


# --- DuckDB ---


@pytest.mark.parametrize("size", [0, 1_000, 50_000, 100_000, 200_000, 300_000])
def test_a_file_that_cannot_grow_keeps_its_rows_and_the_next_run_completes(
    city: tuple[City, Expected], size: int
) -> None:
    base_city, expected = city
    url = base_city.new()
    with files_at_most(size):
        code, step = _work_on_full_disk(url, base_city.file)
    assert code == "disk-full"
    with open_store(url) as store:
        assert kills._left(kills._rows(store), expected.rows) == _KEPT_AFTER_STEP[step]
    work(url, base_city.file, lambda _: None)
    with open_store(url) as store:
        assert kills._digest(store) == expected.digest


def test_a_full_disk_leaves_each_step_complete_or_undone(
    city: tuple[City, Expected], tmp_path: Path
) -> None:
    base_city, expected = city
    base = database_path(base_city.new()).read_bytes()
    with small_disk(tmp_path / "disk", 32_000) as disk:
        last_steps = set()
        for leave in (0, 40_000, 400_000, 1_000_000, 1_600_000, 2_200_000, 3_000_000):
            path = disk / "city.duckdb"
            path.with_name("city.duckdb.wal").unlink(missing_ok=True)
            path.write_bytes(base)
            filler = fill_disk(disk, leave=leave)
            url = f"duckdb:///{path}"
            steps = ["reading"]
            try:
                work(url, base_city.file, steps.append)
            except StoreError as error:
                assert error.code == "disk-full"  # noqa: PT017
                with open_store(url) as store:
                    assert (
                        kills._left(kills._rows(store), expected.rows)
                        == _KEPT_AFTER_STEP[steps[-1]]
                    )
                last_steps.add(steps[-1])
            filler.unlink()
            work(url, base_city.file, lambda _: None)
            with open_store(url) as store:
                assert kills._digest(store) == expected.digest
    assert last_steps >= {"keeping", "running"} or last_steps >= {"reading", "running"}


def test_an_invalidated_database_is_reopened_and_stays_readable(tmp_path: Path) -> None:
    """A full disk at a critical moment invalidates the database for the whole process."""
    with small_disk(tmp_path / "disk", 20_000) as disk:
        url = f"duckdb:///{disk}/city.duckdb"
        rows = 0
        error_codes: list[str] = []
        with open_store(url, create=True, share=True) as store:
            for turn in range(400):
                try:
                    _append(store, str(turn), 2_000)
                except StoreError as error:
                    error_codes.append(error.code)
                else:
                    rows += 2_000
                assert _count(store) == rows
                if len(error_codes) > 3:
                    break
            assert set(error_codes) == {"disk-full"}
        with open_store(url) as store:
            assert _count(store) == rows


def test_reading_threads_continue_while_the_disk_fills_up(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()
    with (
        small_disk(tmp_path / "disk", 20_000) as disk,
        open_store(f"duckdb:///{disk}/city.duckdb", create=True) as store,
    ):

        def read() -> None:
            try:
                while not stop.is_set():
                    assert _count(store) % 2_000 == 0
            except BaseException as failure:  # noqa: BLE001  (told by the test)
                failures.append(failure)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        full_errors = 0
        for turn in range(400):
            try:
                _append(store, str(turn), 2_000)
            except StoreError:
                full_errors += 1
            if full_errors > 3:
                break
        stop.set()
        for thread in threads:
            thread.join()
    assert full_errors > 3
    assert not failures


def test_a_backup_and_a_restore_on_a_full_disk_change_nothing(
    city: tuple[City, Expected], tmp_path: Path
) -> None:
    base_city, expected = city
    url = base_city.new()
    work(url, base_city.file, lambda _: None)
    backup = tmp_path / "city.zip"
    with open_store(url) as store:
        backup_store(store, backup)
        before = backup.read_bytes()
        for size in (0, 1_000, len(before) // 2, len(before) - 10):
            with files_at_most(size), pytest.raises(MikrozonasiError) as caught:
                backup_store(store, backup)
            assert caught.value.code == "disk-full"
            assert backup.read_bytes() == before
            assert {file.name for file in tmp_path.iterdir()} == {"city.zip"}
    restored_url = f"duckdb:///{tmp_path}/to.duckdb"
    for size in (0, 12_288, 100_000, len(before) // 2):
        with files_at_most(size), pytest.raises(MikrozonasiError) as caught:
            _restore(restored_url, backup)
        assert caught.value.code == "disk-full"
    _restore(restored_url, backup)
    with open_store(restored_url) as store:
        assert kills._digest(store) == expected.digest


def test_a_database_that_could_not_be_made_can_be_made_later(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    for size in (0, 100, 4_096, 8_192, 12_287):
        with files_at_most(size), pytest.raises(StoreError) as caught:
            upgrade_store(url)
        assert caught.value.code == "disk-full"
        with pytest.raises(StoreError) as caught:
            open_store(url)
        assert caught.value.code == "no-database"
    assert upgrade_store(url).before == 0
    open_store(url).close()


# --- PostgreSQL ---

_FULL_DISK_FUNCTION = """
create function full_disk() returns trigger language plpgsql as $$
begin
    raise exception using errcode = '53100', message = 'could not extend file';
end $$
"""


def _sql(url: str, *statements: str) -> None:
    with postgres.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("table", "trigger_time", "stored"),
    [
        ("case_version", "after insert", "nothing"),
        ("batch", "before insert", "nothing"),
        ("run", "after insert", "records"),
        ("published", "before insert", "records"),
        ("published", "at commit", "records"),
        ("batch", "at commit", "nothing"),
    ],
)
def test_a_server_with_a_full_disk_undoes_the_step_and_the_next_run_completes(
    served_city: tuple[City, Expected], table: str, trigger_time: str, stored: str
) -> None:
    base_city, expected = served_city
    url = base_city.new()
    trigger = (
        f"create constraint trigger full_disk after insert on {table} deferrable initially "
        "deferred for each row execute function full_disk()"
        if trigger_time == "at commit"
        else f"create trigger full_disk {trigger_time} on {table} for each row "
        "execute function full_disk()"
    )
    _sql(url, _FULL_DISK_FUNCTION, trigger)
    code, _ = _work_on_full_disk(url, base_city.file)
    assert code == "disk-full"
    with open_store(url) as store:
        assert kills._left(kills._rows(store), expected.rows) == stored
    _sql(url, f"drop trigger full_disk on {table}", "drop function full_disk")
    work(url, base_city.file, lambda _: None)
    with open_store(url) as store:
        assert kills._digest(store) == expected.digest


def test_a_full_tablespace_undoes_the_step(
    served_city: tuple[City, Expected], postgres_server: Server
) -> None:
    if SERVER_VARIABLE in os.environ:
        pytest.skip("the disk of an external server must not be filled")
    owner = str(pwd.getpwnam("postgres").pw_uid) if os.getuid() == 0 else None
    base_city, expected = served_city
    mount_point = Path(f"/tmp/mz-full-{os.getpid()}")  # noqa: S108  (the server's user goes there)
    with ExitStack() as cleanup:
        cleanup.callback(mount_point.rmdir)
        disk = cleanup.enter_context(small_disk(mount_point, 64_000, owner))
        url = base_city.new()
        name = url.partition("?")[0].rpartition("/")[2]
        postgres_server.run(f"create tablespace small location '{disk}'")
        postgres_server.run(f"alter database {name} set tablespace small")
        cleanup.callback(postgres_server.run, "drop tablespace small")
        cleanup.callback(postgres_server.run, f"alter database {name} set tablespace pg_default")
        cleanup.callback(postgres_server.disconnect, url)
        last_steps = set()
        for leave in (16_384, 1_300_000):
            filler = fill_disk(disk, leave=leave)
            code, step = _work_on_full_disk(url, base_city.file)
            filler.unlink()
            last_steps.add(step)
            assert code == "disk-full"
            with open_store(url) as store:
                assert kills._left(kills._rows(store), expected.rows) == _KEPT_AFTER_STEP[step]
        work(url, base_city.file, lambda _: None)
        with open_store(url) as store:
            assert kills._digest(store) == expected.digest
