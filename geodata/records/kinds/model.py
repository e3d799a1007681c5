"""Definition of a kind of records: fields, checks, rules for merging, and SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import pyarrow as pa

from geodata.records.parsing.findings import Findings

Form = Literal[
    "id",  # any text
    "number16",  # NIK or KK: stored as a pseudonym
    "person",  # a name: used for the key of a record without number and NIK, never stored
    "text",
    "ordinal",  # number of an RT or RW
    "degrees",
    "date",
    "word",  # a word of a vocabulary
    "city",  # name of a city or regency: stored as `non_resident`
    "indicator",  # name of an indicator, known or new
    "area",  # code or name
    "count",  # integer, not negative
    "number",
    "stock",  # names with a count each
    "moment",
    "contact",  # public phone number of a place: only this field keeps phone numbers
]
Check = Callable[[dict[str, pa.Array], date, Findings], None]
"""Checks typed columns of records; gets the current day of the city; adds findings.

A check may fill columns.
"""
CheckRows = Callable[[Mapping[str, pa.Array], dict[str, pa.Array], Findings], None]
"""Checks rows of a file; gets their text and their typed columns; adds findings."""


class Field(NamedTuple):
    """A column of a kind of records."""

    name: str
    form: Form


class Statements(NamedTuple):
    """SQL for the versions of a kind.

    Attributes
    ----------
    append
        Appends versions from ``stage``, every column by its name.
    newest
        Newest version of every record, withdrawn records included: recorded at ``$1`` or earlier,
        or in the batch ``$2``.
    current
        Records as known at ``$1``, sorted by key, without withdrawn records.
    stamp
        ``versions`` (their number) and ``newest`` (moment of the newest version) as known at
        ``$1``.
    keys
        ``key`` of every record.
    history
        All versions of the record ``$1``, oldest first, with ``source`` of the batch.
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
        ``key`` of the records with the NIK ``$1`` (an array).
    persons_of_keys
        ``nik`` of the records ``$1`` (an array of keys).
    versions
        All versions of the records ``$1`` (an array of keys).
    replace
        Replaces versions by the anonymous versions in ``stage``.
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
        Name in ``records load cases``.
    key
        Column of the permanent key of a record.
    fields
        Every stored column, in the order of the tables, and ``person``, which is not stored.
    needed
        A file must have a column for at least one of these fields.
    required
        Fields that every record has: an empty cell never clears them.
    deferred_reasons
        A row is not rejected for these reasons if a known record may have the missing value.
    check
        Checks of rows, and of records after merging, for this kind only.
    check_rows
        Checks of rows of a file only, before `check`.
    sql
        SQL for its versions.
    dates
        Dates of an episode, best first: part of a key from a NIK.
    future_dates
        Dates that may lie after today.
    natural_key
        For a kind without persons: columns of the key of a record without a number.
    list_dates
        Columns of the day in a list of records, for a kind without `dates`.
    statuses
        Values of the filter of a list of records.
    merged_together
        Columns that are merged together: a row with one of them replaces all of them.
    episodes
        Whether records are episodes of a person: two records of one NIK within the days of an
        episode are one case, and a status, an outcome and the dates of an episode are groups.
    internal_columns
        Columns of versions that no file fills, with their types.
    erasing
        SQL that erases a person; None for a kind without persons.
    """

    name: str
    key: str
    fields: tuple[Field, ...]
    needed: tuple[str, ...]
    check: Check
    sql: Statements
    check_rows: CheckRows | None = None
    required: tuple[str, ...] = ()
    deferred_reasons: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    future_dates: tuple[str, ...] = ()
    natural_key: tuple[str, ...] = ()
    list_dates: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("standing", "withdrawn")
    merged_together: tuple[str, ...] = ()
    episodes: bool = False
    internal_columns: tuple[tuple[str, pa.DataType], ...] = ()
    erasing: ErasingStatements | None = None

    def has(self, name: str) -> bool:
        """Whether the kind has a field with that name."""
        return any(field.name == name for field in self.fields)

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """Fields that the database stores, without the key."""
        dropped = ("person", "city")
        return tuple(f for f in self.fields if f.form not in dropped and f.name != self.key)

    @property
    def days(self) -> tuple[str, ...]:
        """Columns of the day of a record, best first."""
        return self.dates or self.list_dates


LOCATION_FIELDS: tuple[Field, ...] = (
    Field("address", "text"),
    Field("rt", "ordinal"),
    Field("rw", "ordinal"),
    Field("kelurahan", "text"),
    Field("kecamatan", "text"),
    Field("lon", "degrees"),
    Field("lat", "degrees"),
)
"""Fields of the location of a record."""
PERSON_FIELDS: tuple[Field, ...] = (
    Field("person", "person"),
    Field("nik", "number16"),
    Field("kk", "number16"),
    *LOCATION_FIELDS,
    Field("regency", "city"),
)
"""Fields of a person and of the home."""
