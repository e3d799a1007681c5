"""Files with records are readable by their owner only, from the first byte."""

import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from geodata.files.private import atomic_private_file, private_umask, restrict_to_owner
from geodata.store import database_path, open_store
from geodata.store.embedded.connecting import SETTINGS
from geodata.store.embedded.duck import DuckEngine

_ROWS = "insert into run_unplaced values ('r', $1, 1, 1)"
_SORTED = "select md5(cast(range as text)) as a from range(1500000) order by a"


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """A process whose mask gives everyone all permissions."""
    before = os.umask(0)
    yield
    assert os.umask(before) == 0, "the mask of the process was not restored"


@pytest.fixture
def without_chmod(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file keeps the permissions that it was created with."""
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    monkeypatch.setattr(os, "chmod", lambda *_: None)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if mode(path) & 0o077)


@pytest.mark.usefixtures("without_chmod")
def test_a_database_its_log_and_its_socket_are_private(tmp_path: Path) -> None:
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True, share=True) as store:
        for code in "ab":  # a checkpoint starts a new log file
            with store.transaction() as work:
                work.execute(_ROWS, code)
            names = {path.name for path in tmp_path.iterdir()}
            assert names == {"city.duckdb", "city.duckdb.wal", "city.duckdb.sock"}
            assert open_to_others(tmp_path) == []
            with store.transaction() as work:
                work.append(
                    "insert into run_unplaced select run, code, cases, active from stage",
                    pa.table({"run": ["s"], "code": [code], "cases": [1], "active": [1]}),
                )
    assert open_to_others(tmp_path) == []


@pytest.mark.usefixtures("without_chmod")
def test_temporary_files_of_a_large_query_are_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "threads", 1)
    engine = DuckEngine(tmp_path / "city.duckdb", 57)
    with engine.writing() as session:
        session.execute(f"create table t as {_SORTED}", ())
        assert (tmp_path / "city.duckdb.tmp").is_dir()
        assert open_to_others(tmp_path) == []
    engine.close()


def test_a_private_file_replaces_a_file_that_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old")
    path.chmod(0o666)
    with atomic_private_file(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
        assert open_to_others(tmp_path) == ["list.csv"]
    assert (path.read_text(), mode(path)) == ("new", 0o600)


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("other")
    (tmp_path / "list.csv").symlink_to(tmp_path / "other")
    with atomic_private_file(tmp_path / "list.csv") as file:
        file.write(b"new")
    assert (tmp_path / "other").read_text() == "other"
    assert not (tmp_path / "list.csv").is_symlink()


def test_a_failed_write_keeps_the_old_file_and_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("old")

    def fill() -> None:
        with atomic_private_file(tmp_path / "list.csv") as file:
            file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="full"):
        fill()
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]
    assert (tmp_path / "list.csv").read_text() == "old"


def test_the_mask_stays_restricted_until_the_last_thread_is_done(tmp_path: Path) -> None:
    inside, release = threading.Event(), threading.Event()

    def hold() -> None:
        with private_umask():
            inside.set()
            release.wait()

    thread = threading.Thread(target=hold)
    with private_umask():
        thread.start()
        inside.wait()
    (tmp_path / "a").touch()
    release.set()
    thread.join()
    (tmp_path / "b").touch()
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o600, 0o666)


def test_opening_an_old_database_restricts_it_to_its_owner_and_warns_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    open_store(url, create=True).close()
    path = database_path(url)
    path.chmod(0o644)
    (tmp_path / "city.duckdb.tmp").mkdir(mode=0o755)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            open_store(url).close()
    assert mode(path) == 0o600
    assert mode(tmp_path / "city.duckdb.tmp") == 0o700
    warning = "{} was open to other users of this machine (mode {}); now only its owner can use it."
    assert [record.getMessage() for record in caplog.records] == [
        warning.format("city.duckdb", "0644"),
        warning.format("city.duckdb.tmp", "0755"),
    ]


@pytest.mark.usefixtures("without_chmod")
def test_a_file_whose_permissions_cannot_change_is_named_in_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "city.duckdb").touch()
    with caplog.at_level(logging.WARNING):
        restrict_to_owner(tmp_path / "city.duckdb")
        restrict_to_owner(tmp_path / "absent")
    [warning] = [record.getMessage() for record in caplog.records]
    assert "this user cannot change that" in warning
    assert "chmod go= city.duckdb" in warning
