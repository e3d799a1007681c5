"""Keyed pseudonyms for NIK, family-card numbers and persons: the number itself never rests.

A pseudonym is HMAC-SHA256 under a key made for its domain, cut to 128 bits: the same person is
the same text in every file, and nobody without the secret can try the few hundred million
possible NIK. Where the secret comes from is in `geodata.pseudonyms.city_secret`.
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
_CARRIED: Final = "pseudonym:"


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
        return check_value(self._secret)

    def _keyed(self, domain: Domain) -> "_Keyed":
        return _keyed(hmac.digest(self._secret, f"mikrozonasi/{domain}/1".encode(), "sha256"))


def open_pseudonymiser(store: Store) -> Pseudonymiser:
    """The pseudonymiser of a database, with the secret that `geodata.pseudonyms.city_secret` finds.

    Raises
    ------
    InputError
        As `geodata.pseudonyms.city_secret.find_secret` does.
    StoreError
        As `geodata.pseudonyms.city_secret.find_secret` does.
    """
    return Pseudonymiser(find_secret(store))


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
