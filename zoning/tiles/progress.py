"""Report the progress of a long task."""

from collections.abc import Callable

from geodata.language import Bilingual, Progress


def quarters(log: Callable[[Bilingual], None]) -> Progress:
    """Log one line per quarter of a task."""
    last_quarter: dict[str, int] = {}

    def log_quarter(task: Bilingual, done: int, total: int) -> None:
        quarter = 4 * done // total
        if quarter > last_quarter.get(task.en, 0):
            share = f"{25 * quarter} %"
            log(Bilingual(f"{task.id}, {share}", f"{task.en}, {share}"))
        last_quarter[task.en] = quarter if done < total else 0

    return log_quarter


class StepCounter:
    """Counts the steps of one task and reports each."""

    def __init__(self, progress: Progress, task: Bilingual, total: int) -> None:
        self._progress, self._task, self._total = progress, task, total
        self._done = 0

    def advance(self) -> None:
        """Report that one more step is done."""
        self._done += 1
        self._progress(self._task, self._done, self._total)
