"""Statements that take names of tables and columns: the one place where a name enters SQL.

Every other statement is constant text with ``$n`` for its values. A backup goes through all tables,
so that its statements are constant but for names, which come from our own migrations.
"""

import re
from collections.abc import Sequence
from typing import Final, LiteralString

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


def with_names(statement: LiteralString, **names: str | Sequence[str]) -> str:
    """A statement with quoted names in place of its ``{fields}``.

    Parameters
    ----------
    names
        For each field one name, or several, which are separated by commas.

    Raises
    ------
    ValueError
        If a name holds anything but small letters, digits and underscores.
    """
    return statement.format(
        **{
            field: ", ".join(map(_quoted, [given] if isinstance(given, str) else given))
            for field, given in names.items()
        }
    )


def _quoted(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("this is no name of a table or a column")
    return f'"{name}"'
