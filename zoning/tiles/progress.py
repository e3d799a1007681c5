"""Saying how far a long piece of work is."""

from collections.abc import Callable

from geodata.language import Bilingual, Progress


def quarters(say: Callable[[Bilingual], None]) -> Progress:
    """Tell every quarter of a work in a line of its own: for a log."""
    told: dict[str, int] = {}

    def tell(doing: Bilingual, done: int, total: int) -> None:
        quarter = 4 * done // total
        if quarter > told.get(doing.en, 0):
            share = f"{25 * quarter} %"
            say(Bilingual(f"{doing.id}, {share}", f"{doing.en}, {share}"))
        told[doing.en] = quarter if done < total else 0

    return tell


class Steps:
    """Counts the steps of one piece of work."""

    def __init__(self, progress: Progress, doing: Bilingual, total: int) -> None:
        self._progress, self._doing, self._total = progress, doing, total
        self._done = 0

    def step(self) -> None:
        """Tell that one more is done."""
        self._done += 1
        self._progress(self._doing, self._done, self._total)
