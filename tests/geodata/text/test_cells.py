"""Cleaning of text cells: invisible characters and spreadsheet marks go, other text stays."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.text.cells import clean_column, clean_text, drop_zero_decimals

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
def test_invisible_characters_are_removed_at_any_position(mark: str) -> None:
    assert clean_text(f"{mark}0{mark}01{mark}") == "001"
    assert clean_text(mark) is None


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_every_blank_becomes_a_space_and_edges_are_trimmed(space: str) -> None:
    assert clean_text(f"{space}Jl{space}Mawar{space}") == "Jl Mawar"


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_every_dash_and_minus_sign_becomes_a_hyphen(dash: str) -> None:
    assert clean_text(f"{dash}7.0485") == "-7.0485"


@pytest.mark.parametrize(
    ("text", "expected"),
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
        # Other text stays.
        ("\u2019Aisyiyah", "\u2019Aisyiyah"),
        ("7\u00b02'54.6\"", "7\u00b02'54.6\""),
        ("Jum'at", "Jum'at"),
        ("Jl. Caf\u00e9", "Jl. Caf\u00e9"),
        ("=1+1", "=1+1"),
        ('Gedung "A" lantai "2"', 'Gedung "A" lantai "2"'),
    ],
)
def test_spreadsheet_marks_and_fullwidth_forms_are_removed(text: str, expected: str | None) -> None:
    assert clean_text(text) == expected


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(st.characters(codec="utf-8")),
            st.text(alphabet="'\"= \u200b01\u2212a"),
        )
    )
)
def test_a_column_is_cleaned_like_its_cells_and_cleaning_is_idempotent(
    texts: list[str | None],
) -> None:
    expected = [clean_text(text) if text else None for text in texts]
    cleaned = clean_column(pa.array(texts, pa.string()))
    assert [cell or None for cell in cleaned.to_pylist()] == expected
    assert clean_column(cleaned).to_pylist() == cleaned.to_pylist()


def test_zero_decimals_are_removed() -> None:
    cells = pa.array(["1,0", "2.00", "3374010001.0", "1,5", "10", "1.250", None, "a.0"])
    assert drop_zero_decimals(cells).to_pylist() == [
        "1",
        "2",
        "3374010001",
        "1,5",
        "10",
        "1.250",
        None,
        "a.0",
    ]
