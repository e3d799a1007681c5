"""Cases and their counts by Python sets, the oracle of the sweep."""

import numpy as np

from zoning.counting.houses import CaseTable, Counts, Events

Case = tuple[int, int, int, int]  # rt, house, day, until
Event = tuple[int, int]  # rt, day
NEVER = 2**31 - 1


def table(cases: list[Case]) -> CaseTable:
    columns = np.array(cases, dtype=np.int32).reshape(-1, 4).T
    return CaseTable(*columns)


def events(listed: list[Event]) -> Events:
    return Events(*np.array(listed, dtype=np.int32).reshape(-1, 2).T)


def rows(counts: Counts) -> list[tuple[int, ...]]:
    return [tuple(int(cell) for cell in row) for row in zip(*counts, strict=True)]


def count_with_sets(
    cases: list[Case],
    days: range,
    window: int,
    deaths: list[Event] = [],  # noqa: B006  (never changed)
    newcomers: list[Event] = [],  # noqa: B006
) -> list[tuple[int, ...]]:
    counted: list[tuple[int, ...]] = []
    for day in days:
        for rt in sorted({row[0] for row in (*cases, *deaths, *newcomers) if row[0] >= 0}):
            rt_cases = [case for case in cases if case[0] == rt]
            recent = [case for case in rt_cases if day - window < case[2] <= day]
            known = {case[1] for case in recent if case[1] >= 0}
            unknown = [case for case in recent if case[1] < 0]
            active = [case for case in rt_cases if case[2] <= day < case[3]]
            n_deaths, n_newcomers = (
                sum(event[0] == rt and day - window < event[1] <= day for event in events)
                for events in (deaths, newcomers)
            )
            if recent or active or n_deaths or n_newcomers:
                count = len(known) + len(unknown)
                at_least = len(known) + bool(unknown)
                counts = (count, at_least, len(recent), len(active), n_deaths, n_newcomers)
                counted.append((day, rt, *counts))
    return counted


def epidemic(n: int, seed: int = 3) -> CaseTable:
    """Cases of 150 RT, some RT with few cases; a house number occurs often and in several RT."""
    random = np.random.default_rng(seed)
    rt = np.minimum(random.geometric(0.05, n), 150) - 2
    house = random.integers(-1, 40, n) * 1_000_003 % 2**31
    house[random.random(n) < 0.1] = -1
    day = random.integers(-20, 60, n)
    return CaseTable(
        *(column.astype(np.int32) for column in (rt, house, day, day + random.integers(0, 25, n)))
    )
