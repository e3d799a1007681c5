"""Saying how far a long piece of work is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


def quarters(say: Callable[[str], None]) -> Progress:
    """Tell every quarter of a work in a line of its own: for a log."""
    told: dict[str, int] = {}

    def tell(doing: str, done: int, total: int) -> None:
        quarter = 4 * done // total
        if quarter > told.get(doing, 0):
            say(f"{doing}, {25 * quarter} %")
        told[doing] = quarter if done < total else 0

    return tell


class Steps:
    """Counts the steps of one piece of work."""

    def __init__(self, progress: Progress, doing: str, total: int) -> None:
        self._progress, self._doing, self._total = progress, doing, total
        self._done = 0

    def step(self) -> None:
        """Tell that one more is done."""
        self._done += 1
        self._progress(self._doing, self._done, self._total)
