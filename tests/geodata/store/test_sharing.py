"""A process works with an embedded database through the process that holds the file."""

import os
import select
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from geodata.errors import StoreError
from geodata.settings import CitySettings
from geodata.store import Store, database_path, faults, open_store
from geodata.store.embedded.duck import DuckEngine
from geodata.store.model import now
from geodata.store.shared.client import RemoteEngine
from geodata.store.shared.server import SharedEngine
from geodata.store.shared.wire import socket_path
from geodata.upgrading import upgrade_store

_INSERT = "insert into run_unplaced select run, code, cases, active from stage order by run, code"
_COUNT = "select cast(count(*) as bigint) as n from run_unplaced"
_HOLD = """
import sys
from geodata.store import open_store
with open_store(sys.argv[1], create=True, share=sys.argv[2] == "share") as store:
    print("open", flush=True)
    sys.stdin.readline()
"""
NOON = datetime(2021, 7, 5, 12, 0, 0, 1)  # noqa: DTZ001  (the tables keep UTC without a zone)


def _rows(run: str) -> pa.Table:
    return pa.table({"run": [run], "code": ["x"], "cases": [1], "active": [0]})


def _count(store: Store) -> int:
    count: int = store.read(_COUNT)["n"][0].as_py()
    return count


def _hold(url: str, mode: str = "share") -> "subprocess.Popen[str]":
    """A process that holds the file until it reads a line."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, url, mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    return holder


@pytest.fixture(params=["", "in a folder so deep that its socket's name is too long " * 3])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    folder = tmp_path / request.param
    folder.mkdir(exist_ok=True)
    return f"duckdb:///{folder}/city.duckdb"


@pytest.fixture
def holder(url: str) -> Iterator["subprocess.Popen[str]"]:
    with _hold(url) as process:
        yield process
        process.kill()


def test_a_second_process_reads_and_writes_through_the_first(url: str, holder: object) -> None:
    with open_store(url) as store:
        with store.transaction() as work:
            work.append(_INSERT, _rows("a"))
            work.execute("insert into run_unplaced values ('b', $1, 1, 1)", "y")
            assert work.read(_COUNT)["n"].to_pylist() == [2]
            assert _count(store) == 0
        assert _count(store) == 2
        rows = store.read("select code from run_unplaced where run = any($1)", ["b", "c"])
        assert rows["code"].to_pylist() == ["y"]
        with store.snapshot() as snapshot:
            assert snapshot.read(_COUNT)["n"].to_pylist() == [2]


@pytest.mark.parametrize(
    "value", [None, True, -1, 2**62, 0.1, "é'", date(1, 1, 1), NOON, b"\0\xff"]
)
def test_every_type_of_parameter_arrives_unchanged(tmp_path: Path, value: Any) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True, share=True) as local, _remote(url) as remote:
        query = "select cast($1 as text) as v, typeof($1) as t"
        assert remote.read(query, value).equals(local.read(query, value))


def _remote(url: str) -> Store:
    """A store through the socket, also in the process that holds the file."""
    return Store(RemoteEngine(database_path(url)), url, now, CitySettings())


def test_a_failed_transaction_is_rolled_back_with_the_databases_error(
    url: str, holder: object
) -> None:
    def twice() -> None:
        with store.transaction() as work:
            work.append(_INSERT, _rows("a"))
            work.append(_INSERT, _rows("a"))

    def half() -> None:
        with store.transaction() as work:
            work.append(_INSERT, _rows("a"))
            raise OSError("disk full")

    with open_store(url) as store:
        with pytest.raises(StoreError) as caught:
            twice()
        assert caught.value.code == "conflict"
        assert caught.value.message == faults.key_conflict().message
        assert caught.value.indonesian == faults.key_conflict().indonesian
        with pytest.raises(OSError, match="disk full"):
            half()
        with pytest.raises(StoreError, match="CatalogException"):
            store.read("select * from nowhere")
        assert _count(store) == 0
        with store.transaction() as work:
            work.append(_INSERT, _rows("a"))
        assert _count(store) == 1


def _wait_until_disconnected(monkeypatch: pytest.MonkeyPatch, last_bytes: bytes) -> None:
    """Let a sender continue only after the other side has read the message and disconnected."""
    original_sendall = socket.socket.sendall

    def sendall(self: socket.socket, data: bytes) -> None:
        original_sendall(self, data)
        if last_bytes in bytes(data):
            poll = select.poll()
            poll.register(self, select.POLLRDHUP)
            poll.poll()

    monkeypatch.setattr(socket.socket, "sendall", sendall)


def test_an_answer_that_arrives_before_the_request_is_sent_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True, share=True), _remote(url) as remote:
        _wait_until_disconnected(monkeypatch, b'"do": "read"')
        assert remote.read("select 1 as n")["n"].to_pylist() == [1]
        with pytest.raises(StoreError, match="CatalogException") as caught:
            remote.read("select * from nowhere")
        assert caught.value.code == "statement-failed"
        assert "CatalogException" in caught.value.indonesian


def test_a_committed_transaction_is_not_reported_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True, share=True) as local, _remote(url) as remote:
        _wait_until_disconnected(monkeypatch, b'"do": "commit"')
        with remote.transaction() as work:
            work.append(_INSERT, _rows("a"))
        assert _count(local) == 1


def test_a_silent_writer_is_rolled_back_and_gets_an_error(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    path = database_path(url)
    open_store(url, create=True).close()

    def write_slowly() -> None:
        with remote.transaction() as work:
            work.append(_INSERT, _rows("a"))
            with local.transaction() as waiting:  # begins after the other transaction is undone
                assert waiting.read(_COUNT)["n"].to_pylist() == [0]
            work.append(_INSERT, _rows("b"))

    engine = SharedEngine(DuckEngine(path, 256), path, writer_timeout=0.2)
    with Store(engine, url, now, CitySettings()) as local, _remote(url) as remote:
        with pytest.raises(StoreError, match="Try again") as caught:
            write_slowly()
        assert caught.value.code == "transaction-undone"
        with local.transaction() as waiting:
            assert waiting.read(_COUNT)["n"].to_pylist() == [0]


_KILLED = """
import os, signal, sys
import pyarrow as pa
from geodata.store import open_store
with open_store(sys.argv[1]) as store, store.transaction() as work:
    work.execute("insert into run_unplaced values ('a', 'x', 1, 1)")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_client_leaves_no_row_and_no_lock(url: str, holder: object) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, url], check=False)
    assert killed.returncode == -signal.SIGKILL
    with open_store(url) as store, store.transaction() as work:
        assert work.read(_COUNT)["n"].to_pylist() == [0]


def test_writers_of_both_processes_take_turns(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    add_one = """
import sys
from geodata.store import open_store
with open_store(sys.argv[1]) as store:
    for _ in range(20):
        with store.transaction() as work:
            n = work.read("select cast(count(*) as bigint) as n from run_unplaced")["n"][0].as_py()
            work.execute("insert into run_unplaced values ('a', $1, 1, 1)", str(n))
"""
    with open_store(url, create=True, share=True) as local:
        processes = [subprocess.Popen([sys.executable, "-c", add_one, url]) for _ in range(2)]
        for _ in range(20):
            with local.transaction() as work:
                n = work.read(_COUNT)["n"][0].as_py()
                work.execute("insert into run_unplaced values ('a', $1, 1, 1)", str(n))
        assert [process.wait(timeout=120) for process in processes] == [0, 0]
        codes = local.read("select code from run_unplaced")["code"].to_pylist()
    assert sorted(map(int, codes)) == list(range(60))


def test_only_the_owner_may_use_the_socket_and_closing_removes_it(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    path = socket_path(database_path(url))
    with open_store(url, create=True, share=True):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_ISSOCK(path.stat().st_mode)
    assert not path.exists()
    with open_store(url) as store:
        assert _count(store) == 0


def test_a_socket_from_a_crashed_server_is_replaced(url: str, holder: Any) -> None:
    holder.kill()
    holder.wait()
    assert socket_path(database_path(url)).exists()
    with open_store(url) as store:  # nobody holds the file
        assert _count(store) == 0
    unshared = _hold(url, "keep")
    with pytest.raises(StoreError, match="in use by another process") as caught:
        open_store(url)
    assert caught.value.code == "database-held"
    assert str(unshared.pid) in caught.value.message
    unshared.communicate("\n")
    with _hold(url) as server:  # a server takes its place
        with open_store(url) as store:
            assert _count(store) == 0
        server.communicate("\n")


def test_a_stopping_server_rolls_clients_back_with_an_error(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    local = open_store(url, create=True, share=True)
    remote = _remote(url)

    def write_while_closing() -> None:
        with remote.transaction() as work:
            work.append(_INSERT, _rows("a"))
            local.close()
            work.append(_INSERT, _rows("b"))

    with pytest.raises(StoreError) as caught:
        write_while_closing()
    assert caught.value.code == "database-lost"
    with open_store(url) as store:
        assert _count(store) == 0


def test_an_upgrade_is_rejected_while_a_server_holds_the_file(url: str, holder: object) -> None:
    with pytest.raises(StoreError) as caught:
        upgrade_store(url)
    assert caught.value.code == "database-held"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_another_user_gets_an_error_about_the_owner(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    script = """
import os, sys
from pathlib import Path
from geodata.store.opening import _connect_to_server
from geodata.errors import StoreError
os.setuid(65534)
try:
    _connect_to_server(Path(sys.argv[1]), StoreError("x", "y", indonesian="z"))
except StoreError as error:
    print(error.message)
"""
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    with open_store(url, create=True, share=True):
        process = subprocess.run(
            [sys.executable, "-c", script, database_path(url)],
            capture_output=True,
            text=True,
            check=True,
        )
    assert "server of another user" in process.stdout
