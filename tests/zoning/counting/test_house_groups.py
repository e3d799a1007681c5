"""Cases grouped into houses by card and address."""

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
    lambda text, card, marks: Clue.of(None if text is None else READER.read(text), card, marks),
    st.sampled_from((*TEXTS, None)),
    st.sampled_from(("a", "b", "c", None)),
    st.sampled_from((None, None, None, "k1", "a2 u3", "u3")),
)
PLACED = st.lists(st.tuples(st.integers(-1, 2), CLUES), max_size=14)


def grouped(placed: list[tuple[int, Clue]]) -> HouseGroups:
    rt = np.array([place for place, _ in placed], dtype=np.int32)
    return group_into_houses(rt, [clue for _, clue in placed])


def parts(numbers: list[int]) -> set[frozenset[int]]:
    """Rows by their number, those without one left out."""
    return {frozenset(k for k, n in enumerate(numbers) if n == one) for one in set(numbers) - {-1}}


@given(PLACED)
def test_clearly_different_addresses_are_never_one_house(placed: list[tuple[int, Clue]]) -> None:
    house = grouped(placed).house.tolist()
    for one, other in combinations(range(len(placed)), 2):
        left, right = placed[one][1].address, placed[other][1].address
        if house[one] == house[other] and left and right and placed[one][0] >= 0:
            assert compare_houses(left, right) != Verdict.DIFFERENT


@given(PLACED)
def test_one_address_of_an_rt_is_one_house_whatever_the_cards(
    placed: list[tuple[int, Clue]],
) -> None:
    groups = grouped(placed)
    for one, other in combinations(range(len(placed)), 2):
        (place, left), (there, right) = placed[one], placed[other]
        if place == there >= 0 and left.address and left.address == right.address:
            assert groups.house[one] == groups.house[other] != -1


@given(PLACED)
def test_the_lower_count_has_houses_of_the_upper_joined(placed: list[tuple[int, Clue]]) -> None:
    groups = grouped(placed)
    lower = parts(groups.house_at_least.tolist())
    for part in parts(groups.house.tolist()):
        assert any(part <= whole for whole in lower)
    assert ((groups.house == -1) == (groups.house_at_least == -1)).all()


@given(PLACED)
def test_no_house_is_in_two_rt(placed: list[tuple[int, Clue]]) -> None:
    for numbers in (grouped(placed).house, grouped(placed).house_at_least):
        for part in parts(numbers.tolist()):
            assert len({placed[row][0] for row in part}) == 1


@given(placed=PLACED, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(
    placed: list[tuple[int, Clue]], shuffled: Random
) -> None:
    order = list(range(len(placed)))
    shuffled.shuffle(order)
    groups, other = grouped(placed), grouped([placed[row] for row in order])
    assert other.house.tolist() == groups.house[order].tolist()
    assert other.house_at_least.tolist() == groups.house_at_least[order].tolist()


def test_three_cases_at_one_address_with_and_without_cards_are_one_house() -> None:
    address = READER.read("Jl Mawar 1")
    cards = ("a", None, "b")
    assert len(set(grouped([(0, Clue(address, card)) for card in cards]).house.tolist())) == 1


def test_a_card_with_two_clearly_different_addresses_is_said() -> None:
    first, second, third = (READER.read(text) for text in ("Mawar 1", "Mawar 2", "Mawar No 1"))
    groups = grouped([(0, Clue(first, "a")), (0, Clue(second, "a")), (0, Clue(third, "b"))])
    assert groups.card_disagrees.tolist() == [True, True, False]
    assert groups.house[0] != groups.house[1]
    assert len(set(groups.house_at_least.tolist())) == 1
    elsewhere = grouped([(0, Clue(first, "a")), (1, Clue(second, "a"))])
    assert not elsewhere.card_disagrees.any()
