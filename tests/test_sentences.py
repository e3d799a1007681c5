"""Every sentence for people stands in Indonesian and English, side by side, and says the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geodata", "zoning", "api")
ENGLISH = re.compile(r"\b(the|is|are|of|with|must|cannot|There|The)\b")
INDONESIAN = re.compile(r"\b(yang|tidak|dengan|adalah|atau|untuk|berkas|baris|Berkas|Tidak)\b")
QUOTED = re.compile(r"`[^`]*`|--[a-z-]+|https?://\S+")
"""Commands, options and addresses are the same in both languages."""
NAMING = {"listed", "row_name", "row_count_text", "several", "degrees", "describe_headings"}
"""Functions that name things for a sentence, in English unless they are told otherwise."""


class Pair(NamedTuple):
    """Two sentences that stand side by side, as expressions, and where."""

    place: str
    english: ast.expr
    indonesian: ast.expr
    whole: bool
    """A sentence of an error; else a pair of words, which may be empty or alike."""


class Sentence(NamedTuple):
    """What an expression says: its words, its values in any order, and how it ends."""

    words: str
    values: list[str]
    end: str


class _Alike(ast.NodeTransformer):
    """Expressions of both languages become the same text."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr not in {"en", "id", "message", "indonesian"}:
            return node
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "written":
            return node.value.args[0]  # a day, written out in one of the languages
        return ast.Attribute(node.value, "said", node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        others = [each for each in node.keywords if each.arg != "language"]
        return ast.Call(node.func, node.args, others)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node


def same_for_both(expression: ast.expr) -> str:
    return ast.unparse(_Alike().visit(ast.parse(ast.unparse(expression), mode="eval").body))


def value_of(part: ast.FormattedValue) -> str:
    value = part.value
    form = "''" if part.format_spec is None else ast.unparse(part.format_spec).removeprefix("f")
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "in_indonesian":
        value, *forms = value.args
        form = ast.unparse(forms[0]) if forms else "','"
    return f"{same_for_both(value)}!{part.conversion}:{form}"


def in_english(expression: ast.expr) -> bool:
    """Whether an expression takes a part of a sentence, or a number, as English has it."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and node.attr in {"en", "message"}:
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) in NAMING:
            return all(each.arg != "language" for each in node.keywords)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            return bool(re.search(r",|\.[1-9]", ast.unparse(node.format_spec)))
    return False


def is_grammar(value: ast.expr) -> bool:
    """Whether a value is an ending or an article, which Indonesian does not have."""
    if isinstance(value, ast.IfExp):
        return isinstance(value.body, ast.Constant) and isinstance(value.orelse, ast.Constant)
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "_article"


def sentence_of(expression: ast.expr) -> Sentence | None:
    """What a text or an f-string says; None for any other expression."""
    parts = expression.values if isinstance(expression, ast.JoinedStr) else [expression]
    words, values, end = [], [], ""
    for part in parts:
        if isinstance(part, ast.FormattedValue):
            values += [] if is_grammar(part.value) else [value_of(part)]
            end = "value"
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            words.append(part.value)
            values += re.findall(r"\{\w*\}", part.value)
            end = part.value[-1:]
        else:
            return None
    return Sentence(" ".join(words), sorted(values), end)


def pairs_in(source: str, name: str) -> Iterator[Pair]:
    """Calls with ``indonesian=`` beside an English argument, and calls of `Bilingual`."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        place = f"{name}:{call.lineno}"
        for keyword in call.keywords:
            if keyword.arg == "indonesian" and call.args:
                yield Pair(place, call.args[-1], keyword.value, whole=True)
        if isinstance(call.func, ast.Name) and call.func.id == "Bilingual" and len(call.args) == 2:
            yield Pair(place, call.args[1], call.args[0], whole=False)


def faults_of(pair: Pair) -> list[str]:
    english, indonesian = sentence_of(pair.english), sentence_of(pair.indonesian)
    if english is None or indonesian is None:
        alike = same_for_both(pair.english) == same_for_both(pair.indonesian)
        return [] if alike or not pair.whole else ["one of the two is no text"]
    dots = pair.whole or "." in {english.end, indonesian.end}
    faults = {
        f"other values: {english.values} and {indonesian.values}": (
            english.values != indonesian.values
        ),
        f"other ends: {english.end!r} and {indonesian.end!r}": (
            dots and english.end != indonesian.end
        ),
        "English words in the Indonesian sentence": ENGLISH.search(
            QUOTED.sub("", indonesian.words)
        ),
        "Indonesian words in the English sentence": INDONESIAN.search(
            QUOTED.sub("", english.words)
        ),
        "an English part in the Indonesian sentence": in_english(pair.indonesian),
        "an Indonesian number in the English sentence": (
            "in_indonesian(" in ast.unparse(pair.english)
        ),
        "an empty sentence": pair.whole and not (english.end and indonesian.end),
        "the two do not differ": (
            pair.whole and ast.unparse(pair.english) == ast.unparse(pair.indonesian)
        ),
    }
    return [fault for fault, found in faults.items() if found]


def every_pair() -> list[Pair]:
    return [
        pair
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for pair in pairs_in(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]


def test_both_languages_say_the_same_of_the_same_values() -> None:
    pairs = every_pair()
    assert sum(pair.whole for pair in pairs) > 250
    faults = {pair.place: found for pair in pairs if (found := faults_of(pair))}
    assert not faults


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('E("c", f"There is no {name}.", indonesian="Tidak ada.")', "other values"),
        ('E("c", f"No {a:,}.", indonesian=f"Tidak ada {a}.")', "other values"),
        ('E("c", "There is none.", indonesian="Tidak ada")', "other ends"),
        ('E("c", "There is none.", indonesian="")', "an empty sentence"),
        ('E("c", "None.", indonesian="None.")', "do not differ"),
        ('E("c", "There is none.", indonesian="The file is bad.")', "English words"),
        ('E("c", "Berkas rusak.", indonesian="Berkas rusak.")', "Indonesian words"),
        ('E("c", error.message, indonesian="Rusak.")', "no text"),
        ('E("c", f"{why.en} fails.", indonesian=f"{why.en} gagal.")', "an English part"),
        ('E("c", f"In {listed(a)}.", indonesian=f"Di {listed(a)}.")', "an English part"),
        ('E("c", f"Over {n:,}.", indonesian=f"Lebih dari {n:,}.")', "an English part"),
        ('E("c", f"Over {in_indonesian(n)}.", indonesian="Lebih.")', "an Indonesian number"),
        ('Bilingual(f"baris {row}", f"row {line}")', "other values"),
        ('Bilingual("Tidak ada", "There is none.")', "other ends"),
    ],
)
def test_a_pair_that_does_not_say_the_same_is_found(source: str, fault: str) -> None:
    [pair] = pairs_in(source, "example")
    assert any(fault in each for each in faults_of(pair))


@pytest.mark.parametrize(
    "source",
    [
        'E("c", f"{n} rows in {path.name}.", indonesian=f"{path.name}: {n} baris.")',
        """E("c", f"{w.en} of {rows(a)}.", indonesian=f"{w.id}: {rows(a, language='id')}.")""",
        """E("c", f"{n} row{'' if n == 1 else 's'}.", indonesian=f"{n} baris.")""",
        'E("c", error.message, indonesian=error.indonesian)',
        'Bilingual(f"{in_indonesian(n)} km", f"{n:,} km")',
        'Bilingual("", "yet")',
    ],
)
def test_a_pair_that_says_the_same_passes(source: str) -> None:
    [pair] = pairs_in(source, "example")
    assert faults_of(pair) == []
