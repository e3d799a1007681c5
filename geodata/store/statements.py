"""Statements with names of tables and columns: the only place where a name enters SQL.

Every other statement is constant text with ``$n`` for values. A backup reads all tables, so its
statements contain names, which come from the migrations.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


Names = str | Sequence[str] | Mapping[str, LiteralString]
"""One name, several names, or columns with their SQL types."""


def with_names(statement: LiteralString, **names: Names) -> str:
    """A statement with quoted names in place of its ``{fields}``.

    Parameters
    ----------
    names
        For each field one name or several names, which are separated by commas. In a mapping each
        column is followed by its SQL type.

    Raises
    ------
    ValueError
        If a name holds anything but lowercase letters, digits and underscores.
    """
    return statement.format(**{field: _quoted_list(value) for field, value in names.items()})


def _quoted_list(names: Names) -> str:
    if isinstance(names, str):
        return _quoted(names)
    if isinstance(names, Mapping):
        return ", ".join(" ".join((_quoted(name), sql_type)) for name, sql_type in names.items())
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("this is no name of a table or a column")
    return f'"{name}"'
