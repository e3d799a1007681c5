"""Statements that take names of tables and columns: the one place where a name enters SQL.

Every other statement is constant text with ``$n`` for its values. A backup goes through all tables,
so that its statements are constant but for names, which come from our own migrations.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


Names = str | Sequence[str] | Mapping[str, LiteralString]
"""One name, or several, or columns with the SQL type of each."""


def with_names(statement: LiteralString, **names: Names) -> str:
    """A statement with quoted names in place of its ``{fields}``.

    Parameters
    ----------
    names
        For each field one name, or several, which are separated by commas; with a mapping each
        column is followed by its type.

    Raises
    ------
    ValueError
        If a name holds anything but small letters, digits and underscores.
    """
    return statement.format(**{field: _listed(given) for field, given in names.items()})


def _listed(names: Names) -> str:
    if isinstance(names, str):
        return _quoted(names)
    if isinstance(names, Mapping):
        return ", ".join(" ".join((_quoted(name), kind)) for name, kind in names.items())
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("this is no name of a table or a column")
    return f'"{name}"'
