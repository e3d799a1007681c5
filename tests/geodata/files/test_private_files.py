"""Files with records are their owner's alone from the first byte, whoever makes them."""

import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from geodata.files.private import created_private, narrow, replacing
from geodata.store import database_path, open_store
from geodata.store.embedded.connecting import SETTINGS
from geodata.store.embedded.duck import DuckEngine

_ROWS = "insert into run_unplaced values ('r', $1, 1, 1)"
_SORTED = "select md5(cast(range as text)) as a from range(1500000) order by a"


@pytest.fixture(autouse=True)
def careless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that closes no file to anyone, and in which no file is closed afterwards."""
    before = os.umask(0)
    yield
    assert os.umask(before) == 0, "the process's own mask was not restored"


@pytest.fixture
def from_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was made wide stays wide: only how it was made is seen."""
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    monkeypatch.setattr(os, "chmod", lambda *_: None)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if mode(path) & 0o077)


@pytest.mark.usefixtures("from_the_first_byte")
def test_a_database_its_log_and_its_socket_are_private(tmp_path: Path) -> None:
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True, share=True) as store:
        for code in "ab":  # the log is made anew after a checkpoint
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


@pytest.mark.usefixtures("from_the_first_byte")
def test_what_does_not_fit_into_memory_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "threads", 1)
    engine = DuckEngine(tmp_path / "city.duckdb", 57)
    with engine.writing() as session:
        session.execute(f"create table t as {_SORTED}", ())
        assert (tmp_path / "city.duckdb.tmp").is_dir()
        assert open_to_others(tmp_path) == []
    engine.close()


def test_a_file_takes_the_place_of_a_wider_one_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old")
    path.chmod(0o666)
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
        assert open_to_others(tmp_path) == ["list.csv"]
    assert (path.read_text(), mode(path)) == ("new", 0o600)


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("other")
    (tmp_path / "list.csv").symlink_to(tmp_path / "other")
    with replacing(tmp_path / "list.csv") as file:
        file.write(b"new")
    assert (tmp_path / "other").read_text() == "other"
    assert not (tmp_path / "list.csv").is_symlink()


def test_what_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("old")

    def fill() -> None:
        with replacing(tmp_path / "list.csv") as file:
            file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="full"):
        fill()
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]
    assert (tmp_path / "list.csv").read_text() == "old"


def test_the_mask_stays_narrow_until_the_last_thread_is_done(tmp_path: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with created_private():
            inside.set()
            go_on.wait()

    thread = threading.Thread(target=hold)
    with created_private():
        thread.start()
        inside.wait()
    (tmp_path / "a").touch()
    go_on.set()
    thread.join()
    (tmp_path / "b").touch()
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o600, 0o666)


def test_a_wide_database_of_before_is_closed_to_others_and_that_is_said_once(
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
    said = "{} was open to other users of this machine (mode {}); it is its owner's alone now."
    assert [record.getMessage() for record in caplog.records] == [
        said.format("city.duckdb", "0644"),
        said.format("city.duckdb.tmp", "0755"),
    ]


@pytest.mark.usefixtures("from_the_first_byte")
def test_one_that_cannot_be_closed_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "city.duckdb").touch()
    with caplog.at_level(logging.WARNING):
        narrow(tmp_path / "city.duckdb")
        narrow(tmp_path / "absent")
    [said] = [record.getMessage() for record in caplog.records]
    assert "cannot be closed to them from here" in said
    assert "chmod go= city.duckdb" in said
