"""What a measurement is, and how one is made: agreement first, then the median of repeats."""

import statistics
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

OURS: Final = "zoning"


class Effort(NamedTuple):
    """How much is measured."""

    cases: tuple[int, ...]
    points: tuple[int, ...]
    repeats: int
    most_for_peers: int
    """Larger sizes are for us alone: they take others minutes, or more memory than there is."""


EFFORTS: Final = {
    "quick": Effort((100_000, 1_000_000), (100_000, 1_000_000), 3, 1_000_000),
    "default": Effort((100_000, 1_000_000, 10_000_000), (1_000_000, 10_000_000), 3, 10_000_000),
    "full": Effort(
        (1_000_000, 10_000_000, 100_000_000), (1_000_000, 10_000_000, 100_000_000), 3, 10_000_000
    ),
}


class Timing(NamedTuple):
    """One work of one size by one of those compared."""

    work: str
    size: int
    who: str
    seconds: float | None
    """None where it was not measured; `remark` says why."""
    remark: str = ""


class Disagreement(Exception):  # noqa: N818 - it is no fault of the program that measures
    """Two answers to one question: nothing is timed that is not right."""


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median of seconds; once before, to compile and to have the memory."""
    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def medians_in_turn(calls: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median of seconds of each, all done once a round: a busy minute is everybody's."""
    seconds: dict[str, list[float]] = {who: [] for who in calls}
    for turn in range(repeats + 1):
        for who, call in calls.items():
            start = time.perf_counter()
            call()
            # The first round compiles, and has the memory.
            if turn:
                seconds[who].append(time.perf_counter() - start)
    return {who: statistics.median(taken) for who, taken in seconds.items()}


def installed(package: str) -> str | None:
    """Its version, None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
