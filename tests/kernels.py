"""Kernels as a suite of their own: compiled and as plain Python, on one thread and on several.

``make kernels`` runs the files of ``tests/kernels.txt`` four times. ``NUMBA_DISABLE_JIT=1`` makes
kernels plain Python, ``--kernel-threads`` says on how many threads they run. The inputs of a test
are small, so that the engine would take one thread for them: here a few points are enough for
another thread.
"""

import os
from typing import Final

import pytest

from zoning.counting import sweeping
from zoning.kernels.compiling import UNCOMPILED
from zoning.locating import locator

OPTION: Final = "--kernel-threads"
_POINTS_A_THREAD: Final = 4
_ROWS_A_THREAD: Final = 4
_FEWER: Final = 50
_LEAST: Final = 2


def examples(number: int) -> int:
    """So many examples, a fiftieth where kernels are plain Python, slower by hundreds."""
    return max(number // _FEWER, _LEAST) if UNCOMPILED else number


def take_infinity(config: pytest.Config) -> None:
    """A product beyond the largest number is infinity, as it is compiled: numpy also warns."""
    if UNCOMPILED:
        for where in ("scalar multiply", "scalar subtract", "scalar add"):
            line = f"ignore:overflow encountered in {where}:RuntimeWarning"
            config.addinivalue_line("filterwarnings", line)


def run_on(threads: int, patch: pytest.MonkeyPatch) -> None:
    """Run kernels on so many threads from here on, whatever the input's size and the machine."""
    patch.setattr(os, "cpu_count", lambda: threads)
    patch.setattr(locator, "_CHUNK", _POINTS_A_THREAD)
    patch.setattr(sweeping, "_ENOUGH", _ROWS_A_THREAD)


def is_too_large(item: pytest.Item) -> bool:
    """Whether a test would take minutes with kernels that are plain Python."""
    fixtures = getattr(item, "fixturenames", ())
    return UNCOMPILED and (item.get_closest_marker("large") is not None or "small_city" in fixtures)
