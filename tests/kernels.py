"""The kernel suite: kernels compiled and as plain Python, on one thread and on several threads.

``make kernels`` runs the files of ``tests/kernels.txt`` four times. ``NUMBA_DISABLE_JIT=1`` makes
kernels plain Python; ``--kernel-threads`` is the number of threads. The engine would use one thread
for the small inputs of tests, so the inputs per thread are reduced to a few points here.
"""

import os
from typing import Final

import pytest

from zoning.counting import sweeping
from zoning.kernels.compiling import UNCOMPILED
from zoning.locating import locator

OPTION: Final = "--kernel-threads"
_POINTS_PER_THREAD: Final = 4
_ROWS_PER_THREAD: Final = 4
_REDUCTION: Final = 50
_MIN_EXAMPLES: Final = 2


def example_count(number: int) -> int:
    """The number of examples, divided by 50 for plain Python, which is hundreds of times slower."""
    return max(number // _REDUCTION, _MIN_EXAMPLES) if UNCOMPILED else number


def ignore_overflow_warnings(config: pytest.Config) -> None:
    """Ignore NumPy's overflow warnings in plain Python; compiled kernels give infinity silently."""
    if UNCOMPILED:
        for operation in ("scalar multiply", "scalar subtract", "scalar add"):
            line = f"ignore:overflow encountered in {operation}:RuntimeWarning"
            config.addinivalue_line("filterwarnings", line)


def set_threads(threads: int, patch: pytest.MonkeyPatch) -> None:
    """Run kernels on this number of threads, for every size of input and every machine."""
    patch.setattr(os, "cpu_count", lambda: threads)
    patch.setattr(locator, "_CHUNK", _POINTS_PER_THREAD)
    patch.setattr(sweeping, "_ROWS_PER_THREAD", _ROWS_PER_THREAD)


def is_too_slow(item: pytest.Item) -> bool:
    """Whether a test would take minutes with kernels in plain Python."""
    fixtures = getattr(item, "fixturenames", ())
    return UNCOMPILED and (item.get_closest_marker("large") is not None or "small_city" in fixtures)
