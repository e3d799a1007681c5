"""What a kind of records is: its fields, its checks, how its records merge, and its SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import pyarrow as pa

from geodata.records.parsing.findings import Findings

Form = Literal[
    "id",  # any text
    "number16",  # NIK, KK: leaves as a pseudonym
    "person",  # a name: used for the key of a record that has no better one, then dropped
    "text",
    "ordinal",  # number of an RT or RW
    "degrees",
    "date",
    "word",  # one of a vocabulary
    "city",  # name of a city or regency: leaves as whether it is another one than ours
    "indicator",  # one of a list that anyone may add to
    "area",  # code or name
    "count",  # whole, not negative
    "number",
    "stock",  # names with a number each
    "moment",
    "contact",  # where people can call: the one field in which phone numbers stay
]
Check = Callable[[dict[str, pa.Array], date, Findings], None]
"""Asks typed columns what each record must say; takes the city's day, adds to what was found.

A check may fill columns.
"""
CheckRows = Callable[[Mapping[str, pa.Array], dict[str, pa.Array], Findings], None]
"""The same of rows of a file: takes their text too."""


class Field(NamedTuple):
    """A column of a kind of records."""

    name: str
    form: Form


class Statements(NamedTuple):
    """SQL of the versions of a kind, one text a question.

    Attributes
    ----------
    append
        Appends whole versions from ``stage``, every column by its name.
    newest
        Newest version of every record, withdrawn ones too: recorded at ``$1`` or earlier, or by
        the batch ``$2`` whenever.
    current
        Records in force as known at ``$1``, by their key: withdrawn ones are left out.
    stamp
        ``versions`` (how many) and ``newest`` (moment of the newest) as known at ``$1``.
    keys
        ``key`` of every record.
    history
        Every version of the record ``$1``, the first first, with ``source`` of its batch.
    """

    append: str
    newest: str
    current: str
    stamp: str
    keys: str
    history: str


class ErasingStatements(NamedTuple):
    """SQL that erases persons from the versions of a kind.

    Attributes
    ----------
    keys_of_persons
        ``key`` of the records of the NIK ``$1`` (an array).
    persons_of_keys
        ``nik`` of the records ``$1`` (an array of keys).
    versions
        Every version of the records ``$1`` (an array of keys).
    replace
        Replaces versions by what ``stage`` leaves of them.
    """

    keys_of_persons: str
    persons_of_keys: str
    versions: str
    replace: str


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of records.

    Attributes
    ----------
    name
        As in ``records load cases``.
    key
        Column that names a record for good.
    fields
        Every column that is kept, in the order of the tables, and ``person``, which is not.
    needed
        Fields one of which a file must have a column of, or it says nothing that can be used.
    always
        Fields that every record has: an empty cell never clears them.
    answered_later
        Reasons for which a row is not rejected where a known record may say what it lacks.
    check
        What the kind asks of rows, and of records after merging, beside what all kinds ask.
    check_rows
        What the kind asks of rows of a file alone, before `check`.
    sql
        The texts of its versions.
    dates
        Dates that say when an episode was, best first: part of a key made from a NIK.
    dates_ahead
        Dates that may lie after today.
    named_by
        For what is no person: columns that name a record whose file gives it no number.
    listed_by
        Columns that give the day in a list of records, where there are no `dates`.
    statuses
        What a list of records can be asked for.
    said_whole
        Columns that are one statement: a row that says one of them says all.
    episodes
        Whether records are episodes of a person: two records of one NIK within the days of an
        episode are one case, and a status, an outcome and the dates of an episode are groups.
    own_columns
        Columns of versions that no file fills, with their types.
    erasing
        The texts that erase a person; None where no record is of a person.
    """

    name: str
    key: str
    fields: tuple[Field, ...]
    needed: tuple[str, ...]
    check: Check
    sql: Statements
    check_rows: CheckRows | None = None
    always: tuple[str, ...] = ()
    answered_later: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    dates_ahead: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    listed_by: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("standing", "withdrawn")
    said_whole: tuple[str, ...] = ()
    episodes: bool = False
    own_columns: tuple[tuple[str, pa.DataType], ...] = ()
    erasing: ErasingStatements | None = None

    def has(self, name: str) -> bool:
        """Whether there is a field of that name."""
        return any(field.name == name for field in self.fields)

    @property
    def kept(self) -> tuple[Field, ...]:
        """Fields that the database keeps beside the key."""
        dropped = ("person", "city")
        return tuple(f for f in self.fields if f.form not in dropped and f.name != self.key)

    @property
    def days(self) -> tuple[str, ...]:
        """Columns that give the day of a record, best first."""
        return self.dates or self.listed_by


WHERE: tuple[Field, ...] = (
    Field("address", "text"),
    Field("rt", "ordinal"),
    Field("rw", "ordinal"),
    Field("kelurahan", "text"),
    Field("kecamatan", "text"),
    Field("lon", "degrees"),
    Field("lat", "degrees"),
)
"""Fields of where a record lies."""
WHO_AND_WHERE: tuple[Field, ...] = (
    Field("person", "person"),
    Field("nik", "number16"),
    Field("kk", "number16"),
    *WHERE,
    Field("regency", "city"),
)
"""Fields of a person and where they live."""
