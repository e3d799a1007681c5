"""Long work in known steps: a line for each step with a bar and the remaining time.

Some steps report seldom, so a bar moves with the clock too. The first estimate of a step's time is
the time on an ordinary machine. The pace of the finished steps corrects the estimate.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from time import monotonic
from typing import Final, NamedTuple

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from api.cli.terminal.language import LANGUAGE, localised
from api.cli.terminal.output import STDERR, print_message
from geodata.language import Bilingual
from geodata.language import Progress as ReportProgress

_MAX_REPORTED_SHARE: Final = 0.9
"""A step cannot report more than this: the step is done when the next step begins."""


class Step(NamedTuple):
    """A step of the work, with its seconds on an ordinary machine."""

    title: Bilingual
    seconds: float


class StepClock:
    """The done share of each step, and the remaining time.

    Parameters
    ----------
    clock
        Seconds since any moment.
    on_start
        Called with the number of each step when the step begins.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        clock: Callable[[], float] = monotonic,
        on_start: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.steps = steps
        self._clock, self._on_start = clock, on_start
        self._numbers = {step.title.en: number for number, step in enumerate(steps)}
        self._starts: list[float] = []
        self._reported, self._reported_at = 0.0, 0.0

    def report(self, title: Bilingual, done: int, total: int) -> None:
        """Note how much of a step is done, and that the steps before are finished."""
        number = self._numbers[title.en]
        while len(self._starts) <= number:
            self._starts.append(self._clock())
            self._reported, self._reported_at = 0.0, self._starts[-1]
            self._on_start(len(self._starts) - 1)
        share = min(done / max(total, 1), _MAX_REPORTED_SHARE)
        if number == len(self._starts) - 1 and share > self.share(number):
            self._reported, self._reported_at = share, self._clock()

    def report_part(self, title: Bilingual, part: int, parts: int) -> ReportProgress:
        """The callback for work that is one of `parts` equal parts of a step."""
        return lambda _, done, total: self.report(title, part * total + done, parts * total)

    def finish(self) -> None:
        """Note that the last step is done."""
        self._starts += [self._clock()] * (len(self.steps) + 1 - len(self._starts))

    def share(self, number: int) -> float:
        """The done share of a step, from 0 to 1.

        Between two reports the share grows with the clock: half of the remaining share is done
        after the estimated remaining time, and the share never reaches 1.
        """
        if number >= len(self._starts):
            return 0.0
        if number < len(self._starts) - 1:
            return 1.0
        remaining = 1 - self._reported
        waited = self._clock() - self._reported_at
        return self._reported + remaining * waited / (waited + remaining * self._expected(number))

    def seconds(self, number: int) -> float:
        """The seconds that a finished step took, or the remaining seconds of another step."""
        if number < len(self._starts) - 1:
            return self._starts[number + 1] - self._starts[number]
        return self._expected(number) * (1 - self.share(number))

    def seconds_left(self) -> float:
        """The remaining seconds of the whole work."""
        unfinished = range(max(len(self._starts) - 1, 0), len(self.steps))
        return sum(self.seconds(number) for number in unfinished)

    def is_finished(self, number: int) -> bool:
        """Whether a step is done."""
        return number < len(self._starts) - 1

    def _expected(self, number: int) -> float:
        return self.steps[number].seconds * self._pace()

    def _pace(self) -> float:
        """Seconds on this machine for each second on an ordinary machine."""
        finished = len(self._starts) - 1
        if finished < 1:
            return 1.0
        expected = sum(step.seconds for step in self.steps[:finished])
        return max((self._starts[finished] - self._starts[0]) / expected, 0.1)


class _Bars(Progress):
    """Bars that read the clock at each refresh."""

    def __init__(self, clock: StepClock, console: Console) -> None:
        self._steps: list[TaskID] = []
        self._clock = clock
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[time]}"),
            console=console,
        )
        for step in clock.steps:
            self._steps.append(self.add_task(step.title.text(LANGUAGE), total=1.0, time=""))

    def get_renderables(self) -> Iterable[RenderableType]:
        """The lines of the bars; rich asks for them several times a second."""
        for number, task in enumerate(self._steps):
            share = self._clock.share(number)
            self.update(task, completed=share, time=_time(self._clock, number, share))
        yield from super().get_renderables()


def _time(clock: StepClock, number: int, share: float) -> str:
    seconds = ceil(clock.seconds(number))
    if clock.is_finished(number):
        return localised(f"selesai dalam {seconds} detik", f"done in {seconds} s")
    if share:
        return localised(f"sisa sekitar {seconds} detik", f"about {seconds} s left")
    return ""


@contextmanager
def step_bars(steps: Sequence[Step]) -> Iterator[StepClock]:
    """Show the progress of each step: as bars on a terminal, else as a line when a step begins."""
    if STDERR.is_terminal:
        clock = StepClock(steps)
        with _Bars(clock, STDERR):
            yield clock
            clock.finish()
        return

    def print_step(number: int) -> None:
        title, seconds = steps[number].title, ceil(clock.seconds_left())
        position = f"{number + 1}/{len(steps)}"
        print_message(
            f"{position} {title.id}; sisa seluruhnya sekitar {seconds} detik",
            f"{position} {title.en}; about {seconds} s left in all",
        )

    clock = StepClock(steps, on_start=print_step)
    yield clock
    clock.finish()
