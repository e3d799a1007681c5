"""Which column of a file is which field, by its heading in Indonesian or English."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from geodata.errors import RecordError
from geodata.language import Bilingual, Language
from geodata.records.kinds import Kind
from geodata.records.parsing.folding import fold_all, fold_heading

AREA: Final = ("rt", "rw", "kelurahan", "kecamatan", "regency")
"""Fields that say where an address lies."""
ADDRESS: Final = ("address", *AREA)
_MOST_SHOWN: Final = 20
_LONGEST_SHOWN: Final = 60
_LOOKS_LIKE_DATA: Final = re.compile(r"\d{5}")
_LIKE_A_RECORD: Final = Bilingual(
    "baris yang tampak seperti catatan di tempat judul kolom",
    "what looks like a record in place of headings",
)

Positions = dict[str, tuple[int, ...]]
"""Columns of each field, best first."""


class Spellings(NamedTuple):
    """Headings of each field, without spaces and capitals, best first.

    Attributes
    ----------
    own
        Of every field; of an address where the heading does not say which.
    domicile, identity_card
        Of the fields of an address where it does.
    """

    own: Mapping[str, tuple[str, ...]]
    domicile: Mapping[str, tuple[str, ...]]
    identity_card: Mapping[str, tuple[str, ...]]

    def of_field(self, name: str) -> tuple[str, ...]:
        """All headings of a field: of the home first."""
        tables = (self.domicile, self.own, self.identity_card)
        return tuple(spelling for table in tables for spelling in table.get(name, ()))


class Matched(NamedTuple):
    """Columns of a file.

    Attributes
    ----------
    fields
        Of every field, best first: each row is what its first says that says anything.
    addresses
        Of the fields of an address, one entry an address, best first: each row has the first
        of them that says anything in any field.
    """

    fields: Positions
    addresses: tuple[Positions, ...]


def match_columns(
    headings: Sequence[str], kind: Kind, spellings: Spellings | None = None
) -> Matched:
    """Columns of the fields that a file has.

    Parameters
    ----------
    headings
        As in the file. What is not known is left out, and so dropped.
    spellings
        Of a source of its own; those known here where not given.

    Raises
    ------
    RecordError
        ``no-usable-columns`` where the file lacks what every record of the kind must say.
    """
    known = spellings or spellings_of(kind)
    fields = found_in(headings, kind, known)
    if not is_usable(fields, kind):
        raise _no_usable_columns(headings, kind)
    positions = _positions(headings)
    home, unsaid, card = (
        _of_table(positions, table) for table in (known.domicile, known.own, known.identity_card)
    )
    groups = [home] if home else []
    groups = _join(groups, unsaid, together=not (_has_area(home) and _has_area(unsaid)))
    groups = _join(groups, card, together=not _has_area(card))
    return Matched(fields, tuple(groups))


def found_in(headings: Sequence[str], kind: Kind, known: Spellings) -> Positions:
    """Columns of each field, whether or not they are enough."""
    positions = _positions(headings)
    said = [fold_heading(heading) for heading in headings]
    found = {}
    for field in kind.fields:
        spelt = known.of_field(field.name)
        columns = tuple(positions[each] for each in spelt if each in positions)
        if field.name in kind.needed:
            # A person's number or name that stands there twice may be another person's.
            columns = tuple(k for each in spelt for k, word in enumerate(said) if word == each)
        if columns:
            found[field.name] = columns
    return found


def is_usable(fields: Collection[str], kind: Kind) -> bool:
    """Whether a file with these fields says what every record of the kind must say."""
    return any(field in fields for field in kind.needed)


@cache
def spellings_of(kind: Kind) -> Spellings:
    """The headings known here."""
    text = files("geodata.records").joinpath("headings.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    own = tables["both"] | tables.get(kind.name, {})
    return Spellings(
        # A field without a line in the file is known by its name.
        {field.name: fold_all(own.get(field.name, [field.name])) for field in kind.fields},
        *(_plain_table(tables[name]) for name in ("domicile", "identity_card")),
    )


def known_headings(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Spellings of each field's heading, without spaces and capitals, best first."""
    known = spellings_of(kind)
    return {field.name: known.of_field(field.name) for field in kind.fields}


def describe_headings(headings: Sequence[str], *, language: Language = "en") -> str:
    """The headings of a file as an error may name them."""
    if any(_LOOKS_LIKE_DATA.search(heading) for heading in headings):
        # Without a row of headings the first record stands there, and is nobody's business.
        return _LIKE_A_RECORD.text(language)
    blank = Bilingual("(kosong)", "(blank)").text(language)
    shown = [_shortened(heading) or blank for heading in headings[:_MOST_SHOWN]]
    return Bilingual("judul kolom ", "the headings ").text(language) + ", ".join(shown)


def _shortened(heading: str) -> str:
    return heading if len(heading) <= _LONGEST_SHOWN else f"{heading[:_LONGEST_SHOWN]}..."


def _plain_table(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: fold_all(spellings) for name, spellings in table.items()}


def _positions(headings: Sequence[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        positions.setdefault(fold_heading(heading), position)
    positions.pop("", None)
    return positions


def _of_table(positions: Mapping[str, int], table: Mapping[str, tuple[str, ...]]) -> Positions:
    found = {
        name: tuple(positions[each] for each in table.get(name, ()) if each in positions)
        for name in ADDRESS
    }
    return {name: columns for name, columns in found.items() if columns}


def _has_area(group: Positions) -> bool:
    return any(name in group for name in AREA)


def _join(groups: list[Positions], other: Positions, *, together: bool) -> list[Positions]:
    """One address more, or more columns of the last one."""
    if not other:
        return groups
    if not groups or not together:
        return [*groups, other]
    last = groups[-1]
    names = dict.fromkeys([*last, *other])
    return [*groups[:-1], {name: last.get(name, ()) + other.get(name, ()) for name in names}]


def _no_usable_columns(headings: Sequence[str], kind: Kind) -> RecordError:
    wanted = Bilingual(" atau ".join(kind.needed), " or ".join(kind.needed))
    own = ", ".join(field.name for field in kind.fields if field.form != "person")
    return RecordError(
        "no-usable-columns",
        f"The file has {describe_headings(headings)}; none of them says {wanted.en}, without which "
        f"a file of {kind.name} cannot be used. Give a column one of these names, in English or "
        f"Indonesian: {own}.",
        indonesian=f"Berkas ini punya {describe_headings(headings, language='id')}; tidak ada "
        f"yang menyebut {wanted.id}, padahal tanpa itu berkas {kind.name} tidak dapat dipakai. "
        f"Beri satu kolom salah satu nama ini, dalam bahasa Inggris atau Indonesia: {own}.",
    )
