"""Parsing of RT and RW numbers."""

import pytest

from geodata.text.rt_rw import combine_mentions, find_mentions, parse_pair_cell, replace_mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RT 003 RW 005", [(3, 5)]),
        ("RT/RW : 003/005", [(3, 5)]),
        ("RTRW: 003/005", [(3, 5)]),
        ("RW/RT 05/03", [(3, 5)]),
        ("Rt 3 Rw V", [(3, 5)]),
        ("RT IX / RW II", [(9, 2)]),
        ("RT03/05", [(3, 5)]),
        ("RT 3 / V", [(3, 5)]),
        ("RT03RW05", [(3, 5)]),
        ("R.T. 03 R.W. 05", [(3, 5)]),
        ("RT: 3; RW: 5", [(3, 5)]),
        ("Rt.o3 Rw.o5", [(3, 5)]),
        ("RW 05 RT 03", [(3, 5)]),
        ("rukun tetangga 3 rukun warga 5", [(3, 5)]),
        ("003/005", [(3, 5)]),
        ("RT 6, RT 2, RT 11 RW 3", [(6, 3), (2, 3), (11, 3)]),
        ("RT 1 RW 2; RT 3 RW 2", [(1, 2), (3, 2)]),
        ("RT 4,5 dan 6 RW 3", [(4, 3), (5, 3), (6, 3)]),
        ("RT 1 s/d 3 RW 2", [(1, 2), (2, 2), (3, 2)]),
        ("RW 5: RT 1, RT 2", [(1, 5), (2, 5)]),
        ("RT 4 RW 7, RT 4 RW 7", [(4, 7)]),
        ("RT 3", [(3, None)]),
        ("RW 3", [(None, 3)]),
        ("RT 000/RW 000", []),
        ("RT 000 RW 005", [(None, 5)]),
        ("RT - RW -", []),
        ("No. 003/005", []),
        ("Mart 3, Art 5, Crt 2", []),
        ("Jl. Mawar 5/3", []),
        ("0812/345", []),
        ("", []),
    ],
)
def test_every_notation_is_parsed(text: str, expected: list[tuple[int, int]]) -> None:
    assert combine_mentions(find_mentions(text.casefold())) == expected


@pytest.mark.parametrize("cell", ["003/005", "3/5", "RT 3/RW 5", "III/V", "3 - 5", "RT.003 RW.005"])
def test_a_cell_with_both_numbers_is_parsed(cell: str) -> None:
    assert parse_pair_cell(cell) == (3, 5)


@pytest.mark.parametrize("cell", ["", "3", "RT 3", "x/y", "RT 1 RW 2, RT 3 RW 2", "3/5/2021"])
def test_a_cell_without_exactly_one_pair_gives_no_pair(cell: str) -> None:
    assert parse_pair_cell(cell) != (3, 5)
    assert None in parse_pair_cell(cell)


def test_mentions_are_replaced_in_the_line() -> None:
    line = "jl. mawar 5 rt 3/rw 5 bulusan"
    assert replace_mentions(line, find_mentions(line), "|") == "jl. mawar 5 |/| bulusan"
