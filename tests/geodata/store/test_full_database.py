"""A disk without room under a database: what was kept stays, and the same done again is whole.

On DuckDB the room ends at many places, by a limit on the size of files that needs no rights; and on
a small file system, where root may mount one, so that DuckDB gives its file up. On PostgreSQL the
server's own error for a full disk (53100) is raised at each step by a trigger, and for real in a
tablespace on a small file system, where root may mount one.
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
from tests.databases import VARIABLE, Server
from tests.full_disk import files_at_most, fill, small_disk

_ROWS = 3_000
_INSERT = "insert into run_unplaced select run, code, cases, active from stage order by run, code"
_COUNT = "select cast(count(*) as bigint) as n from run_unplaced"


def _count(store: Store) -> int:
    found: int = store.read(_COUNT)["n"][0].as_py()
    return found


def _append(store: Store, run: str, rows: int) -> None:
    codes = [os.urandom(24).hex() for _ in range(rows)]  # nothing that can be compressed
    stage = pa.table(
        {"run": [run] * rows, "code": codes, "cases": [1] * rows, "active": [0] * rows}
    )
    with store.transaction() as transaction:
        transaction.append(_INSERT, stage)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, Expected]]:
    with small_city(tmp_path_factory.mktemp("city"), "duckdb", _ROWS) as found:
        undisturbed(found)  # compiles what was never compiled, which takes files of its own
        yield found, undisturbed(found)


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
    found = City(city[0].file, lambda: postgres_server.copy(base))
    return found, undisturbed(found)


def _without_room(url: str, file: Path) -> tuple[str, str]:
    """The code of the refusal, and the step that was begun last."""
    steps = ["reading"]
    with pytest.raises(MikrozonasiError) as caught:
        work(url, file, steps.append)
    return caught.value.code, steps[-1]


_LEFT = {"reading": "nothing", "keeping": "nothing", "running": "records"}


def _restore(url: str, file: Path) -> None:
    with open_store(url, create=True) as store:
        restore_store(store, file)


# --- DuckDB ---


@pytest.mark.parametrize("size", [0, 1_000, 50_000, 100_000, 200_000, 300_000])
def test_a_file_that_cannot_grow_keeps_what_it_had_and_the_next_time_ends_the_same(
    city: tuple[City, Expected], size: int
) -> None:
    found, expected = city
    url = found.new()
    with files_at_most(size):
        code, step = _without_room(url, found.file)
    assert code == "disk-full"
    with open_store(url) as store:
        assert kills._left(kills._rows(store), expected.rows) == _LEFT[step]
    work(url, found.file, lambda _: None)
    with open_store(url) as store:
        assert kills._digest(store) == expected.digest


def test_a_real_full_disk_leaves_all_of_a_step_or_nothing(
    city: tuple[City, Expected], tmp_path: Path
) -> None:
    found, expected = city
    base = database_path(found.new()).read_bytes()
    with small_disk(tmp_path / "disk", 32_000) as disk:
        ends = set()
        for leave in (0, 40_000, 400_000, 1_000_000, 1_600_000, 2_200_000, 3_000_000):
            path = disk / "city.duckdb"
            path.with_name("city.duckdb.wal").unlink(missing_ok=True)
            path.write_bytes(base)
            filler = fill(disk, leave=leave)
            url = f"duckdb:///{path}"
            steps = ["reading"]
            try:
                work(url, found.file, steps.append)
            except StoreError as error:
                assert error.code == "disk-full"  # noqa: PT017
                with open_store(url) as store:
                    assert kills._left(kills._rows(store), expected.rows) == _LEFT[steps[-1]]
                ends.add(steps[-1])
            filler.unlink()
            work(url, found.file, lambda _: None)
            with open_store(url) as store:
                assert kills._digest(store) == expected.digest
    assert ends >= {"keeping", "running"} or ends >= {"reading", "running"}


def test_a_database_that_duckdb_gave_up_is_opened_again_and_read_meanwhile(tmp_path: Path) -> None:
    """At the wrong moment a full disk ends the database for a whole process, a server's too."""
    with small_disk(tmp_path / "disk", 20_000) as disk:
        url = f"duckdb:///{disk}/city.duckdb"
        kept = 0
        refused: list[str] = []
        with open_store(url, create=True, share=True) as store:
            for turn in range(400):
                try:
                    _append(store, str(turn), 2_000)
                except StoreError as error:
                    refused.append(error.code)
                else:
                    kept += 2_000
                assert _count(store) == kept
                if len(refused) > 3:
                    break
            assert set(refused) == {"disk-full"}
        with open_store(url) as store:
            assert _count(store) == kept


def test_threads_that_read_while_the_disk_fills_up_read_on(tmp_path: Path) -> None:
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
        full = 0
        for turn in range(400):
            try:
                _append(store, str(turn), 2_000)
            except StoreError:
                full += 1
            if full > 3:
                break
        stop.set()
        for thread in threads:
            thread.join()
    assert full > 3
    assert not failures


def test_a_backup_and_a_restore_without_room_change_nothing(
    city: tuple[City, Expected], tmp_path: Path
) -> None:
    found, expected = city
    url = found.new()
    work(url, found.file, lambda _: None)
    file = tmp_path / "city.zip"
    with open_store(url) as store:
        backup_store(store, file)
        before = file.read_bytes()
        for size in (0, 1_000, len(before) // 2, len(before) - 10):
            with files_at_most(size), pytest.raises(MikrozonasiError) as caught:
                backup_store(store, file)
            assert caught.value.code == "disk-full"
            assert file.read_bytes() == before
            assert {left.name for left in tmp_path.iterdir()} == {"city.zip"}
    to = f"duckdb:///{tmp_path}/to.duckdb"
    for size in (0, 12_288, 100_000, len(before) // 2):
        with files_at_most(size), pytest.raises(MikrozonasiError) as caught:
            _restore(to, file)
        assert caught.value.code == "disk-full"
    _restore(to, file)
    with open_store(to) as store:
        assert kills._digest(store) == expected.digest


def test_a_database_that_could_not_be_made_is_none_and_is_made_later(tmp_path: Path) -> None:
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

_FULL = """
create function full_disk() returns trigger language plpgsql as $$
begin
    raise exception using errcode = '53100', message = 'could not extend file';
end $$
"""


def _sql(url: str, *statements: str) -> None:
    with postgres.connect(url, autocommit=True) as own, own.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("table", "when", "left"),
    [
        ("case_version", "after insert", "nothing"),
        ("batch", "before insert", "nothing"),
        ("run", "after insert", "records"),
        ("published", "before insert", "records"),
        ("published", "at commit", "records"),
        ("batch", "at commit", "nothing"),
    ],
)
def test_a_server_without_room_keeps_nothing_of_a_step_and_the_next_time_ends_the_same(
    served_city: tuple[City, Expected], table: str, when: str, left: str
) -> None:
    found, expected = served_city
    url = found.new()
    trigger = (
        f"create constraint trigger full_disk after insert on {table} deferrable initially "
        "deferred for each row execute function full_disk()"
        if when == "at commit"
        else f"create trigger full_disk {when} on {table} for each row execute function full_disk()"
    )
    _sql(url, _FULL, trigger)
    code, _ = _without_room(url, found.file)
    assert code == "disk-full"
    with open_store(url) as store:
        assert kills._left(kills._rows(store), expected.rows) == left
    _sql(url, f"drop trigger full_disk on {table}", "drop function full_disk")
    work(url, found.file, lambda _: None)
    with open_store(url) as store:
        assert kills._digest(store) == expected.digest


def test_a_tablespace_that_is_really_full_keeps_nothing_of_a_step(
    served_city: tuple[City, Expected], postgres_server: Server
) -> None:
    if VARIABLE in os.environ:
        pytest.skip("the disk of a server that was named is not ours to fill")
    owner = str(pwd.getpwnam("postgres").pw_uid) if os.getuid() == 0 else None
    found, expected = served_city
    place = Path(f"/tmp/mz-full-{os.getpid()}")  # noqa: S108  (the server's user goes there)
    with ExitStack() as made:
        made.callback(place.rmdir)
        disk = made.enter_context(small_disk(place, 64_000, owner))
        url = found.new()
        name = url.partition("?")[0].rpartition("/")[2]
        postgres_server.run(f"create tablespace small location '{disk}'")
        postgres_server.run(f"alter database {name} set tablespace small")
        made.callback(postgres_server.run, "drop tablespace small")
        made.callback(postgres_server.run, f"alter database {name} set tablespace pg_default")
        made.callback(postgres_server.disconnect, url)
        ends = set()
        for leave in (16_384, 1_300_000):
            filler = fill(disk, leave=leave)
            code, step = _without_room(url, found.file)
            filler.unlink()
            ends.add(step)
            assert code == "disk-full"
            with open_store(url) as store:
                assert kills._left(kills._rows(store), expected.rows) == _LEFT[step]
        work(url, found.file, lambda _: None)
        with open_store(url) as store:
            assert kills._digest(store) == expected.digest
