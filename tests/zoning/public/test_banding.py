"""Banded counts of people: no calculation with public values reveals a small count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.records.indicator_names import indicator_subject, known_indicators
from tests.zoning.disclosure.three_villages import (
    CITY,
    NORTH,
    RT_OF_A,
    SOUTH,
    A,
    B,
    C,
    three_villages,
)
from zoning.disclosure.banding import banded_count, public_indicators
from zoning.portal.indicators import _add_sums

PARENT = {A: NORTH, B: NORTH, C: SOUTH, NORTH: CITY, SOUTH: CITY}
Counts = Mapping[str, float]
Answer = dict[str, tuple[float | None, bool]]


def answers(
    days: Sequence[Counts],
    minimum: int,
    *,
    name: str = "tests-positive",
    unit: str | None = "orang",
) -> list[Answer]:
    """The public values of each day: value and suppression by area."""
    first = pd.Timestamp("2021-01-01")
    rows = [
        {"indicator": name, "code": code, "date": first + pd.Timedelta(days=day), "value": value}
        for day, day_counts in enumerate(days)
        for code, value in day_counts.items()
    ]
    frame = pd.DataFrame(rows).assign(unit=unit, summed=0)
    public = public_indicators(_add_sums(frame, three_villages()), three_villages(), minimum)
    answers_by_day: list[Answer] = [{} for _ in days]
    columns = (public[column].tolist() for column in ("date", "code", "value", "suppressed"))
    for date, code, value, suppressed in zip(*columns, strict=True):
        assert suppressed == pd.isna(value)
        answers_by_day[(date - first).days][code] = (None if suppressed else value, suppressed)
    return answers_by_day


def test_no_set_of_answers_leaves_one_small_count_possible() -> None:
    """Enumerate all small cities: equal answers never leave one possible small count."""
    minimum, small_counts = 3, (1, 2)
    remainders = (None, 0, 1, 2, 3)
    days: list[dict[str, float]] = []
    for a, b, c in product(range(7), repeat=3):
        for rest_north, rest_city in product(remainders, repeat=2):
            day: dict[str, float] = {A: a, B: b, C: c}
            if rest_north is not None:
                day[NORTH] = a + b + rest_north
            if rest_city is not None:
                day[CITY] = day.get(NORTH, a + b) + c + rest_city
            days.append(day)
    days_by_answer: dict[object, list[dict[str, float]]] = defaultdict(list)
    for day, answer in zip(days, answers(days, minimum), strict=True):
        days_by_answer[(tuple(day), tuple(sorted(answer.items())))].append(day)
    possible = [
        {code: {day[code] for day in equal_days} for code in equal_days[0]}
        for equal_days in days_by_answer.values()
    ]
    assert len(possible) > 100  # the answers carry much information
    for possible_counts in possible:
        for values in possible_counts.values():
            assert len(values) > 1 or not values & {*small_counts}
    # Differences between days or moments: any possible count of one with any of the other.
    spans = {
        (min(values), max(values))
        for possible_counts in possible
        for values in possible_counts.values()
    }
    for (least, most), (earlier_least, earlier_most) in product(spans, repeat=2):
        difference = {least - earlier_most, most - earlier_least}
        assert len(difference) > 1 or not difference & {*small_counts}


@st.composite
def counts_in_one_band(draw: st.DrawFn, minimum: int) -> tuple[int, int]:
    """Two counts that must have the same answer."""
    bands = [range(1), range(1, minimum)]
    bands += [range(low, low + minimum) for low in range(minimum, 50, minimum)]
    band = draw(st.sampled_from(bands))
    return draw(st.sampled_from(band)), draw(st.sampled_from(band))


@settings(max_examples=30)
@given(data=st.data(), minimum=st.integers(3, 12))
def test_counts_in_the_same_bands_give_the_same_answers_at_every_level(
    data: st.DataObject, minimum: int
) -> None:
    days: tuple[dict[str, float], dict[str, float]] = {}, {}
    sums: tuple[dict[str, int], dict[str, int]] = defaultdict(int), defaultdict(int)
    reporting = data.draw(st.sets(st.sampled_from([A, B, C, NORTH, SOUTH, CITY]), min_size=1))
    by_rt = data.draw(st.booleans())
    for code in (A, B, C, NORTH, SOUTH, CITY):
        if code not in reporting and code not in (A, B, C):
            for total in sums:
                total[PARENT.get(code, "")] += total[code]
        if code not in reporting:
            continue
        remainders = data.draw(counts_in_one_band(minimum), label=f"the rest of {code}")
        for day, total, remainder in zip(days, sums, remainders, strict=True):
            count = total[code] + remainder
            total[PARENT.get(code, "")] += count
            if code == A and by_rt:
                first_rt = data.draw(st.integers(0, count))
                day |= {RT_OF_A[0]: first_rt, RT_OF_A[1]: 0, RT_OF_A[2]: count - first_rt}
            else:
                day[code] = count
    first, second = answers([*days], minimum)
    assert first == second


@pytest.mark.parametrize(
    ("count", "value"), [(0, 0), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (531, 530)]
)
def test_a_count_is_rounded_down_to_a_multiple_or_suppressed(count: int, value: int | None) -> None:
    assert banded_count(count, 5) == value
    [answer] = answers([{f"{A}-001-001": count}], 5)
    assert answer == dict.fromkeys((A, NORTH, CITY), (value, value is None))


def test_small_counts_are_suppressed_and_no_value_is_above_the_count() -> None:
    for minimum, count in product((3, 5, 8), range(60)):
        value = banded_count(count, minimum)
        assert (value is None) == (0 < count < minimum)
        assert value is None or (value <= count < value + minimum and value % minimum == 0)
    assert [banded_count(count, 1) for count in range(9)] == list(range(9))
    # With a minimum of 2, only the count 1 would be suppressed, and so revealed.
    assert [banded_count(count, 2) for count in range(4)] == [0, None, None, 3]


def test_sums_over_small_areas_are_approximate_and_small_sums_suppressed() -> None:
    assert answers([{A: 2, B: 2, C: 0}], 5) == [
        {A: (None, True), B: (None, True), C: (0, False), NORTH: (None, True), SOUTH: (0, False),
         CITY: (None, True)}
    ]  # fmt: skip
    # 10-14 and 10-14 are 20 to 28; a kecamatan that reports 60 has a remainder of 36.
    assert answers([{A: 12, B: 12}, {A: 12, B: 12, NORTH: 60}], 5) == [
        {A: (10, False), B: (10, False), NORTH: (25, False), CITY: (25, False)},
        {A: (10, False), B: (10, False), NORTH: (60, False), CITY: (60, False)},
    ]


def test_a_share_of_people_is_suppressed_and_an_unknown_indicator_follows_its_unit() -> None:
    def answer_for(name: str, unit: str | None) -> tuple[float | None, bool]:
        return answers([{A: 3}], 5, name=name, unit=unit)[0][A]

    assert answer_for("positivity", "persen") == (None, True)
    assert answer_for("dirujuk", "Orang") == answer_for("active-cases", None) == (None, True)
    assert answer_for("oksigen", "tabung") == answer_for("vaccination-1", "dosis") == (3, False)
    assert answer_for("posko", None) == (3, False)
    assert answers([{A: 3}], 1, name="positivity")[0][A] == (3, False)


def test_neighbourhoods_and_their_number_are_not_published() -> None:
    frame = pd.DataFrame(
        [
            {"indicator": name, "code": code, "date": pd.Timestamp("2021-01-01"), "value": 7.0}
            for name in ("tests", "aid-parcels")
            for code in RT_OF_A
        ]
    ).assign(unit="?", summed=0)
    public = public_indicators(_add_sums(frame, three_villages()), three_villages(), 5)
    assert set(public["level"]) == {"kota", "kecamatan", "kelurahan"}
    summed = public.set_index(["indicator", "level"])["summed"]
    assert summed["aid-parcels", "kelurahan"] == 2
    assert pd.isna(summed["tests", "kelurahan"])


def test_every_indicator_has_a_subject_and_counts_of_people_are_additive() -> None:
    known = known_indicators()
    assert {figure.counts for figure in known.values()} == {"things", "people", "share"}
    for name, figure in known.items():
        assert indicator_subject(name, "dosis") == figure.counts
        assert (figure.unit_en == "people") == (figure.counts == "people")
        assert figure.additive or figure.counts != "people"


@pytest.mark.parametrize("wrong", [-1.0, -0.5, -4.0, -1000.0])
def test_a_negative_count_counts_as_zero(wrong: float) -> None:
    """A negative count is an error in the file; clipped to 0, it hides no other count."""
    assert answers([{A: wrong, B: 7}], 5) == answers([{A: 0, B: 7}], 5)
    assert answers([{A: wrong}], 5)[0][A] == (0, False)
    # Two rows of one area with two spellings of the unit are one count.
    assert answer_for_two_rows(wrong, 12) == answer_for_two_rows(0, 12)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.999, 4.5, 9.01])
def test_a_fraction_of_a_person_counts_as_one(part: float) -> None:
    """A fraction counts as one, so a count above 0 is never published as 0."""
    rounded_up = int(part) + 1
    assert answers([{A: part, B: 7}], 5) == answers([{A: rounded_up, B: 7}], 5)
    assert answers([{A: part}], 5)[0][A] != (0, False)
    assert answer_for_two_rows(part, 12) == answer_for_two_rows(rounded_up, 12)


def test_a_figure_below_the_sum_of_its_parts_hides_no_part() -> None:
    # The figure of the kecamatan is an error in the file: its parts are 1-4 and 10-14.
    [answer] = answers([{A: 3, B: 12, NORTH: 5}], 5)
    assert (answer[A], answer[B], answer[NORTH]) == ((None, True), (10, False), (15, False))


def answer_for_two_rows(first: float, second: float) -> Answer:
    """The public values of an area with a figure in two rows with different units."""
    day = pd.Timestamp("2021-01-01")
    rows = [
        {"indicator": "tests-positive", "code": A, "date": day, "value": value, "unit": unit}
        for value, unit in ((first, "orang"), (second, "jiwa"))
    ]
    public = public_indicators(
        _add_sums(pd.DataFrame(rows).assign(summed=0), three_villages()), three_villages(), 5
    )
    return {row["code"]: (row["value"], row["suppressed"]) for row in public.to_dict("records")}
