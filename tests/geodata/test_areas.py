"""Codes and labels of areas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import areas

NUMBER = st.integers(1, 999)


@pytest.mark.parametrize(
    ("label", "rw", "rt"),
    [
        ("RT 002 RW 003", 3, 2),
        ("rt 2 rw 3", 3, 2),
        ("RT 02  RW 02", 2, 2),
        ("RT. 02 RW. 19", 19, 2),
        ("RT 10/RW 2", 2, 10),
        (" RT 006, RW 003 ", 3, 6),
        ("rt002rw001", 1, 2),
        ("RW 001 RT 002", 1, 2),
        ("R.T. 2 R.W. 1", 1, 2),
        ("RT II RW I", 1, 2),
        ("RT/RW 002/001", 1, 2),
    ],
)
def test_a_label_of_two_numbers_is_an_rt(label: str, rw: int, rt: int) -> None:
    assert areas.parse_rt_label(label) == areas.RtNumber(rw=rw, rt=rt)


@pytest.mark.parametrize(
    "label",
    [
        "TERMINAL TIRTONADI",
        "KAWASAN PERUMAHAN RT 03 RW 08",
        "LAHAN BEKAS SLS RT 01 RT 02 RW 03",
        "RT 000 RW 003",
        "RT 002 RW 000",
        "RW 003",
        "001/002",
        "RT O3 RW 05",
        "RT 005 RW 03.1",
        "RT 1, 2 RW 3",
        "RT 002 RW 003 A",
        "",
    ],
)
def test_a_label_with_other_words_or_numbers_is_no_rt(label: str) -> None:
    assert areas.parse_rt_label(label) is None


@given(NUMBER, NUMBER)
def test_the_name_of_an_rt_reads_back_as_its_numbers(rw: int, rt: int) -> None:
    number = areas.RtNumber(rw=rw, rt=rt)
    assert areas.parse_rt_label(areas.rt_name(number)) == number


@given(NUMBER, NUMBER)
def test_a_childs_code_begins_with_its_parents(rw: int, rt: int) -> None:
    kelurahan = "33.74.06.1010"
    code = areas.rt_code(kelurahan, areas.RtNumber(rw=rw, rt=rt))
    assert code.startswith(areas.rw_code(kelurahan, rw) + "-")
    assert areas.rw_code(kelurahan, rw).startswith(kelurahan + "-")
    assert areas.other_code(kelurahan, rt).startswith(kelurahan + "-")


def test_codes_have_the_form_of_the_contract() -> None:
    assert areas.rt_code("33.74.06.1010", areas.RtNumber(rw=14, rt=2)) == "33.74.06.1010-014-002"
