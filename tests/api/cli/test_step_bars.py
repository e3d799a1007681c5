"""Bars of long work move with the clock, and only forward."""

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
def test_a_step_without_reports_moves_every_two_seconds(step: int, slowness: float) -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    for title in TITLES[:step]:
        clock.report(title, 0, 1)
        time.now += 2 * slowness
    clock.report(TITLES[step], 0, 1)
    samples = []
    for _ in range(20):
        samples.append((clock.share(step), clock.seconds(step), clock.seconds_left()))
        time.now += 2
    for (share, seconds, total), (next_share, next_seconds, next_total) in pairwise(samples):
        assert share < next_share < 1
        assert seconds > next_seconds > 0
        assert total > next_total > 0


reports = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.floats(0, 10)), max_size=20)


@given(reports)
def test_no_bar_goes_back(
    work: list[tuple[int, int, float]],
) -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    before = shares(clock)
    for number, done, waited in work:
        clock.report(TITLES[number], done, 5)
        time.now += waited
        now = shares(clock)
        assert all(later >= share for share, later in zip(before, now, strict=True))
        assert all(0 <= share <= 1 for share in now)
        before = now
    clock.finish()
    assert shares(clock) == [1.0] * len(STEPS)
    assert clock.seconds_left() == 0


def test_a_bar_shows_at_least_the_reported_share() -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    clock.report(TITLES[1], 4, 5)
    assert shares(clock) == [1.0, 0.8, 0.0, 0.0]
    time.now += 1000
    assert 0.8 < clock.share(1) < 1


def test_the_pace_of_finished_steps_corrects_the_remaining_time() -> None:
    time = Clock()
    clock = StepClock(STEPS, time)
    clock.report(TITLES[0], 0, 1)
    assert clock.seconds_left() == 11
    time.now += 20
    clock.report(TITLES[1], 0, 1)
    assert clock.seconds(0) == 20
    assert clock.seconds_left() == 90


def test_work_in_parts_reports_a_part_of_its_step() -> None:
    clock = StepClock(STEPS, Clock())
    report = clock.report_part(TITLES[2], 1, 2)
    for done, share in ((0, 0.5), (2, 0.75), (3, 0.875)):
        report(Bilingual("lain", "other"), done, 4)
        assert clock.share(2) == share


def test_without_a_terminal_each_step_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with step_bars(STEPS) as clock:
        for title in TITLES:
            for done in range(4):
                clock.report(title, done, 3)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        f"{number}/4 step {number - 1}" for number in range(1, 5)
    ]
    assert all("s left in all" in line for line in lines)
