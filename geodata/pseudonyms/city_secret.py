"""A city's secret: where it is given, and how its text is read.

The secret comes from ``MIKROZONASI_SECRET``, else from a file beside an embedded database that is
made at first use; with a PostgreSQL server, which many machines may share, it must be set.

One rule reads the text of both, so that the text of the one may be given as the other: 64
hexadecimal digits mean 32 bytes, any other text means its own characters. Blanks around the text
and the case of the digits do not matter. Programs before this rule read the key file as digits of
any number, and the variable as text to the character. Databases hold pseudonyms of either reading.
A check value of the secret is kept with every batch: it tells which reading is the right one, and
that a secret is lost or another before everyone becomes a second person.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geodata.errors import InputError, MikrozonasiError, StoreError
from geodata.files.atomic import writing_to
from geodata.files.private import narrow, write_once
from geodata.settings import SECRET
from geodata.store import Reads, Store, database_path, is_embedded

_FEWEST: Final = 16
"""Characters that a secret has, and bytes that a reading has."""
_LONGEST: Final = 4096
"""Bytes of a key file."""
_DIGITS: Final = re.compile(r"[0-9A-Fa-f]{64}")
_NEWEST_BATCH: Final = "select summary from batch order by recorded_at desc, batch limit 1"


def find_secret(store: Store) -> bytes:
    """The secret of a database; made where an embedded one has none and holds nothing.

    Raises
    ------
    InputError
        ``weak-secret`` if ``MIKROZONASI_SECRET`` is shorter than 16 characters.
    StoreError
        ``no-secret`` if the database holds pseudonyms and the secret they were made with is
        gone, or if it is on a server and no secret is set; ``other-secret`` if they were made
        with another one; ``two-secrets`` if the variable and the key file differ and the database
        holds nothing that decides; ``secret-unknown`` if the database does not say which secret it
        has.
    """
    known = known_check_value(store)
    file = key_path(store.url) if is_embedded(store.url) else None
    given = store.settings.secret
    if given is not None:
        found = _of_variable(given, file, known)
        if known is None and file is not None:
            _refuse_two(found, file)
        return found
    if file is None:
        raise _not_set(moved=known is not None)
    return _of_file(file, known)


def why_not_given(store: Store) -> MikrozonasiError | None:
    """Why the secret that a database was made with is not at hand, None where it is.

    None is made.
    """
    try:
        if known_check_value(store) is not None:
            find_secret(store)
    except MikrozonasiError as error:
        return error
    return None


def key_path(url: str) -> Path:
    """File that keeps the secret of an embedded database: beside it, ending in ``.key``."""
    path = database_path(url)
    return path.with_name(f"{path.name}.key")


def check_value(secret: bytes) -> str:
    """Eight hexadecimal digits that tell this secret from another, and nothing else of it."""
    return hmac.digest(secret, b"mikrozonasi/check", "sha256").hex()[:8]


def known_check_value(reads: Reads) -> str | None:
    """The check value of the secret that a database was made with; None where it holds nothing.

    Raises
    ------
    StoreError
        ``secret-unknown`` if the newest batch does not say it.
    """
    newest = reads.read(_NEWEST_BATCH)["summary"].to_pylist()
    if not newest:
        return None
    try:
        return str(json.loads(newest[0])["secret_check"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            "secret-unknown",
            "The newest batch of this database does not say which secret it was taken in with, so "
            "nothing can be added. Restore a backup that is whole.",
            indonesian="Muatan terbaru di basis data ini tidak menyebut kunci rahasia yang "
            "dipakai, sehingga tidak ada yang dapat ditambahkan. Pulihkan cadangan yang utuh.",
        ) from None


def refuse_another(reads: Reads, check: str) -> None:
    """Refuse a batch of another secret, inside the transaction that keeps it.

    Two machines with different secrets may find the same database empty at the same time.

    Raises
    ------
    StoreError
        ``other-secret`` if the database was made with another one.
    """
    if known_check_value(reads) not in {None, check}:
        raise _other_secret()


def _fitting(text: str, known: str | None) -> bytes | None:
    """The reading of a text that a database was made with; the rule's where it holds nothing."""
    if known is None:
        ours = _by_rule(text)
        return ours if len(text.strip()) >= _FEWEST else None
    found = (each for each in _readings(text) if len(each) >= _FEWEST)
    return next((each for each in found if check_value(each) == known), None)


def _by_rule(text: str) -> bytes:
    bare = text.strip()
    return bytes.fromhex(bare) if _DIGITS.fullmatch(bare) else _encoded(bare)


def _readings(text: str) -> Iterator[bytes]:
    """What a text may mean: the rule first, then what programs before the rule took it for."""
    bare = text.strip()
    yield _by_rule(text)
    # The variable: a text that came from a file may have had the end of a line in it.
    yield from (_encoded(each) for each in (text, bare, f"{bare}\n"))
    try:
        digits = bytes.fromhex(bare)
    except ValueError:
        return
    yield digits  # the key file
    yield from (_encoded(each) for each in (bare.lower(), bare.upper()))


def _encoded(text: str) -> bytes:
    # A variable may hold bytes that are no UTF-8.
    return text.encode("utf-8", "surrogateescape")


def _of_variable(text: str, file: Path | None, known: str | None) -> bytes:
    found = _fitting(text, known)
    if found is not None:
        return found
    if len(text.strip()) < _FEWEST:
        raise InputError(
            "weak-secret",
            f"{SECRET} is shorter than {_FEWEST} characters. "
            "Set it to a long random text, for instance 64 hexadecimal digits.",
            indonesian=f"{SECRET} lebih pendek dari {_FEWEST} karakter. Isi dengan teks acak "
            "yang panjang, misalnya 64 angka heksadesimal.",
        )
    if file is not None and _fitting(_text_of(file), known) is not None:
        raise StoreError(
            "other-secret",
            f"{SECRET} is not the secret of this database; the key file {file.name} beside it "
            f"is. Unset {SECRET}, or set it to the text of that file.",
            indonesian=f"{SECRET} bukan kunci rahasia basis data ini; berkas kunci {file.name} "
            f"di sampingnya yang benar. Hapus {SECRET}, atau isi dengan teks berkas itu.",
        )
    raise _other_secret()


def _refuse_two(found: bytes, file: Path) -> None:
    beside = _fitting(_text_of(file), None)
    if beside not in {None, found}:
        raise StoreError(
            "two-secrets",
            f"{SECRET} and the key file {file.name} hold different secrets, and the database "
            f"holds nothing yet that tells which one is right. Unset {SECRET}, or move the key "
            "file to another folder.",
            indonesian=f"{SECRET} dan berkas kunci {file.name} memuat kunci rahasia yang "
            "berbeda, dan basis data belum berisi apa pun yang menunjukkan mana yang benar. "
            f"Hapus {SECRET}, atau pindahkan berkas kunci ke folder lain.",
        )


def _of_file(file: Path, known: str | None) -> bytes:
    if file.exists():
        return _kept(file, known)
    if known is None:
        return _made(file)
    raise StoreError(
        "no-secret",
        f"The secret of this database is gone: its key file {file.name} is missing and "
        f"{SECRET} is not set. Put one of them back; with another secret every "
        "person would be taken for a new one.",
        indonesian=f"Kunci rahasia basis data ini hilang: berkas kuncinya, {file.name}, tidak "
        f"ada, dan {SECRET} tidak diisi. Kembalikan salah satunya; dengan kunci rahasia lain, "
        "setiap orang akan dianggap orang baru.",
    )


def _kept(file: Path, known: str | None) -> bytes:
    narrow(file)
    text = _text_of(file)
    if not text:
        raise StoreError(
            "no-secret",
            f"The key file {file.name} cannot be read as a secret. Put the right one back, or "
            f"set {SECRET}.",
            indonesian=f"Berkas kunci {file.name} tidak dapat dibaca sebagai kunci rahasia. "
            f"Kembalikan berkas yang benar, atau isi {SECRET}.",
        )
    found = _fitting(text, known)
    if found is None:
        raise _other_secret()
    return found


def _made(file: Path) -> bytes:
    text = secrets.token_hex(32)
    try:
        # Of two processes at once, one makes the file and the other reads it.
        with writing_to(file):
            written = write_once(file, f"{text}\n")
    except InputError as error:
        raise StoreError(
            error.code,
            error.message,
            indonesian=error.indonesian,
        ) from None
    return _by_rule(text) if written else _kept(file, None)


def _text_of(file: Path) -> str:
    """What a key file holds; nothing where that is no text of a secret's length."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST + 1).decode("utf-8-sig")
    except (OSError, UnicodeError):
        return ""
    plain = all(sign.isprintable() or sign.isspace() for sign in text)
    fits = len(text.strip()) >= _FEWEST and len(text) <= _LONGEST
    return text if plain and fits else ""


def _other_secret() -> StoreError:
    return StoreError(
        "other-secret",
        "The records in this database were taken in with another secret. Give that one, in "
        f"{SECRET} or as the key file beside the database; with this one every person "
        "would be taken for a new one.",
        indonesian="Catatan di basis data ini dimuat dengan kunci rahasia lain. Berikan kunci "
        f"itu, dalam {SECRET} atau sebagai berkas kunci di samping basis data; dengan kunci "
        "yang ini, setiap orang akan dianggap orang baru.",
    )


def _not_set(*, moved: bool) -> StoreError:
    if moved:
        return StoreError(
            "no-secret",
            f"{SECRET} is not set, and this database has a secret already. Set it to what it "
            "was; for a city that was moved here from a file, to the text of its key file.",
            indonesian=f"{SECRET} tidak diisi, dan basis data ini sudah punya kunci rahasia. "
            "Isi dengan kunci yang dahulu; untuk kota yang dipindahkan ke sini dari berkas, "
            "isi dengan teks berkas kuncinya.",
        )
    return StoreError(
        "no-secret",
        f"{SECRET} is not set. A database on a server has no key file: set the secret, the "
        "same on every machine that takes in records, for instance to what "
        "`openssl rand -hex 32` prints, and keep it safe; it is not in the database.",
        indonesian=f"{SECRET} tidak diisi. Basis data di server tidak punya berkas kunci: "
        "tetapkan kunci rahasia, yang sama di setiap mesin yang memuat catatan, misalnya hasil "
        "`openssl rand -hex 32`, dan simpan dengan aman; kunci itu tidak ada di basis data.",
    )
