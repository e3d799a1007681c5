"""A hostile backup raises an error; no part of it is executed, expanded or stored."""

import os
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from geodata.errors import MikrozonasiError
from geodata.store import Store, open_store
from geodata.store.backups.restoring import restore_store
from geodata.store.backups.writing import backup_store
from geodata.store.schema import schema
from tests.databases import NewDatabase, new_file
from tests.geodata.store.backups.hostile_backups import (
    DAMAGED,
    INVALID_MANIFESTS,
    INVALID_VALUES,
    MANIFEST,
    NO_BACKUP,
    UNPLACED,
    Change,
    replace_table,
    unplaced_rows,
    write_changed_backup,
    write_zip,
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a database without records."""
    folder = tmp_path_factory.mktemp("honest")
    with open_store(f"duckdb:///{folder}/city.duckdb", create=True) as store:
        backup_store(store, folder / "city.zip")
    return folder / "city.zip"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty database for all tests; rows of one test would make the next test fail."""
    with open_store(new_file(tmp_path_factory)) as store:
        yield store


def restore_error_code(store: Store, path: Path) -> str:
    """The code of the error, after a check that no row was stored and no file was made."""
    before = sorted(path.parent.iterdir())
    with pytest.raises(MikrozonasiError) as caught:
        restore_store(store, path)
    assert "\n" not in caught.value.message
    assert caught.value.message.startswith((path.name, "There is no file"))
    assert sorted(path.parent.iterdir()) == before
    for name in schema().keys() - {"schema_version", "latest_moment"}:
        assert store.read(f'select 1 as n from "{name}" limit 1').num_rows == 0  # noqa: S608
    return caught.value.code


@pytest.mark.parametrize("change", [*DAMAGED.values()], ids=[*DAMAGED])
def test_a_hostile_member_or_manifest_entry_restores_nothing(
    honest: Path, target: Store, tmp_path: Path, change: Change
) -> None:
    write_changed_backup(honest, tmp_path / "city.zip", change)
    assert restore_error_code(target, tmp_path / "city.zip") == "backup-damaged"


def test_values_that_no_database_can_store_are_rejected_on_both(
    honest: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    with open_store(new_database()) as store:
        for name in INVALID_VALUES:
            write_changed_backup(honest, tmp_path / "city.zip", DAMAGED[name])
            assert restore_error_code(store, tmp_path / "city.zip") == "backup-damaged"


@pytest.mark.parametrize("change", [*NO_BACKUP.values()], ids=[*NO_BACKUP])
def test_a_manifest_without_a_valid_version_is_no_backup(
    honest: Path, target: Store, tmp_path: Path, change: Change
) -> None:
    write_changed_backup(honest, tmp_path / "city.zip", change)
    assert restore_error_code(target, tmp_path / "city.zip") == "no-backup"


@pytest.mark.parametrize("content", INVALID_MANIFESTS, ids=range(len(INVALID_MANIFESTS)))
def test_an_invalid_manifest_is_no_backup(
    honest: Path, target: Store, tmp_path: Path, content: bytes
) -> None:
    with zipfile.ZipFile(honest) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist() if name != MANIFEST]
    write_zip(tmp_path / "city.zip", [*members, (MANIFEST, content)])
    assert restore_error_code(target, tmp_path / "city.zip") == "no-backup"


@pytest.mark.parametrize("version", [4_000, 1 << 70])
def test_a_future_version_is_rejected_as_newer(
    honest: Path, target: Store, tmp_path: Path, version: int
) -> None:
    write_changed_backup(
        honest, tmp_path / "city.zip", lambda _, manifest: manifest.update(version=version)
    )
    assert restore_error_code(target, tmp_path / "city.zip") == "backup-newer"


def test_a_changed_but_valid_backup_is_restored(
    honest: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    write_changed_backup(
        honest, tmp_path / "city.zip", replace_table(UNPLACED, unplaced_rows(["r", "s", "it's"]))
    )
    with open_store(new_database()) as store:
        assert restore_store(store, tmp_path / "city.zip").rows[UNPLACED] == 3
        rows = store.read("select run from run_unplaced order by run")
    assert sorted(rows["run"].to_pylist()) == ["it's", "r", "s"]


# --- The zip itself ---


def write_compressed(honest: Path, path: Path) -> None:
    with zipfile.ZipFile(honest) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    write_zip(path, members, zipfile.ZIP_DEFLATED)


def write_double_member(honest: Path, path: Path) -> None:
    with zipfile.ZipFile(honest) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with pytest.warns(UserWarning, match="Duplicate"):
        write_zip(path, [*members, members[0]])


def write_link(honest: Path, path: Path) -> None:
    path.write_bytes(honest.read_bytes())
    link = zipfile.ZipInfo("area.link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")


def write_many_members(honest: Path, path: Path) -> None:
    path.write_bytes(honest.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(60_000):
            archive.writestr(f"{number:050}", b"")


def write_manifest_bomb(_: Path, path: Path) -> None:
    write_zip(path, [(MANIFEST, bytes(300 << 20))], zipfile.ZIP_DEFLATED)


def write_member_bomb(honest: Path, path: Path) -> None:
    path.write_bytes(honest.read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.parquet", bytes(300 << 20))


def write_one_compressed(honest: Path, path: Path) -> None:
    with zipfile.ZipFile(honest) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            compression = zipfile.ZIP_DEFLATED if name == "area.parquet" else zipfile.ZIP_STORED
            copy.writestr(name, archive.read(name), compression)


def change_sizes(member: str, compressed: int, plain: int) -> Callable[[Path, Path], None]:
    """Change the sizes of one member in the directory of the zip; the member stays the same."""

    def make(honest: Path, path: Path) -> None:
        content = bytearray(honest.read_bytes())
        with zipfile.ZipFile(honest) as archive:
            offset = archive.start_dir
        while content[offset + 46 : offset + 46 + len(member)] != member.encode():
            name, extra, remark = struct.unpack("<HHH", content[offset + 28 : offset + 34])
            offset += 46 + name + extra + remark
        content[offset + 20 : offset + 28] = struct.pack("<II", compressed, plain)
        path.write_bytes(content)

    return make


def write_encrypted(honest: Path, path: Path) -> None:
    content = bytearray(honest.read_bytes())
    with zipfile.ZipFile(honest) as archive:
        content[archive.start_dir + 8] |= 1
    path.write_bytes(content)


def write_huge_manifest(_: Path, path: Path) -> None:
    """A real ``backup.json`` of 3 GB, in a sparse file."""
    size, name = 3 << 30, MANIFEST.encode()
    header = struct.pack("<5H3L2H", 20, 0, 0, 0, 0, 0, size, size, len(name), 0)
    directory = b"PK\1\2" + struct.pack("<H", 20) + header + struct.pack("<3H2L", *[0] * 5) + name
    with path.open("wb") as file:
        file.write(b"PK\3\4" + header + name)
        file.seek(size, os.SEEK_CUR)
        start = file.tell()
        file.write(directory)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), start, 0))


def write_huge_directory(_: Path, path: Path) -> None:
    """A zip directory of 3 GB, in a sparse file."""
    size = 3 << 30
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(0, os.SEEK_END)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, size, 0, 0))


ZIPS: Final[dict[str, tuple[Callable[[Path, Path], None], str]]] = {
    "compressed": (write_compressed, "no-backup"),
    "one compressed member": (write_one_compressed, "backup-damaged"),
    "a member twice": (write_double_member, "backup-damaged"),
    "a link": (write_link, "backup-damaged"),
    "sixty thousand members": (write_many_members, "no-backup"),
    "a manifest that expands": (write_manifest_bomb, "no-backup"),
    "a member that expands": (write_member_bomb, "backup-damaged"),
    "a manifest with the size 3 GB": (change_sizes(MANIFEST, 3 << 30, 3 << 30), "no-backup"),
    "a manifest with the size 0": (change_sizes(MANIFEST, 0, 0), "no-backup"),
    "a manifest with a small compressed size": (change_sizes(MANIFEST, 100, 3 << 30), "no-backup"),
    "a member with the size 3 GB": (
        change_sizes("area.parquet", 3 << 30, 3 << 30),
        "backup-damaged",
    ),
    "a member with the size 0": (change_sizes("area.parquet", 0, 0), "backup-damaged"),
    "a member with a small compressed size": (
        change_sizes("area.parquet", 100, 3 << 30),
        "backup-damaged",
    ),
    "an encrypted member": (write_encrypted, "backup-damaged"),
    "a manifest of 3 GB": (write_huge_manifest, "no-backup"),
    "a directory of 3 GB": (write_huge_directory, "no-backup"),
}


@pytest.mark.parametrize("make", [*ZIPS], ids=[*ZIPS])
def test_a_hostile_zip_restores_nothing(
    honest: Path, target: Store, tmp_path: Path, make: str
) -> None:
    write_file, code = ZIPS[make]
    write_file(honest, tmp_path / "city.zip")
    assert restore_error_code(target, tmp_path / "city.zip") == code


def test_a_folder_a_pipe_and_a_device_are_no_backup(target: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "folder", tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(MikrozonasiError) as caught:
            restore_store(target, path)
        assert caught.value.code == "no-backup"


_LIMITED_PROGRAM: Final = """
import resource, sys
from pathlib import Path
from geodata.errors import MikrozonasiError
from geodata.store import open_store
from geodata.store.backups.restoring import restore_store
from geodata.store.schema import schema
schema()
with open_store(sys.argv[1], create=True) as store:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + (700 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for path in sys.argv[2:]:
        try:
            restore_store(store, Path(path))
        except MikrozonasiError as error:
            print(error.code)
"""
_LARGE: Final = (
    "a page of 65 MB, in a large member",
    "more than fits at once, in a large member",
    "a long text a hundred thousand times",
    "long texts by their differences",
    "millions of equal rows",
)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits memory as Linux does")
def test_an_expanding_backup_is_rejected_within_little_memory(honest: Path, tmp_path: Path) -> None:
    paths = []
    for number, change in enumerate(_LARGE):
        paths.append(tmp_path / f"{number}.zip")
        write_changed_backup(honest, paths[-1], DAMAGED[change])
    for name in ("a manifest that expands", "a manifest of 3 GB", "a directory of 3 GB"):
        paths.append(tmp_path / f"{name}.zip")
        ZIPS[name][0](honest, paths[-1])
    result = subprocess.run(
        [sys.executable, "-c", _LIMITED_PROGRAM, f"duckdb:///{tmp_path}/city.duckdb", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    assert result.stdout.split() == ["backup-damaged"] * len(_LARGE) + ["no-backup"] * 3
