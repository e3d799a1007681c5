"""Saying how far a long piece of work is that several threads do."""

from collections.abc import Callable
from threading import Lock

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Steps:
    """Counts steps of one piece of work, whoever takes them."""

    def __init__(self, progress: Progress, doing: str, total: int) -> None:
        self._progress, self._doing, self._total = progress, doing, total
        self._done = 0
        self._telling = Lock()

    def step(self) -> None:
        """Tell that one more is done."""
        with self._telling:
            self._done += 1
            self._progress(self._doing, self._done, self._total)
