"""Match the columns of a file to fields by their Indonesian or English headings."""

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

AREA_FIELDS: Final = ("rt", "rw", "kelurahan", "kecamatan", "regency")
"""Fields of the area of an address."""
ADDRESS_FIELDS: Final = ("address", *AREA_FIELDS)
_MAX_SHOWN_HEADINGS: Final = 20
_MAX_SHOWN_CHARACTERS: Final = 60
_LOOKS_LIKE_DATA: Final = re.compile(r"\d{5}")
_RECORD_AS_HEADINGS: Final = Bilingual(
    "baris yang tampak seperti catatan di tempat judul kolom",
    "a row that looks like a record in place of headings",
)

Positions = dict[str, tuple[int, ...]]
"""Positions of the columns of each field, best first."""


class Spellings(NamedTuple):
    """Folded headings of each field, best first.

    Attributes
    ----------
    general
        Headings of every field; for a field of an address, headings that do not name the address.
    domicile, identity_card
        Headings that name the address, for the fields of an address.
    """

    general: Mapping[str, tuple[str, ...]]
    domicile: Mapping[str, tuple[str, ...]]
    identity_card: Mapping[str, tuple[str, ...]]

    def field_spellings(self, name: str) -> tuple[str, ...]:
        """All headings of a field; headings of the home come first."""
        tables = (self.domicile, self.general, self.identity_card)
        return tuple(spelling for table in tables for spelling in table.get(name, ()))


class FieldColumns(NamedTuple):
    """Columns of the fields of a file.

    Attributes
    ----------
    fields
        Columns of every field, best first: a row has the value of the first column that is not
        blank.
    addresses
        Columns of the fields of each address, best first: a row has the first address with a
        value in any field.
    """

    fields: Positions
    addresses: tuple[Positions, ...]


def match_columns(
    headings: Sequence[str], kind: Kind, spellings: Spellings | None = None
) -> FieldColumns:
    """Match columns to fields.

    Parameters
    ----------
    headings
        Headings of the file. Columns with unknown headings are dropped.
    spellings
        Headings of a source; default `known_spellings`.

    Raises
    ------
    RecordError
        ``no-usable-columns`` if the file has no needed field of the kind.
    """
    spellings = spellings or known_spellings(kind)
    fields = field_positions(headings, kind, spellings)
    if not is_usable(fields, kind):
        raise _no_usable_columns(headings, kind)
    positions = _positions(headings)
    home, unnamed, card = (
        _address_positions(positions, table)
        for table in (spellings.domicile, spellings.general, spellings.identity_card)
    )
    groups = [home] if home else []
    groups = _add_address(
        groups, unnamed, same_address=not (_has_area(home) and _has_area(unnamed))
    )
    groups = _add_address(groups, card, same_address=not _has_area(card))
    return FieldColumns(fields, tuple(groups))


def field_positions(headings: Sequence[str], kind: Kind, spellings: Spellings) -> Positions:
    """Columns of each field, without a check of the needed fields."""
    positions = _positions(headings)
    folded = [fold_heading(heading) for heading in headings]
    columns_of_fields = {}
    for field in kind.fields:
        field_spellings = spellings.field_spellings(field.name)
        columns = tuple(
            positions[spelling] for spelling in field_spellings if spelling in positions
        )
        if field.name in kind.needed:
            # A repeated column may belong to a second list of persons: return all positions.
            columns = tuple(
                k
                for spelling in field_spellings
                for k, word in enumerate(folded)
                if word == spelling
            )
        if columns:
            columns_of_fields[field.name] = columns
    return columns_of_fields


def is_usable(fields: Collection[str], kind: Kind) -> bool:
    """Whether these fields include a needed field of the kind."""
    return any(field in fields for field in kind.needed)


@cache
def known_spellings(kind: Kind) -> Spellings:
    """The headings in ``headings.toml``."""
    text = files("geodata.records").joinpath("headings.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    general = tables["both"] | tables.get(kind.name, {})
    return Spellings(
        # The heading of a field without a line in the file is its name.
        {field.name: fold_all(general.get(field.name, [field.name])) for field in kind.fields},
        *(_folded_table(tables[name]) for name in ("domicile", "identity_card")),
    )


def all_spellings(kind: Kind, spellings: Spellings) -> set[str]:
    """Folded headings of all fields."""
    return {spelling for field in kind.fields for spelling in spellings.field_spellings(field.name)}


def describe_headings(headings: Sequence[str], *, language: Language = "en") -> str:
    """The headings of a file, for the sentence of an error."""
    if any(_LOOKS_LIKE_DATA.search(heading) for heading in headings):
        # In a file without headings, the first row is a record, which an error must not disclose.
        return _RECORD_AS_HEADINGS.text(language)
    blank = Bilingual("(kosong)", "(blank)").text(language)
    shown_headings = [_shortened(heading) or blank for heading in headings[:_MAX_SHOWN_HEADINGS]]
    return Bilingual("judul kolom ", "the headings ").text(language) + ", ".join(shown_headings)


def _shortened(heading: str) -> str:
    return (
        heading
        if len(heading) <= _MAX_SHOWN_CHARACTERS
        else f"{heading[:_MAX_SHOWN_CHARACTERS]}..."
    )


def _folded_table(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: fold_all(spellings) for name, spellings in table.items()}


def _positions(headings: Sequence[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        positions.setdefault(fold_heading(heading), position)
    positions.pop("", None)
    return positions


def _address_positions(
    positions: Mapping[str, int], table: Mapping[str, tuple[str, ...]]
) -> Positions:
    columns_of_fields = {
        name: tuple(
            positions[spelling] for spelling in table.get(name, ()) if spelling in positions
        )
        for name in ADDRESS_FIELDS
    }
    return {name: columns for name, columns in columns_of_fields.items() if columns}


def _has_area(address: Positions) -> bool:
    return any(name in address for name in AREA_FIELDS)


def _add_address(
    addresses: list[Positions], new_columns: Positions, *, same_address: bool
) -> list[Positions]:
    """Add an address, or add the columns to the last address."""
    if not new_columns:
        return addresses
    if not addresses or not same_address:
        return [*addresses, new_columns]
    last_address = addresses[-1]
    names = dict.fromkeys([*last_address, *new_columns])
    return [
        *addresses[:-1],
        {name: last_address.get(name, ()) + new_columns.get(name, ()) for name in names},
    ]


def _no_usable_columns(headings: Sequence[str], kind: Kind) -> RecordError:
    needed_fields = Bilingual(" atau ".join(kind.needed), " or ".join(kind.needed))
    field_names = ", ".join(field.name for field in kind.fields if field.form != "person")
    return RecordError(
        "no-usable-columns",
        f"The file has {describe_headings(headings)}; none of them is {needed_fields.en}, which a "
        f"file of {kind.name} needs. Give a column one of these names, in English or "
        f"Indonesian: {field_names}.",
        indonesian=f"Berkas ini punya {describe_headings(headings, language='id')}; tidak ada "
        f"{needed_fields.id}, padahal berkas {kind.name} memerlukannya. Beri satu kolom salah "
        f"satu nama ini, dalam bahasa Inggris atau Indonesia: {field_names}.",
    )
