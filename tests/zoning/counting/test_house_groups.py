"""Grouping cases into houses by card and address."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.houses import HouseReader, Verdict, compare_houses
from zoning.counting.house_groups import Clue, HouseGroups, group_into_houses

READER = HouseReader(["Semarang", "Melati"])
TEXTS = (
    "Jl Mawar 5", "Mawar No. 5", "No 5", "Jl Mawar 5A", "Jl Mawar 5-7", "Jl Melati 5", "Mawar 7",
    "Perum Indah Blok A No 5", "Indah A/5", "Blok A 5", "Kp Baru 5", "Jl Mawar Gg 2 No 5",
    "Jl Mawar",
)  # fmt: skip
CLUES = st.builds(
    lambda text, card, marks: Clue.from_record(
        None if text is None else READER.read(text), card, marks
    ),
    st.sampled_from((*TEXTS, None)),
    st.sampled_from(("a", "b", "c", None)),
    st.sampled_from((None, None, None, "k1", "a2 u3", "u3")),
)
PLACED_CLUES = st.lists(st.tuples(st.integers(-1, 2), CLUES), max_size=14)


def group_cases(cases: list[tuple[int, Clue]]) -> HouseGroups:
    rt = np.array([rt_row for rt_row, _ in cases], dtype=np.int32)
    return group_into_houses(rt, [clue for _, clue in cases])


def rows_by_house(numbers: list[int]) -> set[frozenset[int]]:
    """Sets of rows with the same house; unknown houses are omitted."""
    return {
        frozenset(row for row, number in enumerate(numbers) if number == house)
        for house in set(numbers) - {-1}
    }


@given(PLACED_CLUES)
def test_clearly_different_addresses_are_never_one_house(cases: list[tuple[int, Clue]]) -> None:
    house = group_cases(cases).house.tolist()
    for row, other_row in combinations(range(len(cases)), 2):
        address, other_address = cases[row][1].address, cases[other_row][1].address
        if house[row] == house[other_row] and address and other_address and cases[row][0] >= 0:
            assert compare_houses(address, other_address) != Verdict.DIFFERENT


@given(PLACED_CLUES)
def test_one_address_of_an_rt_is_one_house_with_any_cards(
    cases: list[tuple[int, Clue]],
) -> None:
    groups = group_cases(cases)
    for row, other_row in combinations(range(len(cases)), 2):
        (rt_row, clue), (other_rt, other_clue) = cases[row], cases[other_row]
        if rt_row == other_rt >= 0 and clue.address and clue.address == other_clue.address:
            assert groups.house[row] == groups.house[other_row] != -1


@given(PLACED_CLUES)
def test_each_house_of_the_lower_count_is_a_union_of_houses_of_the_upper_count(
    cases: list[tuple[int, Clue]],
) -> None:
    groups = group_cases(cases)
    lower = rows_by_house(groups.house_at_least.tolist())
    for house_rows in rows_by_house(groups.house.tolist()):
        assert any(house_rows <= lower_rows for lower_rows in lower)
    assert ((groups.house == -1) == (groups.house_at_least == -1)).all()


@given(PLACED_CLUES)
def test_no_house_is_in_two_rt(cases: list[tuple[int, Clue]]) -> None:
    for numbers in (group_cases(cases).house, group_cases(cases).house_at_least):
        for house_rows in rows_by_house(numbers.tolist()):
            assert len({cases[row][0] for row in house_rows}) == 1


@given(cases=PLACED_CLUES, random=st.randoms(use_true_random=False))
def test_houses_do_not_depend_on_the_order_of_cases(
    cases: list[tuple[int, Clue]], random: Random
) -> None:
    order = list(range(len(cases)))
    random.shuffle(order)
    groups, shuffled_groups = group_cases(cases), group_cases([cases[row] for row in order])
    assert shuffled_groups.house.tolist() == groups.house[order].tolist()
    assert shuffled_groups.house_at_least.tolist() == groups.house_at_least[order].tolist()


def test_three_cases_at_one_address_with_and_without_cards_are_one_house() -> None:
    address = READER.read("Jl Mawar 1")
    cards = ("a", None, "b")
    assert len(set(group_cases([(0, Clue(address, card)) for card in cards]).house.tolist())) == 1


def test_a_card_with_two_clearly_different_addresses_is_reported() -> None:
    first, second, third = (READER.read(text) for text in ("Mawar 1", "Mawar 2", "Mawar No 1"))
    groups = group_cases([(0, Clue(first, "a")), (0, Clue(second, "a")), (0, Clue(third, "b"))])
    assert groups.card_disagrees.tolist() == [True, True, False]
    assert groups.house[0] != groups.house[1]
    assert len(set(groups.house_at_least.tolist())) == 1
    in_two_rt = group_cases([(0, Clue(first, "a")), (1, Clue(second, "a"))])
    assert not in_two_rt.card_disagrees.any()


def as_letters(numbers: list[int]) -> str:
    """One letter for each house, in order of appearance; `-` is an unknown house."""
    letters = {-1: "-"}
    return "".join(letters.setdefault(n, "ABCDEF"[len(letters) - 1]) for n in numbers)


@pytest.mark.parametrize(
    ("cases", "houses", "at_least", "disagreeing"),
    [
        # address, card and marks of each case; then the houses of the upper and lower count, and
        # the cases whose card has clearly different addresses (x), all decided by hand
        ([(None, None, "k1"), (None, None, "k1"), (None, None, "k2")], "AAB", "AAB", "..."),
        ([(None, "a", None), (None, "a", "k1"), (None, None, "k1")], "AAA", "AAA", "..."),
        # `u` marks: the erased person lived in one of the houses
        ([("Mawar 5", None, "u1"), ("Mawar 7", None, "u1")], "AB", "AA", ".."),
        ([("Mawar 5", None, "u1"), ("Mawar 7", None, "u2")], "AB", "AB", ".."),
        ([(None, None, "u1"), ("Mawar 7", None, "u1")], "-A", "-A", ".."),
        ([("Mawar 5", None, "u1"), ("Mawar 7", "c", "u2 u1")], "AB", "AA", ".."),
        ([(None, "a", "u1"), (None, "b", "u1"), (None, "c", None)], "ABC", "AAB", "..."),
        # an erased address differs from every address that no case has together with its mark
        ([(None, "x", "a1"), ("Mawar 7", "x", None)], "AB", "AA", "xx"),
        ([(None, "x", "a1"), (None, "x", "a2")], "AB", "AA", "xx"),
        ([(None, "x", "a1"), (None, "x", "a2"), (None, None, "a1 a2")], "AAA", "AAA", "..."),
        ([("Mawar 7", None, "a1"), (None, "x", "a1"), ("Mawar 7", "x", None)], "AAA", "AAA", "..."),
        ([(None, "x", "a1 u1"), ("Mawar 7", "x", "u1")], "AA", "AA", ".."),
        # a mark never joins clearly different addresses
        ([("Mawar 5", None, "k1"), ("Mawar 7", None, "k1")], "AB", "AA", ".."),
        # a third spelling of a card belongs to the earlier house with which it agrees
        ([("Mawar 5", "x", None), ("Mawar 7", "x", None), ("No 7", "x", None)],
         "ABB", "AAA", "xxx"),
        ([("Mawar 5", "x", None), ("Mawar 7", "x", None), (None, "x", None)], "ABA", "AAA", "xxx"),
        # one street without its estate agrees with two estates, which are two houses
        (
            [
                ("Jl Mawar 5 Perum Asri", None, None),
                ("Jl Mawar 5 Perum Indah", None, None),
                ("Jl Mawar 5", None, None),
            ],
            "ABA",
            "AAA",
            "...",
        ),
        # two cards meet at an address: one house with everybody
        ([(None, "a", None), ("Mawar 5", "a", None), ("Mawar 5", "b", None), (None, "b", None)],
         "AAAA", "AAAA", "...."),
        # unclear spellings are one house only in the lower count
        ([("Jl Mawar 5", "a", None), ("No 5", "b", None), ("Mawar 7", "c", None)],
         "ABC", "AAB", "..."),
    ],
)  # fmt: skip
def test_cards_addresses_and_marks_give_these_houses(
    cases: list[tuple[str | None, str | None, str | None]],
    houses: str,
    at_least: str,
    disagreeing: str,
) -> None:
    clues = [
        Clue.from_record(None if text is None else READER.read(text), card, marks)
        for text, card, marks in cases
    ]
    groups = group_cases([(4, clue) for clue in clues])
    assert as_letters(groups.house.tolist()) == houses
    assert as_letters(groups.house_at_least.tolist()) == at_least
    assert ["x" if d else "." for d in groups.card_disagrees.tolist()] == [*disagreeing]


def test_houses_are_numbered_from_zero_and_unplaced_cases_have_houses_only_by_card() -> None:
    address = READER.read("Mawar 5")
    cases = [
        (-1, Clue(address, "a")),
        (-1, Clue(address, None)),
        (-1, Clue(address, "b")),
        *((rt, Clue(address, card)) for rt in (0, 1, 2) for card in ("a", None)),
        (2, Clue(None, "c")),
    ]
    groups = group_cases(cases)
    assert groups.house[1] == -1
    assert as_letters(groups.house.tolist()) == "A-BCCDDEEF"
    known = groups.house[groups.house >= 0]
    assert (groups.house.min(), groups.house[0]) == (-1, 0)
    assert known.max() < len(cases)
    assert groups.house.dtype == groups.house_at_least.dtype == np.int32


def test_a_record_of_marks_is_divided_into_certain_and_doubtful_marks() -> None:
    clue = Clue.from_record(None, "card", "k1 u2 a3 u4")
    assert clue == Clue(None, "card", ("k1", "a3"), ("u2", "u4"))
    assert Clue.from_record(None, None, None) == Clue(None, None)
