"""Kinds of records, one module for each: fields, required headings, checks of rows, SQL.

To add a kind, write a module here with a `Kind` named ``KIND``, a migration for its table of
versions, and its name in `geodata.record_kinds`. The name of a field is a heading of the field;
more headings, in Indonesian, are in ``headings.toml``.
"""

from importlib import import_module
from typing import Final

from geodata.errors import InputError
from geodata.record_kinds import KIND_NAMES
from geodata.records.kinds.cases import KIND as CASES
from geodata.records.kinds.indicators import KIND as INDICATORS
from geodata.records.kinds.model import ErasingStatements, Field, Form, Kind, Statements
from geodata.records.kinds.newcomers import KIND as NEWCOMERS
from geodata.records.kinds.places import KIND as PLACES

__all__ = [
    "CASES",
    "INDICATORS",
    "KINDS",
    "NEWCOMERS",
    "PLACES",
    "ErasingStatements",
    "Field",
    "Form",
    "Kind",
    "Statements",
    "find_kind",
    "person_kinds",
]

KINDS: Final[dict[str, Kind]] = {
    name: import_module(f"{__name__}.{name}").KIND for name in KIND_NAMES
}


def find_kind(name: str) -> Kind:
    """The kind with a name.

    Raises
    ------
    InputError
        ``no-kind``.
    """
    if name not in KINDS:
        raise InputError(
            "no-kind",
            f"This kind of records does not exist. The kinds are: {', '.join(KINDS)}.",
            indonesian=f"Jenis catatan itu tidak ada. Jenis yang ada: {', '.join(KINDS)}.",
        )
    return KINDS[name]


def person_kinds() -> list[str]:
    """Names of the kinds with records of persons."""
    return [kind.name for kind in KINDS.values() if not kind.natural_key]
