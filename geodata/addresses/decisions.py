"""What people decided on ambiguous addresses: kept for good, the newest holds.

A decision is kept under what an address says of its area (`Reading.area_part`): no street, no
house, no name. It therefore holds for every address that says no more about its area.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from geodata.addresses.reader import NONE_OF_THEM
from geodata.boundaries import Boundaries
from geodata.calendar import FOR_EVER
from geodata.errors import InputError
from geodata.store import Reads, Store

_ADD: Final = """
insert into address_decision (area_part, code, decided_at, decided_by) values ($1, $2, $3, $4)
"""
_HOLDING: Final = """
select area_part, code from address_decision as newest
where decided_at = (select max(decided_at) from address_decision
                    where area_part = newest.area_part and decided_at <= $1)
order by area_part
"""
_LONGEST_NAME: Final = 80


def decisions(reads: Reads, known_at: datetime | None = None) -> dict[str, str]:
    """Decisions that hold: an area part to a code, or to `NONE_OF_THEM`.

    Parameters
    ----------
    known_at
        As known at that moment (UTC, without a zone); now where not given.
    """
    held = reads.read(_HOLDING, known_at or FOR_EVER)
    return dict(zip(held["area_part"].to_pylist(), held["code"].to_pylist(), strict=True))


def decide_address(
    store: Store,
    boundaries: Boundaries,
    area_part: str,
    code: str,
    *,
    by: str,
    known: Collection[str],
) -> None:
    """Keep what a person decided.

    Parameters
    ----------
    boundaries
        In which the code must be an RT or a kelurahan.
    code
        Of the area that is meant, or `NONE_OF_THEM`.
    by
        Who decided: an office or initials.
    known
        Area parts that wait for a decision, or had one: nothing else is kept, lest a whole
        address be.

    Raises
    ------
    InputError
        ``no-such-address``, ``no-such-area``, ``no-decider``.
    """
    if not by.strip() or len(by) > _LONGEST_NAME:
        raise InputError(
            "no-decider",
            "Say who decides, in at most 80 letters, with --by.",
            indonesian="Sebutkan siapa yang memutuskan dengan --by, paling banyak 80 karakter.",
        )
    if area_part not in known:
        raise InputError(
            "no-such-address",
            "No address in the database waits for that decision. `mikrozonasi addresses "
            "undecided` lists those that do: copy what it shows in the column area_part.",
            indonesian="Tidak ada alamat di basis data yang menunggu keputusan itu. "
            "`mikrozonasi addresses undecided` mendaftar alamat yang menunggu: salin isi kolom "
            "area_part.",
        )
    areas = boundaries.areas
    codes = areas["code"][areas["kind"].isin(["rt", "kelurahan"])]
    if code != NONE_OF_THEM and not bool((codes == code).any()):
        raise InputError(
            "no-such-area",
            "That code is no RT and no kelurahan of the boundaries in force. Take one of the "
            "candidates, or say none.",
            indonesian="Kode itu bukan RT dan bukan kelurahan dalam batas wilayah yang berlaku. "
            "Pakai salah satu calon, atau tulis none.",
        )
    with store.transaction() as work:
        work.execute(_ADD, area_part, code, work.moment, by.strip())
