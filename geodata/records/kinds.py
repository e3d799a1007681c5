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
    "indicator",  # one of a list that anyone may add to
    "area",  # code or name
    "count",  # whole, not negative
    "number",
    "stock",  # names with a number each
    "moment",
    "contact",  # where people can call: the one field in which phone numbers stay
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
    named_by
        For what is no person: columns that name a record whose file gives it no number.
    """

    name: str
    key: str
    fields: tuple[Field, ...]
    dates: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether there is a field of that name."""
        return any(field.name == name for field in self.fields)

    @property
    def kept(self) -> tuple[Field, ...]:
        """Fields that the database keeps beside the key."""
        dropped = ("person", "city")
        return tuple(f for f in self.fields if f.form not in dropped and f.name != self.key)


_WHERE: Final = (
    Field("address", "text"),
    Field("rt", "ordinal"),
    Field("rw", "ordinal"),
    Field("kelurahan", "text"),
    Field("kecamatan", "text"),
    Field("lon", "degrees"),
    Field("lat", "degrees"),
)
_WHO_AND_WHERE: Final = (
    Field("person", "person"),
    Field("nik", "number16"),
    Field("kk", "number16"),
    *_WHERE,
    Field("regency", "city"),
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
        Field("left_on", "date"),
        Field("health_letter", "word"),
        Field("origin_risk", "word"),
        Field("reported_by", "word"),
    ),
    ("arrived_on",),
)
PLACES: Final = Kind(
    "places",
    "place_id",
    (
        Field("place_id", "id"),
        Field("place_kind", "word"),
        Field("name", "text"),
        *_WHERE,
        Field("capacity", "count"),
        Field("in_use", "count"),
        Field("stock", "stock"),
        Field("hours", "text"),
        Field("contact", "contact"),
        Field("updated_at", "moment"),
    ),
    named_by=("place_kind", "name", "kelurahan"),
)
INDICATORS: Final = Kind(
    "indicators",
    "indicator_id",
    (
        Field("indicator_id", "id"),
        Field("indicator", "indicator"),
        Field("area", "area"),
        Field("kelurahan", "text"),
        Field("kecamatan", "text"),
        Field("date", "date"),
        Field("value", "number"),
        Field("unit", "text"),
    ),
    named_by=("indicator", "area", "kelurahan", "kecamatan", "date"),
)
KINDS: Final = {kind.name: kind for kind in (CASES, NEWCOMERS, PLACES, INDICATORS)}


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    InputError
        ``no-kind``.
    """
    if name not in KINDS:
        raise InputError(
            "no-kind",
            f"There is no such kind of records. The kinds are: {', '.join(KINDS)}.",
            indonesian=f"Jenis catatan itu tidak ada. Jenis yang ada: {', '.join(KINDS)}.",
        )
    return KINDS[name]
