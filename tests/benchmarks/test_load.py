"""The benchmark of load: every answer is counted once, and what is no answer is said."""

import asyncio
import math

import pytest

from api.app import create_app
from api.settings import Settings
from benchmarks.clients.tiles_server import Server
from benchmarks.clients.visitors import FAILED, NOT_MODIFIED, Asked, _all
from benchmarks.load import Load, joined, percentile, questions, table
from tests.api.hostile import serving


def test_what_the_map_asks_for_is_answered_and_what_fails_is_counted(
    small_database: str,
) -> None:
    with serving(create_app(Settings(database=small_database))) as address:
        port = int(address.rpartition(":")[2])
        asked = questions(Server(port, 0, 0.0))
        kinds = {one.kind for one in asked}
        one_of_each = [next(one for one in asked if one.kind == kind) for kind in sorted(kinds)]
        taken = asyncio.run(_all(port, 3, 4.0, one_of_each))
        assert FAILED not in taken
        assert set(taken) <= {*kinds, NOT_MODIFIED}
        assert len(taken) > 3
        wrong = asyncio.run(_all(port, 1, 0.5, [Asked("zone", "/zones/99")]))
        assert list(wrong) == [FAILED]
    nobody = asyncio.run(_all(port, 1, 0.2, [Asked("zone", "/zones/99")]))
    assert list(nobody) == [FAILED]


def test_percentiles_are_of_all_answers_that_did_not_fail() -> None:
    one = Load(2.0, {"tile": [0.001] * 99, FAILED: [30.0]})
    other = Load(3.0, {"tile": [0.101], "page": []})
    both = joined([one, other])
    assert (both.seconds, len(both.every), both.failed) == (5.0, 100, 1)
    assert percentile(both.every, 50) == pytest.approx(1.0)
    assert 1.0 < percentile(both.every, 99.5) < 101.0
    assert math.isnan(percentile([], 99))
    lines = list(table(one, both))
    assert any(line.startswith("tile") and line.split()[1] == "99" for line in lines)
    assert lines[-1] == "20 answers/s beside the attack, 1 failed"
