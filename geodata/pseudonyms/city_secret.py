"""A city's secret: its source, and how its text is read.

The secret comes from ``MIKROZONASI_SECRET``, else from a key file next to an embedded database,
which is made at first use. For a PostgreSQL server, which many machines may share, the variable
must be set.

The same rule reads the variable and the key file, so that a text may move from one to the other: 64
hexadecimal digits mean 32 bytes; any other text means its characters. Blanks around the text and
the case of the digits do not matter. Older versions read the key file as hexadecimal digits of any
length, and the variable without removing blanks. Databases may hold pseudonyms from any of these
readings. A check value of the secret is stored with every batch. The check value finds the right
reading, and detects a wrong secret, which would make every known person a new person.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geodata.errors import InputError, MikrozonasiError, StoreError
from geodata.files.atomic import translate_write_errors
from geodata.files.private import restrict_to_owner, write_once
from geodata.settings import SECRET
from geodata.store import Reads, Store, database_path, is_embedded

_MIN_LENGTH: Final = 16
"""Characters of a secret's text, and bytes of its reading."""
_MAX_FILE_BYTES: Final = 4096
"""Bytes of a key file."""
_HEX_SECRET: Final = re.compile(r"[0-9A-Fa-f]{64}")
_NEWEST_BATCH: Final = "select summary from batch order by recorded_at desc, batch limit 1"


def find_secret(store: Store) -> bytes:
    """The secret of a database; made if an embedded database is empty and has no key file.

    Raises
    ------
    InputError
        ``weak-secret`` if ``MIKROZONASI_SECRET`` is shorter than 16 characters.
    StoreError
        ``no-secret`` if the database holds pseudonyms and their secret is missing, or if the
        database is on a server and no secret is set; ``other-secret`` if the pseudonyms were made
        with another secret; ``two-secrets`` if the variable and the key file differ and the
        database holds no pseudonyms; ``secret-unknown`` if the newest batch has no check value.
    """
    check = known_check_value(store)
    key_file = key_path(store.url) if is_embedded(store.url) else None
    variable = store.settings.secret
    if variable is not None:
        secret = _secret_from_variable(variable, key_file, check)
        if check is None and key_file is not None:
            _check_key_file_agrees(secret, key_file)
        return secret
    if key_file is None:
        raise _variable_not_set() if check is None else _variable_of_database_not_set()
    return _secret_from_file(key_file, check)


def secret_error(store: Store) -> MikrozonasiError | None:
    """The error of `find_secret` for a database with pseudonyms; None if the secret is available.

    No secret is made.
    """
    try:
        if known_check_value(store) is not None:
            find_secret(store)
    except MikrozonasiError as error:
        return error
    return None


def key_path(url: str) -> Path:
    """Key file of an embedded database: next to the database, ending in ``.key``."""
    path = database_path(url)
    return path.with_name(f"{path.name}.key")


def check_value(secret: bytes) -> str:
    """Eight hexadecimal digits that identify the secret and reveal nothing else of it."""
    return hmac.digest(secret, b"mikrozonasi/check", "sha256").hex()[:8]


def known_check_value(reads: Reads) -> str | None:
    """The check value of the database's secret; None if the database has no batches.

    Raises
    ------
    StoreError
        ``secret-unknown`` if the newest batch has no check value.
    """
    newest = reads.read(_NEWEST_BATCH)["summary"].to_pylist()
    if not newest:
        return None
    try:
        return str(json.loads(newest[0])["secret_check"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            "secret-unknown",
            "The newest batch of this database does not name its secret, so nothing can be added. "
            "Restore a complete backup.",
            indonesian="Muatan terbaru di basis data ini tidak menyebut kunci rahasianya, "
            "sehingga tidak ada yang dapat ditambahkan. Pulihkan cadangan yang utuh.",
        ) from None


def check_same_secret(reads: Reads, check: str) -> None:
    """Reject a batch of another secret, inside the transaction that adds the batch.

    Two machines with different secrets may see the same empty database at the same time.

    Raises
    ------
    StoreError
        ``other-secret`` if the database has another secret.
    """
    if known_check_value(reads) not in {None, check}:
        raise _other_secret()


def _matching_reading(text: str, check: str | None) -> bytes | None:
    """The reading of a text with this check value; if `check` is None, the reading by the rule."""
    if check is None:
        secret = _read_by_rule(text)
        return secret if len(text.strip()) >= _MIN_LENGTH else None
    candidates = (
        candidate for candidate in _possible_readings(text) if len(candidate) >= _MIN_LENGTH
    )
    return next((candidate for candidate in candidates if check_value(candidate) == check), None)


def _read_by_rule(text: str) -> bytes:
    stripped = text.strip()
    return bytes.fromhex(stripped) if _HEX_SECRET.fullmatch(stripped) else _encode(stripped)


def _possible_readings(text: str) -> Iterator[bytes]:
    """Possible readings of a text: first by the rule, then as older versions read it."""
    stripped = text.strip()
    yield _read_by_rule(text)
    # Older versions read the variable as it was, perhaps with the end of a line.
    yield from (_encode(variant) for variant in (text, stripped, f"{stripped}\n"))
    try:
        digits = bytes.fromhex(stripped)
    except ValueError:
        return
    yield digits  # older versions read a key file in this way
    yield from (_encode(variant) for variant in (stripped.lower(), stripped.upper()))


def _encode(text: str) -> bytes:
    # The variable may hold bytes that are not UTF-8.
    return text.encode("utf-8", "surrogateescape")


def _secret_from_variable(text: str, file: Path | None, check: str | None) -> bytes:
    secret = _matching_reading(text, check)
    if secret is not None:
        return secret
    if len(text.strip()) < _MIN_LENGTH:
        raise InputError(
            "weak-secret",
            f"{SECRET} is shorter than {_MIN_LENGTH} characters. "
            "Set it to a long random text, for instance 64 hexadecimal digits.",
            indonesian=f"{SECRET} lebih pendek dari {_MIN_LENGTH} karakter. Isi dengan teks acak "
            "yang panjang, misalnya 64 angka heksadesimal.",
        )
    if file is not None and _matching_reading(_key_file_text(file), check) is not None:
        raise StoreError(
            "other-secret",
            f"{SECRET} is not the secret of this database. The key file {file.name} next to the "
            f"database has the right secret. Unset {SECRET}, or set {SECRET} to the text of that "
            "file.",
            indonesian=f"{SECRET} bukan kunci rahasia basis data ini. Berkas kunci {file.name} di "
            f"samping basis data memuat kunci rahasia yang benar. Hapus {SECRET}, atau isi "
            f"{SECRET} dengan teks berkas itu.",
        )
    raise _other_secret()


def _check_key_file_agrees(secret: bytes, file: Path) -> None:
    file_secret = _matching_reading(_key_file_text(file), None)
    if file_secret not in {None, secret}:
        raise StoreError(
            "two-secrets",
            f"{SECRET} and the key file {file.name} hold different secrets, and the database has "
            f"no records yet that show the right secret. Unset {SECRET}, or move the key file to "
            "another folder.",
            indonesian=f"{SECRET} dan berkas kunci {file.name} memuat kunci rahasia yang "
            "berbeda, dan basis data belum berisi catatan yang menunjukkan kunci rahasia yang "
            f"benar. Hapus {SECRET}, atau pindahkan berkas kunci ke folder lain.",
        )


def _secret_from_file(file: Path, check: str | None) -> bytes:
    if file.exists():
        return _read_key_file(file, check)
    if check is None:
        return _create_key_file(file)
    raise StoreError(
        "no-secret",
        f"The secret of this database is missing: there is no key file {file.name}, and {SECRET} "
        f"is not set. Put the key file back, or set {SECRET} to the same secret. With another "
        "secret, every person would count as a new person.",
        indonesian=f"Kunci rahasia basis data ini hilang: berkas kuncinya, {file.name}, tidak "
        f"ada, dan {SECRET} tidak diisi. Kembalikan berkas kunci, atau isi {SECRET} dengan kunci "
        "rahasia yang sama. Dengan kunci rahasia lain, setiap orang akan dianggap orang baru.",
    )


def _read_key_file(file: Path, check: str | None) -> bytes:
    restrict_to_owner(file)
    text = _key_file_text(file)
    if not text:
        raise StoreError(
            "no-secret",
            f"The key file {file.name} holds no valid secret. Put the right file back, or set "
            f"{SECRET}.",
            indonesian=f"Berkas kunci {file.name} tidak memuat kunci rahasia yang sah. "
            f"Kembalikan berkas yang benar, atau isi {SECRET}.",
        )
    secret = _matching_reading(text, check)
    if secret is None:
        raise _other_secret()
    return secret


def _create_key_file(file: Path) -> bytes:
    text = secrets.token_hex(32)
    try:
        # If two processes run at once, one process makes the file and the other reads it.
        with translate_write_errors(file):
            written = write_once(file, f"{text}\n")
    except InputError as error:
        raise StoreError(
            error.code,
            error.message,
            indonesian=error.indonesian,
        ) from None
    return _read_by_rule(text) if written else _read_key_file(file, None)


def _key_file_text(file: Path) -> str:
    """The text of a key file; empty if the file holds no text of a secret's length."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_MAX_FILE_BYTES + 1).decode("utf-8-sig")
    except (OSError, UnicodeError):
        return ""
    is_plain = all(character.isprintable() or character.isspace() for character in text)
    has_valid_length = len(text.strip()) >= _MIN_LENGTH and len(text) <= _MAX_FILE_BYTES
    return text if is_plain and has_valid_length else ""


def _other_secret() -> StoreError:
    return StoreError(
        "other-secret",
        f"The records in this database were loaded with another secret. Set {SECRET} to that "
        "secret, or put its key file next to the database. With this secret, every person would "
        "count as a new person.",
        indonesian=f"Catatan di basis data ini dimuat dengan kunci rahasia lain. Isi {SECRET} "
        "dengan kunci rahasia itu, atau letakkan berkas kuncinya di samping basis data. Dengan "
        "kunci rahasia yang ini, setiap orang akan dianggap orang baru.",
    )


def _variable_of_database_not_set() -> StoreError:
    return StoreError(
        "no-secret",
        f"{SECRET} is not set, but this database already has a secret. Set {SECRET} to that "
        f"secret. If the city was moved here from a file, set {SECRET} to the text of its key "
        "file.",
        indonesian=f"{SECRET} tidak diisi, padahal basis data ini sudah punya kunci rahasia. Isi "
        f"{SECRET} dengan kunci rahasia itu. Jika kota dipindahkan ke sini dari berkas, isi "
        f"{SECRET} dengan teks berkas kuncinya.",
    )


def _variable_not_set() -> StoreError:
    return StoreError(
        "no-secret",
        f"{SECRET} is not set. A database on a server has no key file. Set {SECRET} to the same "
        "secret on every machine that loads records, for instance to the output of "
        "`openssl rand -hex 32`. Keep the secret safe: it is not in the database.",
        indonesian=f"{SECRET} tidak diisi. Basis data di server tidak punya berkas kunci. Isi "
        f"{SECRET} dengan kunci rahasia yang sama di setiap mesin yang memuat catatan, misalnya "
        "hasil `openssl rand -hex 32`. Simpan kunci rahasia dengan aman: kunci itu tidak ada di "
        "basis data.",
    )
