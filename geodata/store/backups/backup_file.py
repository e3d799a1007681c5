"""A backup's file, opened so that nothing it says is believed before it is checked.

It is a zip whose parts are stored as they are: ``backup.json`` and one part a table, each once and
no other. So no part is larger than the file, and nothing expands while it is looked at.
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
from geodata.files.system_errors import not_read, refused
from geodata.store.migrating import SCHEMA_VERSION
from geodata.store.schema import schema

FORMAT: Final = "mikrozonasi-backup-1"
CONTENTS: Final = "backup.json"
_BLOCK: Final = 1 << 20
_LARGEST_CONTENTS: Final = 1 << 20
"""Bytes of ``backup.json``. Ours have some thousand."""
_LARGEST_READ: Final = 2 << 20
"""Bytes that a zip may let us read at once: its list of parts, above all."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ENCRYPTED: Final = 1
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, KeyError, OSError, OverflowError, RuntimeError, TypeError, ValueError),
)
"""What reading a zip raises, according to which of its bytes is not as it was."""


class Part(NamedTuple):
    """What ``backup.json`` says of one table."""

    rows: int
    sha256: str


class Contents(NamedTuple):
    """What ``backup.json`` says, checked."""

    version: int
    made_at: datetime
    tables: dict[str, Part]


class _Sparing(io.BufferedReader):
    """A file that is never read in one large piece, whatever its own header asks for."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = -1 if size is None else size
        found = super().read(_LARGEST_READ + 1 if wanted < 0 else min(wanted, _LARGEST_READ + 1))
        if len(found) > _LARGEST_READ:
            raise zipfile.BadZipFile
        return found


class BackupFile:
    """A backup, open; made by `open_backup`."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path

    def contents(self) -> Contents:
        """What it says it holds: the tables of this version, and no other part.

        Raises
        ------
        InputError
            ``no-backup``, ``backup-damaged``, ``backup-older``, ``backup-newer``.
        """
        said = self._said()
        _check_version(said.get("version"), self._path)
        try:
            found = _checked(said)
        except _UNREADABLE:
            raise self.damaged() from None
        self._check_parts()
        return found

    def check(self, name: str, part: Part) -> None:
        """Compare a part with its checksum.

        Raises
        ------
        InputError
            ``backup-damaged``.
        """
        digest = hashlib.sha256()
        for block in self._blocks(name):
            digest.update(block)
        if digest.hexdigest() != part.sha256:
            raise self.damaged()

    @contextmanager
    def part(self, name: str, part: Part) -> Iterator[IO[bytes]]:
        """A part as a file: a copy of our own, compared with its checksum while it is made.

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
            if digest.hexdigest() != part.sha256:
                raise self.damaged()
            yield copy

    def damaged(self) -> InputError:
        """The error that says so."""
        return InputError(
            "backup-damaged",
            f"{self._path.name} is not as it was written: a part is missing, added or changed. "
            "Take another copy; nothing was restored.",
            indonesian=f"{self._path.name} tidak lagi seperti saat ditulis: ada bagian yang "
            "hilang, bertambah, atau berubah. Pakai salinan lain; tidak ada yang dipulihkan.",
        )

    def _said(self) -> dict[str, Any]:
        try:
            info = self._archive.getinfo(CONTENTS)
            if info.file_size > _LARGEST_CONTENTS or not _is_stored(info):
                raise _no_backup(self._path)
            with self._archive.open(info) as member:
                said = json.loads(member.read(_LARGEST_CONTENTS))
            known = said["format"] == FORMAT
        except _UNREADABLE:
            known = False
        if not known:
            raise _no_backup(self._path)
        return dict(said)

    def _check_parts(self) -> None:
        parts = self._archive.infolist()
        wanted = sorted([CONTENTS, *map(member, schema())])
        if sorted(info.filename for info in parts) != wanted or not all(map(_is_stored, parts)):
            raise self.damaged()
        if sum(info.file_size for info in parts) > self._path.stat().st_size:
            raise self.damaged()

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(member(name)) as opened:
                while block := opened.read(_BLOCK):
                    yield block
        except _UNREADABLE:
            raise self.damaged() from None


@contextmanager
def open_backup(path: Path) -> Iterator[BackupFile]:
    """A backup's file.

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``no-backup`` if it is none; ``not-read`` if it may not be read.
    """
    if not path.exists():
        raise NotFoundError(
            "no-file",
            f"There is no file {path.name}. Check the path.",
            indonesian=f"Tidak ada berkas {path.name}. Periksa letak dan namanya.",
        )
    if not path.is_file():  # a folder; a pipe or a device would be read for ever
        raise _no_backup(path)
    try:
        file = _Sparing(io.FileIO(path))
    except OSError as error:
        raise not_read(error, path.name) from None
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _UNREADABLE:
            raise _no_backup(path) from None
        with archive:
            yield BackupFile(archive, path)


def _temporary_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise refused(error) from None


def _write(copy: IO[bytes], block: bytes) -> None:
    try:
        copy.write(block)
        copy.flush()
    except OSError as error:
        raise refused(error) from None


def member(table: str) -> str:
    """Name of a table's part."""
    return f"{table}.parquet"


def _is_stored(info: zipfile.ZipInfo) -> bool:
    plain = info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
    return plain and not info.flag_bits & _ENCRYPTED


def _check_version(version: object, path: Path) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _no_backup(path)
    if version < SCHEMA_VERSION:
        raise InputError(
            "backup-older",
            f"{path.name} holds tables of version {version}, this program has version "
            f"{SCHEMA_VERSION}. Restore it with the version of mikrozonasi that made it, then "
            "upgrade: `mikrozonasi database upgrade`.",
            indonesian=f"{path.name} memuat tabel versi {version}, sedangkan program ini memakai "
            f"versi {SCHEMA_VERSION}. Pulihkan dengan versi mikrozonasi yang membuatnya, lalu "
            "perbarui: `mikrozonasi database upgrade`.",
        )
    if version > SCHEMA_VERSION:
        raise InputError(
            "backup-newer",
            f"{path.name} was made by a newer version of mikrozonasi. Install that one.",
            indonesian=f"{path.name} dibuat oleh versi mikrozonasi yang lebih baru. Pasang versi "
            "itu.",
        )


def _checked(said: dict[str, Any]) -> Contents:
    # Names that are not ours raise a KeyError, and are used for nothing.
    tables = {name: _part(said["tables"][name]) for name in schema()}
    if len(said["tables"]) != len(tables):
        raise ValueError
    made_at = datetime.fromisoformat(said["made_at"])
    if made_at.tzinfo is not None:
        raise ValueError
    return Contents(said["version"], made_at, tables)


def _part(described: dict[str, Any]) -> Part:
    rows, digest = described["rows"], described["sha256"]
    if type(rows) is not int or not 0 <= rows < 1 << 40 or not _DIGEST.fullmatch(digest):
        raise ValueError
    return Part(rows, digest)


def _no_backup(path: Path) -> InputError:
    return InputError(
        "no-backup",
        f"{path.name} is no backup made by `mikrozonasi database backup`.",
        indonesian=f"{path.name} bukan cadangan yang dibuat oleh `mikrozonasi database backup`.",
    )
