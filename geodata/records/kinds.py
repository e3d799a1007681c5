"""Kinds of records and their fields: what a column is called here and how its cells are read."""

from typing import Final, Literal, NamedTuple

from geodata.errors import InputError

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
]


class Field(NamedTuple):
    """A column of a kind of records."""

    name: str
    form: Form


class Kind(NamedTuple):
    """A kind of records.

    Attributes
    ----------
    name
        As in ``records load cases``.
    key
        Column that names a record for good.
    fields
        Every column that is kept, in the order of the tables, and ``person``, which is not.
    dates
        Dates that say when an episode was, best first: part of a key made from a NIK.
    """

    name: str
    key: str
    fields: tuple[Field, ...]
    dates: tuple[str, ...]

    @property
    def kept(self) -> tuple[Field, ...]:
        """Fields that the database keeps beside the key."""
        dropped = ("person", "city")
        return tuple(f for f in self.fields if f.form not in dropped and f.name != self.key)


_WHO_AND_WHERE: Final = (
    Field("person", "person"),
    Field("nik", "number16"),
    Field("kk", "number16"),
    Field("address", "text"),
    Field("rt", "ordinal"),
    Field("rw", "ordinal"),
    Field("kelurahan", "text"),
    Field("kecamatan", "text"),
    Field("regency", "city"),
    Field("lon", "degrees"),
    Field("lat", "degrees"),
)
CASES: Final = Kind(
    "cases",
    "case_id",
    (
        Field("case_id", "id"),
        *_WHO_AND_WHERE,
        Field("status", "word"),
        Field("confirmed_on", "date"),
        Field("onset_on", "date"),
        Field("specimen_on", "date"),
        Field("reported_on", "date"),
        Field("outcome", "word"),
        Field("outcome_on", "date"),
    ),
    ("confirmed_on", "specimen_on", "onset_on", "reported_on"),
)
NEWCOMERS: Final = Kind(
    "newcomers",
    "newcomer_id",
    (
        Field("newcomer_id", "id"),
        *_WHO_AND_WHERE,
        Field("origin", "text"),
        Field("arrived_on", "date"),
        Field("quarantine_until", "date"),
        Field("tested_on", "date"),
        Field("test_result", "word"),
    ),
    ("arrived_on",),
)
KINDS: Final = {kind.name: kind for kind in (CASES, NEWCOMERS)}


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    InputError
        ``no-kind``.
    """
    if name not in KINDS:
        raise InputError(
            "no-kind", f"There is no such kind of records. The kinds are: {', '.join(KINDS)}."
        )
    return KINDS[name]
