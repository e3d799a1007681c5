"""The values of the form to find an RT, and of the list from which a resident chooses."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from geodata.text.rt_rw import Pair
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.search.city_search import name_index
from zoning.public.search.finding import Finding, Outcome, rw_numbers
from zoning.public.search.name_index import NameIndex
from zoning.risk import NO_RISK


@dataclass(frozen=True)
class Choice:
    """One of several areas that a search may mean.

    Attributes
    ----------
    value
        Code of the zone or of the kelurahan, or the number of the RW.
    within
        Names of the areas around it.
    risk
        Risk of a zone; None for an area that is no zone, and above the zones.
    """

    value: str
    name: str
    within: tuple[str, ...] = ()
    risk: int | None = None


class SearchFields(NamedTuple):
    """The fields of the form, as they were sent."""

    kelurahan: str = ""
    rw: str = ""
    rt: str = ""


@dataclass(frozen=True)
class SearchPage:
    """The form and the answer to a search.

    Attributes
    ----------
    kelurahan
        The kelurahan of the choices, if there is one.
    fields, is_sent
        The fields, and whether a form was sent.
    kept
        Numbers of RT and RW that the next choice keeps; None for no number.
    example
        A text that could be searched.
    is_unknown_code
        Whether the page answers for a page of an RT that does not exist.
    """

    outcome: Outcome
    choices: list[Choice]
    kelurahan: Choice | None
    is_missing: bool
    fields: SearchFields
    is_sent: bool
    kept: Pair
    example: str
    smallest: Literal["rt", "rw"]
    is_unknown_code: bool = False


def search_page(
    city: PublicCity,
    day: PublicDay,
    finding: Finding,
    fields: SearchFields | None = None,
    *,
    kept: Pair = (None, None),
    is_unknown_code: bool = False,
) -> SearchPage:
    """The values of the page for the answer to a search.

    Parameters
    ----------
    fields
        The form; None before a form is sent.
    kept
        Numbers of RT and RW of the search.
    is_unknown_code
        Whether the page answers for a page of an RT that does not exist.
    """
    index = name_index(city, day.boundaries)
    single = len(finding.kelurahan) == 1
    return SearchPage(
        outcome=finding.outcome,
        choices=_choices(city, day, index, finding),
        kelurahan=_kelurahan(index, finding.kelurahan[0]) if single else None,
        is_missing=finding.is_missing,
        fields=fields or SearchFields(),
        is_sent=fields is not None,
        kept=kept,
        example=example_of(index),
        smallest="rw" if index.zones_are_rw else "rt",
        is_unknown_code=is_unknown_code,
    )


def kelurahan_text(index: NameIndex, code: str) -> str:
    """A kelurahan with its kecamatan, as a text that finds it again."""
    kelurahan = index.kelurahan[index.kelurahan_rows[code]]
    return f"Kel. {kelurahan.name}, Kec. {index.kecamatan[kelurahan.kecamatan].name}"


def example_of(index: NameIndex) -> str:
    """The last zone of the first kelurahan that has zones, as a resident would write it."""
    kelurahan = next((each for each in index.kelurahan if each.regular), None)
    if kelurahan is None:
        return index.kelurahan[0].name if index.kelurahan else ""
    zone = index.zones[kelurahan.zones[kelurahan.regular // 2]]
    rt = "" if zone.rt is None else f" RT {zone.rt}"
    return f"{kelurahan.name}{rt} RW {zone.rw}"


def _choices(city: PublicCity, day: PublicDay, index: NameIndex, finding: Finding) -> list[Choice]:
    if finding.outcome == "kelurahan":
        return [_kelurahan(index, row) for row in finding.kelurahan]
    if finding.outcome == "rw":
        return [Choice(str(rw), f"RW {rw:03d}") for rw in rw_numbers(index, finding.kelurahan[0])]
    risks = city.risks(day)
    choices = []
    for row in finding.kelurahan if finding.outcome == "zones" else ():
        kelurahan = _kelurahan(index, row)
        around = (f"Kel. {kelurahan.name}", *kelurahan.within)
        for position in finding.zones:
            zone = index.zones[position]
            if position in index.kelurahan[row].zones:
                risk = int(risks[zone.row])
                choices.append(
                    Choice(zone.code, zone.name, around, None if risk == NO_RISK else risk)
                )
    return choices


def _kelurahan(index: NameIndex, row: int) -> Choice:
    kelurahan = index.kelurahan[row]
    around = index.kecamatan[kelurahan.kecamatan].name
    return Choice(kelurahan.code, kelurahan.name, (f"Kec. {around}",))
