"""The one cache: built once for all who ask, never over its bound, errors not kept."""

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


def nothing(_value: object) -> int:
    return 0


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each gives or raises, all begun at the same moment."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> object:
        ready.wait(60)
        try:
            return call()
        except Exception as error:  # noqa: BLE001
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_many_who_ask_at_once_get_one_value() -> None:
    cache, built = Cache(1), []

    def build() -> object:
        time.sleep(0.05)
        built.append(object())
        return built[-1]

    found = together(*[lambda: cache.get_or_build(("kind", 1), build, nothing)] * 8)
    assert len(built) == 1
    assert set(map(id, found)) == {id(built[0])}
    assert cache.get(("kind", 1)) is built[0]


def test_an_error_is_raised_for_all_who_wait_and_the_next_builds_again() -> None:
    cache, asked, others_wait = Cache(1), [], Event()

    def fail() -> object:
        asked.append(1)
        assert others_wait.wait(60)
        raise ValueError("no")

    def ask() -> object:
        return cache.get_or_build(("kind",), fail, nothing)

    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(ask) for _ in range(4)]
        while len(cache._waiting_for) < 3:
            time.sleep(0.01)
        others_wait.set()
        assert {str(call.exception()) for call in calls} == {"no"}
    assert len(asked) == 1
    assert cache.get_or_build(("kind",), lambda: 5, nothing) == 5


def test_who_waits_for_a_builder_that_is_told_to_end_builds_itself() -> None:
    cache, begun = Cache(1), Event()

    def stopped() -> object:
        begun.set()
        while not cache._waiting_for:
            time.sleep(0.01)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: cache.get_or_build(("kind",), stopped, nothing))
        assert begun.wait(60)
        second = threads.submit(lambda: cache.get_or_build(("kind",), lambda: 7, nothing))
        assert second.result(60) == 7
        assert isinstance(first.exception(60), KeyboardInterrupt)


def test_a_builder_may_ask_for_another_key_and_not_for_its_own() -> None:
    cache = Cache(1)

    def outer() -> int:
        return 1 + cache.get_or_build(("inner",), lambda: 1, nothing)

    assert cache.get_or_build(("outer",), outer, nothing) == 2

    def own() -> int:
        return cache.get_or_build(("own",), own, nothing)

    with pytest.raises(CircularBuildError, match="own"):
        cache.get_or_build(("own",), own, nothing)


def test_two_builders_that_wait_for_each_other_are_told_and_none_hangs() -> None:
    cache, both = Cache(1), Barrier(2)

    def build(own: str, other: str) -> Callable[[], int]:
        def ask() -> int:
            both.wait(60)
            return cache.get_or_build((other,), lambda: 1, nothing)

        return lambda: cache.get_or_build((own,), ask, nothing)

    found = together(build("a", "b"), build("b", "a"))
    assert any(isinstance(one, CircularBuildError) for one in found)


def test_a_value_larger_than_the_bound_is_handed_out_and_not_kept() -> None:
    cache = Cache(1)
    cache.get_or_build(("small",), lambda: 1, nothing)
    fits = MEGABYTE - OVERHEAD
    assert cache.get_or_build(("large", 1), lambda: 2, lambda _: fits + 1) == 2
    assert cache.get(("large", 1)) is None
    assert cache.get(("small",)) == 1
    assert cache.get_or_build(("large", 2), lambda: 3, lambda _: fits) == 3
    assert cache.get(("large", 2)) == 3
    assert cache.get(("small",)) is None
    assert cache.bytes == MEGABYTE


def test_what_was_used_last_stays() -> None:
    cache = Cache(1)
    quarter = MEGABYTE // 4 - OVERHEAD
    for name in "abcd":
        cache.get_or_build((name,), partial(str, name), lambda _: quarter)
    cache.get(("a",))
    cache.get_or_build(("e",), lambda: "e", lambda _: quarter)
    assert [name for name in "abcde" if cache.get((name,))] == ["a", "c", "d", "e"]


def test_a_part_goes_with_its_whole_and_its_use_counts_for_both() -> None:
    cache = Cache(1)
    quarter = MEGABYTE // 4 - OVERHEAD

    def keep(name: str, part_of: tuple[str] | None = None) -> None:
        cache.get_or_build((name,), lambda: name, lambda _: quarter, part_of=part_of)

    keep("ground")
    keep("tiles", ("ground",))
    keep("other")
    cache.get(("tiles",))
    keep("more")
    keep("last")
    assert cache.get(("other",)) is None
    assert cache.get(("tiles",)) == "tiles"
    cache.discard(("ground",))
    assert cache.get(("tiles",)) is None
    keep("orphan", ("ground",))
    assert cache.get(("orphan",)) is None
    assert cache.by_kind().keys() == {"more", "last"}


def test_a_section_reaches_nothing_outside_it_and_shares_the_bound() -> None:
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


class Ask(NamedTuple):
    key: int
    size: int
    fails: bool
    inner: int | None
    part: bool


asks = st.builds(
    Ask,
    key=st.integers(0, 5),
    size=st.one_of(st.integers(0, 400_000), st.just(2 * MEGABYTE)),
    fails=st.booleans(),
    inner=st.one_of(st.none(), st.integers(6, 9)),
    part=st.booleans(),
)


class Watched:
    """A cache whose builders are watched: what must never be is noted in `faults`."""

    def __init__(self, seed: int) -> None:
        self.cache = Cache(1)
        self.faults: list[str] = []
        self._chance = random.Random(seed)  # noqa: S311
        self._guard = Lock()
        self._building: Counter[tuple[object, ...]] = Counter()

    def built(self, key: tuple[object, ...], make: Callable[[], Any]) -> Callable[[], Any]:
        def build() -> object:
            with self._guard:
                self._building[key] += 1
                if self._building[key] > 1:
                    self.faults.append(f"{key} twice at once")
                pause = self._chance.random() / 2000
            try:
                time.sleep(pause)
                return make()
            finally:
                with self._guard:
                    self._building[key] -= 1

        return build

    def ask(self, wanted: Ask) -> None:
        key, inner = ("outer", wanted.key), ("inner", wanted.inner)

        def make() -> object:
            if wanted.inner is not None:
                build = self.built(inner, lambda: inner)
                assert self.cache.get_or_build(inner, build, lambda _: 1000) == inner
            if wanted.fails:
                raise ValueError(key)
            return key

        part_of = inner if wanted.part else None
        build = self.built(key, make)
        try:
            found = self.cache.get_or_build(key, build, lambda _: wanted.size, part_of=part_of)
        except ValueError as error:
            found = error.args[0]
        if found != key:
            self.faults.append(f"{key} got {found}")
        if self.cache.bytes > self.cache.limit:
            self.faults.append("over the bound")


@settings(max_examples=60)
@given(st.lists(st.lists(asks, max_size=8), min_size=2, max_size=5), st.integers(0, 1 << 30))
def test_in_any_schedule_nothing_is_built_twice_at_once_or_kept_beyond_the_bound(
    schedule: list[list[Ask]], seed: int
) -> None:
    watched = Watched(seed)
    cache = watched.cache

    def run(some: list[Ask]) -> None:
        for wanted in some:
            watched.ask(wanted)

    assert together(*(partial(run, some) for some in schedule)) == [None] * len(schedule)
    assert watched.faults == []
    assert cache._builds == {}
    assert cache._waiting_for == {}
    assert sum(held for _, held in cache.by_kind().values()) == cache.bytes
    for key in range(6):  # errors were not kept
        assert cache.get_or_build(("outer", key), partial(tuple, ("outer", key)), nothing)


class Costly:
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


def test_a_property_of_an_object_is_computed_once_whichever_threads_ask_first() -> None:
    costly = Costly()
    found = together(*[lambda: costly.second, lambda: costly.first] * 4)
    assert found == [2, 1] * 4
    assert costly.computed == {"first": 1, "second": 1}
    with pytest.raises(ValueError, match="no"):
        _ = costly.failing
    assert costly.failing == 3
    assert Costly.first.__doc__ == "One."
