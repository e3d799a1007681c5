"""The cache: a value is built once for all threads, the limit holds, errors are not cached."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event, Lock
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.once import once
from zoning.caching import OVERHEAD, Cache, CircularBuildError

MEGABYTE = 1 << 20


def no_size(_value: object) -> int:
    return 0


def run_together(*calls: Callable[[], Any]) -> list[Any]:
    """The result or error of each call; all start at the same moment."""
    ready = Barrier(len(calls))

    def run_call(call: Callable[[], Any]) -> object:
        ready.wait(60)
        try:
            return call()
        except Exception as error:  # noqa: BLE001
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run_call, calls))


def test_concurrent_requests_build_a_value_once() -> None:
    cache, built = Cache(1), []

    def build() -> object:
        time.sleep(0.05)
        built.append(object())
        return built[-1]

    values = run_together(*[lambda: cache.get_or_build(("kind", 1), build, no_size)] * 8)
    assert len(built) == 1
    assert set(map(id, values)) == {id(built[0])}
    assert cache.get(("kind", 1)) is built[0]


def test_an_error_is_raised_in_all_waiting_threads_and_not_cached() -> None:
    cache, calls_made, others_wait = Cache(1), [], Event()

    def fail() -> object:
        calls_made.append(1)
        assert others_wait.wait(60)
        raise ValueError("no")

    def request() -> object:
        return cache.get_or_build(("kind",), fail, no_size)

    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(request) for _ in range(4)]
        while len(cache._waiting_for) < 3:
            time.sleep(0.01)
        others_wait.set()
        assert {str(call.exception()) for call in calls} == {"no"}
    assert len(calls_made) == 1
    assert cache.get_or_build(("kind",), lambda: 5, no_size) == 5


def test_a_waiting_thread_builds_after_the_builder_is_interrupted() -> None:
    cache, started = Cache(1), Event()

    def interrupted() -> object:
        started.set()
        while not cache._waiting_for:
            time.sleep(0.01)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: cache.get_or_build(("kind",), interrupted, no_size))
        assert started.wait(60)
        second = threads.submit(lambda: cache.get_or_build(("kind",), lambda: 7, no_size))
        assert second.result(60) == 7
        assert isinstance(first.exception(60), KeyboardInterrupt)


def test_a_builder_may_request_another_key_but_not_its_own() -> None:
    cache = Cache(1)

    def outer() -> int:
        return 1 + cache.get_or_build(("inner",), lambda: 1, no_size)

    assert cache.get_or_build(("outer",), outer, no_size) == 2

    def build_own() -> int:
        return cache.get_or_build(("own",), build_own, no_size)

    with pytest.raises(CircularBuildError, match="own"):
        cache.get_or_build(("own",), build_own, no_size)


def test_two_builders_that_wait_for_each_other_get_an_error_and_do_not_hang() -> None:
    cache, barrier = Cache(1), Barrier(2)

    def build(own_key: str, other_key: str) -> Callable[[], int]:
        def request() -> int:
            barrier.wait(60)
            return cache.get_or_build((other_key,), lambda: 1, no_size)

        return lambda: cache.get_or_build((own_key,), request, no_size)

    results = run_together(build("a", "b"), build("b", "a"))
    assert any(isinstance(result, CircularBuildError) for result in results)


def test_a_value_larger_than_the_limit_is_returned_and_not_cached() -> None:
    cache = Cache(1)
    cache.get_or_build(("small",), lambda: 1, no_size)
    fits = MEGABYTE - OVERHEAD
    assert cache.get_or_build(("large", 1), lambda: 2, lambda _: fits + 1) == 2
    assert cache.get(("large", 1)) is None
    assert cache.get(("small",)) == 1
    assert cache.get_or_build(("large", 2), lambda: 3, lambda _: fits) == 3
    assert cache.get(("large", 2)) == 3
    assert cache.get(("small",)) is None
    assert cache.bytes == MEGABYTE


def test_the_least_recently_used_value_is_removed_first() -> None:
    cache = Cache(1)
    quarter = MEGABYTE // 4 - OVERHEAD
    for name in "abcd":
        cache.get_or_build((name,), partial(str, name), lambda _: quarter)
    cache.get(("a",))
    cache.get_or_build(("e",), lambda: "e", lambda _: quarter)
    assert [name for name in "abcde" if cache.get((name,))] == ["a", "c", "d", "e"]


def test_a_part_is_removed_with_its_parent_and_its_use_counts_for_both() -> None:
    cache = Cache(1)
    quarter = MEGABYTE // 4 - OVERHEAD

    def add(name: str, part_of: tuple[str] | None = None) -> None:
        cache.get_or_build((name,), lambda: name, lambda _: quarter, part_of=part_of)

    add("ground")
    add("tiles", ("ground",))
    add("other")
    cache.get(("tiles",))
    add("more")
    add("last")
    assert cache.get(("other",)) is None
    assert cache.get(("tiles",)) == "tiles"
    cache.discard(("ground",))
    assert cache.get(("tiles",)) is None
    add("orphan", ("ground",))
    assert cache.get(("orphan",)) is None
    assert cache.by_kind().keys() == {"more", "last"}


def test_a_section_cannot_reach_values_outside_and_shares_the_limit() -> None:
    cache = Cache(1)
    half = MEGABYTE // 2 - OVERHEAD
    section = cache.section("public", frozenset({"ground"}))
    cache.get_or_build(("zones", 1), lambda: "counts", lambda _: half)
    assert section.get(("zones", 1)) is None
    assert section.get_or_build(("zones", 1), lambda: "colours", lambda _: half) == "colours"
    assert cache.get(("zones", 1)) == "counts"
    assert cache.bytes == section.bytes == MEGABYTE
    cache.get_or_build(("ground", "v"), lambda: "ground", lambda _: 10)
    assert section.get(("ground", "v")) == "ground"
    section.get_or_build(("tiles",), lambda: "t", lambda _: 10, part_of=("ground", "v"))
    assert section.by_kind()["public tiles"][0] == 1
    cache.discard(("ground", "v"))
    assert section.get(("tiles",)) is None
    section.discard(("zones", 1))
    assert section.get(("zones", 1)) is None


class Request(NamedTuple):
    key: int
    size: int
    fails: bool
    inner: int | None
    part: bool


requests = st.builds(
    Request,
    key=st.integers(0, 5),
    size=st.one_of(st.integers(0, 400_000), st.just(2 * MEGABYTE)),
    fails=st.booleans(),
    inner=st.one_of(st.none(), st.integers(6, 9)),
    part=st.booleans(),
)


class WatchedCache:
    """A cache with watched builders; records what must not happen in `violations`."""

    def __init__(self, seed: int) -> None:
        self.cache = Cache(1)
        self.violations: list[str] = []
        self._random = random.Random(seed)  # noqa: S311
        self._guard = Lock()
        self._building: Counter[tuple[object, ...]] = Counter()

    def built(self, key: tuple[object, ...], make: Callable[[], Any]) -> Callable[[], Any]:
        def build() -> object:
            with self._guard:
                self._building[key] += 1
                if self._building[key] > 1:
                    self.violations.append(f"{key} twice at once")
                pause = self._random.random() / 2000
            try:
                time.sleep(pause)
                return make()
            finally:
                with self._guard:
                    self._building[key] -= 1

        return build

    def request(self, order: Request) -> None:
        key, inner = ("outer", order.key), ("inner", order.inner)

        def make() -> object:
            if order.inner is not None:
                build = self.built(inner, lambda: inner)
                assert self.cache.get_or_build(inner, build, lambda _: 1000) == inner
            if order.fails:
                raise ValueError(key)
            return key

        part_of = inner if order.part else None
        build = self.built(key, make)
        try:
            value = self.cache.get_or_build(key, build, lambda _: order.size, part_of=part_of)
        except ValueError as error:
            value = error.args[0]
        if value != key:
            self.violations.append(f"{key} got {value}")
        if self.cache.bytes > self.cache.limit:
            self.violations.append("over the limit")


@settings(max_examples=60)
@given(st.lists(st.lists(requests, max_size=8), min_size=2, max_size=5), st.integers(0, 1 << 30))
def test_any_schedule_builds_each_value_once_at_a_time_within_the_limit(
    schedule: list[list[Request]], seed: int
) -> None:
    watched = WatchedCache(seed)
    cache = watched.cache

    def run(orders: list[Request]) -> None:
        for order in orders:
            watched.request(order)

    assert run_together(*(partial(run, orders) for orders in schedule)) == [None] * len(schedule)
    assert watched.violations == []
    assert cache._builds == {}
    assert cache._waiting_for == {}
    assert sum(size for _, size in cache.by_kind().values()) == cache.bytes
    for key in range(6):  # errors are not cached
        assert cache.get_or_build(("outer", key), partial(tuple, ("outer", key)), no_size)


class Expensive:
    """Counts how often each property is computed."""

    def __init__(self) -> None:
        self.computed: Counter[str] = Counter()

    @once
    def first(self) -> int:
        """One."""
        time.sleep(0.02)
        self.computed["first"] += 1
        return 1

    @once
    def second(self) -> int:
        """Two."""
        self.computed["second"] += 1
        return self.first + 1

    @once
    def failing(self) -> int:
        """Nothing the first time."""
        self.computed["failing"] += 1
        if self.computed["failing"] == 1:
            raise ValueError("no")
        return 3


def test_a_property_is_computed_once_by_concurrent_threads() -> None:
    expensive = Expensive()
    values = run_together(*[lambda: expensive.second, lambda: expensive.first] * 4)
    assert values == [2, 1] * 4
    assert expensive.computed == {"first": 1, "second": 1}
    with pytest.raises(ValueError, match="no"):
        _ = expensive.failing
    assert expensive.failing == 3
    assert Expensive.first.__doc__ == "One."
