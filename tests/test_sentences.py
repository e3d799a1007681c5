"""Every sentence for users exists in Indonesian and in English, and both say the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from geodata.boundaries.coverage.extent import degrees
from geodata.boundaries.files.rows import join_names, list_rows, row_count_text, row_name
from geodata.language import format_indonesian
from geodata.records.layout.headings import describe_headings
from zoning.phrases import date_in_words

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geodata", "zoning", "api")
ENGLISH = re.compile(r"\b(the|is|are|of|with|must|cannot|There|The)\b")
INDONESIAN = re.compile(r"\b(yang|tidak|dengan|adalah|atau|untuk|berkas|baris|Berkas|Tidak)\b")
SHARED_TEXT = re.compile(r"`[^`]*`|--[a-z-]+|https?://\S+")
"""Commands, options and URLs are the same in both languages."""
INDONESIAN_NUMBER = format_indonesian.__name__
DATE = date_in_words.__name__
NAMING_FUNCTIONS = {
    function.__name__
    for function in (list_rows, row_name, row_count_text, join_names, degrees, describe_headings)
}
"""Functions that format names for a sentence, in English unless `language` is given."""


class Pair(NamedTuple):
    """The expressions of an English and an Indonesian sentence, and their place in the source."""

    place: str
    english: ast.expr
    indonesian: ast.expr
    is_sentence: bool
    """Whether the pair is a whole sentence of an error; other pairs may be empty or the same."""


class Sentence(NamedTuple):
    """The words of an expression, its values in any order, and its last character."""

    words: str
    values: list[str]
    end: str


class _LanguageNeutral(ast.NodeTransformer):
    """Removes the language from an expression, so that both languages give the same text."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr not in {"en", "id", "message", "indonesian"}:
            return node
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == DATE:
            return node.value.args[0]  # a day, written out in one of the languages
        return ast.Attribute(node.value, "sentence", node.ctx)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        is_sentence = node.id in {"why", "message", "english", "sentence", "indonesian"}
        return ast.Name("sentence", node.ctx) if is_sentence else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        keywords = [keyword for keyword in node.keywords if keyword.arg != "language"]
        return ast.Call(node.func, node.args, keywords)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node


def neutral_text(expression: ast.expr) -> str:
    return ast.unparse(
        _LanguageNeutral().visit(ast.parse(ast.unparse(expression), mode="eval").body)
    )


def value_text(part: ast.FormattedValue) -> str:
    value = part.value
    form = "''" if part.format_spec is None else ast.unparse(part.format_spec).removeprefix("f")
    if isinstance(value, ast.Call) and ast.unparse(value.func) == INDONESIAN_NUMBER:
        value, *forms = value.args
        form = ast.unparse(forms[0]) if forms else "','"
    return f"{neutral_text(value)}!{part.conversion}:{form}"


def in_english(expression: ast.expr) -> bool:
    """Whether an expression contains an English part of a sentence or an English number."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and node.attr in {"en", "message"}:
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) in NAMING_FUNCTIONS:
            return all(keyword.arg != "language" for keyword in node.keywords)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            return bool(re.search(r",|\.[1-9]", ast.unparse(node.format_spec)))
    return False


def is_grammar(value: ast.expr) -> bool:
    """Whether a value is an English ending or article, which Indonesian does not have."""
    if isinstance(value, ast.IfExp):
        return isinstance(value.body, ast.Constant) and isinstance(value.orelse, ast.Constant)
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "_article"


def parse_sentence(expression: ast.expr) -> Sentence | None:
    """The sentence of a text or an f-string; None for any other expression."""
    parts = expression.values if isinstance(expression, ast.JoinedStr) else [expression]
    words, values, end = [], [], ""
    for part in parts:
        if isinstance(part, ast.FormattedValue):
            values += [] if is_grammar(part.value) else [value_text(part)]
            end = "value"
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            words.append(part.value)
            values += re.findall(r"\{\w*\}", part.value)
            end = part.value[-1:]
        else:
            return None
    return Sentence(" ".join(words), sorted(values), end)


def find_pairs(source: str, name: str) -> Iterator[Pair]:
    """Pairs in calls with ``indonesian=`` and an English argument, and in calls of `Bilingual`."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        place = f"{name}:{call.lineno}"
        for keyword in call.keywords:
            if keyword.arg == "indonesian" and call.args:
                yield Pair(place, call.args[-1], keyword.value, is_sentence=True)
        if isinstance(call.func, ast.Name) and call.func.id == "Bilingual" and len(call.args) == 2:
            yield Pair(place, call.args[1], call.args[0], is_sentence=False)


def find_faults(pair: Pair) -> list[str]:
    english, indonesian = parse_sentence(pair.english), parse_sentence(pair.indonesian)
    if english is None or indonesian is None:
        is_same = neutral_text(pair.english) == neutral_text(pair.indonesian)
        return [] if is_same or not pair.is_sentence else ["one of the two is no text"]
    compare_ends = pair.is_sentence or "." in {english.end, indonesian.end}
    faults = {
        f"other values: {english.values} and {indonesian.values}": (
            english.values != indonesian.values
        ),
        f"other ends: {english.end!r} and {indonesian.end!r}": (
            compare_ends and english.end != indonesian.end
        ),
        "English words in the Indonesian sentence": ENGLISH.search(
            SHARED_TEXT.sub("", indonesian.words)
        ),
        "Indonesian words in the English sentence": INDONESIAN.search(
            SHARED_TEXT.sub("", english.words)
        ),
        "an English part in the Indonesian sentence": in_english(pair.indonesian),
        "an Indonesian number in the English sentence": (
            f"{INDONESIAN_NUMBER}(" in ast.unparse(pair.english)
        ),
        "an empty sentence": pair.is_sentence and not (english.end and indonesian.end),
        "the two do not differ": (
            pair.is_sentence and ast.unparse(pair.english) == ast.unparse(pair.indonesian)
        ),
    }
    return [fault for fault, is_fault in faults.items() if is_fault]


def every_pair() -> list[Pair]:
    return [
        pair
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for pair in find_pairs(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]


def test_both_languages_have_the_same_values_and_endings() -> None:
    pairs = every_pair()
    assert sum(pair.is_sentence for pair in pairs) > 250
    faults = {pair.place: pair_faults for pair in pairs if (pair_faults := find_faults(pair))}
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
        (
            f'E("c", f"{{{list_rows.__name__}(a)}}.", indonesian=f"{{{list_rows.__name__}(a)}}.")',
            "an English part",
        ),
        ('E("c", f"Over {n:,}.", indonesian=f"Lebih dari {n:,}.")', "an English part"),
        (
            f'E("c", f"Over {{{INDONESIAN_NUMBER}(n)}}.", indonesian="Lebih.")',
            "an Indonesian number",
        ),
        ('Bilingual(f"baris {row}", f"row {line}")', "other values"),
        ('Bilingual("Tidak ada", "There is none.")', "other ends"),
    ],
)
def test_a_pair_with_a_difference_is_reported(source: str, fault: str) -> None:
    [pair] = find_pairs(source, "example")
    assert any(fault in message for message in find_faults(pair))


@pytest.mark.parametrize(
    "source",
    [
        'E("c", f"{n} rows in {path.name}.", indonesian=f"{path.name}: {n} baris.")',
        """E("c", f"{w.en} of {rows(a)}.", indonesian=f"{w.id}: {rows(a, language='id')}.")""",
        """E("c", f"{n} row{'' if n == 1 else 's'}.", indonesian=f"{n} baris.")""",
        'E("c", error.message, indonesian=error.indonesian)',
        f'Bilingual(f"{{{INDONESIAN_NUMBER}(n)}} km", f"{{n:,}} km")',
        'Bilingual("", "yet")',
    ],
)
def test_a_pair_without_a_difference_passes(source: str) -> None:
    [pair] = find_pairs(source, "example")
    assert find_faults(pair) == []
