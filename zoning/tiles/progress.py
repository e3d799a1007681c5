"""Saying how far a long piece of work is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Steps:
    """Counts the steps of one piece of work."""

    def __init__(self, progress: Progress, doing: str, total: int) -> None:
        self._progress, self._doing, self._total = progress, doing, total
        self._done = 0

    def step(self) -> None:
        """Tell that one more is done."""
        self._done += 1
        self._progress(self._doing, self._done, self._total)
