"""Parsing of a filter to its tree; a filter that is too expensive to parse is rejected.

The parser tries two rules for each bracket that does not belong to a function, so every bracket
around a fault doubles the time; and it recurses once for each operator that follows another. Many
of either would block or crash the process, so both are counted before parsing.
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
_MAX_COST: Final = 1 << 15
"""Characters; a character in brackets counts twice for each bracket around it."""
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
_UNSUPPORTED: Final = re.compile(
    r"""(?P<name>"[^"]*")|(?P<text>'(?:[^'\\]|''|\\.)*')|(?<![\w.])\.(?=\d)""", re.DOTALL
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = dict(zip("'abtnvfr", ["''", *"\a\b\t\n\v\f\r"], strict=True))
_REPEATED_SIGNS: Final = re.compile(r"(?:(?:\bNOT\b|[-+])\s*){9}", re.IGNORECASE)


class Filter(NamedTuple):
    """A parsed filter."""

    tree: Any
    """The JSON of CQL2; equal operations are the same object."""
    names: frozenset[str]
    """Names of the properties in the filter."""

    @classmethod
    def of(cls, tree: Any) -> "Filter":  # noqa: ANN401  (JSON)
        """Make a filter from its JSON."""
        names = frozenset(property_names(tree))
        return cls(_share_equal_nodes(tree, {}), names)


@lru_cache(maxsize=16)  # at most `LONGEST` characters each; every page of a query parses its filter
def read_filter(text: str, language: str) -> Filter:
    """Parse a filter.

    Parameters
    ----------
    language
        ``cql2-text`` or ``cql2-json``.

    Raises
    ------
    InputError
        ``invalid-filter`` if the text is no filter, too long or nested too deeply.
    """
    if len(text) > LONGEST:
        raise refused(
            f"The filter is longer than {LONGEST} characters. Shorten it.",
            indonesian=f"Saringan ini lebih panjang dari {LONGEST} karakter. Pendekkan.",
        )
    if language == "cql2-text":
        text = _adapt_to_parser(text)
        _check_cost(text)
    parse = cql2.parse_text if language == "cql2-text" else cql2.parse_json
    try:
        tree = parse(text).to_json()
    except Exception:  # noqa: BLE001  (the library raises its own classes, and bare exceptions)
        example = "risk >= 2 AND kelurahan = '33.74.06.1010'." if language == "cql2-text" else _JSON
        raise refused(
            f"The filter cannot be read as {language}. A filter looks like {example}",
            indonesian=f"Saringan ini tidak dapat dibaca sebagai {language}. Saringan ditulis "
            f"seperti {example}",
        ) from None
    return Filter.of(tree)


_JSON: Final = '{"op": ">=", "args": [{"property": "risk"}, 2]}.'


def _adapt_to_parser(text: str) -> str:
    r"""Replace the parts of CQL2 that the parser cannot read: the meaning stays the same.

    These are ``\'`` and the control characters ``\a \b \t \n \v \f \r`` in a text, and ``.5``.
    Any other backslash stays, because it is the escape character of LIKE patterns.
    """

    def replace(match: re.Match[str]) -> str:
        if match["text"]:
            return _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[0]), match["text"])
        return match["name"] or "0."

    return _UNSUPPORTED.sub(replace, text)


def _check_cost(text: str) -> None:
    open_brackets: list[int] = []
    depth, cost, last_end, operators = 0, 0, 0, 0
    for token in _TOKEN.finditer(text):
        cost += (token.end() - last_end) << depth
        last_end, kind = token.end(), token.lastgroup
        if kind == "stray":
            raise refused(
                "A quotation mark has no partner. Close the text or the name.",
                indonesian="Sebuah tanda kutip tidak punya pasangan. Tutup teks atau namanya.",
            )
        if kind in {"call", "open"}:
            open_brackets.append(int(kind == "open"))
            depth += open_brackets[-1]
        if kind == "close":
            depth -= open_brackets.pop() if open_brackets else _UNMATCHED
        operators += kind == "sign"
        has_many = len(open_brackets) > _BRACKETS or operators > _OPERATORS
        if depth < 0 or has_many or cost > _MAX_COST:
            break
    if open_brackets or depth:
        raise refused(
            "The brackets do not match, or there are too many brackets.",
            indonesian="Tanda kurungnya tidak berpasangan, atau terlalu banyak.",
        )
    if cost > _MAX_COST or operators > _OPERATORS or _REPEATED_SIGNS.search(text):
        raise refused(
            "The filter has too many brackets or signs. Write it with fewer.",
            indonesian="Tanda kurung atau tandanya terlalu banyak. Tulis dengan lebih sedikit.",
        )


def property_names(tree: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401  (JSON)
    """Names of the properties in a tree, once for each occurrence."""
    if depth > _DEEPEST:
        raise refused(
            "The filter is nested too deeply. Write it with fewer levels.",
            indonesian="Saringan ini bertingkat terlalu dalam. Tulis dengan lebih sedikit tingkat.",
        )
    if isinstance(tree, dict):
        if isinstance(tree.get("property"), str):
            yield tree["property"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for node in tree:
            yield from property_names(node, depth + 1)


def _share_equal_nodes(tree: Any, nodes: dict[str, Any]) -> Any:  # noqa: ANN401  (JSON)
    """The same tree, where equal operations are the same object."""
    if not isinstance(tree, dict) or not isinstance(tree.get("args"), list):
        return tree
    shared = {**tree, "args": [_share_equal_nodes(node, nodes) for node in tree["args"]]}
    return nodes.setdefault(json.dumps(tree), shared)
