"""The digest of a day depends exactly on the cases that affect the day."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.counting.houses import CaseTable
from zoning.days import input_digest

Row = tuple[int, int, int, int]  # place, house, day, until
ROW = st.tuples(st.integers(0, 2), st.integers(-1, 2), st.integers(0, 14), st.integers(0, 20))
WINDOW, DAY = 4, 8


def digest(rows: list[Row], day: int = DAY) -> str:
    columns = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    [value] = input_digest.digests(CaseTable(*columns), columns[0], [day], window=WINDOW)
    return value


def facts(rows: list[Row]) -> object:
    """Every fact of the day that a rule could use, with Python sets."""
    recent = [row for row in rows if DAY - WINDOW < row[2] <= DAY]
    households: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    alone = []
    for place, house, day, until in recent:
        member = (day, until > DAY)
        if house >= 0:
            households.setdefault((place, house), []).append(member)
        else:
            alone.append((place, member))
    lingering = [row[0] for row in rows if row[2] <= DAY - WINDOW and row[3] > DAY]
    latest = sorted((place, max(members)[0]) for (place, _), members in households.items())
    members = sorted(
        (place, member)
        for (place, _), house_members in households.items()
        for member in house_members
    )
    return latest, members, sorted(alone), sorted(lingering)


@given(st.lists(ROW, max_size=12), st.randoms(), st.permutations(range(3)))
@settings(max_examples=200)
def test_the_order_of_rows_and_the_numbers_of_houses_do_not_matter(
    rows: list[Row], random: Random, names: list[int]
) -> None:
    renamed = [(p, names[h] + 70 if h >= 0 else -1, d, u) for p, h, d, u in rows]
    random.shuffle(renamed)
    assert digest(renamed) == digest(rows)


@given(st.lists(ROW, max_size=6), st.lists(ROW, max_size=6))
@settings(max_examples=500)
def test_days_that_a_rule_could_tell_apart_have_different_digests(
    rows: list[Row], others: list[Row]
) -> None:
    if facts(rows) != facts(others):
        assert digest(rows) != digest(others)


@given(st.lists(ROW, max_size=12), ROW)
@settings(max_examples=200)
def test_a_later_case_and_an_inactive_case_older_than_the_window_do_not_matter(
    rows: list[Row], extra: Row
) -> None:
    place, house, day, until = extra
    assert digest([*rows, (place, house, DAY + 1 + day, 40)]) == digest(rows)
    old = DAY - WINDOW - day
    assert digest([*rows, (place, house, old, min(until, DAY))]) == digest(rows)


def test_one_house_and_two_houses_have_different_digests() -> None:
    assert digest([(0, 1, 8, 9), (0, 1, 8, 9)]) != digest([(0, 1, 8, 9), (0, 2, 8, 9)])
    assert digest([(0, 1, 8, 9), (0, 1, 8, 9)]) != digest([(0, -1, 8, 9), (0, -1, 8, 9)])


@given(st.lists(ROW, max_size=6), st.integers(0, 2), st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=200)
def test_the_age_of_an_active_case_older_than_the_window_does_not_matter(
    rows: list[Row], place: int, days_ago: int, other_days_ago: int
) -> None:
    """A case older than the window counts only as active, so its age does not matter."""
    oldest = DAY - WINDOW
    case, other_case = ((place, -1, oldest - days, DAY + 1) for days in (days_ago, other_days_ago))
    assert digest([*rows, case]) == digest([*rows, other_case])
    assert digest([*rows, case]) != digest(rows)


def test_days_with_the_same_active_case_older_than_the_window_have_one_digest() -> None:
    lingering = [(0, 1, 0, 30)]
    first = digest(lingering, WINDOW)
    assert {digest(lingering, day) for day in range(WINDOW, 30)} == {first}
    assert digest(lingering, WINDOW - 1) != first != digest(lingering, 30)
