"""The benchmark of load: every answer is counted once, and failures are counted."""

import asyncio
import math

import pytest

from api.app import create_app
from api.settings import Settings
from benchmarks.clients.tiles_server import Server
from benchmarks.clients.visitors import FAILED, NOT_MODIFIED, MapRequest, _all
from benchmarks.load import Load, combine, percentile, questions, table
from tests.api.hostile import serving


def test_requests_of_the_map_are_answered_and_failures_are_counted(
    small_database: str,
) -> None:
    with serving(create_app(Settings(database=small_database))) as address:
        port = int(address.rpartition(":")[2])
        requests = questions(Server(port, 0, 0.0))
        kinds = {request.kind for request in requests}
        one_per_kind = [
            next(request for request in requests if request.kind == kind) for kind in sorted(kinds)
        ]
        seconds = asyncio.run(_all(port, 3, 4.0, one_per_kind))
        assert FAILED not in seconds
        assert set(seconds) <= {*kinds, NOT_MODIFIED}
        assert len(seconds) > 3
        seconds_wrong = asyncio.run(_all(port, 1, 0.5, [MapRequest("zone", "/zones/99")]))
        assert list(seconds_wrong) == [FAILED]
    seconds_closed = asyncio.run(_all(port, 1, 0.2, [MapRequest("zone", "/zones/99")]))
    assert list(seconds_closed) == [FAILED]


def test_percentiles_include_all_answers_that_did_not_fail() -> None:
    first = Load(2.0, {"tile": [0.001] * 99, FAILED: [30.0]})
    second = Load(3.0, {"tile": [0.101], "page": []})
    combined = combine([first, second])
    assert (combined.seconds, len(combined.all_seconds), combined.failed) == (5.0, 100, 1)
    assert percentile(combined.all_seconds, 50) == pytest.approx(1.0)
    assert 1.0 < percentile(combined.all_seconds, 99.5) < 101.0
    assert math.isnan(percentile([], 99))
    lines = list(table(first, combined))
    assert any(line.startswith("tile") and line.split()[1] == "99" for line in lines)
    assert lines[-1] == "20 answers/s during the attack, 1 failed"
