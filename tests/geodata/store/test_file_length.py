"""A database file that was cut is refused when it is opened; a whole one never is."""

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
from tests.geodata.store.test_file_length import change, opened
drawn, path, size = random.Random(int(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3])
connection = opened(path, size)
print("begun", flush=True)
while True:
    connection = change(drawn, connection, path, size)[1]
"""


def opened(path: Path, block_size: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(path, config={"default_block_size": str(block_size)})


def change(
    drawn: random.Random, connection: duckdb.DuckDBPyConnection, path: Path, block_size: int
) -> tuple[str, duckdb.DuckDBPyConnection]:
    """Change a database at random; what was done, and the connection after it."""
    names = [
        name for (name,) in connection.sql("select table_name from duckdb_tables()").fetchall()
    ]
    rows = f"select range as i, md5(range::varchar) as m from range({drawn.choice(ROWS)})"  # noqa: S608  (ours)
    step = drawn.choice(STEPS) if names else "create"
    name = drawn.choice(names or [""])
    if step == "reopen":
        connection.close()
        return step, opened(path, block_size)
    for sql in {
        "create": [f"create or replace table t{drawn.randrange(9)} as {rows}"],
        "insert": [f"insert into {name} {rows}"],
        "delete": [f"delete from {name} where i % {drawn.choice([1, 2, 7])} = 0"],  # noqa: S608
        "drop": [f"drop table {name}"],
        "undo": ["begin", f"insert into {name} {rows}", "rollback"],
        "checkpoint": ["checkpoint"],
    }[step]:
        connection.execute(sql)
    return step, connection


def content(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(path) as connection:
        names = connection.sql("select table_name from duckdb_tables() order by 1").fetchall()
        return [
            (name, *connection.sql(f"select count(*), sum(i), max(m) from {name}").fetchall())  # noqa: S608  (ours)
            for (name,) in names
        ]


def shortened(path: Path, size: int) -> Path:
    shorter = path.with_name("shorter.duckdb")
    shorter.write_bytes(path.read_bytes()[:size])
    return shorter


def shortest(path: Path) -> int:
    """The least length, in pages, at which the file counts as whole."""
    least, most = 0, (path.stat().st_size - HEADERS) // PAGE
    while least < most:
        middle = (least + most) // 2
        if is_truncated(shortened(path, HEADERS + middle * PAGE)):
            least = middle + 1
        elif middle and not _headers_tell(path, HEADERS + middle * PAGE):
            least = middle + 1  # the list of free blocks is gone too: DuckDB refuses that
        else:
            most = middle
    return HEADERS + least * PAGE


def _headers_tell(path: Path, size: int) -> bool:
    try:
        duckdb.connect(shortened(path, size)).close()
    except duckdb.Error:
        return False
    return True


@pytest.mark.parametrize("block_size", [16_384, 262_144])
@pytest.mark.parametrize("seed", range(2))
def test_a_whole_file_is_never_refused_and_no_shorter_one_is_whole(
    seed: int, block_size: int, tmp_path: Path
) -> None:
    drawn = random.Random(seed)  # noqa: S311
    path = tmp_path / "city.duckdb"
    connection = opened(path, block_size)
    try:
        for _ in range(25):
            step, connection = change(drawn, connection, path, block_size)
            assert not is_truncated(shortened(path, path.stat().st_size)), step
    finally:
        connection.close()
    assert not is_truncated(path)
    whole, size = content(path), shortest(path)
    assert content(shortened(path, size)) == whole


@pytest.mark.parametrize("block_size", [16_384, 262_144])
@pytest.mark.parametrize("seed", range(2))
def test_nor_is_what_a_kill_leaves(seed: int, block_size: int, tmp_path: Path) -> None:
    path = tmp_path / "city.duckdb"
    for turn in range(3):
        line = [sys.executable, "-c", PROGRAM, f"{seed}{turn}", str(path), str(block_size)]
        with subprocess.Popen(line, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"begun\n"
            time.sleep(random.Random(seed * 10 + turn).uniform(0, 0.6))  # noqa: S311
            child.send_signal(signal.SIGKILL)
        assert not is_truncated(path)
        content(path)
        assert not is_truncated(path)


def a_city(tmp_path: Path) -> Path:
    path = tmp_path / "city.duckdb"
    open_store(f"duckdb:///{path}", create=True).close()
    return path


@pytest.mark.parametrize("lost", [1, PAGE, 0.5])
def test_a_cut_file_is_refused_whatever_is_asked_of_it(lost: float, tmp_path: Path) -> None:
    path = a_city(tmp_path)
    size = path.stat().st_size
    left = path.read_bytes()[: size - int(lost) if lost >= 1 else size // 2]
    path.write_bytes(left)
    for use in (open_store, upgrade_store):
        with pytest.raises(StoreError) as refused:
            use(f"duckdb:///{path}")
        assert refused.value.code == "database-damaged"
        assert refused.value.message.startswith("city.duckdb cannot be opened. The file of the ")
        assert path.read_bytes() == left


def test_a_file_that_grew_is_whole(tmp_path: Path) -> None:
    path = a_city(tmp_path)
    with path.open("ab") as file:
        file.write(b"\0" * 5000)
    open_store(f"duckdb:///{path}").close()


def test_of_other_files_nothing_is_said(tmp_path: Path) -> None:
    path = a_city(tmp_path)
    whole = path.read_bytes()
    other = tmp_path / "other"
    drawn = random.Random(3)  # noqa: S311
    assert not is_truncated(other)
    for size in (0, 1, PAGE, HEADERS - 1):
        other.write_bytes(whole[:size])
        assert not is_truncated(other)
    for _ in range(300):
        damaged = bytearray(whole)
        place = drawn.choice([8, 20, 40, 2 * PAGE - 1, PAGE + 8, PAGE + 40, 2 * PAGE + 40])
        damaged[place : place + 8] = drawn.randbytes(8)
        other.write_bytes(damaged)
        is_truncated(other)  # whatever it says of nonsense, it ends


def test_looking_takes_no_lock_from_the_process_that_has_the_file(tmp_path: Path) -> None:
    path = a_city(tmp_path)
    program = f"import duckdb; duckdb.connect({str(path)!r})"
    with open_store(f"duckdb:///{path}"):
        check_length(path)
        refused = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
    assert "lock" in refused.stderr


def test_while_another_process_has_the_file_nothing_is_said(tmp_path: Path) -> None:
    path = a_city(tmp_path)
    program = f"import duckdb; a = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    line = [sys.executable, "-c", program]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        os.truncate(path, path.stat().st_size - PAGE)
        assert not is_truncated(path)
        holder.kill()
    assert is_truncated(path)
