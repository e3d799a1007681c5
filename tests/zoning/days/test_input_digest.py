"""The digest of a day depends exactly on the cases that affect the day."""

from random import Random

import numpy as np
import pytest
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


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_house_and_two_houses_have_different_digests(place: int) -> None:
    one_house, two_houses, unknown_houses = (
        digest([(0, 1, 8, 9), (place, first, 8, 9), (place, second, 8, 9)])
        for first, second in ((2, 2), (2, 3), (-1, -1))
    )
    assert len({one_house, two_houses, unknown_houses}) == 3


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


# --- known digests ---

KNOWN_CASES: list[Row] = [
    # a house with three cases, one of them older than the window
    *((0, 1, 8, 9), (0, 1, 6, 30), (0, 1, 2, 30)),
    # two cases of a house on one day, and the same house number in another RT
    *((0, 2, 7, 9), (0, 2, 7, 8), (1, 2, 7, 8)),
    # cases without a house; the last is too old and too late
    *((1, -1, 5, 8), (1, -1, 5, 30), (2, -1, 4, 9), (2, 5, 4, 8), (2, 5, 14, 30)),
]
DIGESTS = {
    4: "7ab548e72dafb8b3f29cc8e3ef156046",
    8: "013b244ecc4d46b76044878146f8bf7e",
    11: "c7aeaf2477d8971ac0cd0c2b403361d4",
    40: "e3b0c44298fc1c149afbf4c8996fb924",
}
DIGESTS_WITH_DOUBT = {
    4: "7ab548e72dafb8b3f29cc8e3ef156046",
    8: "867ecb1f2ae2095eef3dcd92cfc5ea6c",
    11: "c7aeaf2477d8971ac0cd0c2b403361d4",
    40: "e3b0c44298fc1c149afbf4c8996fb924",
}


def digests_in_doubt(rows: list[Row], lower: list[int], days: list[int]) -> list[str]:
    """Digests of cases for which the lower count has the house numbers `lower`."""
    columns = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    cases = CaseTable(*columns)._replace(house_at_least=np.array(lower, dtype=np.int32))
    return list(input_digest.digests(cases, columns[0], days, window=WINDOW))


def test_the_digests_of_the_same_cases_never_change() -> None:
    """Another digest of the same cases would publish every day again."""
    assert {day: digest(KNOWN_CASES, day) for day in DIGESTS} == DIGESTS
    lower = [1 if house in (1, 2) else house for _, house, *_ in KNOWN_CASES]
    in_doubt = digests_in_doubt(KNOWN_CASES, lower, list(DIGESTS_WITH_DOUBT))
    assert dict(zip(DIGESTS_WITH_DOUBT, in_doubt, strict=True)) == DIGESTS_WITH_DOUBT


def test_a_doubt_matters_only_on_days_with_its_houses_in_the_window() -> None:
    rows, days = [(0, 1, 2, 3), (0, 2, 4, 5)], list(range(10))
    upper = [digest(rows, day) for day in days]
    in_doubt = digests_in_doubt(rows, [1, 1], days)
    # Both cases are in the window of four days on the days 4 and 5.
    assert [day for day in days if upper[day] != in_doubt[day]] == [4, 5]
    assert digests_in_doubt(rows, [7, 8], days) == upper
    assert {len(value) for value in in_doubt} == {32}


@pytest.mark.parametrize("until", [DAY - 20, DAY])
def test_the_window_has_its_first_and_its_last_day(until: int) -> None:
    empty = digest([])
    days = range(DAY - WINDOW - 2, DAY + 3)
    assert [day for day in days if digest([(0, -1, day, until)]) != empty] == [5, 6, 7, 8]


def test_without_days_there_are_no_digests() -> None:
    columns = np.array(KNOWN_CASES, dtype=np.int32).T
    assert list(input_digest.digests(CaseTable(*columns), columns[0], [], window=WINDOW)) == []
