"""From evidence to a reading: one RT, one kelurahan, several, another regency, or nothing.

Never a guess: what two readings fit is ambiguous, and a person decides.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from geodata.addresses.evidence import FREE, MARKED, WEAK, Claim, Evidence
from geodata.addresses.gazetteer import Gazetteer
from geodata.addresses.names import Rows
from geodata.addresses.reading import (
    NO_SUCH_RT,
    SETTLED_BY_NUMBERS,
    Certainty,
    Doubt,
    Reading,
)
from geodata.text.area_names import fold_name
from geodata.text.rt_rw import Pair

_NONE: Final[Rows] = frozenset()


class _Villages(NamedTuple):
    """Kelurahan that may be meant, and why it is not plain which."""

    rows: Rows
    doubt: Doubt | None


def decide(evidence: Evidence, pairs: Sequence[Pair], places: Gazetteer) -> Reading:
    """Weigh what an address says.

    Parameters
    ----------
    pairs
        RT and RW that it names.
    """
    districts = _districts(evidence)
    villages = _villages(evidence, districts, places)
    said = Reading(
        None,
        Certainty.UNKNOWN,
        tuple(pairs),
        tuple(sorted({places.village_names[row] for row in villages.rows})),
        tuple(sorted({places.district_names[row] for row in districts})),
    )
    if _is_outside(evidence, districts, places):
        return said._replace(certainty=Certainty.OUTSIDE, kelurahan=(), kecamatan=())
    if not villages.rows or (villages.doubt is Doubt.NAME_IN_PASSING and not _whole(pairs)):
        return said._replace(kelurahan=())
    if evidence.regions or evidence.far_regency or _says_elsewhere(evidence, districts):
        return _ambiguous(said, villages.rows, Doubt.OTHER_REGENCY, places)
    if villages.doubt is not None:
        return _ambiguous(said, villages.rows, villages.doubt, places)
    if len(villages.rows) > 1:
        return _settled_by_numbers(said, villages.rows, places) or _ambiguous(
            said, villages.rows, Doubt.SEVERAL_KELURAHAN, places
        )
    return _within(said, next(iter(villages.rows)), places)


def _within(said: Reading, row: int, places: Gazetteer) -> Reading:
    """The reading of an address whose kelurahan is known."""
    whole = _whole(said.pairs)
    above = places.district_names[places.district_of[row]]
    said = said._replace(kecamatan=(above,), home=places.village_codes[row])
    leaf = _one_rw(said, row, places)
    if leaf is None and len(whole) > 1:
        return _ambiguous(said, frozenset([row]), Doubt.SEVERAL_RT, places)
    if leaf is None:
        leaf = places.rts.get((row, whole[0][1], whole[0][0])) if whole else None
    if leaf is not None:
        return said._replace(code=places.leaf_codes[leaf], certainty=Certainty.CERTAIN)
    note = NO_SUCH_RT if whole else ""
    return said._replace(code=places.village_codes[row], certainty=Certainty.PARTIAL, note=note)


def _one_rw(said: Reading, row: int, places: Gazetteer) -> int | None:
    """The RW that all numbers of an address lie in, where RW are the smallest zones."""
    if not places.zones_are_rw:
        return None
    found = {places.rts.get((row, rw, rt or 0)) for rt, rw in said.pairs if rw is not None}
    return found.pop() if len(found) == 1 else None


def _settled_by_numbers(said: Reading, rows: Rows, places: Gazetteer) -> Reading | None:
    """Of kelurahan with the very same name, the only one that has the RT."""
    whole = _whole(said.pairs)
    if len({fold_name(places.village_names[row]) for row in rows}) > 1 or len(whole) != 1:
        return None
    having = [row for row in sorted(rows) if (row, whole[0][1], whole[0][0]) in places.rts]
    if len(having) != 1:
        return None
    return _within(said, having[0], places)._replace(note=SETTLED_BY_NUMBERS)


def _ambiguous(said: Reading, rows: Rows, doubt: Doubt, places: Gazetteer) -> Reading:
    leaves = [
        places.rts[row, rw, rt]
        for row in sorted(rows)
        for rt, rw in _whole(said.pairs)
        if (row, rw, rt) in places.rts
    ]
    codes = [places.leaf_codes[leaf] for leaf in dict.fromkeys(leaves)]
    return said._replace(
        certainty=Certainty.AMBIGUOUS,
        candidates=tuple(codes or [places.village_codes[row] for row in sorted(rows)]),
        doubt=doubt,
    )


def _villages(evidence: Evidence, districts: Rows, places: Gazetteer) -> _Villages:
    claims = evidence.villages + _of_shared_names(evidence)
    best = max((claim.strength for claim in claims), default=0)
    claims = [claim for claim in claims if claim.strength == best]
    if not claims:
        shared = [both for both in evidence.both if both.strength > WEAK]
        rows = frozenset[int]().union(*(both.villages for both in shared or evidence.both))
        doubt = Doubt.KELURAHAN_OR_KECAMATAN if shared else Doubt.NAME_IN_PASSING
        return _Villages(rows, doubt)
    inside = places.within(districts) if districts else None
    kept = [claim.rows if inside is None else claim.rows & inside for claim in claims]
    named = frozenset[int]().union(*(claim.rows for claim in claims))
    if not all(kept) or evidence.strange_district:
        return _Villages(named, Doubt.KECAMATAN_DISAGREES)
    if best == WEAK:
        return _Villages(frozenset[int]().union(*kept), Doubt.NAME_IN_PASSING)
    if evidence.strange_village and best < MARKED:
        return _Villages(frozenset[int]().union(*kept), Doubt.SEVERAL_KELURAHAN)
    common = frozenset.intersection(*kept)
    rows = common or frozenset[int]().union(*kept)
    return _Villages(rows, None if common else Doubt.SEVERAL_KELURAHAN)


def _of_shared_names(evidence: Evidence) -> list[Claim]:
    """Names that mean a kelurahan and its kecamatan, where it is plain that they mean the former.

    It is where the kecamatan is named besides, or the name stands there twice.
    """
    free = [both for both in evidence.both if both.strength >= FREE]
    if any(claim.strength >= FREE for claim in evidence.villages):
        return []
    districts = [claim.rows for claim in evidence.districts if claim.strength >= FREE]
    return [
        Claim(both.villages, FREE)
        for both in free
        if both.districts in districts or free.count(both) > 1
    ]


def _districts(evidence: Evidence) -> Rows:
    """Kecamatan that are named, the marked ones before the others."""
    claims = [*evidence.districts, *_shared_districts(evidence)]
    best = max((claim.strength for claim in claims), default=0)
    named = [claim.rows for claim in claims if claim.strength == best and best > WEAK]
    return frozenset[int]().union(*named)


def _shared_districts(evidence: Evidence) -> list[Claim]:
    """Names of kelurahan and kecamatan that mean the kecamatan, as a kelurahan is named besides."""
    return [
        Claim(both.districts, both.strength)
        for both in evidence.both
        if evidence.villages or evidence.both.count(both) > 1
    ]


def _is_outside(evidence: Evidence, districts: Rows, places: Gazetteer) -> bool:
    marked = any(claim.strength == MARKED for claim in evidence.villages)
    if not (evidence.regions or evidence.far_regency):
        own = any(claim.strength > WEAK for claim in evidence.villages)
        far = max(evidence.far_districts, default=0)
        return not districts and (far == MARKED or (far == FREE and not own))
    if evidence.own_city and evidence.villages:
        return False
    if not districts or not marked:
        return not (districts and evidence.villages) or _all_hold(evidence, districts, places)
    # "Kec. Tembalang, Kab. Semarang": that regency has no such kecamatan, the city has.
    return _all_hold(evidence, districts, places)


def _says_elsewhere(evidence: Evidence, districts: Rows) -> bool:
    """Whether a kecamatan of another regency stands against a kelurahan of ours.

    Many a hamlet is called like a far kecamatan: beside ``Kel.`` or our own kecamatan it is one.
    """
    marked = bool(districts) or any(claim.strength == MARKED for claim in evidence.villages)
    return max(evidence.far_districts, default=0) > (FREE if marked else WEAK)


def _all_hold(evidence: Evidence, districts: Rows, places: Gazetteer) -> bool:
    """Whether every region that is named may have a kecamatan of the name."""
    names = [fold_name(places.district_names[row]) for row in districts]
    return all(
        places.elsewhere.holds(region, name) is not False
        for region in evidence.regions
        for name in names
    )


def _whole(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    return [(rt, rw) for rt, rw in pairs if rt is not None and rw is not None]
