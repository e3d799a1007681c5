"""Line numbers of entries in a TOML file: the parser of the standard library does not return lines.

Finds tables, lists of tables and keys in the style of rule files, with one key on each line.
"""

import re
from collections import Counter

Path = tuple[str | int, ...]
"""The location of an entry as in pydantic errors: ``("measures", "high", 1, "en")``."""

_TABLE = re.compile(r"\s*\[([\w.-]+)\]\s*(#.*)?")
_LIST_OF_TABLES = re.compile(r"\s*\[\[([\w.-]+)\]\]\s*(#.*)?")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_MULTILINE_QUOTE = re.compile(r'"""|\'\'\'')


def find_line(text: str, path: Path) -> int:
    """The line of an entry; else of the nearest entry that contains the path; else line 1."""
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        line = lines.get(path[:length])
        if line is not None:
            return line
    return 1


def _lines(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    n_tables: Counter[Path] = Counter()
    table: Path = ()
    in_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        starts_in_text, in_text = in_text, in_text ^ (len(_MULTILINE_QUOTE.findall(line)) % 2 == 1)
        if starts_in_text:
            continue
        if list_match := _LIST_OF_TABLES.fullmatch(line):
            name: Path = tuple(list_match[1].split("."))
            table = (*name, n_tables[name])
            n_tables[name] += 1
        elif table_match := _TABLE.fullmatch(line):
            table = tuple(table_match[1].split("."))
        elif key_match := _KEY.match(line):
            lines.setdefault((*table, key_match[1]), number)
            continue
        else:
            continue
        for length in range(1, len(table) + 1):
            lines.setdefault(table[:length], number)
    return lines
