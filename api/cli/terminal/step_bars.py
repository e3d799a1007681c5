"""Long work in known steps: a line for each step with a bar and the time left.

A bar moves with the clock too, not only when the work reports: some steps report seldom. The first
estimate of a step's time is that of an ordinary machine; the pace of the finished steps corrects
the estimate.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from time import monotonic
from typing import Final, NamedTuple

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from api.cli.terminal.language import LANGUAGE, localised
from api.cli.terminal.output import PEOPLE, say
from geodata.language import Bilingual
from geodata.language import Progress as Tell

_MOST: Final = 0.9
"""What a step can report of itself: it is over when the next step begins."""


class Step(NamedTuple):
    """A step of the work and the seconds it takes on an ordinary machine."""

    title: Bilingual
    seconds: float


class StepClock:
    """How far each step is, and how long the rest takes.

    Parameters
    ----------
    clock
        Seconds, from any moment on.
    begun
        Receives the number of each step when the step begins.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        clock: Callable[[], float] = monotonic,
        begun: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.steps = steps
        self._clock, self._begun = clock, begun
        self._numbers = {step.title.en: number for number, step in enumerate(steps)}
        self._starts: list[float] = []
        self._reported, self._reported_at = 0.0, 0.0

    def tell(self, doing: Bilingual, done: int, total: int) -> None:
        """Note how much of a step is done; the steps before are finished then."""
        number = self._numbers[doing.en]
        while len(self._starts) <= number:
            self._starts.append(self._clock())
            self._reported, self._reported_at = 0.0, self._starts[-1]
            self._begun(len(self._starts) - 1)
        share = min(done / max(total, 1), _MOST)
        if number == len(self._starts) - 1 and share > self.share(number):
            self._reported, self._reported_at = share, self._clock()

    def inside(self, title: Bilingual, part: int, parts: int) -> Tell:
        """Let a work with steps of its own be one part of a step."""
        return lambda _, done, total: self.tell(title, part * total + done, parts * total)

    def finish(self) -> None:
        """Note that the last step is done."""
        self._starts += [self._clock()] * (len(self.steps) + 1 - len(self._starts))

    def share(self, number: int) -> float:
        """How much of a step is done, from 0 to 1.

        From the last report on, half of the rest when the time of the estimate is over, and never
        all of the rest.
        """
        if number >= len(self._starts):
            return 0.0
        if number < len(self._starts) - 1:
            return 1.0
        rest = 1 - self._reported
        waited = self._clock() - self._reported_at
        return self._reported + rest * waited / (waited + rest * self._expected(number))

    def seconds(self, number: int) -> float:
        """How long a finished step took; how long another one still takes."""
        if number < len(self._starts) - 1:
            return self._starts[number + 1] - self._starts[number]
        return self._expected(number) * (1 - self.share(number))

    def left(self) -> float:
        """Seconds that all is still going to take."""
        ahead = range(max(len(self._starts) - 1, 0), len(self.steps))
        return sum(self.seconds(number) for number in ahead)

    def is_finished(self, number: int) -> bool:
        """Whether a step is done."""
        return number < len(self._starts) - 1

    def _expected(self, number: int) -> float:
        return self.steps[number].seconds * self._pace()

    def _pace(self) -> float:
        """Seconds on this machine for each second on an ordinary one."""
        finished = len(self._starts) - 1
        if finished < 1:
            return 1.0
        expected = sum(step.seconds for step in self.steps[:finished])
        return max((self._starts[finished] - self._starts[0]) / expected, 0.1)


class _Bars(Progress):
    """Bars that follow a clock each time they are drawn."""

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
        """What is drawn, several times a second."""
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
    """Show how far each step is: as bars on a terminal, else as a line when a step begins."""
    if PEOPLE.is_terminal:
        clock = StepClock(steps)
        with _Bars(clock, PEOPLE):
            yield clock
            clock.finish()
        return

    def line(number: int) -> None:
        title, left = steps[number].title, ceil(clock.left())
        where = f"{number + 1}/{len(steps)}"
        say(
            f"{where} {title.id}; sisa seluruhnya sekitar {left} detik",
            f"{where} {title.en}; about {left} s left in all",
        )

    clock = StepClock(steps, begun=line)
    yield clock
    clock.finish()
