"""Decisions of people on ambiguous addresses; the newest decision is in force.

The key of a decision is the area part of an address (`AddressReading.area_part`), without street,
house and person. A decision is therefore valid for every address with the same area part.
Decisions are never deleted.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from geodata.addresses.reader import NONE_OF_THEM
from geodata.boundaries import Boundaries
from geodata.calendar import FOR_EVER
from geodata.errors import InputError
from geodata.store import Reads, Store

_INSERT: Final = """
insert into address_decision (area_part, code, decided_at, decided_by) values ($1, $2, $3, $4)
"""
_CURRENT: Final = """
select area_part, code from address_decision as newest
where decided_at = (select max(decided_at) from address_decision
                    where area_part = newest.area_part and decided_at <= $1)
order by area_part
"""
_MAX_NAME_LETTERS: Final = 80


def read_decisions(reads: Reads, known_at: datetime | None = None) -> dict[str, str]:
    """Decisions in force: area part to code, or to `NONE_OF_THEM`.

    Parameters
    ----------
    known_at
        Decisions as known at this moment (UTC, without a zone); None for now.
    """
    rows = reads.read(_CURRENT, known_at or FOR_EVER)
    return dict(zip(rows["area_part"].to_pylist(), rows["code"].to_pylist(), strict=True))


def store_decision(
    store: Store,
    boundaries: Boundaries,
    area_part: str,
    code: str,
    *,
    by: str,
    known: Collection[str],
) -> None:
    """Store the decision of a person.

    Parameters
    ----------
    boundaries
        Boundaries that must contain the code as an RT or a kelurahan.
    code
        Code of the area that the address means, or `NONE_OF_THEM`.
    by
        Who decides: an office or initials, at most 80 letters.
    known
        Area parts that wait for a decision or have one. Other text is rejected, so that no
        complete address is stored.

    Raises
    ------
    InputError
        ``no-such-address``, ``no-such-area``, ``no-decider``.
    """
    if not by.strip() or len(by) > _MAX_NAME_LETTERS:
        raise InputError(
            "no-decider",
            "Say who decides, in at most 80 letters, with --by.",
            indonesian="Sebutkan siapa yang memutuskan dengan --by, paling banyak 80 karakter.",
        )
    if area_part not in known:
        raise InputError(
            "no-such-address",
            "No address in the database waits for this decision. `mikrozonasi addresses "
            "undecided` lists the addresses that wait: copy the text in the column area_part.",
            indonesian="Tidak ada alamat di basis data yang menunggu keputusan itu. "
            "`mikrozonasi addresses undecided` mendaftar alamat yang menunggu: salin isi kolom "
            "area_part.",
        )
    areas = boundaries.areas
    codes = areas["code"][areas["kind"].isin(["rt", "kelurahan"])]
    if code != NONE_OF_THEM and not bool((codes == code).any()):
        raise InputError(
            "no-such-area",
            "This code is not an RT and not a kelurahan of the boundaries in force. Use one of "
            "the candidates, or write none.",
            indonesian="Kode itu bukan RT dan bukan kelurahan dalam batas wilayah yang berlaku. "
            "Pakai salah satu calon, atau tulis none.",
        )
    with store.transaction() as work:
        work.execute(_INSERT, area_part, code, work.moment, by.strip())
