"""Daily figures in advance: computed once after each publication, before a visitor comes."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.services import figures_in_advance as module
from api.services.figures_in_advance import compute_until, figures_in_advance
from tests.open_resources import running_threads
from tests.zoning import ward
from tests.zoning.ward import Case
from zoning.caching import Cache
from zoning.city import City
from zoning.days.daily import run_days
from zoning.disclosure.figures import daily, newcomer_weeks
from zoning.public.city import PublicCity
from zoning.rules import built_in

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]


def test_figures_are_computed_once_for_each_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: dict[str, int] = {}

    def count_calls(name: str, original: Callable[..., Any]) -> None:
        def counting(*arguments: Any) -> Any:
            computed[name] = computed.get(name, 0) + 1
            return original(*arguments)

        monkeypatch.setattr(f"zoning.disclosure.source.{name}", counting)

    count_calls("daily_figures", daily.daily_figures)
    count_calls("newcomer_weeks", newcomer_weeks.newcomer_weeks)
    with ward.open_ward(tmp_path, CASES) as store:
        city = City(store, Cache(), built_in())
        run_days(store, None, ward.days(0, 3), today=ward.TODAY)
        after_polls: list[list[int]] = []

        def wait(_: float) -> bool:
            after_polls.append(list(computed.values()))
            if len(after_polls) == 2:
                run_days(store, None, ward.days(4, 4), today=ward.TODAY)
            return len(after_polls) == 4

        compute_until(city.public(5), wait)
        assert after_polls == [[1, 1], [1, 1], [2, 2], [2, 2]]
        city.public(5).daily_figures()
        city.public(5).newcomer_weeks()
        assert computed == {"daily_figures": 2, "newcomer_weeks": 2}


def test_a_failure_does_not_end_the_thread_and_names_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    value = "".join(map(str, range(10)))

    def fail(*_: Any) -> None:
        raise ValueError(value)

    monkeypatch.setattr("zoning.disclosure.source.daily_figures", fail)
    with ward.open_ward(tmp_path, CASES) as store, caplog.at_level(logging.ERROR):
        city = City(store, Cache(), built_in())
        run_days(store, None, ward.days(0, 1), today=ward.TODAY)
        stops = iter((False, True))
        compute_until(city.public(5), lambda _: next(stops))
    assert caplog.text.count("Daily figures in advance failed: ValueError") == 2
    assert value not in caplog.text


def test_the_thread_ends_with_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = threading.Event()

    def run(_: PublicCity, wait: Callable[[float], bool]) -> None:
        ran.set()
        assert wait(60)

    monkeypatch.setattr(module, "compute_until", run)
    threads = running_threads()
    with (
        ward.open_ward(tmp_path, CASES) as store,
        figures_in_advance(City(store, Cache(), built_in()).public(5)),
    ):
        assert ran.wait(10)
        assert "daily-figures" in {thread.name for thread in threading.enumerate()}
    assert running_threads() <= threads
