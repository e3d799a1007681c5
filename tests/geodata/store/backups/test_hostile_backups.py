"""A hostile backup is one sentence; nothing of it is executed, expanded or kept."""

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
    CONTENTS,
    DAMAGED,
    JSON,
    NONE,
    UNPLACED,
    VALUES,
    Change,
    changed,
    table,
    unplaced,
    write,
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
    """An empty database for all of them: who fills it fails in the next test."""
    with open_store(new_file(tmp_path_factory)) as store:
        yield store


def outcome(store: Store, path: Path) -> str:
    """The code of a refusal; nothing was kept, and no file was made."""
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
def test_whatever_a_part_or_its_description_says_restores_nothing(
    honest: Path, target: Store, tmp_path: Path, change: Change
) -> None:
    changed(honest, tmp_path / "city.zip", change)
    assert outcome(target, tmp_path / "city.zip") == "backup-damaged"


def test_values_that_no_database_takes_restore_nothing_on_either(
    honest: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    with open_store(new_database()) as store:
        for name in VALUES:
            changed(honest, tmp_path / "city.zip", DAMAGED[name])
            assert outcome(store, tmp_path / "city.zip") == "backup-damaged"


@pytest.mark.parametrize("change", [*NONE.values()], ids=[*NONE])
def test_what_says_no_version_is_no_backup(
    honest: Path, target: Store, tmp_path: Path, change: Change
) -> None:
    changed(honest, tmp_path / "city.zip", change)
    assert outcome(target, tmp_path / "city.zip") == "no-backup"


@pytest.mark.parametrize("content", JSON, ids=range(len(JSON)))
def test_what_is_no_description_is_no_backup(
    honest: Path, target: Store, tmp_path: Path, content: bytes
) -> None:
    with zipfile.ZipFile(honest) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist() if name != CONTENTS]
    write(tmp_path / "city.zip", [*parts, (CONTENTS, content)])
    assert outcome(target, tmp_path / "city.zip") == "no-backup"


@pytest.mark.parametrize("version", [4_000, 1 << 70])
def test_a_version_that_is_not_yet_made_is_said(
    honest: Path, target: Store, tmp_path: Path, version: int
) -> None:
    changed(honest, tmp_path / "city.zip", lambda _, contents: contents.update(version=version))
    assert outcome(target, tmp_path / "city.zip") == "backup-newer"


def test_the_same_rows_are_restored_where_nothing_is_hostile(
    honest: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    changed(honest, tmp_path / "city.zip", table(UNPLACED, unplaced(["r", "s", "it's"])))
    with open_store(new_database()) as store:
        assert restore_store(store, tmp_path / "city.zip").rows[UNPLACED] == 3
        found = store.read("select run from run_unplaced order by run")
    assert sorted(found["run"].to_pylist()) == ["it's", "r", "s"]


# --- The zip itself ---


def packed(honest: Path, path: Path) -> None:
    with zipfile.ZipFile(honest) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    write(path, parts, zipfile.ZIP_DEFLATED)


def twice(honest: Path, path: Path) -> None:
    with zipfile.ZipFile(honest) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with pytest.warns(UserWarning, match="Duplicate"):
        write(path, [*parts, parts[0]])


def with_link(honest: Path, path: Path) -> None:
    path.write_bytes(honest.read_bytes())
    link = zipfile.ZipInfo("area.link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")


def many(honest: Path, path: Path) -> None:
    path.write_bytes(honest.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(60_000):
            archive.writestr(f"{number:050}", b"")


def bomb(_: Path, path: Path) -> None:
    write(path, [(CONTENTS, bytes(300 << 20))], zipfile.ZIP_DEFLATED)


def part_bomb(honest: Path, path: Path) -> None:
    path.write_bytes(honest.read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.parquet", bytes(300 << 20))


def one_packed(honest: Path, path: Path) -> None:
    with zipfile.ZipFile(honest) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            how = zipfile.ZIP_DEFLATED if name == "area.parquet" else zipfile.ZIP_STORED
            copy.writestr(name, archive.read(name), how)


def sizes(of: str, compressed: int, plain: int) -> Callable[[Path, Path], None]:
    """Another size of one part in the list of parts; the part stays as it is."""

    def make(honest: Path, path: Path) -> None:
        whole = bytearray(honest.read_bytes())
        with zipfile.ZipFile(honest) as archive:
            at = archive.start_dir
        while whole[at + 46 : at + 46 + len(of)] != of.encode():
            name, extra, remark = struct.unpack("<HHH", whole[at + 28 : at + 34])
            at += 46 + name + extra + remark
        whole[at + 20 : at + 28] = struct.pack("<II", compressed, plain)
        path.write_bytes(whole)

    return make


def encrypted(honest: Path, path: Path) -> None:
    whole = bytearray(honest.read_bytes())
    with zipfile.ZipFile(honest) as archive:
        whole[archive.start_dir + 8] |= 1
    path.write_bytes(whole)


def huge(_: Path, path: Path) -> None:
    """A ``backup.json`` of 3 GB that is really there: a file with a hole in it."""
    size, name = 3 << 30, CONTENTS.encode()
    about = struct.pack("<5H3L2H", 20, 0, 0, 0, 0, 0, size, size, len(name), 0)
    listed = b"PK\1\2" + struct.pack("<H", 20) + about + struct.pack("<3H2L", *[0] * 5) + name
    with path.open("wb") as file:
        file.write(b"PK\3\4" + about + name)
        file.seek(size, os.SEEK_CUR)
        start = file.tell()
        file.write(listed)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), start, 0))


def long_list(_: Path, path: Path) -> None:
    """A list of parts of 3 GB, in a file with a hole in it."""
    size = 3 << 30
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(0, os.SEEK_END)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, size, 0, 0))


ZIPS: Final[dict[str, tuple[Callable[[Path, Path], None], str]]] = {
    "packed anew": (packed, "no-backup"),
    "one part packed": (one_packed, "backup-damaged"),
    "a part twice": (twice, "backup-damaged"),
    "a link": (with_link, "backup-damaged"),
    "sixty thousand parts": (many, "no-backup"),
    "a description that expands": (bomb, "no-backup"),
    "a part that expands": (part_bomb, "backup-damaged"),
    "a description said to be 3 GB": (sizes(CONTENTS, 3 << 30, 3 << 30), "no-backup"),
    "a description said to be empty": (sizes(CONTENTS, 0, 0), "no-backup"),
    "a description said to expand": (sizes(CONTENTS, 100, 3 << 30), "no-backup"),
    "a part said to be 3 GB": (sizes("area.parquet", 3 << 30, 3 << 30), "backup-damaged"),
    "a part said to be empty": (sizes("area.parquet", 0, 0), "backup-damaged"),
    "a part said to expand": (sizes("area.parquet", 100, 3 << 30), "backup-damaged"),
    "an encrypted part": (encrypted, "backup-damaged"),
    "a description of 3 GB": (huge, "no-backup"),
    "a list of 3 GB": (long_list, "no-backup"),
}


@pytest.mark.parametrize("make", [*ZIPS], ids=[*ZIPS])
def test_whatever_the_zip_says_restores_nothing(
    honest: Path, target: Store, tmp_path: Path, make: str
) -> None:
    write_it, code = ZIPS[make]
    write_it(honest, tmp_path / "city.zip")
    assert outcome(target, tmp_path / "city.zip") == code


def test_what_is_no_file_is_no_backup(target: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "folder", tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(MikrozonasiError) as caught:
            restore_store(target, path)
        assert caught.value.code == "no-backup"


_WITHIN: Final = """
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
    "a page of 65 MB, in a large part",
    "more than fits at once, in a large part",
    "a long text a hundred thousand times",
    "long texts by their differences",
    "millions of equal rows",
)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits memory as Linux does")
def test_what_expands_is_refused_within_little_memory(honest: Path, tmp_path: Path) -> None:
    paths = []
    for number, change in enumerate(_LARGE):
        paths.append(tmp_path / f"{number}.zip")
        changed(honest, paths[-1], DAMAGED[change])
    for name in ("a description that expands", "a description of 3 GB", "a list of 3 GB"):
        paths.append(tmp_path / f"{name}.zip")
        ZIPS[name][0](honest, paths[-1])
    done = subprocess.run(
        [sys.executable, "-c", _WITHIN, f"duckdb:///{tmp_path}/city.duckdb", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["backup-damaged"] * len(_LARGE) + ["no-backup"] * 3
