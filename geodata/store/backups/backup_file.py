"""Open a backup file and check everything before use.

A backup is a zip file without compression. Its members are the manifest ``backup.json`` and one
Parquet file for each table, and no other member. So no member is larger than the zip file, and no
member expands when it is read.
"""

import hashlib
import io
import json
import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from geodata.errors import InputError, NotFoundError
from geodata.files.system_errors import read_error, system_error
from geodata.store.migrating import SCHEMA_VERSION
from geodata.store.schema import schema

FORMAT: Final = "mikrozonasi-backup-1"
MANIFEST: Final = "backup.json"
_BLOCK: Final = 1 << 20
_LARGEST_MANIFEST: Final = 1 << 20
"""Bytes of ``backup.json``. The usual size is a few thousand bytes."""
_LARGEST_READ: Final = 2 << 20
"""Bytes that one read of the zip file may give; the list of members is the largest read."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ENCRYPTED: Final = 1
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, KeyError, OSError, OverflowError, RuntimeError, TypeError, ValueError),
)
"""Errors from reading a damaged zip file; the type depends on the damaged byte."""


class TableEntry(NamedTuple):
    """A table in the manifest: its number of rows and its checksum."""

    rows: int
    sha256: str


class Manifest(NamedTuple):
    """The checked manifest ``backup.json``."""

    version: int
    made_at: datetime
    tables: dict[str, TableEntry]


class _BoundedReader(io.BufferedReader):
    """A file that is never read in one large piece, even if its header asks for it."""

    def read(self, size: int | None = -1, /) -> bytes:
        requested = -1 if size is None else size
        content = super().read(
            _LARGEST_READ + 1 if requested < 0 else min(requested, _LARGEST_READ + 1)
        )
        if len(content) > _LARGEST_READ:
            raise zipfile.BadZipFile
        return content


class BackupFile:
    """An open backup; made by `open_backup`."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path

    def manifest(self) -> Manifest:
        """Read and check the manifest: the tables of this version, and no other member.

        Raises
        ------
        InputError
            ``no-backup``, ``backup-damaged``, ``backup-older``, ``backup-newer``.
        """
        values = self._read_manifest()
        _check_version(values.get("version"), self._path)
        try:
            manifest = _parse_manifest(values)
        except _UNREADABLE:
            raise self.damaged() from None
        self._check_members()
        return manifest

    def check_table(self, name: str, entry: TableEntry) -> None:
        """Compare the member of a table with its checksum.

        Raises
        ------
        InputError
            ``backup-damaged``.
        """
        digest = hashlib.sha256()
        for block in self._blocks(name):
            digest.update(block)
        if digest.hexdigest() != entry.sha256:
            raise self.damaged()

    @contextmanager
    def open_table(self, name: str, entry: TableEntry) -> Iterator[IO[bytes]]:
        """A temporary copy of the member of a table; the copy is compared with the checksum.

        Raises
        ------
        InputError
            ``backup-damaged``.
        """
        digest = hashlib.sha256()
        with _temporary_file() as copy:
            for block in self._blocks(name):
                digest.update(block)
                _write(copy, block)
            if digest.hexdigest() != entry.sha256:
                raise self.damaged()
            yield copy

    def damaged(self) -> InputError:
        """The error for a damaged backup."""
        return InputError(
            "backup-damaged",
            f"{self._path.name} is damaged: a part is missing, added or changed. Nothing was "
            "restored. Use another copy of the backup.",
            indonesian=f"{self._path.name} rusak: ada bagian yang hilang, bertambah, atau "
            "berubah. Tidak ada yang dipulihkan. Pakai salinan cadangan yang lain.",
        )

    def _read_manifest(self) -> dict[str, Any]:
        try:
            info = self._archive.getinfo(MANIFEST)
            if info.file_size > _LARGEST_MANIFEST or not _is_stored(info):
                raise _not_a_backup(self._path)
            with self._archive.open(info) as member:
                manifest = json.loads(member.read(_LARGEST_MANIFEST))
            is_ours = manifest["format"] == FORMAT
        except _UNREADABLE:
            is_ours = False
        if not is_ours:
            raise _not_a_backup(self._path)
        return dict(manifest)

    def _check_members(self) -> None:
        members = self._archive.infolist()
        expected = sorted([MANIFEST, *map(member_name, schema())])
        names = sorted(info.filename for info in members)
        if names != expected or not all(map(_is_stored, members)):
            raise self.damaged()
        if sum(info.file_size for info in members) > self._path.stat().st_size:
            raise self.damaged()

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(member_name(name)) as member:
                while block := member.read(_BLOCK):
                    yield block
        except _UNREADABLE:
            raise self.damaged() from None


@contextmanager
def open_backup(path: Path) -> Iterator[BackupFile]:
    """Open a backup file.

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``no-backup`` if the file is no backup; ``not-read`` if the file cannot be read.
    """
    if not path.exists():
        raise NotFoundError(
            "no-file",
            f"There is no file {path.name}. Check the path.",
            indonesian=f"Tidak ada berkas {path.name}. Periksa letak dan namanya.",
        )
    if not path.is_file():  # a folder; a pipe or a device would be read for ever
        raise _not_a_backup(path)
    try:
        file = _BoundedReader(io.FileIO(path))
    except OSError as error:
        raise read_error(error, path.name) from None
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _UNREADABLE:
            raise _not_a_backup(path) from None
        with archive:
            yield BackupFile(archive, path)


def _temporary_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise system_error(error) from None


def _write(copy: IO[bytes], block: bytes) -> None:
    try:
        copy.write(block)
        copy.flush()
    except OSError as error:
        raise system_error(error) from None


def member_name(table: str) -> str:
    """Name of a table's member in the zip file."""
    return f"{table}.parquet"


def _is_stored(info: zipfile.ZipInfo) -> bool:
    plain = info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
    return plain and not info.flag_bits & _ENCRYPTED


def _check_version(version: object, path: Path) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _not_a_backup(path)
    if version < SCHEMA_VERSION:
        raise InputError(
            "backup-older",
            f"{path.name} holds tables of version {version}, but this program has version "
            f"{SCHEMA_VERSION}. Restore the backup with the version of mikrozonasi that made it, "
            "then upgrade the database: `mikrozonasi database upgrade`.",
            indonesian=f"{path.name} memuat tabel versi {version}, sedangkan program ini memakai "
            f"versi {SCHEMA_VERSION}. Pulihkan cadangan dengan versi mikrozonasi yang membuatnya, "
            "lalu perbarui basis data: `mikrozonasi database upgrade`.",
        )
    if version > SCHEMA_VERSION:
        raise InputError(
            "backup-newer",
            f"{path.name} was made by a newer version of mikrozonasi. Install that version.",
            indonesian=f"{path.name} dibuat oleh versi mikrozonasi yang lebih baru. Pasang versi "
            "itu.",
        )


def _parse_manifest(manifest: dict[str, Any]) -> Manifest:
    # A missing name raises KeyError; unknown names are never used.
    tables = {name: _parse_entry(manifest["tables"][name]) for name in schema()}
    if len(manifest["tables"]) != len(tables):
        raise ValueError
    made_at = datetime.fromisoformat(manifest["made_at"])
    if made_at.tzinfo is not None:
        raise ValueError
    return Manifest(manifest["version"], made_at, tables)


def _parse_entry(entry: dict[str, Any]) -> TableEntry:
    rows, digest = entry["rows"], entry["sha256"]
    if type(rows) is not int or not 0 <= rows < 1 << 40 or not _DIGEST.fullmatch(digest):
        raise ValueError
    return TableEntry(rows, digest)


def _not_a_backup(path: Path) -> InputError:
    return InputError(
        "no-backup",
        f"{path.name} is no backup made by `mikrozonasi database backup`. Name a file that this "
        "command wrote.",
        indonesian=f"{path.name} bukan cadangan yang dibuat oleh `mikrozonasi database backup`. "
        "Sebutkan berkas yang ditulis perintah itu.",
    )
