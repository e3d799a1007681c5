"""Counts of every RT and day, and the whole history under another rule.

Cases are spread evenly over 10,628 RT of 45 houses each and over two years, in no order.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

import numpy as np

from benchmarks.measuring import (
    OURS,
    Disagreement,
    Effort,
    Timing,
    installed,
    median_seconds,
    medians_in_turn,
)
from benchmarks.peers.counts import (
    ALONE,
    PEERS,
    Epidemic,
    Int64s,
    houses,
    houses_cases_active,
)
from geodata.calendar import DayNumbers
from zoning.counting.houses import WANTED, CaseTable, Counts, Wanted, houses_in_window
from zoning.rules import built_in
from zoning.zones.recounting import rejudge

N_RT: Final = 10_628
HOUSES: Final = 45
N_DAYS: Final = 730
WINDOW: Final = 7
HOUSES_ALONE: Final = "houses per RT and day"
TOGETHER: Final = "houses, cases and active per RT and day"
_WORKS: Final[dict[str, Sequence[Wanted]]] = {
    HOUSES_ALONE: ("houses",),
    TOGETHER: ("houses", "cases", "active"),
}
"""What we count is what the others do: in each work the same counts."""
REJUDGED: Final = "the whole history under another rule"
_CASES_OF_A_CITY: Final = 81_000
_DAYS_OF_A_CITY: Final = 656


def epidemic(n: int, *, n_rt: int = N_RT, n_days: int = N_DAYS, seed: int = 7) -> Epidemic:
    """``n`` cases."""
    random = np.random.default_rng(seed)
    rt = random.integers(0, n_rt, n, dtype=np.int32)
    house = rt * np.int32(HOUSES) + random.integers(0, HOUSES, n, dtype=np.int32)
    day = random.integers(0, n_days, n, dtype=np.int32)
    until = day + random.integers(5, 20, n, dtype=np.int32)
    return Epidemic(rt, house, day, until, n_rt, n_days, WINDOW)


def ours(cases: Epidemic, wanted: Sequence[Wanted] = WANTED) -> Counts:
    """Some counts at once, sparse."""
    table = CaseTable(cases.rt, cases.house, cases.day, cases.until)
    days = DayNumbers(0, cases.n_days - 1)
    return houses_in_window(table, days, window=cases.window, wanted=wanted)


def check(cases: Epidemic, counts: Counts, answers: Sequence[Int64s], who: str) -> None:
    """Compare another's houses, and cases and active if there, with ours, every RT and day.

    Raises
    ------
    Disagreement
        If any count is another.
    """
    for name, answer in zip(("houses", "cases", "active"), answers, strict=False):
        dense = np.zeros((cases.n_rt, cases.n_days), dtype=np.int64)
        dense[counts.rt, counts.day] = getattr(counts, name)
        differ = np.argwhere(dense != answer)
        if len(differ):
            rt, day = differ[0]
            raise Disagreement(
                f"{name} of RT {rt} on day {day}: {dense[rt, day]} by us, {answer[rt, day]} by "
                f"{who}; {len(differ)} such."
            )


def measure(effort: Effort) -> Iterator[Timing]:
    """Check, then time, size by size, all in turn."""
    for n in effort.cases:
        cases = epidemic(n)
        peers = _able(n, effort)
        _check_all(cases, [who for who, remark in peers.items() if not remark])
        for work, wanted in _WORKS.items():
            calls: dict[str, Callable[[], object]] = {OURS: partial(ours, cases, wanted)}
            for who, remark in peers.items():
                calls |= {} if remark else _calls(work, who, cases)
            timed = medians_in_turn(calls, effort.repeats)
            yield from (Timing(work, n, who, seconds) for who, seconds in timed.items())
            for who, remark in peers.items():
                if remark:
                    yield Timing(work, n, who, None, remark)
    yield _rejudged(effort.repeats)


def _able(n: int, effort: Effort) -> dict[str, str]:
    """Why each of the others cannot be measured; empty where it can."""
    large = "not run at this size" if n > effort.most_for_peers else ""
    return {who: "not installed" if installed(who) is None else large for who in PEERS}


def _check_all(cases: Epidemic, peers: Sequence[str]) -> None:
    houses_alone, together = (ours(cases, wanted) for wanted in _WORKS.values())
    for who in peers:
        answers = houses_cases_active(cases, PEERS[who])
        check(cases, together, answers, who)
        check(cases, houses_alone, answers[:1], who)
        if who in ALONE:
            check(cases, houses_alone, [ALONE[who](cases)], f"{who} alone")


def _calls(work: str, who: str, cases: Epidemic) -> dict[str, Callable[[], object]]:
    tool = PEERS[who]
    summed = f"{who}, sums by numpy" if who in ALONE else who
    if work == TOGETHER:
        return {summed: partial(houses_cases_active, cases, tool)}
    alone = {f"{who} alone": partial(ALONE[who], cases)} if who in ALONE else {}
    return {**alone, summed: partial(houses, cases, tool)}


def _rejudged(repeats: int) -> Timing:
    cases = epidemic(_CASES_OF_A_CITY, n_days=_DAYS_OF_A_CITY)
    table = CaseTable(cases.rt, cases.house, cases.day, cases.until)
    first = date(1970, 1, 1)
    days = [first + timedelta(days=k) for k in range(_DAYS_OF_A_CITY)]
    again = partial(rejudge, table, days, built_in().rules[-1], N_RT)
    return Timing(REJUDGED, _CASES_OF_A_CITY, OURS, median_seconds(again, max(repeats, 5)))
