"""The digest of a day's records holds what bears on it, and nothing else."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.counting.houses import CaseTable
from zoning.days import input_digest

Row = tuple[int, int, int, int]  # place, house, day, until
ROW = st.tuples(st.integers(0, 2), st.integers(-1, 2), st.integers(0, 14), st.integers(0, 20))
WINDOW, JUDGED = 4, 8


def digest(rows: list[Row], judged: int = JUDGED) -> str:
    columns = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    [found] = input_digest.digests(CaseTable(*columns), columns[0], [judged], window=WINDOW)
    return found


def facts(rows: list[Row]) -> object:
    """Everything a rule could ask of the day, by Python sets."""
    recent = [row for row in rows if JUDGED - WINDOW < row[2] <= JUDGED]
    households: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    alone = []
    for place, house, day, until in recent:
        member = (day, until > JUDGED)
        if house >= 0:
            households.setdefault((place, house), []).append(member)
        else:
            alone.append((place, member))
    lingering = [row[0] for row in rows if row[2] <= JUDGED - WINDOW and row[3] > JUDGED]
    latest = sorted((place, max(members)[0]) for (place, _), members in households.items())
    members = sorted((place, m) for (place, _), found in households.items() for m in found)
    return latest, members, sorted(alone), sorted(lingering)


@given(st.lists(ROW, max_size=12), st.randoms(), st.permutations(range(3)))
@settings(max_examples=200)
def test_order_and_numbers_of_houses_are_nothing(
    rows: list[Row], random: Random, names: list[int]
) -> None:
    other = [(p, names[h] + 70 if h >= 0 else -1, d, u) for p, h, d, u in rows]
    random.shuffle(other)
    assert digest(other) == digest(rows)


@given(st.lists(ROW, max_size=6), st.lists(ROW, max_size=6))
@settings(max_examples=500)
def test_days_that_differ_in_what_a_rule_could_ask_have_other_digests(
    rows: list[Row], others: list[Row]
) -> None:
    if facts(rows) != facts(others):
        assert digest(rows) != digest(others)


@given(st.lists(ROW, max_size=12), ROW)
@settings(max_examples=200)
def test_a_case_of_a_later_day_or_over_and_past_the_window_bears_nothing(
    rows: list[Row], extra: Row
) -> None:
    place, house, day, until = extra
    assert digest([*rows, (place, house, JUDGED + 1 + day, 40)]) == digest(rows)
    old = JUDGED - WINDOW - day
    assert digest([*rows, (place, house, old, min(until, JUDGED))]) == digest(rows)


def test_two_houses_are_not_one() -> None:
    assert digest([(0, 1, 8, 9), (0, 1, 8, 9)]) != digest([(0, 1, 8, 9), (0, 2, 8, 9)])
    assert digest([(0, 1, 8, 9), (0, 1, 8, 9)]) != digest([(0, -1, 8, 9), (0, -1, 8, 9)])


@given(st.lists(ROW, max_size=6), st.integers(0, 2), st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=200)
def test_how_long_ago_an_active_case_left_the_window_is_nothing(
    rows: list[Row], place: int, ago: int, other: int
) -> None:
    """A case older than the window counts as active, today as tomorrow: its age changes nothing."""
    oldest = JUDGED - WINDOW
    one, another = ((place, -1, oldest - days, JUDGED + 1) for days in (ago, other))
    assert digest([*rows, one]) == digest([*rows, another])
    assert digest([*rows, one]) != digest(rows)


def test_a_day_judged_again_after_an_active_case_left_the_window_is_the_same_day() -> None:
    lingering = [(0, 1, 0, 30)]
    first = digest(lingering, WINDOW)
    assert {digest(lingering, day) for day in range(WINDOW, 30)} == {first}
    assert digest(lingering, WINDOW - 1) != first != digest(lingering, 30)
