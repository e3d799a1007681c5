"""On which line of a TOML file something stands: the parser of the standard library keeps no lines.

Knows tables, lists of tables and keys, as a rule's file is written: one key a line.
"""

import re
from collections import Counter

Path = tuple[str | int, ...]
"""As pydantic names a place: ``("measures", "high", 1, "en")``."""

_TABLE = re.compile(r"\s*\[([\w.-]+)\]\s*(#.*)?")
_LISTED = re.compile(r"\s*\[\[([\w.-]+)\]\]\s*(#.*)?")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_LONG = re.compile(r'"""|\'\'\'')


def line_of(text: str, path: Path) -> int:
    """The line of what a path names, or of the nearest that holds it; the first where none does."""
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        found = lines.get(path[:length])
        if found is not None:
            return found
    return 1


def _lines(text: str) -> dict[Path, int]:
    found: dict[Path, int] = {}
    counted: Counter[Path] = Counter()
    table: Path = ()
    within = False
    for number, line in enumerate(text.splitlines(), start=1):
        begun_within, within = within, within ^ (len(_LONG.findall(line)) % 2 == 1)
        if begun_within:
            continue
        if listed := _LISTED.fullmatch(line):
            name: Path = tuple(listed[1].split("."))
            table = (*name, counted[name])
            counted[name] += 1
        elif alone := _TABLE.fullmatch(line):
            table = tuple(alone[1].split("."))
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1]), number)
            continue
        else:
            continue
        for length in range(1, len(table) + 1):
            found.setdefault(table[:length], number)
    return found
