"""Turn the evidence of an address into a reading.

A reading gives one RT, one kelurahan, several candidates, another regency, or nothing. There are
no guesses: if two readings are possible, the address is ambiguous and a person decides.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from geodata.addresses.evidence import FREE, MARKED, WEAK, Claim, Evidence
from geodata.addresses.gazetteer import Gazetteer
from geodata.addresses.names import Rows
from geodata.addresses.reading import (
    NO_SUCH_RT,
    SETTLED_BY_NUMBERS,
    AddressDoubt,
    AddressReading,
    Certainty,
)
from geodata.text.area_names import fold_name
from geodata.text.rt_rw import Pair

_NONE: Final[Rows] = frozenset()


class _KelurahanCandidates(NamedTuple):
    """Candidate kelurahan; `doubt` says why the address does not name exactly one of them."""

    rows: Rows
    doubt: AddressDoubt | None


def decide(evidence: Evidence, pairs: Sequence[Pair], gazetteer: Gazetteer) -> AddressReading:
    """Read one address from its evidence.

    Parameters
    ----------
    pairs
        RT and RW that the address names.
    """
    kecamatan = _find_kecamatan(evidence)
    kelurahan = _find_kelurahan(evidence, kecamatan, gazetteer)
    reading = AddressReading(
        None,
        Certainty.UNKNOWN,
        tuple(pairs),
        tuple(sorted({gazetteer.kelurahan_names[row] for row in kelurahan.rows})),
        tuple(sorted({gazetteer.kecamatan_names[row] for row in kecamatan})),
    )
    if _is_outside(evidence, kecamatan, gazetteer):
        return reading._replace(certainty=Certainty.OUTSIDE, kelurahan=(), kecamatan=())
    if not kelurahan.rows or (
        kelurahan.doubt is AddressDoubt.NAME_IN_PASSING and not _complete_pairs(pairs)
    ):
        return reading._replace(kelurahan=())
    if evidence.regions or evidence.unknown_regency or _names_other_kecamatan(evidence, kecamatan):
        return _ambiguous(reading, kelurahan.rows, AddressDoubt.OTHER_REGENCY, gazetteer)
    if kelurahan.doubt is not None:
        return _ambiguous(reading, kelurahan.rows, kelurahan.doubt, gazetteer)
    if len(kelurahan.rows) > 1:
        return _resolve_by_numbers(reading, kelurahan.rows, gazetteer) or _ambiguous(
            reading, kelurahan.rows, AddressDoubt.SEVERAL_KELURAHAN, gazetteer
        )
    return _read_in_kelurahan(reading, next(iter(kelurahan.rows)), gazetteer)


def _read_in_kelurahan(reading: AddressReading, row: int, gazetteer: Gazetteer) -> AddressReading:
    """Reading of an address with a known kelurahan."""
    complete_pairs = _complete_pairs(reading.pairs)
    kecamatan_name = gazetteer.kecamatan_names[gazetteer.kecamatan_rows[row]]
    reading = reading._replace(
        kecamatan=(kecamatan_name,), kelurahan_code=gazetteer.kelurahan_codes[row]
    )
    zone = _common_rw(reading, row, gazetteer)
    if zone is None and len(complete_pairs) > 1:
        return _ambiguous(reading, frozenset([row]), AddressDoubt.SEVERAL_RT, gazetteer)
    if zone is None:
        zone = (
            gazetteer.rts.get((row, complete_pairs[0][1], complete_pairs[0][0]))
            if complete_pairs
            else None
        )
    if zone is not None:
        return reading._replace(code=gazetteer.zone_codes[zone], certainty=Certainty.CERTAIN)
    note = NO_SUCH_RT if complete_pairs else ""
    return reading._replace(
        code=gazetteer.kelurahan_codes[row], certainty=Certainty.PARTIAL, note=note
    )


def _common_rw(reading: AddressReading, row: int, gazetteer: Gazetteer) -> int | None:
    """Row of the RW of all numbers of an address, in a city whose smallest zones are RW."""
    if not gazetteer.zones_are_rw:
        return None
    zones = {gazetteer.rts.get((row, rw, rt or 0)) for rt, rw in reading.pairs if rw is not None}
    return zones.pop() if len(zones) == 1 else None


def _resolve_by_numbers(
    reading: AddressReading, rows: Rows, gazetteer: Gazetteer
) -> AddressReading | None:
    """Reading if exactly one of several kelurahan with the same name has the RT."""
    complete_pairs = _complete_pairs(reading.pairs)
    if (
        len({fold_name(gazetteer.kelurahan_names[row]) for row in rows}) > 1
        or len(complete_pairs) != 1
    ):
        return None
    matching_rows = [
        row
        for row in sorted(rows)
        if (row, complete_pairs[0][1], complete_pairs[0][0]) in gazetteer.rts
    ]
    if len(matching_rows) != 1:
        return None
    return _read_in_kelurahan(reading, matching_rows[0], gazetteer)._replace(
        note=SETTLED_BY_NUMBERS
    )


def _ambiguous(
    reading: AddressReading, rows: Rows, doubt: AddressDoubt, gazetteer: Gazetteer
) -> AddressReading:
    zones = [
        gazetteer.rts[row, rw, rt]
        for row in sorted(rows)
        for rt, rw in _complete_pairs(reading.pairs)
        if (row, rw, rt) in gazetteer.rts
    ]
    codes = [gazetteer.zone_codes[zone] for zone in dict.fromkeys(zones)]
    return reading._replace(
        certainty=Certainty.AMBIGUOUS,
        candidates=tuple(codes or [gazetteer.kelurahan_codes[row] for row in sorted(rows)]),
        doubt=doubt,
    )


def _find_kelurahan(
    evidence: Evidence, kecamatan: Rows, gazetteer: Gazetteer
) -> _KelurahanCandidates:
    claims = evidence.kelurahan + _shared_kelurahan(evidence)
    strongest = max((claim.strength for claim in claims), default=0)
    claims = [claim for claim in claims if claim.strength == strongest]
    if not claims:
        shared = [
            shared_name for shared_name in evidence.shared_names if shared_name.strength > WEAK
        ]
        rows = frozenset[int]().union(
            *(shared_name.kelurahan for shared_name in shared or evidence.shared_names)
        )
        doubt = AddressDoubt.KELURAHAN_OR_KECAMATAN if shared else AddressDoubt.NAME_IN_PASSING
        return _KelurahanCandidates(rows, doubt)
    inside = gazetteer.within(kecamatan) if kecamatan else None
    candidates = [claim.rows if inside is None else claim.rows & inside for claim in claims]
    named = frozenset[int]().union(*(claim.rows for claim in claims))
    if not all(candidates) or evidence.unknown_kecamatan:
        return _KelurahanCandidates(named, AddressDoubt.KECAMATAN_DISAGREES)
    if strongest == WEAK:
        return _KelurahanCandidates(
            frozenset[int]().union(*candidates), AddressDoubt.NAME_IN_PASSING
        )
    if evidence.unknown_kelurahan and strongest < MARKED:
        return _KelurahanCandidates(
            frozenset[int]().union(*candidates), AddressDoubt.SEVERAL_KELURAHAN
        )
    common_rows = frozenset.intersection(*candidates)
    rows = common_rows or frozenset[int]().union(*candidates)
    return _KelurahanCandidates(rows, None if common_rows else AddressDoubt.SEVERAL_KELURAHAN)


def _shared_kelurahan(evidence: Evidence) -> list[Claim]:
    """Claims of shared names that certainly mean the kelurahan.

    A name of both a kelurahan and its kecamatan means the kelurahan if the address also names
    the kecamatan, or gives the name twice.
    """
    free_names = [
        shared_name for shared_name in evidence.shared_names if shared_name.strength >= FREE
    ]
    if any(claim.strength >= FREE for claim in evidence.kelurahan):
        return []
    named_kecamatan = [claim.rows for claim in evidence.kecamatan if claim.strength >= FREE]
    return [
        Claim(shared_name.kelurahan, FREE)
        for shared_name in free_names
        if shared_name.kecamatan in named_kecamatan or free_names.count(shared_name) > 1
    ]


def _find_kecamatan(evidence: Evidence) -> Rows:
    """Kecamatan with the strongest claims; a name after ``Kec.`` is stronger than a free name."""
    claims = [*evidence.kecamatan, *_shared_kecamatan(evidence)]
    strongest = max((claim.strength for claim in claims), default=0)
    named = [claim.rows for claim in claims if claim.strength == strongest and strongest > WEAK]
    return frozenset[int]().union(*named)


def _shared_kecamatan(evidence: Evidence) -> list[Claim]:
    """Claims of shared names that mean the kecamatan: the address also names a kelurahan."""
    return [
        Claim(shared_name.kecamatan, shared_name.strength)
        for shared_name in evidence.shared_names
        if evidence.kelurahan or evidence.shared_names.count(shared_name) > 1
    ]


def _is_outside(evidence: Evidence, kecamatan: Rows, gazetteer: Gazetteer) -> bool:
    has_marked_kelurahan = any(claim.strength == MARKED for claim in evidence.kelurahan)
    if not (evidence.regions or evidence.unknown_regency):
        names_our_kelurahan = any(claim.strength > WEAK for claim in evidence.kelurahan)
        strongest_other = max(evidence.other_kecamatan, default=0)
        return not kecamatan and (
            strongest_other == MARKED or (strongest_other == FREE and not names_our_kelurahan)
        )
    if evidence.names_own_city and evidence.kelurahan:
        return False
    if not kecamatan or not has_marked_kelurahan:
        return not (kecamatan and evidence.kelurahan) or _may_have_kecamatan(
            evidence, kecamatan, gazetteer
        )
    # "Kec. Tembalang, Kab. Semarang": that regency has no kecamatan Tembalang, the city has one.
    return _may_have_kecamatan(evidence, kecamatan, gazetteer)


def _names_other_kecamatan(evidence: Evidence, kecamatan: Rows) -> bool:
    """Whether an address names a kecamatan of another regency beside a kelurahan of this city.

    Many hamlets have the name of a kecamatan elsewhere. Beside ``Kel.`` or a kecamatan of this
    city, such a name is a hamlet.
    """
    is_marked = bool(kecamatan) or any(claim.strength == MARKED for claim in evidence.kelurahan)
    return max(evidence.other_kecamatan, default=0) > (FREE if is_marked else WEAK)


def _may_have_kecamatan(evidence: Evidence, kecamatan: Rows, gazetteer: Gazetteer) -> bool:
    """Whether every region in the address may have a kecamatan with each of the names."""
    names = [fold_name(gazetteer.kecamatan_names[row]) for row in kecamatan]
    return all(
        gazetteer.other_regions.has_kecamatan(region, name) is not False
        for region in evidence.regions
        for name in names
    )


def _complete_pairs(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    return [(rt, rw) for rt, rw in pairs if rt is not None and rw is not None]
