"""Broken databases, disks and settings: one sentence from every command, never a traceback.

The test takes the commands from the program. A new command fails here until `WORDS` has arguments
for the command.
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
from api.cli.terminal.lazy import loaded_command
from geodata.store import database_path, open_store
from geodata.store.shared.wire import socket_path
from tests.cities.drawn_city import drawn_city
from tests.databases import Server, copy_of
from tests.full_disk import files_at_most, small_disk
from tests.open_resources import open_files, running_threads
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
"""Commands that make a missing database."""


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in getattr(group, "commands", {}).items():
        yield from _commands(command, (*path, name))
    if any("--database" in parameter.opts for parameter in loaded_command(group).params):
        yield path


def test_every_command_that_opens_a_database_is_tried() -> None:
    assert set(_commands(typer.main.get_command(main))) == set(WORDS)


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def assert_one_sentence(result: Result, *codes: str) -> None:
    """The result is one sentence with one of these codes, without internals."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    sentence = result.stderr.strip()
    assert any(sentence.endswith(f"[{code}]") for code in codes), sentence
    assert "Traceback" not in result.output
    assert "Error:" not in sentence.replace("IO Error:", "")
    assert sentence.count("[") == 1, sentence


@pytest.fixture(scope="module")
def valid_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A valid database with its journal, and input files of the commands."""
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
def folder(valid_files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in valid_files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _flip(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset : offset + 16] = bytes(byte ^ 0xFF for byte in content[offset : offset + 16])
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
def test_a_broken_database_is_one_sentence_from_every_command_and_stays_unchanged(
    folder: Path, state: str
) -> None:
    path = folder / "city.duckdb"
    damage, codes = BROKEN[state]
    damage(path)
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    for name, words in WORDS.items():
        assert_one_sentence(call(*name, *words, "--database", "duckdb:///city.duckdb"), *codes)
    after = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    assert after == before


def test_an_empty_file_is_no_database_yet_and_a_city_is_made_in_it(folder: Path) -> None:
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


def test_a_damaged_part_of_a_database_is_one_sentence_when_a_command_reads_it(folder: Path) -> None:
    """The file opens; the damage is found when a table is read."""
    path = folder / "city.duckdb"
    content = path.read_bytes()
    damaged = [content[:-1], content[: len(content) // 2]]
    for offset in range(12_288, len(content), len(content) // 12):
        changed = bytes(byte ^ 0xFF for byte in content[offset : offset + 4_096])
        damaged.append(content[:offset] + changed + content[offset + 4_096 :])
    n_refused = 0
    for damaged_content in damaged:
        path.write_bytes(damaged_content)
        result = call("records", "list", "cases", "--database", "duckdb:///city.duckdb")
        if result.exit_code:
            assert_one_sentence(result, DAMAGED, FOREIGN)
            n_refused += 1
    assert n_refused


# --- Read-only disks and folders, as an ordinary user ---


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """A read-only file system with the valid files."""
    mount_point = folder / "disk"
    with small_disk(mount_point, 20_000) as disk:
        for file in folder.iterdir():
            if file.is_file():
                (disk / file.name).write_bytes(file.read_bytes())
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
    """Run the block as a user whose access depends on file modes, also if the tests run as root."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_files_and_folders_without_permission_are_one_sentence(folder: Path) -> None:
    shared_folder = Path(tempfile.mkdtemp(prefix="mz-modes-"))
    try:
        for file in folder.iterdir():
            (shared_folder / file.name).write_bytes(file.read_bytes())
        known_url, new_url = (
            f"duckdb:///{shared_folder}/city.duckdb",
            f"duckdb:///{shared_folder}/new.duckdb",
        )
        list_command = ("records", "list", "cases", "--database", known_url)
        upgrade_command = ("database", "upgrade", "--database")
        # The first calls import all modules, which the other user may not read.
        assert call(*list_command).exit_code == call(*upgrade_command, known_url).exit_code == 0
        (shared_folder / "city.duckdb").chmod(0)
        (shared_folder / "cases.csv").chmod(0)
        shared_folder.chmod(0o555)
        with _ordinary_user():
            assert_one_sentence(call(*list_command), "database-refused")
            assert_one_sentence(call(*upgrade_command, new_url), "database-refused")
            restore_command = (
                "database",
                "restore",
                shared_folder / "backup.zip",
                "--database",
                new_url,
            )
            assert_one_sentence(call(*restore_command), "database-refused")
        shared_folder.chmod(0o777)
        (shared_folder / "city.duckdb").chmod(0o666)
        with _ordinary_user():
            load_command = (
                "records",
                "load",
                "cases",
                shared_folder / "cases.csv",
                "--database",
                known_url,
            )
            assert_one_sentence(call(*load_command), "not-read")
    finally:
        shutil.rmtree(shared_folder)


# --- Settings ---


@pytest.mark.parametrize(
    ("name", "value", "message"),
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
def test_an_invalid_setting_is_one_sentence_with_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    pmtiles = ("zones", "export", "--output", "x.pmtiles", "--format", "pmtiles")
    ran = call("zones", "run", "--date", "2021-06-05", "--database", "duckdb:///city.duckdb")
    assert ran.exit_code == 0, ran.output  # the command does not use the setting
    for words in (("serve", "--port", "1"), pmtiles):
        result = call(*words, "--database", "duckdb:///city.duckdb")
        assert_one_sentence(result, "invalid-setting")
        assert name in result.stderr
        assert message in result.stderr
        assert value not in result.stderr
    assert not list(folder.glob("*.sock"))
    open_store("duckdb:///city.duckdb").close()


# --- Output ---


@pytest.mark.parametrize("words", [("zones", "rules"), ("zones", "rules", "--json")])
def test_a_closed_pipe_or_a_full_disk_gives_no_traceback(
    words: tuple[str, ...],
) -> None:
    with Path("/dev/full").open("w") as full_disk:
        result = subprocess.run(
            command_line(*words), stdout=full_disk, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (result.returncode, result.stderr.strip().endswith("[disk-full]")) == (1, True), (
        result.stderr
    )
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed_pipe:
        result = subprocess.run(
            command_line(*words), stdout=closed_pipe, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (result.returncode, result.stderr) == (1, "")


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
def test_an_unexpected_error_is_one_sentence_without_its_message(
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


def test_ctrl_c_is_an_exit_status_and_closes_the_database(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "rejected_frame", stop)
    result = call("records", "rejected", "--database", "duckdb:///city.duckdb")
    assert result.exit_code == 130
    assert "Traceback" not in result.output
    open_store("duckdb:///city.duckdb").close()


# --- A full disk ---

LISTS: Final = [
    *(("records", "list", "cases"), ("records", "houses"), ("records", "rejected")),
    *(("records", "disagreements"), ("newcomers", "list"), ("addresses", "undecided")),
]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("words", LISTS)
def test_a_list_on_a_full_disk_leaves_the_old_file(
    folder: Path, words: tuple[str, ...], ending: str
) -> None:
    path = folder / f"out.{ending}"
    path.write_bytes(b"old content")
    arguments = (*words, "--output", path, "--database", "duckdb:///city.duckdb")
    files_before = sorted(folder.iterdir())
    with files_at_most(0):
        result = call(*arguments)
    assert_one_sentence(result, "disk-full")
    assert path.read_bytes() == b"old content"
    assert sorted(folder.iterdir()) == files_before
    assert call(*arguments).exit_code == 0
    assert path.read_bytes() != b"old content"


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg", "parquet", "pmtiles"])
def test_an_export_on_a_full_disk_leaves_the_old_file_and_succeeds_later(
    small_database: str, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = copy_of(small_database, tmp_path)
    monkeypatch.setenv("MIKROZONASI_TILES", str(tmp_path / "tiles"))
    path = tmp_path / f"day.{form}"
    words = ("zones", "export", "--database", url, "--format", form, "--output", path)
    assert call(*words, "--date", "2021-07-01").exit_code == 0
    first_export = path.read_bytes()
    assert call(*words, "--date", "2021-07-10").exit_code == 0
    second_export = path.read_bytes()
    assert second_export != first_export
    files_before = sorted(tmp_path.iterdir())
    for size in (0, 4_096, len(first_export) // 2, len(first_export) - 1):
        with files_at_most(size):
            result = call(*words, "--date", "2021-07-01")
        assert_one_sentence(result, "disk-full")
        assert path.read_bytes() == second_export
        assert sorted(tmp_path.iterdir()) == files_before
    assert call(*words, "--date", "2021-07-01").exit_code == 0
    assert path.read_bytes() == first_export


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg", "parquet"])
def test_an_export_to_a_really_full_disk_leaves_the_old_file(
    small_database: str, tmp_path: Path, form: str
) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        path = disk / f"day.{form}"
        path.write_bytes(b"old content")
        (disk / "filler").write_bytes(bytes(40_000))
        words = ("zones", "export", "--database", small_database, "--format", form)
        assert_one_sentence(call(*words, "--output", path), "disk-full")
        assert path.read_bytes() == b"old content"
        assert {file.name for file in disk.iterdir()} == {path.name, "filler"}


def test_a_folder_or_a_device_is_not_overwritten(small_database: str, tmp_path: Path) -> None:
    words = ("zones", "export", "--database", small_database, "--format", "csv", "--output")
    assert_one_sentence(call(*words, tmp_path), "not-written")
    os.mkfifo(tmp_path / "pipe")
    assert_one_sentence(call(*words, tmp_path / "pipe"), "not-written")
    assert_one_sentence(call(*words, tmp_path / "no" / "x.csv"), "no-folder")


# --- Failing starts of the server ---


def test_a_server_that_cannot_start_is_one_sentence_and_closes_everything(folder: Path) -> None:
    url = "duckdb:///city.duckdb"
    ran = call("zones", "run", "--date", "2021-06-05", "--database", url)
    assert ran.exit_code == 0, ran.output
    threads = running_threads()
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
    assert not open_files(folder)
    assert running_threads() <= threads


def test_a_taken_port_is_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        url = "duckdb:///city.duckdb"
        assert_one_sentence(call("serve", "--database", url, "--port", port), "port-taken")
    open_store(url).close()
    assert not list(folder.glob("*.sock"))


def test_an_unreachable_database_server_is_one_sentence_from_every_command(
    folder: Path, postgres_server: Server
) -> None:
    unreachable = "postgresql://tester@localhost:1/city"
    missing_database = postgres_server.new_empty().replace("/mz_", "/no_")
    for name, words in WORDS.items():
        assert_one_sentence(call(*name, *words, "--database", unreachable), "database-unreachable")
        assert_one_sentence(call(*name, *words, "--database", missing_database), "no-database")


@pytest.mark.parametrize("name", [".", "/", ".."])
def test_a_folder_without_a_name_is_refused_with_a_complete_sentence(
    name: str, small_database: str
) -> None:
    result = call("records", "load", "cases", name, "--database", small_database)
    assert_one_sentence(result, "not-read")
    words = ("zones", "export", "--database", small_database, "--format", "csv", "--output", name)
    assert_one_sentence(call(*words), "not-written")
    assert "The named path" in result.output or ".. is a folder" in result.output
