"""What reading an address gives: a code, how certain it is, and what was taken for what."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from geodata.text.rt_rw import Pair


class Certainty(StrEnum):
    """How much an address says.

    ``CERTAIN`` names one RT; ``PARTIAL`` one kelurahan, and no RT that is in the boundaries;
    ``AMBIGUOUS`` may be read in several ways, or in one that a person must confirm; ``OUTSIDE``
    is in another regency; ``UNKNOWN`` names no kelurahan.
    """

    CERTAIN = "certain"
    PARTIAL = "partial"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why an address is ambiguous."""

    SEVERAL_RT = "several-rt"
    SEVERAL_KELURAHAN = "several-kelurahan"
    KECAMATAN_DISAGREES = "kecamatan-disagrees"
    KELURAHAN_OR_KECAMATAN = "kelurahan-or-kecamatan"
    NAME_IN_PASSING = "name-in-passing"
    OTHER_REGENCY = "other-regency"


class Reading(NamedTuple):
    """How one address was read.

    Attributes
    ----------
    code
        Of the RT where certain, of the kelurahan where partial, else None.
    pairs
        RT and RW as they were read; nothing where several kelurahan are named beside them.
    kelurahan, kecamatan
        Names of the areas that were taken to be meant, several where it is ambiguous.
    candidates
        Codes to choose from where it is ambiguous.
    doubt
        Why it is ambiguous, else None.
    note
        What else a person should know: that a number or a decision settled it.
    home
        Code of the kelurahan where that is plain, whether or not the RT is.
    """

    code: str | None
    certainty: Certainty
    pairs: tuple[Pair, ...] = ()
    kelurahan: tuple[str, ...] = ()
    kecamatan: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    doubt: Doubt | None = None
    note: str = ""
    home: str | None = None

    @property
    def area_part(self) -> str:
        """What an ambiguous address says of its area, and nothing else: the key of a decision.

        Of names only those of areas are in it: no street, no house, no person.
        """
        return "; ".join([self.doubt or "", _numbers(self.pairs), *self.candidates])

    def in_words(self) -> str:
        """What was taken for RT, RW, kelurahan and kecamatan, for people to check."""
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
