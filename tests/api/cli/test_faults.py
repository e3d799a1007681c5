"""Broken databases, disks and settings: one sentence from every command, never a traceback.

The commands are found in the program itself: one that is added later is tried too, or fails here
until it has words to be tried with.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli import main
from api.cli.records import commands
from api.cli.terminal.lazy import whole_command
from geodata.store import database_path, open_store
from geodata.store.shared.wire import socket_path
from tests.cities.drawn_city import drawn_city
from tests.databases import Server, copy_of
from tests.full_disk import files_at_most, small_disk
from tests.held import files_held, threads_running
from tests.servers import command as command_line
from tests.zoning import ward
from tests.zoning.ward import Case

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]
WORDS: Final[dict[tuple[str, ...], Sequence[str]]] = {
    ("demo",): ["--no-serve"],
    ("serve",): ["--port", "1"],
    ("locate",): ["cases.csv", "--output", "out.csv"],
    ("addresses", "read"): ["cases.csv", "--column", "alamat", "--output", "out.csv"],
    ("addresses", "undecided"): [],
    ("addresses", "decide"): ["melati", "33.74.10.1001", "--by", "tester"],
    ("boundaries", "versions"): [],
    ("boundaries", "crosswalk"): [
        *("--from", "2021-01-01", "--to", "2021-02-01", "--output", "out.csv")
    ],
    ("boundaries", "load"): ["rt.parquet"],
    ("records", "withdraw"): ["cases", "c1", "--reason", "test"],
    ("records", "history"): ["cases", "c1"],
    ("records", "erase"): ["--nik-file", "nik.txt"],
    ("records", "dismiss"): ["r1", "--reason", "test"],
    ("records", "arrivals"): ["--on", "2021-07-01"],
    ("records", "list"): ["cases"],
    ("records", "duplicates"): [],
    ("records", "same"): ["c1", "c2", "--by", "tester"],
    ("records", "distinct"): ["c1", "c2", "--by", "tester"],
    ("records", "houses"): [],
    ("records", "load"): ["cases", "cases.csv"],
    ("records", "rejected"): [],
    ("records", "disagreements"): [],
    ("newcomers", "list"): [],
    ("newcomers", "duplicates"): [],
    ("newcomers", "verify"): ["n1", "--by", "tester"],
    ("zones", "run"): ["--date", "2021-07-01"],
    ("zones", "export"): ["--output", "out.csv", "--format", "csv"],
    ("database", "upgrade"): [],
    ("database", "backup"): ["city.zip"],
    ("database", "restore"): ["backup.zip"],
}
MAKING: Final = {
    *(("demo",), ("boundaries", "load")),
    *(("database", "upgrade"), ("database", "restore")),
}
"""Commands that make a database where there is none."""


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, found in getattr(group, "commands", {}).items():
        yield from _commands(found, (*path, name))
    if any("--database" in parameter.opts for parameter in whole_command(group).params):
        yield path


def test_every_command_that_opens_a_database_is_tried() -> None:
    assert set(_commands(typer.main.get_command(main))) == set(WORDS)


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def assert_one_sentence(result: Result, *codes: str) -> None:
    """One refusal, with one of these codes, and nothing of the inside."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    said = result.stderr.strip()
    assert any(said.endswith(f"[{code}]") for code in codes), said
    assert "Traceback" not in result.output
    assert "Error:" not in said.replace("IO Error:", "")
    assert said.count("[") == 1, said


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound database, its journal, and what the commands are given."""
    folder = tmp_path_factory.mktemp("good")
    url = ward.open_ward(folder, CASES)
    url.close()
    path = database_path(url.url)
    drawn_city(1).to_parquet(folder / "rt.parquet")
    assert call("database", "backup", folder / "backup.zip", "--database", url.url).exit_code == 0
    return {
        "city.duckdb": path.read_bytes(),
        "rt.parquet": (folder / "rt.parquet").read_bytes(),
        "backup.zip": (folder / "backup.zip").read_bytes(),
        "cases.csv": b"no,alamat\n1,Jl Mawar 1 RT 1 RW 1\n",
        "nik.txt": b"3374010101010001\n",
    }


@pytest.fixture
def folder(good: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in good.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + 16] = bytes(each ^ 0xFF for each in content[at : at + 16])
    path.write_bytes(content)


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _only_a_journal(path: Path) -> None:
    Path(f"{path}.wal").write_bytes(b"d\0b" + bytes(100))
    path.unlink()


def _other_journal(path: Path) -> None:
    script = (
        "import duckdb, os; c = duckdb.connect('other.duckdb');"
        "c.execute('create table t (n int)');"
        "c.execute('checkpoint'); c.execute('insert into t values (1)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=path.parent)
    (path.parent / "other.duckdb.wal").rename(f"{path}.wal")


DAMAGED, FOREIGN = "database-damaged", "database-unreadable"
BROKEN: Final[dict[str, tuple[Callable[[Path], object], tuple[str, ...]]]] = {
    "garbage": (lambda path: path.write_bytes(b"Dear city, " * 10_000), (FOREIGN,)),
    "one byte": (lambda path: path.write_bytes(b"x"), (FOREIGN,)),
    "cut in its header": (lambda path: path.write_bytes(path.read_bytes()[:100]), (DAMAGED,)),
    "cut after its header": (lambda path: path.write_bytes(path.read_bytes()[:12_288]), (DAMAGED,)),
    "wrong magic": (lambda path: _flip(path, 8), (FOREIGN,)),
    "other header": (lambda path: _flip(path, 100), (DAMAGED,)),
    "a folder": (_folder_instead, (FOREIGN,)),
    "a journal of another file": (_other_journal, (DAMAGED,)),
    "a journal that is none": (
        lambda path: Path(f"{path}.wal").write_bytes(b"garbage" * 100),
        (DAMAGED,),
    ),
    "only a journal": (_only_a_journal, (DAMAGED,)),
    "an empty file with a journal": (
        lambda path: (Path(f"{path}.wal").write_bytes(b"d\0b" + bytes(100)), path.write_bytes(b"")),
        (DAMAGED,),
    ),
}


@pytest.mark.parametrize("state", BROKEN)
def test_a_broken_database_is_one_sentence_from_every_command_and_stays_as_it_is(
    folder: Path, state: str
) -> None:
    path = folder / "city.duckdb"
    spoil, codes = BROKEN[state]
    spoil(path)
    before = {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
    for name, words in WORDS.items():
        assert_one_sentence(call(*name, *words, "--database", "duckdb:///city.duckdb"), *codes)
    after = {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
    assert after == before


def test_a_file_of_no_bytes_is_no_database_yet_and_a_city_is_made_in_it(folder: Path) -> None:
    url = "duckdb:///city.duckdb"
    path = folder / "city.duckdb"
    for name, words in WORDS.items():
        path.write_bytes(b"")
        if name not in MAKING:
            assert_one_sentence(call(*name, *words, "--database", url), "no-database")
            assert not path.read_bytes()
        elif name != ("demo",):
            result = call(*name, *words, "--database", url)
            assert result.exit_code == 0, result.output
            open_store(url).close()


def test_no_file_is_no_database_yet(folder: Path) -> None:
    (folder / "city.duckdb").unlink()
    for name, words in WORDS.items():
        if name not in MAKING:
            assert_one_sentence(
                call(*name, *words, "--database", "duckdb:///city.duckdb"), "no-database"
            )
    assert not list(folder.glob("city.duckdb*"))


def test_a_part_that_is_missing_or_changed_is_one_sentence_where_it_is_wanted(folder: Path) -> None:
    """The file opens: what is wrong is found out where a table is read."""
    path = folder / "city.duckdb"
    whole = path.read_bytes()
    spoilt = [whole[:-1], whole[: len(whole) // 2]]
    for at in range(12_288, len(whole), len(whole) // 12):
        changed = bytes(each ^ 0xFF for each in whole[at : at + 4_096])
        spoilt.append(whole[:at] + changed + whole[at + 4_096 :])
    refused = 0
    for content in spoilt:
        path.write_bytes(content)
        result = call("records", "list", "cases", "--database", "duckdb:///city.duckdb")
        if result.exit_code:
            assert_one_sentence(result, DAMAGED, FOREIGN)
            refused += 1
    assert refused


# --- A disk or a folder that may not be written, as an ordinary user ---


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """A file system that may only be read, with the good files."""
    place = folder / "disk"
    with small_disk(place, 20_000) as disk:
        for each in folder.iterdir():
            if each.is_file():
                (disk / each.name).write_bytes(each.read_bytes())
        remount = ["/bin/mount", "-o", "remount,ro", str(disk)]
        if subprocess.run(remount, capture_output=True, check=False).returncode:
            pytest.skip("this machine does not let a file system be made read-only")
        yield disk


def test_a_read_only_disk_is_one_sentence_from_every_command(read_only: Path) -> None:
    for name, words in WORDS.items():
        url = f"duckdb:///{read_only}/city.duckdb"
        assert_one_sentence(call(*name, *words, "--database", url), "database-read-only")
    for name in MAKING:
        url = f"duckdb:///{read_only}/new.duckdb"
        assert_one_sentence(call(*name, *WORDS[name], "--database", url), "database-read-only")


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg", "parquet", "pmtiles"])
def test_an_export_to_a_read_only_disk_is_one_sentence(
    small_database: str, read_only: Path, form: str
) -> None:
    words = ("zones", "export", "--database", small_database, "--format", form)
    assert_one_sentence(call(*words, "--output", read_only / f"day.{form}"), "not-written")


@contextmanager
def _ordinary_user() -> Iterator[None]:
    """Whom the modes of files bind: as root this process is another user meanwhile."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_files_and_folders_that_this_user_may_not_use_are_one_sentence(folder: Path) -> None:
    place = Path(tempfile.mkdtemp(prefix="mz-modes-"))
    try:
        for each in folder.iterdir():
            (place / each.name).write_bytes(each.read_bytes())
        mine, new = f"duckdb:///{place}/city.duckdb", f"duckdb:///{place}/new.duckdb"
        listing = ("records", "list", "cases", "--database", mine)
        upgrading = ("database", "upgrade", "--database")
        # All that they import is there before another user asks.
        assert call(*listing).exit_code == call(*upgrading, mine).exit_code == 0
        (place / "city.duckdb").chmod(0)
        (place / "cases.csv").chmod(0)
        place.chmod(0o555)
        with _ordinary_user():
            assert_one_sentence(call(*listing), "database-refused")
            assert_one_sentence(call(*upgrading, new), "database-refused")
            restoring = ("database", "restore", place / "backup.zip", "--database", new)
            assert_one_sentence(call(*restoring), "database-refused")
        place.chmod(0o777)
        (place / "city.duckdb").chmod(0o666)
        with _ordinary_user():
            loading = ("records", "load", "cases", place / "cases.csv", "--database", mine)
            assert_one_sentence(call(*loading), "not-read")
    finally:
        shutil.rmtree(place)


# --- Settings ---


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MIKROZONASI_TOKEN", "short", "at least 16"),
        ("MIKROZONASI_TOKEN", "sixteen and blanks", "no spaces"),
        ("MIKROZONASI_MINIMUM_COUNT", "few", "valid integer"),
        ("MIKROZONASI_MINIMUM_COUNT", "0", "greater than or equal to 1"),
        ("MIKROZONASI_UPLOAD_MEGABYTES", "-1", "greater than or equal to 1"),
        ("MIKROZONASI_CACHE_MEGABYTES", "9999999", "less than or equal to"),
        ("MIKROZONASI_BACKGROUND_TILES", "file:///etc/passwd", "looks like https"),
        ("MIKROZONASI_BACKGROUND_TILES", "https://[", "looks like https"),
        ("MIKROZONASI_CORS_ORIGINS", "https://a;b", "an origin looks like"),
        ("MIKROZONASI_FRAME_ANCESTORS", "https://a;b", "an origin looks like"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence_that_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    pmtiles = ("zones", "export", "--output", "x.pmtiles", "--format", "pmtiles")
    ran = call("zones", "run", "--date", "2021-06-05", "--database", "duckdb:///city.duckdb")
    assert ran.exit_code == 0, ran.output  # it has no need of that setting
    for words in (("serve", "--port", "1"), pmtiles):
        result = call(*words, "--database", "duckdb:///city.duckdb")
        assert_one_sentence(result, "invalid-setting")
        assert name in result.stderr
        assert said in result.stderr
        assert value not in result.stderr
    assert not list(folder.glob("*.sock"))
    open_store("duckdb:///city.duckdb").close()


# --- Output ---


@pytest.mark.parametrize("words", [("zones", "rules"), ("zones", "rules", "--json")])
def test_an_answer_that_nobody_reads_on_or_that_finds_no_room_is_no_traceback(
    words: tuple[str, ...],
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command_line(*words), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr.strip().endswith("[disk-full]")) == (1, True), done.stderr
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        done = subprocess.run(
            command_line(*words), stdout=nobody, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "")


SECRET = "3374010101010001 Budi Jl Mawar 1"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError(SECRET), "unforeseen"),
        (KeyError(SECRET), "unforeseen"),
        (duckdb.ConversionException(SECRET), "unforeseen"),
        (RecursionError(SECRET), "unforeseen"),
        (MemoryError(SECRET), "out-of-memory"),
        (OSError(28, SECRET), "disk-full"),
        (OSError(24, SECRET), "too-many-files"),
        (PermissionError(13, SECRET), "system-refused"),
        (OSError(SECRET), "system-refused"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence_without_what_it_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(commands, "rejected_frame", fail)
    result = call("records", "rejected", "--database", "duckdb:///city.duckdb")
    assert_one_sentence(result, code)
    assert "Budi" not in result.output
    assert "33740" not in result.output
    if code == "unforeseen":
        assert "test_faults.py" in result.stderr
    open_store("duckdb:///city.duckdb").close()


def test_ctrl_c_is_an_exit_status_and_lets_the_database_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "rejected_frame", stop)
    result = call("records", "rejected", "--database", "duckdb:///city.duckdb")
    assert result.exit_code == 130
    assert "Traceback" not in result.output
    open_store("duckdb:///city.duckdb").close()


# --- A full disk, as a user meets it ---

LISTS: Final = [
    *(("records", "list", "cases"), ("records", "houses"), ("records", "rejected")),
    *(("records", "disagreements"), ("newcomers", "list"), ("addresses", "undecided")),
]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("words", LISTS)
def test_a_list_without_room_leaves_the_file_of_before(
    folder: Path, words: tuple[str, ...], ending: str
) -> None:
    path = folder / f"out.{ending}"
    path.write_bytes(b"of before")
    ask = (*words, "--output", path, "--database", "duckdb:///city.duckdb")
    before = sorted(folder.iterdir())
    with files_at_most(0):
        result = call(*ask)
    assert_one_sentence(result, "disk-full")
    assert path.read_bytes() == b"of before"
    assert sorted(folder.iterdir()) == before
    assert call(*ask).exit_code == 0
    assert path.read_bytes() != b"of before"


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg", "parquet", "pmtiles"])
def test_an_export_without_room_leaves_the_file_of_before_and_is_made_when_there_is(
    small_database: str, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = copy_of(small_database, tmp_path)
    monkeypatch.setenv("MIKROZONASI_TILES", str(tmp_path / "tiles"))
    path = tmp_path / f"day.{form}"
    words = ("zones", "export", "--database", url, "--format", form, "--output", path)
    assert call(*words, "--date", "2021-07-01").exit_code == 0
    wanted = path.read_bytes()
    assert call(*words, "--date", "2021-07-10").exit_code == 0
    other = path.read_bytes()
    assert other != wanted
    before = sorted(tmp_path.iterdir())
    for size in (0, 4_096, len(wanted) // 2, len(wanted) - 1):
        with files_at_most(size):
            result = call(*words, "--date", "2021-07-01")
        assert_one_sentence(result, "disk-full")
        assert path.read_bytes() == other
        assert sorted(tmp_path.iterdir()) == before
    assert call(*words, "--date", "2021-07-01").exit_code == 0
    assert path.read_bytes() == wanted


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg", "parquet"])
def test_an_export_to_a_disk_that_is_really_full_leaves_the_file_of_before(
    small_database: str, tmp_path: Path, form: str
) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        path = disk / f"day.{form}"
        path.write_bytes(b"of before")
        (disk / "filler").write_bytes(bytes(40_000))
        words = ("zones", "export", "--database", small_database, "--format", form)
        assert_one_sentence(call(*words, "--output", path), "disk-full")
        assert path.read_bytes() == b"of before"
        assert {each.name for each in disk.iterdir()} == {path.name, "filler"}


def test_a_place_that_is_a_folder_or_a_device_is_not_written(
    small_database: str, tmp_path: Path
) -> None:
    words = ("zones", "export", "--database", small_database, "--format", "csv", "--output")
    assert_one_sentence(call(*words, tmp_path), "not-written")
    os.mkfifo(tmp_path / "pipe")
    assert_one_sentence(call(*words, tmp_path / "pipe"), "not-written")
    assert_one_sentence(call(*words, tmp_path / "no" / "x.csv"), "no-folder")


# --- Starting that fails ---


def test_a_server_that_cannot_start_is_one_sentence_and_lets_everything_go(folder: Path) -> None:
    url = "duckdb:///city.duckdb"
    ran = call("zones", "run", "--date", "2021-06-05", "--database", url)
    assert ran.exit_code == 0, ran.output
    threads = threads_running()
    for words, code in (
        (("--host", "203.0.113.77"), "port-refused"),
        (("--host", "no.such.host.invalid"), "host-unknown"),
    ):
        assert_one_sentence(call("serve", "--database", url, *words), code)
    (folder / "city.tiles").write_bytes(b"a file where a folder is wanted")
    assert_one_sentence(call("serve", "--database", url, "--port", "1"), "tiles-not-kept")
    assert not socket_path(folder / "city.duckdb").exists()
    socket_path(folder / "city.duckdb").mkdir()
    assert_one_sentence(call("serve", "--database", url, "--port", "1"), "database-not-shared")
    assert not files_held(folder)
    assert threads_running() <= threads


def test_a_port_that_is_taken_is_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        url = "duckdb:///city.duckdb"
        assert_one_sentence(call("serve", "--database", url, "--port", port), "port-taken")
    open_store(url).close()
    assert not list(folder.glob("*.sock"))


def test_a_server_that_is_away_is_one_sentence_from_every_command(
    folder: Path, postgres_server: Server
) -> None:
    gone = "postgresql://tester@localhost:1/city"
    missing = postgres_server.new_empty().replace("/mz_", "/no_")
    for name, words in WORDS.items():
        assert_one_sentence(call(*name, *words, "--database", gone), "database-unreachable")
        assert_one_sentence(call(*name, *words, "--database", missing), "no-database")


@pytest.mark.parametrize("name", [".", "/", ".."])
def test_a_folder_without_a_name_is_refused_by_a_whole_sentence(
    name: str, small_database: str
) -> None:
    said = call("records", "load", "cases", name, "--database", small_database)
    assert_one_sentence(said, "not-read")
    words = ("zones", "export", "--database", small_database, "--format", "csv", "--output", name)
    assert_one_sentence(call(*words), "not-written")
    assert "The named path" in said.output or ".. is a folder" in said.output
