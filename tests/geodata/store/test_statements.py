"""SQL is constant text: only checked names enter a statement."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.store.statements import with_names

_ROOT = Path(__file__).resolve().parents[3]
_SQL = re.compile(
    r"\b(create|alter|drop)\s+(temporary\s+|unique\s+)?(table|index|view|database)\b"
    r"|\bselect\b.*\bfrom\b|\binsert\s+into\b|\bupdate\b.*\bset\b|\bdelete\s+from\b"
    r"|\bjoin\b.*\bon\b"
    r"|\bwhere\b.*(=|\bin\b|<|>)|\border\s+by\b|\bgroup\s+by\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXT_METHODS = {"format", "format_map", "join", "replace", "removesuffix", "removeprefix"}


def _literals(node: ast.expr) -> str:
    parts = (constant.value for constant in ast.walk(node) if isinstance(constant, ast.Constant))
    return " ".join(part for part in parts if isinstance(part, str))


def _composed_texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Composed texts: f-strings, sums, ``%``, and methods that change a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            yield node
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _TEXT_METHODS
        ):
            yield node.func.value


def _composed_statements(source: str) -> list[str]:
    return [
        _literals(node)
        for node in _composed_texts(ast.parse(source))
        if _SQL.search(_literals(node))
    ]


def test_no_statement_is_composed_from_parts() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for package in ("geodata", "zoning", "api")
        for path in (_ROOT / package).rglob("*.py")
    ]
    assert len(sources) > 200
    assert not [text for source in sources for text in _composed_statements(source)]
    assert not [source for source in sources if "S608" in source]


@pytest.mark.parametrize(
    "source",
    [
        "f'select * from {table}'",
        "'select a from t where ' + chosen",
        "'delete from %s' % table",
        "'insert into {} values (1)'.format(table)",
        "f'create temporary table stage ({columns})'",
        "f'''{above} order by {column}'''",
    ],
)
def test_a_composed_statement_is_found(source: str) -> None:
    assert _composed_statements(source)


@given(st.text())
def test_a_name_is_quoted_or_rejected(name: str) -> None:
    if re.fullmatch("[a-z][a-z0-9_]*", name, re.ASCII):
        text = with_names("select {a} from {b}", a=[name, "x"], b=name)
        assert with_names("create table t ({a})", a={name: "text"}).split('"')[1:] == [
            name,
            " text)",
        ]
        assert text.split('"') == ["select ", name, ", ", "x", " from ", name, ""]
        return
    with pytest.raises(ValueError, match="no name"):
        with_names("select 1 from {b}", b=name)
