"""Sentences for faulty parameters: every fault in both languages, never with the value."""

from typing import Any

import pytest

from api.http.parameter_faults import fault_message
from geodata.language import Bilingual

CODE = {"loc": ("query", "area"), "type": "string_pattern_mismatch", "msg": "String should match"}
CODE_SENTENCES = Bilingual(
    "area: Nilainya memuat karakter yang tidak diizinkan, atau terlalu panjang.",
    "area: The value contains characters that are not allowed, or is too long.",
)
LIMIT = {
    "loc": ("query", "limit"),
    "type": "greater_than_equal",
    "msg": "Input should be greater than or equal to 1",
    "ctx": {"ge": 1},
}
LANG = {
    "loc": ("query", "lang"),
    "type": "literal_error",
    "msg": "Input should be 'a', 'b' or 'c'",
    "ctx": {"expected": "'a', 'b' or 'c'"},
}
MOMENT = {
    "loc": ("body", "known_at"),
    "type": "value_error",
    "msg": "Value error, write a moment.",
    "ctx": {"error": ValueError("x or y")},
}


@pytest.mark.parametrize(
    ("faults", "indonesian", "english"),
    [
        ([CODE], CODE_SENTENCES.id, CODE_SENTENCES.en),
        ([LIMIT], "limit: Paling sedikit 1.",
         "limit: Input should be greater than or equal to 1."),
        ([LANG], "lang: Tulis 'a', 'b' atau 'c'.", "lang: Input should be 'a', 'b' or 'c'."),
        ([MOMENT], "known_at: Nilai ini tidak dapat dipakai.", "known_at: Write a moment."),
        ([{"loc": ("query", "lon"), "type": "missing", "msg": "Field required"}],
         "lon: Harus diisi.", "lon: Field required."),
        ([{"loc": ("query", "n"), "type": "less_than_equal", "msg": "at most 5X...",
           "ctx": {"le": 5}}],
         "n: Paling banyak 5.", "n: At most 5X."),
        ([{"loc": ("a", "b", "c"), "type": "new_type", "msg": ""}],
         "c: Nilai ini tidak dapat dipakai.", "c: ."),
        ([LIMIT, CODE],
         f"limit: Paling sedikit 1. {CODE_SENTENCES.id}",
         f"limit: Input should be greater than or equal to 1. {CODE_SENTENCES.en}"),
        ([LIMIT, LIMIT], "limit: Paling sedikit 1.",
         "limit: Input should be greater than or equal to 1."),
    ],
)  # fmt: skip
def test_a_fault_is_named_in_both_languages(
    faults: list[dict[str, Any]], indonesian: str, english: str
) -> None:
    assert fault_message(faults) == Bilingual(indonesian, english)
