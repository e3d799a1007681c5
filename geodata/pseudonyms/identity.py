"""Keyed pseudonyms for NIK, family-card numbers and persons: the number itself is never stored.

A pseudonym is HMAC-SHA256 with a key of its domain, truncated to 128 bits. The same person has the
same pseudonym in every file, and nobody without the secret can try the few hundred million possible
NIK. The secret comes from `geodata.pseudonyms.city_secret`.
"""

import hashlib
import hmac
from typing import Final, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.pseudonyms.city_secret import check_value, find_secret
from geodata.store import Store

Domain = Literal[
    "nik", "kk", "person", "name", "row", "batch", "carried", "erased", "run", "records"
]

_HEX_DIGITS: Final = 32
_SIGNED_PREFIX: Final = "pseudonym:"


class Pseudonymiser:
    """Makes pseudonyms with one secret.

    Parameters
    ----------
    secret
        At least 16 bytes. With the secret one can tell whether a person is in the database.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def pseudonym(self, domain: Domain, text: str) -> str:
        """Pseudonym of one text: 32 hexadecimal digits, different in every domain."""
        return _hmac_hex(self._keyed(domain), text)

    def column(self, domain: Domain, texts: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Pseudonyms of a text column; null stays null."""
        keyed = self._keyed(domain)
        pseudonyms = [
            None if text is None else _hmac_hex(keyed, text) for text in texts.to_pylist()
        ]
        return pa.array(pseudonyms, type=pa.string())

    def nik(self, text: str) -> str:
        """Pseudonym of a NIK written as sixteen digits."""
        return self.pseudonym("nik", text)

    def sign_pseudonym(self, domain: Domain, pseudonym: str) -> str:
        """A pseudonym with a signature, for files that are loaded again."""
        return f"{_SIGNED_PREFIX}{pseudonym}:{self._signature(domain, pseudonym)}"

    def verify_pseudonyms(self, domain: Domain, texts: pa.Array) -> pa.Array:
        """Pseudonyms from texts of `sign_pseudonym`; null for another text or a wrong signature."""
        has_prefix = pc.starts_with(texts, _SIGNED_PREFIX)
        if not pc.any(has_prefix).as_py():
            return pa.nulls(len(texts), pa.string())
        pseudonyms = [
            self._verify(domain, text) if has_prefix[row].as_py() else None
            for row, text in enumerate(texts.to_pylist())
        ]
        return pa.array(pseudonyms, type=pa.string())

    def _verify(self, domain: Domain, text: str) -> str | None:
        pseudonym, _, check = text.removeprefix(_SIGNED_PREFIX).partition(":")
        return pseudonym if hmac.compare_digest(check, self._signature(domain, pseudonym)) else None

    def _signature(self, domain: Domain, pseudonym: str) -> str:
        return self.pseudonym("carried", f"{domain} {pseudonym}")[:16]

    def check_value(self) -> str:
        """Eight hexadecimal digits that identify the secret and reveal nothing else of it."""
        return check_value(self._secret)

    def _keyed(self, domain: Domain) -> "_Keyed":
        return _keyed(hmac.digest(self._secret, f"mikrozonasi/{domain}/1".encode(), "sha256"))


def open_pseudonymiser(store: Store) -> Pseudonymiser:
    """The pseudonymiser of a database, with the secret from `geodata.pseudonyms.city_secret`.

    Raises
    ------
    InputError, StoreError
        As `geodata.pseudonyms.city_secret.find_secret`.
    """
    return Pseudonymiser(find_secret(store))


class _Keyed(NamedTuple):
    """The inner and outer hash of HMAC-SHA256 (RFC 2104) with the key.

    `hmac` hashes the key again for every text, which takes three times as long. A file may have
    millions of texts.
    """

    inner: "hashlib._Hash"
    outer: "hashlib._Hash"


def _keyed(key: bytes) -> _Keyed:
    block = key.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    return _Keyed(hashlib.sha256(inner), hashlib.sha256(outer))


def _hmac_hex(keyed: _Keyed, text: str) -> str:
    inner, outer = keyed.inner.copy(), keyed.outer.copy()
    inner.update(text.encode())
    outer.update(inner.digest())
    return outer.hexdigest()[:_HEX_DIGITS]
