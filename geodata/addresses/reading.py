"""Result of reading an address: a code, its certainty, and the names and numbers that were read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from geodata.text.rt_rw import Pair


class Certainty(StrEnum):
    """Certainty of a reading.

    ``CERTAIN``: the address names one RT. ``PARTIAL``: one kelurahan, without an RT of the
    boundaries. ``AMBIGUOUS``: several readings are possible, or a person must confirm the
    reading. ``OUTSIDE``: the address is in another regency. ``UNKNOWN``: it names no kelurahan.
    """

    CERTAIN = "certain"
    PARTIAL = "partial"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class AddressDoubt(StrEnum):
    """Why an address is ambiguous."""

    SEVERAL_RT = "several-rt"
    SEVERAL_KELURAHAN = "several-kelurahan"
    KECAMATAN_DISAGREES = "kecamatan-disagrees"
    KELURAHAN_OR_KECAMATAN = "kelurahan-or-kecamatan"
    NAME_IN_PASSING = "name-in-passing"
    OTHER_REGENCY = "other-regency"


class AddressReading(NamedTuple):
    """Reading of one address.

    Attributes
    ----------
    code
        Code of the RT (certain) or of the kelurahan (partial), else None.
    pairs
        RT and RW in the address.
    kelurahan, kecamatan
        Names of the areas that the address may mean.
    candidates
        Codes that a person can choose for an ambiguous address.
    doubt
        Why the address is ambiguous, else None.
    note
        Further information for people, for example that a decision gave the code.
    kelurahan_code
        Code of the kelurahan if it is certain, even if the RT is not.
    """

    code: str | None
    certainty: Certainty
    pairs: tuple[Pair, ...] = ()
    kelurahan: tuple[str, ...] = ()
    kecamatan: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    doubt: AddressDoubt | None = None
    note: str = ""
    kelurahan_code: str | None = None

    @property
    def area_part(self) -> str:
        """Key of a decision: the part of an ambiguous address that names its area.

        Contains names of areas only, no street, no house, no person.
        """
        return "; ".join([self.doubt or "", _numbers(self.pairs), *self.candidates])

    def description(self) -> str:
        """RT, RW, kelurahan and kecamatan of the reading as text, for people to check."""
        parts = [_numbers(self.pairs)]
        parts += [f"Kel. {' / '.join(self.kelurahan)}"] if self.kelurahan else []
        parts += [f"Kec. {' / '.join(self.kecamatan)}"] if self.kecamatan else []
        parts += [self.doubt] if self.doubt else []
        parts += [self.note] if self.note else []
        return ", ".join(part for part in parts if part)


SETTLED_BY_NUMBERS: Final = "RT/RW exist in this one only"
NO_SUCH_RT: Final = "no such RT/RW here"
DECIDED: Final = "decided"


def _numbers(pairs: Sequence[Pair]) -> str:
    return " / ".join(
        " ".join(f"{kind} {n:03d}" for kind, n in zip(("RT", "RW"), pair, strict=True) if n)
        for pair in pairs
    )
