"""Grouping cases into houses by card and address."""

from itertools import combinations
from random import Random

import numpy as np
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
