"""A truncated database file is rejected when it is opened; a complete file is not."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from geodata.errors import StoreError
from geodata.store import open_store
from geodata.store.embedded.database_file import check_length
from geodata.store.embedded.file_length import is_truncated
from geodata.upgrading import upgrade_store

HEADERS = 3 * 4096
PAGE = 4096
ROWS = (10, 1_000, 120_000, 300_000)
STEPS = ("create", "create", "insert", "delete", "drop", "undo", "checkpoint", "reopen")
PROGRAM = """
import random, sys
from pathlib import Path
from tests.geodata.store.test_file_length import change, open_with_block_size
generator, path, size = random.Random(int(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3])
connection = open_with_block_size(path, size)
print("begun", flush=True)
while True:
    connection = change(generator, connection, path, size)[1]
"""


def open_with_block_size(path: Path, block_size: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(path, config={"default_block_size": str(block_size)})


def change(
    generator: random.Random, connection: duckdb.DuckDBPyConnection, path: Path, block_size: int
) -> tuple[str, duckdb.DuckDBPyConnection]:
    """Change a database at random; the step, and the connection after the step."""
    names = [
        name for (name,) in connection.sql("select table_name from duckdb_tables()").fetchall()
    ]
    rows = f"select range as i, md5(range::varchar) as m from range({generator.choice(ROWS)})"  # noqa: S608  (ours)
    step = generator.choice(STEPS) if names else "create"
    name = generator.choice(names or [""])
    if step == "reopen":
        connection.close()
        return step, open_with_block_size(path, block_size)
    for sql in {
        "create": [f"create or replace table t{generator.randrange(9)} as {rows}"],
        "insert": [f"insert into {name} {rows}"],
        "delete": [f"delete from {name} where i % {generator.choice([1, 2, 7])} = 0"],  # noqa: S608
        "drop": [f"drop table {name}"],
        "undo": ["begin", f"insert into {name} {rows}", "rollback"],
        "checkpoint": ["checkpoint"],
    }[step]:
        connection.execute(sql)
    return step, connection


def read_content(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(path) as connection:
        names = connection.sql("select table_name from duckdb_tables() order by 1").fetchall()
        return [
            (name, *connection.sql(f"select count(*), sum(i), max(m) from {name}").fetchall())  # noqa: S608  (ours)
            for (name,) in names
        ]


def shortened_copy(path: Path, size: int) -> Path:
    shorter = path.with_name("shorter.duckdb")
    shorter.write_bytes(path.read_bytes()[:size])
    return shorter


def shortest_complete_size(path: Path) -> int:
    """The smallest size in bytes (by pages) at which the file counts as complete."""
    low, high = 0, (path.stat().st_size - HEADERS) // PAGE
    while low < high:
        middle = (low + high) // 2
        if is_truncated(shortened_copy(path, HEADERS + middle * PAGE)):
            low = middle + 1
        elif middle and not _opens_in_duckdb(path, HEADERS + middle * PAGE):
            low = middle + 1  # the list of free blocks is missing too, and DuckDB rejects the file
        else:
            high = middle
    return HEADERS + low * PAGE


def _opens_in_duckdb(path: Path, size: int) -> bool:
    try:
        duckdb.connect(shortened_copy(path, size)).close()
    except duckdb.Error:
        return False
    return True


@pytest.mark.parametrize("block_size", [16_384, 262_144])
@pytest.mark.parametrize("seed", range(2))
def test_a_complete_file_is_accepted_and_a_shorter_file_is_not(
    seed: int, block_size: int, tmp_path: Path
) -> None:
    generator = random.Random(seed)  # noqa: S311
    path = tmp_path / "city.duckdb"
    connection = open_with_block_size(path, block_size)
    try:
        for _ in range(25):
            step, connection = change(generator, connection, path, block_size)
            assert not is_truncated(shortened_copy(path, path.stat().st_size)), step
    finally:
        connection.close()
    assert not is_truncated(path)
    complete, size = read_content(path), shortest_complete_size(path)
    assert read_content(shortened_copy(path, size)) == complete


@pytest.mark.parametrize("block_size", [16_384, 262_144])
@pytest.mark.parametrize("seed", range(2))
def test_a_file_after_a_kill_is_accepted(seed: int, block_size: int, tmp_path: Path) -> None:
    path = tmp_path / "city.duckdb"
    for attempt in range(3):
        command = [sys.executable, "-c", PROGRAM, f"{seed}{attempt}", str(path), str(block_size)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"begun\n"
            time.sleep(random.Random(seed * 10 + attempt).uniform(0, 0.6))  # noqa: S311
            child.send_signal(signal.SIGKILL)
        assert not is_truncated(path)
        read_content(path)
        assert not is_truncated(path)


def new_database(tmp_path: Path) -> Path:
    path = tmp_path / "city.duckdb"
    open_store(f"duckdb:///{path}", create=True).close()
    return path


@pytest.mark.parametrize("lost", [1, PAGE, 0.5])
def test_a_truncated_file_is_rejected(lost: float, tmp_path: Path) -> None:
    path = new_database(tmp_path)
    size = path.stat().st_size
    remaining = path.read_bytes()[: size - int(lost) if lost >= 1 else size // 2]
    path.write_bytes(remaining)
    for open_function in (open_store, upgrade_store):
        with pytest.raises(StoreError) as raised:
            open_function(f"duckdb:///{path}")
        assert raised.value.code == "database-damaged"
        assert raised.value.message.startswith("city.duckdb cannot be opened. The file of the ")
        assert path.read_bytes() == remaining


def test_a_longer_file_is_complete(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    with path.open("ab") as file:
        file.write(b"\0" * 5000)
    open_store(f"duckdb:///{path}").close()


def test_files_of_unknown_layout_count_as_complete(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    content = path.read_bytes()
    other = tmp_path / "other"
    generator = random.Random(3)  # noqa: S311
    assert not is_truncated(other)
    for size in (0, 1, PAGE, HEADERS - 1):
        other.write_bytes(content[:size])
        assert not is_truncated(other)
    for _ in range(300):
        damaged = bytearray(content)
        offset = generator.choice([8, 20, 40, 2 * PAGE - 1, PAGE + 8, PAGE + 40, 2 * PAGE + 40])
        damaged[offset : offset + 8] = generator.randbytes(8)
        other.write_bytes(damaged)
        is_truncated(other)  # any answer is right for random bytes; the call must end


def test_the_check_keeps_the_lock_of_the_process_that_has_the_file(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    program = f"import duckdb; duckdb.connect({str(path)!r})"
    with open_store(f"duckdb:///{path}"):
        check_length(path)
        other_process = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
    assert "lock" in other_process.stderr


def test_a_file_in_use_by_another_process_counts_as_complete(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    program = f"import duckdb; a = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        os.truncate(path, path.stat().st_size - PAGE)
        assert not is_truncated(path)
        holder.kill()
    assert is_truncated(path)
