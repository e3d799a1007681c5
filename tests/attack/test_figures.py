"""The attack on the daily figures of a part of the sample city, with public answers only.

The attacker reads the figures of all areas and levels and the colours of all RT, and knows how the
ranges are chosen. Planted leaks make the same attack succeed.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from geodata.sample_city import FIRST_DAY, LAST_DAY, REDIVIDED
from tests.attack.subtraction import (
    WINDOW,
    Ranges,
    Tree,
    disclosed,
    least_of_intervals,
    narrow,
    narrow_by_recoveries,
    read_figures,
    tree_of,
)
from tests.attack.test_planted import PatchedServer
from zoning.city import City
from zoning.public.city import PublicCity
from zoning.public.figures import DailyFigures, FigureRange

Ints = NDArray[np.int64]
N_DAYS = (LAST_DAY - FIRST_DAY).days + 1
MINIMUM = 5
DAYS = pd.date_range(FIRST_DAY, LAST_DAY)
EVENTS = {"cases": None, "recovered": "recovered", "deaths": "died"}


class Evidence(NamedTuple):
    """What the attacker reads, and the counts that he looks for."""

    codes: list[str]
    tree: Tree
    intervals: dict[int, Ints]
    """Least number of cases of each area in every interval, by its length."""
    truth: dict[str, Ints]


def read_cases(client: TestClient) -> Ranges:
    return read_figures(client, "cases", N_DAYS).ranges


@pytest.fixture(scope="module")
def evidence(reader: TestClient, colours: dict[str, NDArray[np.uint8]]) -> Evidence:
    codes = read_figures(reader, "cases", N_DAYS).codes
    assert len(codes) == 17  # the city, one kecamatan, 15 kelurahan
    tree = tree_of(codes)
    city: City = reader.app.state.official.city  # type: ignore[attr-defined]
    truth = {name: count_one_by_one(city, codes, event) for name, event in EVENTS.items()}
    intervals = colour_intervals(reader, colours, codes)
    # A case near a border that moved may count in another kelurahan than on the day's own map.
    wrong = 0
    for length, bounds in intervals.items():
        for parent in (1, 0):
            bounds[parent] = bounds[tree.parts(parent)].sum(axis=0)
        totals = np.lib.stride_tricks.sliding_window_view(truth["cases"], length, axis=1)
        wrong += int((bounds > totals.sum(axis=2)).sum())
        np.minimum(bounds, totals.sum(axis=2), out=bounds)
    assert wrong < 100
    return Evidence(codes, tree, intervals, truth)


def count_one_by_one(city: City, codes: list[str], outcome: str | None) -> Ints:
    """The true counts, from the line list."""
    counts = np.zeros((len(codes), N_DAYS), dtype=np.int64)
    cases = city.cases()
    cases = cases[(cases["status"] == "confirmed") & (cases["area"] != "luar kota")]
    if outcome is not None:
        cases = cases[cases["outcome"] == outcome]
    column = "confirmed_on" if outcome is None else "outcome_on"
    cases = cases[cases[column].notna()]
    for area, on in zip(cases["area"], pd.to_datetime(cases[column]), strict=True):
        if not FIRST_DAY <= on.date() <= LAST_DAY:
            continue
        kelurahan, *rt = area.split("-")
        for row, code in enumerate(codes):
            is_city = code.count(".") == 1
            if is_city or (rt and (kelurahan == code or kelurahan.startswith(f"{code}."))):
                counts[row, (on.date() - FIRST_DAY).days] += 1
    return counts


def colour_intervals(
    reader: TestClient, colours: dict[str, NDArray[np.uint8]], codes: list[str]
) -> dict[int, Ints]:
    """What the colours disclose of each kelurahan; zero for the other areas."""
    is_old_law = np.array([day < pd.Timestamp("2021-04-06") for day in DAYS])
    laws = np.where(is_old_law, [[1], [6], [11]], [[1], [3], [6]]).T
    first_day = {"before": FIRST_DAY, "since": REDIVIDED}
    result: dict[int, Ints] = {}
    for period, risks in colours.items():
        zones = reader.get("/zones", params={"date": first_day[period].isoformat()}).json()
        kelurahan = np.array([zone["id"].split("-")[0] for zone in zones["features"]])
        start = (first_day[period] - FIRST_DAY).days
        # An area that is no RT has no colour.
        no_market = np.where(risks == 255, 0, risks)
        of_rt = least_of_intervals(no_market, laws[start : start + len(risks)])
        for length, bounds in of_rt.items():
            of_areas = result.setdefault(
                length, np.zeros((len(codes), N_DAYS - length + 1), dtype=np.int64)
            )
            for row, code in enumerate(codes):
                in_area = bounds[:, kelurahan == code].sum(axis=1)
                of_areas[row, start : start + len(bounds)] = in_area
    return result


def read_weeks(reader: TestClient, evidence: Evidence, name: str) -> Ranges:
    """The weeks of the city, as pages show them, by the first day."""
    shape = len(evidence.codes), N_DAYS - WINDOW + 1
    weeks = Ranges(np.zeros(shape, dtype=np.int64), np.full(shape, 10**6))
    public: PublicCity = reader.app.state.public.city  # type: ignore[attr-defined]
    for figure, of_city in public.daily_figures().by_week(evidence.codes[0]).items():
        for week in of_city if figure == name else []:
            first = (week.first - FIRST_DAY).days
            weeks.low[0, first], weeks.high[0, first] = week.least or 0, week.most or 0
    return weeks


def test_no_count_below_the_minimum_can_be_computed_from_figures_and_colours(
    reader: TestClient, evidence: Evidence
) -> None:
    figures = {name: read_figures(reader, name, N_DAYS).ranges for name in EVENTS}
    cases, recovered = narrow_by_recoveries(figures["cases"], figures["recovered"])
    known_cases = narrow(cases, evidence.tree, evidence.intervals)
    assert disclosed(known_cases, evidence.truth["cases"], MINIMUM) == []
    for name, ranges in (("recovered", recovered), ("deaths", figures["deaths"])):
        least, most = read_weeks(reader, evidence, name)
        known = narrow(ranges, evidence.tree, {WINDOW: least}, most={WINDOW: most})
        assert disclosed(known, evidence.truth[name], MINIMUM) == []
    positive = evidence.truth["cases"] > 0
    # At least three counts stay possible, for every area and day.
    assert (known_cases.high - known_cases.low)[positive].min() >= 2


def test_figures_of_a_busy_day_are_close_to_the_counts(
    reader: TestClient, evidence: Evidence
) -> None:
    """The figures are useful, also for a kecamatan of 15 kelurahan."""
    cases, truth = read_cases(reader), evidence.truth["cases"]
    for area in range(2):
        is_busy = truth[area] >= 20
        middle = (cases.low[area] + cases.high[area])[is_busy] / 2
        assert is_busy.sum() > 10
        assert middle.sum() == pytest.approx(truth[area][is_busy].sum(), rel=0.1)


Leak = Callable[[FigureRange, Ints], None]
"""Changes the ranges of cases; gets the true counts too."""


def an_unbanded_total_of_the_city(ranges: FigureRange, counts: Ints) -> None:
    ranges.least[0] = ranges.most[0] = counts[0]


def an_unbanded_total_of_a_kecamatan(ranges: FigureRange, counts: Ints) -> None:
    ranges.least[1] = ranges.most[1] = counts[1]


def plain_bands_of_kelurahan_that_know_no_colours(ranges: FigureRange, counts: Ints) -> None:
    _put_bands(ranges, counts, slice(2, None))
    # The larger areas disclose nothing here.
    ranges.least[:2], ranges.most[:2] = 0, counts.sum()


def plain_bands_of_sums_that_know_no_parts(ranges: FigureRange, counts: Ints) -> None:
    _put_bands(ranges, counts, slice(2))


def _put_bands(ranges: FigureRange, counts: Ints, rows: slice) -> None:
    bands = counts[rows] // MINIMUM * MINIMUM
    ranges.least[rows] = np.maximum(bands, np.minimum(counts[rows], 1))
    ranges.most[rows] = np.where(counts[rows] > 0, bands + MINIMUM - 1, 0)


def moving_sums(ranges: FigureRange, counts: Ints) -> None:
    """The sums of the last seven days, unbanded, in place of the days."""
    cumulative = np.hstack([np.zeros((len(counts), WINDOW), dtype=np.int64), counts]).cumsum(axis=1)
    ranges.least[:] = ranges.most[:] = cumulative[:, WINDOW:] - cumulative[:, :-WINDOW]


def read_leaky(reader: TestClient, evidence: Evidence, leak: Leak) -> Ranges:
    """The figures of a server with a planted leak."""

    def leaky(original: Callable[[], DailyFigures]) -> Callable[[], DailyFigures]:
        figures = original()
        ranges = FigureRange(*(values.copy() for values in figures.ranges["cases"]))
        leak(ranges, evidence.truth["cases"])
        leaking = replace(figures, ranges={**figures.ranges, "cases": ranges}, stamp=leak.__name__)
        return lambda: leaking

    with pytest.MonkeyPatch.context() as patch:
        server = PatchedServer(reader, patch)
        server.replace_method(server.public, "daily_figures", leaky)
        return read_cases(reader)


@pytest.mark.parametrize(
    "leak",
    [
        an_unbanded_total_of_the_city,
        an_unbanded_total_of_a_kecamatan,
        plain_bands_of_kelurahan_that_know_no_colours,
        plain_bands_of_sums_that_know_no_parts,
    ],
)
def test_the_attack_succeeds_with_a_planted_leak(
    reader: TestClient, evidence: Evidence, leak: Leak
) -> None:
    ranges = read_leaky(reader, evidence, leak)
    known = narrow(ranges, evidence.tree, evidence.intervals)
    found = disclosed(known, evidence.truth["cases"], MINIMUM)
    # Counts that the leak does not simply say.
    assert [cell for cell in found if evidence.codes[cell[0]].count(".") == 3]


def test_the_attack_succeeds_with_moving_sums(reader: TestClient, evidence: Evidence) -> None:
    sums = read_leaky(reader, evidence, moving_sums).low[:, WINDOW - 1 :]
    intervals = {**evidence.intervals, WINDOW: sums}
    known = narrow(read_cases(reader), evidence.tree, intervals, most={WINDOW: sums})
    assert len(disclosed(known, evidence.truth["cases"], MINIMUM)) > 100


@pytest.mark.parametrize("name", EVENTS)
def test_a_published_value_is_a_multiple_of_the_minimum_in_its_range(
    reader: TestClient, name: str
) -> None:
    for level in ("kota", "kelurahan"):
        for value in reader.get(f"/indicators?name={name}&level={level}").json()["values"]:
            least, most = value["least"], value["most"]
            assert value["rounded_to"] == MINIMUM
            assert value["suppressed"] == (value["value"] is None) == (least < MINIMUM and most > 0)
            if value["value"] is not None:
                assert value["value"] % MINIMUM == 0
                assert least - MINIMUM < value["value"] <= most
