"""Timings and how to measure them: medians of repeats, after the answers were compared."""

import statistics
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

OURS: Final = "zoning"


class Effort(NamedTuple):
    """Sizes and repeats of a benchmark."""

    cases: tuple[int, ...]
    points: tuple[int, ...]
    repeats: int
    most_for_peers: int
    """Peers are not measured at larger sizes: they need minutes or too much memory."""


EFFORTS: Final = {
    "quick": Effort((100_000, 1_000_000), (100_000, 1_000_000), 3, 1_000_000),
    "default": Effort((100_000, 1_000_000, 10_000_000), (1_000_000, 10_000_000), 3, 10_000_000),
    "full": Effort(
        (1_000_000, 10_000_000, 100_000_000), (1_000_000, 10_000_000, 100_000_000), 3, 10_000_000
    ),
}


class Timing(NamedTuple):
    """The time of one contender for one task of one size."""

    task: str
    size: int
    contender: str
    seconds: float | None
    """None if not measured; `remark` gives the reason."""
    remark: str = ""


class Disagreement(Exception):  # noqa: N818 - no error of the benchmark itself
    """Two contenders give different answers: a wrong answer is not timed."""


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median of seconds, after one call that compiles and allocates memory."""
    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def medians_in_turn(calls: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median of seconds of each call. Calls run in turn, so a busy minute slows all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for round_number in range(repeats + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            # Round 0 compiles and allocates memory.
            if round_number:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def installed(package: str) -> str | None:
    """Version of an installed package; None if not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
