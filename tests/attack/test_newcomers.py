"""The attack on newcomers by week: subtraction between areas finds no small count.

The attacker reads all ranges of all levels over HTTP. A planted leak makes the same attack succeed.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from geodata.settings import SECRET as VARIABLE
from tests.attack.conftest import ServeDatabase
from tests.attack.histories import SECRET
from tests.attack.subtraction import Ranges, disclosed, narrow, read_figures, tree_of
from tests.attack.test_planted import PatchedServer
from tests.zoning.disclosure.newcomer_city import load, newcomers, open_villages, publish
from tests.zoning.disclosure.three_villages import CITY, NORTH, SOUTH, A, B, C
from zoning.public.figures import FigureRange
from zoning.public.newcomer_weeks import NewcomerWeeks

Ints = NDArray[np.int64]
MINIMUM, N_WEEKS = 5, 40
TELLING = 3
"""A week in which the sum of two kelurahan tells both counts."""
MONDAY = date(2021, 3, 1)
CODES = [CITY, NORTH, SOUTH, A, B, C]


def draw_counts() -> dict[str | None, Ints]:
    """Newcomers of each kelurahan and of no known RT by week; the city has some in every week."""
    random = np.random.default_rng(5)
    counts: dict[str | None, Ints] = {place: random.geometric(0.3, N_WEEKS) - 1 for place in (A, B)}
    counts[C] = random.geometric(0.15, N_WEEKS) - 1
    counts[None] = random.geometric(0.3, N_WEEKS) - 1
    counts[A][[0, -1]] = 25
    # Both are the highest counts of their ranges: the exact sum is possible in one way only.
    counts[A][TELLING], counts[B][TELLING] = 4, 9
    return counts


@pytest.fixture(scope="module")
def truth() -> Ints:
    """The true counts, in the order of `CODES`."""
    counts = draw_counts()
    north = counts[A] + counts[B]
    city = north + counts[C] + counts[None]
    return np.stack([city, north, counts[C], counts[A], counts[B], counts[C]])


@pytest.fixture(scope="module")
def client(
    serve_database: ServeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("newcomers")
    url = f"duckdb:///{folder}/city.duckdb"
    rows = [
        row
        for place, weeks in draw_counts().items()
        for week, count in enumerate(weeks.tolist())
        for row in newcomers(count, MONDAY + timedelta(days=7 * week + count % 7), place)
    ]
    with pytest.MonkeyPatch.context() as patch, closing(open_villages(url)) as store:
        patch.setenv(VARIABLE, SECRET)
        load(store, folder, rows)
        publish(store, MONDAY + timedelta(days=7 * N_WEEKS))
    with serve_database(url) as served:
        yield served


def read_ranges(client: TestClient) -> Ranges:
    found = read_figures(client, "newcomers", N_WEEKS)
    assert found.codes == CODES
    return found.ranges


def test_subtraction_between_areas_narrows_no_range_of_a_kelurahan(
    client: TestClient, truth: Ints
) -> None:
    ranges = read_ranges(client)
    known = narrow(ranges, tree_of(CODES), {})
    assert disclosed(known, truth, MINIMUM) == []
    for kelurahan in (3, 4, 5):
        assert (known.low[kelurahan] == truth[kelurahan] // MINIMUM * MINIMUM).all()
        assert (known.high[kelurahan] == known.low[kelurahan] + MINIMUM - 1).all()


def test_the_attack_succeeds_with_an_unbanded_total_of_a_kecamatan(
    client: TestClient, truth: Ints
) -> None:
    def leaky(original: Callable[[], NewcomerWeeks]) -> Callable[[], NewcomerWeeks]:
        weeks: Any = original()
        ranges = FigureRange(*(values.copy() for values in weeks.ranges))
        ranges.least[1] = ranges.most[1] = truth[1]
        leaking = replace(weeks, ranges=ranges, stamp="leaking")
        return lambda: leaking

    with pytest.MonkeyPatch.context() as patch:
        server = PatchedServer(client, patch)
        server.replace_method(server.public, "newcomer_weeks", leaky)
        known = narrow(read_ranges(client), tree_of(CODES), {})
    found = disclosed(known, truth, MINIMUM)
    # The count of a kelurahan that shares its kecamatan.
    assert (3, TELLING) in found
