"""A filter as it came, to its tree; refused before it can cost too much.

The parser tries each bracket in two ways, but for those of a function, so that a faulty filter
costs twice as much with every bracket around it; and it descends once for each sign that follows
another. Enough of either would hold or end the process, so both are counted here first.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import cql2

from api.ogc.cql.values import refused

LONGEST: Final = 8000
"""Characters of a filter."""
_WORK: Final = 1 << 15
"""Characters, each counted twice for every bracket it stands in."""
_DEEPEST: Final = 64
_OPERATORS: Final = 500
_BRACKETS: Final = 200
_UNMATCHED: Final = 1 << 30
_TOKEN: Final = re.compile(
    r"""(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<stray>['"])|(?P<close>\))"""
    r"""|(?P<sign>\b(?:NOT|div)\b|[-+*/%^]|[<>!]?=|[<>]+)"""
    r"""|(?P<call>(?!(?:and|or|in|like|between|is)\b)[^\W\d][\w.:]*\s*\()|(?P<open>\()|\w+""",
    re.IGNORECASE,
)
_UNKNOWN_TO_PARSER: Final = re.compile(
    r"""(?P<name>"[^"]*")|(?P<text>'(?:[^'\\]|''|\\.)*')|(?<![\w.])\.(?=\d)""", re.DOTALL
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_MEANT: Final = dict(zip("'abtnvfr", ["''", *"\a\b\t\n\v\f\r"], strict=True))
_PILE: Final = re.compile(r"(?:(?:\bNOT\b|[-+])\s*){9}", re.IGNORECASE)


class Filter(NamedTuple):
    """A filter that was read."""

    tree: Any
    """Equal operations in it are one object."""
    names: frozenset[str]
    """Properties it speaks of."""

    @classmethod
    def of(cls, tree: Any) -> "Filter":  # noqa: ANN401  (JSON)
        """Take a tree that was read."""
        names = frozenset(names_in(tree))
        return cls(_sharing(tree, {}), names)


@lru_cache(maxsize=16)  # of at most `LONGEST` characters: pages of one question ask again
def read_filter(text: str, language: str) -> Filter:
    """Read a filter.

    Parameters
    ----------
    language
        ``cql2-text`` or ``cql2-json``.

    Raises
    ------
    InputError
        ``invalid-filter`` if it is none, or too long or too deep.
    """
    if len(text) > LONGEST:
        raise refused(
            f"It is longer than {LONGEST} characters.",
            indonesian=f"Saringan ini lebih panjang dari {LONGEST} karakter.",
        )
    if language == "cql2-text":
        text = _for_parser(text)
        _check_work(text)
    parse = cql2.parse_text if language == "cql2-text" else cql2.parse_json
    try:
        tree = parse(text).to_json()
    except Exception:  # noqa: BLE001  (the library raises its own kinds, and bare exceptions)
        like = "risk >= 2 AND kelurahan = '33.74.06.1010'." if language == "cql2-text" else _JSON
        raise refused(
            f"It cannot be read as {language}. A filter looks like {like}",
            indonesian=f"Saringan ini tidak dapat dibaca sebagai {language}. Saringan ditulis "
            f"seperti {like}",
        ) from None
    return Filter.of(tree)


_JSON: Final = '{"op": ">=", "args": [{"property": "risk"}, 2]}.'


def _for_parser(text: str) -> str:
    r"""The same filter without what the standard allows and the parser cannot read.

    Those are ``\'`` and the control characters ``\a \b \t \n \v \f \r`` in a text, and ``.5``.
    Any other backslash stays: patterns of LIKE escape with it.
    """

    def known(found: re.Match[str]) -> str:
        if found["text"]:
            return _ESCAPE.sub(lambda one: _MEANT.get(one[1], one[0]), found["text"])
        return found["name"] or "0."

    return _UNKNOWN_TO_PARSER.sub(known, text)


def _check_work(text: str) -> None:
    opened: list[int] = []
    depth, work, last, operators = 0, 0, 0, 0
    for token in _TOKEN.finditer(text):
        work += (token.end() - last) << depth
        last, kind = token.end(), token.lastgroup
        if kind == "stray":
            raise refused(
                "A quotation mark has no partner.",
                indonesian="Sebuah tanda kutip tidak punya pasangan.",
            )
        if kind in {"call", "open"}:
            opened.append(int(kind == "open"))
            depth += opened[-1]
        if kind == "close":
            depth -= opened.pop() if opened else _UNMATCHED
        operators += kind == "sign"
        if depth < 0 or len(opened) > _BRACKETS or work > _WORK or operators > _OPERATORS:
            break
    if opened or depth:
        raise refused(
            "Its brackets do not match, or there are too many of them.",
            indonesian="Tanda kurungnya tidak berpasangan, atau terlalu banyak.",
        )
    if work > _WORK or operators > _OPERATORS or _PILE.search(text):
        raise refused(
            "It has too many brackets or signs. Say it in fewer.",
            indonesian="Tanda kurung atau tandanya terlalu banyak. Tulis dengan lebih sedikit.",
        )


def names_in(tree: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401  (JSON)
    """Properties a tree speaks of, as often as it does."""
    if depth > _DEEPEST:
        raise refused(
            "It is nested too deeply.",
            indonesian="Saringan ini bertingkat terlalu dalam.",
        )
    if isinstance(tree, dict):
        if isinstance(tree.get("property"), str):
            yield tree["property"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from names_in(part, depth + 1)


def _sharing(tree: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    """The same tree, of equal operations one."""
    if not isinstance(tree, dict) or not isinstance(tree.get("args"), list):
        return tree
    shared = {**tree, "args": [_sharing(part, known) for part in tree["args"]]}
    return known.setdefault(json.dumps(tree), shared)
