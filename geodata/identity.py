"""Keyed pseudonyms for NIK, family-card numbers and persons: the number itself never rests.

A pseudonym is HMAC-SHA256 under a key made for its domain, cut to 128 bits: the same person is
the same text in every file, and nobody without the secret can try the few hundred million
possible NIK. The secret comes from ``MIKROZONASI_SECRET``, else from a file beside an embedded
database that is made at first use; with a PostgreSQL server, which many machines may share, it
must be set. A check value of it is kept with every batch, so that a lost
or another secret is noticed before it makes a second person of everyone.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import InputError, StoreError
from geodata.key_file import write_once
from geodata.store import Store, database_path, is_embedded

Domain = Literal["nik", "kk", "person", "name", "row", "batch", "carried", "erased"]

VARIABLE: Final = "MIKROZONASI_SECRET"
_FEWEST_CHARACTERS: Final = 16
_HEX_DIGITS: Final = 32
_CARRIED: Final = "pseudonym:"
_NEWEST_BATCH: Final = "select summary from batch order by recorded_at desc, batch limit 1"


class Pseudonymiser:
    """Makes pseudonyms with one secret.

    Parameters
    ----------
    secret
        At least 16 bytes; who holds it can tell whether a given person is in the database.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def pseudonym(self, domain: Domain, text: str) -> str:
        """Pseudonym of one text: 32 hexadecimal digits, different in every domain."""
        return _finish(self._keyed(domain), text)

    def column(self, domain: Domain, texts: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Pseudonyms of a column of text; null stays null."""
        keyed = self._keyed(domain)
        found = [None if text is None else _finish(keyed, text) for text in texts.to_pylist()]
        return pa.array(found, type=pa.string())

    def nik(self, text: str) -> str:
        """Pseudonym of a NIK written as sixteen digits."""
        return self.pseudonym("nik", text)

    def carry(self, domain: Domain, pseudonym: str) -> str:
        """A pseudonym as a file may bring it back: with a check that nobody else can make."""
        return f"{_CARRIED}{pseudonym}:{self._check(domain, pseudonym)}"

    def carried(self, domain: Domain, texts: pa.Array) -> pa.Array:
        """Pseudonyms that a column of text brings back; null where there is none, or a forged one.

        See `carry`.
        """
        likely = pc.starts_with(texts, _CARRIED)
        if not pc.any(likely).as_py():
            return pa.nulls(len(texts), pa.string())
        found = [
            self._taken_back(domain, text) if likely[row].as_py() else None
            for row, text in enumerate(texts.to_pylist())
        ]
        return pa.array(found, type=pa.string())

    def _taken_back(self, domain: Domain, text: str) -> str | None:
        pseudonym, _, check = text.removeprefix(_CARRIED).partition(":")
        return pseudonym if hmac.compare_digest(check, self._check(domain, pseudonym)) else None

    def _check(self, domain: Domain, pseudonym: str) -> str:
        return self.pseudonym("carried", f"{domain} {pseudonym}")[:16]

    def check_value(self) -> str:
        """Eight hexadecimal digits that tell this secret from another, and nothing else of it."""
        return hmac.digest(self._secret, b"mikrozonasi/check", "sha256").hex()[:8]

    def _keyed(self, domain: Domain) -> "_Keyed":
        return _keyed(hmac.digest(self._secret, f"mikrozonasi/{domain}/1".encode(), "sha256"))


def open_pseudonymiser(store: Store, environment: Mapping[str, str] = os.environ) -> Pseudonymiser:
    """The pseudonymiser of a database.

    Raises
    ------
    InputError
        ``weak-secret`` if ``MIKROZONASI_SECRET`` is shorter than 16 characters.
    StoreError
        ``no-secret`` if the database holds pseudonyms and the secret they were made with is
        gone, or if it is on a server and no secret is set; ``other-secret`` if they were made
        with another one.
    """
    known = _known_check_value(store)
    given = environment.get(VARIABLE)
    if given is not None:
        found = Pseudonymiser(_checked(given))
    elif is_embedded(store.url):
        found = Pseudonymiser(_kept_beside(key_path(store.url), first=known is None))
    else:
        raise StoreError(
            "no-secret",
            f"{VARIABLE} is not set. A database on a server has no key file: set the secret, the "
            "same on every machine that takes in records, for instance to what "
            "`openssl rand -hex 32` prints, and keep it safe; it is not in the database.",
        )
    if known is not None and known != found.check_value():
        raise StoreError(
            "other-secret",
            "The records in this database were taken in with another secret. Give that one, in "
            f"{VARIABLE} or as the key file beside the database; with this one every person "
            "would be taken for a new one.",
        )
    return found


def key_path(url: str) -> Path:
    """File that keeps the secret of an embedded database: beside it, ending in ``.key``."""
    path = database_path(url)
    return path.with_name(f"{path.name}.key")


def _kept_beside(path: Path, *, first: bool) -> bytes:
    if path.exists():
        return _read_key_file(path)
    if first:
        return _make_key_file(path)
    raise StoreError(
        "no-secret",
        f"The secret of this database is gone: its key file {path.name} is missing and "
        f"{VARIABLE} is not set. Put one of them back; with another secret every "
        "person would be taken for a new one.",
    )


def _known_check_value(store: Store) -> str | None:
    newest = store.read(_NEWEST_BATCH)["summary"].to_pylist()
    return None if not newest else str(json.loads(newest[0])["secret_check"])


def _checked(secret: str) -> bytes:
    if len(secret) < _FEWEST_CHARACTERS:
        raise InputError(
            "weak-secret",
            f"{VARIABLE} is shorter than {_FEWEST_CHARACTERS} characters. "
            "Set it to a long random text, for instance 64 hexadecimal digits.",
        )
    return secret.encode()


def _make_key_file(path: Path) -> bytes:
    secret = secrets.token_bytes(32)
    try:
        # Of two processes at once, one makes the file and the other reads it.
        written = write_once(path, f"{secret.hex()}\n")
    except InputError as error:
        raise StoreError(error.code, error.message) from None
    return secret if written else _read_key_file(path)


def _read_key_file(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        secret = b""
    if len(secret) < _FEWEST_CHARACTERS:
        raise StoreError(
            "no-secret",
            f"The key file {path.name} cannot be read as a secret. Put the right one back, or "
            f"set {VARIABLE}.",
        )
    return secret


class _Keyed(NamedTuple):
    """The two halves of HMAC-SHA256 (RFC 2104), the key already in them.

    The library's own keys anew for every text, which takes three times as long; a file has
    millions of texts.
    """

    inner: "hashlib._Hash"
    outer: "hashlib._Hash"


def _keyed(key: bytes) -> _Keyed:
    block = key.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    return _Keyed(hashlib.sha256(inner), hashlib.sha256(outer))


def _finish(keyed: _Keyed, text: str) -> str:
    inner, outer = keyed.inner.copy(), keyed.outer.copy()
    inner.update(text.encode())
    outer.update(inner.digest())
    return outer.hexdigest()[:_HEX_DIGITS]
