"""One cleaning of cells: what people do not see or do not mean is gone, what they mean stays."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.text.cells import clean_column, clean_text, whole_numbers

INVISIBLE = [
    "\u200b",  # zero width space
    "\u200c",
    "\u200d",
    "\u2060",  # word joiner
    "\ufeff",  # byte order mark
    "\u200e",  # left to right
    "\u200f",
    "\u202a",
    "\u202c",
    "\u2066",
    "\u00ad",  # soft hyphen
    "\ufe0f",
    "\x00",
    "\x0b",
    "\x7f",
]
SPACES = ["\u00a0", "\u2007", "\u202f", "\u2003", "\u3000"]
DASHES = ["\u2212", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\uff0d", "\ufe63"]


@pytest.mark.parametrize("mark", INVISIBLE, ids=ascii)
def test_a_character_that_shows_nothing_is_gone_wherever_it_stands(mark: str) -> None:
    assert clean_text(f"{mark}0{mark}01{mark}") == "001"
    assert clean_text(mark) is None


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_every_blank_is_a_space_and_none_stands_at_an_edge(space: str) -> None:
    assert clean_text(f"{space}Jl{space}Mawar{space}") == "Jl Mawar"


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_every_dash_and_minus_sign_is_the_plain_one(dash: str) -> None:
    assert clean_text(f"{dash}7.0485") == "-7.0485"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("'001", "001"),
        ("''001", "001"),
        ("\u2019001", "001"),
        ("'001'", "001"),
        ('="001"', "001"),
        ('\'="001"', "001"),
        ('"001"', "001"),
        ('=""', None),
        ("'", None),
        (" ' 001 ", "001"),
        ("'Konfirmasi", "Konfirmasi"),
        ("\uff10\uff10\uff11", "001"),
        ("\uff2d\uff45\uff4c\uff41\uff54\uff49", "Melati"),
        ("\u0660\u0661", "01"),
        # What somebody means stays.
        ("\u2019Aisyiyah", "\u2019Aisyiyah"),
        ("7\u00b02'54.6\"", "7\u00b02'54.6\""),
        ("Jum'at", "Jum'at"),
        ("Jl. Caf\u00e9", "Jl. Caf\u00e9"),
        ("=1+1", "=1+1"),
        ('Gedung "A" lantai "2"', 'Gedung "A" lantai "2"'),
    ],
)
def test_a_spreadsheets_marks_of_text_and_wide_forms_are_gone(text: str, meant: str | None) -> None:
    assert clean_text(text) == meant


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(st.characters(codec="utf-8")),
            st.text(alphabet="'\"= \u200b01\u2212a"),
        )
    )
)
def test_a_column_is_cleaned_as_its_cells_are_and_twice_is_once(texts: list[str | None]) -> None:
    expected = [clean_text(text) if text else None for text in texts]
    cleaned = clean_column(pa.array(texts, pa.string()))
    assert [cell or None for cell in cleaned.to_pylist()] == expected
    assert clean_column(cleaned).to_pylist() == cleaned.to_pylist()


def test_a_whole_number_loses_decimals_that_say_nothing() -> None:
    cells = pa.array(["1,0", "2.00", "3374010001.0", "1,5", "10", "1.250", None, "a.0"])
    assert whole_numbers(cells).to_pylist() == [
        "1",
        "2",
        "3374010001",
        "1,5",
        "10",
        "1.250",
        None,
        "a.0",
    ]
