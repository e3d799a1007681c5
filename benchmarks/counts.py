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
    ON_THEIR_OWN,
    PEERS,
    Epidemic,
    Int64s,
    houses,
    houses_cases_active,
)
from geodata.calendar import DayNumbers
from zoning.counting.houses import COUNT_NAMES, CaseTable, CountName, Counts, houses_in_window
from zoning.rules import built_in
from zoning.zones.recounting import reclassify

N_RT: Final = 10_628
HOUSES: Final = 45
N_DAYS: Final = 730
WINDOW: Final = 7
HOUSES_ONLY: Final = "houses per RT and day"
ALL_COUNTS: Final = "houses, cases and active per RT and day"
_TASKS: Final[dict[str, Sequence[CountName]]] = {
    HOUSES_ONLY: ("houses",),
    ALL_COUNTS: ("houses", "cases", "active"),
}
"""The counts of each task, the same for all contenders."""
RECLASSIFIED: Final = "the whole history under another rule"
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


def ours(cases: Epidemic, wanted: Sequence[CountName] = COUNT_NAMES) -> Counts:
    """Our sparse counts."""
    table = CaseTable(cases.rt, cases.house, cases.day, cases.until)
    days = DayNumbers(0, cases.n_days - 1)
    return houses_in_window(table, days, window=cases.window, wanted=wanted)


def check(cases: Epidemic, counts: Counts, answers: Sequence[Int64s], peer: str) -> None:
    """Compare counts of a peer with ours for every RT and day: houses, then cases and active.

    Raises
    ------
    Disagreement
        If any count differs.
    """
    for name, answer in zip(("houses", "cases", "active"), answers, strict=False):
        dense = np.zeros((cases.n_rt, cases.n_days), dtype=np.int64)
        dense[counts.rt, counts.day] = getattr(counts, name)
        different = np.argwhere(dense != answer)
        if len(different):
            rt, day = different[0]
            raise Disagreement(
                f"{name} of RT {rt} on day {day}: {dense[rt, day]} by us, {answer[rt, day]} by "
                f"{peer}; {len(different)} such."
            )


def measure(effort: Effort) -> Iterator[Timing]:
    """Compare the answers, then time all contenders in turn, for each size."""
    for n in effort.cases:
        cases = epidemic(n)
        peers = _reasons_not_measured(n, effort)
        _check_all(cases, [peer for peer, remark in peers.items() if not remark])
        for task, wanted in _TASKS.items():
            calls: dict[str, Callable[[], object]] = {OURS: partial(ours, cases, wanted)}
            for peer, remark in peers.items():
                calls |= {} if remark else _calls(task, peer, cases)
            medians = medians_in_turn(calls, effort.repeats)
            yield from (Timing(task, n, peer, seconds) for peer, seconds in medians.items())
            for peer, remark in peers.items():
                if remark:
                    yield Timing(task, n, peer, None, remark)
    yield _time_reclassification(effort.repeats)


def _reasons_not_measured(n: int, effort: Effort) -> dict[str, str]:
    """The reason why each peer cannot be measured; empty if it can."""
    too_large = "not run at this size" if n > effort.most_for_peers else ""
    return {peer: "not installed" if installed(peer) is None else too_large for peer in PEERS}


def _check_all(cases: Epidemic, peers: Sequence[str]) -> None:
    houses_alone, all_counts = (ours(cases, wanted) for wanted in _TASKS.values())
    for peer in peers:
        answers = houses_cases_active(cases, PEERS[peer])
        check(cases, all_counts, answers, peer)
        check(cases, houses_alone, answers[:1], peer)
        if peer in ON_THEIR_OWN:
            check(cases, houses_alone, [ON_THEIR_OWN[peer](cases)], f"{peer} alone")


def _calls(task: str, peer: str, cases: Epidemic) -> dict[str, Callable[[], object]]:
    tool = PEERS[peer]
    with_numpy_sums = f"{peer}, sums by numpy" if peer in ON_THEIR_OWN else peer
    if task == ALL_COUNTS:
        return {with_numpy_sums: partial(houses_cases_active, cases, tool)}
    on_its_own = (
        {f"{peer} alone": partial(ON_THEIR_OWN[peer], cases)} if peer in ON_THEIR_OWN else {}
    )
    return {**on_its_own, with_numpy_sums: partial(houses, cases, tool)}


def _time_reclassification(repeats: int) -> Timing:
    cases = epidemic(_CASES_OF_A_CITY, n_days=_DAYS_OF_A_CITY)
    table = CaseTable(cases.rt, cases.house, cases.day, cases.until)
    first = date(1970, 1, 1)
    days = [first + timedelta(days=k) for k in range(_DAYS_OF_A_CITY)]
    reclassify_history = partial(reclassify, table, days, built_in().rules[-1], N_RT)
    return Timing(
        RECLASSIFIED, _CASES_OF_A_CITY, OURS, median_seconds(reclassify_history, max(repeats, 5))
    )
