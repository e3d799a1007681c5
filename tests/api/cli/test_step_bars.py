"""Bars of a long work move with the clock, and only forward."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli.terminal.step_bars import Step, StepClock, step_bars
from geodata.language import Bilingual

TITLES = tuple(Bilingual(f"langkah {n}", f"step {n}") for n in range(4))
STEPS = tuple(Step(title, seconds) for title, seconds in zip(TITLES, (2, 5, 1, 3), strict=True))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shares(clock: StepClock) -> list[float]:
    return [clock.share(number) for number in range(len(STEPS))]


@given(st.integers(0, 3), st.floats(0.01, 100))
def test_a_step_that_reports_nothing_moves_every_two_seconds(step: int, slow: float) -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    for title in TITLES[:step]:
        clock.tell(title, 0, 1)
        time.now += 2 * slow
    clock.tell(TITLES[step], 0, 1)
    seen = []
    for _ in range(20):
        seen.append((clock.share(step), clock.seconds(step), clock.left()))
        time.now += 2
    for (share, seconds, left), (later, less, less_left) in pairwise(seen):
        assert share < later < 1
        assert seconds > less > 0
        assert left > less_left > 0


reports = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.floats(0, 10)), max_size=20)


@given(reports)
def test_no_bar_ever_goes_back_but_by_the_pace_of_its_step(
    work: list[tuple[int, int, float]],
) -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    before = shares(clock)
    for number, done, waited in work:
        clock.tell(TITLES[number], done, 5)
        time.now += waited
        now = shares(clock)
        assert all(later >= share for share, later in zip(before, now, strict=True))
        assert all(0 <= share <= 1 for share in now)
        before = now
    clock.finish()
    assert shares(clock) == [1.0] * len(STEPS)
    assert clock.left() == 0


def test_what_is_reported_is_at_least_what_a_bar_shows() -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    clock.tell(TITLES[1], 4, 5)
    assert shares(clock) == [1.0, 0.8, 0.0, 0.0]
    time.now += 1000
    assert 0.8 < clock.share(1) < 1


def test_the_pace_of_finished_steps_corrects_the_time_that_is_left() -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    clock.tell(TITLES[0], 0, 1)
    assert clock.left() == 11
    time.now += 20
    clock.tell(TITLES[1], 0, 1)
    assert clock.seconds(0) == 20
    assert clock.left() == 90


def test_a_work_inside_a_step_is_a_part_of_it() -> None:
    clock = StepClock(STEPS, Clock())
    tell = clock.inside(TITLES[2], 1, 2)
    for done, share in ((0, 0.5), (2, 0.75), (3, 0.875)):
        tell(Bilingual("lain", "other"), done, 4)
        assert clock.share(2) == share


def test_without_a_terminal_each_step_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with step_bars(STEPS) as clock:
        for title in TITLES:
            for done in range(4):
                clock.tell(title, done, 3)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        f"{number}/4 step {number - 1}" for number in range(1, 5)
    ]
    assert all("s left in all" in line for line in lines)
